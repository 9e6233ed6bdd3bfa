"""What `outlook measures` asks: measures of an occupation, a user's own, their agreement."""

from __future__ import annotations

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.answers.answer import Answer, named
from pipelines.answers.own_measure import OwnMeasure, own_measure
from pipelines.base.errors import UsageError
from pipelines.base.percentiles import whole
from pipelines.base.records import records
from pipelines.exposure.published.agreement import (
    MIN_OCCUPATIONS,
    NO_LICENSE,
    NOT_MEASURED,
    agreement_sentence,
    percentile_spread,
    rank_correlation,
)
from pipelines.exposure.published.meanings import left_out, withheld_sentence
from pipelines.exposure.validation.in_sample import LABELS, in_sample_warning

_READABLE = {
    "name": "measure", "value": "value", "unit": "unit", "percentile": "percentile",
    "percentile_low": "90% from", "percentile_high": "to",
    "n_occupations": "of occupations", "ambiguous": "ambiguous", "vintage": "vintage",
    "classification": "classification", "licence": "licence",
}  # fmt: skip


_READABLE_JUDGES = {
    "question": "question", "source": "judged by", "value": "value", "ours": "ours",
    "n_tasks": "tasks judged", "tasks": "of", "percentile": "percentile",
    "n_occupations": "of occupations", "remark": "remark",
}  # fmt: skip


def measures_answer(
    analysis: Analysis, query: str, own: str | None = None
) -> Answer:  # fmt: skip
    """Every measure of an occupation, and what to say below the table.

    Parameters
    ----------
    analysis : Analysis
    query : str
        Code or title of the occupation.
    own : str, optional
        Path of a CSV with a measure of the user's (see `own_measure`).

    Returns
    -------
    DataFrame
        Columns of `side_by_side`; the own measure last, never counted in the spread.
    str
        Agreement, spread, what is left out, and how the own file matched.

    Raises
    ------
    UsageError
        No such occupation, an occupation without tasks, or a bad file.
    """
    code = _with_tasks(analysis, query)
    frame = analysis.side_by_side(code)
    of = percentile_spread(frame)
    notes = [agreement_sentence(frame)]
    if of["n"] >= 2:
        notes.append(
            f"Spread of the {of['n']:.0f}: range {of['range']:.0f} percentiles, middle half "
            f"{of['q1']:.0f} to {of['q3']:.0f} ({of['iqr']:.0f}). "
            "Versions, routine work, telework and our scores are not counted."
        )
    labels = frame["measure"].str.startswith(LABELS) & frame["value"].notna()
    if labels.any():
        notes.append(in_sample_warning())
    absent = frame.loc[frame["missing"] == NOT_MEASURED, "short"].tolist()
    if absent:
        notes.append(f"Not in the data in use: {', '.join(absent)}.")
    if (frame["missing"] == NO_LICENSE).any():
        notes.append(withheld_sentence())
    notes += [f"Left out: {e['name']}, because {e['reason']}." for e in records(left_out())]
    if own is not None:
        found = own_measure(own, analysis.tables)
        frame = pd.concat([frame, _own_row(found, code)], ignore_index=True)
        notes += [found.coverage(), _beside_ours(analysis, found)]
        row = found.values[found.values["onet_soc_code"] == code]
        if row.empty:
            notes.append(f"{found.name} has no value for {code}.")
        elif row["share"].iloc[0] < 1 - 1e-9:
            of_what = "tasks" if found.key == "task_id" else "codes of SOC 2010, by weight,"
            notes.append(
                f"{found.name} covers {row['share'].iloc[0]:.0%} of the {of_what} of {code}."
            )
    return Answer(frame, [note for note in notes if note], _readable(frame))


def judges_answer(analysis: Analysis, query: str) -> Answer:
    """How much an occupation's scores hang on who judged its tasks; columns of `judges.COLUMNS`.

    Raises
    ------
    UsageError
        No such occupation, or one without tasks.
    """
    code = _with_tasks(analysis, query)
    frame = analysis.judges_of(code)
    notes = [
        "value: mean of what the source said of the tasks it judged, 0 to 1; ours: our score over "
        "the same tasks; percentile: among the occupations with enough judged tasks. Sources "
        "answer different questions: compare within one."
    ]
    if analysis.release.is_snapshot:
        notes.append("Ratings by experts state no license: `outlook refresh` fetches them.")
    places = frame["percentile"].map(whole, na_action="ignore")
    shown = frame.round({"value": 2, "ours": 2}).assign(percentile=places)
    return Answer(frame, notes, named(shown, _READABLE_JUDGES))


def _with_tasks(analysis: Analysis, query: str) -> str:
    code = analysis.resolve(query)
    if code not in set(analysis.occupation_exposure["onet_soc_code"]):
        raise UsageError(
            code, "no measure: O*NET publishes no tasks for this occupation",
            "Find occupations that have tasks at https://www.onetonline.org/find/",
        )  # fmt: skip
    return code


def _own_row(found: OwnMeasure, code: str) -> pd.DataFrame:
    rows = found.values[found.values["onet_soc_code"] == code]
    one = rows.iloc[0] if len(rows) else None
    nothing = float("nan")
    return pd.DataFrame(
        [
            {
                "measure": found.name, "name": f"{found.name} (your file)", "short": found.name,
                "value": nothing if one is None else one["value"],
                "percentile": nothing if one is None else one["percentile"],
                "n_occupations": float(len(found.values)),
                "ambiguous": False if one is None else bool(one["ambiguous"]),
                "unit": "your file's", "vintage": "your file's", "classification": found.key,
                "licence": "yours", "address": "", "in_spread": False,
                "percentile_low": nothing, "percentile_high": nothing,
                "missing": NOT_MEASURED if one is None else "",
            }
        ]
    )  # fmt: skip


def _beside_ours(analysis: Analysis, found: OwnMeasure) -> str:
    both = found.values.merge(analysis.occupation_exposure, on="onet_soc_code")
    soc = both.groupby(both["onet_soc_code"].str[:7])[["value", "exposure"]].mean()
    r, low, high = rank_correlation(soc["value"].to_numpy(), soc["exposure"].to_numpy())
    if pd.isna(r):
        return (
            f"Too few SOC codes for a correlation with our score ({len(soc)}; "
            f"{MIN_OCCUPATIONS} needed)."
        )
    return (
        f"Rank correlation with our score over {len(soc):,} SOC codes: {r:.2f} "
        f"(95%: {low:.2f} to {high:.2f})."
    )


def agreement_answer(analysis: Analysis) -> Answer:
    """Table ``measure_agreement`` of the release.

    Raises
    ------
    UsageError
        A release from before the table was one of theirs.
    """
    if not analysis.release.has("measure_agreement"):
        raise UsageError(
            "measure_agreement", "the data in use do not hold it", "Run `outlook refresh`"
        )
    snapshot = analysis.release.is_snapshot
    notes = [in_sample_warning(), *([withheld_sentence()] if snapshot else [])]
    return Answer(analysis.tables["measure_agreement"], notes)


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that a table shows, percentiles as whole numbers."""
    places = ["percentile", "percentile_low", "percentile_high"]
    out = frame.assign(**frame[places].round(0))
    return named(out, _READABLE)
