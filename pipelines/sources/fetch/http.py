"""Polite fetching: back-off, Retry-After, limits, continuing by range, honest errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from pipelines.base.errors import SourceFailed
from pipelines.sources.fetch import headers as _headers
from pipelines.sources.fetch.responses import chunks, refuse_status, refuse_type, too_large
from pipelines.sources.fetch.session import RETRIED, Limits, Retry, Session, answer

_T = TypeVar("_T")


class Sink(Protocol):
    """Where the bytes go; see `raw_files.Partial`."""

    @property
    def offset(self) -> int: ...
    @property
    def validator(self) -> str: ...
    @property
    def total(self) -> int | None: ...
    def begin(self, told: Mapping[str, str], total: int | None) -> None: ...
    def resume(self) -> None: ...
    def write(self, chunk: bytes) -> None: ...
    def close(self) -> None: ...
    def discard(self) -> None: ...


def get(
    address: str,
    session: Session,
    headers: Mapping[str, str],
    sink: Sink,
    *,
    max_bytes: int,
    limits: Limits,
) -> Mapping[str, str] | None:
    """Fetch an address into a sink, going on from the bytes that it has.

    Parameters
    ----------
    address : str
        http or https; an https address is never followed to http.
    session : Session
    headers : mapping
        With If-None-Match or If-Modified-Since among them the answer may be None.
    sink : Sink
        Receives the bytes. After a failure it keeps those that a later call can continue.
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

    def once(deadline: float) -> Mapping[str, str] | None:
        try:
            return _receive(address, session, headers, sink, max_bytes, limits, deadline)
        finally:
            sink.close()

    return _retrying(address, session, limits, once, lambda: sink.offset)


def read_page(
    address: str, session: Session, headers: Mapping[str, str], *, max_bytes: int, limits: Limits
) -> bytes:
    """The bytes of a small web page; raises as `get` does."""

    def once(deadline: float) -> bytes:
        with answer(address, session, headers, limits, deadline, "GET") as response:
            refuse_status(response, address, headers, session, deadline)
            data = bytearray()
            for chunk in chunks(response, address, session, deadline):
                data += chunk
                if len(data) > max_bytes:
                    raise too_large(_headers.shown(address), len(data), max_bytes)
            return bytes(data)

    return _retrying(address, session, limits, once)


def head(
    address: str, session: Session, headers: Mapping[str, str], *, limits: Limits
) -> tuple[int, Mapping[str, str]]:
    """Status and headers of an address, without its bytes; raises where there is no answer."""

    def once(deadline: float) -> tuple[int, Mapping[str, str]]:
        with answer(address, session, headers, limits, deadline, "HEAD") as response:
            if response.status_code in RETRIED:
                refuse_status(response, address, headers, session, deadline)
            return response.status_code, response.headers

    return _retrying(address, session, limits, once)


def _retrying(
    address: str,
    session: Session,
    limits: Limits,
    once: Callable[[float], _T],
    have: Callable[[], int] = lambda: 0,
) -> _T:
    deadline = session.monotonic() + limits.total
    tries, in_a_row, most = 0, 0, have()
    while True:
        tries, in_a_row = tries + 1, in_a_row + 1
        try:
            return once(deadline)
        except Retry as failure:
            now = have()
            if now > most:  # each try brought more: a flaky line, not a dead one
                most, in_a_row = now, 1
            wait = limits.backoff * 2 ** (in_a_row - 1) * (0.5 + 0.5 * session.jitter())
            asked, todo = failure.wait, "Try again later"
            most_tries = limits.attempts
            if failure.silent:
                most_tries = min(most_tries, limits.unanswered)
            wait = max(asked or 0, min(wait, limits.longest_wait))
            late = session.monotonic() + wait >= deadline
            why = f"; the limit of {limits.total:g} s leaves no other try" if late else ""
            if asked is not None and asked > limits.longest_wait:
                why, todo = f"; it asks to wait {asked:,.0f} s", "Try again after that time"
            elif not late and in_a_row < most_tries:
                session.sleep(wait)
                continue
            if failure.silent:
                session.unreachable[failure.silent] = str(failure)
            tried = f"tried {tries} times" if tries > 1 else "tried once"
            raise SourceFailed(
                _headers.shown(address), f"{failure} ({tried}{why})", todo
            ) from failure


def _receive(address, session, headers, sink, max_bytes, limits, deadline):
    offset = sink.offset
    conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
    ask = dict(headers)
    if offset:
        for name in ("If-None-Match", "If-Modified-Since"):
            ask.pop(name, None)
        ask |= {"Range": f"bytes={offset}-", "If-Range": sink.validator}
    with answer(address, session, ask, limits, deadline, "GET") as response:
        told, status = response.headers, response.status_code
        if status == 304 and conditional and not offset:
            return None
        if offset and status in (206, 416):
            problem = "416" if status == 416 else _is_other(told, sink)
            if problem:
                sink.discard()
                raise Retry(f"the rest of the file could not be had ({problem})", 0)
            total = _headers.content_range(told["Content-Range"]).total or sink.total
            length = None
            if total is not None and total > max_bytes:
                sink.discard()
                raise too_large(_headers.shown(address), total, max_bytes)
            sink.resume()
        else:
            refuse_status(response, address, ask, session, deadline)
            refuse_type(response, address, session, deadline)
            offset, length = 0, _headers.content_length(told)
            total = None if "Content-Encoding" in told else length
            if length is not None and length > max_bytes:
                sink.discard()
                raise too_large(_headers.shown(address), length, max_bytes)
            sink.begin(told, total)
        got, name = offset, urlsplit(address).path.rpartition("/")[2]
        for chunk in chunks(response, address, session, deadline):
            got += len(chunk)
            if got > max_bytes:
                sink.discard()
                raise too_large(_headers.shown(address), got, max_bytes)
            sink.write(chunk)
            session.watch(name, got, total)
        if total is not None and got != total:
            raise Retry(f"the answer broke off after {got:,} of {total:,} bytes")
        if length is not None and total is None and response.raw.tell() != length:
            raise Retry(f"the answer broke off after {response.raw.tell():,} of {length:,} bytes")
        return told


def _is_other(told: Mapping[str, str], sink: Sink) -> str:
    """Why an answer does not continue what the sink has; "" where it does."""
    part = _headers.content_range(told.get("Content-Range"))
    if part is None or part.first != sink.offset or "Content-Encoding" in told:
        return "it answered with another range than the one asked for"
    if sink.total is not None and part.total not in (None, sink.total):
        return "its length has changed"
    same = told.get("ETag" if sink.validator.startswith('"') else "Last-Modified")
    return "" if same in (None, sink.validator) else "it has changed meanwhile"
