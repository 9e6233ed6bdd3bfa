"""What a process that works on made postings holds."""

from __future__ import annotations

import made_postings
import numpy as np
import pytest

from pipelines.exposure.scorer.model import held_scorer
from pipelines.postings.chunk import Held
from pipelines.postings.reference import Reference


@pytest.fixture(scope="session")
def held() -> Held:
    """Two tasks of one occupation are all that O*NET lists."""
    scorer = held_scorer()
    tasks = ["Assign codes to diagnoses of patients", "File charts of patients"]
    reference = Reference(
        np.array(["29-2072"] * 2), np.array([11, 12]), scorer.encode(tasks), 0.5, 0.01, 0.6,
        {"0675": ["29-2072", "29-9021"]},
    )  # fmt: skip
    return Held(made_postings.tools(), scorer, reference)


@pytest.fixture(scope="session")
def ads(tmp_path_factory):
    """Six files, so that there are six parts: CSV, parquet and JSON lines."""
    folder = tmp_path_factory.mktemp("ads")
    whole = made_postings.postings(240)
    for n in range(6):
        frame = whole[whole.index % 6 == n]
        path = folder / f"ads{n}"
        if n % 3 == 0:
            frame.to_csv(f"{path}.csv", index=False)
        elif n % 3 == 1:
            frame.to_parquet(f"{path}.parquet")
        else:
            frame.to_json(f"{path}.jsonl", orient="records", lines=True)
    return folder


@pytest.fixture(scope="session")
def alone(ads, tmp_path_factory):
    """What one process makes of them."""
    out = tmp_path_factory.mktemp("alone")
    made = made_postings.run(ads, out)
    assert made.exit_code == 0
    assert (made.manifest["postings"], made.manifest["sentences"]) == (240, 600)
    return out
