"""Web pages that come where a file was expected: what they are and what they call themselves."""

from __future__ import annotations

import html
import unicodedata

#: A page's title stands near its top.
_TITLE_WITHIN = 16_384
_LONGEST = 80
_START = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title")


def is_html(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a web page."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    return start.startswith(_START) or (start.startswith(b"<") and b"<html" in start)


def page_title(head: bytes) -> str:
    """The title of a web page, fit for one line of an error; "" where there is none.

    Parameters
    ----------
    head : bytes
        The page's first bytes; the encoding is taken to be UTF-8, whatever it says.

    Returns
    -------
    str
        At most 80 characters, without tags and without anything that moves a cursor or turns
        the direction of writing.
    """
    text = head[:_TITLE_WITHIN].decode("utf-8", "replace")
    # Found by position, not by a pattern: a hostile page must not cost quadratic time.
    low = text.casefold() if text.isascii() else text.lower()
    if len(low) != len(text):
        low = text  # a letter whose lower case is longer would shift the positions
    tag = low.find("<title")
    start = low.find(">", tag) if tag >= 0 else -1
    end = low.find("</title", start) if start >= 0 else -1
    return printable(html.unescape(text[start + 1 : end]), _LONGEST) if end >= 0 else ""


def printable(text: str, longest: int = 120) -> str:
    """Text from outside as one short line: no control characters, no angle brackets."""
    kept = [" " if c.isspace() else c for c in text if _shown(c)]
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else line[: longest - 3].rstrip() + "..."


def described(head: bytes) -> str:
    """What a page is, in words: "an HTML page titled 'Access Denied'"."""
    title = page_title(head)
    return f"an HTML page titled {title!r}" if title else "an HTML page without a title"


def _shown(character: str) -> bool:
    if character.isspace():
        return True
    return character not in "<>\ufffd" and unicodedata.category(character)[0] != "C"
