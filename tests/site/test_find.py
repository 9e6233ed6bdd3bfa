"""The search of the site finds what `outlook find` finds, in the same order."""

from __future__ import annotations

from sitekit import needs_browser

pytestmark = needs_browser
TITLES = [
    "biomed tech", "car mechanic", "help desk", "phlebotomist", "RHIT", "xray tech", "medcal coder",
    "Sr. Lab Tech II", "Payroll Specialist - Decatur, IL", "networ", "technicain", "coders",
    "farmacy", "IT guy", "bio medical equipmnt", "truckdriver", "técnico de rayos x", "asdf qwer",
    "comptia a+", "Registered Nurses", "nucular med tec", "all other",
    "Dean, University Libraries", "dev ops", "a", "(welder)", "zzqq", "",
]  # fmt: skip


def test_the_browser_and_the_command_line_find_the_same(site, open_tab, analysis):
    held = analysis.titles
    tab = open_tab((site / "index.html").as_uri())
    for title in TITLES:
        here = held.find(title, 12)["onet_soc_code"].tolist()
        there = tab.page.evaluate("t => window.OUTLOOK.find(t).map((f) => f.entry[0])", title)
        assert there == here, title
    assert tab.problems == []
