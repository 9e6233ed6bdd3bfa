"""The seam: a frame of postings in, its results out, in any process of any machine.

`process` is a pure function: the same postings give the same results, whoever computes them.
What it needs (the coder, the scorer, O*NET's tasks) a process loads once (`held`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits

from pipelines.base.errors import OutlookError
from pipelines.base.files import unfinished
from pipelines.exposure.scorer.classes import BETA_WEIGHTS
from pipelines.exposure.scorer.model import Scorer, held_scorer
from pipelines.exposure.scorer.score import PROBABILITIES, scored
from pipelines.postings import reference as _reference
from pipelines.postings import series as _series
from pipelines.postings.reading import Part
from pipelines.releases.store import Release, open_release

_TEXT, _NUMBER, _COUNT = pa.large_string(), pa.float64(), pa.int32()
#: One row a posting.
POSTINGS = pa.schema(
    [("row", _COUNT), *((name, _TEXT) for name in ("posting_id", "title")), ("date", pa.date32()),
     *((name, _TEXT) for name in ("state", "series", "soc_code", "onet_soc_code",
                                  "occupation_basis", "coder_soc_code")),
     *((name, _NUMBER) for name in ("occupation_probability", "openings", "exposure",
                                    "automation_score", "class_variance", "class_deviation")),
     *((name, _COUNT) for name in ("sentences", "compared", "new_tasks"))]
)  # fmt: skip
#: One row a task sentence.
SENTENCES = pa.schema(
    [("row", _COUNT), ("posting_id", _TEXT), ("soc_code", _TEXT), ("sentence", _TEXT),
     *((name, _NUMBER) for name in (*PROBABILITIES, "exposure", "exposure_low", "exposure_high")),
     ("exposure_label", _TEXT), ("automation", _TEXT),
     *((name, _NUMBER) for name in ("automation_score", "automation_low", "automation_high")),
     ("nearest_task_id", pa.int64()), ("note", _TEXT), ("own_task_id", pa.int64()),
     ("own_task_cosine", _NUMBER), ("new_task", pa.bool_())]
)  # fmt: skip


class Tools(NamedTuple):
    """How a posting is read: `coder.load().code`, `sentences.duties`, `sentences.mask`."""

    code: Callable[[pd.Series, pd.Series], pd.DataFrame]
    duties: Callable[[str], list[str]]
    mask: Callable[[str], str]


@dataclass(frozen=True)
class Held:
    """What a process that works on postings holds."""

    tools: Tools
    scorer: Scorer
    reference: _reference.Reference


@dataclass(frozen=True)
class Job:
    """What every part of a run needs to know.

    Attributes
    ----------
    out : str
        Folder of the results; every worker sees it under this path.
    reference : str
        File of the `Reference` in it.
    release : str
        Folder of the release that the coder stands on.
    tools : str
        "module:function" that gives the `Tools` for a release.
    """

    out: str
    reference: str
    release: str
    tools: str = "pipelines.postings.chunk:tools"


class Done(NamedTuple):
    """A part that was finished, or not (`problem` says why)."""

    name: str
    source: str
    postings: int = 0
    sentences: int = 0
    said: dict[str, int] = {}
    problem: str = ""


def tools(release: Release) -> Tools:
    """The shipped coder and reader of sentences."""
    from pipelines.postings import coder, sentences

    return Tools(coder.load(release).code, sentences.duties, sentences.mask)


@cache
def held(job: Job) -> Held:
    """What this process needs for a run, loaded with its first part."""
    module, _, name = job.tools.partition(":")
    made = getattr(import_module(module), name)(open_release(Path(job.release)))
    return Held(made, held_scorer(), _reference.load(Path(job.reference)))


def process(frame: pd.DataFrame, held: Held) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Occupation, task sentences and scores of postings.

    Parameters
    ----------
    frame : DataFrame
        Columns `cells.SCHEMA`, index 0..n-1.
    held : Held

    Returns
    -------
    postings, sentences : DataFrame
        Columns of `POSTINGS` and `SENTENCES`; `row` is the posting's position in the frame. A
        posting's `exposure` and `automation_score` are means over its sentences, each 0 to 1,
        missing where it has none. `class_variance` and `class_deviation` say how unsure the
        scorer is of the mean: the variance if its errors are independent, and the standard
        deviation if they are all the same. `new_task`: `Reference`. Titles and sentences are
        masked.
    """
    occupation = _occupations(frame, held)
    listed = [
        [one for one in map(held.tools.mask, held.tools.duties(text)) if one.strip()]
        if isinstance(text, str) else []
        for text in frame["text"]
    ]  # fmt: skip
    row = np.repeat(np.arange(len(frame)), [len(one) for one in listed])
    place, distinct = pd.factorize(np.array([s for one in listed for s in one], object))
    strings = list(distinct)
    said = held.scorer.read(strings)
    scores = scored(strings, said, held.scorer).iloc[place].reset_index(drop=True)
    soc = occupation["soc_code"].iloc[row].reset_index(drop=True)
    cosine, task = held.reference.nearest(said.z[place], soc)
    sentences = pd.DataFrame({
        "row": row, "posting_id": frame["posting_id"].to_numpy()[row], "soc_code": soc,
        "sentence": np.array(strings, object)[place] if strings else [],
        **{name: scores[name] for name in scores.columns},
        "own_task_id": pd.array(np.where(task < 0, 0, task), "Int64"), "own_task_cosine": cosine,
    })  # fmt: skip
    compared = ~np.isnan(cosine)
    sentences.loc[~compared, "own_task_id"] = pd.NA
    sentences["new_task"] = pd.array(cosine < held.reference.threshold, "boolean")
    sentences.loc[~compared, "new_task"] = pd.NA
    postings = frame.drop(columns="text").assign(
        row=np.arange(len(frame)), title=frame["title"].map(held.tools.mask, na_action="ignore"),
        **occupation, **_means(sentences, len(frame)),
    )  # fmt: skip
    return _rounded(postings, POSTINGS), _rounded(sentences, SENTENCES)


