"""The change report: what is named, what is told apart, what is escaped."""

from __future__ import annotations

import json

import pandas as pd
from made_releases import OEWS, made, wages

from pipelines.refresh import differences, report_text
from pipelines.refresh import report as changes


def report(old, new):
    found = changes.compare(old, new)
    assert json.loads(changes.encode(found)) == found
    report_text.page(found)
    report_text.table(found)
    return found


def said(found):
    return " ".join(report_text.sentences(found))


def occupations(**titles):
    codes = [f"29-{code[1:]}.00" for code in titles]
    return pd.DataFrame({"onet_soc_code": codes, "soc_code": [c[:7] for c in codes],
                         "title": list(titles.values()), "description": "x"})  # fmt: skip


def tasks(rows, source="O*NET", date="05/2025"):
    return pd.DataFrame(
        [["29-2072.00", id, text, source, date] for id, text in rows],
        columns=["onet_soc_code", "task_id", "task", "task_text_source", "date"],
    )


def test_nothing_changed():
    one = made(wages=wages({"29-2072": 10.0}), occupations=occupations(c2072="Records"))
    found = report(one, one)
    assert report_text.sentences(found) == ["Nothing differs between made and made."]
    assert changes.clause(found) == "nothing"
    assert report_text.table(found).empty


def test_occupations_added_removed_retitled():
    old = made(occupations=occupations(c2072="Records Technicians", c2011="Gone Ones"))
    new = made(occupations=occupations(c2072="Records Specialists", c9021="New Ones"))
    found = report(old, new)["occupations"]
    assert found["added"] == [{"code": "29-9021.00", "title": "New Ones"}]
    assert found["removed"] == [{"code": "29-2011.00", "title": "Gone Ones"}]
    assert found["retitled"] == [
        {"code": "29-2072.00", "old": "Records Technicians", "new": "Records Specialists"}
    ]
    assert "29-2072.00 Records Technicians, now Records Specialists" in said(report(old, new))


def test_tasks_by_id():
    names = occupations(c2072="Records")
    old = made(occupations=names, tasks=tasks([(1, "Code records."), (2, "File."), (3, "Same.")]))
    new = made(
        occupations=names, tasks=tasks([(1, "Code all records."), (3, "Same."), (4, "New.")])
    )
    found = report(old, new)["tasks"]
    assert [(t["task_id"], t["old"], t["new"]) for t in found["reworded"]] == [
        (1, "Code records.", "Code all records.")
    ]
    assert [t["task_id"] for t in found["added"]] == [4]
    assert [(t["task_id"], t["task"]) for t in found["dropped"]] == [(2, "File.")]
    assert "1 added, 1 dropped, 1 reworded" in said(report(old, new))


def test_wording_that_a_side_lacks_is_said_and_not_called_reworded():
    names = occupations(c2072="Records")
    old = made(occupations=names, tasks=tasks([(1, "In our words."), (2, None)], "own words"))
    new = made(occupations=names, tasks=tasks([(1, "Code records."), (2, "File.")]))
    found = report(old, new)
    assert found["tasks"]["n_reworded"] == 0
    assert found["tasks"]["without_wording"] == 2
    assert "wording of 2 tasks is not compared" in said(found)
    assert found["updates"]["tasks"]["carried_forward"] == 2


def test_onet_dates_tell_surveys_from_rows_carried_forward():
    def zones(rows):
        return pd.DataFrame(rows, columns=["onet_soc_code", "job_zone", "date"])

    old = made(job_zones=zones([["29-2001.00", 3, "05/2020"], ["29-2002.00", 3, "12/2019"],
                                ["29-2003.00", 3, "05/2020"], ["29-2004.00", 3, None],
                                ["29-2005.00", 3, "05/2020"]]))  # fmt: skip
    new = made(job_zones=zones([["29-2001.00", 3, "05/2020"], ["29-2002.00", 3, "01/2020"],
                                ["29-2003.00", 4, "05/2020"], ["29-2004.00", 3, None],
                                ["29-2006.00", 3, "05/2025"]]))  # fmt: skip
    assert report(old, new)["updates"]["job_zones"] == {
        "surveyed": 1, "carried_forward": 2, "revised_same_date": 1, "added": 1, "dropped": 1,
    }  # fmt: skip
    assert "1 rows surveyed anew, 2 carried forward" in said(report(old, new))


def test_a_wage_moves_only_beyond_its_standard_error():
    jobs = {"29-2072": 1000.0, "29-9021": 1000.0}
    old = made(wages=wages(jobs, {"29-2072": 50_000, "29-9021": 50_000}, rse=2, year=2024))
    new = made(wages=wages(jobs, {"29-2072": 52_000, "29-9021": 53_000}, rse=2))
    found = report(old, new)["wages"]
    # Standard errors of 1,000 and some 1,050: 1.645 times their root sum of squares is 2,390.
    assert (found["compared"], found["beyond"], found["within"]) == (2, 1, 1)
    row = found["rows"][0]
    assert (row["soc_code"], row["old"], row["new"]) == ("29-9021", 50_000, 53_000)
    assert abs(row["z"] - 3_000 / (1_000**2 + 1_060**2) ** 0.5) < 1e-6
    assert found["years"] == [[2024, 2025]]
    assert "29-9021 Title of 29-9021: 50,000 to 53,000" in said(report(old, new))


def test_without_a_standard_error_nothing_is_called_beyond_it():
    old = made(wages=wages({"29-2072": 1000.0}, rse=float("nan"), year=2024))
    new = made(wages=wages({"29-2072": 5000.0}, rse=float("nan")))
    found = report(old, new)["employment"]
    assert (found["beyond"], found["no_error"]) == (0, 1)
    assert "have no published standard error" in said(report(old, new))


