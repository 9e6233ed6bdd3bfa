"""Codes: what a query finds, who is a technician, how SOC 2010 becomes SOC 2018."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.occupations import crosswalk, lookup, technicians
from pipelines.occupations.titles import Titles, every_name

OCCUPATIONS = pd.DataFrame(
    {
        "onet_soc_code": [
            "11-9111.00",
            "15-1211.00",
            "15-1211.01",
            "25-1000.01",
            "25-1000.02",
            "29-1141.00",
            "29-2072.00",
            "29-9021.00",
            "49-9081.00",
        ],
        "title": [
            "Medical and Health Services Managers",
            "Computer Systems Analysts",
            "Health Informatics Specialists",
            "First Teachers",
            "Second Teachers",
            "Registered Nurses",
            "Medical Records Specialists",
            "Health Information Technologists and Medical Registrars",
            "Wind Turbine Service Technicians",
        ],
    }
)
TITLES = pd.DataFrame(
    {
        "onet_soc_code": ["29-2072.00", "29-2072.00", "29-9021.00", "11-9111.00"],
        "title": ["Medical Coder", "Registrar", "Registrar", "Health Manager"],
        "kind": "alternate",
    }
)
TABLES = {"occupations": OCCUPATIONS, "alternate_titles": TITLES}
NAMES = Titles(
    every_name(TABLES, pd.DataFrame(columns=["name", "full_name", "opens"], dtype="str")),
    pd.Series(dtype=float),
)


def resolve(query, tables=TABLES):
    return lookup.resolve(query, tables, lambda: NAMES)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("29-2072.00", "29-2072.00"),
        ("29-2072", "29-2072.00"),
        ("292072", "29-2072.00"),
        (" 29207200 ", "29-2072.00"),
        ("15-1211", "15-1211.00"),
        ("15-1211.01", "15-1211.01"),
        ("medical  records SPECIALISTS", "29-2072.00"),
        ("medical coder", "29-2072.00"),
        ("medical record specialist", "29-2072.00"),
        ("nurse", "29-1141.00"),
    ],
)
def test_what_a_user_may_type(query, code):
    assert resolve(query) == code


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("29-2072.05", "29-2072.00"),
        ("25-1000", "25-1000.01 First Teachers"),
        ("Registrar", "29-9021.00"),
        ("teachers", "25-1000.01 First Teachers"),
        ("nurse qqqq", "29-1141.00"),
        ("99-9999", "onetonline"),
        ("zq", "onetonline"),
        ("", "onetonline"),
        ("(", "onetonline"),
        ("٢٩-٢٠٧٢", "onetonline"),
    ],
)
def test_an_unknown_or_ambiguous_query_names_what_is_near(query, hint):
    with pytest.raises(UsageError) as error:
        resolve(query)
    assert hint in str(error.value)
    assert error.value.exit_code == 2


WALK = pd.DataFrame(
    {
        "onet_soc_2010_code": ["29-2071.00", "29-2071.00", "15-1111.00", "29-2072.07"],
        "onet_soc_code": ["29-9021.00", "29-2072.00", "15-1211.00", "29-2072.00"],
    }
)
OLD_TABLES = TABLES | {"onet_walk_2010_2019": WALK}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("29-2071", "one of its new codes: 29-2072.00 Medical Records Specialists, 29-9021.00 "),
        ("292071", "one of its new codes: 29-2072.00"),
        ("29-2071.00", "one of its new codes: 29-2072.00"),
        ("29-2071.09", "one of its new codes: 29-2072.00"),
        ("15-1111", "Give its new code: 15-1211.00"),
        ("29-2072.07", "Give its new code: 29-2072.00"),
    ],
)
def test_a_code_of_before_is_told_its_new_ones(query, says):
    with pytest.raises(UsageError, match="is a code of O.NET-SOC 2010") as error:
        resolve(query, OLD_TABLES)
    assert says in str(error.value)


@pytest.mark.parametrize("query", ["29-2072.05", "99-9999"])
def test_a_code_that_never_was_is_unknown(query):
    with pytest.raises(UsageError, match="no such occupation"):
        resolve(query, OLD_TABLES)


@given(st.text(max_size=30))
def test_any_text_resolves_or_is_refused_in_one_line(query):
    try:
        answer = resolve(query)
    except UsageError as error:
        answer = str(error)
    assert answer in set(OCCUPATIONS["onet_soc_code"]) or "\n" not in answer


def test_technicians_by_title_by_group_and_always():
    found = technicians.technicians(TABLES).set_index("onet_soc_code")["technician_rule"]
    assert found.to_dict() == {
        "15-1211.00": "SOC group",
        "15-1211.01": "SOC group",
        "29-2072.00": "always",
        "29-9021.00": "always",
        "49-9081.00": "title",
    }


def rule(code, title, *reported):
    titles = [*((code, t, "reported") for t in reported), (code, "Chief Technician", "alternate")]
    tables = {
        "occupations": pd.DataFrame({"onet_soc_code": [code], "title": [title]}),
        "alternate_titles": pd.DataFrame(titles, columns=["onet_soc_code", "title", "kind"]),
    }
    return technicians.technicians(tables)["technician_rule"].tolist()


@pytest.mark.parametrize(
    ("code", "title", "reported", "answer"),
    [
        ("29-9021.00", "Anything", (), ["always"]),
        ("51-0000.00", "Dental technician", (), ["title"]),
        ("51-0000.00", "Biotechnicians", (), []),
        ("19-4012.00", "Aides", (), ["SOC group"]),
        ("29-1141.00", "Registered Nurses", (), []),
        # A third of what workers say they are called, whole words, counts; alternate titles do not.
        ("49-9062.00", "Repairers", ("Biomed Tech", "B", "C"), ["reported titles"]),
        ("49-9062.00", "Repairers", ("Service Technician", "B", "C", "D"), []),
        ("49-9062.00", "Repairers", ("Technical Lead", "Technology Chief"), []),
        ("39-5092.00", "Manicurists and Pedicurists", ("Nail Technician",), []),
    ],
)
def test_who_is_a_technician_and_by_which_rule(code, title, reported, answer):
    assert rule(code, title, *reported) == answer


def walk(*pairs):
    return pd.DataFrame(
        [(f"{a}.00", f"{b}.00") for a, b in pairs], columns=["onet_soc_2010_code", "onet_soc_code"]
    )


def wages(**employment):
    return pd.DataFrame(
        {
            "year": 2021,
            "area_code": "99",
            "occupation_group": "detailed",
            "soc_code": [code.replace("_", "-")[1:] for code in employment],
            "employment": list(employment.values()),
        }
    )


def test_a_split_is_weighted_by_the_employment_of_its_targets():
    table = crosswalk.soc_2010_to_2018(
        walk(
            ("29-2071", "29-2072"),
            ("29-2071", "29-9021"),
            ("11-1011", "11-1011"),
            ("13-2021", "13-2022"),
            ("13-2021", "13-2023"),
        ),
        wages(c29_2072=300.0, c29_9021=100.0, c13_2022=5.0, c13_2023=None),
    )
    assert table.set_index(["soc_2010_code", "soc_code"])[["weight", "weight_rule"]].apply(
        tuple, axis=1
    ).to_dict() == {
        ("11-1011", "11-1011"): (1.0, "only"),
        ("13-2021", "13-2022"): (0.5, "equal"),
        ("13-2021", "13-2023"): (0.5, "equal"),
        ("29-2071", "29-2072"): (0.75, "employment 2021"),
        ("29-2071", "29-9021"): (0.25, "employment 2021"),
    }


@pytest.mark.parametrize("unknown", [None, "absent"])
def test_one_target_without_employment_leaves_all_targets_equal(unknown):
    """The shares of those published would give the other nothing."""
    jobs = {"c29_2072": 300.0, "c29_9021": 100.0} | ({"c29_9099": None} if unknown is None else {})
    pairs = walk(("29-2071", "29-2072"), ("29-2071", "29-9021"), ("29-2071", "29-9099"))
    table = crosswalk.soc_2010_to_2018(pairs, wages(**jobs))
    assert table["weight"].tolist() == pytest.approx([1 / 3] * 3)
    assert set(table["weight_rule"]) == {"equal"}


def test_only_national_detailed_rows_of_2021_weigh():
    right = wages(c29_2072=300.0, c29_9021=100.0)
    wrong = [
        right.assign(year=2025, employment=[1.0, 9.0]),
        right.assign(area_code="06", employment=[1.0, 9.0]),
        right.assign(occupation_group="broad", employment=[1.0, 9.0]),
    ]
    pairs = walk(("29-2071", "29-2072"), ("29-2071", "29-9021"))
    for other in wrong:
        table = crosswalk.soc_2010_to_2018(pairs, pd.concat([other, right]))
        assert table["weight"].tolist() == [0.75, 0.25]
    none = crosswalk.soc_2010_to_2018(pairs, right.assign(employment=0.0))
    assert none["weight"].tolist() == [0.5, 0.5]