def finish(part: Part, job: Job, name: str) -> Done:
    """Work on a part and write its two files, each by one rename; the one of postings last.

    A part is there when its file of postings is: a worker that was killed between the two left
    none, and one that does the work again writes the same.

    Raises
    ------
    OSError
        The disk refuses: no other part would do better.
    """
    said: Counter[str] = Counter()
    counts = [0, 0]
    places = [Path(job.out, kind, f"{name}.parquet") for kind in ("sentences", "postings")]
    fresh = [unfinished(place) for place in places]
    try:
        with threadpool_limits(1):  # two threads that wait for each other are slower
            ready = held(job)
        with threadpool_limits(1):  # those of libraries that were loaded with it, too
            tables: list[list[pa.Table]] = [[], []]
            for frame in part.frames(said):
                results = process(frame, ready)
                start = counts[1]
                counts = [counts[0] + len(results[1]), counts[1] + len(frame)]
                for kind, result in enumerate(reversed(results)):
                    shape = (SENTENCES, POSTINGS)[kind]
                    tables[kind].append(_table(result.assign(row=result["row"] + start), shape))
        told = {"source": part.source, "postings": counts[1], "sentences": counts[0],
                "said": dict(said)}  # fmt: skip
        for kind, shape in enumerate((SENTENCES, POSTINGS)):
            whole = pa.concat_tables(tables[kind]) if tables[kind] else shape.empty_table()
            whole = whole.replace_schema_metadata({b"outlook": json.dumps(told).encode()})
            places[kind].parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(whole, fresh[kind], compression="zstd")
            fresh[kind].replace(places[kind])
    except OutlookError as error:
        return Done(name, part.source, problem=error.problem)
    finally:
        for one in fresh:
            one.unlink(missing_ok=True)
    return Done(name, part.source, counts[1], counts[0], dict(said))


def stored(out: Path, name: str) -> Done | None:
    """What `finish` wrote of a part in an earlier run; None where it did not, or not whole."""
    try:
        told = json.loads(pq.read_schema(out / "postings" / f"{name}.parquet").metadata[b"outlook"])
        if not (out / "sentences" / f"{name}.parquet").is_file():
            return None
        return Done(name, told["source"], told["postings"], told["sentences"], told["said"])
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return None


def _occupations(frame: pd.DataFrame, held: Held) -> pd.DataFrame:
    coded = held.tools.code(frame["title"], frame["text"]).reset_index(drop=True)
    return _series.decided(coded, frame["series"], held.reference.series)


def _means(sentences: pd.DataFrame, n: int) -> dict[str, np.ndarray]:
    row = sentences["row"].to_numpy()
    count = np.bincount(row, minlength=n)
    p = sentences[PROBABILITIES].to_numpy(float).reshape(-1, 3)
    variance = np.maximum(p @ BETA_WEIGHTS**2 - (p @ BETA_WEIGHTS) ** 2, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        exposure, automation, deviation = (
            np.bincount(row, np.asarray(values, float), n) / count
            for values in (sentences["exposure"], sentences["automation_score"], variance**0.5)
        )
        independent = np.bincount(row, variance, n) / count.astype(float) ** 2
    new = sentences["new_task"].fillna(False).to_numpy(bool)
    compared = sentences["own_task_cosine"].notna().to_numpy()
    return {
        "exposure": exposure, "automation_score": automation, "class_variance": independent,
        "class_deviation": deviation, "sentences": count,
        "compared": np.bincount(row[compared], minlength=n),
        "new_tasks": np.bincount(row[new], minlength=n),
    }  # fmt: skip


def _rounded(frame: pd.DataFrame, shape: pa.Schema) -> pd.DataFrame:
    """In the order of the schema, and without the digits that differ between processors."""
    kinds = zip(shape.names, shape.types, strict=True)
    numbers = {name: frame[name].round(6) for name, kind in kinds if kind == _NUMBER}
    return frame[shape.names].assign(**numbers).reset_index(drop=True)


def _table(frame: pd.DataFrame, shape: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame, shape, preserve_index=False)
