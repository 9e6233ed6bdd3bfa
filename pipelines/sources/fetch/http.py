"""Fetching an address whole: tried again from the start where an answer breaks off."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO
from urllib.parse import urlsplit

from pipelines.sources.fetch import headers as _headers
from pipelines.sources.fetch.responses import (
    BrokenOff,
    chunks,
    refuse_status,
    refuse_type,
    too_large,
)
from pipelines.sources.fetch.session import RETRIED, Exhausted, Limits, Retries, Session


def get(
    address: str,
    session: Session,
    headers: Mapping[str, str],
    into: IO[bytes],
    *,
    max_bytes: int,
    limits: Limits,
) -> Mapping[str, str] | None:
    """Fetch a data file.

    Parameters
    ----------
    address : str
        http or https; an https address is never followed to http.
    session : Session
    headers : mapping
        With If-None-Match or If-Modified-Since among them the answer may be None.
    into : binary file
        Holds the bytes of the last try alone.
    max_bytes : int
        Larger answers are refused.
    limits : Limits

    Returns
    -------
    mapping or None
        The headers of the answer; None for "not modified".

    Raises
    ------
    SourceFailed
        Names the address, what the server did, and how often it was tried.
    """
    return _whole(address, session, headers, into, max_bytes, limits, refuse_type)


def read_page(
    address: str, session: Session, headers: Mapping[str, str], *, max_bytes: int, limits: Limits,
    nothing: bool = False,
) -> bytes:  # fmt: skip
    """The bytes of a small web page; raises as `get` does.

    With `nothing`, an answer that there is nothing (status 204) is no fault, and has no bytes.
    """
    page = BytesIO()
    _whole(address, session, headers, page, max_bytes, limits, lambda *answer: None, nothing)
    return page.getvalue()


def head(
    address: str, session: Session, headers: Mapping[str, str], *, limits: Limits
) -> tuple[int, Mapping[str, str]]:
    """Status and headers of an address, without its bytes; raises where there is no answer."""
    retries = Retries.within(limits, session)
    with session.ask("HEAD", address, headers, retries) as response:
        if response.status_code in RETRIED:
            refuse_status(response, address, headers, session, retries.deadline)
        return response.status_code, response.headers


def _whole(address, session, headers, into, max_bytes, limits, refuse, nothing=False):
    retries = Retries.within(limits, session)
    conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
    name = urlsplit(address).path.rpartition("/")[2]
    while True:
        with session.ask("GET", address, headers, retries) as response:
            if response.status_code == 304 and conditional:
                return None
            if response.status_code == 204 and nothing:
                into.seek(0)
                into.truncate()
                return response.headers
            refuse_status(response, address, headers, session, retries.deadline)
            refuse(response, address, session, retries.deadline)
            length, got = response.raw.length_remaining, 0
            if length is not None and length > max_bytes:
                raise too_large(_headers.shown(address), length, max_bytes)
            total = None if "Content-Encoding" in response.headers else length
            into.seek(0)
            into.truncate()
            try:
                for chunk in chunks(response, address, session, retries.deadline):
                    got += len(chunk)
                    if got > max_bytes:
                        raise too_large(_headers.shown(address), got, max_bytes)
                    into.write(chunk)
                    session.watch(name, got, total)
                return response.headers
            except BrokenOff as broken:
                # urllib3 counts faults until the headers are there; this one belongs to them.
                try:
                    retries = response.raw.retries.increment("GET", address, response.raw)
                except Exhausted as ended:
                    raise ended.retries.failed(address, str(broken)) from broken
        retries.sleep()
