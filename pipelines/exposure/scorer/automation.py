"""How far software could do a task by itself: the automation score, 0 to 1.

Exposure asks whether a language model could save a person time (assistance). The automation
score asks how much of the task software could do without the person, on the scale T0 to T4 of
Eloundou et al. (GPTs are GPTs, 2024; arXiv 2303.10130) divided by four. The level of a task is
read from its wording, as GPT-4 would give it. A single level is noisy and the mean of an
occupation's tasks is less so: the score of an O*NET task is half its own level, half the mean
level of its occupation's tasks. The halves are set by judgment, not fitted to any rating.

Expert ratings of what AI can do (WORKBank) are the test and no part of the score:
`pipelines.exposure.validation.experts`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from pipelines.base.language import marked

#: Share of a task's own level in its score; the rest is the mean level of its occupation.
OWN_SHARE = 0.5
#: The highest automation level, T4.
TOP_LEVEL = 4
#: What exposure and the automation score answer, in words for headings.
HELP, ALONE = marked("software could help"), marked("software could do it by itself")
COLUMNS = ["automation_score", "automation_low", "automation_high"]


@cache
def half_widths() -> dict[str, float]:
    """Half the width of the 90% interval by `basis`, as `outlook train` measured it.

    "task" for a task with its occupation, "text" for a statement alone, "occupation" for a mean.
    """
    text = resources.files("pipelines.exposure.scorer").joinpath("automation.json").read_text()
    return json.loads(text)


def level_share(labels: pd.Series) -> pd.Series:
    """Labels T0 to T4 on the scale 0 to 1; missing where a label is."""
    return labels.str[1].astype(float) / TOP_LEVEL


def pooled(own: pd.Series, onet_soc_code: pd.Series, share: float = OWN_SHARE) -> pd.Series:
    """Each task's own value with that share, and the mean of its occupation's tasks."""
    return share * own + (1 - share) * own.groupby(onet_soc_code.to_numpy()).transform("mean")


def automation_columns(level: np.ndarray, onet_soc_code: pd.Series | None = None) -> pd.DataFrame:
    """Score and 90% interval of statements.

    Parameters
    ----------
    level : array (n,)
        Expected automation level, 0 to 4 (`Scorer.read`).
    onet_soc_code : Series of str, optional
        The occupation of each. Without it the score is the statement's own level over four.

    Returns
    -------
    DataFrame
        `automation_score`, `automation_low`, `automation_high`, each 0 to 1. The interval holds
        the level that *GPT-4* gave to 90 percent of tasks of occupations held out; experts and
        workers may see it otherwise.
    """
    score = (pd.Series(level, dtype=float) / TOP_LEVEL).clip(0, 1)
    if onet_soc_code is None:
        return interval(score, half_widths()["text"])
    return interval(pooled(score, onet_soc_code), half_widths()["task"])


def interval(score: pd.Series, half_width: float) -> pd.DataFrame:
    """`COLUMNS` from scores and half the width of their interval, cut to 0 and 1."""
    ends = [(score - half_width).clip(0, 1), (score + half_width).clip(0, 1)]
    return pd.concat([score, *ends], axis=1, keys=COLUMNS)
