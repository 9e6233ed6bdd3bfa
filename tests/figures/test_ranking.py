"""One order of destinations: the command's, the chart's, the page's and its sentences'."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from pipelines.figures import paths as figures
from pipelines.pathways.routes.rules import UP_IN_FIELD
from pipelines.pathways.routes.search import find_paths
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.site.context import destinations
from pipelines.site.tables import path_table
from pipelines.site.text import path_sentences


@pytest.fixture(scope="module")
def technicians(analysis):
    frame = analysis.occupations
    known = set(analysis.pathways.table.index)
    inside = frame["is_technician"] & frame["soc_code"].isin(known)
    return sorted(set(frame.loc[inside, "soc_code"]))


def test_pages_and_charts_rank_every_technician_as_the_command_does(analysis, technicians):
    assert len(technicians) > 90
    for soc in technicians:
        shown = figures.destinations(analysis, soc)
        command = find_paths(
            analysis.pathways, soc, None, max_steps=2,
            n=figures.MAX_DESTINATIONS_DRAWN,
        )  # fmt: skip
        assert shown["soc_code"].tolist() == command["to_soc"].tolist(), soc


def test_the_sentence_of_a_level_names_the_first_of_the_command(analysis, technicians):
    """Also where a stop of the route that is pointed out stands among the destinations."""
    for soc in technicians:
        route = figures.best_route(analysis, soc)
        sentences = path_sentences(figures.destinations(analysis, soc, also=route))
        command = find_paths(analysis.pathways, soc, None, max_steps=2, n=None)
        first = command[command["section"] == UP_IN_FIELD].drop_duplicates("entry_education")
        best = dict(zip(first["entry_education"], first["title"], strict=True))
        named = {}
        for sentence in sentences:
            level, _, rest = sentence.partition(": ")
            if level in EDUCATION_LEVELS:
                named[level] = rest
                assert rest.startswith(best[level]), (soc, sentence)
        assert set(named) <= set(best)
        assert bool(named) == bool(len(first)), soc


def test_the_table_and_the_chart_begin_with_the_first_of_the_command(analysis):
    for soc in ("29-2072", "15-1232", "51-9082"):
        first = find_paths(analysis.pathways, soc, None, max_steps=2, n=1)
        made = figures.advancement_paths_figure(analysis, soc)
        assert f"Highlighted: {first['title'].iloc[0]}" in made.figure.layout.meta["finding"]
        table = path_table(destinations(analysis, made.data))
        assert table["rows"][0][0] == first["title"].iloc[0]
        assert "each kind ranked" in " ".join(table["caption"].split())
        headings = [name for name, _ in table["head"]]
        assert not [name for name in headings if "feasib" in name]
        # Row by row: an occupation that two levels of education open stands twice.
        assert [row[0] for row in table["rows"]] == made.data["title"].tolist()
        value = made.data[["feasibility", "benefit"]].prod(axis=1).tolist()
        sections = [row[headings.index("kind of move")] for row in table["rows"]]
        # The order of a section is that of feasibility times benefit, which the CSV file holds.
        for section in set(sections):
            own = [v for v, s in zip(value, sections, strict=True) if s == section]
            assert all(a >= b - 0.011 for a, b in pairwise(own)), (soc, section)


def test_the_best_with_a_bachelors_is_the_manager_and_not_the_nearest_laboratory(analysis):
    sentences = path_sentences(figures.destinations(analysis, "29-2072"))
    (line,) = [text for text in sentences if text.startswith("Bachelor's degree: ")]
    assert "Medical and Health Services Managers, median $123,860" in line


def test_experience_that_is_not_known_is_not_taken_for_none(analysis):
    data = analysis.pathways
    first = find_paths(data, "29-2072", max_steps=1)["to_soc"].iloc[0]
    unknown = data.experience_years.copy()
    unknown[data.position(first)] = np.nan
    bare = replace(data, experience_years=unknown)
    assert first not in set(find_paths(bare, "29-2072", max_steps=1)["to_soc"])
