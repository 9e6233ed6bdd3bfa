"""What a destination asks more of: differences that errors allow, and nothing made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.pathways.skills.gaps import (
    GAP_COLUMNS,
    comparable,
    gap_summary,
    occupation_title,
    rated,
    skill_gaps,
)
from pipelines.pathways.skills.ratings import (
    DEFAULT_STANDARD_ERRORS,
    GAP,
    MIN_STANDARD_ERROR,
    SCALES,
    STATUSES,
    Z_95,
)
from pipelines.releases import store
from pipelines.releases.current import open_data

NAMES = {"A": "Reading", "B": "Mending", "C": "Listening"}
#: A sketch of O*NET: two technicians, one with a specialty, and one whom nobody rated.
CODES = ["29-2072.00", "11-9111.00", "15-1211.00", "15-1211.01", "55-1011.00"]


def rating(code, element, value, scale="IM", error=0.2, domain="skills", **other):
    return {
        "onet_soc_code": code, "domain": domain, "element_id": element,
        "element_name": NAMES[element], "scale_id": scale, "value": value,
        "standard_error": error, "recommend_suppress": False, "not_relevant": False,
        "date": "08/2023", "edition": "30.1", **other,
    }  # fmt: skip


def program(code, example, commodity=1, hot=False, demand=False):
    return {
        "onet_soc_code": code, "example": example, "commodity_code": commodity,
        "commodity_title": f"kind {commodity}", "hot_technology": hot, "in_demand": demand,
        "edition": "30.1",
    }  # fmt: skip


def made(ratings, programs=(), old=(), walk=()):
    """Tables of a release that hold these rows alone."""
    rated = pd.DataFrame(ratings, columns=list(rating("x", "A", 1.0)))
    return {
        "occupations": pd.DataFrame(
            {"onet_soc_code": CODES, "soc_code": [c[:7] for c in CODES], "title": CODES}
        ),
        "elements": rated.astype(
            {"value": float, "standard_error": float, "recommend_suppress": bool,
             "not_relevant": bool}
        ),
        "elements_2010": pd.DataFrame(
            [
                {"onet_soc_2010_code": unit, "domain": "work_activities", "element_id": element,
                 "element_name": NAMES[element], "scale_id": "IM", "value": value,
                 "edition": "18.1"}
                for unit, element, value in old
            ],
            columns=["onet_soc_2010_code", "domain", "element_id", "element_name", "scale_id",
                     "value", "edition"],
        ).astype({"value": float}),
        "onet_walk_2010_2019": pd.DataFrame(
            list(walk), columns=["onet_soc_2010_code", "onet_soc_code"]
        ),
        "technology_skills": pd.DataFrame(list(programs), columns=list(program("x", "y"))),
    }  # fmt: skip


def move(ratings, **other):
    frame = skill_gaps(made(ratings, **other), "29-2072", "11-9111")
    return frame.set_index("element_name")


@pytest.fixture(scope="module")
def snapshot():
    held = open_data(offline=True)
    names = ["occupations", "elements", "elements_2010", "onet_walk_2010_2019",
             "technology_skills", "onet_soc_to_soc", "projections"]  # fmt: skip
    return {name: held.table(name) for name in names}


def test_the_difference_its_error_and_the_three_plain_cases_by_hand():
    a, b = "29-2072.00", "11-9111.00"
    found = move(
        [
            rating(a, "A", 2.0, error=0.3), rating(b, "A", 4.0, error=0.4),
            rating(a, "B", 4.0), rating(b, "B", 4.2),
            rating(a, "C", 2.5), rating(b, "C", 1.2),
        ]
    )  # fmt: skip
    reading = found.loc["Reading"]
    assert reading["difference"] == 2.0
    assert reading["standard_error"] == pytest.approx(0.5)
    assert reading["difference_low"] == pytest.approx(2 - 1.96 * 0.5)
    assert reading["error_basis"] == "published"
    assert reading["from_rated"] == "2023-08"
    assert found["status"].to_dict() == {
        "Reading": "gap", "Mending": "carries over", "Listening": "less",
    }  # fmt: skip


def test_a_difference_within_the_errors_is_not_claimed():
    a, b = "29-2072.00", "11-9111.00"
    found = move([rating(a, "A", 1.5, error=0.5), rating(b, "A", 2.5, error=0.5)])
    assert found.loc["Reading", "status"] == "no clear difference"
    assert found.loc["Reading", "difference"] == 1.0


def test_an_error_that_is_not_published_gets_a_large_stand_in_and_says_so():
    a, b = "29-2072.00", "11-9111.00"
    found = move([rating(a, "A", 2.0, error=None), rating(b, "A", 2.5, error=None)])
    assert found.loc["Reading", "error_basis"] == "stand-in"
    assert found.loc["Reading", "standard_error"] == pytest.approx(
        2**0.5 * DEFAULT_STANDARD_ERRORS["skill", "IM"]
    )
    assert found.loc["Reading", "status"] == "no clear difference"


def test_raters_who_all_agree_are_not_taken_for_certain():
    a, b = "29-2072.00", "11-9111.00"
    found = move([rating(a, "A", 2.0, error=0.0), rating(b, "A", 2.3, error=0.0)])
    assert found.loc["Reading", "standard_error"] == pytest.approx(2**0.5 * MIN_STANDARD_ERROR)
    assert found.loc["Reading", "status"] == "no clear difference"


def test_what_is_not_rated_stays_missing_and_is_never_a_gap():
    found = move([rating("11-9111.00", "A", 5.0)], programs=[program("29-2072.00", "Excel")])
    row = found.loc["Reading"]
    assert row["status"] == "not comparable"
    assert pd.isna(row["from_value"])
    assert pd.isna(row["difference"])
    assert row["note"] == "not rated in the origin"
    # Nor is software called lacking where O*NET lists none.
    assert found.loc["Excel", "status"] == "not comparable"
    assert pd.isna(found.loc["Excel", "to_value"])


def test_a_rating_that_onet_advises_against_is_not_used():
    a, b = "29-2072.00", "11-9111.00"
    found = move([rating(a, "A", 1.0, recommend_suppress=True), rating(b, "A", 5.0)])
    assert found.loc["Reading", "status"] == "not comparable"
    assert "low precision" in found.loc["Reading", "note"]


def test_ends_compare_where_the_importance_of_anything_does():
    here, there = "29-2072.00", "11-9111.00"
    levels = [rating(here, "A", 2.0, "LV"), rating(there, "A", 5.0, "LV")]
    one = [*levels, rating(here, "A", 3.0)]
    for ratings, compare in (
        (levels, False),
        (one, False),
        ([*one, rating(there, "A", 4.0)], True),
    ):
        tables = made(ratings)
        found = comparable(rated(tables, "29-2072"), rated(tables, "11-9111"))
        assert (found is not None) is compare


def test_a_level_rated_not_relevant_is_named():
    a, b = "29-2072.00", "11-9111.00"
    found = move([rating(a, "A", 0.5, "LV", not_relevant=True), rating(b, "A", 5.0, "LV")])
    assert found.loc["Reading", "status"] == "gap"
    assert found.loc["Reading", "note"] == "rated not relevant in the origin"


def test_specialties_of_a_soc_code_are_averaged_with_their_errors():
    tables = made(
        [
            rating("29-2072.00", "A", 1.0, error=0.2),
            rating("15-1211.00", "A", 3.0, error=0.3), rating("15-1211.01", "A", 5.0, error=0.4),
        ]
    )  # fmt: skip
    row = skill_gaps(tables, "29-2072", "15-1211").iloc[0]
    assert row["to_value"] == 4.0
    assert row["standard_error"] == pytest.approx((0.2**2 + 0.25 * (0.3**2 + 0.4**2)) ** 0.5)
    assert skill_gaps(tables, "29-2072", "15-1211.01").iloc[0]["to_value"] == 5.0
    # A specialty against the mean that holds it: its own error counts once.
    inner = skill_gaps(tables, "15-1211", "15-1211.01").iloc[0]
    assert inner["difference"] == 1.0
    assert inner["standard_error"] == pytest.approx(0.5 * (0.3**2 + 0.4**2) ** 0.5)


def test_two_occupations_that_were_rated_as_one_show_no_equality():
    tables = made(
        [],
        old=[("29-2071.00", "A", 4.0)],
        walk=[("29-2071.00", "29-2072.00"), ("29-2071.00", "11-9111.00")],
    )
    row = skill_gaps(tables, "29-2072", "11-9111").iloc[0]
    assert row["status"] == "not comparable"
    assert row["note"] == "rated as one occupation"
    assert pd.isna(row["difference"])


def test_activities_of_a_newer_release_replace_those_of_onet_18():
    a, b = "29-2072.00", "11-9111.00"
    found = move(
        [rating(c, "A", v, domain="work_activities") for c, v in ((a, 1.0), (b, 4.0))],
        old=[("10", "A", 3.0), ("11", "A", 3.0)],
        walk=[("10", a), ("11", b)],
    )
    assert found.loc["Reading", "difference"] == 3.0
    assert found.loc["Reading", "source"] == "O*NET 30.1"


def test_software_by_name_new_kinds_and_what_postings_ask_for_first():
    a, b = "29-2072.00", "11-9111.00"
    programs = [
        program(a, "Excel", 1), program(b, "Excel", 1), program(a, "Old", 2),
        program(b, "Calc", 1, hot=True), program(b, "Zeta", 3), program(b, "Spark", 3, hot=True),
        program(b, "Yarn", 3, demand=True),
    ]  # fmt: skip
    frame = skill_gaps(made([], programs=programs), a, b)
    gaps = frame[frame["status"] == "gap"]
    assert gaps["element_name"].tolist() == ["Yarn", "Spark", "Zeta", "Calc"]
    assert gaps["note"].iloc[-1] == "the origin names other software of this kind"
    assert frame.set_index("element_name")["status"][["Excel", "Old"]].tolist() == [
        "carries over", "less",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("origin", "destination", "said"),
    [
        ("29-2072", "29-2072.00", "one occupation"),
        ("29-2072", "55-1011", "neither ratings nor software"),
        ("99-9999", "29-2072", "no such occupation"),
        ("29-2072; rm", "11-9111", "is not a code"),
    ],
)
def test_codes_that_cannot_be_compared_are_refused(origin, destination, said):
    tables = made([rating("29-2072.00", "A", 1.0), rating("11-9111.00", "A", 1.0)])
    with pytest.raises(UsageError, match=said):
        skill_gaps(tables, origin, destination)


@st.composite
def two_ratings(draw):
    """Ratings of both occupations on both scales, some missing, some advised against."""
    rows = []
    for code in ("29-2072.00", "11-9111.00"):
        for element in NAMES:
            for scale, (low, high) in SCALES.items():
                if draw(st.integers(0, 9)) == 0:
                    continue
                hundredths = st.integers(int(100 * low), int(100 * high))
                error = draw(st.none() | st.integers(0, 100).map(lambda n: n / 100))
                value = draw(hundredths) / 100
                suppress = draw(st.integers(0, 9)) == 0
                rows.append(rating(code, element, value, scale, error, recommend_suppress=suppress))
    return rows


@settings(max_examples=25, deadline=None)
@given(two_ratings())
def test_the_way_back_asks_the_opposite_and_no_area_is_two_things(rows):
    programs = [program(c, "Excel") for c in ("29-2072.00", "11-9111.00")]
    tables = made(rows, programs=[*programs, program("11-9111.00", "Spark")])
    there = skill_gaps(tables, "29-2072", "11-9111")
    back = skill_gaps(tables, "11-9111", "29-2072")
    keys = ["kind", "element_id", "element_name", "scale"]
    both = there.merge(back, on=keys, validate="1:1", suffixes=("", "_back"))
    assert len(both) == len(there) == len(back)
    assert np.allclose(both["difference"], -both["difference_back"], equal_nan=True)
    assert np.allclose(both["standard_error"], both["standard_error_back"], equal_nan=True)
    gap = both["status"] == GAP
    assert both.loc[gap, "status_back"].isin(["less", "carries over"]).all()
    assert (both["status"].eq("less") <= both["status_back"].eq(GAP)).all()
    assert (both["status"].eq("not comparable") == both["status_back"].eq("not comparable")).all()

    assert there["status"].isin(STATUSES).all()
    rated = there[there["scale"] != "named"]
    for scale, (low, high) in SCALES.items():
        part = rated.loc[rated["scale"] == scale, ["from_value", "to_value"]].stack().dropna()
        assert part.between(low, high).all()
    claimed = rated[rated["status"] == GAP]
    assert (claimed["difference_low"] > 0).all()
    assert (claimed["difference"] > Z_95 * MIN_STANDARD_ERROR).all()
    unclear = rated[rated["status"] == "no clear difference"]
    assert ((unclear["difference_low"] <= 0) & (unclear["difference_high"] >= 0)).all()


def test_one_code_of_two_classifications_is_two_ratings_and_both_editions_are_named():
    newer = rating("11-9111.00", "A", 4.0, domain="work_activities")
    old = [("11-9111.00", "A", 2.0)]
    tables = made([newer], old=old, walk=[("11-9111.00", "29-2072.00")])
    row = skill_gaps(tables, "29-2072", "11-9111").iloc[0]
    assert (row["from_value"], row["to_value"]) == (2.0, 4.0)
    assert row["standard_error"] > 0.2  # the two do not cancel
    assert row["source"] == "O*NET 30.1 and 18.1"


def test_medical_records_specialists_to_health_services_managers(snapshot):
    frame = skill_gaps(snapshot, "29-2072", "11-9111")
    assert list(frame) == GAP_COLUMNS
    assert not frame.duplicated(["kind", "element_id", "element_name", "scale"]).any()
    first = frame.iloc[0]
    assert first["element_name"] == "Staffing Organizational Units"
    assert (first["from_value"], first["to_value"]) == (1.45, 4.14)
    assert first["source"] == "O*NET 30.1 and 18.1"
    # O*NET 30.1 has no skills and knowledge of medical records specialists: none are claimed.
    rest = frame[frame["kind"].isin(["skill", "knowledge"])]
    assert (rest["status"] == "not comparable").all()
    assert rest["from_value"].isna().all()
    titles = [occupation_title(snapshot, code) for code in ("29-2072", "11-9111")]
    said = gap_summary(frame, *titles)
    assert "Medical and Health Services Managers ask clearly more" in said
    assert "15 of 41 areas" in said
    assert "has not rated the skills and the knowledge of Medical Records Specialists" in said


def test_occupations_that_came_from_one_code_are_not_called_equal(snapshot):
    frame = skill_gaps(snapshot, "29-2072", "29-9021")
    assert not frame[frame["kind"] != "technology"]["status"].isin(["carries over", "gap"]).any()
    said = gap_summary(frame, "Specialists", "Registrars")
    assert "ratings do not compare Specialists with Registrars" in said
    assert "the activities of both as those of one occupation" in said


def test_a_code_that_bls_joins_is_an_occupation_too(snapshot):
    joined = set(snapshot["onet_soc_to_soc"]["nem_code"])
    own = set(snapshot["occupations"]["soc_code"])
    code = min(joined - own)
    frame = skill_gaps(snapshot, "29-2072", code)
    assert frame["to_value"].notna().any()
    assert occupation_title(snapshot, code) != code


def test_stand_ins_are_the_90th_percentile_and_seldom_claim_what_published_errors_do_not(
    full_release,
):
    elements = store.current(full_release[0]).table("elements")
    kinds = {"skills": "skill", "knowledge": "knowledge"}
    elements = elements[elements["domain"].isin(list(kinds))]
    rng = np.random.default_rng(0)
    for (domain, scale), part in elements.groupby(["domain", "scale_id"]):
        error = part["standard_error"]
        stand_in = DEFAULT_STANDARD_ERRORS[kinds[domain], scale]
        assert error[error > 0].quantile(0.9) == pytest.approx(stand_in, abs=0.01)
        wide = part.pivot(index="onet_soc_code", columns="element_id")
        wide = wide[wide["standard_error"].notna().all(axis=1)]
        value, errors = (
            wide["value"].to_numpy(),
            wide["standard_error"].clip(lower=MIN_STANDARD_ERROR),
        )
        i, j = rng.integers(len(wide), size=(2, 2000))
        apart = np.abs(value[i] - value[j])
        sure = apart > Z_95 * np.hypot(errors.to_numpy()[i], errors.to_numpy()[j])
        claimed = apart > Z_95 * 2**0.5 * stand_in
        assert (claimed & sure).sum() / claimed.sum() > 0.97
