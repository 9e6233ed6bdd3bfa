"""What a command answers: a frame for files, a table for a person, and what to say beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Answer:
    """The answer of one command.

    Attributes
    ----------
    frame : DataFrame
        Every column, for CSV, JSON and parquet.
    notes : sequence of str
        Lines to say below it.
    table : DataFrame, optional
        What a person reads on a terminal; `frame` where there is none.
    table_notes : sequence of str
        Lines that only the table needs.
    """

    frame: pd.DataFrame
    notes: Sequence[str] = ()
    table: pd.DataFrame | None = None
    table_notes: Sequence[str] = ()


def named(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """The columns that a person reads, under the names they read."""
    return frame[list(columns)].rename(columns=columns)
