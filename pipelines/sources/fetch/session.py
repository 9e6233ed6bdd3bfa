"""One request: connections, time limits, redirects, and hosts that do not answer."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from pipelines.base.errors import SourceFailed
from pipelines.sources.fetch import headers as _headers
from pipelines.sources.files import pages

#: Answers that may be another one a little later.
RETRIED = (408, 425, 429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_REDIRECTS = 5


@dataclass(frozen=True)
class Limits:
    """Times in seconds, and how often a request is tried.

    Attributes
    ----------
    connect, read : float
        To open a connection; between two reads.
    total : float
        For one file, with all tries and waits.
    attempts : int
        Tries in a row that bring no new byte.
    unanswered : int
        Tries of a host that does not answer at all.
    backoff, longest_wait : float
        First wait between tries, doubled each time; a server that asks for more than the
        longest is not waited for.
    """

    connect: float = 10
    read: float = 30
    total: float = 300
    attempts: int = 4
    unanswered: int = 4
    backoff: float = 1
    longest_wait: float = 120


class Session(requests.Session):
    """Connections of one run, and the hosts that were found not to answer.

    Parameters
    ----------
    watch : callable, optional
        Called with file name, bytes so far and bytes in all (or None) as they come.
    sleep, monotonic, jitter : callable
        Waiting, the clock of the time limits, and a number between 0 and 1 that spreads the
        waits; tests put their own in.
    """

    def __init__(
        self,
        watch: Callable[[str, int, int | None], None] | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__()
        self.watch = watch or (lambda name, done, total: None)
        self.sleep, self.monotonic, self.jitter = sleep, monotonic, jitter
        #: What went wrong, by host and port. These are not asked again: their other files
        #: would each wait through all tries.
        self.unreachable: dict[str, str] = {}


class Retry(Exception):
    """A failure that may pass: what happened, and the wait that the server asked for."""

    def __init__(self, problem: str, wait: float | None = None, silent: str = "") -> None:
        super().__init__(problem)
        self.wait = wait
        #: The host, where it gave no answer at all.
        self.silent = silent


def answer(address, session, headers, limits, deadline, method) -> requests.Response:
    """The answer, redirects followed. They are followed here, so that each is checked first."""
    # Not compressed on the way: sizes can be compared, and an archive gains nothing by it.
    headers, here = {"Accept-Encoding": "identity", **headers}, address
    for _ in range(_MAX_REDIRECTS + 1):
        response = _one_answer(here, session, headers, limits, deadline, method)
        if response.status_code not in _REDIRECTS or "Location" not in response.headers:
            return response
        response.close()
        there = urljoin(here, response.headers["Location"])
        schemes = ("https",) if address.startswith("https:") else ("https", "http")
        if urlsplit(there).scheme not in schemes or not urlsplit(there).hostname:
            raise SourceFailed(
                _headers.shown(address),
                f"redirected to {pages.printable(_headers.shown(there))}, which is not "
                f"{' or '.join(schemes)}",
                "Check the address",
            )
        here = there
    raise SourceFailed(
        _headers.shown(address), f"redirected more than {_MAX_REDIRECTS} times", "Check the address"
    )


def _one_answer(address, session, headers, limits, deadline, method) -> requests.Response:
    host = urlsplit(address).netloc.rpartition("@")[2]
    if host in session.unreachable:
        raise SourceFailed(
            _headers.shown(address), f"not asked: {host} gave {session.unreachable[host]} before",
            "Try again later",
        )  # fmt: skip
    timeout = (limits.connect, limits.read)
    try:
        return _by(
            deadline - session.monotonic(),
            lambda: session.request(
                method, address, headers=headers, stream=True, timeout=timeout,
                allow_redirects=False,
            ),
        )  # fmt: skip
    except TimeoutError as error:
        raise SourceFailed(
            _headers.shown(address), "too slow: no answer by the time limit", "Try again later"
        ) from error
    except requests.exceptions.SSLError as error:
        raise SourceFailed(
            _headers.shown(address), f"the connection cannot be trusted ({reason(error)})",
            "Check this machine's clock and certificates",
        ) from error  # fmt: skip
    except (requests.ConnectionError, requests.Timeout) as error:
        # A broken connection may be about one file; one that was never made is about the host.
        never = isinstance(error, requests.Timeout) or _is_new(error)
        problem = f"no answer ({reason(error)})"
        raise Retry(problem, silent=host if never else "") from error
    except (requests.RequestException, ValueError) as error:
        raise SourceFailed(
            _headers.shown(address), f"the request failed ({reason(error)})",
            "Check the address and the proxy",
        ) from error  # fmt: skip


def _by(seconds: float, call: Callable[[], requests.Response]) -> requests.Response:
    """The call's result within a time.

    The read limit is per read: headers that come a byte at a time would never end. A thread can
    be left behind; a socket inside a library cannot be interrupted from outside.
    """
    done: queue.SimpleQueue = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        response, error = done.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return response


def _is_new(error: BaseException | None) -> bool:
    """Whether the connection was never made: refused, no such host, no route."""
    while error is not None:
        if isinstance(error, urllib3.exceptions.NewConnectionError):
            return True
        reason = getattr(error, "reason", None)
        inner = error.args[0] if error.args else None
        error = next(
            (e for e in (reason, inner, error.__cause__) if isinstance(e, BaseException)), None
        )
    return False


def reason(error: BaseException) -> str:
    """The innermost words of a network error: the outer ones repeat addresses and objects."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return pages.printable(getattr(error, "strerror", None) or str(error) or type(error).__name__)
