"""A Chromium for the tests of a module of pages."""

from __future__ import annotations

import pytest
from sitekit import browser


@pytest.fixture(scope="module")
def open_tab():
    """Opens tabs; see `sitekit.browser`."""
    with browser() as opener:
        yield opener


@pytest.fixture(autouse=True)
def _close_tabs(request):
    """What a test opened is closed after it: every open page slows the next one down.

    Tabs of a module's fixtures were opened before, and stay.
    """
    used = "open_tab" in request.fixturenames
    running = getattr(request.getfixturevalue("open_tab"), "running", None) if used else None
    before = set(running.contexts) if running else set()
    yield
    for context in set(running.contexts) - before if running else ():
        context.close()
