"""Which edition an occupation's rating is from, and on which scale."""

from __future__ import annotations

import pandas as pd

from pipelines.occupations.elements import importance, ratings

CODER, REGISTRAR, CLERK = "29-2072.00", "29-9021.00", "43-9061.00"


def new(code, domain, element, scale, value, edition="30.1"):
    return {
        "onet_soc_code": code, "domain": domain, "element_id": element, "element_name": element,
        "scale_id": scale, "value": value, "standard_error": 0.2, "recommend_suppress": False,
        "not_relevant": False, "date": "08/2023", "edition": edition,
    }  # fmt: skip


def tables(*rows):
    old = [(code, "work_activities", element, element, "IM", value, "18.1")
           for code, element, value in [("29-2071.00", "A", 2.0), ("29-2071.00", "B", 3.0),
                                        ("43-9061.00", "A", 4.0)]]  # fmt: skip
    names = ["onet_soc_2010_code", "domain", "element_id", "element_name", "scale_id", "value"]
    return {
        "elements": pd.DataFrame(rows, columns=list(new("", "", "", "", 1.0))),
        "elements_2010": pd.DataFrame(old, columns=[*names, "edition"]),
        "onet_walk_2010_2019": pd.DataFrame(
            {"onet_soc_2010_code": ["29-2071.00", "29-2071.00", CLERK],
             "onet_soc_code": [CODER, REGISTRAR, CLERK]}
        ),
    }  # fmt: skip


def test_2014_stands_only_for_what_nothing_newer_rates():
    made = tables(new(CODER, "work_activities", "A", "IM", 5.0))
    found = ratings(made, ["work_activities"]).set_index(["onet_soc_code", "element_id"])
    assert found["value"].to_dict() == {
        (CODER, "A"): 5.0, (CODER, "B"): 3.0, (REGISTRAR, "A"): 2.0, (REGISTRAR, "B"): 3.0,
        (CLERK, "A"): 4.0,
    }  # fmt: skip
    assert found["edition"][CODER].tolist() == ["30.1", "18.1"]
    assert found["unit"][CODER].tolist() == [CODER, "29-2071.00"]
    # A standard error is that of the value's own edition; those of 2014 are not held.
    assert found["standard_error"].notna().tolist() == [True] + [False] * 4
    assert set(ratings(made, ["work_activities"], [CLERK])["onet_soc_code"]) == {CLERK}


def test_a_scale_is_chosen_by_name_whatever_the_order_of_the_rows():
    levels = [new(CODER, "skills", "A", "LV", 6.0), new(CODER, "skills", "A", "IM", 3.0)]
    assert importance(tables(*levels), "skills")["value"].tolist() == [3.0]
    styles = [
        new(CODER, "work_styles", "S", "DR", 9.0),
        new(CODER, "work_styles", "S", "WI", 2.0),
        new(CLERK, "work_styles", "T", "IM", 4.0, "29.3"),
    ]
    assert importance(tables(*styles), "work_styles")["value"].tolist() == [2.0]
    assert importance(tables(styles[2]), "work_styles")["value"].tolist() == [4.0]
