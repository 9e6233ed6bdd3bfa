"""No figure in a document is typed by hand: each is generated or made here from code and data.

docs/METHODS.md has the same rule in tests/build/test_methods.py. docs/ADVISERS.md is held in
test_advisers.py. docs/EXPERIMENTS.md is the one record that was typed, and says so.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from inspect import signature

import pytest
from typed import unheld

from pipelines.base import errors, settings
from pipelines.releases import lock
from pipelines.sources.fetch.session import RETRIED, Limits
from pipelines.sources.freshness import OLD_AFTER


def _readme(root) -> list[str]:
    stored = json.loads((root / "pipelines/exposure/scorer/scorer.json").read_text("utf-8"))
    found = [_python(root)]
    for protocol in "KUW":
        one = stored[protocol]
        low, high = one["interval"]["accuracy"]
        found.append(
            f"| {100 * one['accuracy']:.0f}% ({100 * low:.0f} to {100 * high:.0f}) | "
            f"{one['kappa']:.2f} | {100 * one['baseline']['accuracy']:.0f}%, "
            f"{one['baseline']['kappa']:.2f} | {100 * one['gpt4']['accuracy']:.0f}%, "
            f"{one['gpt4']['kappa']:.2f} |"
        )
    rows = dict(_experts(root))
    own, gpt4, exposure = (rows[name] for name in ("automation score", "GPT-4's own level",
                                                   "exposure"))  # fmt: skip
    return [
        *found,
        f"automation score {own[2]}, {own[3]} ({own[0]}); GPT-4's own level {gpt4[2]} ({gpt4[0]}); "
        f"exposure {exposure[2]} ({exposure[0]}); no score could reach more than "
        f"{rows['most that any score can reach'][2]}.",
    ]


def _experts(root) -> Iterator[tuple[str, list[str]]]:
    """Score -> tasks, occupations, r, its interval ..., of the generated table."""
    text = (root / "docs/AUTOMATION.md").read_text("utf-8")
    block = text.split("<!-- table: expert_agreement")[1].split("<!-- end -->")[0]
    for line in block.splitlines()[3:]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        yield name, cells


def _python(root) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return f"Python {project['requires-python'].removeprefix('>=')} or newer"


def _contributing(root) -> list[str]:
    return [_python(root), "at 1366 and at 390 pixels"]  # widths of two screens


def _claims(root) -> int:
    return len(tomllib.loads((root / "pipelines/claims/claims.toml").read_text("utf-8"))["claim"])


def _architecture(root) -> list[str]:
    return [f"the article's {_claims(root)} claims", f"exit code {errors.ShapeChanged.exit_code}"]


def _moves(root) -> list[str]:
    # What the cited statement to the OMB says, and the ratio of it.
    planned, households, respond = 78_000, 108_000_000, 0.9
    ratio = round(households / (planned * respond), -1)
    return [
        f"planned about {planned:,} household interviews among {households // 10**6} million "
        f"households, of which {respond:.0%}".replace("%", " percent respond"),
        f"one in {ratio:,.0f}; one person",
        "First 20 of `outlook moves`",  # generated rows of the table have it too
    ]


def _operations(root) -> list[str]:
    limits = Limits()
    waits = [limits.backoff * 2**n for n in range(limits.attempts - 1)]
    server = [code for code in RETRIED if code < 500]
    assert {code // 100 for code in RETRIED if code not in server} == {5}
    wait = signature(lock.held.__wrapped__).parameters["wait"].default
    user = re.search(r"^USER (\d+)$", (root / "deploy/Containerfile").read_text("utf-8"), re.M)[1]
    wrong, failed, shape = (
        kind.exit_code for kind in (errors.UsageError, errors.SourceFailed, errors.ShapeChanged)
    )
    assert (errors.OutlookError.exit_code, wrong, failed, shape) == (1, 2, 4, 5)
    return [
        f"| newest releases that stay | {settings.RELEASES_KEPT} |",
        f"({', '.join(map(str, server))}, 5xx, broken lines) are tried {limits.attempts} times "
        "with waits of about {:g}, {:g} and {:g} s".format(*waits),
        f"Retry-After up to {limits.longest_wait:g} s; one file has {limits.total:g} s in all",
        "answers 200 with",
        f"waits up to {wait} s, then ends with {failed}",
        f"(user {user}, no secret",
        f"more than {OLD_AFTER['quarterly']} months for a quarterly source, {OLD_AFTER['yearly']} "
        "for a yearly one",
        "a price of 400 digits",  # tests/sources/test_bad_input.py
        # Exit codes, those of the table above them.
        *(f"| {code} |" for code in (0, 1, wrong, 3, failed, shape, 130)),
        f"for codes 0, 3, {failed} and {shape}",
        f"the exit code is {shape} until",
        "0: a new release is current, build. 3: nothing new",
        f"{failed} and {shape}: somebody must look",
        f"On 0 it builds and uploads the release and the site as the artifact ; on 3 it ends green "
        f"without an upload; on {failed}, {shape} or any other",
        f"3 counts as success, a build follows 0 only, {failed} and {shape} leave the unit failed",
        f"it prints on {failed}, {shape} and a failed build",
        "ends with 1 after a failed refresh",
    ]


def _automation(root) -> list[str]:
    return ["arXiv 2303.10130", "arXiv 2506.06576", "arXiv 2503.04761", "Working Paper 96"]


def _archive(root) -> list[str]:
    return ["the second are 1 and 0 with labels"]


@pytest.mark.parametrize(
    ("name", "made"),
    [("README.md", _readme), ("CONTRIBUTING.md", _contributing),
     ("docs/ARCHITECTURE.md", _architecture), ("docs/ARCHIVE.md", _archive),
     ("docs/MOVES.md", _moves), ("docs/OPERATIONS.md", _operations),
     ("docs/AUTOMATION.md", _automation), ("docs/ROBUSTNESS.md", lambda root: []),
     ("docs/TECHNICIANS.md", lambda root: []), ("docs/POSTINGS.md", lambda root: []),
     ("docs/SCALE.md", lambda root: [])],
)  # fmt: skip
def test_every_figure_is_made_from_code_and_data(root, name, made):
    left = unheld((root / name).read_text("utf-8"), made(root))
    assert left == [], "typed by hand: generate it, or make its phrase in this test"


def test_every_document_is_held_to_it(root):
    held = {"AUTOMATION.md", "METHODS.md", "ADVISERS.md", "ARCHITECTURE.md", "ARCHIVE.md",
            "MOVES.md", "OPERATIONS.md", "POSTINGS.md", "ROBUSTNESS.md", "SCALE.md",
            "TECHNICIANS.md"}  # fmt: skip
    generated = {"DATA.md"}
    typed = {"EXPERIMENTS.md"}
    assert {path.name for path in (root / "docs").glob("*.md")} == held | generated | typed
    record = (root / "docs" / "EXPERIMENTS.md").read_text("utf-8")
    assert "Figures below were typed when they were measured" in " ".join(record.split())


def test_a_figure_that_is_typed_is_found():
    assert unheld("In 2025 29-2072 paid 51,140 dollars, see section 3.", []) != []
    assert unheld("In 2025 29-2072 paid, see section 3 and O*NET 30.1.", []) == []
    assert unheld("It is .53 of it.", []) != []
    assert unheld("It is 0.53 of it.", ["is 0.53 of"]) == []
    with pytest.raises(AssertionError, match="does not say"):
        unheld("It is 0.53 of it.", ["is 0.54 of"])
