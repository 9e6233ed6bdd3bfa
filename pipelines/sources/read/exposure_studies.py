"""Published studies of exposure: task labels, AI applicability, AIOE, usage, telework."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.dataset import Dataset
from pipelines.sources.read import delimited

_CODE, _TASK = "O*NET-SOC Code", "Task ID"


def _csv(
    path: Path, dataset: Dataset, columns: tuple[str, ...], delimiter: str = ","
) -> pd.DataFrame:
    return delimited.read_text(
        delimited.read_file(path, dataset.url),
        dataset.url,
        columns,
        delimiter=delimiter,
        quoted=True,
    )


def _columns(
    frame: pd.DataFrame, names: dict[str, str], where: str, numbers: Collection[str] = ()
) -> pd.DataFrame:
    """The columns of a file under our names (ours -> the file's), as numbers where so named."""
    table = frame[list(names.values())].set_axis(list(names), axis=1)
    as_number = {name: delimited.numbers(frame[names[name]], where) for name in numbers}
    if "task_id" in names:
        as_number["task_id"] = delimited.numbers(frame[names["task_id"]], where, whole=True)
    return table.assign(**as_number)


def load_gpts_labels(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Task labels of Eloundou et al.: part of ``exposure_labels``, without human automation.

    ``human_labels`` and ``human_exposure_agg`` are the same label under two names; the file
    that has them differ is refused, since one could not tell which of them the paper used.
    """
    names = {
        "onet_soc_code": _CODE, "task_id": _TASK, "task": "Task", "title": "Title",
        "task_type": "Task Type", "human_label": "human_labels", "gpt4_label": "gpt4_exposure",
        "gpt4_alt_label": "gpt4_exposure_alt_rubric", "gpt4_automation": "gpt4_automation",
    }  # fmt: skip
    frame = _csv(path, dataset, (*names.values(), "human_exposure_agg"), "\t")
    differ = frame["human_exposure_agg"].fillna("") != frame["human_labels"].fillna("")
    if differ.any():
        raise ShapeChanged(
            dataset.url,
            "columns human_exposure_agg and human_labels differ in "
            f"{differ.sum()} rows, expected the same",
            delimited.ADVICE,
        )
    return {"exposure_labels": _columns(frame, names, dataset.url)}


def load_gpts_automation(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Automation levels T0-T4 by people: part of ``exposure_labels``.

    The file's own ``gpt4_automation`` differs from the label file's in a third of the rows; the
    authors do not say why. The label file's is kept, since it goes with the exposure labels.
    """
    names = {"onet_soc_code": _CODE, "task_id": _TASK, "human_automation": "human_automation"}
    frame = _csv(path, dataset, tuple(names.values()), "\t")
    return {"exposure_labels": _columns(frame, names, dataset.url)}


def load_wwai_scores(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``ai_applicability`` (working-with-ai)."""
    names = {
        "soc_code": "SOC Code", "title": "title", "ai_applicability": "ai_applicability_score",
    }  # fmt: skip
    frame = _csv(path, dataset, tuple(names.values()))
    return {"ai_applicability": _columns(frame, names, dataset.url, ["ai_applicability"])}


def load_wwai_iwa(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``iwa_ai_metrics`` (working-with-ai)."""
    columns = [
        f"{name}_{side}"
        for name in ("share", "completion", "impact_scope")
        for side in ("user", "ai")
    ]
    names = {"iwa_id": "IWA"} | {column: column for column in columns}
    frame = _csv(path, dataset, tuple(names.values()))
    return {"iwa_ai_metrics": _columns(frame, names, dataset.url, columns)}


def load_wwai_weights(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``soc_iwa_weights``: the wide file as rows, zero weights left out."""
    data = delimited.read_file(path, dataset.url)
    # The header names the activities; it is read first because they are not known here.
    header = data.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip().split(",")
    activities = [name for name in header if name[:2] == "4."]
    if not activities:
        raise ShapeChanged(
            dataset.url,
            "no columns of intermediate work activities (4.A...) in "
            f"the header; found {header[:5]}",
            delimited.ADVICE,
        )
    wide = delimited.read_text(
        data, dataset.url, ("SOC Code", *activities), delimiter=",", quoted=True
    )
    long = wide.melt("SOC Code", var_name="iwa_id", value_name="weight")
    long["weight"] = delimited.numbers(long["weight"], dataset.url)
    long = long.rename(columns={"SOC Code": "soc_code"})
    return {"soc_iwa_weights": long[long["weight"] != 0].reset_index(drop=True)}


def load_aioe(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """AIOE of Felten, Raj and Seamans (2021): part of table ``aioe``."""
    return {"aioe": _aioe(path, dataset, "Appendix A", "AIOE", "aioe")}


def load_aioe_lm(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Language-modeling AIOE of the same authors (2023): part of table ``aioe``."""
    return {"aioe": _aioe(path, dataset, "LM AIOE", "Language Modeling AIOE", "lm_aioe")}


def _aioe(path: Path, dataset: Dataset, sheet: str, column: str, name: str) -> pd.DataFrame:
    frame = delimited.read_sheet(path, sheet, ("SOC Code", "Occupation Title", column), dataset.url)
    return pd.DataFrame(
        {
            "soc_2010_code": delimited.strings(frame["SOC Code"]),
            "title": delimited.strings(frame["Occupation Title"]),
            name: delimited.numbers(frame[column], dataset.url),
        }
    )


def load_economic_index(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``economic_index``: percent of conversations by lower-case task statement."""
    names = {"task_text": "task_name", "percent": "pct"}
    frame = _csv(path, dataset, tuple(names.values()))
    return {"economic_index": _columns(frame, names, dataset.url, ["percent"])}


def load_observed_exposure(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``observed_exposure``: use of AI in the work of SOC 2018 codes, 0 to 1."""
    names = {"soc_code": "occ_code", "title": "title", "observed_exposure": "observed_exposure"}
    frame = _csv(path, dataset, tuple(names.values()))
    return {"observed_exposure": _columns(frame, names, dataset.url, ["observed_exposure"])}


def load_task_penetration(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``task_penetration``: observed use, 0 to 1, by lower-case task statement."""
    names = {"task_text": "task", "penetration": "penetration"}
    frame = _csv(path, dataset, tuple(names.values()))
    table = _columns(frame, names, dataset.url, ["penetration"])
    table["task_text"] = table["task_text"].str.lower()
    # The file repeats a few statements; a second value of one would be another file.
    table = table.drop_duplicates(ignore_index=True)
    twice = table["task_text"].duplicated()
    if twice.any():
        raise ShapeChanged(
            dataset.url, f"{twice.sum()} statements have several values", delimited.ADVICE
        )
    return {"task_penetration": table}


def load_expert_ratings(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``expert_ratings`` (WORKBank): one row a rating of what AI can do."""
    return {"expert_ratings": _ratings(path, dataset, "Automation Capacity Rating")}


def load_worker_wishes(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``worker_wishes`` (WORKBank): one row a worker's rating of the wish to automate."""
    return {"worker_wishes": _ratings(path, dataset, "Automation Desire Rating")}


def _ratings(path: Path, dataset: Dataset, column: str) -> pd.DataFrame:
    names = {"task_id": _TASK, "occupation": "Occupation (O*NET-SOC Title)", "rating": column}
    frame = _csv(path, dataset, tuple(names.values()))
    table = _columns(frame, names, dataset.url, ["rating"])
    # One person may have rated a task twice: a rating is known by its place in the file.
    table.insert(1, "number", range(1, len(table) + 1))
    if not table["rating"].dropna().between(1, 5).all():
        raise ShapeChanged(dataset.url, "a rating is not within 1 to 5", delimited.ADVICE)
    return table.dropna(subset=["rating"]).reset_index(drop=True)


def load_telework(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``telework`` (Dingel and Neiman 2020)."""
    names = {
        "onet_soc_2010_code": "onetsoccode", "title": "title", "teleworkable": "teleworkable",
    }  # fmt: skip
    frame = _csv(path, dataset, tuple(names.values()))
    return {"telework": _columns(frame, names, dataset.url, ["teleworkable"])}
