"""Which occupation a job title means: every name it has, forgiving of how it is typed.

A name answers a title by the words they share, rare words counting more; an occupation by its best
name, by how many of its names have the words, and by how many people work in it. The same rule
stands in `site/app/find.js`; `tests/site/test_find.py` compares the two.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources

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
#: How well an unfinished word and a misspelled one fit, of 1 for the word itself.
UNFINISHED, ONE_LETTER, TWO_LETTERS = 0.6, 0.55, 0.35
#: The first is taken for what was meant where its score leads the second's by this share of it.
CLEAR_LEAD = 0.08
#: Letters of a name that is looked through; longer ones are lists of titles, not titles.
LONGEST = 80


@cache
def spelled() -> tuple[frozenset[str], dict[str, str]]:
    """Words that say nothing, and short forms with what they stand for."""
    text = resources.files("pipelines.occupations").joinpath("titles.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return frozenset(data["noise"]), data["short"]


def words(title: str) -> list[str]:
    """The words of a title that count: in full, singular, small letters."""
    noise, short = spelled()
    found = [w for raw in re.findall(r"[a-z0-9+#]+", title.lower())
             for w in short.get(raw, raw).split()]  # fmt: skip
    return [_singular(w) for w in found if w not in noise and not w.isdigit()]


def asked_words(title: str) -> dict[str, float]:
    """The words of a title that is looked up, each with its weight: 1, or `LATER`."""
    first, *rest = re.split(r"\s[-–|]\s|[,(|/]", title, maxsplit=1)
    found = dict.fromkeys(words(first), 1.0)
    later = words(rest[0]) if rest else []
    if not found:
        return dict.fromkeys(later, 1.0)
    return found | {word: LATER for word in later if word not in found}


def _singular(word: str) -> str:
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
        asked = asked_words(title)
        total = 0.0
        hit, held = np.zeros(len(self.names)), np.zeros(len(self.codes))
        answered = np.zeros(len(self.names))
        for word, weight in asked.items():
            known = self._fitting(word, unfinished=word == next(reversed(asked)))
            if not known:
                continue
            fit = np.zeros(len(self.names))
            for other, value in known.items():
                at = self._places[other]
                fit[at] = np.maximum(fit[at], value)
            worth = weight * max(self._worth[other] for other in known)
            total += worth
            hit += fit * worth
            answered += (fit > 0) & (fit != UNFINISHED)
            share = np.bincount(self._of, fit, len(self.codes)) / (self._count + FEW_NAMES)
            held += worth * np.log1p(30 * share)
        if total == 0:
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
        best = np.argsort(-value, kind="stable")[:n]
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(best) + 1),
                "onet_soc_code": self.codes[of[best]],
                "score": value[best].round(4),
                "known_as": [self.names[i] for i in first[best]],
                "answered": answered[first[best]] / len(asked),
            }
        )

    def _fitting(self, word: str, unfinished: bool) -> dict[str, float]:
        """Known words that a typed one may be, and how well each fits, 0 to 1."""
        found = {word: 1.0} if word in self._places else {}
        if unfinished and len(word) > 2:
            for other in self._places:
                if other.startswith(word) and other != word:
                    found[other] = UNFINISHED
        if found:
            return found
        most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        # Letters to change, add, drop or swap with the next.
        near = {other: OSA.distance(word, other, score_cutoff=most) for other in self._places}
        least = min(near.values())
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
