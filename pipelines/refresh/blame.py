"""Whose file is to blame for an error: the refresh does without that one, and without no other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.base.errors import OutlookError, ShapeChanged
from pipelines.refresh import assemble
from pipelines.refresh.gates import Finding
from pipelines.refresh.gather import Gathered, Gatherer
from pipelines.sources.catalog import dataset_of


class GateStopped(ShapeChanged):
    """What the gates found, as one error; ``findings`` are all of it."""

    findings: Sequence[Finding] = ()


def of_findings(findings: Sequence[Finding]) -> GateStopped:
    """The last of the findings as an error that remembers them all."""
    said = findings[-1].error()
    error = GateStopped(said.where, said.problem, said.todo)
    error.findings = tuple(findings)
    return error


def sources_of(error: OutlookError, gatherer: Gatherer, found: Gathered) -> list[str]:
    """Ids of new files that an error is about and that can be done without.

    An error in one file names its dataset. One between files, and what a gate found, is about
    the tables it names, or else about all: every new file that feeds them is to blame, for
    which of them is wrong cannot be told.

    Returns
    -------
    list of str
        Empty where no new file is to blame, or nothing can stand for one that is.
    """
    new = [name for name in found.files if gatherer.is_new(name, found)]
    named = getattr(error, "dataset", "")
    if named:
        blamed = [name for name in new if name == named]
    else:
        tables = _tables(error, found)
        blamed = [n for n in new if not tables or tables & set(dataset_of(n).tables)]
    return blamed if all(map(gatherer.can_do_without, blamed)) else []


def _tables(error: OutlookError, found: Gathered) -> set[str]:
    """Assembled tables that an error is about; none where it does not say."""
    figures = [f.figure for f in getattr(error, "findings", ())] or [error.where]
    tables: set[str] = set()
    for figure in figures:
        named = set(re.findall(r"\btable (\w+)", figure))
        named |= {t for d in found.datasets.values() if d.url in figure for t in d.tables}
        if not named:
            return set()
        tables |= named
    for name, needs in assemble.COMPUTED.items():
        if name in tables:
            tables |= set(needs)
    return tables
