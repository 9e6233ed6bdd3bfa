"""`outlook moves`: what is printed, of one occupation and of all."""

from __future__ import annotations

import io

import pandas as pd
import pytest


def test_every_occupation_has_its_likely_destinations(outlook, tmp_path):
    code, out, _ = outlook("moves", "--all", "-n", "20", "--out", str(tmp_path / "m.csv"))
    frame = pd.read_csv(tmp_path / "m.csv")
    assert (code, out) == (0, "")
    assert list(frame.columns) == ["from_soc", "rank", "to_soc", "probability"]
    assert len(frame) == 847 * 20
    assert (frame["from_soc"] != frame["to_soc"]).all()
    assert not frame.duplicated(["from_soc", "to_soc"]).any()
    ordered = frame.groupby("from_soc")["probability"].agg(lambda p: p.is_monotonic_decreasing)
    assert ordered.all()
    assert frame.groupby("from_soc")["probability"].sum().between(0.1, 1).all()
    # More than the 20 similar occupations are reached, "All Other" among them.
    assert frame["to_soc"].str.endswith("99").any()


def test_one_occupation_has_what_was_observed_beside_the_chance(outlook):
    code, out, err = outlook("moves", "29-2072.00", "-n", "900", "--format", "csv")
    frame = pd.read_csv(io.StringIO(out)).set_index("to_soc")
    assert code == 0
    assert len(frame) == 846
    assert frame["probability"].sum() == pytest.approx(1, abs=1e-3)
    assert frame.loc["43-4071", "observed_status"] == "measured"
    assert frame.loc["43-4071", "observed_share"] == pytest.approx(0.1121, abs=1e-4)
    assert frame.loc["43-6014", "observed_status"] == "not measured"
    assert frame.loc["43-6014", "code_share"] == pytest.approx(0.1257, abs=1e-4)
    assert set(frame["observed_status"]) == {"measured", "too few to tell", "not measured"}
    assert frame.loc["43-4071", "title"] == "File Clerks"
    assert "what people did is not what is advisable" in err


def test_a_person_reads_plain_words(outlook):
    code, out, _ = outlook("moves", "29-2072", "-n", "60")
    assert code == 0
    words = " ".join(out.split())
    assert "too few to tell" in words
    assert "chance (model)" in words


def test_an_occupation_without_data_is_one_line(outlook):
    code, _, err = outlook("moves", "55-1011")
    assert code == 2
    assert len(err.strip().splitlines()) == 2  # what data are in use, and the error
    assert outlook("moves")[0] == 2
    assert outlook("moves", "29-2072", "--all")[0] == 2


def test_a_release_from_before_the_source_says_so(monkeypatch):
    from pipelines.answers.moves import all_moves_answer
    from pipelines.base.errors import UsageError

    class Old:
        id = "20260101-old"

        def has(self, name: str) -> bool:
            return False

    with pytest.raises(UsageError, match=r"20260101-old.*outlook refresh"):
        all_moves_answer(Old(), 20)
