"""A damaged, hostile or wrong archive or workbook never harms the release that readers have."""

from __future__ import annotations

import pytest
from faults import mirror, packed
from faults.bench import Bench, lost, names_source, narrow

#: One source of each kind: texts in a zip, workbooks in a zip, a workbook in a zip, a workbook.
ZIPS = ["onet_29_3", "onet_excel_30_2", "oews_nat_2025", "ep_workbook"]
BOOKS = ZIPS[1:]

#: Fault -> the sources, the exit code, and what the error must say (any of them).
CASES = {
    "truncated": (ZIPS, 4, "truncated"),
    "last_bytes_lost": (ZIPS, 4, "truncated|damaged"),
    "corrupt": (ZIPS, 4, "damaged|cannot be read"),
    "one_bit": (ZIPS, 4, "damaged|cannot be read"),
    "path_traversal": (ZIPS, 4, "leads out of its folder"),
    "absolute_path": (ZIPS, 4, "leads out of its folder"),
    "bomb_by_ratio": (ZIPS, 4, "zip bomb"),
    "bomb_by_size": (ZIPS, 4, "unpacks to"),
    "understated_sizes": (ZIPS, 4, "damaged|cannot be read|zip bomb"),
    "too_many_members": (ZIPS, 4, "files, at most"),
    "symlink_member": (ZIPS, 4, "link"),
    "encrypted": (ZIPS, 4, "encrypted"),
    "unknown_compression": (ZIPS, 4, "damaged|cannot be read|compress"),
    "members_twice": (ZIPS, 4, "twice"),
    "no_members": (ZIPS, 4, "does not begin like a zip|no files|empty"),
    "members_renamed": (
        ZIPS,
        (4, 5),
        "no file|expected one workbook|cannot be read|not a workbook",
    ),
    "empty": (ZIPS, 4, "empty"),
    "white_space": (ZIPS, 4, "empty"),
    "web_page": (ZIPS, 4, "HTML"),
    "json_error": (ZIPS, 4, "does not begin like a zip"),
    "plain_text": (ZIPS, 4, "does not begin like a zip"),
    "gzipped": (ZIPS, 4, "does not begin like a zip"),
    "another_zip": (["ep_workbook"], 4, "cannot be read|not a workbook"),
    "external_entities": (BOOKS, 4, "entity"),
    "billion_laughs": (BOOKS, 4, "entity"),
    "broken_xml": (BOOKS, (4, 5), "cannot be read|no rows|columns missing|no header"),
    "no_sheets": (BOOKS, (4, 5), "cannot be read|no sheet"),
    "cell_in_the_last_row": (BOOKS, 4, "beyond row 199,999"),
    "cell_in_the_last_column": (BOOKS, 4, "column BZ"),
    "cell_beyond_all_columns": (BOOKS, 4, "column BZ"),
    "letters_not_utf_8": (BOOKS, (4, 5), "cannot be read|UTF-8|utf-8"),
}
MATRIX = [(fault, name, code, words) for fault, (names, code, words) in CASES.items()
          for name in names]  # fmt: skip


@pytest.fixture(scope="module")
def benches(tmp_path_factory):
    """A bench of each source with its first release."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in ZIPS:
            narrow(patch, [name])
            made[name] = Bench(tmp_path_factory.mktemp(name), [name]).fill()
    return made


@pytest.mark.fault("archive")
@pytest.mark.parametrize(("fault", "name", "code", "words"), MATRIX)
def test_a_bad_archive_is_refused_by_name(benches, monkeypatch, tmp_path, fault, name, code, words):
    narrow(monkeypatch, [name])
    here = benches[name].copy(tmp_path)
    id, kept = here.current.id, here.kept()
    good = mirror.encode(mirror.SOURCES[name]())
    here.put(name, getattr(packed, fault)(good))
    result = here.refresh()
    said = " ".join(result.sentences)
    assert result.published is None
    assert result.exit_code in (code if isinstance(code, tuple) else (code,)), said
    assert any(word in said for word in words.split("|")), said
    assert names_source(name, said), said
    assert "/etc/passwd" not in said
    assert "root:" not in said
    assert here.current.id == id
    assert not lost(kept, here.kept())
    assert not (tmp_path.parent / "outside.txt").exists()
    here.put(name, good)
    assert here.refresh(if_changed=True).exit_code == 3
    assert here.current.id == id
    assert not here.rubbish()
