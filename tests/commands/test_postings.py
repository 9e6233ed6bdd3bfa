"""outlook postings: from a file to tables, options that exclude each other, what is told."""

from __future__ import annotations

import json

import pandas as pd
import pytest

TEXT = ("<p>Duties:</p><ul><li>Assign diagnosis codes to the charts of patients.</li>"
        "<li>Call Ann Lee at 555-010-1234 or ann.lee@example.org.</li></ul>"
        "<p>We are an equal opportunity employer.</p>")  # fmt: skip


@pytest.fixture
def ads(tmp_path):
    path = tmp_path / "ads.csv"
    pd.DataFrame({
        "Job Title": ["Medical Records Coder"] * 12, "Description": [TEXT] * 12,
        "Date": ["2025-03-05"] * 11 + ["soon"], "State": ["Ohio"] * 12, "ID": [1, 1, *range(2, 12)],
    }).to_csv(path, index=False)  # fmt: skip
    return path


def test_postings_become_tables_and_the_person_is_told_what_was_odd(outlook, ads, tmp_path):
    out = tmp_path / "out"
    code, printed, said = outlook("postings", str(ads), "--out", str(out), "--workers", "1",
                                  "--offline")  # fmt: skip
    assert (code, printed) == (0, "")
    assert "dates that cannot be read: 1" in said
    assert "postings that came again, of which the latest counts: 1" in said
    assert "11 postings with " in said
    assert f"written to {out}" in said
    table = pd.read_csv(out / "postings_by_month.csv", keep_default_na=False)
    row = table[(table["month"] == "all") & (table["state"] == "OH")].iloc[0]
    assert row[["soc_code", "postings"]].astype(str).tolist() == ["29-2072", "11"]
    assert 0 < float(row["exposure_low"]) < float(row["exposure"]) < float(row["exposure_high"])
    sentences = pd.read_parquet(out / "sentences")
    assert sentences["sentence"].str.contains("diagnosis codes").any()
    stored = b"".join(f.read_bytes() for f in out.rglob("*") if f.is_file())
    for person in (b"555-010-1234", b"ann.lee@example.org"):
        assert person not in stored
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["state"] == "complete"
    assert manifest["came_again"] == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["absent.csv"], "no file of postings is there"),
        (["usajobs"], "it stands alone, with --series, --from and --to"),
        (["usajobs", "--series", "0675", "--from", "2025-13", "--to", "2025-12"], "a month"),
        (["usajobs", "--series", "x", "--from", "2025-01", "--to", "2025-12"], "federal series"),
        (["a.csv", "--series", "0675"], "--series is for usajobs"),
        (["a.csv", "--columns", "wages=x"], "--columns wages=x"),
        (["a.csv", "--scheduler", "tcp://h:1", "--workers", "2"], "exclude each other"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_exit_code_2(outlook, tmp_path, options, told):
    code, printed, said = outlook("postings", *options, "--out", str(tmp_path / "o"), "--offline")
    assert code == 2
    assert told in said.splitlines()[-1]
    assert printed == ""


def test_federal_postings_are_fetched_counted_and_said_not_to_be_the_market(
    outlook, sources, tmp_path, monkeypatch
):
    monkeypatch.setenv("OUTLOOK_MIRROR", str(sources))
    out = tmp_path / "out"
    asked = ["--series", "675", "--from", "2025-07", "--to", "2025-07"]
    code, _, said = outlook(
        "postings", "usajobs", *asked, "--out", str(out), "--workers", "1", "--offline"
    )
    assert code == 4  # the mirror has no texts of this series
    assert "USAJOBS 0675 2025-07: 124 postings, 0 with their duties" in said
    assert "titles alone are counted" in said
    assert "they are not the labor market" in said
    table = pd.read_csv(out / "postings_by_month.csv")
    whole = table[(table["month"] == "2025-07") & (table["state"] == "all")]
    assert set(whole["soc_code"]) <= {"29-2072", "29-9021"}
    assert whole["exposure"].isna().all()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["counted"] == manifest["occupation_by_series"] == 124
