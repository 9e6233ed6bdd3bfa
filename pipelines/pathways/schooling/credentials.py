"""Credentials and licenses: a curated table, in our own words, with links."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

#: Shown where the table has nothing for a field.
NO_CREDENTIALS = "Credentials of this field were not looked up."


@cache
def _curated() -> dict:
    text = (
        resources.files("pipelines.pathways.schooling")
        .joinpath("credentials.toml")
        .read_text("utf-8")
    )
    return tomllib.loads(text)


def credentials(soc_code: str | None = None) -> pd.DataFrame:
    """Curated credentials, all or those that open an occupation.

    Returns
    -------
    DataFrame
        ``name``, ``full_name``, ``body``, ``asks_education`` (BLS level; empty: not recorded),
        ``asks_experience`` (empty: not recorded), ``accreditation``, ``opens`` (SOC codes,
        comma-separated; our judgment), ``link``, ``checked`` (month), ``field``. Empty, with the
        same columns, for occupations of other fields: see `NO_CREDENTIALS`.
    """
    columns = [
        "name",
        "full_name",
        "body",
        "asks_education",
        "asks_experience",
        "accreditation",
        "opens",
        "link",
        "checked",
        "field",
    ]
    data = _curated()
    rows = [
        {
            **{c: "" for c in columns},
            **c,
            "opens": ", ".join(c["opens"]),
            "checked": data["checked"],
        }
        for c in data["credential"]
        if soc_code is None or soc_code in c["opens"]
    ]
    return pd.DataFrame(rows, columns=columns).astype("str")


def helping_credentials(from_soc: str, to_soc: str) -> str:
    """Names of credentials that open the destination, comma-separated; "" where none is curated."""
    return ", ".join(
        c["name"] for c in _curated()["credential"] if to_soc in c["opens"] and from_soc != to_soc
    )


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
    table = _curated()["credential"]
    spelling = {c[key].casefold(): c["name"] for c in table for key in ("full_name", "name")}
    found = []
    for name in names:
        known = spelling.get(" ".join(str(name).split()).casefold())
        if known is None:
            raise UsageError(
                "credential",
                f"unknown credential {str(name)!r}",
                "Use one of: " + ", ".join(c["name"] for c in table),
            )
        found.append(known)
    return list(dict.fromkeys(found))


def credential_level(names: Iterable[str]) -> int:
    """Position in `EDUCATION_LEVELS` of the highest education the credentials require; 0 for none.

    Who holds a credential has met what it asks, so holds at least that level.
    """
    held = set(known_credentials(names))
    asked = [c["asks_education"] for c in _curated()["credential"] if c["name"] in held]
    return max((EDUCATION_LEVELS.index(level) for level in asked if level), default=0)


def credentials_held(to_soc: str, held: Iterable[str]) -> str:
    """Those of the credentials held that help in the destination, comma-separated."""
    names = set(known_credentials(held)) if held else set()
    table = _curated()["credential"]
    return ", ".join(c["name"] for c in table if c["name"] in names and to_soc in c["opens"])


def licence(soc_code: str) -> str:
    """The license that an occupation is closed without; "" where none is curated.

    Not complete: an empty answer does not mean that no license is needed. The longest matching
    prefix of the code counts, so that 29-12xx names the physician's license.
    """
    known = _curated()["licence"]
    for length in range(len(soc_code), 3, -1):
        if soc_code[:length] in known:
            return known[soc_code[:length]]
    return ""


def licence_words(soc_code: str) -> str:
    """What is known of the license that an occupation asks for, in words."""
    name = licence(soc_code)
    return f"license: {name}" if name else "license: not looked up"


def advancement_pairs() -> list[tuple[str, str]]:
    """From and to which BLS says that workers advance; see `advancement_note`."""
    return [(note["from_soc"], to) for note in _curated()["note"] for to in note["to_soc"]]


def advancement_note(from_soc: str, to_soc: str) -> str:
    """What BLS says of a move, in our words, with its link; "" where nothing is curated."""
    for note in _curated()["note"]:
        if from_soc == note["from_soc"] and to_soc in note["to_soc"]:
            return f"{note['text']} {note['link']}"
    return ""
