"""README.md: one screen a reader, eight commands, figures that are the model's."""

from __future__ import annotations

import json
import re

import pytest


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
        f"{100 * found['gpt4']['accuracy']:.0f}%, {found['gpt4']['kappa']:.2f}",
    ]


def test_at_most_eight_commands_and_help_for_the_rest(readme):
    commands = re.findall(r"^outlook (\w+)", readme, flags=re.M)
    assert 0 < len(commands) == len(set(commands)) <= 8
    assert "outlook --help" in readme


def test_every_link_leads_to_a_file(root, readme):
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (root / target).exists(), target
