"""The claims of the snapshot, and their independent twin."""

from __future__ import annotations

import claims_twin
import pytest

from pipelines.analysis import Analysis
from pipelines.claims import board as boards
from pipelines.releases.current import open_data


@pytest.fixture(scope="session")
def analysis():
    return Analysis(open_data(offline=True))


@pytest.fixture(scope="session")
def board(analysis):
    return boards.board(analysis)


@pytest.fixture(scope="session")
def twin(root):
    return claims_twin.twin(root / "data" / "raw" / "snapshot")
