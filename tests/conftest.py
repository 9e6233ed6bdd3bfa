"""Shared fixtures. Tests on the full sources run where ../shared stands beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> Path:
    """The copy of the public sources, under their real host and path."""
    folder = ROOT.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip("the full public sources (../shared/sources) are not beside this checkout")
    return folder
