"""What identifies the operator goes to publishers only: never into files, messages, releases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from faults.bench import Bench, narrow, outcome

CONTACT = "operator.name@example.org"
PASSWORD = "s3cr3t-word"
NAMES = ["telework", "wwai_scores"]


@pytest.fixture
def bench(tmp_path, monkeypatch):
    narrow(monkeypatch, NAMES)
    here = Bench(tmp_path, NAMES)
    here.settings = replace(here.settings, contact=CONTACT)
    return here


def written(folder) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_contact_is_in_nothing_that_a_refresh_writes_or_says(bench):
    lines = []
    bench.fill()
    result = bench.refresh(progress=lines.append)
    assert CONTACT not in " ".join(lines) + result.to_json()
    assert CONTACT.encode() not in written(bench.settings.raw.parent)


def test_a_mirrors_password_is_in_nothing_that_a_refresh_writes_or_says(bench):
    bench.fill()
    lines = []
    # Port 9 (discard) is closed: the error names the address that was asked.
    bench.settings = replace(bench.settings, mirror=f"http://user:{PASSWORD}@127.0.0.1:9")
    code, said = outcome(lambda: bench.refresh(progress=lines.append))
    assert code == 4
    assert "127.0.0.1" in said
    assert PASSWORD not in said + " ".join(lines)
    assert PASSWORD.encode() not in written(bench.settings.raw.parent)


def test_a_contact_that_is_no_address_is_refused_without_being_sent(bench):
    bench.fill()
    bench.settings = replace(
        bench.settings, contact="a@b.org\r\nX-Evil: 1", mirror="http://127.0.0.1:9"
    )
    code, said = outcome(bench.refresh)
    assert code in (2, 4)
    assert "OUTLOOK_CONTACT" in said
    assert "\n" not in said
