"""What a scheduler runs: the workflow's own shell steps with a made `outlook`, units, cron."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
import yaml


@pytest.fixture(scope="module")
def workflow(root):
    return yaml.safe_load((root / ".github/workflows/refresh.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def steps(workflow):
    return {step["name"]: step for step in workflow["jobs"]["refresh"]["steps"] if "name" in step}


def test_actions_are_pinned_by_digest_and_say_their_version(root):
    for file in (root / ".github/workflows").glob("*.yml"):
        used = re.findall(r"uses: *(.+)", file.read_text("utf-8"))
        assert used
        for action in used:
            assert re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), file


def program(folder, name, text):
    file = folder / name
    file.write_text(f"#!/bin/bash\n{text}\n")
    file.chmod(0o755)


def run(step, folder, **env):
    return subprocess.run(
        # As the runner does: stop at the first failure, also within a pipe.
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": f"{folder}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(folder / "output"),
             "GITHUB_STEP_SUMMARY": str(folder / "summary"), **env},
    )  # fmt: skip


@pytest.mark.parametrize(("code", "published"), [(0, True), (3, False), (4, False), (5, False)])
def test_the_refresh_step_never_hides_the_exit_code(steps, tmp_path, code, published):
    program(tmp_path, "outlook",
            f'echo "{{}}"; echo "outlook: why" >&2; [ "$*" = "refresh --if-changed --json" ] '
            f"|| exit 99; exit {code}")  # fmt: skip
    done = run(steps["Refresh"], tmp_path)
    said = (tmp_path / "output").read_text()
    assert done.returncode == 0, done.stderr  # later steps save, tell and fail
    assert f"code={code}\n" in said
    assert ("published=true" in said) == published
    assert ("::error::" in done.stdout) == (code in (4, 5))
    assert "outlook: why" in done.stderr
    assert "outlook: why" in (tmp_path / "summary").read_text()


@pytest.mark.parametrize(("already", "wanted"), [("", "issue create"), ("12", "issue comment 12")])
def test_a_failure_opens_an_issue_or_comments_on_the_open_one(steps, tmp_path, already, wanted):
    program(tmp_path, "gh", f'echo "$*" >> calls; [ "$2" = list ] && echo "{already}" || true')
    (tmp_path / "refresh.err").write_text("outlook: bls.gov: refused")
    done = run(steps["Tell somebody"], tmp_path, CODE="4", RUN="https://example.org/run")
    assert done.returncode == 0, done.stderr
    assert wanted in (tmp_path / "calls").read_text()
    report = (tmp_path / "report.md").read_text()
    assert "Exit code 4" in report
    assert "bls.gov: refused" in report


def test_only_a_new_release_is_uploaded_and_a_failure_is_red(steps):
    for name in ("Build the site", "Upload the release and the site"):
        assert steps[name]["if"] == "steps.refresh.outputs.published == 'true'"
    last = list(steps.values())[-1]
    assert last["run"] == "exit 1"
    for step in (last, steps["Tell somebody"]):
        assert "!= '0'" in step["if"]
        assert "!= '3'" in step["if"]


def test_the_workflow_is_weekly_pinned_and_asks_for_little(workflow):
    on = workflow[True]  # YAML reads the key `on` as a truth value
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", on["schedule"][0]["cron"])
    assert "workflow_dispatch" in on
    assert workflow["permissions"] == {"contents": "read", "issues": "write"}
    assert workflow["jobs"]["refresh"]["env"]["OUTLOOK_CONTACT"] == "${{ vars.OUTLOOK_CONTACT }}"
    for step in workflow["jobs"]["refresh"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})", step["uses"])
        # What an answer or a title holds never becomes part of a script.
        assert "${{" not in step.get("run", "")


def unit(text):
    pairs = [line.partition("=") for line in text.splitlines() if re.match(r"\w+=", line)]
    return {key: value for key, _, value in pairs}


def test_the_units_agree_and_give_no_more_rights_than_needed(root):
    service = unit((root / "deploy/outlook-refresh.service").read_text())
    timer = unit((root / "deploy/outlook-refresh.timer").read_text())
    assert service["ExecStart"].endswith("outlook refresh --if-changed --json")
    assert service["SuccessExitStatus"] == "3"
    assert service["User"] == "outlook"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == service["PrivateTmp"] == service["ProtectHome"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert timer["Persistent"] == "yes"
    assert timer["OnCalendar"].startswith("Mon")


def test_after_a_new_release_the_unit_builds_and_after_none_it_does_not(root, tmp_path):
    """The command that follows the refresh, run as systemd would, with its exit status."""
    service = unit((root / "deploy/outlook-refresh.service").read_text())
    command = service["ExecStopPost"].removeprefix("/bin/sh -c ").strip("'").replace("$$", "$")
    program(tmp_path, "outlook", 'echo "$*" >> calls')
    command = command.replace(
        "/opt/technician-outlook/.venv/bin/outlook", str(tmp_path / "outlook")
    )
    for status, builds in (("0", True), ("3", False), ("4", False), ("5", False), ("KILL", False)):
        (tmp_path / "calls").unlink(missing_ok=True)
        subprocess.run(["sh", "-c", command], cwd=tmp_path, env={"EXIT_STATUS": status}, check=True)
        assert (tmp_path / "calls").exists() == builds, status


@pytest.mark.parametrize(("code", "mailed", "built"), [(0, "", True), (3, "", False),
                                                       (4, "ended with 4", False),
                                                       (5, "ended with 5", False)])  # fmt: skip
def test_the_cron_line_builds_on_0_is_quiet_on_3_and_mails_on_4_and_5(
    root, tmp_path, code, mailed, built
):
    line = (root / "deploy/outlook.cron").read_text().splitlines()[-1]
    schedule, user, command = re.match(r"(\S+ \S+ \S+ \S+ \S+) (\S+) (.*)", line).groups()
    assert (schedule, user) == ("0 3 * * 1", "outlook")
    assert "%" not in command  # cron reads a percent sign as the end of the command
    (tmp_path / ".venv/bin").mkdir(parents=True)
    program(tmp_path / ".venv/bin", "outlook",
            f'echo "$*" >> {tmp_path}/calls; [ "$1" != refresh ] || exit {code}')  # fmt: skip
    command = command.replace("/opt/technician-outlook", str(tmp_path))
    command = command.replace("/var/lib/outlook", str(tmp_path))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert mailed in done.stdout
    assert bool(done.stdout) == bool(mailed)
    assert ("build" in (tmp_path / "calls").read_text()) == built


def test_the_container_runs_as_nobody_in_particular_and_holds_no_secret(root):
    text = (root / "deploy/Containerfile").read_text()
    assert re.search(r"^FROM \S*python:3\.11-slim$", text, re.M)
    assert re.search(r"^USER \d{4,}$", text, re.M)
    assert not re.search(r"^(ENV|ARG).*(CONTACT|TOKEN|SECRET|PASSWORD)", text, re.M | re.I)
    copied = re.findall(r"^COPY (.+) \S+$", text, re.M)
    for name in " ".join(copied).split():
        assert (root / name).exists(), name
    ignored = (root / ".containerignore").read_text().splitlines()
    assert ignored[0] == "*"  # nothing goes in that is not named
    assert {f"!{name}" for name in " ".join(copied).split()} <= set(ignored)
