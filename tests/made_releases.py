"""Releases made by hand, in memory, for what compares two of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from pipelines.base import contracts
from pipelines.releases import publish
from pipelines.releases.store import Release

OEWS = {"oews_nat_2025": {"title": "OEWS", "release": "May 2025", "date": "2025-05",
                          "sha256": "a", "rows": {"wages": 1}}}  # fmt: skip


def made(id: str = "made", sources: dict | None = None, **frames: pd.DataFrame) -> Release:
    """A release that holds these tables, completed and held against their contracts."""
    whole = {name: contracts.check(name, filled(name, frame)) for name, frame in frames.items()}
    entries = {
        name: {"rows": len(f), "sha256": hashlib.sha256(publish.encode(f)).hexdigest()}
        for name, f in whole.items()
    }
    manifest = {"sources": OEWS if sources is None else sources, "tables": entries}
    return Release(id, Path("/nowhere"), manifest, whole)


def filled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the contract's other columns: missing, or the first value allowed."""
    frame = frame.reset_index(drop=True)
    for column in contracts.contracts()[name].columns:
        if column.name not in frame:
            plain = {"bool": False, "int64": 0, "float64": 0.0}.get(column.dtype, "x")
            value = column.allowed[0] if column.allowed else plain
            missing = float("nan") if column.dtype == "float64" else None
            frame[column.name] = pd.Series(
                missing if column.nullable else value, index=frame.index, dtype=column.dtype
            )
    return frame


def wages(
    employment: dict[str, float], wage: dict[str, float] | None = None, rse: float = 1.0,
    year: int = 2025, vintage: str = "2018", area: str = "99", total: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Rows of `wages`: detailed occupations by code, and the area's total."""
    codes = list(employment)
    sums = sum(v for v in employment.values() if v == v) if total is None else total
    return pd.DataFrame({
        "year": year,
        "soc_vintage": vintage,
        "area_code": area,
        "area_title": "U.S." if area == "99" else f"State {area}",
        "state": "US" if area == "99" else "ZZ",
        "soc_code": ["00-0000", *codes],
        "title": ["All Occupations", *(f"Title of {code}" for code in codes)],
        "occupation_group": ["total", *["detailed"] * len(codes)],
        "employment": [float(sums), *(float(v) for v in employment.values())],
        "employment_rse": float(rse),
        "mean_wage_rse": float(rse),
        "annual_mean_wage": [50_000.0, *(float((wage or {}).get(c, 50_000)) for c in codes)],
    })  # fmt: skip


def many(n: int = 40, start: float = 1000.0) -> dict[str, float]:
    """Employment of n detailed occupations."""
    return {f"29-{2001 + i}": start + 10 * i for i in range(n)}
