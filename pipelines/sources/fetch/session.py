"""One request: connections, time limits, retries, redirects, and hosts that do not answer."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, TimeoutError

from pipelines.base.errors import SourceFailed, Unavailable
from pipelines.sources.fetch import headers as _headers
from pipelines.sources.files import pages

#: Answers that may be another one a little later.
RETRIED = (408, 425, 429, 500, 502, 503, 504)
_MAX_REDIRECTS = 5
_CORRECT_PROXY = "Correct or unset it: https_proxy, http_proxy or all_proxy in the environment"


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
        Tries in all.
    unanswered : int
        Tries of a host that gives no answer at all.
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


class Retries(urllib3.Retry):
    """urllib3's rules for trying again, within the limits of one file.

    Three things differ. The first fault is waited for too (urllib3 would ask again at once). A
    server that asks for a longer wait than the limits allow is not asked again (urllib3 would
    wait the most that it is allowed, and ask too early). And waiting is the session's, so that
    tests need not wait.
    """

    session: Session
    limits: Limits
    deadline: float
    #: Seconds to wait before the next try.
    wait = 0.0
    #: Why there is no other try, where it is not that they are used up; and what to do.
    why, todo = "", "Try again later"

    @classmethod
    def within(cls, limits: Limits, session: Session) -> Retries:
        """The retries of one file, whose time begins now."""
        retries = cls(
            total=limits.attempts - 1,
            connect=limits.unanswered - 1,
            read=limits.unanswered - 1,
            other=0,  # a certificate that cannot be trusted now cannot be a second later
            status_forcelist=RETRIED,
            raise_on_status=False,  # the last answer's page is named in the error
            backoff_factor=limits.backoff,
            backoff_max=limits.longest_wait,
            retry_after_max=10**18,  # `increment` sees to it, and must know what was asked for
        )
        retries.limits, retries.session = limits, session
        retries.deadline = session.monotonic() + limits.total
        return retries

    def new(self, **changed) -> Retries:
        copy = super().new(**changed)
        copy.limits, copy.session, copy.deadline = self.limits, self.session, self.deadline
        return copy

    def increment(
        self, method=None, url=None, response=None, error=None, _pool=None, _stacktrace=None
    ) -> Retries:
        """What is left after a fault; `Exhausted` where nothing is."""
        try:
            left = super().increment(method, url, response, error, _pool, _stacktrace)
        except MaxRetryError as last:
            raise Exhausted(self, last) from last.reason
        asked = (self.get_retry_after(response) if response is not None else None) or 0
        left.wait = max(asked, left.get_backoff_time())
        if asked > self.limits.longest_wait:
            self.why = f"; it asks to wait {asked:,.0f} s"
            self.todo = "Try again after that time"
        elif self.session.monotonic() + left.wait >= self.deadline:
            self.why = f"; the limit of {self.limits.total:g} s leaves no other try"
        else:
            return left
        raise Exhausted(self, MaxRetryError(_pool, url, error)) from error

    def get_backoff_time(self) -> float:
        wait = self.backoff_factor * 2 ** (len(self.history) - 1)
        return min(wait * (0.5 + 0.5 * self.session.jitter()), self.backoff_max)

    def get_retry_after(self, response) -> float | None:
        """Seconds that the server asks for; None where it asks for none, or makes no sense."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, TypeError, IndexError, OverflowError):
            return None

    def sleep(self, response=None) -> None:
        self.session.sleep(self.wait)

    def failed(self, address: str, problem: str, todo: str = "") -> SourceFailed:
        """The error after the last try; `todo` where trying again would not mend it."""
        tries = len(self.history) + 1
        tried = f"tried {tries} times" if tries > 1 else "tried once"
        return Unavailable(
            _headers.shown(address), f"{problem} ({tried}{self.why})", todo or self.todo
        )  # fmt: skip


