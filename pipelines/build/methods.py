"""`outlook methods`: the figures of docs/METHODS.md and the documents beside it (`documents`),
made from the code, the models and the data.

A block of the document stands between ``<!-- table: NAME -->`` and ``<!-- end -->``; what is
between them is replaced by the table of that name. Blocks that only a full release can fill say
which release filled them, ``<!-- table: NAME, release ID -->``, and stay as they are where the
embedded snapshot is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.base.files import write_whole
from pipelines.build import methods_tables
from pipelines.build.methods_words import markdown

_BLOCK = re.compile(
    r"<!-- table: (?P<name>[a-z_]+)(?:, release (?P<id>[^ ]+))? -->\n(?P<body>.*?)<!-- end -->",
    re.S,
)


@dataclass(frozen=True)
class Filled:
    """The document with its blocks filled: `text`; `changed` and `left`, names of blocks that
    are now other than before, and of those that the data in use cannot fill."""

    text: str
    changed: list[str]
    left: list[str]


def fill(
    text: str,
    snapshot: Analysis,
    release: Analysis | None = None,
    pairs: pd.DataFrame | None = None,
) -> Filled:
    """Fill the blocks of a document.

    Parameters
    ----------
    text : str
        Markdown with blocks.
    snapshot : Analysis
        The embedded snapshot, which fills all blocks but those that need a release.
    release : Analysis, optional
        A release of all sources, which fills the others.
    pairs : DataFrame, optional
        ``from_soc, to_soc``: BLS's similar occupations, for the recall of the ranker.

    Returns
    -------
    Filled

    Raises
    ------
    UsageError
        A block has a name that no table has, or a marker is without its other.
    """
    changed, left = [], []

    def replace(found: re.Match[str]) -> str:
        name = found["name"]
        table = methods_tables.TABLES.get(name)
        if table is None:
            raise UsageError(
                "docs/METHODS.md", f"no table is called {name}",
                "Use one of " + ", ".join(sorted(methods_tables.TABLES)),
            )  # fmt: skip
        data = release if table.needs_release else snapshot
        if data is None or (table.needs_pairs and pairs is None):
            left.append(name)
            return found[0]
        made = table.make(data, pairs) if table.needs_pairs else table.make(data)
        body = markdown(made)
        if body == found["body"]:
            return found[0]  # the release that filled it first keeps its name
        changed.append(name)
        made_from = f", release {data.release.id}" if table.needs_release else ""
        return f"<!-- table: {name}{made_from} -->\n{body}<!-- end -->"

    out = _BLOCK.sub(replace, text)
    bare = _BLOCK.sub("", text)
    if "<!-- table:" in bare or "<!-- end -->" in bare:
        raise UsageError(
            "docs/METHODS.md", "a table marker is without its other",
            "Write <!-- table: NAME --> and below the table <!-- end -->",
        )  # fmt: skip
    return Filled(out, changed, left)


def documents(root: Path) -> list[Path]:
    """The documents of a checkout that have blocks; UsageError where METHODS.md is not there."""
    path = root / "docs" / "METHODS.md"
    if not path.is_file():
        raise UsageError(str(path), "is not there", "Run `outlook methods` in a checkout")
    others = (
        root / "docs" / name
        for name in (
            "AUTOMATION.md",
            "MOVES.md",
            "ROBUSTNESS.md",
            "TECHNICIANS.md",
        )
    )
    return [path, *(other for other in others if other.is_file())]


def read_pairs(path: Path) -> pd.DataFrame:
    """Pairs of similar occupations from a CSV; UsageError where it is not one."""
    try:
        frame = pd.read_csv(path, dtype="str")
    except (OSError, ValueError) as error:
        raise UsageError(str(path), f"cannot be read ({error})", "Give a CSV file") from error
    if not {"from_soc", "to_soc"} <= set(frame.columns):
        raise UsageError(str(path), "has no columns from_soc and to_soc", "Give a CSV with both")
    return frame


def update(
    path: Path,
    snapshot: Analysis,
    release: Analysis | None = None,
    pairs: pd.DataFrame | None = None,
    check: bool = False,
) -> Filled:
    """`fill` the blocks of a file in place; with `check` the file stays as it is."""
    filled = fill(path.read_text("utf-8"), snapshot, release, pairs)
    if filled.changed and not check:
        write_whole(path, filled.text.encode())
    return filled
