"""The main job on one page: load, score, paths, charts, reports, notebooks.

Everything is made in a folder beside the results and moved in place when it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.base import stamp
from pipelines.base.parallel import in_shares, processes
from pipelines.base.settings import Settings
from pipelines.base.staged import staged

#: What a build replaces in data/processed.
OUTPUT_FOLDERS = ("tables", "figures", "reports", "notebooks")
Say = Callable[[str], None]


@dataclass(frozen=True)
class BuildResult:
    """What a build left: the report and figures of the occupation, the index, and if it worked."""

    report: Path
    index: Path
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
        Code or title: the occupation of the figures and notebooks. Reports are made for every
        technician occupation that has tasks, and for this one.
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
        say("tables: tasks, exposure, paths")
        _tables(analysis, code, stage / "tables")
        say(f"figures of {code}")
        _figures(analysis, code, stage / "figures")
        # The notebooks run in processes of their own beside the reports.
        with processes("notebooks", 1) as pool:
            running = pool.submit(_notebooks, settings, offline, code, stage / "notebooks")
            count = _reports(analysis, code, stage / "reports", say)
            say("notebooks")
            running.result()
        note = {"fingerprint": key, "occupation": code, "reports": count, "files": _sizes(stage)}
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


def _reports(analysis, code: str, folder: Path, say: Say) -> int:
    """A page for every technician occupation with tasks, and for the one asked for."""
    import pandas as pd

    from pipelines.releases.current import describe
    from pipelines.site.context import sources
    from pipelines.site.index import render_index

    technicians = analysis.occupations[analysis.occupations["is_technician"]]
    scored = set(analysis.occupation_exposure["onet_soc_code"])
    codes = [c for c in technicians["onet_soc_code"] if c in scored]
    codes += [code] if code in scored and code not in codes else []
    say(f"reports of {len(codes)} occupations")
    folder.mkdir(parents=True)
    in_shares("reports", write_reports, codes, analysis.release.path, folder)
    rows = analysis.occupations[analysis.occupations["onet_soc_code"].isin(codes)].merge(
        analysis.occupation_exposure[["onet_soc_code", "exposure"]], on="onet_soc_code"
    )
    wage = analysis.pathways.table["annual_median_wage"]
    rows = rows.assign(
        href=rows["onet_soc_code"] + ".html",
        annual_median_wage=rows["soc_code"].map(wage).astype("float64"),
    )
    page = render_index(pd.DataFrame(rows), describe(analysis.release), sources(analysis))
    (folder / "index.html").write_text(page, "utf-8")
    return len(codes)


def write_reports(codes: Sequence[str], release: Path, folder: Path) -> None:
    """Write the report of each occupation; one of several processes does a share of the codes.

    Parameters
    ----------
    codes : sequence of str
        O*NET-SOC codes of occupations with tasks.
    release : Path
        Folder of the release, which is opened here.
    folder : Path
        Where ``<code>.html`` goes.
    """
    from pipelines.analysis import Analysis
    from pipelines.releases.store import open_release

    analysis = Analysis(open_release(release))
    analysis.explain_ahead(codes)
    for code in codes:
        _report(analysis, code, folder)


def _report(analysis, code: str, folder: Path) -> None:
    from pipelines.figures import occupation as figures
    from pipelines.releases.current import describe
    from pipelines.site.context import report_context
    from pipelines.site.report import SECTIONS, render_report

    wanted = [name for _, _, charts in SECTIONS for name in charts]
    made = {name: tuple(figures.CHARTS[name](analysis, code)) for name in wanted}
    # A chart without data (an occupation whose wages OEWS does not publish) is left out.
    made = {name: (figure, data) for name, (figure, data) in made.items() if len(data)}
    page = render_report(report_context(analysis, code, made, describe(analysis.release)))
    (folder / f"{code}.html").write_text(page, "utf-8")


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
    """Move each part in place of the old one; the note comes last, so a broken swap rebuilds."""
    (processed / "build.json").unlink(missing_ok=True)
    for part in OUTPUT_FOLDERS:
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
    reports = processed / "reports"
    return BuildResult(reports / f"{code}.html", reports / "index.html", shown, fresh)
