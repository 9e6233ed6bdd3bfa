"""Federal postings onto this disk: months whole or not there, goes on, masked before stored."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pandas as pd
import pytest
from netserver import QUICK

from pipelines.base.errors import ShapeChanged, UsageError
from pipelines.postings import series, usajobs
from pipelines.releases.current import open_data
from pipelines.sources.fetch.usajobs import Asking, file_name, month_of


def mask(text: str) -> str:
    return text.replace("Ann Lee", "[NAME]")


@pytest.fixture
def mirror(tmp_path, web_settings, server):
    """A mirror folder with three postings of two series, and what collects from it."""
    folder = tmp_path / "mirror/data.usajobs.gov/api/historicjoa"
    (folder / "announcementtext").mkdir(parents=True)
    rows = [
        {"usajobsControlNumber": n, "positionTitle": "Coder for Ann Lee", "positionOpenDate": day,
         "jobcategories": [{"series": code} for code in codes], "positionlocations": []}
        for n, day, codes in ((1, "2025-07-04", ["0675"]), (2, "2025-08-05", ["0675", "0640"]),
                              (3, "2025-08-06", ["0640"]))
    ]  # fmt: skip
    with gzip.open(folder / "_records.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)

    def collect(codes=("0675", "0640"), months=("2025-07", "2025-08"), limits=QUICK):
        said: list[str] = []
        with server.clock.session() as session:
            asking = Asking(replace(web_settings, mirror=str(tmp_path / "mirror")), session, limits)
            out = usajobs.collect(list(codes), list(months), tmp_path / "out", asking, mask,
                                  said.append)  # fmt: skip
        return *out, said

    def text(code, month, *duties):
        name = file_name(month_of(code, month, 31))
        data = [{"usajobsControlNumber": n, "duties": words} for n, words in duties]
        (folder / "announcementtext" / f"{name}.json").write_text(json.dumps({"data": data}))

    collect.text, collect.folder, collect.out = text, folder, tmp_path / "out"
    return collect


def test_months_are_fetched_masked_and_not_fetched_again(mirror):
    mirror.text("0675", "2025-07", (1, "Codes charts with Ann Lee"))
    mirror.text("0675", "2025-08", (2, None))
    mirror.text("0640", "2025-08", (2, "Cleans"), (3, "Sorts"))
    files, problems, said = mirror()
    assert [f.removeprefix(f"{mirror.out}/") for f in files] == [
        "0675/2025-07.parquet", "0675/2025-08.parquet", "0640/2025-07.parquet",
        "0640/2025-08.parquet",
    ]  # fmt: skip
    assert problems == []
    assert said[-1] == "USAJOBS months: 4 fetched"
    first = pd.read_parquet(files[0])
    assert first["text"].tolist() == ["Codes charts with [NAME]"]
    assert first["title"].tolist() == ["Coder for [NAME]"]
    assert pd.read_parquet(files[1])["series"].tolist() == ["0675; 0640"]
    assert len(pd.read_parquet(files[2])) == 0
    assert b"Ann Lee" not in b"".join(f.read_bytes() for f in mirror.out.rglob("*.parquet"))
    mirror.folder.joinpath("_records.jsonl.gz").unlink()
    assert mirror()[0] == files
    assert mirror()[2] == ["USAJOBS months: 4 there already"]


def test_without_texts_titles_are_kept_and_the_month_is_asked_for_again(mirror):
    files, problems, _ = mirror(["0675"], ["2025-08"])
    assert len(problems) == 1
    assert problems[0].startswith("the texts of 1 months (the first is 0675 2025-08) cannot be had")
    assert pd.read_parquet(files[0])["text"].isna().all()
    mirror.text("0675", "2025-08", (2, "Codes charts"))
    files, problems, _ = mirror(["0675"], ["2025-08"])
    assert problems == []
    assert pd.read_parquet(files[0])["text"].tolist() == ["Codes charts"]


def test_a_month_that_was_not_over_is_asked_for_again(mirror, monkeypatch):
    mirror.text("0675", "2025-08", (2, "Codes charts"))
    mirror(["0675"], ["2025-08"])
    assert mirror(["0675"], ["2025-08"])[2] == ["USAJOBS months: 1 there already"]
    assert not usajobs._is_whole(mirror.out / "0675/2025-08.parquet", "2999-01")


def test_a_failed_month_is_named_the_others_are_there_and_after_three_no_more_is_asked(mirror):
    for month in ("2025-07", "2025-08"):
        name = file_name(month_of("0675", month, 31))
        (mirror.folder / f"{name}.json").write_text("{")
    mirror.text("0640", "2025-08", (2, "Cleans"), (3, "Sorts"))
    files, problems, said = mirror()
    assert [f.rsplit("/", 2)[-2:] for f in files] == [
        ["0640", "2025-07.parquet"], ["0640", "2025-08.parquet"]]  # fmt: skip
    assert [line[:13] for line in problems] == ["0675 2025-07:", "0675 2025-08:"]
    months = [f"2025-{n:02d}" for n in range(1, 13)]
    for month in months:
        last = pd.Period(month).days_in_month
        (mirror.folder / f"{file_name(month_of('0019', month, last))}.json").write_text("{")
    files, problems, said = mirror(["0019"], months)
    assert files == []
    assert len(problems) == 4
    assert problems[-1].startswith("9 more months were not asked for")


def test_rows_of_another_series_or_month_are_left_out_and_said(mirror):
    name = file_name(month_of("0675", "2025-08", 31))
    rows = [{"usajobsControlNumber": 7, "positionOpenDate": "2025-08-01",
             "jobcategories": [{"series": "0019"}]},
            {"usajobsControlNumber": 8, "positionOpenDate": "2025-09-01",
             "jobcategories": [{"series": "0675"}]},
            {"usajobsControlNumber": 9, "positionOpenDate": "2025-08-09",
             "jobcategories": [{"series": "675"}]}]  # fmt: skip
    (mirror.folder / f"{name}.json").write_text(json.dumps({"data": rows}))
    mirror.text("0675", "2025-08", (9, "Codes"))
    files, problems, _ = mirror(["0675"], ["2025-08"])
    assert pd.read_parquet(files[0])["posting_id"].tolist() == ["9"]
    assert problems == ["0675 2025-08: 2 postings of another series or month came too and are "
                        "left out"]  # fmt: skip


def test_months_and_series_that_make_no_sense_are_refused():
    assert usajobs.months("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert usajobs.series_told("675, 0649,675") == ["0675", "0649"]
    for first, last in (("2024-13", "2025-01"), ("2025-02", "2025-01"), ("2016-01", "2025-01")):
        with pytest.raises(UsageError, match="--from"):
            usajobs.months(first, last)
    for bad in ("", "06755", "coder"):
        with pytest.raises(UsageError, match="--series"):
            usajobs.series_told(bad)


def test_the_curated_series_lead_to_occupations_that_exist(root):
    held = series.load(root / "data/raw/curated")
    known = set(open_data(offline=True).table("occupations")["onet_soc_code"].str[:7])
    assert {soc for codes in held.values() for soc in codes} <= known
    assert held["0675"] == ["29-2072", "29-9021"]
    frame = pd.read_csv(root / "data/raw/curated" / series.FILE, dtype="str")
    ranks = frame.groupby("series")["rank"].apply(lambda r: sorted(map(int, r)))
    assert all(r == list(range(1, len(r) + 1)) for r in ranks)
    assert frame.notna().all().all()


def test_a_series_decides_before_the_words_and_the_words_within_a_series(tmp_path):
    of_series = {"0675": ["29-2072", "29-9021"], "0647": ["29-2034"]}
    coded = pd.DataFrame({
        "soc_code": ["29-9021", "11-9111", None, "11-9111", None],
        "onet_soc_code": ["29-9021.00", "11-9111.00", None, "11-9111.00", None],
        "occupation_probability": [0.8, 0.6, float("nan"), 0.6, float("nan")],
    })  # fmt: skip
    stated = pd.Series(["0675", "2210; 0675", "0647", None, "9999"], dtype="str")
    got = series.decided(coded, stated, of_series)
    assert got["soc_code"].tolist()[:4] == ["29-9021", "29-2072", "29-2034", "11-9111"]
    assert got["occupation_basis"].tolist()[:4] == ["series and words", "series", "series", "words"]
    assert got.loc[4, ["soc_code", "occupation_basis"]].isna().all()
    assert got["occupation_probability"].isna().tolist() == [False, True, True, False, True]
    assert got["onet_soc_code"].isna().tolist() == [False, True, True, False, True]
    assert got["coder_soc_code"].tolist()[1] == "11-9111"
    (tmp_path / series.FILE).write_text("series,soc_code,rank\n675,29-2072,1\n")
    with pytest.raises(ShapeChanged):
        series.load(tmp_path)
