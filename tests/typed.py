"""Which numbers in a document's prose nobody holds against the program.

A number is a figure unless it is of a kind that names or defines something (`KINDS`). A figure
stands in a generated table or in a phrase that a test makes from code and data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: What numbers that are no result look like.
KINDS = (
    r"<!-- table: .*?<!-- end -->",  # generated, and compared by tests/build/test_methods.py
    r"^```.*?^```",  # commands and their options
    r"`[^`]*`",
    r"\]\([^)]*\)|https?://\S+",  # addresses
    r"^#+ \d+\. |^\d+\. ",  # numbers of headings and lists
    r"[Ss]ections? \d+((, | and |, and )\d+)*",
    r"\b\d{2}-\d{4}(\.\d{2})?\b|\b\d{2}-\d{1,2}\b",  # codes of occupations and their groups
    r"CC BY 4\.0|Apache-2\.0|Stata 14|version 2 of the standard",
    r"\b[A-Z][A-Za-z]*-?\d+\b",  # names: E0, A4, GPT-4
    r"O\*NET \d[\d.]*(, \d[\d.]*)*( and \d[\d.]*)?",  # editions: tests/house/test_readme.py
    r"(\d{1,2} )?(January|May|November) (19|20)\d{2}|\b(19|20)\d{2}\b",  # dates
    r"\b9[05] ?%|\b95 percent\s+intervals|\bat 95 percent\b|\b(5|25|75|95)th\b",  # levels
    r"\b0 to 1\b|\b0 \(none\) to 1 \(all\)|\bto 1\b|far from 1\b|below 1\b|below \$0|"
    r"toward 0\b",  # scales
    r"\b6 digits\b",  # of a SOC code
)
_NUMBER = r"(?<![\w.])[\d.,]*\d"


def unheld(text: str, phrases: Iterable[str]) -> list[str]:
    """Numbers of a document that are of no kind and in no phrase; each phrase must be there.

    Line ends count as blanks. Each number comes with the words around it.
    """
    for kind in KINDS:
        text = re.sub(kind, " ", text, flags=re.S | re.M)
    text = " ".join(text.split())
    for phrase in phrases:
        bare = phrase
        for kind in KINDS:
            bare = re.sub(kind, " ", bare, flags=re.S | re.M)
        bare = " ".join(bare.split())
        assert bare in text, f"the document does not say: {phrase}"
        text = text.replace(bare, " ")
    return [text[max(0, m.start() - 40) : m.end() + 40] for m in re.finditer(_NUMBER, text)]
