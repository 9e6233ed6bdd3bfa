"""Training on the job and apprenticeship: how long, and how the way in reads.

BLS lists the training that a worker needs after being hired to become competent. Lengths are
BLS's own (glossary of the Occupational Outlook Handbook, bls.gov/ooh/about/glossary.htm):
short-term a month or less, moderate-term up to 12 months, long-term more than 12 months,
apprenticeship usually 3 to 5 years. For long-term training BLS gives no upper end: 2 years as usual
and 4 at most are our assumption. For internships and residencies it gives no length: theirs stays
missing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.language import marked, translated

#: BLS's training -> years, low, usual and high; missing where BLS gives no length.
TRAINING_YEARS = {
    "None": (0.0, 0.0, 0.0),
    "Short-term on-the-job training": (0.0, 1 / 12, 1 / 12),
    "Moderate-term on-the-job training": (1 / 12, 0.5, 1.0),
    "Long-term on-the-job training": (1.0, 2.0, 4.0),
    "Apprenticeship": (3.0, 4.0, 5.0),
    "Internship/residency": (np.nan, np.nan, np.nan),
}
_WORDS = {
    "None": marked("no further training"),
    "Short-term on-the-job training": marked("paid training on the job, up to a month"),
    "Moderate-term on-the-job training": marked("paid training on the job, 1 to 12 months"),
    "Long-term on-the-job training": marked("paid training on the job, more than a year"),
    "Apprenticeship": marked("paid apprenticeship, usually 3 to 5 years"),
    "Internship/residency": marked("internship or residency, length not known"),
}
#: Where BLS names no training.
_NOT_KNOWN = marked("training not known")


def training_years(job_training: pd.Series) -> np.ndarray:
    """Years of training after hiring, shape (3, n): low, usual, high; missing where not known."""
    unknown = (np.nan, np.nan, np.nan)
    return np.array([TRAINING_YEARS.get(t, unknown) for t in job_training], dtype=float).T.reshape(
        3, len(job_training)
    )


def training_words(job_training: object) -> str:
    """BLS's training in words with its length; "training not known" where BLS names none."""
    return translated(_WORDS.get(str(job_training), _NOT_KNOWN))
