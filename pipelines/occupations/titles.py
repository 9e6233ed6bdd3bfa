"""Which occupation a job title means: every name it has, forgiving of how it is typed.

A name answers a title by the words they share, rare words counting more; an occupation by its best
name, by how many of its names have the words, and by how many people work in it. The same rule
stands in `site/app/find.js`; `tests/site/test_find.py` compares the two.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA

#: Weights of the other names and of jobs beside the best name, chosen on ads:
#: `python benchmarks/titles.py`.
WEIGHT_NAMES, WEIGHT_JOBS = 0.6, 0.05
#: Weight of a word after the first dash, comma, slash or bracket: a department, a place.
LATER = 0.7
#: Names that an occupation with few of them is taken to have more.
FEW_NAMES = 5
#: How well an unfinished word and a misspelled one fit, of 1 for the word itself; one letter's was
#: chosen on reported titles: `python benchmarks/misspelled.py`.
UNFINISHED, ONE_LETTER, TWO_LETTERS = 0.6, 0.9, 0.35
#: The first is taken for what was meant where its score leads the second's by this share of it.
CLEAR_LEAD = 0.08
#: Letters of a name that is looked through; longer ones are lists of titles, not titles.
LONGEST = 80
#: Letters of a word from which one change, and two, are forgiven; of the halves of a parted word.
ONE_FROM, TWO_FROM, HALF_FROM = 4, 8, 3
TOO_MANY = 9
#: How much of what is asked must be known; a misspelled word counts so much of a known one.
ENOUGH, MISSPELLED = 0.4, 0.6
#: What is spelled by sound: letters that are taken for one another before letters are compared.
SOUNDS = (("ph", "f"), ("kn", "n"), ("ck", "k"), ("qu", "k"), ("y", "i"), ("z", "s"), ("c", "k"))
#: A group of what is left over is never what a person means, unless they say so.
LEFT_OVER = "All Other"


@cache
def _table() -> dict[str, Any]:
    text = resources.files("pipelines.occupations").joinpath("titles.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def spelled() -> tuple[frozenset[str], dict[str, str]]:
    """Words that say nothing, and short forms and Spanish words with what they stand for."""
    data = _table()
    return frozenset(data["noise"]), data["spanish"] | data["short"]


def everyday() -> dict[str, str]:
    """What people call a job, with words that its titles have."""
    return _table()["everyday"]


def plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFD", text.lower())
    return parts if parts.isascii() else "".join(c for c in parts if not unicodedata.combining(c))


def sound(word: str) -> str:
    """A word as it sounds, roughly: "farmacy" and "pharmacy" are one."""
    for letters, other in SOUNDS:
        word = word.replace(letters, other)
    return re.sub(r"(.)\1", r"\1", word)


def words(title: str) -> list[str]:
    """The words of a title that count: in full, singular, small letters."""
    noise, short = spelled()
    found = [w for raw in re.findall(r"[a-z0-9+#]+", plain(title))
             for w in short.get(raw, raw).split()]  # fmt: skip
    return [singular(w) for w in found if w not in noise and not w.isdigit()]


def asked_words(title: str) -> dict[str, float]:
    """The words of a title that is looked up, each with its weight: 1, or `LATER`."""
    title = plain(title)
    for said, meant in everyday().items():
        title = re.sub(rf"(?<![a-z0-9]){re.escape(said)}(?![a-z0-9+])", meant, title)
    first, *rest = re.split(r"\s[-–|]\s|[,(|/]", title, maxsplit=1)
    found = dict.fromkeys(words(first), 1.0)
    later = words(rest[0]) if rest else []
    if not found:
        return dict.fromkeys(later, 1.0)
    return found | {word: LATER for word in later if word not in found}


def _forgiven(word: str) -> int:
    """How many letters of a word may be mistaken."""
    return 0 if len(word) < ONE_FROM else 1 if len(word) < TWO_FROM else 2


def _changes(word: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap with the next; `TOO_MANY` for more than `most`."""
    count = OSA.distance(word, other, score_cutoff=most) if most else TOO_MANY
    return count if count <= most else TOO_MANY


