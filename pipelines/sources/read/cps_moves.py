"""Moves between occupations from one year to the next, from the CPS: edge list and codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.read import delimited

#: What the shares of an origin, staying among them, may add up to: the file's own sum to 0.9967
#: or more. A list cut within an origin falls below.
_SUM = (0.99, 1.001)


def _csv(path: Path, dataset: Dataset, columns: tuple[str, ...]) -> pd.DataFrame:
    data = delimited.read_file(path, dataset.url)
    return delimited.read_text(data, dataset.url, columns, delimiter=",", quoted=True)


def load_moves(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``observed_moves``: shares of each origin's workers by where they are a year later.

    Columns ``from_code``, ``to_code`` (codes of OEWS May 2018), ``share`` (0 to 1, staying
    included; rounded to six digits), ``from_people``, ``to_people`` (survey weights added up over
    all years of the file: persons times years; see `pipelines.pathways.moves.observed`).

    Raises
    ------
    ShapeChanged
        A share is no number, the shares of an origin do not add up to 1, or an occupation has
        two sizes.
    """
    names = {
        "from_code": "OCC_source", "to_code": "OCC_target",
        "share": "transition_prob_BLS_ASECnorm_corr",
        "from_people": "EMPOCCLY_unadj_BLS", "to_people": "EMPOCC_unadj_BLS",
    }  # fmt: skip
    frame = _csv(path, dataset, tuple(names.values()))
    table = pd.DataFrame({name: delimited.strings(frame[names[name]]) for name in names})
    for name in ("share", "from_people", "to_people"):
        table[name] = delimited.numbers(frame[names[name]], dataset.url)
    total = table.groupby("from_code")["share"].sum()
    odd = total[~total.between(*_SUM)]
    if len(odd):
        raise ShapeChanged(
            dataset.url, f"the shares of {odd.index[0]} sum to {odd.iloc[0]:.4f}, expected 1",
            delimited.ADVICE,
        )  # fmt: skip
    for code, people in (("from_code", "from_people"), ("to_code", "to_people")):
        sizes = table.groupby(code)[people].nunique()
        if (sizes > 1).any():
            raise ShapeChanged(
                dataset.url, f"{names[people]} of {sizes.idxmax()} has two values, expected one",
                delimited.ADVICE,
            )  # fmt: skip
    # Six digits are more than a survey knows, and weigh half as much in the snapshot.
    share = table["share"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = 10 ** (5 - np.floor(np.log10(share)))
        rounded = np.where(share > 0, np.round(share * digits) / digits, share)
    table["share"] = rounded
    return {"observed_moves": table.round({"from_people": 0, "to_people": 0})}


def load_codes(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``move_codes``: title, minor group and OEWS employment of the codes of the moves."""
    names = {"code": "OCC_CODE", "title": "OCC_TITLE", "minor_code": "OCC_CODE_minor"}
    frame = _csv(path, dataset, (*names.values(), "TOT_EMP"))
    table = pd.DataFrame({name: delimited.strings(frame[names[name]]) for name in names})
    return {"move_codes": table.assign(employment=delimited.numbers(frame["TOT_EMP"], dataset.url))}
