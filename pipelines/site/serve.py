"""Show the built pages to this computer: loopback unless told, nothing outside the folder."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipelines.base.errors import UsageError

_COMMON = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
)
# The site's scripts are files of its own. plotly.js writes style elements, so styles may be inline.
SITE_POLICY = _COMMON + "script-src 'self'"


def require_pages(processed: Path) -> Path:
    """The folder of the site, or an error where it is not built."""
    if (processed / "site" / "index.html").is_file():
        return processed / "site"
    raise UsageError(
        str(processed / "site"), "no pages are built yet", "Run `outlook site` or `outlook build`"
    )


class Handler(SimpleHTTPRequestHandler):
    """Files of one folder with safe headers; no listing, no way out by a link."""

    #: Sites that may show a page in a frame of theirs; none unless told.
    framed_by = "'none'"

    def end_headers(self) -> None:
        policy = SITE_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {self.framed_by}")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def send_head(self):
        root = Path(self.directory).resolve()
        try:
            target = Path(self.translate_path(self.path)).resolve()
            target.is_dir()
        except (ValueError, OSError):  # a null byte, a name too long: no file has such a name
            self.send_error(404)
            return None
        if not target.is_relative_to(root) or (target.is_dir() and not self.path.endswith("/")):
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path):
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses that were looked at concern nobody."""


def server(
    folder: Path,
    port: int,
    address: str = "127.0.0.1",
    open_to_network: bool = False,
    framed_by: str = "",
) -> ThreadingHTTPServer:
    """A server of a folder of pages; port 0 takes a free one.

    `framed_by`, such as ``https://careers.example.org``, is the site that may show the pages in a
    frame: the header Content-Security-Policy names it under frame-ancestors.

    Raises
    ------
    UsageError
        The address is not of this computer alone and `open_to_network` was not said, is no
        address, or cannot be used.
    """
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError as error:
        raise UsageError(
            f"--address {address}", "is not an IP address", "Give one such as 127.0.0.1"
        ) from error
    if not loopback and not open_to_network:
        raise UsageError(
            f"--address {address}",
            "other computers could look at it",
            "Leave it out, or add --open-to-network if they may",
        )
    if framed_by and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", framed_by):
        raise UsageError(
            f"--framed-by {framed_by}",
            "is not the address of a site",
            "Give scheme and host, such as https://careers.example.org",
        )
    handler = type("Framed", (Handler,), {"framed_by": framed_by or "'none'"})
    kind = type("Server", (ThreadingHTTPServer,), {"address_family": _family(address)})
    try:
        return kind((address, port), partial(handler, directory=str(folder)))
    except OSError as error:
        raise UsageError(
            f"{address} port {port}",
            f"cannot be used ({error.strerror})",
            "Choose another with --port",
        ) from error


def _family(address: str) -> int:
    import socket

    return socket.AF_INET6 if ":" in address else socket.AF_INET


def serve(
    folder: Path, port: int, say: Callable[[str], None],
    address: str = "127.0.0.1", open_to_network: bool = False, framed_by: str = "",
) -> None:  # fmt: skip
    """Serve until interrupted."""
    with server(folder, port, address, open_to_network, framed_by) as running:
        shown = f"[{address}]" if ":" in address else address
        say(f"http://{shown}:{running.server_port}/  (Ctrl+C ends it)")
        running.serve_forever()
