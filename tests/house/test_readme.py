"""README.md: one screen a reader, eight commands, figures that are the model's."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.releases.current import open_data


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("row", "protocol"),
    [("O*NET tasks of a new occupation", "K"), ("your own text, a new occupation", "U"),
     ("your own text, a new kind of work", "W")],
)  # fmt: skip
def test_how_far_to_trust_a_score_is_what_was_measured(root, readme, row, protocol):
    stored = json.loads((root / "pipelines/exposure/scorer/scorer.json").read_text("utf-8"))
    found = stored[protocol]
    (line,) = [line for line in readme.splitlines() if line.startswith(f"| {row}")]
    low, high = found["interval"]["accuracy"]
    assert [cell.strip() for cell in line.split("|")[2:-1]] == [
        f"{100 * found['accuracy']:.0f}% ({100 * low:.0f} to {100 * high:.0f})",
        f"{found['kappa']:.2f}",
        f"{100 * found['baseline']['accuracy']:.0f}%, {found['baseline']['kappa']:.2f}",
        f"{100 * found['gpt4']['accuracy']:.0f}%, {found['gpt4']['kappa']:.2f}",
    ]


def test_at_most_eight_commands_and_help_for_the_rest(readme):
    commands = re.findall(r"^outlook (\w+)", readme, flags=re.M)
    assert 0 < len(commands) == len(set(commands)) <= 8
    assert "outlook --help" in readme


def test_every_link_leads_to_a_file(root, readme):
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (root / target).exists(), target


def test_editions_named_for_readers_are_those_of_the_embedded_data(root):
    data = open_data(offline=True)
    names = [name for name, e in data.manifest["sources"].items() if e.get("attribution")]
    readme = " ".join((root / "README.md").read_text("utf-8").split())
    said = re.search(r"information from the O\*NET (.*?) Databases", readme)[1]
    current = {data.manifest["sources"][n]["release"] for n in names if n != "onet_18"}
    assert set(re.findall(r"[0-9]+\.[0-9]+", said)) == current
    newest = {name: data.release_of(name).partition(", ")[0] for name in ("onet", "oews_nat")}
    advisers = (root / "docs" / "ADVISERS.md").read_text("utf-8")
    assert f"(O*NET {newest['onet']}, wages of {newest['oews_nat']})" in advisers
