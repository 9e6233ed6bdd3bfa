"""New editions on the live path: found, taken, refused, pinned, and a release made again."""

from __future__ import annotations

import json
import shutil
import sys
from types import SimpleNamespace

import editions
import pytest
from faults import mirror
from tlsproxy import Publishers

from pipelines import cli
from pipelines.sources.catalog import dataset_of

ONET = "https://www.onetcenter.org/dl_files/database/db_{}_text.zip"
OEWS = "https://www.bls.gov/oes/special-requests/oesm{}.zip"


def encoded(name):
    return mirror.encode(mirror.SOURCES[name]())


def manifest(data):
    path = data / "processed" / "releases" / "current" / "manifest.json"
    return json.loads(path.read_text("utf-8"))


def current_id(data):
    return (data / "processed" / "releases" / "current").readlink().name


def serve(publishers, address, data):
    file = publishers.files / address.removeprefix("https://")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A folder of data with a release of the made sources, and the publishers that served it."""
    folder = tmp_path_factory.mktemp("first")
    mirror.write(folder / "files")
    publishers = Publishers(folder / "files", folder)
    done = publishers.outlook(folder / "data", "refresh")
    publishers.close()
    assert done.returncode == 0, done.stderr

    def copy(to):
        shutil.copytree(folder / "data", to / "data", symlinks=True)
        shutil.copytree(folder / "files", to / "files", dirs_exist_ok=True)
        return to / "data"

    return copy


@pytest.fixture
def data(first, publishers, tmp_path):
    """The data of the first release; the publishers serve its files."""
    found = first(tmp_path)
    publishers.files = tmp_path / "files"
    return found


@pytest.fixture
def run(publishers, monkeypatch, capsys):
    """Run a command in this process, led to the publishers: exit code, output, errors."""
    publishers.lead(monkeypatch)
    monkeypatch.setenv("OUTLOOK_CONTACT", "tester@example.org")

    def outlook(data, *arguments):
        monkeypatch.setenv("OUTLOOK_DATA", str(data))
        monkeypatch.setattr(sys, "argv", ["outlook", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=out, stderr=err)

    return outlook


def editions_of(data, family):
    return {
        e["release"]: e for e in manifest(data)["sources"].values() if e.get("family") == family
    }


def test_new_editions_are_found_on_pages_taken_and_cited(publishers, run, data):
    """Nothing is typed anywhere: O*NET 30.3 with its renamed files, and OEWS of the next year."""
    publishers.answers |= {
        editions.ONET_PAGE: editions.onet_page("30.3"),
        editions.OEWS_PAGE: editions.oews_page(2025, 2026),
    }
    serve(
        publishers,
        ONET.format("30_3"),
        editions.next_onet(encoded("onet_29_3"), "30.3", month="05/2026", new_column="Notes"),
    )
    serve(publishers, OEWS.format("26nat"), editions.next_oews(encoded("oews_nat_2025"), 2026))
    serve(publishers, OEWS.format("26st"), editions.next_oews(encoded("oews_st_2025"), 2026))
    done = run(data, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    onet = editions_of(data, "onet")
    assert set(onet) == {"30.3"}
    assert onet["30.3"]["date"] == "2026-05"
    assert onet["30.3"]["evidence"] == f"named by {editions.ONET_PAGE}; HTTP 200"
    assert "O*NET 30.3 Database" in onet["30.3"]["attribution"]
    assert "May 2026" in editions_of(data, "oews_nat")
    assert set(editions_of(data, "oews_st")) == {"May 2026"}
    cited = run(data, "cite").stdout
    assert "O*NET 30.3 Database" in cited
    assert "29.3" not in cited
    assert run(data, "refresh", "--if-changed").returncode == 3


def test_a_broken_edition_is_not_taken_and_holds_up_no_other(publishers, run, data):
    serve(
        publishers,
        ONET.format("30_0"),
        editions.next_onet(encoded("onet_29_3"), "30.0", without="Knowledge.txt"),
    )
    serve(publishers, OEWS.format("26nat"), editions.next_oews(encoded("oews_nat_2025"), 2026))
    done = run(data, "refresh")
    assert done.returncode == 5
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Not taken")]
    assert "onet_30_0" in line
    assert "Knowledge.txt" in line
    assert set(editions_of(data, "onet")) == {"29.3"}
    assert "May 2026" in editions_of(data, "oews_nat")
    # The same night again: still 5, and nothing is published anew.
    before = current_id(data)
    assert run(data, "refresh").returncode == 5
    assert current_id(data) == before
    # Mended by its publisher, it is taken.
    serve(publishers, ONET.format("30_0"), editions.next_onet(encoded("onet_29_3"), "30.0"))
    assert run(data, "refresh").returncode == 0
    assert set(editions_of(data, "onet")) == {"30.0"}


@pytest.mark.fault("edition")
@pytest.mark.parametrize("how", ["truncated", "another release"])
def test_what_is_wrong_with_a_new_edition_leaves_the_old_one(publishers, run, data, how):
    before = manifest(data)
    if how == "truncated":
        serve(
            publishers,
            ONET.format("30_0"),
            editions.broken(editions.next_onet(encoded("onet_29_3"), "30.0")),
        )
    else:
        serve(publishers, ONET.format("30_0"), editions.next_onet(encoded("onet_29_3"), "29.9"))
    done = run(data, "refresh")
    assert done.returncode == 5, done.stdout + done.stderr
    assert "Not taken" in done.stderr
    assert manifest(data) == before


def test_a_release_without_ratings_gives_what_it_has(publishers, run, data):
    """Task ids mean something within one release: the tasks stay those of the whole one."""
    serve(
        publishers,
        ONET.format("30_0"),
        editions.next_onet(
            encoded("onet_29_3"), "30.0", without="Task Ratings.txt", month="08/2026"
        ),
    )
    done = run(data, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    held = editions_of(data, "onet")
    assert set(held) == {"29.3", "30.0"}
    assert "tasks" not in held["30.0"]["rows"]
    assert held["29.3"]["rows"]["tasks"] > 0


def test_a_source_is_pinned_to_an_edition(publishers, run, data):
    serve(publishers, ONET.format("30_0"), editions.next_onet(encoded("onet_29_3"), "30.0"))
    serve(publishers, OEWS.format("26nat"), editions.next_oews(encoded("oews_nat_2025"), 2026))
    done = run(data, "refresh", "--edition", "onet=29.3")
    assert done.returncode == 0, done.stderr
    assert set(editions_of(data, "onet")) == {"29.3"}
    assert "May 2026" in editions_of(data, "oews_nat")
    assert manifest(data)["pins"] == {"onet": "29.3"}
    assert "pinned to 29.3" in run(data, "cite").stdout
    assert "30.0 is out" in done.stdout
    pinned = run(data, "refresh", "--edition", "oews_nat=2025")
    assert pinned.returncode == 0, pinned.stderr
    assert "May 2026" not in editions_of(data, "oews_nat")
    assert set(editions_of(data, "onet")) == {"30.0"}


@pytest.mark.parametrize(
    ("pin", "named"),
    [("onet=31.0", "Found: 29.3"), ("onet=May 2025", "not an edition of onet"),
     ("telework=1", "no source of this name has editions"), ("onet", "not an edition"),
     ("ep_export=1999-09", "serves 2024-34")],
)  # fmt: skip
def test_a_pin_that_cannot_be_is_refused_in_one_line(publishers, run, data, pin, named):
    done = run(data, "refresh", "--edition", pin)
    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1 + len(mirror.SOURCES)


def test_a_release_is_made_again_from_its_manifest(publishers, run, data, tmp_path):
    id, before = current_id(data), manifest(data)
    old = data / "processed" / "releases" / id
    serve(publishers, OEWS.format("26nat"), editions.next_oews(encoded("oews_nat_2025"), 2026))
    assert run(data, "refresh").returncode == 0
    assert manifest(data)["content_sha256"] != before["content_sha256"]
    # In another folder, with the manifest alone.
    other = tmp_path / "other"
    done = run(other, "refresh", "--like", str(old / "manifest.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert manifest(other)["content_sha256"] == before["content_sha256"]
    for name, entry in before["tables"].items():
        assert manifest(other)["tables"][name]["sha256"] == entry["sha256"], name
    # And where it was made, by its id.
    done = run(data, "refresh", "--like", id)
    assert done.returncode == 0, done.stdout + done.stderr
    assert manifest(data)["content_sha256"] == before["content_sha256"]


def test_bytes_that_a_publisher_no_longer_serves_are_named(publishers, run, data, tmp_path):
    old = data / "processed" / "releases" / current_id(data) / "manifest.json"
    serve(publishers, dataset_of("telework").url, b"onetsoccode,teleworkable\n11-1011.00,1\n")
    done = run(tmp_path / "other", "refresh", "--like", str(old))
    assert done.returncode == 4
    assert "telework" in done.stderr
    assert "other bytes" in done.stderr
    assert not (tmp_path / "other" / "processed" / "releases" / "current").exists()


@pytest.mark.parametrize("name", ["20260101-00000000", "nowhere/manifest.json"])
def test_a_manifest_that_is_not_there_is_named(publishers, run, data, name):
    done = run(data, "refresh", "--like", name)
    assert done.returncode in (2, 4)
    assert name.partition("/")[0] in done.stderr
