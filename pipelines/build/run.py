"""The main job on one page: load, score, paths, charts, notebooks, site.

Everything is made in a folder beside the results and moved in place when it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.base import stamp
from pipelines.base.parallel import processes
from pipelines.base.settings import Settings
from pipelines.base.staged import staged
from pipelines.site.publish import make_site, whole_site

#: What a build replaces in data/processed.
OUTPUT_FOLDERS = ("tables", "figures", "notebooks", "site")
Say = Callable[[str], None]


@dataclass(frozen=True)
class BuildResult:
    """What a build left: the site's first page, the occupation's page and figures, if it worked."""

    index: Path
    page: Path
    figures: list[Path]
    fresh: bool


def build_all(
    settings: Settings, *, offline: bool, occupation: str, force: bool, say: Say
) -> BuildResult:
    """Build everything, or nothing where the last build is whole and nothing changed.

    Parameters
    ----------
    settings : Settings
        Folders.
    offline : bool
        Use the embedded snapshot even where a release was published.
    occupation : str
        Code or title: the occupation of the figures and notebooks. The site has every one.
    force : bool
        Build even if nothing changed.
    say : callable
        Called with one line a stage.

    Raises
    ------
    UsageError
        No such occupation. The last build stays as it is after any error.
    """
    key = stamp.fingerprint(settings, offline, occupation)
    note = stamp.read(settings.processed)
    if not force and note.get("fingerprint") == key and stamp.is_whole(settings.processed, note):
        return _result(settings, note, fresh=False)

    # From here on the heavy libraries are loaded; an idle build answers without them.
    from pipelines.analysis import Analysis
    from pipelines.releases.current import describe, open_data

    data = open_data(settings, offline=offline)
    say(f"data: {describe(data)}")
    analysis = Analysis(data)
    code = analysis.resolve(occupation)
    with staged(settings.processed) as stage:
        # The notebooks run in processes of their own beside everything else.
        with processes("notebooks", 1) as pool:
            running = pool.submit(_notebooks, settings, offline, code, stage / "notebooks")
            say("tables: tasks, exposure, paths")
            _tables(analysis, code, stage / "tables")
            say(f"figures of {code}")
            _figures(analysis, code, stage / "figures")
            site = settings.processed / "site"
            site_key = stamp.fingerprint(settings, offline, "site")
            if not force and whole_site(site, site_key):
                say("site: as it is, nothing it shows has changed")
            else:
                site = stage / "site"
                make_site(analysis, site_key, site, say)
            say("notebooks")
            running.result()
        files = _sizes(stage) | {f"site/{name}": size for name, size in _sizes(site).items()}
        note = {"fingerprint": key, "occupation": code, "files": files}
        _swap(stage, settings.processed, note)
    return _result(settings, note, fresh=True)


def _tables(analysis, code: str, folder: Path) -> None:
    """The computed tables as CSV, with titles beside the codes; the claims for one occupation."""
    from pipelines.base import tabular
    from pipelines.claims.verdicts import claims_of
    from pipelines.pathways.routes.search import all_paths

    titles = analysis.occupations[["onet_soc_code", "title", "is_technician"]]
    exposure = analysis.occupation_exposure.merge(titles, on="onet_soc_code", how="left")
    frames = {
        "task_exposure": analysis.tasks.sort_values(["onet_soc_code", "task_id"]),
        "occupation_exposure": exposure.sort_values("onet_soc_code"),
        # From each occupation's own typical education, as `outlook paths --all`.
        "advancement_paths": all_paths(analysis.pathways, None, 2, 20),
        f"claims_{code}": claims_of(analysis, code),
        "technicians": titles[titles["is_technician"]].drop(columns="is_technician"),
    }
    for name, frame in frames.items():
        tabular.save(frame, folder / f"{name}.csv")


def _figures(analysis, code: str, folder: Path) -> None:
    """The occupation's figures as pages and data, as pictures too where Chrome is at hand."""
    from pipelines.figures import occupation as figures
    from pipelines.figures.export import chrome, write_figures

    names = dict.fromkeys([*figures.CHARTS, *figures.MOVE_CHARTS])
    jobs, _ = figures.jobs(analysis, code, names, folder)  # what is not published is left out
    write_figures(jobs, ("html", "json", "csv"))
    if chrome():
        write_figures(jobs, ("png",))


def _notebooks(settings: Settings, offline: bool, code: str, folder: Path) -> None:
    from pipelines.build.notebooks import execute_all

    # Kernels start in another folder: what is relative here would be elsewhere there.
    environ = {
        "OUTLOOK_RELEASE": str(stamp.data_folder(settings, offline)),
        "OUTLOOK_HOME": str(settings.root),
    }
    execute_all(settings.notebooks, {"occupation": code}, folder, environ)


def _sizes(stage: Path) -> dict[str, int]:
    files = sorted(path for path in stage.rglob("*") if path.is_file())
    return {str(path.relative_to(stage)): path.stat().st_size for path in files}


def _swap(stage: Path, processed: Path, note: dict) -> None:
    """Move each part made in place of its old one; the note is last: a broken swap rebuilds."""
    (processed / "build.json").unlink(missing_ok=True)
    for part in [part for part in OUTPUT_FOLDERS if (stage / part).exists()]:
        old = stage / f"old-{part}"
        if (processed / part).exists():
            (processed / part).rename(old)
        (stage / part).rename(processed / part)
    text = json.dumps(note, indent=1, sort_keys=True) + "\n"
    (processed / "build.json").write_text(text, "utf-8")


def _result(settings: Settings, note: dict, fresh: bool) -> BuildResult:
    processed, code = settings.processed, note["occupation"]
    figures = [processed / name for name in note["files"] if name.startswith("figures/")]
    shown = [f for f in figures if f.suffix in (".html", ".png")]
    site = processed / "site"
    return BuildResult(site / "index.html", site / "o" / f"{code}.html", shown, fresh)
