"""Newer editions of O*NET and OEWS: looked for at their publishers, never taken for granted.

An edition counts as found where the publisher's page names it, or where the server says that its
address is there. Nothing is downloaded and nothing is switched: whether a new edition has the
same files and columns is for a person to see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.base.errors import OutlookError
from pipelines.base.settings import Settings
from pipelines.sources.catalog import Dataset, load_catalog
from pipelines.sources.fetch import download, headers, http, raw_files
from pipelines.sources.fetch.session import Limits, Session

#: A page of links is not larger.
_PAGE_BYTES = 5_000_000
#: Editions asked for one after the other, so that a server which says yes to all ends it.
_MOST_PROBES = 12
#: Nobody waits for an announcement as for data.
_LIMITS = Limits(total=60, attempts=2, unanswered=2)
_NAMED = re.compile(r"O\*NET(?:&reg;|®|\(R\))?\s+([0-9]{1,3})\.([0-9]{1,2})\s+Database")

Edition = tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """An edition newer than the catalog's.

    Attributes
    ----------
    dataset : str
        Its id in the catalog.
    title : str
        What it is, without the edition.
    cataloged, release : str
        The catalog's edition and the newer one, in the publisher's words.
    url : str
        Address of the newer one's file.
    evidence : str
        What says that it exists: a page, an HTTP status, a file in the mirror.
    """

    dataset: str
    title: str
    cataloged: str
    release: str
    url: str
    evidence: str

    def __str__(self) -> str:
        return (
            f"{self.title} {self.release} is out at {self.url} ({self.evidence}); "
            f"the catalog has {self.cataloged} ({self.dataset})."
        )


@dataclass(frozen=True)
class Discovery:
    """What was found, and what could not be asked: absence of news is not news of absence."""

    found: tuple[Found, ...] = ()
    problems: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """For people: the findings, then the problems."""
        return [str(found) for found in self.found] + list(self.problems)


@dataclass
class _Asking:
    """One look around: pages are read once for all datasets that they name."""

    settings: Settings
    session: Session
    limits: Limits
    pages: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def discover(
    settings: Settings,
    session: Session | None = None,
    limits: Limits | None = None,
    catalog: Iterable[Dataset] | None = None,
) -> Discovery:
    """Editions newer than the catalog's, by what publishers say.

    Parameters
    ----------
    settings : Settings
        Mirror and contact. In a mirror folder, pages and files are looked for in the folder.
    session : Session, optional
        That of the refresh, whose silent hosts are not waited for again.
    limits : Limits, optional
    catalog : iterable of Dataset, optional
        The whole catalog unless given.

    Returns
    -------
    Discovery
        A host that cannot be asked is a problem in it, not an exception.
    """
    datasets = load_catalog().values() if catalog is None else catalog
    watched = [d for d in datasets if d.address_pattern]
    found: list[Found] = []
    with Session() as own:
        asking = _Asking(settings, session or own, limits or _LIMITS)
        for dataset in watched:
            found += _newer(dataset, asking)
    return Discovery(tuple(found), tuple(asking.problems.values()))


def remember(settings: Settings, discovery: Discovery) -> None:
    """Keep what was found for `remembered`; nothing is written where nothing changed."""
    path = settings.downloads / "newer.json"
    record = {"found": [asdict(f) for f in discovery.found], "problems": list(discovery.problems)}
    if _read(path) != record and (path.exists() or record["found"] or record["problems"]):
        raw_files.write_json(path, record)


def remembered(settings: Settings) -> Discovery:
    """What the last look found and the catalog still lacks; asks nobody."""
    record = _read(settings.downloads / "newer.json")
    now = {name: d.release for name, d in load_catalog().items()}
    try:
        found = tuple(Found(**{k: str(v) for k, v in f.items()}) for f in record.get("found", ()))
        problems = tuple(str(p) for p in record.get("problems", ()))
    except (TypeError, AttributeError):
        return Discovery()
    return Discovery(tuple(f for f in found if now.get(f.dataset) == f.cataloged), problems)


def _read(path: Path) -> dict:
    try:
        record = json.loads(path.read_text("utf-8"))
        return record if isinstance(record, dict) else {}
    except (OSError, ValueError):
        return {}


# ------------------------------------------------------------------ one dataset
def _newer(dataset: Dataset, asking: _Asking) -> list[Found]:
    have = _edition(dataset.address_pattern, dataset.url)
    if have is None:
        raise ValueError(f"catalog.toml: [{dataset.id}] url does not fit its address_pattern")
    make = partial(_found, dataset)
    named = editions(_page(dataset.page, asking), dataset.address_pattern)
    if named:
        newest = max(named)
        if newest <= have:
            return []  # the page knows its editions, so no number need be tried
        seen = _exists(_address(dataset, newest), asking)
        status = seen or "its usual address does not answer with a file"
        return [make(newest, f"named by {dataset.page}; {status}")]
    last: list[Found] = []
    for _ in range(_MOST_PROBES):
        for edition in _next(have):
            if seen := _exists(_address(dataset, edition), asking):
                have, last = edition, [make(edition, seen)]
                break
        else:
            return last
    return last


def editions(page: str, pattern: str) -> set[Edition]:
    """Editions that a page names: in links to files of a pattern, or in O*NET's own heading.

    Parameters
    ----------
    page : str
        HTML.
    pattern : str
        An address with ``{major}`` and ``{minor}``, or ``{yy}``.
    """
    name = _regex(pattern.rpartition("/")[2])
    # A link may be relative: the file's name is what is looked for, not a longer one's end.
    linked = {
        tuple(map(int, match.groups()))
        for match in re.finditer(rf"(?<![\w.-]){name}(?![\w.-])", page)
    }
    if "{major}" not in pattern:
        return linked
    return linked | {(int(m[1]), int(m[2])) for m in _NAMED.finditer(page)}


def _page(address: str, asking: _Asking) -> str:
    """A publisher's page; "" where it cannot be had."""
    if address not in asking.pages:
        asking.pages[address] = ""
        try:
            place = download.address_of(address, asking.settings)
            if isinstance(place, Path):
                data = place.read_bytes()[:_PAGE_BYTES] if place.is_file() else b""
            else:
                data = http.read_page(
                    place, asking.session, _asks(asking),
                    max_bytes=_PAGE_BYTES, limits=asking.limits,
                )  # fmt: skip
            asking.pages[address] = data.decode("utf-8", "replace")
        except (OutlookError, OSError) as error:
            # Files can be asked for without it, where the host answers at all; if not, the
            # probe says so.
            if not asking.settings.mirror:
                _trouble(asking, address, _words(error))
    return asking.pages[address]


