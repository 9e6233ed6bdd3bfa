"""The whole site as a folder of files: opens from a disk, from any address, without a server."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import pandas as pd

from pipelines.analysis import Analysis
from pipelines.base.language import speaking
from pipelines.base.parallel import in_shares
from pipelines.releases.current import describe
from pipelines.releases.store import open_release
from pipelines.site import pages, schools
from pipelines.site.areas import every_area
from pipelines.site.browser_words import browser_titles, browser_words
from pipelines.site.choices import english_options
from pipelines.site.facts import occupation_facts, script
from pipelines.site.network import areas, exact, network, states
from pipelines.site.parts import packed_page
from pipelines.site.search import search_data
from pipelines.site.spanish import titles
from pipelines.site.tables import asset

#: Style sheets and scripts of the site, as they are.
ASSETS = (
    "site.css", "language.js", "figure-words.js", "save.js", "find.js", "search.js", "routes.js",
    "client.js", "qr.js", "phone.js", "week.js", "state.js", "area.js", "near.js", "fold.js",
    "schools.js", "handout.js", "charts.js", "takeaway.js", "compare.js", "sort.js", "address.js",
    "case.js", "ladder.js", "parts.js", "lined.js", "client-charts.js",
)  # fmt: skip


def write_site(analysis: Analysis, folder: Path, say: Callable[[str], None]) -> int:
    """Write the site into an empty folder.

    Parameters
    ----------
    analysis : Analysis
        The release at work.
    folder : Path
        Made; must not hold another site.
    say : callable
        Called with one line a stage.

    Returns
    -------
    int
        Number of occupations with a page: every technician occupation in full, every other in
        brief.
    """
    for part in ("app", "data", "o", "es/o"):
        (folder / part).mkdir(parents=True)
    shell = pages.Shell.of(analysis, describe(analysis.release))
    occupations = analysis.occupations
    technicians = set(occupations.loc[occupations["is_technician"], "onet_soc_code"])
    codes = occupations["onet_soc_code"].tolist()
    say(f"site: {len(codes)} occupations, {len(technicians)} in full")

    # Technicians' pages, which take longest, first: every process has as many of them.
    in_order = sorted(codes, key=lambda code: (code not in technicians, code))
    in_shares(
        "pages of occupations", write_occupations, in_order, analysis.release.path, folder,
        meanwhile=lambda: _write_shared(analysis, shell, technicians, folder),
    )  # fmt: skip
    return len(codes)


def _write_shared(
    analysis: Analysis, shell: pages.Shell, technicians: set[str], folder: Path
) -> None:
    """What is no occupation's own: first pages, search, places, schools, the network of moves."""
    occupations = analysis.occupations
    _write(folder / "index.html", pages.home(analysis, shell))
    _write(folder / "compare.html", pages.compare(shell))
    _write(folder / "methods.html", pages.methods(analysis, shell))
    with speaking("es"):
        said = shell.said(analysis)
        _write(folder / "es" / "index.html", pages.home(analysis, said))
        _write(folder / "es" / "compare.html", pages.compare(said))
    _write(folder / "app" / "search-data.js", script("search", search_data(analysis)))
    _write(folder / "app" / "occupations.js", script("occupations", occupation_facts(analysis)))
    _write(folder / "app" / "areas.js", script("areaTitles", every_area(analysis)))
    english = analysis.pathways.table["title"].to_dict() | dict(
        zip(occupations["onet_soc_code"], occupations["title"], strict=True)
    )
    options = english_options(analysis)
    _write(folder / "app" / "es.js", script("spanish", browser_words(technicians, options)))
    spanish_titles = script("spanishTitles", browser_titles(titles(), english))
    _write(folder / "app" / "es-titles.js", spanish_titles)
    places = script("places", shell.areas) + str(asset("app/places.js"))
    _write(folder / "app" / "places.js", places)
    if schools.has_schools(analysis):
        _write(
            folder / "data" / "programs.js",
            script("programs", schools.all_programs(analysis, shell.areas)),
        )
        for state, programs in schools.by_state(analysis, [s for s, _ in shell.areas]).items():
            name = f"programs-{state}"
            _write(folder / "data" / f"{name}.js", script(name, programs))
    wages = states(analysis)
    _write(folder / "data" / "network.js", exact("network", network(analysis)))
    for state, rows in wages.items():
        _write(folder / "data" / f"wages-{state}.js", exact(f"wages-{state}", rows))
    for area, found in areas(analysis):
        _write(folder / "data" / f"area-{area}.js", exact(f"area-{area}", found))
    own = resources.files("pipelines.site").joinpath("app")
    for name in ASSETS:
        content = own.joinpath(name).read_text("utf-8")
        if name == "site.css":  # the style of a saved page, and what the site adds to it
            content = str(asset("app/style.css")) + content
        _write(folder / "app" / name, content)
    plotly = resources.files("plotly").joinpath("package_data/plotly.min.js")
    with resources.as_file(plotly) as file:
        shutil.copyfile(file, folder / "app" / "plotly.min.js")


def write_occupations(codes: Sequence[str], release: Path, folder: Path) -> None:
    """Write the page and the data of each occupation; one of several processes does a share.

    Parameters
    ----------
    codes : sequence of str
        O*NET-SOC codes.
    release : Path
        Folder of the release, which is opened here.
    folder : Path
        The site's.
    """
    # Pages are made from thousands of small tables: in these, texts of Python's are read and
    # sorted faster than Arrow's, which are made for long columns.
    with pd.option_context("mode.string_storage", "python"):
        _write_occupations(codes, Analysis(open_release(release)), folder)


def _write_occupations(codes: Sequence[str], analysis: Analysis, folder: Path) -> None:
    shell = pages.Shell.of(analysis, describe(analysis.release))
    occupations = analysis.occupations
    technicians = set(occupations.loc[occupations["is_technician"], "onet_soc_code"])
    (folder / "es" / "o").mkdir(parents=True, exist_ok=True)
    analysis.explain_ahead(sorted(technicians & analysis.scored.keys() & set(codes)))
    analysis.places_ahead(codes)
    analysis.series_ahead(sorted({code[:7] for code in codes}))
    # What all pages share stays: the garbage collector need not look through it for each page.
    gc.freeze()
    for code in codes:
        made = pages.occupation(analysis, code, shell, full=code in technicians)
        _write(folder / "o" / f"{code}.html", made.page)
        if made.spanish:
            _write(folder / "es" / "o" / f"{code}.html", packed_page(made.spanish))
        _write(folder / "data" / f"{code}.js", made.data)
        _write(folder / "data" / f"{code}-csv.js", made.csv)
        _write(folder / "data" / f"{code}-areas.js", made.areas)


def _write(path: Path, content: str) -> None:
    path.write_text(content, "utf-8", newline="")
