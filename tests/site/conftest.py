"""A Chromium for the tests of a module of pages."""

from __future__ import annotations

import pytest
from sitekit import browser


@pytest.fixture(scope="module")
def open_tab():
    """Opens tabs; see `sitekit.browser`."""
    with browser() as opener:
        yield opener
