"""Ways in which a zip archive, or a workbook, which is one, goes wrong as a file."""

from __future__ import annotations

import gzip
import io
import re
import stat
import struct
import zipfile
from collections.abc import Callable

_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def remade(
    data: bytes,
    change: Callable[[str, bytes], bytes] = lambda name, inside: inside,
    added: dict[str, bytes] | None = None,
) -> bytes:
    """The archive with its members changed and some added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, inside in (added or {}).items():
            new.writestr(name, inside)
    return out.getvalue()


def _patched(data: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """One field changed in every header of a kind."""
    out, at = bytearray(data), -1
    while (at := out.find(signature, at + 1)) >= 0:
        struct.pack_into(form, out, at + offset, value)
    return bytes(out)


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def last_bytes_lost(data: bytes) -> bytes:
    return data[:-10]


def corrupt(data: bytes) -> bytes:
    """The packed bytes of the largest member overwritten; the directory is whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
        start = largest.header_offset + 30 + len(largest.filename)
    out = bytearray(data)
    out[start : start + largest.compress_size] = b"\xaa" * largest.compress_size
    return bytes(out)


def one_bit(data: bytes) -> bytes:
    """One bit of the largest member that is read, packed anew with the old checksum."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        read = [m for m in archive.infolist() if "theme" not in m.filename]
        largest = max(read, key=lambda member: member.file_size)

    def flip(name: str, inside: bytes) -> bytes:
        if name != largest.filename:
            return inside
        middle = len(inside) // 2
        return inside[:middle] + bytes([inside[middle] ^ 1]) + inside[middle + 1 :]

    out = remade(data, flip)
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        wrong = archive.getinfo(largest.filename).CRC
    return out.replace(struct.pack("<L", wrong), struct.pack("<L", largest.CRC))


def path_traversal(data: bytes) -> bytes:
    return remade(data, added={"../../outside.txt": b"x"})


def absolute_path(data: bytes) -> bytes:
    return remade(data, added={"/tmp/outside.txt": b"x"})


def bomb_by_ratio(data: bytes) -> bytes:
    return remade(data, added={"zeros.txt": bytes(20_000_000)})


def bomb_by_size(data: bytes) -> bytes:
    """Every member claims two gigabytes."""
    return _patched(data, _CENTRAL, 24, "<L", 2_000_000_000)


def understated_sizes(data: bytes) -> bytes:
    """Members unpack to more than both headers say."""
    return _patched(_patched(data, _CENTRAL, 24, "<L", 60), _LOCAL, 22, "<L", 60)


def too_many_members(data: bytes) -> bytes:
    return remade(data, added={f"more/{n}": b"" for n in range(2_100)})


def symlink_member(data: bytes) -> bytes:
    """The largest member is a link to a file of the reader's machine."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        largest = max(old.infolist(), key=lambda member: member.file_size).filename
        for name in old.namelist():
            info = zipfile.ZipInfo(name)
            if name == largest:
                info.create_system = 3
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            new.writestr(info, b"/etc/passwd" if name == largest else old.read(name))
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    return _patched(_patched(data, _CENTRAL, 8, "<H", 1), _LOCAL, 6, "<H", 1)


def unknown_compression(data: bytes) -> bytes:
    return _patched(_patched(data, _CENTRAL, 10, "<H", 97), _LOCAL, 8, "<H", 97)


def members_twice(data: bytes) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return remade(data, added={n: archive.read(n) for n in archive.namelist()[:1]})


def no_members(data: bytes) -> bytes:
    return remade(data)[:0] + b"PK\x05\x06" + bytes(18)


def members_renamed(data: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(f"{name}.old", old.read(name))
    return out.getvalue()


def empty(data: bytes) -> bytes:
    return b""


def white_space(data: bytes) -> bytes:
    return b" \n\n"


def web_page(data: bytes) -> bytes:
    return b"<!DOCTYPE html>\n<html><head><title>Access Denied</title></head><body/></html>"


def json_error(data: bytes) -> bytes:
    return b'{"error": "rate limit"}'


def plain_text(data: bytes) -> bytes:
    return b"a\tb\n1\t2\n" * 50


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data)


def another_zip(data: bytes) -> bytes:
    return remade(data, lambda name, inside: b"", {"readme.txt": b"moved"})


# --------------------------------------------------------------------- inside a workbook
def in_books(change: Callable[[str, bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change the parts of a workbook, or of every workbook in a zip."""

    def outer(data: bytes) -> bytes:
        def member(name: str, inside: bytes) -> bytes:
            return remade(inside, change) if name.endswith(".xlsx") else change(name, inside)

        return remade(data, member)

    return outer


def _entities(declared: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, inside: bytes) -> bytes:
        if "worksheets/" not in name or b"<t>" not in inside:
            return inside
        inside = inside.replace(b"<worksheet", declared + b"<worksheet", 1)
        return inside.replace(b"<t>", b"<t>&z;")

    return change


external_entities = in_books(_entities(b'<!DOCTYPE w [<!ENTITY z SYSTEM "file:///etc/passwd">]>'))
billion_laughs = in_books(_entities(
    b'<!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(25))
    + b"]>"
))  # fmt: skip
broken_xml = in_books(
    lambda name, inside: inside[: len(inside) // 2] if "worksheets/" in name else inside
)
no_sheets = in_books(lambda name, inside: b"<x/>" if name.endswith("workbook.xml") else inside)
letters_not_utf_8 = in_books(
    lambda name, inside: inside.replace(b"Made", b"M\xe9de") if "worksheets/" in name else inside
)


def _moved(place: bytes) -> Callable[[bytes], bytes]:
    """One cell of a sheet lies far from the others."""
    return in_books(
        lambda name, inside: (
            re.sub(rb'r="A2"', b'r="' + place + b'"', inside, count=1)
            if "worksheets/" in name
            else inside
        )
    )


cell_in_the_last_row = _moved(b"A1048576")
cell_in_the_last_column = _moved(b"XFD2")
cell_beyond_all_columns = _moved(b"C" * 50 + b"8")
