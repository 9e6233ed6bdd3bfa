"""A page whose tables and lists of bars come packed: a page in Spanish, which must be small.

The packed parts are put where they belong by `app/parts.js` as soon as the page is read.
"""

from __future__ import annotations

import base64
import gzip
import json
import re

from pipelines.site.facts import zipped

#: A table of numbers with its frame, and a list with bars, as the templates write them.
_PARTS = re.compile(
    r'(?<=</summary>)\s*<div class="scroll" role="region".*?</table>\s*</div>'
    r'|<ul class="bars">.*?</ul>',
    re.DOTALL,
)
_PLACE, _BLOCK = '<div data-part="{}"></div>', '<script type="application/octet-stream" id="parts">'
_PLACES = re.compile(r'<div data-part="(\d+)"></div>')


def packed_page(page: str) -> str:
    """The page with its parts packed into one block before its scripts; see `whole_page`."""
    parts: list[str] = []

    def put(found: re.Match[str]) -> str:
        parts.append(found[0])
        return _PLACE.format(len(parts) - 1)

    short = _PARTS.sub(put, page)
    at = short.rindex("</footer>") + len("</footer>")
    block = f"\n{_BLOCK}{zipped(json.dumps(parts).encode())}</script>"
    return short[:at] + block + short[at:]


def whole_page(page: str) -> str:
    """The page that `packed_page` packed, as a browser shows it."""
    start = page.index(_BLOCK)
    end = page.index("</script>", start)
    parts = json.loads(gzip.decompress(base64.b64decode(page[start + len(_BLOCK) : end])))
    rest = page[: start - 1] + page[end + len("</script>") :]
    return _PLACES.sub(lambda found: parts[int(found[1])], rest)
