"""Lists in a sentence."""

from __future__ import annotations

import pytest

from pipelines.base.words import listed


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_a_person_says_it(parts, said):
    assert listed(parts) == said


def test_parts_with_commas_of_their_own_are_told_apart():
    assert listed(["a, b", "c", "d"], "; ") == "a, b; c and d"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["a, b", "c", "d"], "a, b; c; and d"),
        (["Bakers", "Cooks and Waiters", "Clerks"], "Bakers; Cooks and Waiters; and Clerks"),
        (["Bakers", "Sandblasters"], "Bakers and Sandblasters"),
        (["Cooks and Waiters", "Clerks"], "Cooks and Waiters and Clerks"),
    ],
)
def test_titles_with_commas_or_and_are_told_apart(parts, said):
    assert listed(parts) == said
