"""What an answer is: refused, a web page, of a wrong type, too large; and its bytes."""

from __future__ import annotations

from collections.abc import Iterator

import urllib3

from pipelines.base.errors import SourceFailed, Unavailable
from pipelines.sources.fetch import headers as _headers
from pipelines.sources.fetch.session import RETRIED, Session, reason
from pipelines.sources.files import pages

#: Statuses whose page is most often a guard's, not the site's.
_BLOCKED = (401, 403, 429, 451)
_CHUNK = 1 << 16
#: As much of a page as is read to say what it is.
_HEAD = 16_384


class BrokenOff(Exception):
    """An answer that is not whole: after how many bytes, and why."""


def refuse_status(response, address, headers, session, deadline) -> None:
    status = response.status_code
    if status == 200:
        return
    page = _page(response, address, session, deadline)
    if status in RETRIED:
        raise response.raw.retries.failed(address, f"the server answered {status}{page}")
    todo = "See if it has moved"
    if status in _BLOCKED:
        named = "@" in headers.get("User-Agent", "")
        todo = (
            "It refuses this program or network" if named else "Set OUTLOOK_CONTACT to your e-mail"
        )
    raise Unavailable(_headers.shown(address), f"the server answered {status}{page}", todo)


def refuse_type(response, address, session, deadline) -> None:
    told = response.headers
    if not _headers.is_wrong_type(told):
        return
    kind = pages.printable(_headers.media_type(told), 60)
    head = _beginning(response, address, session, deadline)
    where = _headers.shown(address)
    if _headers.is_page(told) or pages.is_html(head):
        raise SourceFailed(
            where, f"a block or error page came in place of the file: {pages.described(head)}",
            "Open the address in a browser and see what it says",
        )  # fmt: skip
    raise SourceFailed(
        where, f"the server sends {kind}, expected a data file",
        "Open the address in a browser and see what it serves",
    )  # fmt: skip


def _page(response, address, session, deadline) -> str:
    """ " with a block page: …" where the answer is a web page."""
    head = _beginning(response, address, session, deadline)
    if not pages.is_html(head):
        return ""
    kind = "a block page: " if response.status_code in _BLOCKED else ""
    return f" with {kind}{pages.described(head)}"


def _beginning(response, address, session, deadline) -> bytes:
    """The first bytes of an answer, only to say what it is: a fault here is not the point."""
    head = bytearray()
    try:
        for chunk in chunks(response, address, session, deadline):
            head += chunk
            if len(head) >= _HEAD:
                break
    except (BrokenOff, SourceFailed):
        pass
    return bytes(head)


def chunks(response, address: str, session: Session, deadline: float) -> Iterator[bytes]:
    """Chunks as they arrive; BrokenOff where fewer come than were announced."""
    got = 0
    try:
        # read1 returns what is there; read would wait for a whole chunk of a slow drip.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            got += len(chunk)
            yield chunk
            if session.monotonic() > deadline and response.raw.length_remaining != 0:
                raise Unavailable(
                    _headers.shown(address), f"too slow: {got:,} bytes by the time limit",
                    "Try again when the line is faster",
                )  # fmt: skip
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise BrokenOff(f"the answer broke off after {got:,} bytes ({reason(error)})") from error


def too_large(where: str, size: int, max_bytes: int) -> SourceFailed:
    """The error for a file over its limit."""
    return SourceFailed(
        where, f"{size:,} bytes or more, at most {max_bytes:,} are expected",
        "See what it serves; raise max_bytes in catalog.toml if it is right",
    )  # fmt: skip
