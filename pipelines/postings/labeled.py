"""How well duties are found: sentences that a person labeled, by their digest.

The sentences stay where they are public; a table of labels holds the SHA-256 of each
(`digest`), its posting, and whether it is a duty in a first and in a second reading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipelines.postings.plain import sentences
from pipelines.postings.sentences import duties

#: The copies of public postings, under a folder that holds them.
ADS = "eval/ads_with_onet_codes.parquet"
ANNOUNCEMENTS = "sources/data.usajobs.gov/api/historicjoa/announcementtext/positionseries=1560.json"


def digest(sentence: str) -> str:
    """SHA-256 of a sentence, whatever its capitals and blanks."""
    return hashlib.sha256(" ".join(sentence.casefold().split()).encode()).hexdigest()


def texts(folder: Path) -> dict[tuple[str, str], str]:
    """Texts of postings by source (ads, usajobs) and their id there."""
    ads = pd.read_parquet(folder / ADS, columns=["id", "text"])
    found = {("ads", str(key)): text for key, text in zip(ads["id"], ads["text"], strict=True)}
    for row in json.loads((folder / ANNOUNCEMENTS).read_text("utf-8"))["data"]:
        parts = (row["duties"], row["requirementsQualifications"])
        found["usajobs", str(row["usajobsControlNumber"])] = "\n".join(filter(None, parts))
    return found


def said(labels: pd.DataFrame, postings: Mapping[tuple[str, str], str]) -> pd.Series:
    """Whether `duties` gives each labeled sentence; index of `labels`.

    Parameters
    ----------
    labels : DataFrame
        source, posting, sha256.

    Raises
    ------
    KeyError
        A posting is not there, or has no such sentence.
    """
    out = {}
    for (source, posting), rows in labels.groupby(["source", "posting"]):
        text = postings[source, posting]
        known = {digest(sentence): sentence for sentence in sentences(text)}
        # A duty may come without the heading that stands before it on its line.
        given = [duty.casefold() for duty in duties(text)]
        for row, key in rows["sha256"].items():
            sentence = known[key].casefold()
            out[row] = any(sentence.endswith(duty) for duty in given)
    return pd.Series(out).reindex(labels.index)
