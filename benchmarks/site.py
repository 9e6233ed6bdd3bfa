"""How long the site takes to build, how heavy a page is, and how soon it can be used.

Run: .venv/bin/python benchmarks/site.py
A page is opened from the disk in headless Chromium, best of five, beside the same page
saved as one file to mail, which carries plotly.js in itself: what a user would open otherwise.
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pipelines.base import settings
from pipelines.figures.export import chrome
from pipelines.releases.current import open_data
from pipelines.site.publish import build_site, saved_page

CODE, OPENED = "29-2072.00", 5
_READY = "performance.getEntriesByType('navigation')[0].domInteractive"


def usable(page: Page, path: Path) -> float:
    """Milliseconds until the page answers, best of `OPENED`."""
    best = float("inf")
    for _ in range(OPENED):
        page.goto(path.as_uri())
        best = min(best, page.evaluate(_READY))
    return best


def ranked(page: Page, path: Path) -> float:
    """Milliseconds from a click to the career paths of a client, files read for the first time."""
    page.goto(path.as_uri())
    started = time.perf_counter()
    page.click("#client-form button")
    page.wait_for_selector("#client-found:not([hidden])")
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        where = settings.load({"OUTLOOK_DATA": folder})
        started = time.perf_counter()
        result = build_site(where, offline=True, force=False, say=lambda line: None)
        seconds = time.perf_counter() - started
        site = result.index.parent
        made = f"{result.occupations:,} occupations, {result.size / 1e6:.0f} MB"
        print(f"build: {made}, {seconds:.0f} s")
        page_path = site / "o" / f"{CODE}.html"
        text = page_path.read_text("utf-8")
        linked = set(re.findall(r'(?:src|href)="\.\./((?:app|data)/[^"]+)"', text))
        first = len(text.encode()) + sum(
            (site / name).stat().st_size for name in linked if "plotly" not in name
        )
        report = Path(folder) / f"{CODE}.html"
        report.write_text(saved_page(open_data(where, offline=True), CODE)[1], "utf-8")
        whole = report.stat().st_size / 1e3
        print(f"first view: {first / 1e3:.0f} kB besides plotly.js; report {whole:.0f} kB")
        with sync_playwright() as p:
            browser = p.chromium.launch(executable_path=chrome(), args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            ours, theirs = usable(tab, page_path), usable(tab, report)
            print(f"usable: page {ours:.0f} ms, report {theirs:.0f} ms, {theirs / ours:.1f} times")
            print(f"career paths of a client, first click: {ranked(tab, page_path):.0f} ms")
            browser.close()


if __name__ == "__main__":
    main()
