"""Shared fixtures. Tests on the full sources run where ../shared stands beside the checkout."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.enrich import enrich
from pipelines.refresh import RefreshResult, refresh

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


@pytest.fixture(scope="session")
def full_release(sources, tmp_path_factory) -> tuple[settings.Settings, RefreshResult]:
    """A release of all sources, fetched over HTTP, and what the refresh said."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(sources)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        where = settings.load({
            "OUTLOOK_DATA": str(tmp_path_factory.mktemp("full")),
            "OUTLOOK_MIRROR": f"http://127.0.0.1:{httpd.server_port}/",
        })  # fmt: skip
        return where, refresh(where, enrich=enrich)
    finally:
        httpd.shutdown()
        httpd.server_close()
