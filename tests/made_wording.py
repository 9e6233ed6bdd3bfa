"""Definitions and task statements for the embedded snapshot, which holds none: plain made words."""

import pandas as pd

WORDS = [
    "check", "repair", "records", "patients", "machines", "clients", "reports", "budgets",
    "samples", "vehicles", "plan", "teach", "sell", "write", "design", "clean", "measure",
    "assist", "inspect", "move", "cook", "drive", "count", "file", "install", "advise",
]  # fmt: skip


def worded(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table `name`, with text wherever it has none; the same row always gets the same."""
    if name == "occupations":
        return frame.assign(description="Work of " + frame["title"].str.lower())
    if name == "tasks":
        number = frame["task_id"].astype(int)
        made = [" ".join(WORDS[k // s % len(WORDS)] for s in (1, 7, 40, 300)) for k in number]
        return frame.assign(task=frame["task"].fillna(pd.Series(made, frame.index)))
    return frame
