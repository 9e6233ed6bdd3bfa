"""The embedded snapshot: a release without other people's sentences, small enough to commit.

It has the tables and contracts of a release. Task statements, definitions and work-activity
titles are O*NET's sentences and are left out; the tasks of technicians and of the
health-information field carry our own words (``data/raw/curated/task_words/``, a file for each
major group). What a source states no license for stays out: whole tables by their contract, parts
of the tables of measures by `withheld`.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.analysis import ReleaseTables
from pipelines.base import contracts
from pipelines.base.errors import UsageError
from pipelines.base.settings import Settings
from pipelines.exposure.published.meanings import withheld_measures
from pipelines.market.bridge import technician_codes
from pipelines.releases.publish import SMALLEST, encode, write_tables
from pipelines.releases.store import Release
from pipelines.sources.catalog import withheld

#: 6 MB, the most that the committed snapshot may weigh.
MAX_BYTES = 6_000_000
#: Wages by area that the snapshot keeps: the median, and the mean, which the guard needs.
_AREA_WAGES_KEPT = ("annual_median_wage", "annual_mean_wage")
_AREAS_LEFT_OUT = (
    "only technician occupations and all jobs, with employment, location quotient, median and mean "
    "wage; the whole table would weigh 4 MB"
)

#: Programs that the snapshot keeps: IPEDS levels below the bachelor's, Scorecard certificate and
#: associate's.
_LEVELS, _CREDENTIALS = (20, 21, 2, 3, 4), (1, 2)
SCHOOL_TABLES = ("completions", "schools", "school_charges", "program_outcomes")
_SCHOOLS_LEFT_OUT = (
    "only programs below the bachelor's degree that lead to an occupation and had graduates"
)


def read_descriptions(folder: Path) -> pd.DataFrame:
    """Our own wording of tasks: columns onet_soc_code, task_id, description."""
    expected = ["onet_soc_code", "task_id", "description"]
    frames = []
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, dtype={"onet_soc_code": "str", "description": "str"})
        if list(frame.columns) != expected:
            raise UsageError(str(path), f"expected the columns {expected}", "Restore it from git")
        frames.append(frame)
    if not frames:
        raise UsageError(str(folder), "the task descriptions are missing", "Restore it from git")
    return pd.concat(frames, ignore_index=True)


def snapshot_tables(
    release: Release, descriptions: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The snapshot's tables from a full release.

    Parameters
    ----------
    release : Release
        A release made from all sources.
    descriptions : DataFrame
        Columns onet_soc_code, task_id, description.

    Returns
    -------
    tables : dict of DataFrame
        Contracted tables, sentences left out.
    dropped : list of str
        Names of the tables that are left out whole.
    """
    described = set(descriptions["onet_soc_code"])
    soc = {code[:7] for code in described}
    tables, dropped = {}, []
    for name, contract in contracts.contracts().items():
        if not contract.in_snapshot:
            dropped.append(name)
            continue
        frame = release.table(name).copy()
        if name == "occupations":
            frame["description"] = pd.Series(pd.NA, index=frame.index, dtype="str")
        elif name == "tasks":
            frame = _own_words(frame, descriptions)
        elif name == "exposure_labels":
            frame = frame[frame["onet_soc_code"].isin(described)].copy()
            frame["task"] = pd.Series(pd.NA, index=frame.index, dtype="str")
        elif name == "measures":
            frame = frame[~frame["measure"].isin(withheld_measures())]
        elif name == "measure_agreement":
            pair = frame[["measure", "other"]]
            frame = frame[~pair.isin(withheld_measures()).any(axis=1)]
        elif name == "ai_applicability":
            frame = frame[frame["soc_code"].isin(soc)]
        elif name == "area_wages":
            frame = _technicians_by_area(frame, technician_codes(ReleaseTables(release)))
        elif name in SCHOOL_TABLES:
            frame = below_bachelors(name, release)
        tables[name] = contracts.check(name, frame, "snapshot")
    return tables, dropped


