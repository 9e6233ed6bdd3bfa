"""Observed moves: the way to the survey's codes, leavers, intervals, what is too few to tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis import ReleaseTables
from pipelines.pathways.moves import crosswalk, observed
from pipelines.releases.current import open_data


@pytest.fixture(scope="module")
def snapshot():
    return ReleaseTables(open_data(offline=True))


def oews(jobs: dict[str, float], year: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"soc_code": list(jobs), "employment": list(jobs.values()), "year": year,
         "area_code": "99", "occupation_group": "detailed",
         "soc_vintage": "2010" if year == 2018 else "2018"}
    )  # fmt: skip


#: Two records occupations share 29-2070; 15-1252 comes of two codes; 43-4051 lends 29-2099 a
#: specialty; 23-1011 and 23-1020 are one CPS code.
WALK = [
    ("29-2071", "29-2072", 0.8), ("29-2071", "29-9021", 0.2), ("29-9099", "29-9021", 0.5),
    ("29-9099", "29-9099", 0.5), ("15-1132", "15-1252", 1.0), ("15-1133", "15-1252", 1.0),
    ("43-4051", "43-4051", 0.9), ("43-4051", "29-2099", 0.1), ("29-2099", "29-2099", 1.0),
    ("23-1011", "23-1011", 1.0), ("23-1021", "23-1021", 1.0),
]  # fmt: skip
CODES = ["15-1132", "15-1133", "23-1011", "23-1020", "29-2070", "29-2090", "29-9000", "43-4050"]


def made(**changed: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of 29-2070, 200 respondents, a tenth leaves: 15 to 43-4050, 5 to 15-1132."""
    stay = {code: 1.0 for code in CODES} | {"29-2070": 0.9, "23-1011": 0.5, "23-1020": 0.1}
    moves = [(code, code, share) for code, share in stay.items()]
    moves += [("29-2070", "43-4050", 0.075), ("29-2070", "15-1132", 0.025)]
    # One CPS code, split 1 to 4: shares of outflow repeat each other, staying too.
    moves = [m for m in moves if m[0] not in ("23-1011", "23-1020")]
    for code in ("23-1011", "23-1020"):
        moves += [(code, "23-1011", 0.16), (code, "23-1020", 0.64), (code, "29-2070", 0.2)]
    frame = pd.DataFrame(moves, columns=["from_code", "to_code", "share"])
    people = {code: 400_000.0 for code in CODES}
    tables = {
        "soc_2010_to_2018": pd.DataFrame(WALK, columns=["soc_2010_code", "soc_code", "weight"]),
        "move_codes": pd.DataFrame({"code": CODES}),
        "wages": pd.concat([
            oews({"29-2071": 200_000, "29-9099": 40_000, "15-1132": 900_000, "15-1133": 600_000,
                  "43-4051": 2_000_000, "29-2099": 100_000, "23-1011": 1, "23-1021": 4}, 2018),
            oews({"29-2072": 180_000, "29-9021": 20_000, "29-9099": 30_000, "15-1252": 1_500_000,
                  "43-4051": 2_500_000, "29-2099": 90_000, "23-1011": 1, "23-1021": 4}, 2025),
        ]),
        "observed_moves": frame.assign(from_people=frame["from_code"].map(people),
                                       to_people=frame["to_code"].map(people)),
    }  # fmt: skip
    return tables | changed


def shares(tables, code: str) -> dict[str, float]:
    walk = crosswalk.crosswalk(tables)
    return dict(walk.loc[walk["soc_code"] == code, ["code", "share"]].to_numpy())


@pytest.mark.parametrize(
    ("code", "codes", "lands"),
    [("29-2071", {"29-2070", "29-2000"}, "29-2070"), ("31-9092", {"31-9092", "31-9090"}, "31-9092"),
     ("29-9099", {"29-9000"}, "29-9000"), ("51-2022", {"51-2028", "51-2020"}, "51-2028"),
     ("13-1021", {"13-0000"}, "13-0000"), ("55-1011", {"29-2070"}, None)],
)  # fmt: skip
def test_a_code_lands_on_itself_else_on_the_next_larger_group(code, codes, lands):
    assert crosswalk.landing(code, codes) == lands


