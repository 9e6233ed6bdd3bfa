"""Tables of a run: occupation by month and state, and the new tasks that are asked for most.

Every posting counts once, whatever its length: a cell's exposure is the mean over its postings
of the mean over their task sentences. A posting in several states counts in each of them, so
that states add up to more than all; the rows of all states and all months count it once. Of a
posting that came twice the latest stands. A cell of fewer than `MIN_POSTINGS` says only that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from pipelines.base.tabular import save
from pipelines.exposure.occupation.intervals import LATENT_CORRELATION
from pipelines.exposure.scorer.automation import half_widths
from pipelines.postings.cells import BETWEEN
from pipelines.postings.new_tasks import new_tasks
from pipelines.postings.reference import Reference
from pipelines.releases.store import Release

#: Cells of fewer postings are suppressed.
MIN_POSTINGS = 10
#: In place of a month or a state: all of them, also those without one.
ALL = "all"
#: Half of a 90% interval of a normal variable, in standard errors.
_Z90 = 1.645
FILES = ("postings_by_month.csv", "new_tasks.csv", "duplicates.csv")
#: Columns of postings_by_month.csv: keys, then counts, then figures that may be suppressed.
KEYS = ["soc_code", "title", "month", "state"]
COUNTS = ["postings", "openings", "postings_with_openings", "postings_with_tasks", "sentences"]
FIGURES = ["exposure", "exposure_low", "exposure_high", "automation_score", "automation_low",
           "automation_high", "new_task_share"]  # fmt: skip
#: The occupation's own figures by O*NET's tasks, and how often the rule calls these new.
BESIDE = ["onet_exposure", "onet_automation_score", "onet_new_task_share"]


def write(
    out: Path,
    names: Sequence[str],
    data: Release,
    listed: Reference,
    shared: Callable[[Callable[[list], list], list], list],
) -> dict:
    """Make the tables of a run's parts, and give what the manifest says of them.

    Parameters
    ----------
    out : Path
        Folder of the run.
    names : sequence of str
        Parts that belong to it; what else lies there is not read.
    data : Release
        Titles of occupations, and their exposure by O*NET's tasks.
    listed : Reference
        O*NET's tasks.
    shared : callable
        As of `new_tasks`.
    """
    postings = _read(out, "postings", names)
    kept, twice = latest(postings)
    titles = _titles(data)
    cells = by_month(kept, titles, beside(data, listed))
    unlike = _of(_read(out, "sentences", names, only_new=True), kept)
    fresh = new_tasks(unlike, titles, MIN_POSTINGS, shared)
    for name, frame in zip(FILES, (cells, fresh, twice), strict=True):
        save(frame, out / name)
    coded = kept["soc_code"].notna()
    stated = kept["occupation_basis"].isin(["series", "series and words"])
    return {
        "counted": len(kept),
        "came_again": int(len(postings) - len(kept)),
        "without_occupation": int((~coded).sum()),
        "without_task_sentences": int((kept["sentences"] == 0).sum()),
        "occupation_by_series": int(stated.sum()),
        "of_these_the_words_agree": int((kept["occupation_basis"] == "series and words").sum()),
        "cells": len(cells),
        "cells_suppressed": int(cells["suppressed"].sum()),
        "postings_in_a_cell_at_least": MIN_POSTINGS,
    }


def latest(postings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The latest of each posting (by its date, then as they came), and those that came again.

    Returns
    -------
    kept, twice : DataFrame
        The rows that count, in their order; and `posting_id`, `times` of those that came again.
    """
    order = postings.sort_values("date", kind="stable", na_position="first")
    kept = order.drop_duplicates("posting_id", keep="last").sort_index()
    times = postings["posting_id"].value_counts(sort=False)
    twice = times[times > 1].rename_axis("posting_id").reset_index(name="times")
    return kept, twice.sort_values("posting_id", ignore_index=True)


def by_month(postings: pd.DataFrame, titles: pd.Series, known: pd.DataFrame) -> pd.DataFrame:
    """Occupation by month and state, with the rows of all months and of all states.

    Parameters
    ----------
    postings : DataFrame
        Columns of `chunk.POSTINGS`, each posting once.
    titles : Series
        Titles by SOC code.
    known : DataFrame
        `BESIDE` by SOC code.

    Returns
    -------
    DataFrame
        `KEYS`, `COUNTS`, `FIGURES`, `BESIDE`, `suppressed`. A posting without a month or a state
        has "" there and counts in the rows of all. `openings` is the sum over the
        `postings_with_openings`. Exposure and automation are means of postings, 0 to 1, with 90%
        intervals: what other postings of the same kind would give, and how far the scorer may be
        off. `new_task_share`: of the task sentences that could be compared, those unlike
        anything that O*NET lists for the occupation.
    """
    coded = postings[postings["soc_code"].notna()].copy()
    date = pd.to_datetime(coded["date"])
    coded["month"] = date.dt.strftime("%Y-%m").fillna("")
    coded["state"] = coded["state"].fillna("").str.split(BETWEEN)
    every = pd.concat(
        [
            part.assign(**whole)
            for states, part in ((False, coded), (True, coded.explode("state")))
            for whole in (
                ({} if states else {"state": ALL}),
                ({"month": ALL} if states else {"month": ALL, "state": ALL}),
            )
        ],
        ignore_index=True,
    )
    cells = _cells(every)
    cells.insert(1, "title", cells["soc_code"].map(titles))
    cells = cells.join(known.reindex(columns=BESIDE), on="soc_code")
    cells["suppressed"] = cells["postings"] < MIN_POSTINGS
    cells.loc[cells["suppressed"], [*COUNTS, *FIGURES]] = np.nan
    few = cells["postings_with_tasks"] < MIN_POSTINGS
    cells.loc[few, [name for name in FIGURES]] = np.nan
    counts = {name: "Int64" for name in COUNTS}
    ordered = cells.sort_values(["soc_code", "month", "state"], ignore_index=True)
    return ordered[[*KEYS, *COUNTS, *FIGURES, *BESIDE, "suppressed"]].astype(counts).round(4)


