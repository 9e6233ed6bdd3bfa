"""A saved page: one file, plain words, hostile text stays text, draws in a browser offline."""

import re

import pandas as pd
import pytest

from pipelines.base.errors import UsageError
from pipelines.charts import geography, task_exposure
from pipelines.figures import export
from pipelines.releases.current import open_data
from pipelines.site import pages, pictures, text
from pipelines.site.inline import inlined
from pipelines.site.publish import saved_page
from pipelines.site.tables import page_tables, source_table, task_table

EVIL = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"


def context():
    tasks = pd.DataFrame(
        {
            "task_id": [1, 2],
            "task": [EVIL, None],
            "task_text_source": ["own words", None],
            "exposure": [0.9, 0.2],
            "exposure_low": [0.3, 0.1],
            "exposure_high": [1.0, 0.4],
            "exposure_label": ["E1", "E0"],
            "human_label": ["E1", None],
            "gpt4_label": ["E2", "E0"],
        }
    )
    series = pd.DataFrame(
        {
            "year": [2021, 2025],
            "soc_code": "29-2072",
            "soc_vintage": "2018",
            "title": "Records",
            "employment": [1000.0, 1100.0],
            "annual_median_wage": [40_000.0, 50_000.0],
            "real_annual_median_wage": [48_000.0, 50_000.0],
            "annual_p10_wage": 30_000.0,
            "annual_p90_wage": 80_000.0,
        }
    )
    states = pd.DataFrame(
        {
            "state": ["TX", "WY"],
            "area_title": ["Texas", EVIL],
            "annual_median_wage": [50e3, None],
            "annual_median_wage_flag": ["", "suppressed"],
            "employment": [5.0, None],
            "employment_flag": ["", "suppressed"],
            "guard": ["", None],
        }
    )
    destinations = pd.DataFrame(
        {
            "soc_code": ["11-9111"],
            "title": ["Managers"],
            "via_soc": [""],
            "steps": [1],
            "required_education": ["Bachelor's degree"],
            "section": ["up, in your field"],
            "annual_median_wage": [120e3],
            "wage_gain": [70e3],
        }
    )
    return {
        "onet_soc_code": "29-2072.00", "soc_code": "29-2072", "title": f"Records {EVIL}",
        "tasks": tasks, "series": series, "states": states, "destinations": destinations,
        "real_year": 2025, "data_label": "embedded snapshot", "shared_soc": ["29-2072.01 Other"],
        "exposure": {"exposure": 0.55, "exposure_low": 0.2, "exposure_high": 0.9,
                     "percentile": 80.0, "weight_rule": "equal"},
        "outlook": {"base_year": 2024, "target_year": 2034, "employment_change_percent": 7.1,
                    "annual_openings": 14.2},
        "figures": {"task_exposure": task_exposure.task_exposure(tasks, EVIL, EVIL),
                    "wages_by_state": geography.wages_by_state(states, EVIL, EVIL)},
        "sources": [{"title": "O*NET", "publisher": "USDOL/ETA", "release": "29.3",
                     "date": "2025-05", "licence": "CC BY 4.0", "url": "https://example.org",
                     "attribution": "Used under the CC BY 4.0 license."}]}  # fmt: skip


def rendered(given):
    """The page of made data, standing alone."""
    tables = page_tables(given)
    sections = [
        {
            "id": name,
            "heading": name,
            "figures": [],
            "lines": [],
            "more": False,
            "tables": [one | {"open": False} for one in made],
        }  # fmt: skip
        for name, made in tables.items()
    ]
    shell = pages.Shell(
        "embedded snapshot", "2026-11-26", ["Used under the CC BY 4.0 license."], []
    )
    return shell.render(
        "occupation.html.j2", "../", title=given["title"], onet_soc_code="29-2072.00",
        soc_code="29-2072", pictures=pictures.pictures(given), answers=text.question_answers(given),
        notes=text.data_notes(given["tasks"], given["shared_soc"], "29-2072"),
        publishers=[], sections=sections, sources=source_table(given["sources"]), client=None,
        areas=[], schools=None, scripts=[], saved=inlined(""), week_words={},
    )  # fmt: skip


@pytest.fixture(scope="module")
def page():
    return rendered({**context(), "why": why()})


@pytest.fixture(scope="module")
def saved():
    return saved_page(open_data(offline=True), "biomed tech")


def test_the_page_answers_in_plain_words(page):
    for words in ("exposure is 0.55", "0.20 to 0.90", "$50,000 per year in May 2025",
                  "14,200 openings", "$70,000 more than now", "Neither says that a job will",
                  "our own short words", "1 of 2 tasks is shown by number", "29-2072.01 Other",
                  "Used under the CC BY 4.0 license.", "not released by BLS"):  # fmt: skip
        assert words in page, words
    assert "risk of losing" not in page.lower()


