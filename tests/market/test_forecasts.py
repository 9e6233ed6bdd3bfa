"""Projections held against what happened, and the figures and commands of the look back."""

import io
import sys

import numpy as np
import pandas as pd
import pytest

from pipelines import cli
from pipelines.base.errors import UsageError
from pipelines.market import forecasts


@pytest.fixture
def outlook(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("OUTLOOK_DATA", str(tmp_path / "data"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["outlook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def test_growth_is_compounded_and_carries_the_error_of_oews(evidence):
    row = evidence.forecasts.set_index("soc_code").loc["29-2072"]
    assert row["projected_2022-32"] == pytest.approx(100 * ((210.9 / 194.3) ** 0.1 - 1))
    growth = 100 * ((194_720 / 180_570) ** 0.25 - 1)
    assert row["actual_2021-2025"] == pytest.approx(growth)
    error = (100 + growth) * np.hypot(0.015, 0.011) / 4
    assert row["actual_se_2021-2025"] == pytest.approx(error)
    assert row["difference"] == pytest.approx(growth - row["projected_2022-32"])
    reach = (row["difference_high"] - row["difference_low"]) / 2
    assert reach == pytest.approx(1.96 * error, rel=1e-3)
    assert row["matrix_actual"] == pytest.approx(100 * ((194.8 / 194.3) ** 0.5 - 1))
    assert row["matrix_difference"] == row["matrix_actual"] - row["projected_2022-32"]
    assert row["employment"] == 194_720  # of the newest May
    assert row["title"] == "Medical records specialists"
    assert row["is_technician"]
    assert not evidence.forecasts.set_index("soc_code").loc["29-1141", "is_technician"]


def test_sums_of_occupations_are_no_forecasts_of_their_own():
    rows = pd.DataFrame(
        {
            "base_year": [2022, 2022, 2024], "target_year": [2032, 2032, 2034],
            "soc_code": ["29-2072", "29-0000", "29-2072"],
            "occupation_type": ["Line item", "Summary", "Line item"],
            "employment_base": [100.0, 900.0, 110.0], "employment_target": [200.0, 950.0, 110.0],
        }
    )  # fmt: skip
    frame = forecasts.projected(rows)
    assert frame.index.tolist() == ["29-2072"]
    row = frame.loc["29-2072"]
    assert row.to_dict() == {
        "projected_2022-32": pytest.approx(100 * (2**0.1 - 1)), "base_2022-32": 100,
        "projected_2024-34": 0, "base_2024-34": 110,
    }  # fmt: skip


def test_what_the_sentences_say_of_technicians_and_of_all():
    frame = pd.DataFrame(
        {
            "is_technician": [True, True, True, True, False],
            "projected_2022-32": 1.0, "projected_2024-34": 1.0, "actual_2021-2025": 1.0,
            "difference_low": [0.1, -2.0, -1.0, np.nan, 0.1],
            "difference_high": [1.0, -0.1, 1.0, np.nan, 1.0],
        }
    )  # fmt: skip
    names = ("BLS", "the trend before", "the same for all")
    skill = pd.DataFrame(
        [
            ("OEWS 2021-2025", who, name, n, 0.41, 0.3, 0.5, error, error + 0.5)
            for who, n, errors in (("all", 700, (1.11, 2.22, 3.33)), ("technicians", 70, (4, 5, 6)))
            for name, error in zip(names, errors, strict=True)
        ],
        columns=["against", "occupations", "forecast", "n", "spearman", "spearman_low",
                 "spearman_high", "mean_error", "mean_error_unweighted"],
    )  # fmt: skip
    middle = "the projection's rank correlation with what happened is 0.41 (0.30 to 0.50); "
    middle += "weighted by jobs, it was "
    alike = "; unweighted, where a small occupation counts as much as a large one, "
    assert forecasts.forecast_sentences(frame, skill) == [
        "Of 3 technician occupations, 1 grew faster and 1 slower in 2021-2025 than BLS's "
        "projection for 2022-32 says, beyond OEWS's own 95% error; the others do not differ "
        "clearly from it. A decade is not over after these years, and the window starts a year "
        "before the projection's.",
        f"Against OEWS 2021-2025, all occupations (n = 700): {middle}off by 1.1 points per year "
        "on average, continuing the trend before by 2.2, the same growth for all by 3.3"
        f"{alike}1.6, 2.7 and 3.8.",
        f"Against OEWS 2021-2025, technician occupations (n = 70): {middle}off by 4.0 points per "
        "year on average, continuing the trend before by 5.0, the same growth for all by 6.0"
        f"{alike}4.5, 5.5 and 6.5.",
    ]


def made_forecast(rng, skilled, n=400):
    codes = [f"11-{i:04d}" for i in range(n)]
    actual = rng.normal(1, 2, n)
    frame = pd.DataFrame(
        {
            "soc_code": codes, "is_technician": False, "employment": 1000.0,
            "projected_2022-32": actual + rng.normal(0, 1, n) if skilled else rng.normal(1, 2, n),
            "projected_2024-34": 1.0, "actual_2021-2025": actual, "matrix_actual": np.nan,
        }
    )  # fmt: skip
    wages = pd.concat(
        pd.DataFrame(
            {"year": year, "soc_code": codes, "employment": 1000.0 + i * np.arange(n),
             "occupation_group": "detailed", "area_code": "99"}
        )
        for i, year in enumerate((2015, 2021, 2025))
    )  # fmt: skip
    return forecasts.forecast_accuracy(frame, {"wages": wages}).set_index("forecast")


def test_a_good_forecast_beats_the_simple_ones_and_a_blind_one_does_not():
    good = made_forecast(np.random.default_rng(1), True)
    assert good.loc["BLS", "spearman_low"] > 0.8
    assert good.loc["BLS", "mean_error"] < good.loc["the same for all", "mean_error"]
    blind = made_forecast(np.random.default_rng(2), False)
    assert blind.loc["BLS", "pearson_low"] < 0 < blind.loc["BLS", "pearson_high"]
    assert blind.loc["BLS", "mean_error"] > blind.loc["the same for all", "mean_error"]
    assert pd.isna(blind.loc["the same for all", "pearson"])


def test_sentences_count_the_technicians_of_the_table(evidence):
    frame = evidence.forecasts
    held = frame[frame["is_technician"]].dropna(subset=["difference"])
    said = forecasts.forecast_sentences(frame, evidence.skill)[0]
    assert f"Of {len(held)} technician occupations" in said
    assert f"{(held['difference_low'] > 0).sum()} grew faster" in said


def test_the_command_prints_what_was_asked_first_and_what_was_found(outlook):
    code, out, err = outlook("lookback", "--offline", "--format", "csv")
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert set(table["window"]) >= {"2015-2021", "2021-2025", "difference"}
    assert {"employment", "real mean pay"} <= set(table["outcome"])
    assert table["specification"].nunique() == 9
    assert "They show association and explain nothing." in err
    code, out, _ = outlook("lookback", "--offline")
    assert code == 0
    assert "2021-2025" in out
    assert "within major groups" not in out


def test_the_command_prints_forecasts_and_saves_all_rows(outlook, tmp_path):
    code, out, err = outlook("lookback", "--offline", "--forecasts")
    assert code == 0
    assert "Medical records specialists" in out
    assert "rank correlation" in err
    path = tmp_path / "forecasts.parquet"
    assert outlook("lookback", "--offline", "--forecasts", "--out", str(path))[0] == 0
    assert len(pd.read_parquet(path)) > 800


@pytest.mark.parametrize("code", ["29-2072.00", "17-3023.00"])
def test_every_figure_says_what_it_shows_and_where_from(evidence, code):
    made = [
        evidence.change_and_exposure(code), evidence.change_and_exposure(code, "pay"),
        evidence.every_way_of_asking(), evidence.forecast_and_outcome(code),
        evidence.pay_and_outlook(code), evidence.openings(code), evidence.places(code),
        evidence.decomposed("all", "exposure"), evidence.decomposed("technicians", "pay"),
    ]  # fmt: skip
    for figure, frame in made:
        assert len(frame)
        assert figure.layout.meta["finding"]
        assert figure.layout.meta["sources"].startswith("Sources")
        assert "nan" not in figure.layout.meta["finding"].lower()


def test_the_occupation_asked_for_is_named_in_bold(evidence):
    for figure in (
        evidence.openings("29-2072").figure,
        evidence.forecast_and_outcome("29-2072").figure,
    ):
        assert any("<b>Medical records" in label for label in figure.layout.yaxis.ticktext)
    notes = [
        note.text for note in evidence.change_and_exposure("29-2072").figure.layout.annotations
    ]
    assert any(text.startswith("<b>Medical Records") for text in notes)


def test_a_title_that_looks_like_markup_is_shown_as_it_stands(evidence):
    from pipelines.charts import exposure_and_change as charts

    frame = evidence.forecasts.copy()
    frame.loc[frame["soc_code"] == "29-2072", "title"] = "<script>x</script> $5"
    figure = charts.forecast_and_outcome(frame, "Sources", "29-2072")
    assert not any("<script>" in label for label in figure.layout.yaxis.ticktext)


def test_an_occupation_without_state_figures_is_an_error_that_says_so(evidence):
    with pytest.raises(UsageError, match="no state figures"):
        evidence.places("55-1011.00")


def test_an_occupation_without_an_error_is_not_counted_as_within_it(evidence):
    frame = evidence.forecasts.copy()
    known = frame["is_technician"] & frame["difference_low"].notna()
    first = frame.index[known][0]
    frame.loc[first, ["difference_low", "difference_high"]] = np.nan
    said = forecasts.forecast_sentences(frame, evidence.skill)[0]
    assert f"Of {known.sum() - 1} technician occupations" in said


def test_the_interval_of_a_correlation_holds_95_percent_of_the_resamplings():
    rng = np.random.default_rng(5)
    x = rng.normal(size=200)
    y = x + rng.normal(size=200)
    pick = rng.integers(0, 200, (2000, 200))
    found = forecasts._correlations(x, y, pick)
    each = [np.corrcoef(x[p], y[p])[0, 1] for p in pick]
    assert found["pearson"] == pytest.approx(np.corrcoef(x, y)[0, 1])
    # The textbook interval on Fisher's scale, 1.96 / sqrt(n - 3) on either side.
    low, high = np.tanh(np.arctanh(found["pearson"]) + np.array([-1.96, 1.96]) / np.sqrt(197))
    assert [found["pearson_low"], found["pearson_high"]] == pytest.approx([low, high], abs=0.012)
    inside = [found["pearson_low"] <= r <= found["pearson_high"] for r in each]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.002)
    assert found["spearman_low"] < found["spearman"] < found["spearman_high"]


def test_skill_by_hand_weighs_errors_by_employment():
    codes = [f"11-{i:04d}" for i in range(10)]
    frame = pd.DataFrame(
        {
            "soc_code": codes, "is_technician": True, "employment": [910.0] + [10.0] * 9,
            "projected_2022-32": np.arange(10.0), "projected_2024-34": 0.0,
            "actual_2021-2025": np.arange(10.0) + 1 + (np.arange(10) == 0), "matrix_actual": np.nan,
        }
    )  # fmt: skip
    wages = pd.concat(
        pd.DataFrame({"year": year, "soc_code": codes, "employment": jobs,
                      "occupation_group": "detailed", "area_code": "99"})
        for year, jobs in ((2015, 100.0), (2021, 100.0 * 1.01**6), (2025, 1.0))
    )  # fmt: skip
    table = forecasts.forecast_accuracy(frame, {"wages": wages})
    assert set(table["occupations"]) == {"all", "technicians"}
    assert set(table["against"]) == {"OEWS 2021-2025"}  # the other yardstick has no figure
    both = table[table["occupations"] == "all"].set_index("forecast")
    alike = both["mean_error_unweighted"]
    assert alike["BLS"] == pytest.approx((2 + 9 * 1) / 10)
    assert alike["the trend before"] == pytest.approx(sum([1, *range(1, 10)]) / 10)
    row = both["mean_error"]
    assert row["BLS"] == pytest.approx(0.91 * 2 + 0.09 * 1)
    # The trend before was 1 % a year for all; what happened 2, 2, 3 ... 10.
    assert row["the trend before"] == pytest.approx(0.91 * 1 + 0.01 * sum(range(1, 10)))
    mean = 0.91 * 2 + 0.01 * sum(range(2, 11))
    actual, weight = [2, *range(2, 11)], [0.91] + [0.01] * 9
    same = sum(w * abs(a - mean) for a, w in zip(actual, weight, strict=True))
    assert row["the same for all"] == pytest.approx(same)
    assert forecasts.forecast_accuracy(frame.head(9), {"wages": wages}).empty


def test_errors_of_both_kinds_are_those_of_the_tables(evidence):
    """Plain pandas on the published figures: May 2021 and 2025, projections 2022-32."""
    tables = evidence.tables
    wages = tables["wages"]
    nation = wages[(wages["area_code"] == "99") & (wages["occupation_group"] == "detailed")]
    jobs = nation.pivot_table(index="soc_code", columns="year", values="employment")
    foreseen = tables["projections"]
    foreseen = foreseen[
        (foreseen["base_year"] == 2022) & (foreseen["occupation_type"] == "Line item")
    ].drop_duplicates("soc_code").set_index("soc_code")  # fmt: skip
    ratio = foreseen["employment_target"] / foreseen["employment_base"]
    frame = pd.DataFrame(
        {
            "said": 100 * (ratio**0.1 - 1),
            "came": 100 * ((jobs[2025] / jobs[2021]) ** 0.25 - 1),
            "trend": jobs[2021] / jobs[2015],
            "jobs": jobs[2025],
        }
    ).dropna()  # fmt: skip
    error = (frame["said"] - frame["came"]).abs()
    row = evidence.skill.query("against == 'OEWS 2021-2025' and occupations == 'all'")
    row = row.set_index("forecast").loc["BLS"]
    assert row["n"] == len(frame)
    assert row["mean_error"] == pytest.approx((error * frame["jobs"]).sum() / frame["jobs"].sum())
    assert row["mean_error_unweighted"] == pytest.approx(error.mean())
    # The two are not alike: each has to be named.
    assert row["mean_error_unweighted"] > row["mean_error"] + 0.5
