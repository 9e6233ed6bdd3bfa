"""One polite GET: retries with back-off, Retry-After, time and size limits, honest errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import requests
import urllib3

from pipelines.errors import SourceFailed
from pipelines.sources import archives

_RETRIED = (408, 425, 429, 500, 502, 503, 504)
_CHUNK = 1 << 16
_T = TypeVar("_T")


@dataclass(frozen=True)
class Limits:
    """Time limits in seconds, how often a request is tried, and the first wait between tries."""

    connect: float = 10
    read: float = 30
    total: float = 300
    attempts: int = 4
    backoff: float = 1


class _Retry(Exception):
    """A failure that may pass: what happened, and the wait that the server asked for."""

    def __init__(self, problem: str, wait: float | None = None) -> None:
        super().__init__(problem)
        self.wait = wait


def get(
    address: str,
    session: requests.Session,
    headers: Mapping[str, str],
    take: Callable[[Iterator[bytes]], _T],
    *,
    max_bytes: int,
    limits: Limits,
) -> tuple[_T, Mapping[str, str]] | None:
    """Fetch an address and hand its bytes to ``take`` as they arrive.

    Parameters
    ----------
    address : str
        http or https; an https address is never followed to http.
    session : requests.Session
    headers : mapping
        With If-None-Match or If-Modified-Since among them the answer may be None.
    take : callable
        Consumes the chunks; called anew for each try, so it must start afresh.
    max_bytes : int
        Larger answers are refused.
    limits : Limits

    Returns
    -------
    tuple or None
        What ``take`` returned and the headers of the answer; None for "not modified".

    Raises
    ------
    SourceFailed
        Names the address, what the server did, and how often it was tried.
    """
    deadline = time.monotonic() + limits.total
    for attempt in range(1, limits.attempts + 1):
        try:
            return _once(address, session, headers, take, max_bytes, limits, deadline)
        except _Retry as failure:
            wait = limits.backoff * 2 ** (attempt - 1) if failure.wait is None else failure.wait
            late = time.monotonic() + wait >= deadline
            if late or attempt == limits.attempts:
                tried = f"tried {attempt} times" if attempt > 1 else "tried once"
                why = f"; the limit of {limits.total:g} s leaves no other try" if late else ""
                raise SourceFailed(
                    address, f"{failure} ({tried}{why})", "Try again later"
                ) from failure
            time.sleep(wait)
    raise ValueError("limits.attempts must be at least 1")


def _once(address, session, headers, take, max_bytes, limits, deadline):
    conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
    # Not compressed on the way: sizes can be compared, and an archive gains nothing by it.
    headers = {**headers, "Accept-Encoding": "identity"}
    timeout = (limits.connect, limits.read)
    try:
        with session.get(address, headers=headers, stream=True, timeout=timeout) as response:
            if response.status_code == 304 and conditional:
                return None
            _check_answer(response, address, max_bytes)
            return take(_chunks(response, address, deadline)), response.headers
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _Retry(f"no answer ({_reason(error)})") from error
    except requests.RequestException as error:
        raise SourceFailed(
            address, f"the request failed ({_reason(error)})", "Check the address and the proxy"
        ) from error


def _check_answer(response: requests.Response, address: str, max_bytes: int) -> None:
    status = response.status_code
    if address.startswith("https:") and not response.url.startswith("https:"):
        raise SourceFailed(
            address, f"redirected to {response.url}, which is not https", "Check the address"
        )
    if status in _RETRIED:
        wait = _retry_after(response.headers.get("Retry-After"))
        raise _Retry(f"the server answered {status}", wait)
    if status != 200:
        head = response.raw.read(512, decode_content=True)  # only to say what it is
        page = " with an HTML block page" if archives.is_html(head) else ""
        todo = "Set OUTLOOK_CONTACT to your e-mail" if status == 403 else "See if it has moved"
        raise SourceFailed(address, f"the server answered {status}{page}", todo)
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise too_large(address, int(length), max_bytes)


def _chunks(response: requests.Response, address: str, deadline: float) -> Iterator[bytes]:
    """Chunks as they arrive; _Retry where the connection breaks."""
    length, got = response.headers.get("Content-Length", ""), 0
    try:
        # read1 returns what is there; read would wait for a whole chunk of a slow drip.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            got += len(chunk)
            if time.monotonic() > deadline:
                raise SourceFailed(
                    address, f"too slow: {got:,} bytes by the time limit", "Try again later"
                )
            yield chunk
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _Retry(f"the answer broke off after {got:,} bytes ({_reason(error)})") from error
    if length.isdigit() and got != int(length) and "Content-Encoding" not in response.headers:
        raise _Retry(f"the answer broke off after {got:,} of {int(length):,} bytes")


def too_large(where: str, size: int, max_bytes: int) -> SourceFailed:
    """The error for a file over its limit."""
    return SourceFailed(
        where, f"{size:,} bytes or more, at most {max_bytes:,} are expected",
        "See what it serves; raise max_bytes in catalog.toml if it is right",
    )  # fmt: skip


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, from a number or a date; None where there is none to obey."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _reason(error: BaseException) -> str:
    """The innermost words of a network error: the outer ones repeat addresses and objects."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:120]
