"""What stands on the page of an occupation: its tables of texts, and the templates they go into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from pipelines.base.language import curated, marked, plain, translated
from pipelines.base.language import translated as _
from pipelines.base.records import records, records_of
from pipelines.base.words import listed
from pipelines.charts.geography import state_table
from pipelines.charts.kit.theme import money
from pipelines.charts.task_exposure import CLASS_WORDS, task_name
from pipelines.market.history import VINTAGES
from pipelines.site import reasons
from pipelines.site.spanish import in_spanish, title

#: The two scores as headings of tables.
HELP_HEAD = marked("software could help (exposure, 0 to 1)")
ALONE_HEAD = marked("software could do it by itself (automation score, 0 to 1)")
USED_HEAD = marked("people use one company's AI for it (0 to 1)")


def as_text(value: object) -> str:
    """A value as it is written; a text keeps its marks."""
    return value if isinstance(value, str) else str(value)


#: Columns of the table of paths that people read: column, heading, how to show it.
PATH_COLUMNS = (
    ("title", marked("occupation"), as_text),
    ("via_title", marked("by way of"), as_text),
    ("section", marked("kind of move"), as_text),
    ("required_education", marked("education required"), as_text),
    ("way_in", marked("what it takes"), as_text),
    ("observed_moves", marked("seen among those who left"), as_text),
    ("years_to_qualify", marked("years to qualify"), lambda v: f"{v:.1f}".removesuffix(".0")),
    ("years_education", marked("additional years of school"), lambda v: f"{v:g}"),
    ("annual_median_wage", marked("median wage (US $ per year)"), money),
    ("published_code", marked("wage published under"), as_text),
    ("wage_gain", marked("change in median wage (US $ per year)"), lambda v: f"{v:+,.0f}"),
    ("annual_openings", marked("openings per year"), lambda v: f"{v:,.0f}"),
    ("employment_change_percent", marked("projected growth (%)"), lambda v: f"{v:+.1f}"),
    ("exposure", HELP_HEAD, lambda v: f"{v:.2f}"),
    ("exposure_change", marked("change in exposure"), lambda v: f"{v:+.2f}"),
    ("automation_score", ALONE_HEAD, lambda v: f"{v:.2f}"),
    ("automation_change", marked("change in automation score"), lambda v: f"{v:+.2f}"),
    ("credentials", marked("credentials that help"), as_text),
)
_TEXT_COLUMNS = {
    "title", "section", "via_title", "required_education", "way_in", "credentials",
    "observed_moves",
}  # fmt: skip
#: What the table of years reads.
_SERIES_READ = [
    "year", "soc_code", "title", "soc_vintage", "employment", "annual_median_wage",
    "real_annual_median_wage",
]  # fmt: skip
#: Where an empty cell of the table means that nothing is known, and not that there is none.
_NOT_KNOWN = {"years_to_qualify": marked("not known"), "credentials": marked("not looked up")}


@cache
def environment() -> jinja2.Environment:
    """Templates of this package; everything put into them is escaped unless it is `Markup`."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.site", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"_": _said, "plain": plain, "link": _link}
    return made


def _said(text: str, /, **values: Any) -> Markup:
    """A message of a template or a catalogue, which are ours; what is put into it is escaped."""
    words = Markup(translated(text))
    return words.format(**values) if values else words


def _link(href: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, words)


#: How a license's wording names a release of O*NET, and what stands for it while texts are joined.
_ONET_RELEASE, _RELEASES = re.compile(r"O\*NET ([\d.]+) Database"), "\0"


@cache
def asset(name: str) -> Markup:
    """A style sheet or script of this package, to stand in a page as it is."""
    return Markup(resources.files("pipelines.site").joinpath(name).read_text("utf-8"))


