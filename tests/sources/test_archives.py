"""Archives: members that are no plain files are refused before anything is read."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from pipelines.base.errors import SourceFailed
from pipelines.sources.files import archives

pytestmark = pytest.mark.fault("archive")


def archive(*members: tuple[str, int]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            made.writestr(info, "/etc/passwd")
    return data.getvalue()


@pytest.mark.parametrize(
    "kind",
    [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK],
    ids=["fault-link", "fault-pipe", "fault-character-device", "fault-device", "fault-socket"],
)
def test_a_member_that_is_no_file(kind):
    with pytest.raises(SourceFailed, match="a.txt in the zip is a link or a device"):
        archives.open_zip(archive(("a.txt", kind | 0o777)), "a.zip")


@pytest.mark.parametrize("mode", [0, 0o644, stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755])
def test_plain_members_whatever_system_packed_them(mode):
    archives.open_zip(archive(("a", mode)), "a.zip").close()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice():
    with pytest.raises(SourceFailed, match="has a.txt twice"):
        archives.open_zip(archive(("a.txt", 0), ("a.txt", 0)), "a.zip")


def test_a_members_name_cannot_write_on_the_terminal():
    data = archive(("../\x1b[31mevil\n", 0))
    with pytest.raises(SourceFailed, match="leads out of its folder") as caught:
        archives.open_zip(data, "a.zip")
    assert "\x1b" not in str(caught.value)


def test_every_member_is_held_against_its_checksum():
    data = bytearray(archive(("good", 0), ("bad", 0)))
    data[data.rindex(b"/etc/passwd")] ^= 1
    with (
        archives.open_zip(bytes(data), "a.zip") as opened,
        pytest.raises(SourceFailed, match="bad in the zip is truncated or damaged"),
    ):
        archives.check_content(opened, "a.zip")
