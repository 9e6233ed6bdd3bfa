"""All tables of a release from the fetched files: load, check each part, join."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipelines.base import contracts
from pipelines.base.errors import OutlookError, ShapeChanged, SourceFailed
from pipelines.base.records import records
from pipelines.occupations import crosswalk
from pipelines.releases.store import Release
from pipelines.sources.catalog import dataset_of, entry_of, loadable
from pipelines.sources.dataset import Dataset
from pipelines.sources.read import delimited

#: Tables whose columns come from two files, matched by key: first file's rows are the table's
#: (with "outer", the rows of both).
_JOINED = {
    "exposure_labels": ("gpts_labels", "gpts_automation", "left"),
    "aioe": ("aioe", "aioe_lm", "outer"),
}
#: Tables of one release only, the newest whole one: task ids mean something within one.
_ONE_RELEASE = ("tasks", "task_ratings", "task_dwas", "dwas")
#: What a newer part replaces, where it is more than the row with the same key: an occupation's
#: shares of respondents, related occupations or ratings belong together within one release.
_REPLACES = {
    "education_training": ["onet_soc_code"],
    "related_occupations": ["onet_soc_code"],
    "technology_skills": ["onet_soc_code"],
    "alternate_titles": ["onet_soc_code", "kind"],
    "elements": ["onet_soc_code", "domain"],
}
#: Columns that only the older edition of the projections may have, filled in by key.
_FILLED = {"projections": ["labor_force_exits", "occupational_transfers", "self_employed_percent"]}
#: Made after the assembly by the scorer and the ranker, in this order, each from these tables.
COMPUTED: Mapping[str, tuple[str, ...]] = {
    "task_scores": ("tasks", "exposure_labels", "task_dwas"),
    "occupation_exposure": ("task_scores", "tasks", "task_ratings"),
    "measures": (
        "exposure_labels", "occupations", "ai_applicability", "aioe", "soc_2010_to_2018",
        "economic_index", "observed_exposure", "tasks", "telework", "onet_walk_2010_2019",
        "elements", "elements_2010", "wages",
    ),
    "measure_agreement": ("measures", "occupation_exposure"),
    "observed_use": ("task_penetration", "tasks"),
    "similar_occupations": (
        "occupations", "tasks", "elements", "elements_2010", "task_dwas", "dwas",
        "technology_skills", "alternate_titles", "related_occupations", "job_zones",
        "education_training", "projections", "wages", "onet_walk_2010_2019", "onet_soc_to_soc",
    ),
    "route_steps": (
        "observed_moves", "move_codes", "similar_occupations", "occupation_exposure", "cip_soc",
        "soc_2010_to_2018", "occupations", "elements", "elements_2010", "task_dwas", "job_zones",
        "projections", "wages", "education_training", "education_attainment",
        "onet_walk_2010_2019", "onet_soc_to_soc",
    ),
}  # fmt: skip
#: Tables that the assembly derives from others.
_DERIVED = {"soc_2010_to_2018": ("onet_walk_2010_2019", "wages")}

Parts = dict[str, dict[str, pd.DataFrame]]
Progress = Callable[[str], None]


def assemble(
    files: Mapping[str, Path],
    progress: Progress | None = None,
    counts: dict[str, dict[str, int]] | None = None,
    only: Collection[str] | None = None,
    kept: Mapping[str, pd.DataFrame] | None = None,
    carried: Mapping[str, Release] | None = None,
) -> dict[str, pd.DataFrame]:
    """Load every dataset and build every table but `COMPUTED`.

    Parameters
    ----------
    files : mapping of dataset id to Path
        Of every entry of the catalog that has a loader and is not `carried`, the file; of a
        family, those of one or more editions.
    progress : callable, optional
        Called with one line of text a dataset, and with what was found on the way.
    counts : dict, optional
        Filled with the rows that each dataset gave: ``{dataset id: {table: rows}}``.
    only : collection of str, optional
        Build these tables only (see `affected`), and load no dataset that has no part in them.
    kept : mapping of DataFrame, optional
        The other tables, as they were; read only where one is needed to check or derive another.
    carried : mapping of dataset id to Release, optional
        Datasets without a file, and the release whose rows stand for it.

    Returns
    -------
    dict of DataFrame
        Checked tables by name, in the order of contracts.toml.

    Raises
    ------
    UsageError
        An id that the catalog does not have, or a family's in place of an edition's.
    SourceFailed
        A file is missing or is not what it should be.
    ShapeChanged
        Content that breaks a contract; names file, table, column and rows.
    """
    say = progress or (lambda line: None)
    there = {_entry_of(name) for name in [*files, *(carried or {})]}
    absent = [name for name in loadable() if name not in there]
    if absent:
        raise SourceFailed(
            ", ".join(absent), "the file was not fetched", "Run `outlook refresh` without --source"
        )
    parts = load(files, say, only, carried)
    if counts is not None:
        for table, by_dataset in parts.items():
            for dataset, frame in by_dataset.items():
                counts.setdefault(dataset, {})[table] = len(frame)
    return join(parts, say, kept)


def affected(changed: Collection[str]) -> set[str]:
    """Assembled tables that can differ when the files of these datasets do."""
    entries = [entry_of(name) for name in changed]
    found = {table for entry in entries if entry for table in entry.tables}
    return found | {name for name, needs in _DERIVED.items() if found & set(needs)}


def load(
    files: Mapping[str, Path],
    progress: Progress,
    only: Collection[str] | None = None,
    carried: Mapping[str, Release] | None = None,
) -> Parts:
    """Parts of tables: ``{table: {dataset id: DataFrame}}``, oldest dataset first."""
    parts: Parts = {}
    carried = carried or {}
    there = [dataset_of(name) for name in [*files, *carried]]
    wanted = [d for d in there if only is None or set(only) & set(d.tables)]
    for dataset in _oldest_first(wanted, files, carried):
        if dataset.id in carried:
            loaded = {name: carried[dataset.id].table(name) for name in dataset.tables}
            release = f"of {carried[dataset.id].id}"
        else:
            with _named(dataset.id):
                loaded = dataset.load()(Path(files[dataset.id]), dataset)
            release = dataset.release
        progress(
            f"{dataset.id} {release}: "
            + ", ".join(f"{name} {len(frame):,}" for name, frame in loaded.items())
        )
        for name, frame in loaded.items():
            if name not in dataset.tables:
                raise ValueError(f"catalog.toml: [{dataset.id}] does not list table {name}")
            if only is None or name in only:
                with _named(dataset.id):
                    parts.setdefault(name, {})[dataset.id] = _checked(name, frame, dataset)
    return parts


def _entry_of(name: str) -> str:
    dataset = dataset_of(name)
    return dataset.family or dataset.id


def _oldest_first(
    datasets: Sequence[Dataset], files: Mapping[str, Path], carried: Mapping[str, Release]
) -> list[Dataset]:
    """Datasets with the release and date of their files, in the order of their dates."""
    dated = []
    for dataset in datasets:
        if dataset.id in carried:
            entry = carried[dataset.id].manifest["sources"][dataset.id]
            dated.append(replace(dataset, release=entry["release"], date=entry["date"]))
            continue
        with _named(dataset.id):
            dated.append(dataset.dated(Path(files[dataset.id])))
    # Of two releases with rows of one month the later number is the later one.
    return sorted(dated, key=lambda d: (d.date, d.release))


@contextmanager
def _named(dataset: str) -> Iterator[None]:
    """An error about a file says whose it is, so that a refresh can do without that one."""
    try:
        yield
    except OutlookError as error:
        error.dataset = dataset
        raise


def join(
    parts: Parts, progress: Progress, kept: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """Whole, checked tables from the parts that `load` returns; `kept` as for `assemble`."""
    whole: dict[str, pd.DataFrame] = {}
    every = ChainMap(whole, kept or {})  # type: ignore[arg-type]  # nothing is written to `kept`
    for name, by_dataset in parts.items():
        if name in _JOINED:
            where = " and ".join(dataset_of(d).url for d in by_dataset)
            whole[name] = contracts.check(name, _columns(name, by_dataset), where)
        elif name in _ONE_RELEASE:
            whole[name] = list(by_dataset.values())[-1]
        else:
            whole[name] = newest(name, list(by_dataset.values()))
    if "occupations" in whole:
        tasks = every.get("tasks")
        if tasks is None:
            raise SourceFailed(
                "table tasks", "no release with the ratings and activities of its tasks was found",
                "Run `outlook refresh` without --edition",
            )  # fmt: skip
        coded = whole["occupations"]["onet_soc_code"].isin(tasks["onet_soc_code"])
        whole["occupations"] = whole["occupations"].assign(has_tasks=coded)
    needs = _DERIVED["soc_2010_to_2018"]
    if set(needs) & set(whole) and all(name in every for name in needs):
        derived = crosswalk.soc_2010_to_2018(*(every[name] for name in needs))
        whole["soc_2010_to_2018"] = contracts.check("soc_2010_to_2018", derived)
    _check_references(every, set(whole))
    return {name: whole[name] for name in contracts.contracts() if name in whole}


def newest(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table from checked parts, oldest first: where keys repeat, the newest part wins."""
    key = list(contracts.contracts()[name].key)
    if len(frames) == 1:
        return frames[0]
    kept: list[pd.DataFrame] = []
    for position, frame in enumerate(frames):
        for newer in frames[position + 1 :]:
            frame = frame[~_rows_in(frame, newer, _REPLACES.get(name, key))]
        kept.append(frame)
    whole = pd.concat(kept, ignore_index=True).sort_values(key, kind="stable", ignore_index=True)
    if name in _FILLED:
        by_key = whole.set_index(key)
        for frame in reversed(frames):
            by_key[_FILLED[name]] = by_key[_FILLED[name]].combine_first(
                frame.set_index(key)[_FILLED[name]].reindex(by_key.index)
            )
        whole = by_key.reset_index()[list(whole.columns)]
    return whole