def split():
    walk = pd.DataFrame({
        "soc_2010_code": ["29-2071", "29-2071", "29-2011", "29-2012"],
        "soc_code": ["29-2072", "29-9021", "29-2011", "29-2018"],
        "weight": [0.8, 0.2, 1.0, 1.0],
    })  # fmt: skip
    old = {"29-2071": 200_000.0, "29-2011": 1_000.0, "29-2012": 3_000.0}
    new = {"29-2072": 190_000.0, "29-9021": 40_000.0, "29-2011": 1_000.0, "29-2018": 3_000.0}
    return (
        made(wages=wages(old, year=2018, vintage="2010"), soc_2010_to_2018=walk),
        made(wages=wages(new), soc_2010_to_2018=walk),
    )


def test_a_split_code_has_not_fallen_to_zero():
    found = report(*split())
    family = next(f for f in found["classification"] if f["old"][0][0] == "29-2071")
    assert [code for code, _ in family["new"]] == ["29-2072", "29-9021"]
    assert (family["old_employment"], family["new_employment"]) == (200_000, 230_000)
    assert found["employment"]["beyond"] == 0
    assert "29-2071 Title of 29-2071 is now 29-2072 and 29-9021" in said(found)


def test_a_renumbered_code_is_compared_with_itself():
    old, new = split()
    pairs = differences.pay_moves(old, new, "employment").set_index("soc_code")
    assert set(pairs.index) == {"29-2011", "29-2018"}  # 29-2018 was 29-2012
    assert pairs.loc["29-2018", "old"] == 3_000
    back = differences.pay_moves(new, old, "employment")
    assert set(back["soc_code"]) == {"29-2011", "29-2012"}


def test_codes_published_together_are_a_family_too():
    matrix = pd.DataFrame({"onet_soc_code": ["29-2011.00", "29-2012.00", "29-2072.00"],
                           "nem_code": ["29-2010", "29-2010", "29-2072"]})  # fmt: skip
    apart = made(wages=wages({"29-2011": 10.0, "29-2012": 20.0, "29-2072": 5.0}, year=2024))
    joint = made(wages=wages({"29-2010": 30.0, "29-2072": 5.0}), onet_soc_to_soc=matrix)
    (family,) = report(apart, joint)["classification"]
    assert [code for code, _ in family["old"]] == ["29-2011", "29-2012"]
    assert [code for code, _ in family["new"]] == ["29-2010"]


def test_a_code_without_counterpart_is_said_to_be_unpublished():
    old = made(wages=wages({"29-2072": 5.0, "11-1031": 7.0}, year=2024))
    found = report(old, made(wages=wages({"29-2072": 5.0})))
    assert "no longer published nationally" in said(found)
    assert "no rise from, or fall to, zero" in said(found)
    assert found["employment"]["compared"] == 1


def test_exposure_of_technicians_only():
    names = occupations(c2072="Records Specialists", c1141="Nurses")

    def exposures(a, b):
        return pd.DataFrame({
            "onet_soc_code": ["29-2072.00", "29-1141.00"], "exposure": [a, b],
            "quintile": [3, 3], "exposure_low": [0.4, 0.4], "exposure_high": [0.6, 0.6],
        })  # fmt: skip

    old = made(occupations=names, occupation_exposure=exposures(0.5, 0.5))
    new = made(occupations=names, occupation_exposure=exposures(0.7, 0.9))
    found = report(old, new)["exposure"]
    assert (found["compared"], found["beyond"]) == (1, 1)
    assert [r["onet_soc_code"] for r in found["rows"]] == ["29-2072.00"]
    assert "29-2072.00 Records Specialists: 0.500 to 0.700" in said(report(old, new))


def test_sources_by_what_happened_to_them():
    entry = OEWS["oews_nat_2025"]
    old = made(sources={"a": entry, "b": entry, "c": entry}, wages=wages({"29-2072": 1.0}))
    new = made(
        sources={"a": {**entry, "release": "May 2026"}, "b": {**entry, "sha256": "z"}, "d": entry},
        wages=wages({"29-2072": 1.0}),
    )
    found = report(old, new)
    assert {s["id"]: s["kind"] for s in found["sources"]} == {
        "a": "new edition", "b": "same edition, new content", "c": "no longer used", "d": "added",
    }  # fmt: skip
    assert "OEWS: May 2026 in place of May 2025." in said(found)
    assert changes.clause(found).startswith("OEWS May 2026, OEWS May 2025 corrected")


def test_the_page_escapes_what_sources_say():
    evil = "<script>alert(1)</script>"
    old = made(occupations=occupations(c2072="Records"))
    new = made(occupations=occupations(c2072="Records", c9021=evil))
    page = report_text.page(report(old, new))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_snapshot_against_itself_and_its_best_moves(root):
    from pipelines.releases.store import open_release

    snapshot = open_release(root / "data" / "raw" / "snapshot")
    best = differences.best_destinations(snapshot)
    assert len(best) > 700
    assert best.loc["29-9021", "to_title"] == "Medical and Health Services Managers"
    assert not differences.path_moves(snapshot, snapshot)["changed"].any()


def test_a_best_move_is_the_best_of_the_search(root):
    from pipelines.analysis import Analysis
    from pipelines.pathways.routes.search import find_paths
    from pipelines.releases.store import open_release

    snapshot = open_release(root / "data" / "raw" / "snapshot")
    best, data = differences.best_destinations(snapshot), Analysis(snapshot).pathways
    for code in ("29-2072", "29-9021", "29-2061", "15-1232", "17-3023", "19-4021"):
        first = find_paths(data, code, max_steps=1, n=1)
        assert best.loc[code, "to_soc"] == first["to_soc"].iloc[0]
