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