def test_a_saved_page_is_whole_and_asks_for_no_file(saved):
    code, page = saved
    assert code == "49-9062.00"
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?!data:|#)", page)
    for words in ("Fix loose connections with a soldering iron", "Career paths", "CBET",
                  "Bureau of Labor Statistics", "90% interval"):  # fmt: skip
        assert words in page, words
    # What other files of the site answer is not promised.
    for words in ("compare.html", "Schools near you", "area-pay", "client"):
        assert f'"{words}' not in page
        assert f">{words}" not in page
    assert len(page) < 4_000_000


def test_an_unknown_occupation_has_no_page():
    with pytest.raises(UsageError, match="99-9999"):
        saved_page(open_data(offline=True), "99-9999.00")


def test_hostile_text_stays_text(page):
    assert "<script>window.hit" not in page
    assert "<img" not in page


def why():
    """As `Analysis.explain` gives it, with hostile text wherever text may come from outside."""
    row = {
        "onet_soc_code": "29-2072.00", "task_id": 1, "exposure_wording": 0.61,
        "exposure_evidence": 0.84, "raised_by": f"{EVIL} 0.20", "lowered_by": "desk -0.05",
        "related_e0": 1, "related_e1": 3, "related_e2": 0,
        "nearest_1_task_id": 7, "nearest_1_onet_soc_code": "43-1011.00",
        "nearest_1_title": EVIL, "nearest_1_cosine": 0.9, "nearest_1_human_label": "E1",
        "nearest_1_task": EVIL, "why": f'Raised by "{EVIL}". 3 of 4 related tasks were rated E1.',
    }  # fmt: skip
    bare = dict.fromkeys(row, None) | {"onet_soc_code": "29-2072.00", "task_id": 2}
    bare |= {"related_e0": 0, "related_e1": 0, "related_e2": 0, "why": "Not known."}
    return pd.DataFrame([row, bare])


def test_each_task_unfolds_to_why_and_hostile_text_stays_text_there():
    page = rendered({**context(), "why": why()})
    folded = re.findall(r"<details>(.*?)</details>", page, re.DOTALL)
    assert len(folded) == 2
    assert "<details open" not in page
    first, second = folded
    assert "wording alone 0.61; with the labels of related tasks 0.84" in first
    assert "that of the official statement" in first
    assert "desk -0.05" in first
    assert "similarity 0.90" in first
    assert first.count("&lt;img src=x") == 5
    assert "Not known." in second
    for words in ("<script>window.hit", "<img", "None", "nan"):
        assert words not in first + second


def test_a_score_of_another_model_is_said_to_be_one():
    given = context()
    tasks = given["tasks"].assign(task_text_source="O*NET", exposure=[0.84, 0.2])
    same = rendered({**given, "tasks": tasks, "why": why()})
    other = rendered({**given, "tasks": tasks.assign(exposure=[0.7, 0.2]), "why": why()})
    assert "another version of the model" not in same
    assert "another version of the model" in other


def test_tables_are_labeled(page):
    assert '<html lang="en">' in page
    assert page.count("<caption>") == page.count("<table") == 6


def test_no_tasks_no_wages_no_paths_still_make_a_page():
    given = context()
    bare = {**given, "exposure": None, "outlook": None, "figures": {}}
    bare |= {k: given[k].iloc[:0] for k in ("tasks", "series", "states", "destinations")}
    page = rendered(bare)
    assert "publishes no tasks" in page
    assert "no national wage" in page
    assert "No advancement path" in page


def test_use_stands_in_the_table_of_tasks_only_where_any_task_has_it():
    tasks = context()["tasks"]
    used = "people use one company's AI for it (0 to 1)"
    bare = task_table(tasks.assign(observed_use=float("nan")))
    assert used not in dict(bare["head"])
    table = task_table(tasks.assign(observed_use=[0.25, float("nan")]))
    assert dict(table["head"])[used]  # a column of numbers: it can be sorted
    place = [name for name, _ in table["head"]].index(used)
    assert [row[place] for row in table["rows"]] == ["0.25", "–"]


def test_a_wide_interval_is_said():
    found = context()
    tasks = found["tasks"].assign(exposure_low=[0.3, 0.6], exposure_high=[0.9, 0.8])
    said = " ".join(text.exposure_sentences(found["exposure"], tasks))
    assert "For 1 of the tasks the interval is wider than half the scale." in said


@pytest.mark.skipif(export.chrome() is None, reason="Chrome or Chromium is not installed")
def test_a_browser_draws_the_page_offline_without_a_complaint(saved, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "report.html"
    path.write_text(saved[1], "utf-8")
    said, asked = [], []
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=export.chrome(), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url.split(":")[0]))
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('.fold').forEach(d => { d.open = true })")
        tab.evaluate("window.OUTLOOK.drawAll()")
        tab.wait_for_function(
            "[...document.querySelectorAll('[data-chart]')].every((p) => p.dataset.drawn)"
        )
        drawn = tab.locator("[data-chart] .plot-container").count()
        with tab.expect_download() as download:
            tab.locator('.takeaway[data-for="task_exposure"] [data-kind="csv"]').click()
        data = pd.read_csv(download.value.path())
        wide = tab.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert drawn > 5
    assert len(data) == 20
    assert said == []
    assert set(asked) <= {"file", "blob", "data"}
    assert asked.count("file") == 1
    assert wide <= 390
