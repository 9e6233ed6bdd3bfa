"""Which occupation a posting is: its O*NET-SOC code with a probability, or none."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.exposure.scorer.encoder import load_encoder
from pipelines.exposure.scorer.tokens import as_strings
from pipelines.postings.choice import Choice
from pipelines.postings.plain import plain
from pipelines.postings.text_evidence import TextEvidence, counted, shipped
from pipelines.postings.title_evidence import TitleEvidence
from pipelines.releases.current import open_data
from pipelines.releases.store import Release

#: A posting whose likeliest 6-digit code has a smaller probability gets none.
LEAST = 0.2
#: Characters of a title that are read.
LONGEST = 200
#: Terms of the evidence that a probability is of, by what is known of a posting: a title may have
#: no word that the encoder knows ("RHIT"), a posting no text.
KINDS = {
    "title": (0, 1, 2, 3),
    "text": (0, 1, 2, 3, 4),
    "strange title": (0, 1, 2),
    "strange title and text": (0, 1, 2, 4),
}
#: Postings at once: what memory holds of (postings, occupations, terms).
_BLOCK = 512


class Coder:
    """Codes postings; hold one a process.

    Attributes
    ----------
    stands_on : str
        For people: which names and whose words of the work it goes by.
    codes, soc_codes : array
        O*NET-SOC codes, and the 6-digit codes, sorted.
    """

    def __init__(
        self,
        titles: TitleEvidence,
        texts: TextEvidence,
        choices: dict[str, Choice],
        stands_on: str,
    ) -> None:
        self.stands_on = stands_on
        self.codes = titles.codes
        self.soc_codes, self._soc_of = np.unique(
            [code[:7] for code in self.codes], return_inverse=True
        )
        self._start = np.searchsorted(self._soc_of, np.arange(len(self.soc_codes)))
        self._titles, self._texts, self._choices = titles, texts, choices

    def code(self, titles: pd.Series, texts: pd.Series | None = None) -> pd.DataFrame:
        """The occupation of each posting.

        Parameters
        ----------
        titles, texts : Series of str
            Job titles, and texts (plain or HTML) in the same order; missing ones are empty.

        Returns
        -------
        DataFrame
            Index of `titles`. ``onet_soc_code`` and ``soc_code``, missing where no 6-digit code
            reaches `LEAST`; ``occupation_probability``, 0 to 1, of the likeliest 6-digit code
            also where it is too low, missing where title and text hold no known word.
        """
        asked = pd.DataFrame({"title": as_strings(titles)})
        asked["text"] = "" if texts is None else as_strings(texts)
        once = asked.drop_duplicates(ignore_index=True)
        parts = [once.iloc[i : i + _BLOCK] for i in range(0, len(once), _BLOCK)]
        found = [self._best(part["title"].tolist(), part["text"].tolist()) for part in parts]
        answers = pd.concat([once, pd.concat(found, ignore_index=True)], axis=1) if found else once
        out = asked.merge(answers, how="left", on=["title", "text"], validate="m:1")
        out.index = titles.index
        columns = ["onet_soc_code", "soc_code", "occupation_probability"]
        return out.reindex(columns=columns)

    def _best(self, titles: list[str], texts: list[str]) -> pd.DataFrame:
        p, known = self.probabilities(titles, texts)
        by_soc = self.by_soc(p)
        soc = by_soc.argmax(axis=1)
        inside = np.where(self._soc_of == soc[:, None], p, -1)
        probability = np.where(known, by_soc.max(axis=1), np.nan)
        out = pd.DataFrame(
            {
                "onet_soc_code": self.codes[inside.argmax(axis=1)],
                "soc_code": self.soc_codes[soc],
                "occupation_probability": probability,
            }
        )
        known_well = probability >= LEAST
        out.loc[~known_well, ["onet_soc_code", "soc_code"]] = None
        return out

    def by_soc(self, p: np.ndarray) -> np.ndarray:
        """Sums over the occupations of each 6-digit code, (postings, `soc_codes`)."""
        return np.add.reduceat(p, self._start, axis=1)

    def probabilities(self, titles: list[str], texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Probability of each occupation, (postings, occupations), and whether a word was known."""
        evidence, known = self.evidence(titles, texts)
        # A term that says the same of every occupation says nothing.
        meant, read = np.ptp(evidence[:, :, 3], axis=1) > 0, np.ptp(evidence[:, :, 4], axis=1) > 0
        p = np.empty(evidence.shape[:2])
        for kind, terms in KINDS.items():
            rows = (meant == (3 in terms)) & (read == (4 in terms))
            p[rows] = self._choices[kind].probabilities(evidence[rows][:, :, terms])
        return p, known | read

    def evidence(self, titles: list[str], texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Terms of every occupation, (postings, occupations, 5): those of the title, then the
        text's; and whether a word of the title is one of a name."""
        at, once = pd.factorize(np.array([title[:LONGEST] for title in titles], object))
        out, named = (each[at] for each in self._titles.of(list(once)))  # many share a title
        text = np.zeros(out.shape[:2], np.float32)
        have = [i for i, t in enumerate(texts) if t]
        if have:
            text[have] = self._texts.of([plain(texts[i]) for i in have])
        return np.concatenate([out, text[:, :, None]], axis=2), named


def load(data: Release | None = None) -> Coder:
    """The coder that stands on a release (default: the current one, else the snapshot)."""
    data = data or open_data()
    analysis = Analysis(data)
    titles = TitleEvidence(analysis.titles, load_encoder())
    work, edition = shipped()
    tools = analysis.tables["technology_skills"].set_index("onet_soc_code")["example"]
    profiles = pd.concat([work, titles.names_terms(), counted(tools.dropna())])
    held = json.loads(resources.files("pipelines.postings").joinpath("coder.json").read_text())
    choices = {kind: Choice(np.array(held[kind]["weights"]), held[kind]["doubt"]) for kind in KINDS}
    kind = "the embedded snapshot" if data.is_snapshot else f"release {data.id}"
    stands_on = (
        f"names and technology of {kind}; of the work, how often O*NET {edition} uses a word"
    )
    return Coder(titles, TextEvidence(profiles, titles.codes), choices, stands_on)
