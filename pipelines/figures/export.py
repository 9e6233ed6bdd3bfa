"""Write figures and their data: html, json, csv by ourselves; png, svg, pdf through Chrome."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.base.errors import OutlookError, UsageError
from pipelines.base.tabular import to_csv_text
from pipelines.figures import Made

if TYPE_CHECKING:
    import plotly.graph_objects as go

TEXT = ("html", "json", "csv")
PICTURES = ("png", "svg", "pdf")
FORMATS = TEXT + PICTURES


@dataclass(frozen=True)
class Job:
    """A figure with its data, and the path without ending where it goes."""

    made: Made
    stem: Path

    @property
    def figure(self) -> go.Figure:
        return self.made.figure

    @property
    def data(self) -> pd.DataFrame:
        return self.made.data


def _size(figure: go.Figure) -> dict[str, int]:
    return {"width": int(figure.layout.width or 1000), "height": int(figure.layout.height or 600)}


def write_figures(
    jobs: Sequence[Job], formats: Sequence[str] = TEXT, self_contained: bool = True
) -> list[Path]:
    """Write many figures, starting Chrome once.

    Parameters
    ----------
    jobs : sequence of Job
        What to write; folders are made.
    formats : sequence of str
        Of html, json, csv, png (twice the pixels), svg, pdf.
    self_contained : bool
        html carries plotly.js (works offline); otherwise it loads it from the network.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    UsageError
        An unknown format; or pictures are asked for and Chrome is missing. In that case html,
        json and csv have been written, and html and csv even where they were not asked for.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise UsageError(
            f"format {unknown[0]}",
            f"expected one of {', '.join(FORMATS)}",
            "Name formats separated by commas",
        )
    pictures = [f for f in formats if f in PICTURES]
    browser = chrome() if pictures else None
    wanted = [
        f for f in TEXT if f in formats or (pictures and browser is None and f in ("html", "csv"))
    ]
    written = []
    for job in jobs:
        job.stem.parent.mkdir(parents=True, exist_ok=True)
        for kind in wanted:
            path = job.stem.with_name(f"{job.stem.name}.{kind}")
            if kind == "html":
                # Without an id of ours plotly draws one at random: two builds would differ.
                text = job.figure.to_html(
                    include_plotlyjs=True if self_contained else "cdn", include_mathjax=False,
                    div_id=re.sub(r"[^A-Za-z0-9_-]", "-", f"figure-{job.stem.name}"),
                )  # fmt: skip
            else:
                text = job.figure.to_json() if kind == "json" else to_csv_text(job.data)
            path.write_text(text, encoding="utf-8", newline="")
            written.append(path)
    if not pictures:
        return written
    if browser is None:
        raise UsageError(
            "Chrome",
            f"needed for {', '.join(pictures)} and not found"
            + (f"; wrote {', '.join(p.name for p in written[:6])} instead" if written else ""),
            "Install Chrome or Chromium (Debian: apt install chromium; any system: "
            "plotly_get_chrome), or set BROWSER_PATH to it",
        )
    return written + _draw(jobs, pictures, browser)


def write_figure(
    figure: go.Figure,
    data: pd.DataFrame,
    stem: Path,
    formats: Sequence[str] = TEXT,
    self_contained: bool = True,
) -> list[Path]:
    """Write one figure and its data; see `write_figures`."""
    return write_figures([Job(Made(lambda: figure, data), Path(stem))], formats, self_contained)


def chrome() -> str | None:
    """Path of a Chrome or Chromium that can draw, or None.

    ``BROWSER_PATH`` decides where it is set; otherwise kaleido's own search.
    """
    named = os.environ.get("BROWSER_PATH")
    if named:
        return shutil.which(named)
    from choreographer.browsers.chromium import Chromium

    return Chromium.find_browser(skip_local=False)


def _draw(jobs: Sequence[Job], formats: Sequence[str], browser: str) -> list[Path]:
    """Pictures through kaleido. MathJax is off: it is fetched, and eats dollar signs."""
    import kaleido

    # A browser message that its library cannot read is logged with a traceback; what fails a
    # picture is raised, so the log tells a user nothing.
    for noisy in ("choreographer", "kaleido"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    work, paths = [], []
    for job in jobs:
        # A plain dict: a picture is drawn from what is written, with no further validation.
        figure = job.figure.to_plotly_json()
        for kind in formats:
            path = job.stem.with_name(f"{job.stem.name}.{kind}")
            opts = {"format": kind, "scale": 2 if kind == "png" else 1, **_size(job.figure)}
            work.append({"fig": figure, "path": path, "opts": opts})
            paths.append(path)
    try:
        kaleido.write_fig_from_object_sync(work, kopts={"n": 1, "mathjax": False, "path": browser})
    except (RuntimeError, ValueError, OSError) as error:
        raise OutlookError(
            browser,
            f"could not draw the pictures: {error}",
            "Check that it starts (BROWSER_PATH names another)",
        ) from error
    absent = [path for path in paths if not path.is_file()]
    if absent:
        raise OutlookError(
            str(absent[0]),
            "the picture was not written",
            "Run again with --debug and report what it prints",
        )
    return paths