def below_bachelors(name: str, release: Release) -> pd.DataFrame:
    """Of a table of schools, what programs below the bachelor's degree need."""
    leads = release.table("cip_soc")
    leads = leads[leads["soc_code"] != "99-9999"]
    programs = release.table("completions")
    programs = programs[
        programs["award_level"].isin(_LEVELS)
        & (programs["awards"] > 0)
        & programs["cip_code"].isin(leads["cip_code"])
    ]
    if name == "completions":
        return programs
    frame = release.table(name)
    if name != "program_outcomes":
        return frame[frame["unitid"].isin(programs["unitid"])]
    known = frame[["earnings_1yr", "earnings_4yr", "debt"]].notna().any(axis=1)
    frame = frame[known & frame["credential_level"].isin(_CREDENTIALS)]
    fields = programs["cip_code"].str.replace(".", "", regex=False).str[:4]
    held = pd.MultiIndex.from_arrays([programs["unitid"], fields])
    return frame[pd.MultiIndex.from_frame(frame[["unitid", "field"]]).isin(held)]


def _technicians_by_area(area_wages: pd.DataFrame, codes: set[str]) -> pd.DataFrame:
    frame = area_wages[area_wages["soc_code"].isin({*codes, "00-0000"})].copy()
    for column in [c for c in frame if c.endswith("_wage") and c not in _AREA_WAGES_KEPT]:
        frame[column] = np.nan
        frame[f"{column}_flag"] = pd.Series(contracts.LEFT_OUT, index=frame.index, dtype="str")
    return frame


def _own_words(tasks: pd.DataFrame, descriptions: pd.DataFrame) -> pd.DataFrame:
    # Words of a task that this edition does not have wait for one that has it.
    keys = ["onet_soc_code", "task_id"]
    merged = tasks.drop(columns=["task", "task_text_source"]).merge(
        descriptions.rename(columns={"description": "task"}), on=keys, how="left", validate="1:1"
    )
    merged["task_text_source"] = (
        pd.Series("own words", index=merged.index).where(merged["task"].notna()).astype("str")
    )
    return merged


def write_snapshot(release: Release, settings: Settings) -> dict:
    """Write ``data/raw/snapshot`` anew from a full release; returns its manifest.

    Raises
    ------
    UsageError
        The release is itself a snapshot, or the result is over `MAX_BYTES`; the old one stays.
    """
    if release.is_snapshot:
        raise UsageError(
            "outlook snapshot",
            "there is no full release to make a snapshot from",
            "Run `outlook refresh` first",
        )
    folder = settings.curated / "task_words"
    tables, dropped = snapshot_tables(release, read_descriptions(folder))
    words = b"".join(path.read_bytes() for path in sorted(folder.glob("*.csv")))
    # Only what shaped a table that is in: what is withheld shapes a part that is left out.
    used = {s for name in tables for s in contracts.contracts()[name].source} - withheld()
    manifest = {
        "kind": "snapshot",
        "made_from_release": release.id,
        "sources": {
            name: entry
            for name, entry in release.manifest["sources"].items()
            if entry.get("family", name) in used
        },
        "left_out": {n: contracts.contracts()[n].snapshot_reason for n in dropped}
        | {"area_wages": _AREAS_LEFT_OUT}
        | dict.fromkeys(SCHOOL_TABLES, _SCHOOLS_LEFT_OUT),
        "own_words": {
            "folder": folder.name,
            "sha256": hashlib.sha256(words).hexdigest(),
            "licence": "MIT",
        },
    }
    fresh = settings.snapshot.with_name("snapshot.new")
    shutil.rmtree(fresh, ignore_errors=True)
    packed = {name: encode(frame, SMALLEST) for name, frame in tables.items()}
    manifest = write_tables(fresh, tables, manifest, encoded=packed)
    size = sum(file.stat().st_size for file in fresh.iterdir())
    if size > MAX_BYTES:
        shutil.rmtree(fresh)
        raise UsageError(
            str(settings.snapshot),
            f"the snapshot would weigh {size:,} bytes, over {MAX_BYTES:,}",
            "Leave a table out (snapshot = false in contracts.toml)",
        )
    shutil.rmtree(settings.snapshot, ignore_errors=True)
    fresh.rename(settings.snapshot)
    return manifest
