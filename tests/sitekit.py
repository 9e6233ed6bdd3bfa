"""A built site and a browser to look at it with, for the tests of the pages."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from pipelines.figures import export

needs_browser = pytest.mark.skipif(
    export.chrome() is None, reason="Chrome or Chromium is not installed"
)


class Tab:
    """A page and what it said and asked for: `problems` must stay empty."""

    def __init__(self, page):
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    @property
    def problems(self) -> list[str]:
        """What the console said, and requests that left the site's folder."""
        away = [
            url
            for url in self.asked
            if not url.startswith(("file:", "data:", "blob:", "http://127.0.0.1:"))
        ]
        return self.said + away


@contextmanager
def browser(**options):
    """A headless Chromium; opens tabs at 1280 x 900 unless told otherwise.

    `open_tab.running` is the browser.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        running = p.chromium.launch(executable_path=export.chrome(), args=["--no-sandbox"])

        def open_tab(url, width=1280, height=900, **more) -> Tab:
            context = running.new_context(
                viewport={"width": width, "height": height}, accept_downloads=True,
                **{**options, **more},
            )  # fmt: skip
            tab = Tab(context.new_page())
            tab.page.goto(url)
            return tab

        open_tab.running = running
        yield open_tab
        running.close()