def table(
    caption: str,
    frame: pd.DataFrame | Mapping[str, Sequence[Any]],
    numeric: Iterable[str] = (),
    details: Sequence[Sequence[str]] = (),
    said: bool = False,
) -> dict[str, Any]:
    """Columns of texts for the template: caption, head (name, is a number), rows, details.

    ``short`` is the caption's first part, for a button and for a screen reader.
    ``numbers`` names the columns of numbers by place for `app/style.css`: "n3 n5". `details` holds
    for each row the lines that unfold beneath it. Headings are messages, unless they are `said`.
    """
    numeric = set(numeric)
    return {
        "details": details,
        "caption": caption,
        "short": re.split(r"[.;] ", caption)[0],
        "head": [(str(c) if said else _(str(c)), c in numeric) for c in frame],
        "numbers": " ".join(f"n{i}" for i, c in enumerate(frame, 1) if c in numeric),
        "rows": list(zip(*(frame[c] for c in frame), strict=True)),
    }


def task_table(tasks: pd.DataFrame, why: pd.DataFrame | None = None) -> dict[str, Any]:
    """Every task, most exposed first: scores, intervals, classes; unfolded, why (where given).

    Observed use (`Analysis.beside_tasks`) stands beside them where any task has it.
    """
    tasks = tasks.sort_values(["exposure", "task_id"], ascending=[False, True])
    details: list[list[str]] = []
    if why is not None:
        said = {row["task_id"]: row for row in records(why)}
        details = [reasons.why(said[row["task_id"]] | row) for row in records(tasks)]

    def values(name: str) -> list[Any]:
        return tasks[name].tolist() if name in tasks else [None] * len(tasks)

    def column(name: str) -> list[str]:
        return ["–" if pd.isna(v) else _(CLASS_WORDS.get(v, str(v))) for v in values(name)]

    def score(name: str) -> list[str]:
        return ["–" if pd.isna(v) else f"{v:.2f}" for v in values(name)]

    def interval(name: str) -> list[str]:
        ends = zip(score(f"{name}_low"), score(f"{name}_high"), strict=True)
        return [
            "–" if "–" in (lo, hi) else _("{low} to {high}", low=lo, high=hi) for lo, hi in ends
        ]

    used = {USED_HEAD: score("observed_use")} if "observed_use" in tasks else {}
    if not any(v != "–" for v in used.get(USED_HEAD, [])):
        used = {}
    scores = {
        HELP_HEAD: score("exposure"),
        marked("90% interval"): interval("exposure"),
        ALONE_HEAD: score("automation_score"),
        marked("its 90% interval"): interval("automation"),
        **used,
    }
    names = zip(values("task"), values("task_id"), strict=True)
    columns = {
        marked("task"): [task_name(t, i) for t, i in names],
        **scores,
        marked("our class"): column("exposure_label"),
        marked("label by people"): column("human_label"),
        marked("label by GPT-4"): column("gpt4_label"),
        marked("O*NET task id"): [str(v) for v in values("task_id")],
    }
    return table(
        _(
            "Tasks, most exposed first. A label says if software halves the time: no help, direct "
            "help, or help with added tools; – means no published label."
        ),
        columns,
        scores,
        details,
    )


def path_table(destinations: pd.DataFrame) -> dict[str, Any]:
    """Every destination of the chart and those without a published wage."""
    if "via_title" not in destinations and "via_soc" in destinations:
        known = dict(zip(destinations["soc_code"], destinations["title"], strict=True))
        stops = destinations["via_soc"].fillna("").str.split(r",\s*", regex=True)
        destinations = destinations.assign(
            via_title=["; ".join(known.get(s, s) for s in stop) for stop in stops]
        )
    destinations = in_spanish(destinations)
    kept = [c for c in PATH_COLUMNS if c[0] in destinations]
    columns = {
        heading: [
            _(_NOT_KNOWN.get(name, "–")) if v is None or pd.isna(v) or v == "" else show(v)
            for v in destinations[name].tolist()
        ]
        for name, heading, show in kept
    }
    return table(
        _(
            "Career paths, each kind ranked: the nearer the move and the more it brings, the "
            "higher. – means none, or not published."
        ),
        columns,
        [heading for name, heading, _ in kept if name not in _TEXT_COLUMNS],
    )


