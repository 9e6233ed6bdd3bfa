"""Every sentence of every page of the site: no fault of form, no contradiction with its tables."""

import re
import statistics
from html.parser import HTMLParser

import pytest
import textstat

#: What no sentence may hold, whatever the occupation.
FAULTS = {
    "a plural of one": r"(?<![\d.,])1 (?:tasks|others|levels|years|jobs|steps|openings|schools)\b|"
    r"(?:^|(?<=[.;:] ))(?:1|0) of (?:the )?\d+ \w+ (?:are|score|have)\b",
    "a direction of nothing": r"(?:growth|decline|up|down) (?:of |by )?0(?:\.0)? ?(?:percent|%)|"
    r"\(\$0 (?:more|less)",
    "an identifier": r"(?<![\w/.=#-])[a-z]+_[a-z_]+\b",
    "a missing value": r"\b(?:nan|NaN|NaT|None(?! stated| of the)|inf|null|undefined)\b",
    "a wrong article": r"\b[Aa] (?=[aeio]\w+)(?!one\b|once\b|eu)|\b[Aa]n (?=[b-df-gj-np-tv-z]\w+)",
    "a code of a class": r"\bE[012]\b|\(beta\b",
    "a bare feasibility": r"[Ff]easib\w+,? (?:of )?0?\.\d|feasibility \(",
    "a term of no everyday use": r"[Nn]ondegree",
    "a wrong ordinal": r"(?<![\w/])(?:\d*(?:1[123]|[04-9])(?:st|nd|rd)|"
    r"(?:\d*[^1\D])?(?:1(?:nd|rd|th)|2(?:st|rd|th)|3(?:st|nd|th)))\b",
    "a doubled stop": r"(?<!\.)\.\.(?!\.)|;\.|,\.|\(\)| [,;.](?=\s|$)",
}
HELP_HEAD = "software could help (exposure, 0 to 1)"
#: Texts that are not ours to choose: reasons in words of the model, lists of titles, licenses.
APART = r"rated|one wage for|USDOL/ETA|raised by|wording|https?:"
#: Grade of a reader in U.S. schools who can follow the texts of a page.
GRADE = 8
WAGE, GAIN = "median wage (US $ per year)", "change in median wage (US $ per year)"