def _cells(every: pd.DataFrame) -> pd.DataFrame:
    has = every["sentences"] > 0
    worked = every.assign(
        postings=1, stated=every["openings"].notna(), has=has,
        exposure2=every["exposure"] ** 2, automation2=every["automation_score"] ** 2,
    )  # fmt: skip
    sums = worked.groupby(["soc_code", "month", "state"]).agg(
        postings=("postings", "sum"), openings=("openings", "sum"),
        postings_with_openings=("stated", "sum"), postings_with_tasks=("has", "sum"),
        sentences=("sentences", "sum"), x=("exposure", "sum"), x2=("exposure2", "sum"),
        a=("automation_score", "sum"), a2=("automation2", "sum"),
        variance=("class_variance", "sum"), deviation=("class_deviation", "sum"),
        compared=("compared", "sum"), new=("new_tasks", "sum"),
    )  # fmt: skip
    sums.loc[sums["postings_with_openings"] == 0, "openings"] = np.nan
    n = sums["postings_with_tasks"].where(sums["postings_with_tasks"] > 0)
    # The scorer's errors within an occupation are alike in part: exposure/occupation/intervals.
    # Classes correlate less than the normal variables behind them: this is on the wide side.
    scorer = (
        (1 - LATENT_CORRELATION) * sums["variance"] + LATENT_CORRELATION * sums["deviation"] ** 2
    ) / n**2
    exposure, sampling = _mean(sums["x"], sums["x2"], n)
    half = _Z90 * np.sqrt(sampling + scorer)
    automation, sampled = _mean(sums["a"], sums["a2"], n)
    half_automation = np.sqrt(half_widths()["occupation"] ** 2 + _Z90**2 * sampled)
    sums["exposure"] = exposure
    sums["exposure_low"], sums["exposure_high"] = _ends(exposure, half)
    sums["automation_score"] = automation
    sums["automation_low"], sums["automation_high"] = _ends(automation, half_automation)
    sums["new_task_share"] = sums["new"] / sums["compared"].where(sums["compared"] > 0)
    return sums.reset_index()


def _mean(total: pd.Series, squares: pd.Series, n: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Mean, and the variance of the mean if the postings are a sample of their kind."""
    mean = total / n
    spread = (squares / n - mean**2).clip(lower=0) * n / (n - 1)
    return mean, spread / n


def _ends(mean: pd.Series, half: pd.Series) -> tuple[pd.Series, pd.Series]:
    return (mean - half).clip(0, 1), (mean + half).clip(0, 1)


def beside(data: Release, listed: Reference) -> pd.DataFrame:
    """`BESIDE` by SOC code: means over its O*NET specialties, each its tasks' weighted mean."""
    own = data.table("occupation_exposure")
    by_code = own.groupby(own["onet_soc_code"].str[:7].to_numpy())
    frame = by_code[["exposure", "automation_score"]].mean()
    frame.columns = BESIDE[:2]
    frame[BESIDE[2]] = listed.own_share()
    return frame


def _titles(data: Release) -> pd.Series:
    structure = data.table("soc_structure")
    return structure[structure["level"] == "detailed"].set_index("code")["title"]


def _read(out: Path, kind: str, names: Sequence[str], only_new: bool = False) -> pd.DataFrame:
    """The rows of the parts, with `part`, the place of their part in `names`."""
    files = [str(out / kind / f"{name}.parquet") for name in names]
    columns = ["row", "posting_id", "soc_code", "sentence"] if only_new else None
    wanted = ds.field("new_task") if only_new else None
    frames = []
    for part, file in enumerate(files):  # one at a time: what is not wanted is not held
        table = ds.dataset(file).to_table(columns=columns, filter=wanted)
        frames.append(table.to_pandas().assign(part=part))
    return pd.concat(frames, ignore_index=True)


def _of(sentences: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """The sentences of the postings that count."""
    return sentences.merge(kept[["part", "row", "date"]], on=["part", "row"], how="inner")