def _exists(address: str, asking: _Asking) -> str:
    """What says that a file is there, "" where it is not; a problem where nobody can say."""
    try:
        place = download.address_of(address, asking.settings)
        if isinstance(place, Path):
            return "in the mirror" if place.is_file() else ""
        status, told = http.head(place, asking.session, _asks(asking), limits=asking.limits)
    except (OutlookError, OSError) as error:
        _trouble(asking, address, _words(error))
        return ""
    # A site that answers every address with a page of its own says nothing about a file.
    if status == 200 and not headers.is_wrong_type(told):
        return f"HTTP {status}"
    if status not in (200, 404, 410):
        _trouble(asking, address, f"the server answered {status}")
    return ""


def _trouble(asking: _Asking, address: str, problem: str) -> None:
    """Note what went wrong, once a host: its other files have the same trouble."""
    said = f"Newer editions could not be looked for: {address}: {problem}."
    asking.problems.setdefault(urlsplit(address).netloc, said)


def _words(error: Exception) -> str:
    problem = error.problem if isinstance(error, OutlookError) else None
    return problem or getattr(error, "strerror", None) or str(error)


def _asks(asking: _Asking) -> dict[str, str]:
    return {"User-Agent": download.user_agent(asking.settings)}


# ------------------------------------------------------------------ numbers of editions
def _next(edition: Edition) -> Iterator[Edition]:
    """Numbers that may come after one; whether they exist is for the server to say."""
    if len(edition) == 1:
        yield (edition[0] + 1,)
    else:
        yield (edition[0], edition[1] + 1)
        yield (edition[0] + 1, 0)


def _regex(pattern: str) -> str:
    text = re.escape(pattern)
    for part, digits in (("major", "{1,3}"), ("minor", "{1,2}"), ("yy", "{2}")):
        text = text.replace(re.escape("{" + part + "}"), f"([0-9]{digits})")
    return text


def _edition(pattern: str, address: str) -> Edition | None:
    match = re.fullmatch(_regex(pattern), address)
    return tuple(map(int, match.groups())) if match else None


def _address(dataset: Dataset, edition: Edition) -> str:
    pattern = dataset.address_pattern
    if len(edition) == 1:
        return pattern.format(yy=f"{edition[0]:02}")
    return pattern.format(major=edition[0], minor=edition[1])


def _found(dataset: Dataset, edition: Edition, evidence: str) -> Found:
    words = f"May 20{edition[0]:02}" if len(edition) == 1 else ".".join(map(str, edition))
    address = _address(dataset, edition)
    return Found(dataset.id, dataset.title, dataset.release, words, address, evidence)
