"""The charts of an occupation by name; each is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from pipelines.analysis import Analysis
from pipelines.base.errors import UsageError
from pipelines.figures import Made
from pipelines.figures.export import Job


class Charts(Mapping):
    """Charts by name. A chart takes an Analysis and a code, and gives a `Made`.

    Parameters
    ----------
    entries : dict
        Name of a chart -> module of `pipelines.figures`, its function, and keyword arguments
        that are always given.
    """

    def __init__(self, entries: dict[str, tuple[str, str, dict[str, Any]]]) -> None:
        self._entries = entries

    def __getitem__(self, name: str) -> Callable[..., Made]:
        module, function_name, given = self._entries[name]
        function = getattr(import_module(f"pipelines.figures.{module}"), function_name)
        return partial(function, **given) if given else function

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


#: The charts of an occupation, by their names on the command line.
CHARTS = Charts({
    "task_plane": ("tasks", "task_plane_figure", {}),
    "task_exposure": ("tasks", "task_exposure_figure", {}),
    "measures": ("measures", "measures_figure", {}),
    "claims": ("claims", "claims_figure", {}),
    "advancement_paths": ("paths", "advancement_paths_figure", {}),
    "employment_and_wages": ("wages", "employment_and_wages_figure", {}),
    "wages_by_state": ("wages", "wages_by_state_figure", {}),
    "wages_by_area": ("wages", "wages_by_area_figure", {}),
    "frontier": ("paths", "frontier_figure", {}),
    "route_card": ("paths", "route_card_figure", {}),
    "postings_by_month": ("postings", "postings_figure", {}),
})  # fmt: skip
#: The charts of a move; they take ``to``, the destination, or None for the best-ranked one.
MOVE_CHARTS = Charts({
    "advancement_paths": ("paths", "advancement_paths_figure", {}),
    "route_card": ("paths", "route_card_figure", {}),
    "skill_gap": ("gaps", "skill_gap_figure", {}),
})  # fmt: skip
#: The chart of best-ranked destinations: it takes ``matters``, a priority of `outlook paths`.
RANKED_CHART = "advancement_paths"
#: The charts whose wages may be those of a state or area.
PLACED_CHARTS = ("advancement_paths", "frontier", "route_card")
#: What a chart shows, for the sentence that it cannot be shown.
_SUBJECTS = {
    "task_plane": "tasks", "task_exposure": "tasks", "measures": "measures",
    "employment_and_wages": "wages and employment", "wages_by_state": "wages by state",
    "wages_by_area": "wages by area",
}  # fmt: skip


def job(
    analysis: Analysis,
    code: str,
    name: str,
    stem: Path,
    to: str | None = None,
    matters: str | None = None,
) -> Job:
    """One figure of an occupation with its data, ready to write to `stem`.*

    `to` is the destination of a chart of `MOVE_CHARTS`, `matters` what `RANKED_CHART` ranks by.
    """
    if name in MOVE_CHARTS:
        ranked = {"matters": matters} if matters and name == RANKED_CHART else {}
        return Job(MOVE_CHARTS[name](analysis, code, to=to, **ranked), stem)
    return Job(CHARTS[name](analysis, code), stem)


def jobs(
    analysis: Analysis,
    code: str,
    names: Iterable[str],
    folder: Path,
    to: str | None = None,
    matters: str | None = None,
    place: str = "",
) -> tuple[list[Job], dict[str, str]]:
    """The figures that the data of an occupation allow, and why they do not allow the others.

    Returns
    -------
    list of Job
        Ready to write to ``folder/NAME_CODE``, or ``folder/NAME_CODE_TO`` where a destination
        was given and the chart shows it; with ``_PLACE`` behind where a place is named.
    dict
        Name of a chart -> what is lacking.
    """
    made, lacking = [], {}
    for name in names:
        ends = f"{code}_{to}" if to and name in MOVE_CHARTS else code
        ends += f"_{place}" if place else ""
        try:
            one = job(analysis, code, name, folder / f"{name}_{ends}", to, matters)
        except UsageError as error:
            lacking[name] = error.problem
            continue
        # The map lists every state, with or without an estimate.
        shown = one.data[one.data["published"]] if "published" in one.data else one.data
        if shown.empty:
            what = _SUBJECTS.get(name)
            lacking[name] = (
                f"{what} of this occupation are not published" if what else "no move is open"
            )
        else:
            made.append(one)
    return made, lacking