def test_shares_of_a_code_by_hand():
    tables = made()
    assert shares(tables, "29-2072") == {"29-2070": 1.0}
    # 200,000 x 0.2 = 40,000 from 29-2071 and 40,000 x 0.5 = 20,000 from 29-9099.
    assert shares(tables, "29-9021") == pytest.approx({"29-2070": 2 / 3, "29-9000": 1 / 3})
    assert shares(tables, "15-1252") == pytest.approx({"15-1132": 0.6, "15-1133": 0.4})


def test_a_specialty_that_changed_codes_moves_no_occupation():
    assert shares(made(), "29-2099") == {"29-2090": 1.0}
    assert shares(made(), "43-4051") == {"43-4050": 1.0}


def test_origins_without_employment_weigh_the_same():
    tables = made()
    tables["wages"].loc[tables["wages"]["soc_code"] == "15-1133", "employment"] = np.nan
    assert shares(tables, "15-1252") == {"15-1132": 0.5, "15-1133": 0.5}


def test_codes_of_the_real_survey(snapshot):
    assert shares(snapshot, "29-2072") == {"29-2070": 1.0}
    # OEWS May 2018: 903,160 applications and 405,330 systems software developers.
    assert shares(snapshot, "15-1252")["15-1132"] == pytest.approx(903160 / (903160 + 405330))
    walk = crosswalk.crosswalk(snapshot)
    assert walk.groupby("soc_code")["share"].sum().to_numpy() == pytest.approx(1)
    cells = crosswalk.cells(snapshot)
    assert set(walk["code"]) == set(cells.codes)  # every code of the survey is reached
    sizes = np.bincount(cells.twins)
    assert (sizes > 1).sum() == 17
    assert sizes[sizes > 1].sum() == 36
    at = {code: twin for code, twin in zip(cells.codes, cells.twins, strict=True)}
    assert at["11-1010"] == at["11-1030"] != at["11-1020"]
    assert at["37-2011"] == at["37-2019"]


def test_moves_within_one_cps_code_are_no_moves():
    cells = crosswalk.cells(made())
    at = list(cells.codes)
    assert cells.twins[at.index("23-1011")] == cells.twins[at.index("23-1020")]
    assert len(set(cells.twins)) == len(CODES) - 1
    leavers = cells.leavers()
    assert leavers[at.index("23-1011")].sum() == pytest.approx(0.2)
    assert leavers[at.index("29-2070")].sum() == pytest.approx(0.1)


def test_codes_of_one_cps_code_are_one_with_their_shares_added():
    whole = crosswalk.cells(made()).merged()
    at = list(whole.codes)
    assert "23-1011+23-1020" in at
    one = whole.share[at.index("23-1011+23-1020")]
    assert one[at.index("23-1011+23-1020")] == pytest.approx(0.8)
    assert one[at.index("29-2070")] == pytest.approx(0.2)
    assert whole.people[at.index("23-1011+23-1020")] == 800_000
    # 23-1011 and 23-1021 of SOC 2018 are in it, one to four: four fifths are told apart.
    told = observed.answering(made()).loc[["23-1011", "23-1021"]]
    assert told["part"].tolist() == pytest.approx([0.2, 0.8])
    assert told["alone"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.5, 10, 0.2366, 0.7634), (0.1, 10, 0.0179, 0.4042), (0.0, 20, 0.0, 0.1611)],
)
def test_wilsons_interval_as_published_tables_have_it(share, n, low, high):
    assert observed.wilson(share, n) == pytest.approx((low, high), abs=5e-5)


def row(tables, origin: str, to: str) -> pd.Series:
    return observed.observed(tables, origin).set_index("to_soc").loc[to]


def people(tables, code: str, weight: float):
    moves = tables["observed_moves"]
    at = moves["from_code"] == code
    sizes = moves["from_people"].mask(at, weight)
    return tables | {"observed_moves": moves.assign(from_people=sizes)}


