"""Show the built pages to this computer: loopback only, nothing outside the folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipelines.errors import UsageError

# The reports carry their scripts inline, in one file; nothing may be fetched from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def require_site(folder: Path) -> Path:
    """The folder of pages, or an error that says how to make it."""
    if not (folder / "index.html").is_file():
        raise UsageError(str(folder), "no pages are built yet", "Run `outlook build` first")
    return folder


class Handler(SimpleHTTPRequestHandler):
    """Files of one folder with safe headers; no listing, no way out by a link."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def send_head(self):
        target = Path(self.translate_path(self.path)).resolve()
        root = Path(self.directory).resolve()
        if not target.is_relative_to(root) or (target.is_dir() and not self.path.endswith("/")):
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path):
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses that were looked at concern nobody."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the folder on 127.0.0.1; port 0 takes a free one."""
    try:
        return ThreadingHTTPServer(
            ("127.0.0.1", port), partial(Handler, directory=str(require_site(folder)))
        )
    except OSError as error:
        raise UsageError(
            f"port {port}", f"cannot be used ({error.strerror})", "Choose another with --port"
        ) from error


def serve(folder: Path, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted."""
    with server(folder, port) as running:
        say(f"http://127.0.0.1:{running.server_port}/  (Ctrl+C ends it)")
        running.serve_forever()
