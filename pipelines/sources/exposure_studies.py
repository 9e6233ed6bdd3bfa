"""Published studies of exposure: task labels, AI applicability, AIOE, usage, telework."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.errors import ShapeChanged
from pipelines.sources import readers
from pipelines.sources.catalog import Dataset

_CODE, _TASK = "O*NET-SOC Code", "Task ID"


def _csv(
    path: Path, dataset: Dataset, columns: tuple[str, ...], delimiter: str = ","
) -> pd.DataFrame:
    return readers.read_text(
        readers.read_file(path, dataset.url), dataset.url, columns, delimiter=delimiter, quoted=True
    )


def load_gpts_labels(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Task labels of Eloundou et al.: part of ``exposure_labels``, without human automation.

    ``human_labels`` and ``human_exposure_agg`` are the same label under two names; the file
    that has them differ is refused, since one could not tell which of them the paper used.
    """
    frame = _csv(
        path,
        dataset,
        (
            _CODE,
            _TASK,
            "Task",
            "Task Type",
            "Title",
            "human_exposure_agg",
            "human_labels",
            "gpt4_exposure",
            "gpt4_exposure_alt_rubric",
            "gpt4_automation",
        ),
        "\t",
    )
    differ = frame["human_exposure_agg"].fillna("") != frame["human_labels"].fillna("")
    if differ.any():
        raise ShapeChanged(
            dataset.url,
            "columns human_exposure_agg and human_labels differ in "
            f"{differ.sum()} rows, expected the same",
            readers.TODO,
        )
    return {
        "exposure_labels": pd.DataFrame(
            {
                "onet_soc_code": frame[_CODE],
                "task_id": readers.numbers(frame[_TASK], dataset.url, whole=True),
                "task": frame["Task"],
                "title": frame["Title"],
                "task_type": frame["Task Type"],
                "human_label": frame["human_labels"],
                "gpt4_label": frame["gpt4_exposure"],
                "gpt4_alt_label": frame["gpt4_exposure_alt_rubric"],
                "gpt4_automation": frame["gpt4_automation"],
            }
        )
    }


def load_gpts_automation(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Automation levels T0-T4 by people: part of ``exposure_labels``.

    The file's own ``gpt4_automation`` differs from the label file's in a third of the rows; the
    authors do not say why. The label file's is kept, since it goes with the exposure labels.
    """
    frame = _csv(path, dataset, (_CODE, _TASK, "human_automation"), "\t")
    return {
        "exposure_labels": pd.DataFrame(
            {
                "onet_soc_code": frame[_CODE],
                "task_id": readers.numbers(frame[_TASK], dataset.url, whole=True),
                "human_automation": frame["human_automation"],
            }
        )
    }


def load_wwai_scores(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``ai_applicability`` (working-with-ai)."""
    frame = _csv(path, dataset, ("SOC Code", "title", "ai_applicability_score"))
    return {
        "ai_applicability": pd.DataFrame(
            {
                "soc_code": frame["SOC Code"],
                "title": frame["title"],
                "ai_applicability": readers.numbers(frame["ai_applicability_score"], dataset.url),
            }
        )
    }


def load_wwai_iwa(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``iwa_ai_metrics`` (working-with-ai)."""
    columns = [
        f"{name}_{side}"
        for name in ("share", "completion", "impact_scope")
        for side in ("user", "ai")
    ]
    frame = _csv(path, dataset, ("IWA", *columns))
    return {
        "iwa_ai_metrics": pd.DataFrame(
            {"iwa_id": frame["IWA"]} | {c: readers.numbers(frame[c], dataset.url) for c in columns}
        )
    }


def load_wwai_weights(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``soc_iwa_weights``: the wide file as rows, zero weights left out."""
    data = readers.read_file(path, dataset.url)
    # The header names the activities; it is read first because they are not known here.
    header = data.split(b"\n", 1)[0].decode("utf-8", errors="replace").strip().split(",")
    activities = [name for name in header if name[:2] == "4."]
    if not activities:
        raise ShapeChanged(
            dataset.url,
            "no columns of intermediate work activities (4.A...) in "
            f"the header; found {header[:5]}",
            readers.TODO,
        )
    wide = readers.read_text(
        data, dataset.url, ("SOC Code", *activities), delimiter=",", quoted=True
    )
    long = wide.melt("SOC Code", var_name="iwa_id", value_name="weight")
    long["weight"] = readers.numbers(long["weight"], dataset.url)
    long = long.rename(columns={"SOC Code": "soc_code"})
    return {"soc_iwa_weights": long[long["weight"] != 0].reset_index(drop=True)}


def load_aioe(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """AIOE of Felten, Raj and Seamans (2021): part of table ``aioe``."""
    return {"aioe": _aioe(path, dataset, "Appendix A", "AIOE", "aioe")}


def load_aioe_lm(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Language-modelling AIOE of the same authors (2023): part of table ``aioe``."""
    return {"aioe": _aioe(path, dataset, "LM AIOE", "Language Modeling AIOE", "lm_aioe")}


def _aioe(path: Path, dataset: Dataset, sheet: str, column: str, name: str) -> pd.DataFrame:
    frame = readers.read_sheet(path, sheet, ("SOC Code", "Occupation Title", column), dataset.url)
    return pd.DataFrame(
        {
            "soc_2010_code": readers.strings(frame["SOC Code"]),
            "title": readers.strings(frame["Occupation Title"]),
            name: readers.numbers(frame[column], dataset.url),
        }
    )


def load_economic_index(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``economic_index``: percent of conversations by lower-case task statement."""
    frame = _csv(path, dataset, ("task_name", "pct"))
    return {
        "economic_index": pd.DataFrame(
            {
                "task_text": frame["task_name"],
                "percent": readers.numbers(frame["pct"], dataset.url),
            }
        )
    }


def load_telework(path: Path, dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Table ``telework`` (Dingel and Neiman 2020)."""
    frame = _csv(path, dataset, ("onetsoccode", "title", "teleworkable"))
    return {
        "telework": pd.DataFrame(
            {
                "onet_soc_2010_code": frame["onetsoccode"],
                "title": frame["title"],
                "teleworkable": readers.numbers(frame["teleworkable"], dataset.url),
            }
        )
    }