def singular(word: str) -> str:
    """A word without the ending of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def every_name(tables: Mapping[str, pd.DataFrame], credentials: pd.DataFrame) -> pd.DataFrame:
    """Every name of every occupation: title, alternate and reported titles, credentials.

    Parameters
    ----------
    tables : Mapping[str, DataFrame]
        occupations and alternate_titles.
    credentials : DataFrame
        ``name``, ``full_name``, ``opens`` (SOC codes, comma-separated).

    Returns
    -------
    DataFrame
        ``onet_soc_code``, ``name``: by code, the title first, each name once whatever its
        capitals and signs, none longer than `LONGEST` but the titles.
    """
    occupations = tables["occupations"].sort_values("onet_soc_code")
    own = occupations[["onet_soc_code", "title"]].rename(columns={"title": "name"})
    other = tables["alternate_titles"].rename(columns={"title": "name"})
    opened = credentials.assign(soc_code=credentials["opens"].str.split(", ")).explode("soc_code")
    opened = pd.concat(
        [
            opened[["soc_code", "name"]],
            opened[["soc_code", "full_name"]].rename(columns={"full_name": "name"}),
        ]
    ).merge(own.assign(soc_code=own["onet_soc_code"].str[:7])[["soc_code", "onet_soc_code"]])
    more = pd.concat([other, opened])[["onet_soc_code", "name"]]
    more = more[more["name"].str.len() <= LONGEST]
    frame = pd.concat([own, more], ignore_index=True)
    frame["key"] = frame["name"].str.lower().str.findall(r"[a-z0-9]+").str.join(" ")
    frame = frame[(frame["key"] != "") & frame["onet_soc_code"].isin(own["onet_soc_code"])]
    frame = frame.drop_duplicates(["onet_soc_code", "key"])
    return frame.sort_values("onet_soc_code", kind="stable")[["onet_soc_code", "name"]]


class Titles:
    """The names of occupations, ready to be looked through.

    Parameters
    ----------
    names : DataFrame
        ``onet_soc_code``, ``name``; an occupation's own title first.
    jobs : Series
        Jobs by ``onet_soc_code``; an occupation that is missing counts as a middling one.
    """

    def __init__(self, names: pd.DataFrame, jobs: pd.Series) -> None:
        self.names = names["name"].tolist()
        self.codes, self._of = np.unique(names["onet_soc_code"].to_numpy(str), return_inverse=True)
        seen: dict[str, list[str]] = {}
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(self.names):
            if (key := name.lower()) not in seen:
                seen[key] = list(dict.fromkeys(words(name)))
            for word in seen[key]:
                places[word].append(at)
        self._places = {word: np.array(at) for word, at in places.items()}
        self._size = np.zeros(len(self.names))
        self._worth: dict[str, float] = {}
        for word, where in self._places.items():
            holders = len(np.unique(self._of[where]))
            self._worth[word] = float(np.log((len(self.codes) + 1) / (holders + 0.5)))
            self._size[where] += self._worth[word]
        first = np.unique(self._of, return_index=True)[1]  # an occupation's own title
        self._own = {tuple(words(self.names[i])): place for place, i in enumerate(first)}
        self._left_over = np.array([self.names[i].endswith(LEFT_OVER) for i in first])
        self._sounds = {word: sound(word) for word in self._places}
        self._count = np.bincount(self._of, minlength=len(self.codes))
        jobs = jobs.reindex(self.codes)
        jobs = jobs.fillna(jobs.median()).fillna(1.0).clip(lower=1e-3)
        self.log_jobs = np.log(jobs.to_numpy(float)).round(4)

    @property
    def codes_of_names(self) -> list[str]:
        """The occupation of each name."""
        return self.codes[self._of].tolist()

    def find(self, title: str, n: int = 10) -> pd.DataFrame:
        """The occupations that a title may mean, best first.

        Returns
        -------
        DataFrame
            ``rank``, ``onet_soc_code``, ``score`` (of no unit; comparable within one answer),
            ``known_as`` (the name that fits best), ``answered`` (share of the words asked that the
            name has, 0 to 1; unfinished ones are not). No rows where no word is known.
        """
        asked = self._joined(asked_words(title))
        total = known_share = 0.0
        hit, held = np.zeros(len(self.names)), np.zeros(len(self.codes))
        answered = np.zeros(len(self.names))
        for place, (word, weight, halves) in enumerate(asked):
            known = self._fitting(word, unfinished=place == len(asked) - 1)
            if not known:
                continue
            fit = np.zeros(len(self.names))
            for other, value in known.items():
                at = self._places[other]
                fit[at] = np.maximum(fit[at], value)
            if halves:
                first, second = (self._places[half] for half in halves)
                fit[np.intersect1d(first, second)] = 1.0
            spelled_out = max(known.values()) in (1.0, UNFINISHED)
            known_share += weight * (1.0 if spelled_out else MISSPELLED)
            worth = weight * max(self._worth[other] for other in known)
            total += worth
            hit += fit * worth
            answered += (fit > 0) & (fit != UNFINISHED)
            share = np.bincount(self._of, fit, len(self.codes)) / (self._count + FEW_NAMES)
            held += worth * np.log1p(30 * share)
        if known_share < ENOUGH * sum(weight for _, weight, _ in asked) or total == 0:
            return pd.DataFrame(columns=["rank", "onet_soc_code", "score", "known_as", "answered"])
        covered = hit / total
        size = np.maximum(self._size, hit)
        score = np.divide(hit, np.sqrt(total * size), out=np.zeros_like(hit), where=hit > 0)
        score *= np.sqrt(covered)
        order = np.argsort(-score, kind="stable")
        order = order[score[order] > 0]
        first = order[np.unique(self._of[order], return_index=True)[1]]
        of = self._of[first]
        value = score[first] + WEIGHT_NAMES * held[of] / total + WEIGHT_JOBS * self.log_jobs[of]
        best = np.argsort(-value, kind="stable")
        best = self._first_things_first(best, of, title)[:n]
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(best) + 1),
                "onet_soc_code": self.codes[of[best]],
                "score": value[best].round(4),
                "known_as": [self.names[i] for i in first[best]],
                "answered": answered[first[best]] / len(asked),
            }
        )

    def _first_things_first(self, best: np.ndarray, of: np.ndarray, title: str) -> np.ndarray:
        """The order `best` with what was typed as it is called first, else no `LEFT_OVER` first."""
        own = self._own.get(tuple(words(title)))
        first = (
            [i for i in best if of[i] == own]
            if own is not None
            else [i for i in best if not self._left_over[of[i]]]
        )
        return np.array([*first[:1], *(i for i in best if i not in first[:1])], dtype=int)

    def _joined(self, asked: Mapping[str, float]) -> list[tuple[str, float, tuple[str, ...]]]:
        """The words asked; two that are written as one elsewhere count as one, with their halves.

        A word that nobody writes so is parted where both halves are known ("truckdriver").
        """
        parted: list[tuple[str, float]] = []
        for place, (word, weight) in enumerate(asked.items()):
            halves = () if self._begins(word, place == len(asked) - 1) else self._halves(word)
            parted += [(half, weight) for half in halves] or [(word, weight)]
        found: list[tuple[str, float, tuple[str, ...]]] = []
        for word, weight in parted:
            before = found[-1] if found else ("", 0.0, ("",))
            if (
                not before[2]
                and before[0] + word in self._places
                and {before[0], word} <= set(self._places)
            ):
                found[-1] = (before[0] + word, before[1], (before[0], word))
            else:
                found.append((word, weight, ()))
        return found

    def _begins(self, word: str, last: bool) -> bool:
        """Whether a word is known, or, as the last one typed, begins a known one."""
        return word in self._places or (last and any(w.startswith(word) for w in self._places))

    def _halves(self, word: str) -> tuple[str, ...]:
        """The two known words that a word is made of, the more even the better; () where none."""
        ends = range(HALF_FROM, len(word) - HALF_FROM + 1)
        for at in sorted(ends, key=lambda at: (abs(2 * at - len(word)), at)):
            if word[:at] in self._places and word[at:] in self._places:
                return word[:at], word[at:]
        return ()

    def _fitting(self, word: str, unfinished: bool) -> dict[str, float]:
        """Known words that a typed one may be, and how well each fits, 0 to 1."""
        found = {word: 1.0} if word in self._places else {}
        if unfinished and len(word) > 2:
            for other in self._places:
                if other.startswith(word) and other != word:
                    found[other] = UNFINISHED
        if found:
            return found
        heard = sound(word)
        most, by_ear = _forgiven(word), min(_forgiven(word), _forgiven(heard))
        # As written or as it sounds. Two words of one sound are still not written alike, and a
        # short sound is no evidence.
        near = {
            other: min(_changes(word, other, most), max(1, _changes(heard, sounded, by_ear)))
            for other, sounded in self._sounds.items()
            if sounded[:1] == heard[:1]  # the first letter is hardly ever mistaken
        }
        least = min(near.values(), default=TOO_MANY)
        return {
            other: ONE_LETTER if least == 1 else TWO_LETTERS
            for other, count in near.items()
            if count == least <= most
        }


def clear(found: pd.DataFrame) -> bool:
    """Whether the first of `Titles.find` can be taken for what was meant.

    It has every word, and leads the second by `CLEAR_LEAD`.
    """
    if found.empty or found["answered"].iloc[0] < 1:
        return False
    score = found["score"].to_numpy()
    return len(score) == 1 or bool(score[0] - score[1] > CLEAR_LEAD * score[0])
