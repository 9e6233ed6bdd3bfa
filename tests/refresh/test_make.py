"""Only what depends on a changed source is made anew, and the rest is byte for byte the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.base import contracts
from pipelines.refresh import assemble, compute, make, provenance
from pipelines.refresh.run import refresh
from pipelines.releases import store
from pipelines.releases.store import Release
from pipelines.sources.catalog import dataset_of, loadable
from pipelines.sources.fetch import raw_files


def test_a_source_touches_its_tables_and_what_is_derived_from_them():
    assert assemble.affected({"telework"}) == {"telework"}
    assert assemble.affected({"oews_nat_2024"}) == {"wages", "soc_2010_to_2018"}
    assert assemble.affected({"onet_walk_2010_2019"}) == {"onet_walk_2010_2019", "soc_2010_to_2018"}
    assert assemble.affected(set()) == set()
    every = assemble.affected(set(loadable()))
    assert every == set(contracts.contracts()) - set(assemble.COMPUTED)


class Watched(Mapping):
    """Tables of a release, and which were asked for."""

    def __init__(self, data: Release) -> None:
        self.data, self.read = data, set()

    def __getitem__(self, name):
        self.read.add(name)
        return self.data.table(name)

    def __contains__(self, name):
        return True

    def __iter__(self):
        return iter(contracts.contracts())

    def __len__(self):
        return len(contracts.contracts())


@pytest.mark.parametrize("name", assemble.COMPUTED)
def test_a_computed_table_reads_only_what_is_said_of_it(full_release, name):
    tables = Watched(store.current(full_release[0]))
    compute._MAKERS[name](tables)
    assert tables.read <= set(assemble.COMPUTED[name])


def test_every_module_that_makes_tables_is_in_the_digest_of_the_code():
    listing = (
        "import sys, pipelines.refresh.compute, pipelines.refresh.assemble\n"
        "from pipelines.sources.catalog import loadable\n"
        "[d.load() for d in loadable().values()]\n"
        "print('\\n'.join(m.__file__ for n, m in sys.modules.items() if n.startswith('pipelines')))"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True)
    used = {Path(line) for line in done.stdout.split()}
    assert used, done.stderr
    assert used <= set(provenance.code_files())
    models = {file.name for file in provenance.code_files()}
    assert {"ranker.json", "scorer.npz", "contracts.toml", "catalog.toml"} <= models


@pytest.fixture(scope="module")
def changed(full_release, sources, tmp_path_factory):
    """A copy of the full release, and a mirror where one study's file has another content and
    O*NET's zip is packed anew; what the refresh on them did and said."""
    where, first = full_release
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(where.raw.parent, folder / "data", symlinks=True)
    mirror = folder / "mirror"
    shutil.copytree(sources, mirror, copy_function=lambda a, b: Path(b).symlink_to(a))
    study = mirror / dataset_of("telework").mirror_path
    text = study.read_text("utf-8")
    study.unlink()
    head, row, rest = text.split("\n", 2)
    flipped = row[:-1] + ("0" if row.endswith("1") else "1")
    study.write_text("\n".join([head, flipped, rest]), "utf-8")
    packed = mirror / dataset_of("onet_29_3").mirror_path
    with zipfile.ZipFile(packed) as old:
        members = {name: old.read(name) for name in old.namelist() if not name.endswith("/")}
    packed.unlink()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, data in members.items():
            new.writestr(name, data)
    lines: list[str] = []
    settings = replace(where, raw=folder / "data" / "raw", processed=folder / "data" / "processed",
                       mirror=str(mirror))  # fmt: skip
    return settings, refresh(settings, enrich=compute.enrich, progress=lines.append), lines, first


def test_only_changed_sources_are_loaded_and_a_release_comes_of_it(changed):
    settings, result, lines, first = changed
    assert result.exit_code == 0, result.sentences
    assert result.published not in (None, first.published)
    assert not any(line.startswith("oews_st_2025 May 2025:") for line in lines)
    assert any(line.startswith("telework master:") for line in lines)
    assert any("tables are those of release" in line for line in lines)


def test_a_table_taken_over_is_byte_for_byte_what_a_rebuild_makes(changed):
    settings, result, _, first = changed
    now = store.current(settings)
    carried = {n: now for n, e in now.manifest["sources"].items() if e.get("carried_on")}
    files = {
        n: raw_files.known(n, settings).path for n in now.manifest["sources"] if n not in carried
    }
    whole = make.make(files, None, None, compute.enrich, lambda line: None, carried)
    made = {name: entry["sha256"] for name, entry in whole.entries.items()}
    assert {name: e["sha256"] for name, e in now.manifest["tables"].items()} == made
    last = store.open_release(settings.releases / first.published).manifest["tables"]
    differ = {name for name, e in now.manifest["tables"].items() if e != last[name]}
    # O*NET's were packed anew, and are the same.
    assert differ == {"telework", "measures", "measure_agreement"}


def test_the_report_lies_beside_the_release(changed):
    settings, result, _, first = changed
    from pipelines.refresh import report

    now = store.current(settings)
    stored = report.stored(now)
    assert stored == result.changes
    assert stored["from"]["id"] == first.published
    assert stored["to"]["id"] == now.id
    kinds = {s["id"]: s["kind"] for s in stored["sources"]}
    assert kinds == dict.fromkeys(("telework", "onet_29_3"), "same edition, new content")
    assert set(now.manifest["beside"]) == {"changes.json"}
    assert "Dingel" in report.clause(stored) or "jobs" in report.clause(stored)


def test_the_rows_of_sources_not_loaded_are_carried_on(changed):
    settings, _, _, first = changed
    now = store.current(settings).manifest["sources"]
    last = store.open_release(settings.releases / first.published).manifest["sources"]
    assert {n: e["rows"] for n, e in now.items()} == {n: e["rows"] for n, e in last.items()}
