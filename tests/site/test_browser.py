"""The advisers' site in a real browser, opened from a folder, as an adviser would use it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from sitekit import needs_browser

from pipelines.answers.export import export
from pipelines.answers.programs import programs_answer
from pipelines.pathways.routes.regional import in_area
from pipelines.pathways.routes.search import find_paths
from pipelines.releases.current import open_data

pytestmark = needs_browser
RECORDS = "29-2072.00"


@pytest.fixture
def page_of(site, open_tab):
    def opened(name: str, **options):
        path, _, fragment = name.partition("#")
        url = (site / path).as_uri() + (f"#{fragment}" if fragment else "")
        tab = open_tab(url, **options)
        # Sections stand folded; most of these tests look into them.
        tab.page.evaluate(
            "document.querySelectorAll('.fold, .held').forEach(d => { d.open = true })"
        )
        return tab

    return opened


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("medical records", "Medical Records Specialists"),
        ("medical coder", "Medical Records Specialists"),
        ("health info tech", "Health Information Technologists and Medical Registrars"),
        ("RHIT", "Medical Records Specialists"),
        ("medcal recrods specalist", "Medical Records Specialists"),
        ("29-2072", "Medical Records Specialists"),
        ("292072", "Medical Records Specialists"),
        ("tumor registrar", "Health Information Technologists and Medical Registrars"),
        ("registered nurse", "Registered Nurses"),
        ("web develper", "Web Developers"),
    ],
)
def test_a_search_forgives_and_finds(page_of, typed, title):
    tab = page_of("index.html")
    tab.page.fill("#search", typed)
    first = tab.page.locator("#found li a").all_inner_texts()
    assert title in first[:3]
    assert tab.problems == []


def test_a_search_that_finds_nothing_says_so_and_its_address_can_be_sent(page_of):
    tab = page_of("index.html")
    tab.page.fill("#search", "qqqqzzzz")
    assert "Nothing found" in tab.page.inner_text("#search-status")
    tab.page.fill("#search", "pharmacy tech")
    again = page_of("index.html#" + tab.page.evaluate("location.hash.slice(1)"))
    assert again.page.locator("#found li").all_inner_texts() == (
        tab.page.locator("#found li").all_inner_texts()
    )
    assert again.page.locator("#found li").count() > 0


def test_from_search_to_page_by_keyboard_alone_and_back(page_of):
    tab = page_of("index.html")
    tab.page.focus("#search")
    tab.page.keyboard.type("medical records specialists")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**/o/{RECORDS}.html")
    assert tab.page.inner_text("h1") == "Medical Records Specialists"
    tab.page.go_back()
    assert tab.page.input_value("#search") == "medical records specialists"
    assert tab.problems == []


def test_choices_rank_anew_and_stand_in_the_address(page_of):
    tab = page_of(f"o/{RECORDS}.html")
    tab.page.click("#client-form button")
    rows = tab.page.locator("#client-ways tbody tr")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    before = rows.all_inner_texts()
    assert not any(cell in row for row in before for cell in ("−0.00", "+0.00"))
    tab.page.select_option("#c-state", "TX")
    tab.page.wait_for_function("document.querySelector('#client-said').innerText.includes('Texas')")
    tab.page.select_option("#c-limit", "no more school")
    tab.page.wait_for_function(
        "[...document.querySelectorAll('#client-ways tbody tr td:nth-child(5)')]"
        ".every(cell => cell.innerText === '0')"
    )
    assert rows.all_inner_texts() != before
    assert "state=TX" in tab.page.evaluate("location.href")
    sent = page_of(f"o/{RECORDS}.html#" + tab.page.evaluate("location.hash.slice(1)"))
    sent.page.wait_for_selector("#client-found:not([hidden])")
    assert sent.page.input_value("#c-state") == "TX"
    assert sent.page.locator("#client-ways tbody tr").all_inner_texts() == rows.all_inner_texts()
    tab.page.go_back()
    tab.page.wait_for_function("document.querySelector('#c-limit').value === ''")
    assert tab.page.input_value("#c-state") == "TX"
    assert tab.problems == sent.problems == []


def test_a_state_says_what_it_pays_and_what_is_not_published(page_of):
    tab = page_of(f"o/{RECORDS}.html")
    tab.page.select_option("#state-pay", "TX")
    wages = open_data(offline=True).table("wages")
    own = wages[(wages["state"] == "TX") & (wages["soc_code"] == "29-2072")].iloc[0]
    said = tab.page.inner_text("#state-said")
    assert f"${own['annual_median_wage']:,.0f}" in said
    assert f"{own['employment']:,.0f} jobs" in said
    tab.page.select_option("#c-state", "VI")
    assert tab.page.input_value("#state-pay") == "VI"
    assert tab.page.inner_text("#state-said").startswith("Virgin Islands")
    assert tab.problems == []


def test_schools_of_a_state_are_those_of_the_command(page_of, tmp_path, analysis):
    tab = page_of(f"o/{RECORDS}.html")
    assert not any("programs" in url for url in tab.asked)  # read when it comes into view
    tab.page.locator("#schools").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#schools-state", state="attached")
    for to, state, sort in (("29-2072", "OH", "price"), ("15-1232", "TX", "graduates"),
                            ("29-9021", "CA", "earnings")):  # fmt: skip
        tab.page.select_option("#schools-to", to)
        tab.page.select_option("#schools-sort", sort)
        tab.page.select_option("#schools-state", state)
        expected = programs_answer(analysis, to, state=state, sort=sort).frame
        said = f"{len(expected):,} programs at {expected['unitid'].nunique():,} schools"
        tab.page.wait_for_function(
            f"document.querySelector('#schools-said').innerText.includes({said!r})"
        )
        shown = tab.page.locator("#schools-rows tr")
        first = expected.head(25)
        assert shown.count() == len(first)
        for line, row in zip(shown.all(), first.itertuples(), strict=True):
            cells = line.locator("th, td").all_inner_texts()
            assert cells[:4] == [row.school, row.city, row.control, row.award]
            assert cells[4] == f"{row.program} ({row.cip_code})"
            numbers = [row.graduates, row.in_district, row.in_state, row.earnings_4yr,
                       row.earnings_1yr, row.debt]  # fmt: skip
            assert cells[5:11] == ["not published" if v != v else f"{v:,.0f}" for v in numbers]
            assert cells[11] == row.outcomes_scope
    with tab.page.expect_download() as download:
        tab.page.click("#schools-csv")
    file = tmp_path / download.value.suggested_filename
    assert file.name == "programs_29-9021_CA.csv"
    download.value.save_as(file)
    assert len(pd.read_csv(file)) == len(expected)
    assert tab.problems == []


def test_the_clients_state_is_the_schools_state_too(page_of):
    tab = page_of(f"o/{RECORDS}.html#state=OH")
    tab.page.locator("#schools").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#schools-found:not([hidden])")
    assert tab.page.inner_text("#schools-said").startswith("Ohio: ")
    tab.page.select_option("#c-state", "GU")
    tab.page.wait_for_function(
        "document.querySelector('#schools-said').innerText.startsWith('Guam')"
    )
    assert tab.problems == []


def test_the_address_is_read_in_words_and_what_it_cannot_mean_is_said(page_of):
    tab = page_of(
        f"o/{RECORDS}.html#state=texas&education=associates-degree&held=rhit,XYZ&steps=9&area=Ohio"
    )
    tab.page.wait_for_selector("#client-found:not([hidden])")
    assert tab.page.input_value("#c-state") == "TX"
    assert tab.page.input_value("#c-education") == "4"
    assert tab.page.locator("[value=RHIT]").is_checked()
    said = tab.page.inner_text("#address-said")
    assert "steps “9”" in said
    assert "credential “XYZ”" in said
    assert "area “Ohio”" in said
    tab.page.select_option("#c-study", "part")
    words = tab.page.evaluate("location.hash")
    assert "education=associates-degree" in words
    assert "state=TX" in words
    assert tab.page.inner_text("#address-said") == ""  # mended with the first change
    assert tab.problems == []


def test_the_case_goes_along_and_its_assumptions_are_said(page_of, tmp_path):
    tab = page_of(
        f"o/{RECORDS}.html#state=OH&education=high-school-diploma-or-equivalent&held=RHIT"
    )
    tab.page.wait_for_selector("#client-found:not([hidden])")
    assumed = tab.page.inner_text("#client-assumed")
    assert "RHIT counts as an associate's degree" in assumed
    assert tab.page.inner_text(".held summary") == "Credentials held: RHIT"
    assert "Pay is that of Ohio" in assumed
    rows = tab.page.locator("#client-ways tbody tr")
    first = rows.first.locator("th").inner_text()
    assert tab.page.inner_text("#next-said").startswith(f"For this client: {first}, ")
    assert "In Ohio, half earn more than $" in tab.page.inner_text("#pay-local-said")
    for link in (rows.first.locator("a"), tab.page.locator("#compare-link")):
        assert "state=OH" in link.get_attribute("href")
        assert "held=RHIT" in link.get_attribute("href")
    with tab.page.expect_download() as waiting:
        tab.page.click("#client-csv")
    table = pd.read_csv(waiting.value.path())
    assert len(table) == rows.count()
    wage, change = "median wage in Ohio (US $ per year)", "change in median wage (US $ per year)"
    for column in (wage, change, "tuition (US $)", "additional school (years)"):
        assert pd.api.types.is_numeric_dtype(table[column]), column
    assert table["occupation"].iloc[0] == first
    with tab.page.expect_download() as waiting:
        tab.page.click("#client-about")
    about = Path(waiting.value.path()).read_text("utf-8")
    for words in ("State: Ohio", "Credentials held: RHIT", "OEWS", "O*NET-SOC", "state=OH"):
        assert words in about
    # The sheet adds up from what is printed: the wage now and the change give the wage there.
    tab.page.evaluate("window.OUTLOOK.handout(true)")
    sheet = tab.page.locator("#handout-ways tbody tr")
    numbers = lambda row: [int(t) for t in re.findall(r"(?<=\$)[\d,]+", row.replace(",", ""))]  # noqa: E731
    now = numbers(sheet.first.inner_text())[0]
    for row in sheet.all_inner_texts()[1:]:
        there, more = numbers(row)[:2]
        assert there == now + more, row
    assert tab.problems == []


def test_an_area_gives_both_ends_of_a_move_its_wages_as_the_command_does(page_of, analysis):
    tab = page_of(f"o/{RECORDS}.html")
    said = tab.page.locator("#client-said")
    field = tab.page.locator("#c-area")

    def typed(text, expected):
        field.fill(text)
        field.dispatch_event("change")
        tab.page.wait_for_function(
            f"document.querySelector('#client-said').innerText.includes({expected!r})"
        )

    typed("columbus", "areas fit: Columbus, GA-AL;")
    typed("no such place", "No area has this name or code.")
    typed("columbus oh", "with wages of Columbus, OH.")
    assert (field.input_value(), tab.page.url.split("#")[1]) == ("Columbus, OH", "area=18140")
    local = in_area(analysis.pathways, analysis.tables["area_wages"], "18140")
    ours = find_paths(local, "29-2072", max_steps=2)
    lines = tab.page.locator("#client-ways tbody tr").all()
    rows = [line.locator("th, td").all_inner_texts() for line in lines]
    assert [row[0] for row in rows] == ours["title"].tolist()
    for row, wage, gain in zip(rows, ours["annual_median_wage"], ours["wage_gain"], strict=True):
        assert row[8].startswith(f"${wage:,.0f}")
        assert row[9] == f"+${gain:,.0f}"
    assert "technician occupations only" in said.inner_text()
    sent = page_of(f"o/{RECORDS}.html#area=18140")
    sent.page.wait_for_selector("#client-found:not([hidden])")
    sent.page.wait_for_function("document.querySelector('#c-area').value === 'Columbus, OH'")
    odd = page_of(f"o/{RECORDS}.html#area=../18140")
    odd.page.wait_for_selector("#client-found:not([hidden])")
    assert "the United States" in odd.page.inner_text("#client-said")
    assert tab.problems == sent.problems == odd.problems == []


def test_beneath_the_card_stand_the_first_programs_of_the_chosen_state(page_of, analysis):
    tab = page_of("o/29-2061.00.html#state=OH")
    tab.page.locator("#card-programs").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#card-found li")
    every = programs_answer(analysis, "29-1141", state="OH", level="associate").frame
    said = tab.page.inner_text("#card-programs")
    assert f"Registered Nurses, Associate's degree: {len(every):,} programs" in said
    lines = tab.page.locator("#card-found li").all_inner_texts()
    for line, row in zip(lines, every.head(3).to_dict("records"), strict=True):
        assert line == (
            f"{row['school']}, {row['city']} ({row['control']}): associate's degree in "
            f"{row['program']}; a year in district ${row['in_district']:,.0f}, in state "
            f"${row['in_state']:,.0f}; graduates' earnings ${row['earnings_4yr']:,.0f}"
        )
    assert tab.page.get_attribute("#card-found a", "href") == "#schools"
    tab.page.select_option("#schools-sort", "graduates")
    most = programs_answer(
        analysis, "29-1141", state="OH", level="associate", sort="graduates"
    ).frame["school"].iloc[0]  # fmt: skip
    assert tab.page.locator("#card-found li").first.inner_text().startswith(most)
    assert tab.problems == []


def test_nonsense_in_the_address_is_left_out(page_of):
    tab = page_of(f"o/{RECORDS}.html#state=%3Cscript%3E&education=99&steps=7&week=x:y,1:-5&held=ZZ")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    assert tab.page.input_value("#c-state") == ""
    assert tab.page.input_value("#c-education") == "3"
    assert tab.problems == []


def test_a_week_without_a_task_changes_exposure(page_of):
    tab = page_of(f"o/{RECORDS}.html")
    tab.page.evaluate("document.getElementById('week').open = true")
    said = tab.page.locator("#week-said")
    own = re.findall(r"\d\.\d\d", said.inner_text())
    assert own[0] == own[1]
    first = tab.page.locator("#week tbody input[type=checkbox]").first
    first.uncheck()
    changed = re.findall(r"\d\.\d\d", said.inner_text())
    assert changed[1] == own[1]
    assert changed[0] < own[0]  # tasks stand most exposed first
    assert "week=" in tab.page.evaluate("location.href")
    shares = tab.page.locator("#week tbody input[type=number]")
    values = lambda: [float(s.input_value()) for s in shares.all() if s.is_enabled()]  # noqa: E731
    assert abs(sum(values()) - 100) < 1  # as printed, to one decimal
    shares.nth(1).fill("40")
    assert shares.nth(1).input_value() == "40"
    assert abs(sum(values()) - 100) < 1
    shares.nth(2).fill("250")
    assert said.inner_text().startswith("250 is no share of a week")
    shares.nth(2).blur()
    assert float(shares.nth(2).input_value()) < 60
    assert shares.nth(1).input_value() == "40"
    shares.nth(2).fill("70")
    assert "60 percent of the week is left" in said.inner_text()
    shares.nth(2).blur()
    for tick in tab.page.locator("#week tbody input[type=checkbox]").all():
        tick.uncheck()
    assert "No task is selected" in said.inner_text()
    tab.page.click("#week-reset")
    assert re.findall(r"\d\.\d\d", said.inner_text()) == own
    assert tab.problems == []


def test_the_page_s_own_week_is_the_occupation_s_exposure(page_of):
    tab = page_of(f"o/{RECORDS}.html")
    tab.page.evaluate("document.getElementById('week').open = true")
    shown = re.findall(r"\d\.\d\d", tab.page.inner_text("#week-said"))[1]
    table = open_data(offline=True).table("occupation_exposure").set_index("onet_soc_code")
    assert shown == f"{table['exposure'][RECORDS]:.2f}"
    alone = re.findall(r"\d\.\d\d", tab.page.inner_text("#week-said").split("Automation")[1])
    assert alone == [f"{table['automation_score'][RECORDS]:.2f}"] * 2


def test_every_chart_can_be_taken_away_and_is_the_one_of_the_command(page_of, tmp_path):
    tab = page_of(f"o/{RECORDS}.html")
    tab.page.evaluate("window.OUTLOOK.drawAll()")
    names = tab.page.evaluate("Object.keys(window.OUTLOOK.figures)")
    assert {"task_exposure", "advancement_paths", "wages_by_state"} <= set(names)
    data = open_data(offline=True)
    export(data, RECORDS, "all", ["csv"], tmp_path, print)
    for name in names:
        got = {}
        for kind in ("png", "svg", "csv"):
            button = tab.page.locator(f'.takeaway[data-for="{name}"] [data-kind={kind}]')
            button.wait_for(state="visible")
            with tab.page.expect_download() as waiting:
                button.click()
            target = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(target.with_name(f"page_{target.name}"))
            got[kind] = target.with_name(f"page_{target.name}")
        width, height = tab.page.evaluate(
            "n => [window.OUTLOOK.figures[n].layout.width ?? 1000,"
            " window.OUTLOOK.figures[n].layout.height ?? 600]", name,
        )  # fmt: skip
        png = got["png"].read_bytes()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(png[16:20], "big") == 2 * width
        assert int.from_bytes(png[20:24], "big") == 2 * height
        assert len(png) > 20_000  # a blank one of this size has a few thousand bytes
        assert got["svg"].read_text("utf-8").lstrip().startswith("<svg")
        assert got["csv"].read_text("utf-8") == (tmp_path / f"{name}_{RECORDS}.csv").read_text(
            "utf-8"
        )
    assert tab.problems == []


def test_occupations_are_sorted_by_either_score_and_the_unknown_stays_last(page_of):
    tab = page_of("index.html")
    table = open_data(offline=True).table("occupation_exposure").set_index("onet_soc_code")
    rows = tab.page.locator("table.sorted").first.locator("tbody tr")
    heads = tab.page.locator("table.sorted").first.locator("th.n button")
    assert [h.split(" (")[0] for h in heads.all_inner_texts()[:2]] == [
        "software could help", "software could do it by itself"
    ]  # fmt: skip
    for at, column in enumerate(("exposure", "automation_score")):
        for down in (True, False):
            heads.nth(at).click()
            cells = [row.split("\t") for row in rows.all_inner_texts()]
            shown = [cell[2 + at] for cell in cells]
            known = [float(text.split()[0]) for text in shown if text != "–"]
            assert known == sorted(known, reverse=down)
            assert shown[len(known) :] == ["–"] * (len(shown) - len(known))
            assert shown[len(known) :]
            first = table.loc[cells[0][1]]
            end = column.removesuffix("_score")
            assert shown[0] == (
                f"{first[column]:.2f} ({first[f'{end}_low']:.2f} to {first[f'{end}_high']:.2f})"
            )
    assert tab.problems == []


def test_a_line_that_unfolds_moves_with_its_task(page_of):
    tab = page_of(f"o/{RECORDS}.html")
    table = tab.page.locator("details.numbers", has_text="Tasks, most exposed first")
    table.evaluate("place => { place.open = true; }")
    table.locator("th.n button").nth(2).click()  # the automation score
    rows = table.locator("tbody tr")
    kinds = ["folded" in (row.get_attribute("class") or "") for row in rows.all()]
    assert kinds == [True, False] * 17
    for place in range(0, 34, 8):
        name = rows.nth(place).locator("th").inner_text()
        assert rows.nth(place + 1).locator("summary").get_attribute("aria-label") == f"why: {name}"


def test_a_comparison_of_four_can_be_sent_and_a_fifth_is_refused(page_of):
    tab = page_of("compare.html#o=29-2072.00,99-9999.99,29-9021.00")
    heads = tab.page.locator("#comparison thead th a")
    assert heads.all_inner_texts() == [
        "Medical Records Specialists",
        "Health Information Technologists and Medical Registrars",
    ]
    for typed in ("Registered Nurses", "17-3023.00", "Web Developers"):
        tab.page.fill("#occupation", typed)
        tab.page.keyboard.press("Enter")
    assert heads.count() == 4
    assert "No more than 4" in tab.page.inner_text("#pick-status")
    assert "29-1141.00" in tab.page.evaluate("location.href")
    tab.page.go_back()
    tab.page.wait_for_function("document.querySelectorAll('#comparison thead th a').length === 3")
    tab.page.locator("#comparison thead button").first.click()
    assert heads.count() == 2
    with tab.page.expect_download() as waiting:
        tab.page.click("#compare-csv")
    text = Path(waiting.value.path()).read_text("utf-8")
    assert "median wage (US $ per year)" in text
    assert "software could do it by itself (automation score, 0 to 1)" in text
    assert "Registered Nurses" in text
    assert tab.problems == []


def test_a_comparison_takes_the_client_s_state_along(page_of):
    tab = page_of("compare.html#o=29-2072.00&state=TX&held=RHIT")
    tab.page.wait_for_function("document.querySelector('#comparison').innerText.includes('in TX')")
    wages = open_data(offline=True).table("wages")
    own = wages[(wages["state"] == "TX") & (wages["soc_code"] == "29-2072")].iloc[0]
    row = tab.page.locator("#comparison tr", has_text="median wage in TX")
    assert f"${own['annual_median_wage']:,.0f}" in row.inner_text()
    assert "state=TX&held=RHIT" in tab.page.locator("#comparison thead a").get_attribute("href")
    tab.page.fill("#occupation", "farmacy")
    tab.page.keyboard.press("Enter")
    assert tab.page.locator("#comparison thead a").nth(1).inner_text() == "Pharmacy Technicians"
    assert "state=TX" in tab.page.evaluate("location.hash")
    assert tab.problems == []


def test_the_handout_is_one_page_on_both_papers(page_of):
    tab = page_of(f"o/{RECORDS}.html#education=4&state=CA")
    tab.page.wait_for_selector("#client-found:not([hidden])")
    for paper in ("A4", "Letter"):
        tab.page.evaluate("window.OUTLOOK.handout(true)")
        made = tab.page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", made)) == 1
    tab.page.evaluate("window.OUTLOOK.handout(true)")
    text = tab.page.inner_text("#handout")
    assert "California" in text
    assert "Medical and Health Services Managers" in text
    assert tab.problems == []


def test_a_page_in_brief_and_one_without_data_work_too(page_of):
    for code in ("11-9111.00", "55-1011.00"):
        tab = page_of(f"o/{code}.html")
        assert tab.page.locator("#short .answers section").count() == 4
        assert tab.page.locator("[data-chart]").count() == 0
        assert tab.problems == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(page_of, width):
    for name in (
        f"o/{RECORDS}.html#state=TX",
        "index.html",
        "compare.html#o=29-2072.00",
        "methods.html",
    ):
        tab = page_of(name, width=width)
        tab.page.wait_for_timeout(300)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.problems == []
