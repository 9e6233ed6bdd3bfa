"""The constants that docs/METHODS.md prints, each read from the module that uses it."""

from __future__ import annotations

from importlib import import_module

import pandas as pd

_EXPOSURE, _ROUTES = "pipelines.exposure", "pipelines.pathways.routes"

#: Rows of module, name and meaning, in the order of the sections.
CONSTANTS: list[tuple[str, str, str]] = [
    (f"{_EXPOSURE}.scorer.tokens", "MAX_CHARS", "characters read of a statement"),
    (f"{_EXPOSURE}.scorer.tokens", "VERB_REACH", "words after the first that pair with it"),
    (f"{_EXPOSURE}.scorer.readers", "N_LANDMARKS", "landmark statements of the kernel ridge"),
    (f"{_EXPOSURE}.scorer.readers", "GAMMA", "sharpness g of the kernel exp(-g d^2)"),
    (f"{_EXPOSURE}.scorer.readers", "WORD_PENALTY", "penalty of the ridge on words"),
    (f"{_EXPOSURE}.scorer.readers", "KERNEL_PENALTY", "penalty of the kernel ridge"),
    (f"{_EXPOSURE}.scorer.train", "TITLE_WEIGHT", "weight of a DWA title as an example"),
    (f"{_EXPOSURE}.scorer.train", "TEXT_C", "inverse penalty of the first regression"),
    (f"{_EXPOSURE}.scorer.train", "RELATED_C", "inverse penalty of the second"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "WORDING", "variance of the kernel: wording alone"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "DWA", "the same: shared DWAs"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "DWA_WORDING", "the same: shared, like wording"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "SAME_DWAS", "the same: identical DWAs"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "IWA", "the same: a shared IWA"),
    (f"{_EXPOSURE}.scorer.gaussian_process", "NOISE", "the same: left over"),
    (f"{_EXPOSURE}.validation.evaluate", "FOLDS", "outer folds of each protocol"),
    (f"{_EXPOSURE}.validation.evaluate", "NEAR_DUPLICATE",
     "cosine from which two texts are near-duplicates"),
    (f"{_EXPOSURE}.validation.evaluate", "BINS", "bins of equal width of a calibration error"),
    (f"{_EXPOSURE}.scorer.conformal", "CONFORMAL_LEVEL", "quantile of the scaled residual"),
    (f"{_EXPOSURE}.scorer.conformal", "SPREAD_FLOOR", "added to the spread of beta"),
    (f"{_EXPOSURE}.scorer.conformal", "SIMILARITY_SHARES",
     "quantiles of similarity that bound the four bins"),
    (f"{_EXPOSURE}.occupation.intervals", "N_DRAWS", "draws of an occupation's interval"),
    (f"{_EXPOSURE}.occupation.intervals", "WEIGHT_CV",
     "coefficient of variation of a task's weight"),
    (f"{_EXPOSURE}.occupation.intervals", "LATENT_CORRELATION",
     "latent correlation of two tasks of an occupation"),
    (f"{_EXPOSURE}.occupation.ranks", "N_DRAWS", "draws of an occupation's rank"),
    (f"{_EXPOSURE}.published.agreement", "DISAGREEMENT_PERCENTILES",
     "percentiles apart from which measures disagree"),
    (f"{_EXPOSURE}.published.agreement", "MIN_OCCUPATIONS", "fewest SOC codes of a correlation"),
    (f"{_EXPOSURE}.validation.replication", "MIN_CONVERSATION_SHARE",
     "share of conversations below which an activity does not count"),
    ("pipelines.pathways.similarity.features", "N_CANDIDATES", "candidates of an origin"),
    ("pipelines.pathways.similarity.ranker", "PENALTIES", "strengths of the penalty tried"),
    ("pipelines.pathways.similarity.ranker", "N_BOOTSTRAP_SAMPLES",
     "samples of origins for an interval"),
    (f"{_ROUTES}.network", "N_SIMILAR", "occupations that a step may lead to"),
    (f"{_ROUTES}.judgment", "HALF_FIT", "score at which likeness is one half"),
    (f"{_ROUTES}.judgment", "HALF_CHANCE", "chance at which commonness is one half"),
    (f"{_ROUTES}.judgment", "LEAST_LIKENESS", "score of a pair that is not listed"),
    (f"{_ROUTES}.rules", "LEAST_GAIN", "least share of pay that is a gain"),
    (f"{_ROUTES}.rules", "GAIN_FOR_LOWER", "gain that a step to a lower level must bring"),
    (f"{_ROUTES}.rules", "COMPARABLE_EXPOSURE", "rise of exposure that is comparable"),
    (f"{_ROUTES}.rules", "SIDEWAYS_PAY", "least share of the present pay sideways"),
    (f"{_ROUTES}.rules", "SIDEWAYS_EXPOSURE", "least fall of exposure sideways"),
    (f"{_ROUTES}.rules", "RELATED_ACTIVITIES", "overlap of activities from which work is related"),
    (f"{_ROUTES}.rules", "KEPT_ROWS", "share of the rows kept for later sections"),
    (f"{_ROUTES}.candidates", "QUOTAS", "steps in the field, in another, sideways"),
    ("pipelines.pathways.schooling.fields", "MOST_OCCUPATIONS",
     "occupations above which a family of programs is no field"),
    ("pipelines.pathways.schooling.training", "TRAINING_YEARS",
     "BLS's training: years low, usual, high"),
    (f"{_ROUTES}.judgment", "HALF_YEARS", "years of schooling that halve feasibility"),
    (f"{_ROUTES}.judgment", "HALF_OPENINGS", "openings (thousands per year) at one half"),
    (f"{_ROUTES}.network", "EXPERIENCE_YEARS", "BLS's category: years counted"),
    ("pipelines.pathways.skills.ratings", "Z_95", "standard errors of a clear difference"),
    ("pipelines.pathways.skills.ratings", "HIGH_RATING_SHARE",
     "share of the scale that counts as much"),
    ("pipelines.pathways.skills.ratings", "MIN_STANDARD_ERROR", "least standard error that counts"),
    ("pipelines.pathways.skills.ratings", "DEFAULT_STANDARD_ERRORS",
     "error where none is published (kind, scale)"),
    (f"{_ROUTES}.returns", "HORIZON", "years looked at"),
    (f"{_ROUTES}.returns", "DISCOUNT", "yearly discount rate"),
    ("pipelines.market.oews", "REFERENCE_YEAR", "first OEWS year here wholly in SOC 2018"),
    ("pipelines.market.lookback", "MIN_UNITS", "fewest units of a regression"),
    ("pipelines.market.lookback", "SHUTDOWN_MAJOR_GROUPS", "major groups that closures shut"),
    ("pipelines.market.clusters", "N_DRAWS", "draws of the wild cluster bootstrap"),
    ("pipelines.market.event_study", "BREAK_YEAR", "last OEWS year before the tools"),
    ("pipelines.market.decomposition", "N_DRAWS", "redraws of the published estimates"),
    ("pipelines.market.forecasts", "N_DRAWS", "resamplings of occupations"),
    ("pipelines.market.places", "MIN_AREA_EMPLOYMENT", "jobs below which an area is marked"),
    ("pipelines.market.places", "MAX_EMPLOYMENT_RSE",
     "relative standard error of employment, percent, above which it is"),
    ("pipelines.market.places", "MAX_WAGE_RSE", "the same of the mean wage"),
    ("pipelines.claims.standings", "SUPPORTED_FROM", "percentile from which a claim is supported"),
    ("pipelines.claims.standings", "NOT_SUPPORTED_BELOW",
     "percentile below which it speaks against"),
    ("pipelines.claims.standings", "MOST_EQUAL",
     "percent of occupations with one value above which a measure cannot speak"),
    ("pipelines.claims.standings", "MIN_OCCUPATIONS", "fewest other technician occupations"),
]  # fmt: skip


def table() -> pd.DataFrame:
    """Constants by room of the package: `room`, `constants` (module, name, value, meaning)."""
    rows: dict[str, list[str]] = {}
    for module, name, meaning in CONSTANTS:
        room, file = module.rsplit(".", 1)
        value = _words(getattr(import_module(module), name))
        rows.setdefault(f"`{room}`", []).append(f"{meaning} (`{file}.{name}`): {value}")
    cells = {room: "; ".join(parts) for room, parts in rows.items()}
    return pd.DataFrame(cells.items(), columns=["room", "constants"])


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_words(key)} = {_words(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return " and ".join(map(_words, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