class Page(HTMLParser):
    """Texts of a page, and its tables: caption -> rows of texts by column."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.texts, self.tables, self.title = [], {}, ""
        self._parts, self._skip, self._head, self._row, self._caption = [], 0, [], None, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self._skip += tag in ("script", "style", "select", "datalist")
        # What a chart says: its finding, and how to read it.
        self.texts += [value for name, value in attrs if name == "aria-label" and ". " in value]
        if tag in ("p", "li", "td", "th", "caption", "summary", "h1", "h2", "h3"):
            self._parts = []
        if tag == "table":
            self._head, self._rows = [], []
        if tag == "tr":
            self._row = []

    def handle_data(self, data):
        if not self._skip:
            self._parts.append(data)

    def handle_endtag(self, tag):
        self._skip -= tag in ("script", "style", "select", "datalist")
        text = " ".join("".join(self._parts).split())
        self.title = text if tag == "h1" and not self.title else self.title
        if tag in ("p", "li", "td", "th", "caption", "summary", "h1", "h2", "h3"):
            self.texts.append(text)
        if tag == "caption":
            self._caption = text
        if tag in ("td", "th") and self._row is not None:
            self._row.append(text)
        if tag == "thead":
            self._head, self._row = self._row, None
        if tag == "tr" and self._row and len(self._row) == len(self._head):
            self._rows.append(dict(zip(self._head, self._row, strict=True)))
        if tag == "table":
            self.tables.setdefault(self._caption, self._rows)


def of(page, start):
    return next((rows for caption, rows in page.tables.items() if caption.startswith(start)), [])


@pytest.fixture(scope="module")
def pages(site):
    found = {p.stem: Page(p.read_text("utf-8")) for p in sorted((site / "o").glob("*.html"))}
    assert len(found) == 1016
    return found


def said(page, pattern):
    """The match of a sentence on a page, which says it once or the same again (the sheet)."""
    found = [m for text in sorted(set(page.texts)) if (m := re.fullmatch(pattern, text))]
    assert len(found) < 2
    return found[0] if found else None


@pytest.fixture(scope="module")
def texts(pages):
    """Every text of the site, once, with a page that has it."""
    return {text: code for code, page in pages.items() for text in page.texts}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_page_has(texts, fault):
    wrong = {
        f"{code}: {text[:200]}" for text, code in texts.items() if re.search(FAULTS[fault], text)
    }
    assert not sorted(wrong)[:10]


def test_the_tasks_counted_are_those_of_the_table(pages, analysis):
    counted = listed = 0
    for code, page in pages.items():
        tasks = analysis.tasks_of(code)
        rows = of(page, "Tasks, most exposed first")
        match = said(page, r"(\d+|None) of the (\d+) tasks scores? above 0.5; (.*)\.")
        assert bool(match) == bool(len(tasks)), code
        # Without words of any task there is no table of them.
        assert len(rows) == (len(tasks) if tasks["task"].notna().any() else 0), code
        listed += bool(rows)
        if match:
            counted += 1
            assert int(match[2]) == len(tasks), code
            above = 0 if match[1] == "None" else int(match[1])
            assert above == (tasks["exposure"] > 0.5).sum(), code
            shown = sorted((row[HELP_HEAD] for row in rows), reverse=True)
            assert not rows or shown == [f"{v:.2f}" for v in sorted(tasks["exposure"])[::-1]], code
    assert counted == 923
    assert listed > 160


def test_the_automation_score_is_said_with_the_tasks_of_the_table(pages, analysis):
    scores = analysis.occupation_exposure.set_index("onet_soc_code")
    counted = 0
    for code, page in pages.items():
        tasks = analysis.tasks_of(code)
        match = said(
            page,
            r"How far software .* automation score is (\d\.\d\d) on .* from (\d\.\d\d) to "
            r"(\d\.\d\d) for .*; .*\. That is (more|less) than in (all|\d+).* occupations.*\. "
            r"(\d+|None) of the tasks scores? above 0\.5\.",
        )
        assert bool(match) == bool(len(tasks)), code
        if match:
            counted += 1
            row = scores.loc[code]
            assert float(match[2]) <= float(match[1]) <= float(match[3]), code
            assert match[1] == f"{row['automation_score']:.2f}", code
            assert said_of(row["automation_percentile"]) == (match[4], match[5]), code
            above = 0 if match[6] == "None" else int(match[6])
            assert above == (tasks["automation_score"] > 0.5).sum(), code
    assert counted == 923


def said_of(percentile):
    """More or less, and than how many: nobody is above all but the first."""
    if percentile < 0.5:
        return "less", "99"
    whole = f"{percentile:.0f}"
    return "more", ("all" if percentile == 100 else "99" if whole == "100" else whole)


def test_observed_use_is_that_of_the_measures_and_apart_only_where_it_is(pages, analysis):
    could = analysis.occupation_exposure.set_index("onet_soc_code")["percentile"]
    told = 0
    for code, page in pages.items():
        match = said(
            page,
            r"That is what could be\. .* AI, is (\d\.\d\d) on .*, (more|less) than in (all|\d+).* "
            r"occupations measured\.( The study has [^.]*\.)?( Use is [^.]*\.)?",
        )
        measures = analysis.measures_of(code).set_index("measure")
        assert bool(match) == ("observed_exposure" in measures.index), code
        if match:
            told += 1
            row = measures.loc["observed_exposure"]
            assert match[1] == f"{row['value']:.2f}", code
            apart = row["percentile"] - could[code]
            assert said_of(row["percentile"]) == (match[2], match[3]), code
            assert bool(match[4]) == bool(row["ambiguous"]), code
            assert bool(match[5]) == (abs(apart) >= 25), code
            assert ("ahead" in (match[5] or "")) == (apart >= 25), code
    assert told > 130  # the embedded data have other studies for technicians alone


def test_the_wage_is_that_of_the_newest_year_of_the_table(pages):
    for code, page in pages.items():
        match = said(page, r"The median wage was (\$[\d,]+) per year in May (\d+);? ?.*\.")
        rows = of(page, "Employment and median wage by year")
        if match:
            newest = [row for row in rows if row["year"] == f"May {match[2]}"]
            assert match[1] in [row["median wage (US $ of the year)"] for row in newest], code
            assert match[2] == max(row["year"] for row in rows).removeprefix("May "), code
        elif "BLS publishes no national wage for this occupation by itself." in page.texts:
            assert not [row for row in rows if "SOC 2018" in row["occupation"]], code


def test_the_best_way_at_a_level_stands_in_the_table_and_none_is_said_only_where_none_is(pages):
    levels = 0
    for code, page in pages.items():
        rows = of(page, "Career paths, each kind ranked")
        own = [row for row in rows if row["kind of move"] == "up, in your field"]
        none = {"No way up within the field was found.",
                "No advancement path was found with the settings of this report."}  # fmt: skip
        assert bool(none & set(page.texts)) == (not own), code
        level = "|".join({re.escape(row["education required"]) for row in own}) or "–"
        for text in page.texts:
            if match := re.match(rf"({level}): (.+?), median (\$[\d,]+)", text):
                levels += 1
                best = next(
                    row for row in own
                    if row["education required"] == match[1] and row[WAGE] != "–"
                )  # fmt: skip
                assert [best["occupation"], best[WAGE]] == [match[2], match[3]], code
                gain = re.search(r"\((\$[\d,]+) (more|less) than now\)", text)
                if gain:
                    sign = "+" if gain[2] == "more" else "-"
                    assert best[GAIN] == sign + gain[1].removeprefix("$"), code
    assert levels > 1000


def test_the_pictures_say_what_the_tables_say(pages, analysis):
    """First rank, wage and count of the first screen, of every page."""
    ranked = waged = 0
    for code, page in pages.items():
        rows = of(page, "Career paths, each kind ranked")
        first = said(
            page,
            r"First in rank: (.+?)(?:, with [^$]*?)?(?:, for (\$[\d,]+) a year (more|less))?\.",
        )
        assert bool(first) == bool(rows), code
        if first:
            ranked += 1
            assert first[0].startswith(f"First in rank: {rows[0]['occupation']}"), code
            gain = {"+": "more", "-": "less"}.get(rows[0][GAIN][0])
            assert first[3] == gain, code
            assert not gain or first[2] == f"${rows[0][GAIN][1:]}", code
        wage = said(page, r"In the United States, half earn more than (\$[\d,]+) a year\..*")
        told = said(page, r"The median wage was (\$[\d,]+) per year in .*")
        assert bool(wage) == bool(told), code
        if wage:
            waged += 1
            assert wage[1] == told[1], code
        counted = said(page, r"Software could save much time in (\d+|none) of the (\d+) tasks\..*")
        above = said(page, r"(\d+|None) of the (\d+) tasks scores? above 0\.5; .*")
        assert bool(counted) == bool(above), code
        assert not above or counted.groups() == (above[1].lower(), above[2]), code
    assert ranked > 700
    assert waged > 700


def test_a_percentile_of_the_summary_is_that_of_the_measures(pages, analysis):
    place = analysis.occupation_exposure.set_index("onet_soc_code")["percentile"]
    for code, page in pages.items():
        match = said(page, r"Over its .*\. That is (more|less) than in (all|\d+).* occupations.*")
        assert bool(match) == (code in place.index), code
        assert not match or said_of(place[code]) == (match[1], match[2]), code


def test_an_eighth_grader_can_read_a_page(pages, site):
    """The Automated Readability Index of the texts: letters a word and words a sentence.

    An official title counts as "this job", as it would be said. Left out: names in tables, the
    reasons that unfold below a task, and the wording of licenses.
    """
    grade = textstat.automated_readability_index
    some = {path.stem: Page(path.read_text("utf-8")) for path in site.glob("*.html")}
    found = {}
    for code, page in {**pages, **some}.items():
        lines = [t for t in dict.fromkeys(page.texts) if t.endswith(".") and len(t.split()) > 4]
        lines = [t for t in lines if not re.search(APART, t)]
        words = " ".join(lines)
        names = {row["occupation"] for row in of(page, "Career paths, each kind ranked")}
        for name in sorted({page.title, *names}, key=len, reverse=True):
            words = words.replace(name, "this job")
        found[code] = grade(words)
    assert not {code: value for code, value in found.items() if value > GRADE}
    assert statistics.mean(found.values()) > 2  # the texts were found


def test_what_is_said_of_weights_is_so(pages, snapshot_ratings, analysis):
    found = 0
    for code, page in pages.items():
        text = " ".join(page.texts)
        if "O*NET publishes ratings of fewer than half" in text:
            found += 1
            tasks = len(analysis.tasks_of(code))
            assert snapshot_ratings.get(code, 0) < tasks / 2, code
    assert found > 0


@pytest.fixture(scope="module")
def snapshot_ratings():
    """Tasks rated for importance and relevance, by occupation, by plain pandas."""
    from pipelines.base import settings
    from pipelines.releases.current import open_data

    rows = open_data(settings.load({}), offline=True).table("task_ratings")
    rows = rows[rows["scale_id"].isin(["IM", "RL"]) & ~rows["recommend_suppress"].astype(bool)]
    both = rows.groupby(["onet_soc_code", "task_id"])["scale_id"].nunique() == 2
    return both[both].groupby("onet_soc_code").size().to_dict()
