"""The claims of the snapshot, and their independent twin."""

from __future__ import annotations

import claims_twin
import pytest

from pipelines.claims import board as boards


@pytest.fixture(scope="session")
def board(analysis):
    return boards.board(analysis)


@pytest.fixture(scope="session")
def twin(root):
    return claims_twin.twin(root / "data" / "raw" / "snapshot")
