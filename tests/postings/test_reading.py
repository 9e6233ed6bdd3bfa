"""Postings from every kind of file: nothing lost, nothing guessed, what is wrong is named."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import UsageError
from pipelines.postings import cells, columns, reading
from pipelines.postings.reading import Part, Unread


def read(*sources, named=None):
    """All postings of the sources, what was odd, and what could not be read."""
    said: Counter = Counter()
    frames, unread = [], []
    for part in reading.parts(reading.files([str(s) for s in sources]), named):
        if isinstance(part, Unread):
            unread.append(part)
        else:
            frames += part.frames(said)
    return pd.concat(frames, ignore_index=True), said, unread


ROWS = [
    {"Job Title": "Coder", "Description": "Assign codes, and check.\nAsk.", "posted": "2025-03-04",
     "STATE": "South Dakota", "ID": "a1", "totalOpenings": "3"},
    {"Job Title": "Clerk", "Description": "File charts", "posted": "3/9/2025", "STATE": "tx",
     "ID": "a2", "totalOpenings": "many"},
    {"Job Title": "Aide", "Description": None, "posted": None, "STATE": "Ontario", "ID": "a3",
     "totalOpenings": None},
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"])
def test_every_kind_of_file_gives_the_same_postings(tmp_path, kind):
    path = tmp_path / f"ads.{kind}"
    frame = pd.DataFrame(ROWS)
    if kind == "parquet":
        frame.to_parquet(path)
    else:
        text = (frame.to_csv(index=False) if kind.startswith("csv")
                else "".join(json.dumps(row) + "\n" for row in ROWS))  # fmt: skip
        path.write_bytes(gzip.compress(text.encode()) if kind.endswith("gz") else text.encode())
    got, said, unread = read(path)
    assert list(got.columns) == cells.SCHEMA
    assert got["posting_id"].tolist() == ["a1", "a2", "a3"]
    assert got["title"].tolist() == ["Coder", "Clerk", "Aide"]
    assert got["text"][0] == "Assign codes, and check.\nAsk."
    assert got["text"].isna().tolist() == [False, False, True]
    assert got["date"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2025-03-04", "2025-03-09"]
    assert pd.isna(got["date"][2])
    assert got["state"].tolist()[:2] == ["SD", "TX"]
    assert pd.isna(got["state"][2])
    assert got["openings"][0] == 3
    assert got["openings"].isna().tolist() == [False, True, True]
    assert said["postings without a date"] == 1
    assert said["numbers of openings that are no number, taken as not stated"] == 1
    assert sum(n for what, n in said.items() if "no U.S. state" in what) == 1
    assert unread == []


def test_columns_may_be_named_and_a_wrong_name_lists_those_there(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("what,words,when\nCoder,Assign codes,20250304\n")
    with pytest.raises(UsageError, match="neither a title nor a text; the columns are what, words"):
        read(path)
    got, _, _ = read(path, named=columns.told("title=what, text=WORDS,date=when"))
    assert got.loc[0, ["title", "text"]].tolist() == ["Coder", "Assign codes"]
    assert got["date"][0] == pd.Timestamp("2025-03-04")
    assert got["posting_id"][0] == f"{path}:1"
    with pytest.raises(UsageError, match="no such column"):
        read(path, named={"title": "wat"})
    for bad in ("title", "wages=x", "title=", "title=a,title=b"):
        with pytest.raises(UsageError, match="--columns"):
            columns.told(bad)


def test_a_folder_and_a_glob_are_searched_and_hidden_files_left(tmp_path):
    for name in ("b/two.csv", "a/one.csv", ".hidden/three.csv", "b/readme.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"title\n{name}\n")
    assert read(tmp_path)[0]["title"].tolist() == ["a/one.csv", "b/two.csv"]
    assert read(f"{tmp_path}/*/*.csv", tmp_path / "a")[0]["title"].tolist() == [
        "a/one.csv",
        "b/two.csv",
    ]
    assert len(read(tmp_path / "a/one.csv", tmp_path / "a/../a/one.csv", tmp_path)[0]) == 2
    with pytest.raises(UsageError, match="no file of postings is there"):
        read(tmp_path / "c" / "*.csv")
    with pytest.raises(UsageError, match="no file of postings is there"):
        read(tmp_path / "absent.csv")


def test_a_broken_parquet_among_good_ones_is_named_and_the_rest_is_read(tmp_path):
    good = pd.DataFrame({"title": ["x"] * 3, "text": ["y"] * 3})
    good.to_parquet(tmp_path / "a.parquet")
    good.to_parquet(tmp_path / "c.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-30])
    got, _, unread = read(tmp_path)
    assert len(got) == 6
    assert [(u.source, "parquet" in u.problem) for u in unread] == [(f"{tmp_path}/b.parquet", True)]
    with pytest.raises(UsageError, match="not a parquet file, or a damaged one"):
        read(tmp_path / "b.parquet")


def test_two_encodings_in_one_file_are_read_and_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("title,text\nCafé,plain\n".encode() + "Café,naïve\n".encode("cp1252"))
    got, said, _ = read(path)
    assert got["title"].tolist() == ["Café", "Café"]
    assert said == {"rows that are not UTF-8, read as cp1252": 1}
    path.write_bytes("title,text\nCafé,naïve\n".encode("utf-16"))
    assert read(path)[0]["title"].tolist() == ["Café"]
    lines = tmp_path / "b.jsonl"
    lines.write_bytes('{"title": "Café"}\n'.encode() + '{"title": "Café"}\n'.encode("cp1252"))
    got, said, _ = read(lines)
    assert got["title"].tolist() == ["Café", "Café"]
    assert said == {"lines that are not UTF-8, read as cp1252": 1}


def test_a_bad_line_of_json_is_named_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"title": "a"}\n{"title": \n\n[1]\n{"title": "b", "state": ["Ohio", "Utah"]}\n'
    )
    got, said, _ = read(path)
    assert got["title"].tolist() == ["a", "b"]
    assert got["state"][1] == "OH; UT"
    assert [(n, "line 2" in what) for what, n in said.items()] == [(2, True)]
    path.write_text('[{"title": "a"}]')
    with pytest.raises(UsageError, match="line 1 is no JSON object"):
        read(path)


def test_a_huge_posting_is_cut_and_said_and_pieces_stay_small(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHARACTERS", 500_000)
    path = tmp_path / "a.csv"
    pd.DataFrame({"title": ["t"] * 9, "text": ["w " * 5_000_000] + ["w " * 80_000] * 8}).to_csv(
        path
    )
    (part,) = reading.parts([str(path)])
    said: Counter = Counter()
    pieces = list(part.frames(said))
    assert said == {"postings longer than 200,000 characters, read to there": 1}
    assert len(pieces) > 2
    assert sum(map(len, pieces)) == 9
    assert max(piece["text"].str.len().sum() for piece in pieces) < 700_000


def test_row_groups_become_parts_and_a_damaged_one_is_that_part_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PART", 10)
    path = tmp_path / "a.parquet"
    titles = [f"title {i} of the file" for i in range(35)]
    table = pa.table({"title": titles, "id": list(range(35)), "unused": ["z"] * 35})
    pq.write_table(table, path, row_group_size=7, compression="none", use_dictionary=False)
    found = list(reading.parts([str(path)]))
    assert [part.groups for part in found] == [(0,), (1,), (2,), (3,), (4,)]
    assert [part.first_row for part in found] == [1, 8, 15, 22, 29]
    assert read(path)[0]["posting_id"].tolist() == [str(i) for i in range(35)]
    monkeypatch.setattr(reading, "MAX_GROUP", 5)  # read here, once, in place of by workers
    assert read(path)[0]["title"].tolist() == titles
    monkeypatch.setattr(reading, "MAX_GROUP", 20)
    monkeypatch.setattr(reading, "PART", 14)
    found = list(reading.parts([str(path)]))
    assert [part.groups for part in found] == [(0, 1), (2, 3), (4,)]
    where = path.read_bytes().index(b"title 8 of")
    path.write_bytes(path.read_bytes()[: where - 60] + b"\xff" * 60 + path.read_bytes()[where:])
    with pytest.raises(UsageError, match="damaged"):
        list(found[0].frames(Counter()))
    assert len(pd.concat(found[1].frames(Counter()))) == 14


@given(
    sizes=st.lists(st.integers(0, 45), max_size=8), part=st.integers(1, 20),
    step=st.integers(1, 9), largest=st.integers(1, 45),
)  # fmt: skip
def test_parts_of_row_groups_hold_every_posting_once_in_order_and_are_small(
    tmp_path_factory, sizes, part, step, largest
):
    path = tmp_path_factory.mktemp("groups") / "a.parquet"
    shape = pa.schema([("title", pa.string())])
    titles = [f"title {i}" for i in range(sum(sizes))]
    with pq.ParquetWriter(path, shape) as writer:
        done = 0
        for size in sizes:
            writer.write_table(pa.table({"title": titles[done : done + size]}, shape))
            done += size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "PART", part)
        patch.setattr(reading, "ROWS", step)
        patch.setattr(reading, "MAX_GROUP", largest)
        parts = list(reading.parts([str(path)]))
        held = [pd.concat([pd.DataFrame(columns=["title", "posting_id"]),
                           *one.frames(Counter())]) for one in parts]  # fmt: skip
    assert [one.number for one in parts] == list(range(len(parts)))
    assert [title for one in held for title in one["title"]] == titles
    assert all(0 < len(one) <= (part if its.groups else step)
               for one, its in zip(held, parts, strict=True))  # fmt: skip
    assert [number for one in held for number in one["posting_id"]] == [
        f"{path}:{row}" for row in range(1, len(titles) + 1)
    ]


def test_an_address_is_read_and_a_missing_package_named(tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/ads/a.csv", b"title,text\nCoder,Assign codes\n")
    pd.DataFrame({"title": ["Clerk"]}).to_parquet(tmp_path / "b.parquet")
    memory.pipe("/ads/b.parquet", (tmp_path / "b.parquet").read_bytes())
    memory.pipe("/ads/c.jsonl.gz", gzip.compress(b'{"title": "Aide"}\n'))
    got, _, unread = read("memory://ads")
    assert got["title"].tolist() == ["Coder", "Clerk", "Aide"]
    assert unread == []
    assert read("memory://ads/*.parquet")[0]["title"].tolist() == ["Clerk"]
    assert reading.identity("memory://ads/a.csv")[1] == 30
    with pytest.raises(UsageError, match="s3:// needs another package .*s3fs"):
        read("s3://bucket/a.parquet")
    with pytest.raises(UsageError, match="nothing://"):
        read("nothing://a")
    with pytest.raises(UsageError, match="no file of postings"):
        read("memory://elsewhere/a.csv")


def test_dates_are_read_in_the_stated_forms_only():
    said: Counter = Counter()
    given = ["2025-03-04T23:30:00Z", "2025-03-04 10:00", 20250304, 1741046400, 1741046400000,
             pd.Timestamp("2025-03-04 12:00"), "03/04/2025", "13/04/2025", "soon", "1066-01-01",
             "", None, float("nan")]  # fmt: skip
    got = cells.dates(given, True, said)
    assert (got[:7] == pd.Timestamp("2025-03-04")).all()
    assert got[7:].isna().all()
    assert said == {"dates that cannot be read": 3, "postings without a date": 3}


def test_series_keep_their_zero_and_drop_their_label():
    assert cells.series_codes("0856 Electronics Technician") == "0856"
    assert cells.series_codes(89) == "0089"
    assert cells.series_codes(["0675", "0675", "2210"]) == "0675; 2210"
    assert cells.series_codes("none") is None


def test_text_that_no_encoding_can_write_is_mended(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "a\\ud800b\\u0000c", "text": {"a": 1}}\n')
    got, _, _ = read(path)
    assert got["title"][0] == "a?b c"
    assert got["text"][0] == '{"a": 1}'


def test_parts_are_the_same_each_time(tmp_path):
    path = tmp_path / "a.csv"
    pd.DataFrame({"title": [f"t{i}" for i in range(4_100)]}).to_csv(path, index=False)
    first, second = list(reading.parts([str(path)])), list(reading.parts([str(path)]))
    assert [len(p.held[0]) for p in first] == [2_000, 2_000, 100]
    for one, other in zip(first, second, strict=True):
        assert isinstance(one, Part)
        pd.testing.assert_frame_equal(one.held[0], other.held[0])
    assert first[2].held[0]["posting_id"][0] == f"{path}:4001"
