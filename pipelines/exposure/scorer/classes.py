"""The two scales of task exposure (Eloundou et al. 2024) as constants."""

from __future__ import annotations

import numpy as np

CLASSES = ("E0", "E1", "E2")
AUTOMATION_LEVELS = ("T0", "T1", "T2", "T3", "T4")
#: beta of each class: E1 counts whole, E2 half.
BETA_WEIGHTS = np.array([0.0, 1.0, 0.5])
BETA_BY_CLASS = dict(zip(CLASSES, BETA_WEIGHTS.tolist(), strict=True))
