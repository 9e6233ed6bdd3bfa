"""A proxy on this machine that plays the publishers: their https addresses, a test's answers.

`HTTPS_PROXY` leads a program to it, `REQUESTS_CA_BUNDLE` to the authority that signs for every
host; nothing leaves the machine. The fixtures below are offered to all tests by conftest.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import trustme
from netserver import PAGE, Answer, Asked

ROOT = Path(__file__).resolve().parent.parent
#: Variables that would lead a program elsewhere.
_OTHERS = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE",
           "CURL_CA_BUNDLE", "SSL_CERT_FILE", "OUTLOOK_MIRROR", "OUTLOOK_RELEASE",
           "OUTLOOK_CONTACT")  # fmt: skip


class Publishers:
    """The publishers, as far as the files of a folder and the answers of a test go.

    Parameters
    ----------
    files : Path
        Holds ``host/path``; what is neither there nor among the answers is 404.
    folder : Path
        Where the authority's certificate is written.

    Attributes
    ----------
    answers : dict
        Answers by https address, before the files; a callable is given the request.
    asked : list of Asked
        Requests as they came; ``path`` is the whole address.
    refuses : int
        The status with which the proxy itself refuses every host; 0: it does not.
    """

    def __init__(self, files: Path, folder: Path) -> None:
        self.files = files
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        self.refuses = 0
        self._authority = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.bundle = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.bundle)
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._httpd.daemon_threads = True
        self.proxy = f"http://127.0.0.1:{self._httpd.server_port}"
        threading.Thread(target=self._httpd.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()

    def environment(self, data: Path, **more: str) -> dict[str, str]:
        """The variables of a program that asks these publishers; "" takes one away."""
        env = {k: v for k, v in os.environ.items() if k.upper() not in _OTHERS}
        env |= {
            "OUTLOOK_DATA": str(data), "OUTLOOK_CONTACT": "tester@example.org",
            "HTTPS_PROXY": self.proxy, "REQUESTS_CA_BUNDLE": str(self.bundle),
            "PYTHONPATH": str(ROOT),
        } | more  # fmt: skip
        return {name: value for name, value in env.items() if value}

    def lead(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Lead this process here: the variables of one that asks these publishers."""
        for name in [name for name in os.environ if name.upper() in _OTHERS]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HTTPS_PROXY", self.proxy)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(self.bundle))

    def outlook(self, data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        """Run a command in a process of its own, with these variables."""
        return subprocess.run(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
            env=self.environment(data, **more), cwd=data.parent, capture_output=True, text=True,
            timeout=900,
        )  # fmt: skip

    def times(self, address: str, method: str = "GET") -> int:
        """How often an address was asked for."""
        return sum(asked.path == address and asked.method == method for asked in self.asked)

    def answer(self, asked: Asked) -> Answer:
        """What a publisher says."""
        told = self.answers.get(asked.path)
        if told is not None:
            return told(asked) if callable(told) else told
        parts = urlsplit(asked.path)
        # BLS's published policy: programs name somebody who can be written to.
        if parts.hostname.endswith(".bls.gov") and "@" not in asked.headers.get("User-Agent", ""):
            return Answer(PAGE, 403, {"Content-Type": "text/html"})
        file = self.files / parts.hostname / unquote(parts.path).lstrip("/")
        if not file.is_file():
            return Answer(PAGE, 404, {"Content-Type": "text/html"})
        body = file.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("If-None-Match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        return Answer(body, headers={"Content-Type": "application/octet-stream", "ETag": tag})

    def _context(self, host: str) -> ssl.SSLContext:
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._authority.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]

    def _handler(publishers):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            host = ""

            def do_CONNECT(self):
                """Speak TLS from here on, as the host that was asked for."""
                self.host = self.path.rpartition(":")[0]
                if publishers.refuses:
                    self.send_error(publishers.refuses)
                    return
                self.send_response(200)
                self.end_headers()
                context = publishers._context(self.host)
                try:
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                except OSError:  # the client does not trust the authority
                    self.close_connection = True
                    return
                self.rfile = self.connection.makefile("rb")
                self.wfile = socketserver._SocketWriter(self.connection)
                self.close_connection = False

            def do_GET(self):
                asked = Asked(self.command, f"https://{self.host}{self.path}", dict(self.headers))
                publishers.asked.append(asked)
                told = publishers.answer(asked)
                with contextlib.suppress(OSError):  # the client may have had enough
                    self.send_response(told.status)
                    for name, value in told.headers.items():
                        self.send_header(name, value)
                    if told.status != 304:
                        self.send_header("Content-Length", str(len(told.body)))
                    self.end_headers()
                    if self.command != "HEAD":
                        self.wfile.write(told.body)
                        asked.given = len(told.body)

            do_HEAD = do_GET

            def finish(self):
                # The listener closes the socket that it accepted, which TLS has taken over.
                with contextlib.suppress(OSError):
                    super().finish()
                    self.connection.close()

            def log_message(self, *args):
                pass

        return Handler


@pytest.fixture
def publishers(tmp_path):
    """Publishers without a file: a test writes into ``files``, or sets ``answers``."""
    files = tmp_path / "publishers"
    files.mkdir()
    state = Publishers(files, tmp_path)
    yield state
    state.close()
