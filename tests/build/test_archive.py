"""`outlook archive`: what is deposited is what was published, and says what it is."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime

import jsonschema
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyreadstat
import pytest
import yaml
from made_releases import made

from pipelines.base import contracts, settings
from pipelines.base.errors import SourceFailed, UsageError
from pipelines.build import archive_tables
from pipelines.build.archive import archive
from pipelines.releases.store import Release, open_release

_ARROW = {"str": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
#: Rows of a Stata file that are compared: its reader takes a second for 20,000 of them.
_ROWS = 10_000


@pytest.fixture(scope="module")
def snapshot() -> Release:
    return open_release(settings.load({}).snapshot)


@pytest.fixture(scope="module")
def stored(snapshot, tmp_path_factory):
    """The folder of an unzipped archive of the snapshot."""
    folder = tmp_path_factory.mktemp("archive")
    made_it = archive(snapshot, folder / "snapshot.zip")
    with zipfile.ZipFile(made_it.path) as file:
        file.extractall(folder / "unzipped")
    return folder / "unzipped"


@pytest.fixture(scope="module")
def small(snapshot) -> Release:
    """A few tables of the snapshot: quick to archive."""
    names = ["job_zones", "measures", "price_index"]
    entries = {name: snapshot.manifest["tables"][name] for name in names}
    return Release("small", snapshot.path, snapshot.manifest | {"tables": entries})


def _held(stored) -> list[str]:
    return sorted(path.stem for path in (stored / "csv").iterdir())


def _expected(snapshot, name: str) -> pd.DataFrame:
    """The rows that may be passed on, by plain pandas."""
    frame = snapshot.table(name)
    closed = ["aioe", "lm_aioe", "telework"]
    for column in ("measure", "other") if name.startswith("measure") else ():
        if column in frame:
            frame = frame[~frame[column].isin(closed)]
    return frame.reset_index(drop=True)


def test_every_table_is_there_or_said_to_be_left_out(stored, snapshot):
    held = _held(stored)
    lacking = pd.read_csv(stored / "left_out.csv")
    whole = set(lacking.loc[lacking["how"] == "whole", "table"])
    assert whole | set(held) == set(contracts.contracts())
    assert not whole & set(held)
    assert {"aioe", "telework"} <= whole
    assert set(lacking.loc[lacking["how"] == "in part", "table"]) <= set(held)
    assert lacking["why"].str.len().min() > 10
    for kind, ending in (("parquet", "parquet"), ("stata", "dta")):
        assert sorted(path.name for path in (stored / kind).iterdir()) == [
            f"{name}.{ending}" for name in held
        ]


def test_parquet_and_csv_read_back_by_pyarrow_are_the_release(stored, snapshot):
    for name in _held(stored):
        expected = _expected(snapshot, name)
        columns = contracts.contracts()[name].columns
        parquet = pq.read_table(stored / "parquet" / f"{name}.parquet").to_pandas()
        pd.testing.assert_frame_equal(parquet, expected, obj=name)
        nullable = [c.name for c in columns if c.nullable or c.dtype != "str"]
        options = pa.csv.ConvertOptions(
            column_types={c.name: _ARROW[c.dtype] for c in columns},
            null_values=[""], strings_can_be_null=True,
            true_values=["True"], false_values=["False"],
        )  # fmt: skip
        parsing = pa.csv.ParseOptions(newlines_in_values=True)
        table = pa.csv.read_csv(
            stored / "csv" / f"{name}.csv", convert_options=options, parse_options=parsing
        ).to_pandas()
        empty_is_value = [c.name for c in columns if c.name not in nullable]
        table[empty_is_value] = table[empty_is_value].fillna("")
        for column in (c.name for c in columns if c.dtype == "str"):
            # What a spreadsheet would run has an apostrophe before it, and nothing else has.
            given, was = table[column], expected[column]
            runs = was.str.match("[=+@-]", na=False) & given.str.startswith("'", na=False)
            table[column] = given.where(~runs, given.str[1:])
        pd.testing.assert_frame_equal(
            table.astype(expected.dtypes), expected, check_exact=True, obj=name
        )


def test_stata_files_read_back_by_pyreadstat_are_the_release(stored, snapshot):
    for name in _held(stored):
        expected = _expected(snapshot, name)
        table = contracts.contracts()[name]
        path = str(stored / "stata" / f"{name}.dta")
        assert pyreadstat.read_dta(path, metadataonly=True)[1].number_rows == len(expected), name
        # A row's width is fixed: a fault further down would shift the count of rows, too.
        frame, meta = pyreadstat.read_dta(path, row_limit=_ROWS)
        expected = expected[:_ROWS]
        assert list(frame) == table.names, name
        for column in table.columns:
            found, was = frame[column.name], expected[column.name]
            label = meta.column_names_to_labels[column.name]
            assert column.description.startswith(label.removesuffix("...")), column.name
            if column.dtype == "str":
                assert list(found) == list(was.fillna("")), (name, column.name)
            else:
                np.testing.assert_array_equal(found.astype(float), was.astype(float), column.name)
            if column.dtype == "bool":
                assert meta.variable_value_labels[column.name] == {0: "false", 1: "true"}


def test_names_fit_every_stata():
    reserved = {
        "byte",
        "double",
        "float",
        "if",
        "in",
        "int",
        "long",
        "str",
        "strL",
        "using",
        "with",
    }
    for table in contracts.contracts().values():
        for name in table.names:
            assert re.fullmatch(r"[A-Za-z]\w{0,31}", name), (table.name, name)
            assert name not in reserved


def test_long_text_whole_numbers_and_an_empty_table_go_into_stata(tmp_path):
    when = datetime(2026, 1, 2, tzinfo=UTC)
    table = contracts.contracts()["occupations"]
    long = "ü" * 3_000
    frame = contracts.check("occupations", pd.DataFrame({
        "onet_soc_code": ["29-2072.00", "29-2072.01"], "soc_code": "29-2072",
        "title": ["a", "-1 = b"], "description": pd.Series([long, None], dtype="str"),
        "has_tasks": [True, False], "edition": "30.1",
    }))  # fmt: skip
    path = tmp_path / "occupations.dta"
    path.write_bytes(archive_tables.stata(frame, table, when))
    read, meta = pyreadstat.read_dta(str(path))
    assert list(read["description"]) == [long, ""]
    assert list(read["title"]) == ["a", "-1 = b"]
    assert list(read["has_tasks"]) == [1, 0]
    assert meta.file_label == table.about
    path.write_bytes(
        archive_tables.stata(contracts.empty("wages"), contracts.contracts()["wages"], when)
    )
    assert len(pyreadstat.read_dta(str(path))[0]) == 0
    assert archive_tables.csv(frame).decode().count("'-1 = b") == 1


def test_the_codebook_has_every_column_of_every_file(stored, snapshot):
    book = pd.read_csv(stored / "codebook.csv", keep_default_na=False, dtype="str")
    for name in _held(stored):
        table = contracts.contracts()[name]
        rows = book[book["table"] == name].set_index("column")
        header = (stored / "csv" / f"{name}.csv").read_text("utf-8").partition("\n")[0]
        assert list(rows.index) == header.split(",")
        for column in table.columns:
            row = rows.loc[column.name]
            assert row["description"] == column.description
            assert (row["may_be_missing"] == "yes") == column.nullable
            assert bool(row["missing_code"]) == column.nullable
            assert row["allowed_values"] == "|".join(column.allowed or ())
            assert row["sources"] or name == "aioe"
    wage = book[(book["table"] == "wages") & (book["column"] == "annual_median_wage")].iloc[0]
    assert (wage["unit"], wage["minimum"], wage["maximum"]) == ("US dollars per year", "0", "")
    assert wage["missing_code"].endswith("annual_median_wage_flag says why")
    assert "oews_nat_2025" in wage["sources"].split()
    year = book[(book["table"] == "wages") & (book["column"] == "year")].iloc[0]
    assert (year["type"], year["minimum"], year["maximum"]) == ("integer", "1990", "2100")


def test_rows_are_what_the_json_schema_says(stored, snapshot):
    schema = json.loads((stored / "codebook.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert sorted(schema["$defs"]) == _held(stored)
    for name in _held(stored):
        checks = jsonschema.Draft202012Validator(schema["$defs"][name])
        frame = pq.read_table(stored / "parquet" / f"{name}.parquet")
        step = max(1, len(frame) // 50)
        for row in frame.take(list(range(0, len(frame), step))).to_pylist():
            row = {key: None if value != value else value for key, value in row.items()}
            checks.validate(row)
            broken = dict(row) | {next(iter(row)): []}
            assert not checks.is_valid(broken)


def test_the_data_package_is_one_by_version_2_of_the_standard(stored):
    """By https://datapackage.org/standard/: its rules for packages, resources and schemas."""
    package = json.loads((stored / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", package["created"])
    names = [resource["name"] for resource in package["resources"]]
    assert sorted(names) == _held(stored)
    for resource in package["resources"]:
        data = (stored / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert (resource["type"], resource["format"]) == ("table", "csv")
        assert all(source["title"] for source in resource["sources"])
        assert resource["licenses"]
        schema = resource["schema"]
        header = data.decode().partition("\n")[0].split(",")
        assert [field["name"] for field in schema["fields"]] == header
        assert set(schema["primaryKey"]) <= set(header)
        for field in schema["fields"]:
            assert field["type"] in {"string", "number", "integer", "boolean"}
            allowed = field["constraints"].get("enum", [])
            assert "" not in field.get("missingValues", [""]) or "" not in allowed
    for license in package["licenses"]:
        assert license.get("path", "").startswith("https://") or re.fullmatch(
            r"[-A-Za-z0-9._]+", license["name"]
        )


def test_sources_licenses_attribution_manifest_and_citation(stored, snapshot):
    sources = pd.read_csv(stored / "sources.csv", dtype="str", keep_default_na=False)
    manifest = snapshot.manifest["sources"]
    assert list(sources["id"]) == sorted(manifest)
    for row in sources.to_dict("records"):
        entry = manifest[row["id"]]
        assert (row["license"], row["release"], row["sha256"]) == (
            entry["licence"], entry["release"], entry["sha256"])  # fmt: skip
        assert (row["may_be_passed_on"] == "yes") == (row["id"] != "telework")
    readme = (stored / "README.md").read_text("utf-8")
    for entry in manifest.values():
        assert entry.get("attribution", "") in readme
    assert manifest["cpi_u"]["release"] in readme
    assert (stored / "manifest.json").read_bytes() == (snapshot.path / "manifest.json").read_bytes()
    citation = yaml.safe_load((stored / "CITATION.cff").read_text("utf-8"))
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert snapshot.manifest["made_from_release"] in citation["version"]
    assert len(citation["references"]) == len(manifest)
    people = [person for one in citation["references"] for person in one["authors"]]
    assert all(set(person) in ({"name"}, {"family-names", "given-names"}) for person in people)


def test_the_checksums_are_of_every_other_file(stored):
    lines = (stored / "SHA256SUMS").read_text("utf-8").splitlines()
    said = dict(line.split("  ")[::-1] for line in lines)
    files = {p.relative_to(stored).as_posix(): p for p in stored.rglob("*") if p.is_file()}
    assert set(said) == set(files) - {"SHA256SUMS"}
    for name, digest in said.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest


def test_the_lines_of_the_document_read_an_archive(root, stored, monkeypatch):
    text = (root / "docs" / "ARCHIVE.md").read_text("utf-8")
    blocks = re.findall(r"```(python|r|stata)\n(.*?)```", text, flags=re.S)
    assert blocks == re.findall(
        r"```(python|r|stata)\n(.*?)```", (stored / "README.md").read_text("utf-8"), flags=re.S
    )
    monkeypatch.chdir(stored)
    for language, code in blocks:
        for path in re.findall(r'"([a-z]+/[a-z_]+\.\w+)"', code):
            assert (stored / path).is_file(), path
        if language == "python":
            scope: dict = {}
            exec(code, scope)
            assert len(scope["wages"]) > 0


def test_the_same_release_gives_the_same_bytes(small, tmp_path):
    one, two = (archive(small, tmp_path / name).path.read_bytes() for name in ("a.zip", "b.zip"))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        days = {"{:04d}{:02d}{:02d}".format(*info.date_time) for info in file.infolist()}
    assert days == {small.manifest["made_from_release"].partition("-")[0]}


def test_a_measure_that_may_not_be_passed_on_is_in_no_file(tmp_path, snapshot):
    measures = snapshot.table("measures").head(40).copy()
    measures["measure"] = ["aioe", "lm_aioe", "telework", "ai_applicability"] * 10
    measures["onet_soc_code"] = [f"11-{1000 + i // 4}.00" for i in range(40)]
    measures["value"] = 0.123456789
    frames = {
        "measures": measures,
        "aioe": pd.DataFrame({"soc_2010_code": ["11-1011"], "aioe": [0.987654321]}),
        "job_zones": snapshot.table("job_zones").head(2),
    }
    release = _on_disk(tmp_path, made("made", snapshot.manifest["sources"], **frames))
    result = archive(release, tmp_path / "a.zip")
    assert result.tables == ["job_zones", "measures"]
    assert "license" in result.left_out["aioe"]
    assert "license" in result.in_part["measures"]
    with zipfile.ZipFile(result.path) as file:
        kept = pd.read_csv(file.open("csv/measures.csv"))
        assert set(kept["measure"]) == {"ai_applicability"}
        assert len(kept) == 10
        assert "left_out.csv" in file.namelist()
        assert not any(b"0.987654321" in file.read(name) for name in file.namelist())


def test_no_file_is_left_where_it_cannot_be_written(small, tmp_path, monkeypatch, outlook):
    out = tmp_path / "a.zip"
    out.write_bytes(b"the old one")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        archive(small, out)
    assert out.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    code, _, err = outlook("archive", "snapshot", "--out", str(out))
    assert code == 1
    assert str(out) in err
    assert "No space left" in err


def test_a_damaged_table_and_another_versions_release_are_refused(small, tmp_path, snapshot):
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("job_zones.parquet", "measures.parquet", "price_index.parquet"):
        shutil.copy(snapshot.path / name, folder)
    (folder / "job_zones.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceFailed, match="damaged"):
        archive(Release("x", folder, small.manifest), tmp_path / "a.zip")
    strange = small.manifest | {"tables": small.manifest["tables"] | {"old_table": {"rows": 1}}}
    with pytest.raises(UsageError, match="old_table.*Archive it with the version"):
        archive(Release("x", folder, strange), tmp_path / "a.zip")
    frame = snapshot.table("job_zones").drop(columns="edition")
    old = Release("x", folder, small.manifest, {"job_zones": frame})
    with pytest.raises(UsageError, match="edition.*Archive it with the version"):
        archive(old, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_the_command_names_releases_and_refuses_other_endings(outlook, tmp_path):
    code, _, err = outlook("archive", "20200101-abcdef01")
    assert code == 2
    assert "no such release; there are none" in err
    code, _, err = outlook("archive", "snapshot", "--out", str(tmp_path / "a.tar"))
    assert code == 2
    assert "must end in .zip" in err
    code, _, err = outlook("archive", "snapshot", "--out", str(tmp_path / "no" / "a.zip"))
    assert code == 2
    assert "folder does not exist" in err


def _on_disk(folder, release: Release) -> Release:
    from pipelines.releases.publish import write_tables

    written = write_tables(folder / "made", release._read, release.manifest)
    return Release(release.id, folder / "made", written)
