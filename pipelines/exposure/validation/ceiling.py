"""How good could anyone be: the ceiling that noise in the human labels sets on agreement.

Nobody, a person included, can foresee a label better than people agree with themselves. The label
file holds one human label a task, not one a rater, and the authors publish no agreement between
their raters, so the ceiling is bracketed from what the data have.

Repeats. Where something is labeled m times, the chance A that two of its labels are equal is
estimated without bias from pairs. If q is the share of the commonest label, then
A = E[sum of squared shares] gives, for K classes,

    A <= E[q] <= (1 + sqrt((K - 1)(K A - 1))) / K      (Cauchy-Schwarz, Jensen)

and E[q] is the best accuracy that any predictor can have which sees only what was repeated. The
mode of the *other* labels is such a predictor, so what it reaches is a least value too. Cohen's
kappa follows with the chance agreement of the labels' own shares. For beta the covariance of two
labels over their variance is the reliability of one label, and no predictor correlates with a
label by more than its square root (Spearman 1904, correction for attenuation). The repeats are

- statements equal after normalizing (case, punctuation) under different occupations. Labels of
  DWAs were passed down to their tasks, so equal statements with a common DWA may carry one
  judgment twice and agree too much: the estimate is optimistic, and is given without them too
  (few are left, and raters may have looked one up for the other);
- tasks with one and the same single DWA, worded differently: for a predictor that knows the DWA
  only. Tasks of a DWA differ, so this is too low for one that reads the wording as well.

Three raters. With the human label and GPT-4's under two rubrics, r(h,g1) r(h,g2) / r(g1,g2) is the
reliability of the human label if errors are independent (the triad of Spearman 1904), and a latent
class model (Dawid and Skene 1979) gives accuracy and kappa. GPT-4 errs alike under both rubrics,
and what only people see counts as noise, so this is pessimistic.

What the study says of its labels: Eloundou, Manning, Mishkin and Rock, arXiv 2303.10130 (v5),
section 3.3 (the authors and annotators labeled DWAs and part of the tasks), 3.4.1 (labeling is
subjective) and Table 2 (GPT-4 with people: 65.6% and r .591 under rubric 1, 65.6% and .538 under
rubric 2). That table measures GPT-4, not the ceiling.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.base.errors import UsageError
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES

CEILING_COLUMNS = [
    "evidence", "figure", "tasks", "groups", "two_labels", "ceiling_least", "ceiling_most",
    "interval_low", "interval_high", "reading",
]  # fmt: skip
_FIGURES = ("accuracy", "kappa", "r_beta")
_KEY = ["onet_soc_code", "task_id"]
_LABELS = ["human_label", "gpt4_label", "gpt4_alt_label"]


def ceiling(
    exposure_labels: pd.DataFrame,
    task_dwas: pd.DataFrame,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Ceiling of accuracy, kappa and r of beta against the human label, by kind of evidence.

    Parameters
    ----------
    exposure_labels : DataFrame
        Contracted table: `onet_soc_code, task_id, task, human_label, gpt4_label,
        gpt4_alt_label`. Rows without text or human label are left out.
    task_dwas : DataFrame
        Contracted table: `onet_soc_code, task_id, dwa_id`.
    draws : int
        Bootstrap draws of whole groups (statements, DWAs; tasks for three raters).
    seed : int
        Of the draws: the same seed gives the same table.

    Returns
    -------
    DataFrame
        `evidence`; `figure` (accuracy, kappa, r_beta); `tasks`, `groups` used; `two_labels`
        (agreement, kappa or correlation of two labels of the same thing); `ceiling_least`,
        `ceiling_most` (the ceiling lies between; equal where the method gives one value);
        `interval_low`, `interval_high` (95% bootstrap: 2.5% of the least, 97.5% of the most);
        `reading` (optimistic, pessimistic ..., see the module). Evidence with fewer than two
        groups has missing figures.

    Raises
    ------
    UsageError
        No labeled task has a text (the snapshot holds none), or a label is not E0, E1 or E2.
    """
    labels = exposure_labels.dropna(subset=["task", "human_label"]).reset_index(drop=True)
    if labels.empty:
        raise UsageError(
            "ceiling", "no labeled task has a text", "Run `outlook refresh` to get the statements"
        )
    labels = labels.merge(
        task_dwas.groupby(_KEY)["dwa_id"].agg(frozenset).rename("dwas").reset_index(),
        on=_KEY,
        how="left",
    )
    labels["dwas"] = [d if isinstance(d, frozenset) else frozenset() for d in labels["dwas"]]
    plain = labels["task"].str.lower().str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip()
    labels["statement"] = plain
    single = labels[labels["dwas"].map(len) == 1]
    single = single.assign(dwa=[next(iter(d)) for d in single["dwas"]])
    single = single.drop_duplicates(["dwa", "statement"])
    rng = np.random.default_rng(seed)
    repeats = [
        (
            "equal statements, other occupation",
            labels,
            "statement",
            _other_occupation,
            "optimistic",
        ),
        ("equal statements, no DWA in common", labels, "statement", _no_common, "optimistic, few"),
        ("same single DWA, other wording", single, "dwa", _any_pair, "DWA known, wording not"),
    ]
    rows = []
    for name, frame, by, pairs, reading in repeats:
        sums = _group_sums(frame, by, pairs)
        rows += _rows(name, reading, _bootstrap(sums, repeat_figures, draws, rng), sums)
    rows += _three_raters(labels, draws, rng)
    return pd.DataFrame(rows, columns=CEILING_COLUMNS)


