"""A user's file as bytes: compression undone, a file of another kind named."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipelines.base.errors import UsageError

_PACKED = {
    rb"\x1f\x8b": gzip.open,
    rb"BZh[1-9]1AY&SY": bz2.open,
    rb"\xfd7zXZ\x00": lzma.open,
}
_NOT_TEXT = {
    rb"PK\x03\x04": "is a zip archive or a workbook",
    rb"\x28\xb5\x2f\xfd": "is packed with zstd",
    rb"PAR1\x15": "is a parquet file",
}
#: What a damaged archive raises, by its kind.
DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile)


def is_parquet(source: str) -> bool:
    """Whether the name or the first bytes say so; standard input is never asked."""
    if source == "-":
        return False
    try:
        with open(source, "rb") as file:
            return source.lower().endswith(".parquet") or file.read(5) == b"PAR1\x15"
    except OSError:
        return source.lower().endswith(".parquet")


def is_packed(head: bytes) -> bool:
    """Whether a file of these first bytes is packed with gzip, bzip2 or xz."""
    return any(re.match(sign, head) for sign in _PACKED)


@contextmanager
def opened(source: str, raw: BinaryIO | None = None) -> Iterator[BinaryIO]:
    """The bytes of a text file, unpacked where it is packed with gzip, bzip2 or xz.

    Parameters
    ----------
    source : str
        Path, or ``-`` for standard input.
    raw : binary file, optional
        Its bytes, where they come from elsewhere than a path; closed here.

    Raises
    ------
    UsageError
        It cannot be read, or is no text: a workbook, an archive, a parquet file.
    """
    with _raw(source) if raw is None else io.BufferedReader(raw) as raw:  # type: ignore
        head = raw.peek(16)  # type: ignore
        for sign, what in _NOT_TEXT.items():
            if re.match(sign, head):
                raise UsageError(source, f"{what}; CSV is expected", "Save it as CSV UTF-8")
        unpack = next((kind for sign, kind in _PACKED.items() if re.match(sign, head)), None)
        try:
            if unpack is None:
                yield raw
            else:
                with unpack(raw) as file:  # type: ignore
                    yield file
        except DAMAGED as error:
            raise UsageError(source, f"is damaged ({error})", "Get or pack it again") from error
        except OSError as error:
            raise _unreadable(source, error) from error


def _raw(source: str) -> io.BufferedReader:
    if source == "-":
        stream = sys.stdin.buffer
        return stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: str, error: OSError) -> UsageError:
    problem = f"cannot be read ({error.strerror or error})"
    return UsageError(source, problem, "Check the path")