class Exhausted(MaxRetryError):
    """No try is left; ``retries`` are those before the last fault."""

    def __init__(self, retries: Retries, last: MaxRetryError) -> None:
        super().__init__(last.pool, last.url, last.reason)
        self.retries = retries


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
        self.max_redirects = _MAX_REDIRECTS
        # Not compressed on the way: sizes can be compared, and an archive gains nothing by it.
        self.headers["Accept-Encoding"] = "identity"
        #: What went wrong, by host and port, of proxies too. These are not asked again: their
        #: other files would each wait through all tries.
        self.unreachable: dict[str, str] = {}

    def ask(
        self, method: str, address: str, headers: Mapping[str, str], retries: Retries
    ) -> requests.Response:
        """The answer, its body not yet read, after redirects and retries.

        Raises
        ------
        SourceFailed
            There is none, or it would come from where it should not.
        """
        for adapter in self.adapters.values():
            adapter.max_retries = retries  # type: ignore[attr-defined]
        timeout = (retries.limits.connect, retries.limits.read)
        where = _headers.shown(address)
        try:
            return _by(
                retries.deadline - self.monotonic(),
                lambda: self.request(
                    method, address, headers=headers, stream=True, timeout=timeout,
                    allow_redirects=True,
                ),
            )  # fmt: skip
        except queue.Empty:
            problem, todo = "too slow: no answer by the time limit", "Try again later"
        except requests.TooManyRedirects:
            problem, todo = f"redirected more than {_MAX_REDIRECTS} times", "Check the address"
        except requests.exceptions.SSLError as error:
            problem = f"the connection cannot be trusted ({reason(error)})"
            todo = "Check this machine's clock and certificates"
        except requests.ConnectionError as error:
            ended = error.args[0] if error.args else None
            problem = f"no answer ({reason(error)})"
            # A broken connection may be about one file; one without any answer is about the host.
            if isinstance(ended, MaxRetryError) and isinstance(ended.reason, TimeoutError):
                self.unreachable[_host(str(error.request.url))] = problem
            if isinstance(ended, Exhausted):
                retries = ended.retries
            todo = ""
            if isinstance(error, requests.exceptions.ProxyError):
                proxy, why = self._proxy(str(error.request.url)), reason(error)
                problem = f"no answer from the proxy {_plain(proxy)} ({why})"
                todo = _CORRECT_PROXY
                if not why.startswith("Tunnel"):  # that is what it says of one host
                    self.unreachable[proxy] = problem
            raise retries.failed(address, problem, todo) from error
        except (requests.RequestException, HTTPError, ValueError) as error:
            proxy = self._proxy(address)
            through = f" through the proxy {_plain(proxy)}" if proxy else ""
            problem = f"the request{through} failed ({reason(error)})"
            todo = _CORRECT_PROXY if proxy else "Check the address"
        raise Unavailable(where, problem, todo)

    def send(self, request: requests.PreparedRequest, **options) -> requests.Response:
        host = _host(request.url)
        if host in self.unreachable:
            before = f"not asked: {host} gave {self.unreachable[host]} before"
            raise Unavailable(_headers.shown(request.url), before, "Try again later")
        if self.unreachable and (dead := self.unreachable.get(self._proxy(str(request.url)))):
            before = f"not asked: there was {dead} before"
            raise Unavailable(_headers.shown(request.url), before, _CORRECT_PROXY)
        return super().send(request, **options)

    def _proxy(self, address: str) -> str:
        """The proxy that the environment names for an address, with its password; "" for none."""
        found = self.merge_environment_settings(address, {}, None, None, None)["proxies"]
        return requests.utils.select_proxy(address, found) or ""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where an answer leads; each step is looked at, because requests takes any.

        Raises
        ------
        SourceFailed
            It leads from https to http, or to what is no web address.
        """
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        resp.close()  # requests would read its page, however long
        there = urljoin(resp.url, target)
        schemes = ("https",) if resp.url.startswith("https:") else ("https", "http")
        if urlsplit(there).scheme not in schemes or not urlsplit(there).hostname:
            raise SourceFailed(
                _headers.shown(resp.url),
                f"redirected to {pages.printable(_headers.shown(there))}, which is not "
                f"{' or '.join(schemes)}",
                "Check the address",
            )
        return target


def _plain(proxy: str) -> str:
    """A proxy for messages: without user name and password."""
    scheme, mark, rest = proxy.rpartition("://")
    return pages.printable(f"{scheme}{mark}{rest.rpartition('@')[2]}")


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]


def _by(seconds: float, call: Callable[[], requests.Response]) -> requests.Response:
    """The call's result within a time, else queue.Empty.

    The read limit is per read: headers that come a byte at a time would never end. A thread can
    be left behind; a socket inside a library cannot be interrupted from outside.
    """
    done: queue.SimpleQueue = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:  # raised again below, where somebody waits for it
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    response, error = done.get(timeout=max(seconds, 0.001))
    if error is not None:
        raise error
    return response


def reason(error: BaseException) -> str:
    """The innermost words of a network error: the outer ones repeat addresses and objects."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return pages.printable(getattr(error, "strerror", None) or str(error) or type(error).__name__)