def test_a_share_of_leavers_with_its_interval():
    # 4,000,000 persons are 2,000 respondents, 200 left, 150 of them to 43-4050.
    tables = people(made(), "29-2070", 4_000_000)
    seen = row(tables, "29-2072.00", "43-4051")
    assert seen["status"] == "measured"
    assert seen["leavers_n"] == pytest.approx(200)
    assert seen["share_of_leavers"] == pytest.approx(0.75)
    assert (seen["low"], seen["high"]) == pytest.approx(observed.wilson(0.75, 200))
    assert seen["low"] == pytest.approx(0.6856, abs=1e-3)


def test_what_rests_on_few_respondents_is_too_few_to_tell():
    # 400,000 persons are 200 respondents, 20 of whom left: under 30.
    seen = row(made(), "29-2072", "43-4051")
    assert seen["status"] == "too few to tell"
    assert np.isnan(seen["share_of_leavers"])
    assert seen["high"] > seen["low"] > 0
    # 200 left, 2 of them to one destination: under 3; and nobody to 29-2099.
    tables = people(made(), "29-2070", 4_000_000)
    moves = tables["observed_moves"]
    at = (moves["from_code"] == "29-2070") & (moves["to_code"] != "29-2070")
    tables["observed_moves"] = moves.assign(
        share=moves["share"].mask(at & (moves["to_code"] == "43-4050"), 0.001)
        .mask(at & (moves["to_code"] == "15-1132"), 0.099)
    )  # fmt: skip
    assert row(tables, "29-2072", "43-4051")["status"] == "too few to tell"
    nobody = row(tables, "29-2072", "29-2099")
    assert nobody["status"] == "too few to tell"
    assert nobody["low"] == 0 < nobody["high"] < 0.03


def test_groups_too_broad_and_origins_not_at_hand_are_not_measured():
    tables = people(made(), "29-2070", 4_000_000)
    # 29-9021 is a tenth of 29-2070; 15-1252 is spread over two codes.
    assert set(observed.observed(tables, "29-9021")["status"]) == {"not measured"}
    spread = row(tables, "29-2072", "15-1252")
    assert spread["status"] == "not measured"
    assert np.isnan(spread["share_of_leavers"])
    assert spread["code_share"] == pytest.approx(0.25)  # said as the group's
    inside = row(tables, "29-2072", "29-9021")
    assert inside["status"] == "not measured"
    assert np.isnan(inside["code_share"])
    moves = tables["observed_moves"]
    tables["observed_moves"] = moves[moves["from_code"] != "29-2070"]
    gone = observed.observed(tables, "29-2072")
    assert set(gone["status"]) == {"not measured"}
    assert gone["leavers_n"].isna().all()


def test_the_records_occupations_of_the_real_survey(snapshot):
    seen = observed.observed(snapshot, "29-2072").set_index("to_soc")
    assert seen.loc["43-4071", "status"] == "measured"
    # 0.00590564 of 0.0526677 who left.
    assert seen.loc["43-4071", "share_of_leavers"] == pytest.approx(0.1121, abs=1e-4)
    assert seen.loc["43-6014", "status"] == "not measured"  # 43-6010 is four occupations
    assert seen.loc["43-6014", "code_share"] == pytest.approx(0.1257, abs=1e-4)
    assert seen.loc["29-9021", "status"] == "not measured"  # shares 29-2070
    developers = observed.answering(snapshot).loc["15-1252"]
    assert developers["code"] == "15-1132+15-1133"  # one CPS code
    assert developers["alone"]
    assert set(observed.observed(snapshot, "29-9021")["status"]) == {"not measured"}


@pytest.mark.parametrize(
    ("share", "said"),
    [(1 / 12, "1 in 12"), (0.5, "5 in 10"), (0.00001, "fewer than 1 in 1,000"), (0, "nobody"),
     (0.34, "1 in 3"), (float("nan"), "nobody")],
)  # fmt: skip
def test_a_share_in_plain_words(share, said):
    assert observed.one_in(share) == said


def test_a_move_in_plain_words():
    said = observed.in_words(0.0833, 0.05, 0.125, "measured")
    assert said == "about 1 in 12 of those who changed (1 in 20 to 1 in 8)"
    assert observed.in_words(np.nan, 0.1, 0.2, "too few to tell") == "too few to tell"
    assert observed.in_words(np.nan, np.nan, np.nan, "not measured") == "not measured"
