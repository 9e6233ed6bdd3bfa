"""How good the chances are on origins kept back, beside lists that need no model.

Origins are dealt into folds by CPS code (`Cells.twins`); the penalty is chosen inside the training
folds, and an origin's neighbors are training origins only. Figures are over the survey's codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines.occupations.technicians import technicians
from pipelines.pathways.moves.fit import Choices, chance_of, choices, fit, log_likelihood
from pipelines.pathways.moves.terms import TERMS, Moves, moves

#: Strengths of the ridge tried inside the training folds.
PENALTIES = (0.01, 0.03, 0.1)
FOLDS, INNER_FOLDS = 5, 4
#: Seeds of the outer folds; the first is that of the drop-one figures and of calibration.
SEEDS = (0, 1)
#: Lengths of the lists: commonest destinations found, and share of movers covered.
RECALL_AT, SHARE_AT = 10, 20
#: Bounds of the bins of predicted chance.
BINS = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1.0)
N_BOOTSTRAP_SAMPLES = 2000
#: Terms that belong together are dropped together.
DROPPED: Mapping[str, tuple[str, ...]] = {
    "jobs": ("jobs", "jobs_likeness"), "likeness": ("likeness", "jobs_likeness"),
    "jobs x likeness": ("jobs_likeness",), "neighbors": ("neighbors",),
    "context, skills, knowledge, abilities, activities":
        ("context", "skills", "knowledge", "abilities", "activities"),
    "same major and minor group": ("same_major", "same_minor"),
    "job zones": ("zones_up", "zones_down"),
    "schooling": ("school_years", "school_years_less"),
    "pay": ("pay_up", "pay_down"), "experience": ("experience",), "license": ("license",),
    "long training": ("long_training",), "residual": ("residual",),
}  # fmt: skip


def origins_of(data: Moves) -> np.ndarray:
    """Positions of the surveyed codes that somebody left."""
    return np.flatnonzero(data.cells.surveyed & (data.cells.leavers().sum(1) > 0))


def deal(data: Moves, origins: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Fold of each origin; those that share a CPS code are in one."""
    twin, group = np.unique(data.cells.twins[origins], return_inverse=True)
    fold = np.random.default_rng(seed).permutation(len(twin)) % folds
    return fold[group]


class _Trainer:
    """Fits of some terms, each set of training origins with its own neighbors."""

    def __init__(self, data: Moves, names: Sequence[str]) -> None:
        self.data = data
        self.kept = [i for i, name in enumerate(TERMS) if name in names]
        self._terms: dict[bytes, np.ndarray] = {}

    def terms(self, train: np.ndarray, rows: np.ndarray) -> np.ndarray:
        key = train.tobytes()
        if key not in self._terms:
            surveyed = np.zeros(len(self.data.cells.codes), dtype=bool)
            surveyed[train] = True
            # One set at a time: a set weighs 60 MB.
            self._terms = {key: self.data.stacked(self.data.neighbors(surveyed))}
        return self._terms[key][rows][..., self.kept]

    def fitted(
        self, train: np.ndarray, penalty: float, start: np.ndarray | None = None
    ) -> np.ndarray:
        chosen = choices(self.data, train)
        return fit(chosen, self.terms(train, chosen.rows), penalty, start)

    def predicted(
        self, train: np.ndarray, w: np.ndarray, test: np.ndarray
    ) -> tuple[Choices, np.ndarray]:
        """Choices of the test origins, and their chances by occupation."""
        chosen = choices(self.data, test)
        terms = self.terms(train, chosen.rows)
        return chosen, chance_of(terms @ w.astype(np.float32), chosen.outside)

    def choose(self, train: np.ndarray, seed: int) -> float:
        """The penalty with the best likelihood of inner folds of the training origins."""
        fold = deal(self.data, train, INNER_FOLDS, seed)
        total = np.zeros(len(PENALTIES))
        for f in range(INNER_FOLDS):
            inner, test = train[fold != f], train[fold == f]
            w = None
            for i, penalty in enumerate(PENALTIES):
                w = self.fitted(inner, penalty, w)
                chosen, chance = self.predicted(inner, w, test)
                total[i] += log_likelihood(chosen, chosen.by_code(chance)) * len(test)
        return PENALTIES[int(np.argmax(total))]


