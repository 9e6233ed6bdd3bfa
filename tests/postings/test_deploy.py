"""The compose file of a cluster agrees with itself, the image and docs/SCALE.md."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml


@pytest.fixture(scope="module")
def compose(root):
    return yaml.safe_load((root / "deploy/compose.dask.yaml").read_text("utf-8"))


def test_all_services_share_the_image_and_the_folder_and_know_the_scheduler(root, compose):
    services = compose["services"]
    assert set(services) == {"scheduler", "worker", "outlook"}
    assert len({one["image"] for one in services.values()}) == 1
    assert all(one["volumes"] == ["shared:/shared"] for one in services.values())
    assert set(compose["volumes"]) == {"shared"}
    scheduler, worker = services["scheduler"]["command"], services["worker"]["command"]
    port = scheduler[scheduler.index("--port") + 1]
    assert worker[2] == f"tcp://scheduler:{port}"
    assert worker[worker.index("--nthreads") + 1] == "1"
    assert "ports" not in services["scheduler"]  # whoever reaches it can run anything
    page = (root / "docs/SCALE.md").read_text("utf-8")
    assert f"--scheduler tcp://scheduler:{port}" in page
    image = services["worker"]["image"].removeprefix("localhost/")
    assert f"-f deploy/Containerfile.scale -t {image} ." in page


@pytest.mark.parametrize("service", ["scheduler", "worker"])
def test_dask_knows_the_options_of_its_commands(compose, service):
    command = compose["services"][service]["command"]
    assert command[0] == "dask"
    told = subprocess.run(
        [sys.executable, "-m", "dask", command[1], "--help"], capture_output=True, text=True
    ).stdout
    options = [word for word in command if word.startswith("--")]
    assert options
    assert [o for o in options if not re.search(rf"{o}\b", told)] == []


def test_workers_of_the_image_keep_the_memory_that_they_free(root, monkeypatch):
    from distributed.nanny import _get_env_variables

    text = (root / "deploy/Containerfile.scale").read_text("utf-8")
    told = dict(re.findall(r"(MALLOC_\w+)=(\d+)", text))
    assert set(told) == {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    # Dask puts its own value in where the environment has none.
    put = _get_env_variables("distributed.nanny.pre-spawn-environ")
    assert put["MALLOC_TRIM_THRESHOLD_"] == told["MALLOC_TRIM_THRESHOLD_"]


def test_the_image_takes_its_pins_from_pyproject_and_runs_as_nobody(root):
    text = (root / "deploy/Containerfile.scale").read_text("utf-8")
    assert '".[scale]"' in text
    assert "==" not in text
    assert re.findall(r"^USER (\S+)$", text, re.M)[-1] == "10001"
