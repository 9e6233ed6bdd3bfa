"""Made postings, and a plain way to read them: quick, and found by workers by this name."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.postings import new_tasks, tables
from pipelines.postings.chunk import Tools

_CODES = {"coder": ("29-2072.00", 0.9), "nurse": ("29-1141.00", 0.8)}
_WORK = ["Assign diagnosis codes to patient charts", "File paper charts by number",
         "Feed otters in the river at dawn", "Answer questions of physicians on the phone",
         "Call Ann Lee at 555-1234"]  # fmt: skip


def code(titles: pd.Series, texts: pd.Series) -> pd.DataFrame:
    found = [_CODES.get(str(title).split()[0].lower(), (None, np.nan)) for title in titles]
    onet = pd.Series([code for code, _ in found], dtype="str")
    return pd.DataFrame({"onet_soc_code": onet, "soc_code": onet.str[:7],
                         "occupation_probability": [p for _, p in found]})  # fmt: skip


def duties(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[.\n]", re.sub("<[^>]+>", " ", text))]


def mask(text: str) -> str:
    return text.replace("Ann Lee", "[NAME]").replace("555-1234", "[PHONE]")


def tools(release=None) -> Tools:
    return Tools(code, duties, mask)


def tools_that_kill_once(release) -> Tools:
    """The first worker that reads a text dies over it, as for want of memory."""

    def dies(text: str) -> list[str]:
        mark = Path(os.environ["MADE_POSTINGS_MARK"])
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return duties(text)
        os._exit(9)

    return Tools(code, dies, mask)


def tools_that_fail_once_asked(release) -> Tools:
    def fails(text: str) -> list[str]:
        if "FAIL" in text:
            raise RuntimeError("no such\npage")
        return duties(text)

    return Tools(code, fails, mask)


def dies(given: list) -> list:
    os._exit(9)


def doubled(given: list[str]) -> list[tuple[str, int]]:
    """Each twice, and the process that did it."""
    return [(one * 2, os.getpid()) for one in given]


def environment(given: list[str]) -> list[str | None]:
    return [os.environ.get(name) for name in given]


def postings(n: int) -> pd.DataFrame:
    """n postings, with titles of two known occupations and an unknown one, over three months."""
    rows = range(n)
    return pd.DataFrame({
        "id": [f"id{i}" for i in rows],
        "title": [("Coder", "Nurse Ann Lee", "Wizard")[i % 3] for i in rows],
        "text": [". ".join(_WORK[(i + k) % len(_WORK)] + f" {i % 7}" for k in range(1 + i % 4))
                 for i in rows],
        "date": [f"2025-{1 + i % 3:02d}-10" for i in rows],
        "state": [("Ohio", "TX", "Ohio; Texas")[i % 3] for i in rows],
        "openings": [i % 5 or None for i in rows],
    })  # fmt: skip


def run(ads: Path, out: Path, **options):
    """A run over the postings of a folder, in this process unless more workers are asked for."""
    from pipelines.postings.job import run_job
    from pipelines.releases.current import open_data

    curated = Path(__file__).parents[1] / "data/raw/curated"
    options = {"workers": 1, "tools": "made_postings:tools"} | options
    return run_job([str(ads)], out, open_data(offline=True), curated, **options)


def write_run(processed: Path, about: str = "Federal postings are not the labor market.") -> Path:
    """Files of a finished run in the folder that pages show: coders in three months, one of
    which is suppressed, one kind of new work; and registrars, of whom there are too few."""
    out = processed / "postings"
    out.mkdir(parents=True)
    manifest = {"state": "complete", "sources": ["/a/ads.csv"], "about": [about],
                "finished_utc": "2026-01-02T03:04:05+00:00"}  # fmt: skip
    (out / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    scores = [0.42, 0.36, 0.48, 0.61, 0.5, 0.72, 0.25]
    beside = [0.4, 0.55, 0.04]
    none = [None] * 7
    coder, registrar = ("29-2072", "Coders"), ("29-9021", "Registrars")
    rows = [
        (*coder, "2025-01", "all", 60, 70, 50, 55, 300, *scores, *beside, False),
        (*coder, "2025-02", "all", 44, 50, 40, 40, 200, *scores, *beside, False),
        (*coder, "2025-03", "all", *[None] * 5, *none, *beside, True),
        (*coder, "all", "all", 1108, 1230, 95, 1000, 5000, *scores, *beside, False),
        (*coder, "all", "OH", 30, 30, 30, 30, 90, *scores, *beside, False),
        (*registrar, "all", "all", *[None] * 5, *none, *beside, True),
    ]
    columns = [*tables.KEYS, *tables.COUNTS, *tables.FIGURES, *tables.BESIDE, "suppressed"]
    pd.DataFrame(rows, columns=columns).to_csv(out / tables.FILES[0], index=False)
    new = ("29-2072", "Coders", 1, "Feed otters in the river", 31, 40, "2025-01", "2025-02")
    pd.DataFrame([new], columns=new_tasks.COLUMNS).to_csv(out / tables.FILES[1], index=False)
    return out
