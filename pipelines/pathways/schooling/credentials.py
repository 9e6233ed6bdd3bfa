"""Credentials, licenses and ways in: curated tables, in our own words, with their sources.

``credentials.csv`` holds what can be earned, ``entry.csv`` what an occupation asks of people who
enter it, ``credentials.toml`` the licenses of groups of codes and BLS's words on advancement.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.base.language import curated, marked, spoken, translated
from pipelines.base.words import joined
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

#: Shown where the table has nothing for a field.
NO_CREDENTIALS = marked("Credentials of this field were not looked up.")
#: What `entry.csv` says an occupation asks for; the first two close it to people without.
ENTRIES = (
    "license", "certification asked", "certification helps", "apprenticeship", "none asked",
    "none named",
)  # fmt: skip
#: By `entry`, what column ``states`` adds to the words; what is federal says who in the words.
_WHERE = {
    "license": {"all": marked(", in all states"), "most": marked(", in most states"),
                "some": marked(", in some states"),
                "": marked("; in which states: not looked up")},
    "certification asked": {"all": marked("; license in all states"),
                            "most": marked("; license in most states"),
                            "some": marked("; license in some states")},
}  # fmt: skip
_ROOM = resources.files("pipelines.pathways.schooling")


@cache
def _curated() -> dict:
    return tomllib.loads(_ROOM.joinpath("credentials.toml").read_text("utf-8"))


def _read(name: str) -> pd.DataFrame:
    with resources.as_file(_ROOM.joinpath(name)) as path:
        return pd.read_csv(path, dtype="str", keep_default_na=False)


@cache
def _credentials() -> pd.DataFrame:
    return _read("credentials.csv")


@cache
def entries() -> pd.DataFrame:
    """What occupations ask of people who enter them, by SOC code.

    Returns
    -------
    DataFrame
        Index ``soc_code``; ``entry`` (one of `ENTRIES`; none named: BLS's Handbook names no
        license or certification), ``words``, ``states`` (all, most, some, none, federal: who asks
        by law; empty: not looked up), ``apprenticeship`` (yes, no; empty: not looked up),
        ``sources`` (addresses), ``checked`` (month).
    """
    return _read("entry.csv").set_index("soc_code")


@cache
def _entries() -> dict[str, dict[str, str]]:
    return entries().to_dict("index")  # type: ignore[return-value]


@cache
def _lowest_levels(kind: str) -> dict[str, int]:
    """By SOC code, the lowest level of education that a license or a certification asks for."""
    table = _credentials()
    table = table[(table["kind"] == kind) & (table["asks_education"] != "")]
    found: dict[str, int] = {}
    for opens, level in zip(table["opens"], table["asks_education"], strict=True):
        for code in opens.split(", "):
            asked = EDUCATION_LEVELS.index(level)
            found[code] = min(found.get(code, asked), asked)
    return found


def credentials(soc_code: str | None = None) -> pd.DataFrame:
    """Curated credentials, all or those that open an occupation, a rung after the one it is on.

    Returns
    -------
    DataFrame
        ``name``, ``full_name``, ``body``, ``kind`` (certification, license or registration),
        ``asks_education`` (BLS level; empty: not recorded), ``asks_experience`` (empty: not
        recorded), ``builds_on`` (names, comma-separated: the usual rung below), ``accreditation``,
        ``opens`` (SOC codes, comma-separated; our judgment), ``link``, ``sources``, ``checked``
        (month), ``field``. Empty, with the same columns, for occupations of other fields: see
        `NO_CREDENTIALS`.
    """
    table = _credentials()
    if soc_code is not None:
        table = table.take(_positions().get(soc_code, []))
    return table.reset_index(drop=True)


def next_rungs(soc_code: str) -> pd.DataFrame:
    """Credentials of an occupation that build on another of it: a step up under the same code.

    Returns
    -------
    DataFrame
        ``builds_on``, ``name``, ``asks_education``, ``asks_experience``, ``also_opens`` (other SOC
        codes that the rung opens and the one below does not, comma-separated). No pay: there is no
        public figure by credential.
    """
    table = credentials(soc_code)
    opens = dict(zip(table["name"], table["opens"].str.split(", "), strict=True))
    rungs = table[table["builds_on"] != ""]
    rungs = rungs.assign(builds_on=rungs["builds_on"].str.split(", ")).explode("builds_on")
    rungs = rungs[rungs["builds_on"].isin(table["name"])]
    more = [
        ", ".join(code for code in opens[name] if code not in opens[below])
        for name, below in zip(rungs["name"], rungs["builds_on"], strict=True)
    ]
    columns = ["builds_on", "name", "asks_education", "asks_experience"]
    return rungs[columns].assign(also_opens=more).reset_index(drop=True)


def credentials_near(soc_codes: Iterable[str]) -> list[tuple[str, str]]:
    """Name and full name of credentials that open any of the occupations, in the table's order."""
    table, wanted = _credentials(), {at for code in soc_codes for at in _positions().get(code, [])}
    names = zip(table["name"], table["full_name"], strict=True)
    return [pair for at, pair in enumerate(names) if at in wanted]


@cache
def _positions() -> dict[str, list[int]]:
    """Rows of the credentials that open each occupation."""
    found: dict[str, list[int]] = {}
    for at, opens in enumerate(_credentials()["opens"]):
        for code in dict.fromkeys(opens.split(", ")):
            found.setdefault(code, []).append(at)
    return found


