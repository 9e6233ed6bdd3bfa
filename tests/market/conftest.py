"""The market's history in the embedded snapshot, once for all tests of a worker."""

import pytest

from pipelines.figures.market import Evidence


@pytest.fixture(scope="session")
def evidence(analysis):
    return Evidence(analysis)
