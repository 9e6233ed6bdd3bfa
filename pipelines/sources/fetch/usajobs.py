"""Announcements of federal jobs from USAJOBS: the historic JOA interface, page by page.

No key is needed. The interface answers 204 (or the text "204 No Content") where nothing matches,
503 now and then, also in the middle of paging, and errors as web pages: all of that is tried
again here or named. Rows are handed on as they are; `sources.read.usajobs` reads them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pipelines.base.errors import SourceFailed, Unavailable
from pipelines.base.settings import Settings
from pipelines.sources.fetch import headers as _headers
from pipelines.sources.fetch import http
from pipelines.sources.fetch.download import address_of, user_agent
from pipelines.sources.fetch.session import Limits, Session
from pipelines.sources.files import pages
from pipelines.sources.read.usajobs import lower_names

ADDRESS = "https://data.usajobs.gov/api/historicjoa"
#: Where the announcements' texts are, asked for as the short fields are.
TEXTS = f"{ADDRESS}/announcementtext"
#: Others who gather these data wait 5 to 35 seconds, up to seven times (docs/POSTINGS.md).
LIMITS = Limits(total=900, attempts=7, backoff=5)
#: A mirror is the operator's own: one that does not answer is off, not busy.
_MIRROR = Limits(attempts=2, unanswered=2)
#: Seconds between two questions to the publisher.
PAUSE = 1.0
#: A page holds 500 or 1,000 announcements with their texts.
_MAX_BYTES = 200_000_000
#: More than any month of one series has, so that a server which goes round ends.
_MAX_PAGES = 2_000
_NOTHING = b"204 No Content"
#: In a mirror folder: all announcements, one a line, from which any question is answered.
_RECORDS = "_records.jsonl.gz"


@dataclass
class Asking:
    """Questions of one run.

    Attributes
    ----------
    settings : Settings
        Mirror and contact. A mirror folder holds answers under the names that `file_name` gives
        (a name that ends in .204 is an empty answer), or `_RECORDS`.
    session : Session
    limits : Limits, optional
        Time limits and attempts; a mirror is given up sooner.
    """

    settings: Settings
    session: Session
    limits: Limits | None = None
    _records: dict[str, list[dict]] = field(default_factory=dict, repr=False)

    @property
    def _limits(self) -> Limits:
        return self.limits or (LIMITS if self.settings.mirror is None else _MIRROR)

    def rows(self, address: str, question: Mapping[str, str]) -> list[dict]:
        """Every row that answers a question, over all pages.

        Parameters
        ----------
        address : str
            `ADDRESS` or `TEXTS`.
        question : mapping
            Parameters as the publisher documents them, such as PositionSeries.

        Raises
        ------
        SourceFailed
            A page cannot be had or is no JSON, pages repeat, or fewer rows came than were
            announced: part of an answer is never taken for the whole.
        """
        out: list[dict] = []
        announced, where = None, _headers.shown(address)
        for page in self._pages(address, question):
            paging, data = lower_names(page.get("paging")), page.get("data")
            if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
                raise SourceFailed(where, "the answer has no list 'data'", "See what it serves")
            if announced is None:
                announced = lower_names(paging.get("metadata")).get("totalcount")
            out += data
        if isinstance(announced, int) and len(out) < announced:
            raise SourceFailed(
                where, f"{len(out):,} of {announced:,} announcements came", "Run again to go on"
            )
        return out

    def _pages(self, address: str, question: Mapping[str, str]) -> Iterator[dict]:
        seen: set[str] = set()
        for _ in range(_MAX_PAGES):
            page = self._page(address, question)
            if page is None:
                return
            yield page
            follows = lower_names(page.get("paging")).get("next")
            if not follows or not isinstance(follows, str):
                return
            # Only what it asks is taken from an answer, never where: the server is ours to name.
            question = dict(parse_qsl(urlsplit(follows).query))
            if follows in seen or "continuationtoken" not in map(str.lower, question):
                break
            seen.add(follows)
        raise SourceFailed(
            _headers.shown(address), "its pages lead round in a circle", "Run again later"
        )

    def _page(self, address: str, question: Mapping[str, str]) -> dict | None:
        place = address_of(address, self.settings)
        if isinstance(place, Path):
            return self._from_folder(place, question)
        asked = f"{place}?{urlencode(question)}"
        for attempt in range(self._limits.attempts):
            body = http.read_page(
                asked, self.session, self._headers(), max_bytes=_MAX_BYTES, limits=self._limits,
                nothing=True,
            )  # fmt: skip
            if self.settings.mirror is None:
                self.session.sleep(PAUSE)
            if not body.strip() or body.strip() == _NOTHING:
                return None
            page = _object(body)
            if page is not None:
                return page
            if attempt + 1 < self._limits.attempts:
                self.session.sleep(self._limits.backoff * 2**attempt)
        raise _no_json(place, body)

    def _headers(self) -> dict[str, str]:
        return {"User-Agent": user_agent(self.settings), "Accept": "application/json"}

    # -------------------------------------------------------------- a mirror folder
    def _from_folder(self, folder: Path, question: Mapping[str, str]) -> dict | None:
        name = file_name(question)
        try:
            if (folder / f"{name}.204").is_file():
                return None
            if (folder / f"{name}.json").is_file():
                body = (folder / f"{name}.json").read_bytes()
                if body.strip() == _NOTHING:
                    return None
                if (page := _object(body)) is None:
                    raise _no_json(str(folder / f"{name}.json"), body)
                return page
            if (folder / _RECORDS).is_file():
                return {"data": list(self._matching(folder / _RECORDS, question))}
        except (OSError, EOFError) as error:
            problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
            raise SourceFailed(str(folder), problem, "Check the mirror") from error
        raise Unavailable(str(folder), f"the mirror has no answer {name}.json", "Put it there")

    def _matching(self, file: Path, question: Mapping[str, str]) -> Iterable[dict]:
        asked = lower_names(question)
        series = asked.get("positionseries", "")
        if series not in self._records:
            self._records.clear()  # one series at a time: all of them would not fit
            with gzip.open(file, "rb") as lines:
                rows = (_object(line) for line in lines if f'"{series}"'.encode() in line)
                self._records[series] = [row for row in rows if row and series in _series(row)]
        first = asked.get("startpositionopendate", "")
        last = asked.get("endpositionopendate", "9999")
        for row in self._records[series]:
            if first <= str(lower_names(row).get("positionopendate") or "")[:10] <= last:
                yield row


def file_name(question: Mapping[str, str]) -> str:
    """Name of a question's answer in a mirror folder, without its ending."""
    pairs = sorted((name.lower(), value) for name, value in question.items())
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


def month_of(series: str, month: str, last_day: int) -> dict[str, str]:
    """The question for a series' announcements that opened in a month (YYYY-MM)."""
    return {
        "PositionSeries": series,
        "StartPositionOpenDate": f"{month}-01",
        "EndPositionOpenDate": f"{month}-{last_day:02d}",
    }


def _series(row: Mapping) -> list[str]:
    listed = lower_names(row).get("jobcategories") or []
    return [str(lower_names(one).get("series")) for one in listed if isinstance(one, dict)]


def _object(body: bytes) -> dict | None:
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return page if isinstance(page, dict) else None


def _no_json(where: str, body: bytes) -> SourceFailed:
    if pages.is_html(body[:16_384]):
        problem = f"a web page came in place of data: {pages.described(body[:16_384])}"
    else:
        problem = f"no JSON came: {pages.printable(body[:60].decode('utf-8', 'replace'))!r}"
    return SourceFailed(_headers.shown(where) if "://" in where else where, problem,
                        "Try again later")  # fmt: skip