@cache
def _names_by_code() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, opens in zip(_credentials()["name"], _credentials()["opens"], strict=True):
        for code in opens.split(", "):
            found.setdefault(code, []).append(name)
    return found


def helping_credentials(from_soc: str, to_soc: str) -> str:
    """Names of credentials that open the destination, comma-separated; "" where none is curated."""
    return "" if from_soc == to_soc else ", ".join(_names_by_code().get(to_soc, []))


def known_credentials(names: Iterable[str]) -> list[str]:
    """The table's spelling of credentials that a person holds, each once.

    Parameters
    ----------
    names : iterable of str
        Short or full names; case and spaces around them do not count.

    Raises
    ------
    UsageError
        A name that is not in the table; the message lists those that are.
    """
    table = _credentials()
    spelling = {
        written.casefold(): name
        for key in ("full_name", "name")
        for written, name in zip(table[key], table["name"], strict=True)
    }
    found = []
    for name in names:
        known = spelling.get(" ".join(str(name).split()).casefold())
        if known is None:
            raise UsageError(
                "credential",
                f"unknown credential {str(name)!r}",
                "Use one of: " + ", ".join(table["name"]),
            )
        found.append(known)
    return list(dict.fromkeys(found))


def credential_level(names: Iterable[str]) -> int:
    """Position in `EDUCATION_LEVELS` of the highest education the credentials require; 0 for none.

    Who holds a credential has met what it asks, so holds at least that level.
    """
    held = set(known_credentials(names)) if names else set()
    if not held:
        return 0
    table = _credentials()
    asked = table.loc[table["name"].isin(held), "asks_education"]
    return max((EDUCATION_LEVELS.index(level) for level in asked if level), default=0)


def credentials_held(to_soc: str, held: Iterable[str]) -> str:
    """Those of the credentials held that help in the destination, comma-separated."""
    names = set(known_credentials(held)) if held else set()
    return ", ".join(name for name in _names_by_code().get(to_soc, []) if name in names)


@cache
def licence(soc_code: str) -> str:
    """The license or certification that an occupation is closed without; "" where none is curated.

    Not complete: an empty answer does not mean that no license is needed. What `entry.csv` says of
    the code counts, else the longest prefix in ``credentials.toml``, so that 29-12xx names the
    physician's license.
    """
    if (row := _entries().get(soc_code)) is not None:
        return row["words"] if row["entry"] in ENTRIES[:2] else ""
    known = _curated()["licence"]
    for length in range(len(soc_code), 3, -1):
        if soc_code[:length] in known:
            return known[soc_code[:length]]
    return ""


def licence_words(soc_code: str) -> str:
    """What is known of the license or certification that an occupation asks for, in words."""
    return _licence_words(soc_code, spoken())


@cache
def _licence_words(soc_code: str, language: str) -> str:
    row = _entries().get(soc_code)
    if row is None:
        name = licence(soc_code)
        return (
            translated("license: {words}", words=curated(name)) if name
            else translated("license: not looked up")
        )  # fmt: skip
    words, entry = row["words"], row["entry"]
    if entry == "none named":
        return translated("license: BLS names none")
    if entry == "none asked":
        return translated("license: none usually asked for ({words})", words=curated(words))
    where = ""
    if entry in ENTRIES[:2] and not re.search(r"\bstates\b|as the state asks", words):
        # Where the state decides, which states do: the words may say so already.
        where = translated(_WHERE[entry].get(row["states"], ""))
    places = {"words": curated(words), "where": where}
    if entry == "license":
        return translated("license: {words}{where}", **places)
    if entry == "apprenticeship":
        return translated("way in: {words}{where}", **places)
    return translated("certification: {words}{where}", **places)


def licence_list(names: str) -> str:
    """Licenses of a route (`route.licences`), each in the language of now."""
    return joined([curated(name) for name in names.split("; ")], "; ")


@cache
def shorter_way(soc_code: str, typical_education: str) -> str:
    """A lower level of education that the occupation's license takes too; "" where there is none.

    The associate's degree leads to the license of registered nurses as the bachelor's does.
    """
    low = _lowest_levels("license").get(soc_code)
    if low is None or typical_education not in EDUCATION_LEVELS:
        return ""
    return EDUCATION_LEVELS[low] if low < EDUCATION_LEVELS.index(typical_education) else ""


@cache
def own_entry_level(soc_code: str) -> str:
    """The education that the license or certification asked for at entry asks for; "" where none is
    curated.

    It stands in for BLS's level where BLS publishes one level for several occupations: that of
    29-2010 is a bachelor's degree, and technicians (29-2012) are certified with an associate's.
    """
    row = _entries().get(soc_code)
    kind = {"license": "license", "certification asked": "certification"}.get(
        row["entry"] if row else ""
    )
    low = None if kind is None else _lowest_levels(kind).get(soc_code)
    return "" if low is None else EDUCATION_LEVELS[low]


def advancement_pairs() -> list[tuple[str, str]]:
    """From and to which BLS says that workers advance; see `advancement_note`."""
    return [(note["from_soc"], to) for note in _curated()["note"] for to in note["to_soc"]]


def advancement_note(from_soc: str, to_soc: str) -> str:
    """What BLS says of a move, in our words, with its link; "" where nothing is curated."""
    for note in _curated()["note"]:
        if from_soc == note["from_soc"] and to_soc in note["to_soc"]:
            return f"{note['text']} {note['link']}"
    return ""
