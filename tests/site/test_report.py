"""A report: one file, plain words, hostile text stays text, draws in a real browser offline."""

import re

import pandas as pd
import pytest

from pipelines.base.errors import UsageError
from pipelines.charts import geography, task_exposure
from pipelines.figures import export
from pipelines.site import text
from pipelines.site.index import render_index
from pipelines.site.report import render_report

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


@pytest.fixture(scope="module")
def page():
    return render_report({**context(), "why": why()})


def test_the_page_answers_in_plain_words(page):
    for words in ("exposure is 0.55", "0.20 to 0.90", "$50,000 per year in May 2025",
                  "14,200 openings", "$70,000 more than now", "It does not say that a job will",
                  "our own short words", "1 of 2 tasks are shown by number", "29-2072.01 Other",
                  "Used under the CC BY 4.0 license.", "not released by BLS"):  # fmt: skip
        assert words in page, words
    assert "risk of losing" not in page.lower()


def test_nothing_is_fetched_from_elsewhere(page):
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", page)


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
    page = render_report({**context(), "why": why()})
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
    same = render_report({**given, "tasks": tasks, "why": why()})
    other = render_report({**given, "tasks": tasks.assign(exposure=[0.7, 0.2]), "why": why()})
    assert "another version of the model" not in same
    assert "another version of the model" in other


def test_tables_and_figures_are_labeled(page):
    assert '<html lang="en">' in page
    assert page.count("<caption>") == page.count("<table>") == 5
    assert len(re.findall(r'role="img" aria-label="[^"]{40,}"', page)) == 2


def test_a_context_that_lacks_a_part_is_named():
    with pytest.raises(UsageError, match="states"):
        render_report({k: v for k, v in context().items() if k != "states"})


def test_no_tasks_no_wages_no_paths_still_make_a_page():
    given = context()
    bare = {**given, "exposure": None, "outlook": None, "figures": {}}
    bare |= {k: given[k].iloc[:0] for k in ("tasks", "series", "states", "destinations")}
    page = render_report(bare)
    assert "publishes no tasks" in page
    assert "no national wage" in page
    assert "No advancement path" in page


def test_a_wide_interval_is_said():
    found = context()
    assert any(
        "1 of the tasks" in s for s in text.exposure_sentences(found["exposure"], found["tasks"])
    )


def test_the_index_lists_every_report_by_title():
    rows = pd.DataFrame(
        {
            "title": ["Zebra <b>", "Aide"],
            "onet_soc_code": ["1", "2"],
            "href": ["z.html", "a.html"],
            "exposure": [0.5, None],
        }
    )
    page = render_index(rows, "snapshot")
    assert page.index("a.html") < page.index("z.html")
    assert "Zebra &lt;b&gt;" in page
    assert "0.50" in page


@pytest.mark.skipif(export.chrome() is None, reason="Chrome or Chromium is not installed")
def test_a_browser_draws_the_page_offline_without_a_complaint(page, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "report.html"
    path.write_text(page, "utf-8")
    said, asked = [], []
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=export.chrome(), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url.split(":")[0]))
        tab.goto(path.as_uri())
        tab.wait_for_selector("#status", state="detached", timeout=30_000)
        drawn = tab.locator("[data-figure] .plot-container").count()
        hit = tab.evaluate("window.hit")
        wide = tab.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert drawn == 2
    assert said == []
    assert hit is None
    assert set(asked) <= {"file", "blob", "data"}
    assert wide <= 390
