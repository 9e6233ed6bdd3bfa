"""One order of destinations: the command's, the chart's, the page's and its sentences'."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.analysis import Analysis
from pipelines.figures import paths as figures
from pipelines.pathways.routes.search import find_paths
from pipelines.releases.current import open_data
from pipelines.site.text import path_sentences


@pytest.fixture(scope="module")
def analysis():
    return Analysis(open_data(offline=True))


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
            analysis.pathways, soc, figures.DEFAULT_EDUCATION, max_steps=2,
            n=figures.MAX_DESTINATIONS_DRAWN,
        )  # fmt: skip
        assert shown["soc_code"].tolist() == command["to_soc"].tolist(), soc


def test_the_sentence_of_a_level_names_the_first_of_the_command(analysis, technicians):
    for soc in technicians[::7]:
        sentences = path_sentences(figures.destinations(analysis, soc), None)
        command = find_paths(
            analysis.pathways, soc, figures.DEFAULT_EDUCATION, max_steps=2,
            n=figures.MAX_DESTINATIONS_DRAWN,
        )  # fmt: skip
        first = command.drop_duplicates("typical_education")
        best = dict(zip(first["typical_education"], first["title"], strict=True))
        for sentence in sentences if len(command) else ():
            level, rest = sentence.split(": ", 1)
            assert rest.startswith(best[level]), (soc, sentence)


def test_the_best_with_a_bachelors_is_the_manager_and_not_the_nearest_laboratory(analysis):
    sentences = path_sentences(figures.destinations(analysis, "29-2072"), None)
    (line,) = [text for text in sentences if text.startswith("Bachelor's degree: ")]
    assert "Medical and Health Services Managers, median $123,860" in line


def test_experience_that_is_not_known_is_not_taken_for_none(analysis):
    data = analysis.pathways
    first = find_paths(data, "29-2072", max_steps=1)["to_soc"].iloc[0]
    unknown = data.experience.copy()
    unknown[data.position(first)] = np.nan
    bare = replace(data, experience=unknown)
    assert first not in set(find_paths(bare, "29-2072", max_steps=1)["to_soc"])