def series_table(series: pd.DataFrame, real_year: int | None) -> dict[str, Any]:
    """Employment and wages of every code and year."""

    def shown(value: float, how: Any) -> str:
        return _("not published") if pd.isna(value) else how(value)

    rows = records_of(series, _SERIES_READ)
    rows.sort(key=lambda row: (row["year"], row["soc_code"]))
    names = [
        _("year"),
        _("occupation"),
        _("employment"),
        _("median wage (US $ of the year)"),
        _("median wage (US $ of {year})", year=real_year)
        if real_year
        else _("median wage (constant US $)"),
    ]
    cells = [
        (
            _("May {year}", year=r["year"]),
            _(
                "{code} {title} ({vintage})",
                code=r["soc_code"],
                title=title(r["soc_code"], r["title"]),
                vintage=curated(VINTAGES[r["soc_vintage"]]),
            ),
            shown(r["employment"], lambda v: f"{v:,.0f}"),
            shown(r["annual_median_wage"], money),
            shown(r["real_annual_median_wage"], money),
        )
        for r in rows
    ]
    return table(
        _(
            "Employment and median wage by year. Codes of SOC 2010, SOC 2018, and the hybrid codes "
            "of 2019 and 2020 do not hold the same workers."
        ),
        dict(zip(names, zip(*cells, strict=True), strict=True)),
        names[2:],
        said=True,
    )


def source_table(sources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Publisher, title, release, date, license, address of every source used."""
    names = ("title", "publisher", "release", "date", "licence", "url")
    heads = (
        marked("dataset"), marked("publisher"), marked("release"), marked("date"),
        marked("license"), marked("address"),
    )  # fmt: skip
    columns = {
        head: [str(s.get(name) or "–") for s in sources]
        for head, name in zip(heads, names, strict=True)
    }
    return table(_("Public sources of the release that this page was made from"), columns)


def attributions(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The wording that licenses require, each once; one for all releases of O*NET in use."""
    texts = dict.fromkeys(s["attribution"] for s in sources if s.get("attribution"))
    releases: dict[str, list[str]] = {}
    for said in texts:
        same = releases.setdefault(_ONET_RELEASE.sub(_RELEASES, said), [])
        same += _ONET_RELEASE.findall(said)
    return [
        said.replace(_RELEASES, f"O*NET {listed(of)} Database{'s' * (len(of) > 1)}")
        for said, of in releases.items()
    ]


def page_tables(context: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The tables of an occupation by section: tasks, pay, career-paths."""
    found: dict[str, list[dict[str, Any]]] = {"tasks": [], "pay": [], "career-paths": []}
    if len(context["tasks"]):
        found["tasks"].append(task_table(context["tasks"], context.get("why")))
    if len(context["series"]):
        found["pay"].append(series_table(context["series"], context.get("real_year")))
    if len(context["states"]):
        frame = state_table(context["states"])
        frame.columns = [
            marked("state"),
            marked("area"),
            marked("employment"),
            marked("median wage"),
            marked("10th percentile"),
            marked("90th percentile"),
        ]
        found["pay"].append(
            table(
                _("Annual wages by state and territory (US $ per year)"),
                frame,
                list(frame.columns[2:]),
            )
        )
    if len(context["destinations"]):
        found["career-paths"].append(path_table(context["destinations"]))
    return found


def figure_place(
    name: str, layout: Mapping[str, Any], say: Callable[[str], str] = str
) -> dict[str, Any]:
    """Where a figure stands on a page: name, alt text, height and width in pixels.

    `say` puts the chart's words into the language of now.
    """
    meta = {key: say(str(layout["meta"].get(key, ""))) for key in ("finding", "reading")}
    alt = " ".join(words.rstrip(".") + "." for words in meta.values() if words)
    where = _("The numbers are in the tables of this section.")
    return {
        "name": name,
        "finding": meta["finding"].rstrip("."),
        "alt": f"{alt} {where}".strip(),
        "height": int(layout["height"]),
        "width": int(layout.get("width", 0)),
    }