def _rows_in(frame: pd.DataFrame, other: pd.DataFrame, by: list[str]) -> pd.Series:
    left = pd.MultiIndex.from_frame(frame[by])
    return pd.Series(left.isin(pd.MultiIndex.from_frame(other[by])), index=frame.index)


def _checked(name: str, frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """A part held against the contract, so that an error names the file it came from."""
    if name not in _JOINED:
        return contracts.check(name, frame, dataset.url)
    contract = contracts.contracts()[name]
    key = list(contract.key)
    twice = frame.duplicated(key, keep=False)
    if twice.any():
        first = records(frame.loc[twice, key].head(3))
        raise ShapeChanged(
            dataset.url, f"{twice.sum()} rows share a key {key}, first {first}", delimited.ADVICE
        )
    return frame


def _columns(name: str, by_dataset: dict[str, pd.DataFrame]) -> pd.DataFrame:
    first, second, how = _JOINED[name]
    contract = contracts.contracts()[name]
    key = list(contract.key)
    if first not in by_dataset:
        raise SourceFailed(f"table {name}", f"{first} was not loaded", "Run `outlook refresh`")
    frame = by_dataset[first]
    if second in by_dataset:
        added = by_dataset[second]
        shared = [c for c in added if c in frame and c not in key]
        frame = frame.merge(added, on=key, how=how, suffixes=("", "_second"))
        for column in shared:
            frame[column] = frame[column].fillna(frame.pop(f"{column}_second"))
    for column in contract.columns:
        if column.name not in frame:
            frame[column.name] = pd.Series(pd.NA, index=frame.index, dtype=column.dtype)
    return frame


def _check_references(every: Mapping[str, pd.DataFrame], rebuilt: set[str]) -> None:
    """Codes of O*NET's tables must be occupations, and rated or linked tasks must be tasks."""
    if "occupations" not in every:
        return
    for name in ("tasks", "job_zones", "related_occupations", "elements", "technology_skills"):
        if name in every and {name, "occupations"} & rebuilt:
            codes = every[name]["onet_soc_code"]
            known = codes.isin(every["occupations"]["onet_soc_code"])
            _refuse(name, codes[~known], "occupations")
    key = ["onet_soc_code", "task_id"]
    for name in ("task_ratings", "task_dwas"):
        if name in every and {name, "tasks"} & rebuilt:
            rows = every[name]
            rows = rows.loc[~_rows_in(rows, every["tasks"], key)]
            _refuse(name, rows["onet_soc_code"] + " task " + rows["task_id"].astype("str"), "tasks")


def _refuse(name: str, codes: pd.Series, where: str) -> None:
    if len(codes):
        raise ShapeChanged(
            f"table {name} ({', '.join(contracts.contracts()[name].source)})",
            f"{len(codes)} rows name what table {where} does not "
            f"have, first {codes.head(3).tolist()}",
            delimited.ADVICE,
        )