def held_out(
    data: Moves, names: Sequence[str], seed: int, penalty: float | None = None
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Chances of every origin from a model that has not seen it.

    Parameters
    ----------
    data : Moves
    names : sequence of str
        Terms used.
    seed : int
        Of the folds.
    penalty : float, optional
        Taken as it is; chosen inside the training folds where none is given.

    Returns
    -------
    by_code : ndarray, shape (o, k)
        Of the origins of `origins_of`, over the survey's codes.
    by_occupation : ndarray, shape (o, n)
        The same over occupations.
    penalties : list of float
        Of each fold.
    """
    origins = origins_of(data)
    fold = deal(data, origins, FOLDS, seed)
    by_code = np.zeros((len(origins), len(data.cells.codes)))
    by_occupation = np.zeros((len(origins), len(data.codes)))
    trainer, used = _Trainer(data, names), []
    for f in range(FOLDS):
        train, test = origins[fold != f], origins[fold == f]
        used.append(trainer.choose(train, seed) if penalty is None else penalty)
        chosen, chance = trainer.predicted(train, trainer.fitted(train, used[-1]), test)
        by_code[fold == f] = chosen.by_code(chance)
        by_occupation[fold == f] = chosen.member @ chance
    return by_code, by_occupation, used


def hits(data: Moves, score: np.ndarray) -> dict[str, np.ndarray]:
    """What the first of a list by `score` (o, k) hold, of each origin of `origins_of`.

    Returns
    -------
    dict of ndarray, shape (o,)
        ``found``: of the ten commonest observed destinations (fewer where fewer were seen), how
        many stand among the first ten; ``wanted``: how many there are; ``share``: share of movers
        among the first twenty.
    """
    chosen = choices(data, origins_of(data))
    rank = np.argsort(-np.where(chosen.allowed, score, -np.inf), axis=1, kind="stable")
    common = np.argsort(-chosen.shares, axis=1, kind="stable")[:, :RECALL_AT]
    seen = np.take_along_axis(chosen.shares, common, axis=1) > 0
    listed = (common[:, :, None] == rank[:, None, :RECALL_AT]).any(2)
    covered = np.take_along_axis(chosen.shares, rank[:, :SHARE_AT], axis=1).sum(1)
    return {"found": (listed & seen).sum(1), "wanted": seen.sum(1), "share": covered}


def first_codes(data: Moves, by_occupation: np.ndarray) -> np.ndarray:
    """Score (o, k) of the survey's codes by their first appearance among the first twenty
    occupations, as `outlook moves -n 20` lists them."""
    order = np.argsort(-by_occupation, axis=1, kind="stable")[:, :SHARE_AT]
    code = data.in_code.argmax(1)
    score = np.zeros((len(order), len(data.cells.codes)))
    for place in range(SHARE_AT - 1, -1, -1):
        score[np.arange(len(order)), code[order[:, place]]] = SHARE_AT - place
    return score


def summary(found: Mapping[str, np.ndarray], technician: np.ndarray) -> dict[str, float]:
    """Recall and share of movers, with 95% intervals over samples of origins."""
    out: dict[str, float] = {}
    for name, kept in (("", np.ones_like(technician)), ("_technicians", technician)):
        part = {key: values[kept] for key, values in found.items()}
        size = len(part["found"])
        draw = np.random.default_rng(0).integers(size, size=(N_BOOTSTRAP_SAMPLES, size))
        recall = part["found"][draw].sum(1) / part["wanted"][draw].sum(1)
        share = part["share"][draw].mean(1)
        out[f"origins{name}"] = float(size)
        out[f"recall{name}"] = float(part["found"].sum() / part["wanted"].sum())
        out[f"share{name}"] = float(part["share"].mean())
        for key, sample in (("recall", recall), ("share", share)):
            low, high = np.quantile(sample, (0.025, 0.975))
            out[f"{key}{name}_low"], out[f"{key}{name}_high"] = float(low), float(high)
    return out


def calibration(data: Moves, by_code: np.ndarray) -> tuple[list[dict[str, float]], float]:
    """Observed shares by bin of predicted chance, and the expected calibration error.

    Returns
    -------
    rows : list of dict
        ``low``, ``high`` of the bin, ``moves``, ``predicted`` and ``observed``: mean share of
        leavers per move; ``observed_low``, ``observed_high``: its 95% interval over samples of
        origins.
    error : float
        Sum over bins of the difference between the shares of leavers predicted and observed in
        it, per origin: 0 to 2.
    """
    chosen = choices(data, origins_of(data))
    place = np.digitize(by_code, BINS[1:-1])
    rows, error = [], 0.0
    size = len(by_code)
    draw = np.random.default_rng(0).integers(size, size=(N_BOOTSTRAP_SAMPLES, size))
    for i, (low, high) in enumerate(zip(BINS[:-1], BINS[1:], strict=True)):
        inside = (place == i) & chosen.allowed
        if not inside.any():
            continue
        predicted, observed = by_code[inside].sum(), chosen.shares[inside].sum()
        error += abs(predicted - observed) / size
        count = int(inside.sum())
        moves_of, seen_of = inside.sum(1), (chosen.shares * inside).sum(1)
        sample = seen_of[draw].sum(1) / np.maximum(moves_of[draw].sum(1), 1)
        ends = np.quantile(sample, (0.025, 0.975))
        rows.append(
            {
                "low": low, "high": high, "moves": count, "predicted": predicted / count,
                "observed": observed / count,
                "observed_low": float(ends[0]), "observed_high": float(ends[1]),
            }
        )  # fmt: skip
    return rows, float(error)


def is_technician(data: Moves, tables: Mapping[str, pd.DataFrame]) -> np.ndarray:
    """Which origins of `origins_of` hold a technician occupation."""
    inside = set(technicians(tables)["onet_soc_code"].str[:7])
    holds = np.isin(data.codes, sorted(inside)).astype(float) @ (data.in_code > 0)
    return holds[origins_of(data)] > 0


def simple_lists(data: Moves, tables: Mapping[str, pd.DataFrame]) -> dict[str, np.ndarray]:
    """Scores (o, k) of lists that need no model: size, similar, both, O*NET's related."""
    origins = origins_of(data)
    size = data.in_code.T @ data.jobs
    part = data.of_code() > 0
    related = np.zeros((len(data.codes),) * 2)
    rows = tables["related_occupations"]
    index = pd.Index(data.codes)
    a = index.get_indexer(rows["onet_soc_code"].str[:7])
    b = index.get_indexer(rows["related_onet_soc_code"].str[:7])
    known = (a >= 0) & (b >= 0)
    np.maximum.at(related, (a[known], b[known]), 1 / rows["rank"].to_numpy()[known])

    def best(score: np.ndarray) -> np.ndarray:
        """The best score of any pair of occupations of two survey codes."""
        to_code = np.stack([score[:, part[:, g]].max(1, initial=0) for g in range(len(size))], 1)
        return np.stack([to_code[part[:, o]].max(0, initial=0) for o in origins])

    similar = best(data.likeness)
    return {
        "destination size alone": np.tile(size, (len(origins), 1)),
        "O*NET's related occupations": best(related),
        "similar occupations": similar,
        "similar occupations x size": similar * size,
    }


def evaluate(
    tables: Mapping[str, pd.DataFrame], say: Callable[[str], None] = lambda line: None
) -> dict[str, Any]:
    """The weights fitted on every surveyed origin, and figures on origins kept back.

    Returns
    -------
    dict
        ``weights`` by term, ``penalty``, and ``figures``: ``lists`` (see `summary`, by list),
        ``whole`` (the same at the shipped penalty), ``dropped`` (without a term, and the log
        likelihood ``lost``), ``calibration``
        (rows and errors), ``origins``, ``penalties``.
    """
    data = moves(tables)
    technician = is_technician(data, tables)
    lists = {name: summary(hits(data, score), technician)
             for name, score in simple_lists(data, tables).items()}  # fmt: skip
    figures: dict[str, Any] = {"lists": lists}
    # Sums over several threads differ in their last bits; one thread gives the same file again.
    with threadpool_limits(1):
        trainer, origins = _Trainer(data, list(TERMS)), origins_of(data)
        penalty = trainer.choose(origins, SEEDS[0])
        w = trainer.fitted(origins, penalty)
        say(f"fitted on {len(origins)} origins, penalty {penalty:g}")
        penalties = []
        for seed in SEEDS:
            by_code, by_occupation, used = held_out(data, list(TERMS), seed)
            penalties += used
            lists[f"model, folds of seed {seed}"] = summary(hits(data, by_code), technician)
            shown = first_codes(data, by_occupation)
            lists[f"first 20 of `outlook moves`, seed {seed}"] = summary(
                hits(data, shown), technician
            )
            say(f"measured on held-out origins, seed {seed}")
        kept = held_out(data, list(TERMS), SEEDS[0], penalty)[0]
        rows, error = calibration(data, kept)
        size = held_out(data, ["jobs"], SEEDS[0], penalty)[0]
        figures["calibration"] = {
            "rows": rows, "error": error, "error_of_size": calibration(data, size)[1],
        }  # fmt: skip
        whole = choices(data, origins)
        figures["whole"] = summary(hits(data, kept), technician)
        figures["dropped"] = {}
        for name, gone in DROPPED.items():
            rest = [term for term in TERMS if term not in gone]
            without = held_out(data, rest, SEEDS[0], penalty)[0]
            lost = log_likelihood(whole, kept) - log_likelihood(whole, without)
            figures["dropped"][name] = summary(hits(data, without), technician) | {"lost": lost}
            say(f"without {name}: log likelihood lower by {lost:.4f}")
    figures |= {"origins": len(origins), "penalties": penalties}
    return {
        "weights": {name: float(f"{x:.6g}") for name, x in zip(TERMS, w, strict=True)},
        "penalty": penalty,
        "figures": _rounded(figures),
    }


def _rounded(value: Any) -> Any:
    """Six digits: the file is small and the same on any machine."""
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rounded(entry) for entry in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
