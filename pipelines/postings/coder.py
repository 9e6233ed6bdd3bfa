"""Which occupation a posting is: its O*NET-SOC code with a probability, or none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.occupations.titles import Titles
from pipelines.releases.current import open_data
from pipelines.releases.store import Release

#: Below this probability a posting gets no code.
LEAST = 0.2


class Coder:
    """Codes postings; hold one a process.

    Attributes
    ----------
    stands_on : str
        What the evidence is from, for people: the release and whose words its tasks are in.
    """

    def __init__(self, titles: Titles, stands_on: str) -> None:
        self.stands_on = stands_on
        self._titles = titles

    def code(self, titles: pd.Series, texts: pd.Series | None = None) -> pd.DataFrame:
        """The occupation of each posting.

        Parameters
        ----------
        titles, texts : Series of str
            Job title, and text (plain or HTML) or none; missing ones are empty.

        Returns
        -------
        DataFrame
            ``onet_soc_code``, ``soc_code`` (missing where no occupation reaches `LEAST`),
            ``occupation_probability`` (0 to 1: of the most likely 6-digit code, also where it is
            too low for a code; missing where nothing is known of the posting). Index of `titles`.
        """
        known = {title: self._one(title) for title in titles.dropna().unique()}
        rows = [known.get(title, (None, np.nan)) for title in titles]
        out = pd.DataFrame(rows, index=titles.index)
        out.columns = ["onet_soc_code", "occupation_probability"]
        out.loc[out["occupation_probability"].lt(LEAST), "onet_soc_code"] = None
        out["soc_code"] = out["onet_soc_code"].str[:7]
        return out[["onet_soc_code", "soc_code", "occupation_probability"]]

    def _one(self, title: str) -> tuple[str | None, float]:
        found = self._titles.find(title, 10)
        if found.empty:
            return None, np.nan
        weight = np.exp(4 * found["score"].to_numpy())
        return found["onet_soc_code"].iloc[0], float(weight[0] / weight.sum())


def load(data: Release | None = None) -> Coder:
    """The coder that stands on a release (default: the current one, else the snapshot)."""
    data = data or open_data()
    return Coder(Analysis(data).titles, "titles")
