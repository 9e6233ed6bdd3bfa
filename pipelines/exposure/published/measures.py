"""Published exposure measures, brought to O*NET-SOC 2019 occupations beside ours."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.base.percentiles import standing
from pipelines.exposure.published.routine import routine


def published_measures(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Table ``measures`` from the tables of a release; a study whose table is absent is left out.

    Measures: `eloundou_human_alpha|beta|zeta`, `eloundou_gpt4_alpha|beta|zeta` (means over the
    labeled tasks of an occupation), `ai_applicability` (by SOC 2018 code), `aioe`, `lm_aioe`
    (by SOC 2010 code, weighted over the codes that lead to one of 2018),
    `economic_index` (percent of conversations; a task's share is split equally over the
    occupations that have it), `observed_exposure` (by SOC 2018 code), `telework` (by O*NET-SOC
    2010 code),
    `routine_cognitive`, `routine_manual`, `routine_task_intensity` (`routine`).
    `ambiguous`: the study's code covers several occupations here, or several of its codes lead
    to one of ours.
    """
    parts = []
    if _has(tables, "exposure_labels"):
        parts += _eloundou(tables["exposure_labels"])
    occupations = tables["occupations"]
    if _has(tables, "ai_applicability"):
        parts.append(_by_soc(tables["ai_applicability"], occupations, "ai_applicability"))
    if _has(tables, "aioe"):
        parts += _aioe(tables["aioe"], tables["soc_2010_to_2018"], occupations)
    if _has(tables, "economic_index"):
        parts.append(_economic_index(tables["economic_index"], tables["tasks"]))
    if _has(tables, "observed_exposure"):
        parts.append(_by_soc(tables["observed_exposure"], occupations, "observed_exposure"))
    if _has(tables, "telework"):
        parts.append(_telework(tables["telework"], tables["onet_walk_2010_2019"]))
    if _has(tables, "elements_2010") and _has(tables, "wages"):
        parts.append(_of_occupations(routine(tables), occupations))
    columns = ["onet_soc_code", "measure", "value", "ambiguous"]
    frame = pd.concat(
        [p[columns] for p in parts] or [pd.DataFrame(columns=columns)], ignore_index=True
    ).dropna(subset=["value"])
    by = frame.groupby("measure")["value"]
    frame["percentile"] = standing(by)
    frame["n_occupations"] = by.transform("size").astype(float)
    return frame.astype({"ambiguous": bool, "value": float})


def _has(tables, name: str) -> bool:
    return name in tables and len(tables[name]) > 0


def _of_occupations(frame: pd.DataFrame, occupations: pd.DataFrame) -> pd.DataFrame:
    """Rows of occupations that have tasks: the percentiles of all measures are among those."""
    known = occupations.loc[occupations["has_tasks"].astype(bool), "onet_soc_code"]
    return frame[frame["onet_soc_code"].isin(known)]


def label_means(labels: pd.Series) -> pd.DataFrame:
    """alpha = E1, beta = E1 + E2 / 2, zeta = E1 + E2 of each label; missing where the label is."""
    e1, e2 = ((labels == name).where(labels.notna()).astype(float) for name in ("E1", "E2"))
    return pd.DataFrame({"alpha": e1, "beta": e1 + e2 / 2, "zeta": e1 + e2})


def _eloundou(labels: pd.DataFrame) -> list[pd.DataFrame]:
    parts = []
    for who, column in (("human", "human_label"), ("gpt4", "gpt4_label")):
        means = label_means(labels[column]).groupby(labels["onet_soc_code"]).mean()
        for name in means:
            parts.append(
                means[name]
                .rename("value")
                .reset_index()
                .assign(measure=f"eloundou_{who}_{name}", ambiguous=False)
            )
    return parts


def _by_soc(frame: pd.DataFrame, occupations: pd.DataFrame, column: str) -> pd.DataFrame:
    """A value by SOC code given to each occupation with that code; shared codes are ambiguous."""
    known = occupations[occupations["has_tasks"].astype(bool)]
    known = known.assign(shared=known.duplicated("soc_code", keep=False))
    out = known.merge(frame, on="soc_code", suffixes=("", "_study"))
    wide = out.get("ambiguous", pd.Series(False, index=out.index)).astype(bool)
    return pd.DataFrame(
        {
            "onet_soc_code": out["onet_soc_code"],
            "measure": column,
            "value": out[column],
            "ambiguous": out["shared"] | wide,
        }
    )


def _aioe(aioe, walk, occupations) -> list[pd.DataFrame]:
    walked = walk.merge(aioe, on="soc_2010_code")
    split = walked["soc_2010_code"].map(walk["soc_2010_code"].value_counts()) > 1
    parts = []
    for column in ("aioe", "lm_aioe"):
        rows = walked.assign(split=split).dropna(subset=[column])
        # A weight of zero (no employment published) must not drop a code's only value.
        rows["w"] = rows["weight"].clip(lower=1e-9)
        rows["top"] = rows[column] * rows["w"]
        by = rows.groupby("soc_code")
        soc = (by["top"].sum() / by["w"].sum()).rename(column).to_frame()
        soc["ambiguous"] = by["split"].any() | (by.size() > 1)
        parts.append(_by_soc(soc.reset_index(), occupations, column))
    return parts


def _economic_index(index: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    text = tasks.dropna(subset=["task"])
    text = text.assign(task_text=text["task"].str.lower().str.strip())
    sharing = text.groupby("task_text")["onet_soc_code"].transform("size")
    text = text.assign(sharing=sharing).merge(
        index.assign(task_text=index["task_text"].str.lower().str.strip()).drop_duplicates(
            "task_text"
        ),
        on="task_text",
        how="left",
    )
    # The file lists every statement that conversations were about: one not in it had none.
    text["part"] = text["percent"].fillna(0) / text["sharing"]
    text["shared"] = (text["sharing"] > 1) & text["percent"].notna()
    by = text.groupby("onet_soc_code")
    return (
        pd.DataFrame({"value": by["part"].sum(), "ambiguous": by["shared"].any()})
        .reset_index()
        .assign(measure="economic_index")
    )


def _telework(telework: pd.DataFrame, walk: pd.DataFrame) -> pd.DataFrame:
    rows = walk.merge(telework[["onet_soc_2010_code", "teleworkable"]], on="onet_soc_2010_code")
    split = rows["onet_soc_2010_code"].map(walk["onet_soc_2010_code"].value_counts()) > 1
    by = rows.assign(split=split).groupby("onet_soc_code")
    return (
        pd.DataFrame(
            {"value": by["teleworkable"].mean(), "ambiguous": by["split"].any() | (by.size() > 1)}
        )
        .reset_index()
        .assign(measure="telework")
    )