def most_accurate(agreement, classes: int = len(CLASSES)):
    """Largest accuracy of any predictor where two labels agree with chance `agreement`."""
    k = classes
    inside = np.maximum((k - 1) * (k * np.asarray(agreement, float) - 1), 0)
    return (1 + np.sqrt(inside)) / k


def repeat_figures(sums: np.ndarray) -> np.ndarray:
    """Figures from summed `_group_sums` (..., 9): (..., 3 figures, [two labels, least, most])."""
    n, agree, mode, product, b, b2 = np.moveaxis(sums[..., :6], -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(n > 0, n, np.nan)
        a, share = agree / n, sums[..., 6:] / n[..., None]
        most = most_accurate(a)
        # The mode of a few other labels may do worse than the bound by pairs: take the better.
        accuracy = np.stack([a, np.maximum(a, mode / n), most], -1)
        chance = (share**2).sum(-1)[..., None]
        kappa = np.where(chance < 1, (accuracy - chance) / (1 - chance), np.nan)
        variance = b2 / n - (b / n) ** 2
        reliability = np.where(variance > 0, (product / n - (b / n) ** 2) / variance, np.nan)
        r = np.sqrt(np.clip(reliability, 0, 1))
    return np.stack([accuracy, kappa, np.stack([reliability, r, r], -1)], -2)


def _any_pair(frame: pd.DataFrame) -> np.ndarray:
    return ~np.eye(len(frame), dtype=bool)


def _other_occupation(frame: pd.DataFrame) -> np.ndarray:
    code = frame["onet_soc_code"].to_numpy(object)
    return code[:, None] != code[None]


def _no_common(frame: pd.DataFrame) -> np.ndarray:
    dwas = frame["dwas"].tolist()
    apart = np.array([[not (a & b) for b in dwas] for a in dwas])
    return apart & _other_occupation(frame)


def _group_sums(frame: pd.DataFrame, by: str, pairs) -> np.ndarray:
    """Sums over the rows of each group that have a partner, (groups, 9).

    Rows; chance that a partner's label is equal; that the mode of the partners' is (ties share);
    beta times the partners' mean; beta; its square; counts of E0, E1, E2.
    """
    out = []
    for _, group in frame[frame[by].duplicated(keep=False)].groupby(by, sort=True):
        partner = pairs(group)
        n = partner.sum(1)
        has = n > 0
        if not has.any():
            continue
        one = np.eye(len(CLASSES))[_codes(group["human_label"])]
        share = (partner[has] @ one) / n[has, None]
        own, beta = one[has], one[has] @ BETA_WEIGHTS
        best = share == share.max(1, keepdims=True)
        out.append(
            [
                has.sum(), (own * share).sum(), (own * best / best.sum(1, keepdims=True)).sum(),
                (beta * (share @ BETA_WEIGHTS)).sum(), beta.sum(), (beta**2).sum(), *own.sum(0),
            ]
        )  # fmt: skip
    return np.array(out, float).reshape(-1, 9)


def _bootstrap(units: np.ndarray, figures, draws: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Figures of summed units, (3, 3), and of `draws` resamples of the units, (draws, 3, 3)."""
    if len(units) < 2:
        return np.full((3, 3), np.nan), np.full((1, 3, 3), np.nan)
    times = rng.multinomial(len(units), np.full(len(units), 1 / len(units)), size=draws)
    return figures(units.sum(0)), figures(times @ units)


def _rows(name, reading, estimates, units) -> list[list]:
    found, drawn = estimates
    tasks = int(units[:, 0].sum())
    rows = []
    for k, figure in enumerate(_FIGURES):
        low, high = drawn[:, k, 1], drawn[:, k, 2]
        ends = (
            (np.nan, np.nan)
            if np.isnan(found[k]).any()
            else (np.nanquantile(low, 0.025), np.nanquantile(high, 0.975))
        )
        rows.append([name, figure, tasks, len(units), *found[k].tolist(), *ends, reading])
    return rows


def _three_raters(labels: pd.DataFrame, draws: int, rng) -> list[list]:
    """Counts of the 27 patterns (human, GPT-4, GPT-4 second rubric) are all that is needed."""
    full = labels.dropna(subset=_LABELS)
    code = np.stack([_codes(full[c]) for c in _LABELS])
    counts = np.bincount(np.ravel_multi_index(code, (3, 3, 3)), minlength=27).astype(float)
    name, reading = "human and two GPT-4 rubrics", "pessimistic"
    if len(full) < 2:
        empty = np.full((3, 3), np.nan), np.full((1, 3, 3), np.nan)
        return _rows(name, reading, empty, np.zeros((0, 9)))
    drawn = rng.multinomial(len(full), counts / len(full), size=min(draws, 200))
    estimates = three_rater_figures(counts), np.stack([three_rater_figures(c) for c in drawn])
    return _rows(name, reading, estimates, np.ones((len(full), 1)))


def three_rater_figures(counts: np.ndarray, steps: int = 300) -> np.ndarray:
    """Figures (3, [two labels, least, most]) from pattern counts (27,) of three raters.

    The first rater is the one to be foreseen. Latent classes by expectation-maximisation (Dawid
    and Skene 1979) from the raters' majority, for accuracy and kappa; the triad for r.
    """
    pattern = np.stack(np.unravel_index(np.arange(27), (3, 3, 3)))
    seen = np.eye(3)[pattern]  # rater, pattern, label
    belief = seen.sum(0) ** 2
    belief /= belief.sum(1, keepdims=True)
    for _ in range(steps):
        weight = belief * counts[:, None]
        prior = weight.sum(0) / weight.sum()
        says = np.einsum("pk,rpl->rkl", weight, seen) + 1e-9
        says /= says.sum(2, keepdims=True)
        belief = prior * np.prod(np.einsum("rkl,rpl->rpk", says, seen), axis=0)
        belief /= np.maximum(belief.sum(1, keepdims=True), 1e-300)
    human = says[0]
    best = float(prior @ human.max(1))
    again = float(prior @ (human**2).sum(1))
    marginal = prior @ human
    said = np.bincount(human.argmax(1), prior, 3)
    beta = BETA_WEIGHTS[pattern]
    centred = beta - (beta @ counts / counts.sum())[:, None]
    cov = (centred * counts) @ centred.T / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        r = cov / np.sqrt(np.outer(np.diag(cov), np.diag(cov)))
        reliability = r[0, 1] * r[0, 2] / r[1, 2]
        root = np.sqrt(np.clip(reliability, 0, 1))
        kappas = [
            (a - e) / (1 - e) for a, e in ((again, marginal @ marginal), (best, marginal @ said))
        ]
    return np.array(
        [[again, best, best], [kappas[0], kappas[1], kappas[1]], [reliability, root, root]]
    )


def _codes(labels: pd.Series) -> np.ndarray:
    code = labels.map(CLASSES.index, na_action="ignore") if labels.isin(CLASSES).all() else None
    if code is None:
        odd = sorted(set(labels.astype(str)) - set(CLASSES))[:3]
        raise UsageError(
            str(labels.name), f"labels {odd} are not E0, E1 or E2", "Correct the label table"
        )
    return code.to_numpy(int)
