"""A server on this machine that answers as it is told, and a clock that waits for nobody.

The fixtures below are offered to all tests by conftest.py.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.base import settings as _settings
from pipelines.base.settings import Settings
from pipelines.sources.catalog import dataset_of, load_catalog
from pipelines.sources.fetch import download
from pipelines.sources.fetch.session import Limits, Session

CATALOG = load_catalog()
ZIP = dataset_of("oews_nat_2025")
CSV = dataset_of("ep_export")
QUICK = Limits(connect=5, read=10, total=60, attempts=3)
#: For answers that hang; for others it would mistake a busy machine for a silent server.
IMPATIENT = replace(QUICK, read=0.5)

PAGE = (
    b"<!DOCTYPE html><html><head><title>Access Denied</title></head><body>Your request was "
    b"refused</body></html>"
)


@dataclass
class Answer:
    """One answer: the body is cut after ``cut`` bytes, then closed, or reset, or left hanging.

    ``slow`` seconds pass on the test's clock before each byte. ``length`` announces another
    number of bytes than come; "" announces none.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    then: str = "close"
    slow: float = 0
    length: str | None = None


@dataclass
class Asked:
    """A request that came, and how many bytes of body it was given."""

    method: str
    path: str
    headers: dict[str, str]
    given: int = 0


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def session(self, **more) -> Session:
        """A session that waits on this clock, with the longest spread of its waits."""
        return Session(
            sleep=self.sleep, monotonic=lambda: self.now, jitter=lambda: 1.0, **more
        )  # fmt: skip


class Server:
    """Answers in the order of ``answers``, the last again and again."""

    def __init__(self) -> None:
        self.answers: list[Answer | Callable[[Asked], Answer]] = []
        self.asked: list[Asked] = []
        self.clock = Clock()
        self.closing = threading.Event()
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._httpd.daemon_threads = True
        self.host = f"127.0.0.1:{self._httpd.server_port}"
        self.address = f"http://{self.host}"
        # Looks 50 times a second whether it should end; its default makes every test half a second.
        threading.Thread(target=self._httpd.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self._httpd.shutdown()
        self._httpd.server_close()

    def _handler(server):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                asked = Asked(self.command, self.path, dict(self.headers))
                server.asked.append(asked)
                answer = server.answers[0]
                if len(server.answers) > 1:
                    server.answers.pop(0)
                if callable(answer):
                    answer = answer(asked)
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client may have had enough
                    self._send(answer, asked)

            do_HEAD = do_GET

            def _send(self, answer, asked):
                if answer.then == "no answer":
                    return
                if answer.then == "slow head":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                    server.closing.wait(30)
                    return
                self.send_response(answer.status)
                length = str(len(answer.body)) if answer.length is None else answer.length
                lengths = {"Content-Length": length} if length else {}
                for name, value in {**lengths, **answer.headers, "Connection": "close"}.items():
                    self.send_header(name, value)
                self.end_headers()
                body = answer.body if answer.cut is None else answer.body[: answer.cut]
                if self.command == "HEAD":
                    return
                for part in [bytes([b]) for b in body] if answer.slow else [body]:
                    server.clock.now += answer.slow
                    self.wfile.write(part)
                    asked.given += len(part)
                if answer.then == "hang":
                    server.closing.wait(30)
                if answer.then == "reset":
                    now = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
                    self.connection.close()

            def log_message(self, *args):
                pass

        return Handler


@pytest.fixture
def server():
    state = Server()
    yield state
    state.close()


@pytest.fixture
def web_settings(tmp_path, server) -> Settings:
    """Settings with the server as the mirror."""
    data = str(tmp_path / "data")
    return _settings.load({"OUTLOOK_DATA": data, "OUTLOOK_MIRROR": server.address})


@pytest.fixture
def get(web_settings, server):
    """Fetch a dataset's file from the server, on the server's clock."""

    def fetch(dataset=ZIP, limits=QUICK, settings=web_settings, session=None):
        with server.clock.session() as own:
            return download.fetch_file(dataset, settings, session or own, limits)

    return fetch


def zipped(text: str = "hello") -> bytes:
    """A zip; a date of its own: the same text gives the same bytes, whenever the clock ticks."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), text)
    return data.getvalue()


def kept(settings: Settings) -> list[str]:
    """Files under the downloads, the index left out."""
    files = [f for f in settings.downloads.rglob("*") if f.is_file()]
    return sorted(f.name for f in files if f.name != "index.json")
