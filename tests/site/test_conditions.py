"""What the work is like, in words: steps of scales, what is common, and what is not rated."""

import pandas as pd
import pytest

from pipelines.occupations.elements import ratings
from pipelines.site.conditions import condition_sentences

CODE, OLD = "29-2072.00", "29-2071.00"


def work_context(**rated):
    """Ratings of O*NET 18 of one occupation by element ("a" for 4.C.2.d.1.a and so on)."""
    names = {"sitting": "4.C.2.d.1.a", "standing": "4.C.2.d.1.b", "bending": "4.C.2.d.1.h",
             "indoors": "4.C.2.a.1.a", "noise": "4.C.2.b.1.a", "week": "4.C.3.d.8",
             "schedule": "4.C.3.d.4"}  # fmt: skip
    old = pd.DataFrame(
        [(OLD, "work_context", names[name], name, "CX", value, "18.1")
         for name, value in rated.items()],
        columns=["onet_soc_2010_code", "domain", "element_id", "element_name", "scale_id", "value",
                 "edition"],
    )  # fmt: skip
    new = pd.DataFrame(columns=["onet_soc_code", "domain", "element_id", "element_name",
                                "scale_id", "value", "standard_error", "recommend_suppress",
                                "not_relevant", "date", "edition"])  # fmt: skip
    walk = pd.DataFrame({"onet_soc_2010_code": [OLD], "onet_soc_code": [CODE]})
    tables = {"elements": new, "elements_2010": old, "onet_walk_2010_2019": walk}
    return ratings(tables, ["work_context"])


def test_each_rating_is_said_by_the_nearest_step_of_its_scale():
    found = condition_sentences(work_context(sitting=4.36, standing=1.89, bending=2.6), CODE)
    assert found[0] == (
        "The body. More than half of the time: sitting. About half of the time: bending. Less than "
        "half of the time: standing."
    )
    assert "collected by 2014 or before" in found[-1]
    assert "release 18.1" in found[-1]


@pytest.mark.parametrize(("value", "said"), [(3.4, False), (3.6, True), (5.0, True)])
def test_of_strains_only_what_comes_every_week_is_said(value, said):
    found = " ".join(condition_sentences(work_context(sitting=3.0, noise=value), CODE))
    assert ("distracting noise" in found) is said


def test_bending_counts_from_half_of_the_time_on():
    assert "bending" not in condition_sentences(work_context(sitting=3.0, bending=2.4), CODE)[0]


@pytest.mark.parametrize(
    ("rated", "said"),
    [({"week": 1.4}, "A usual week is less than 40 hours."),
     ({"week": 2.9, "schedule": 2.2},
      "A usual week is more than 40 hours and the schedule is irregular."),
     ({"schedule": 1.0}, "The schedule is regular.")],
)  # fmt: skip
def test_hours_and_schedule(rated, said):
    assert f"The hours. {said}" in condition_sentences(work_context(**rated), CODE)


@pytest.mark.parametrize(("share", "verb"), [(1.0, "can"), (0.5, "can"), (0.25, "cannot")])
def test_work_from_home_is_said_where_it_is_known(share, verb):
    rated = work_context(sitting=3.0)
    assert f"that it {verb} be done" in " ".join(condition_sentences(rated, CODE, share))
    assert "home" not in " ".join(condition_sentences(rated, CODE))


def test_what_is_not_rated_is_said():
    assert condition_sentences(work_context(), CODE) == [
        "O*NET has not rated how this work is done, where, and for how long."
    ]


def test_every_occupation_of_the_snapshot_has_whole_sentences(analysis):
    rated = 0
    for code in analysis.occupations["onet_soc_code"][::25]:
        found = condition_sentences(analysis.work_context_of(code), code)
        rated += len(found) > 1
        assert all(line[0].isupper() and line.endswith(".") for line in found), code
        assert not any("nan" in line for line in found), code
    assert rated > 20
