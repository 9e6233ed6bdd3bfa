"""Editions of the catalog's families: looked for at their publishers, never taken for granted.

An edition counts as found where the publisher's page names it, where the server says that its
address is there, where its file is in the mirror or the drop folder, or where a release was made
from it. Nothing is downloaded here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.base.errors import OutlookError
from pipelines.base.settings import Settings
from pipelines.sources.catalog import entry_of, load_catalog
from pipelines.sources.dataset import Dataset, Edition, edition_pattern
from pipelines.sources.fetch import download, drop_folder, headers, http, raw_files
from pipelines.sources.fetch.session import Limits, Session

#: A page of links is not larger.
_PAGE_BYTES = 5_000_000
#: Editions found one after the other, so that a server which says yes to all ends it.
_MOST_FOUND = 40
#: Nobody waits for an announcement as for data.
_LIMITS = Limits(total=60, attempts=2, unanswered=2)
_NAMED = re.compile(r"O\*NET(?:&reg;|®|\(R\))?\s+([0-9]{1,3})\.([0-9]{1,2})\s+Database")
#: Releases of O*NET that are looked for after one, in its series and in the next.
_GAP = 3


@dataclass(frozen=True)
class Found:
    """An edition newer than the one in use.

    Attributes
    ----------
    dataset : str
        Id of its family in the catalog.
    title : str
        What it is, without the edition.
    have, release : str
        The edition in use ("" where there is none) and the newer one, in the publisher's words.
    url : str
        Address of the newer one's file.
    evidence : str
        What says that it exists: a page, an HTTP status, a file in the mirror.
    """

    dataset: str
    title: str
    have: str
    release: str
    url: str
    evidence: str

    def __str__(self) -> str:
        use = f"{self.have} is in use" if self.have else "none is in use"
        return (
            f"{self.title} {self.release} is out at {self.url} ({self.evidence}); {use} "
            f"({self.dataset})."
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
class Asking:
    """One look around: pages are read once for all families that they name.

    Attributes
    ----------
    settings : Settings
        Mirror and contact. In a mirror folder, pages and files are looked for in the folder.
    session : Session
        That of the refresh, whose silent hosts are not waited for again.
    limits : Limits
    problems : dict
        By host, what could not be asked.
    """

    settings: Settings
    session: Session
    limits: Limits = _LIMITS
    pages: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    dropped: drop_folder.DropFolder | None = None


def discover(
    settings: Settings,
    session: Session | None = None,
    limits: Limits | None = None,
    families: Iterable[Dataset] | None = None,
    sources: Mapping[str, Mapping] | None = None,
) -> Discovery:
    """Editions newer than those in use, by what publishers say.

    Parameters
    ----------
    settings : Settings
    session : Session, optional
    limits : Limits, optional
    families : iterable of Dataset, optional
        All of the catalog unless given.
    sources : mapping, optional
        ``sources`` of the manifest in use; without it a family's first edition is.

    Returns
    -------
    Discovery
        A host that cannot be asked is a problem in it, not an exception.
    """
    every = load_catalog().values() if families is None else families
    found: list[Found] = []
    with Session() as own:
        asking = Asking(settings, session or own, limits or _LIMITS)
        for family in every:
            if family.is_family:
                known = editions_in(sources or {}, family)
                first = known or {family.first}
                seen = editions(family, asking, first)
                found += newer(family, seen, max(first))
    return Discovery(tuple(found), tuple(asking.problems.values()))


def newer(family: Dataset, seen: Mapping[Edition, str], have: Edition | None) -> list[Found]:
    """The newest edition that was seen, where it is newer than the one in use."""
    newest = max(seen, default=None)
    if newest is None or (have is not None and newest <= have):
        return []
    there = family.at(newest)
    had = family.at(have).release if have is not None else ""
    return [Found(family.id, family.title, had, there.release, there.url, seen[newest])]


def editions_in(sources: Mapping[str, Mapping], family: Dataset) -> set[Edition]:
    """Editions of a family among the sources of a manifest."""
    named = (
        family.edition_of(str(entry.get("release", "")))
        for entry in sources.values()
        if entry.get("family") == family.id
    )
    return {edition for edition in named if edition is not None}


def remember(settings: Settings, discovery: Discovery) -> None:
    """Keep what was found for `remembered`; nothing is written where nothing changed."""
    path = settings.downloads / "newer.json"
    record = {"found": [asdict(f) for f in discovery.found], "problems": list(discovery.problems)}
    if _read(path) != record and (path.exists() or record["found"] or record["problems"]):
        raw_files.write_json(path, record)


def remembered(settings: Settings, sources: Mapping[str, Mapping]) -> Discovery:
    """What the last look found and the manifest in use still lacks; asks nobody."""
    record = _read(settings.downloads / "newer.json")
    try:
        found = [Found(**{k: str(v) for k, v in f.items()}) for f in record.get("found", ())]
        problems = tuple(str(p) for p in record.get("problems", ()))
    except (TypeError, AttributeError):
        return Discovery()
    return Discovery(tuple(f for f in found if _still_newer(f, sources)), problems)


def _still_newer(found: Found, sources: Mapping[str, Mapping]) -> bool:
    family = entry_of(found.dataset)
    if family is None or not family.is_family:
        return False
    edition = family.edition_of(found.release)
    held = editions_in(sources, family)
    return edition is not None and (not held or edition > max(held))


def _read(path: Path) -> dict:
    try:
        record = json.loads(path.read_text("utf-8"))
        return record if isinstance(record, dict) else {}
    except (OSError, ValueError):
        return {}


# ------------------------------------------------------------------ one family
def editions(
    family: Dataset, asking: Asking, known: Collection[Edition] = (), whole: bool = False
) -> dict[Edition, str]:
    """Editions that exist, and what says so.

    Parameters
    ----------
    family : Dataset
    asking : Asking
        Gathers problems.
    known : collection of Edition
        Those that a release was made from; they are taken to exist, and the search goes on
        after the newest of them.
    whole : bool
        Look for older editions too, as for a family of which all are taken.

    Returns
    -------
    dict of Edition to str
        Of a family whose newest is taken, the known ones and those that are newer; of one that is
        taken whole, all from `Dataset.since` on. Where nothing could be found, the first edition,
        so that fetching it says what is wrong.
    """
    seen = dict.fromkeys(known, "in the last release")
    for edition in _dropped(family, asking):
        seen.setdefault(edition, "in the drop folder")
    named = _page_names(family, asking)
    newest = max(named, default=None)
    if newest is not None and newest not in seen and newest >= family.first:
        status = _exists(family, newest, asking)
        if status:
            seen[newest] = f"named by {family.page}; {status}"
        elif status is not None:
            _trouble(
                asking, family.at(newest).url,
                f"{family.page} names {family.at(newest).release}, and this address does not "
                "answer with a file",
            )  # fmt: skip
    first = family.first
    every = whole or family.take == "all" or not known
    # A page that knows its editions ends the search for newer ones.
    for edition, status in _walk(family, asking, seen, first if every else max(seen), newest):
        seen[edition] = status
    return seen or {family.first: "the first that the catalog asks for"}


def _walk(
    family: Dataset, asking: Asking, seen: Mapping[Edition, str], at: Edition, stop: Edition | None
) -> Iterator[tuple[Edition, str]]:
    """Editions that are not seen yet, by their usual addresses, from one upward."""
    candidates: Iterable[Edition] = [at]
    for _ in range(_MOST_FOUND):
        for edition in candidates:
            beyond = edition > max([*seen, at])
            if beyond and stop is not None and edition > stop:
                return
            status = "" if edition in seen else _exists(family, edition, asking)
            # What cannot be asked among older editions is fetched, and fetching says why not.
            if status or (status is None and not beyond):
                yield edition, status or "not known whether it is there"
            if edition in seen:
                at = edition
                break
        else:
            if at in seen or candidates != [at]:
                return
        candidates = list(_next(at))


def named_by(page: str, pattern: str) -> set[Edition]:
    """Editions that a page names: in links to files of a pattern, or in O*NET's own heading.

    Parameters
    ----------
    page : str
        HTML.
    pattern : str
        An address with ``{major}`` and ``{minor}``, or ``{yy}``.
    """
    name = edition_pattern(pattern.rpartition("/")[2])
    # A link may be relative: the file's name is what is looked for, not a longer one's end.
    linked = {
        tuple(map(int, match.groups()))
        for match in re.finditer(rf"(?<![\w.-]){name}(?![\w.-])", page)
    }
    if "{major}" not in pattern:
        return linked
    return linked | {(int(m[1]), int(m[2])) for m in _NAMED.finditer(page)}


def _page_names(family: Dataset, asking: Asking) -> set[Edition]:
    return named_by(_page(family.page, asking), family.url)


def _dropped(family: Dataset, asking: Asking) -> set[Edition]:
    """Editions of a family among the files that a person downloaded."""
    if asking.dropped is None:
        asking.dropped = drop_folder.look(asking.settings)
    ids = {name for names in asking.dropped.fits.values() for name in names}
    there = (
        family.edition_of(name[len(family.id) + 1 :].replace("_", "."))
        for name in ids
        if entry_of(name) is family
    )
    return {edition for edition in there if edition is not None and edition >= family.first}


def _page(address: str, asking: Asking) -> str:
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


def _exists(family: Dataset, edition: Edition, asking: Asking) -> str | None:
    """What says that a file is there; "" where it is not; None where nobody can say."""
    address = family.at(edition).url
    try:
        place = download.address_of(address, asking.settings)
        if isinstance(place, Path):
            return "in the mirror" if place.is_file() else ""
        status, told = http.head(place, asking.session, _asks(asking), limits=asking.limits)
    except (OutlookError, OSError) as error:
        _trouble(asking, address, _words(error))
        return None
    # A site that answers every address with a page of its own says nothing about a file.
    if status == 200 and not headers.is_wrong_type(told):
        return f"HTTP {status}"
    if status not in (200, 404, 410):
        _trouble(asking, address, f"the server answered {status}")
        return None
    return ""


def _trouble(asking: Asking, address: str, problem: str) -> None:
    """Note what went wrong, once a host: its other files have the same trouble."""
    said = f"Newer editions could not be looked for: {address}: {problem}."
    asking.problems.setdefault(urlsplit(address).netloc, said)


def _words(error: Exception) -> str:
    problem = error.problem if isinstance(error, OutlookError) else None
    return problem or getattr(error, "strerror", None) or str(error)


def _asks(asking: Asking) -> dict[str, str]:
    return {"User-Agent": download.user_agent(asking.settings)}


def _next(edition: Edition) -> Iterator[Edition]:
    """Numbers that may come after one; whether they exist is for the server to say."""
    *series, last = edition
    # Of years, all up to this one: some are not everywhere.
    years_left = 0 if series else datetime.now(UTC).year % 100 - last
    for step in range(1, max(_GAP, years_left + 1)):
        yield (*series, last + step)
    if series:
        for minor in range(_GAP):
            yield (series[0] + 1, minor)
