"""The model of where leavers go: its arithmetic, its fit, and what it is held to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from pipelines.analysis import ReleaseTables
from pipelines.pathways.moves import evaluate, fit, model
from pipelines.pathways.moves.crosswalk import Cells
from pipelines.pathways.moves.terms import TERMS, Moves
from pipelines.releases.current import open_data
from pipelines.releases.store import open_release


@pytest.fixture(scope="module")
def snapshot():
    return ReleaseTables(open_data(offline=True))


@pytest.fixture(scope="module")
def found(snapshot):
    return model.chances(snapshot)


def made(share: np.ndarray, in_code: np.ndarray, **changed) -> Moves:
    """Occupations of one job each, whose only terms other than zero may be changed."""
    n, k = in_code.shape
    names = [name for name in TERMS if name != "neighbors"]
    cells = Cells(
        np.array([f"11-{i}0" for i in range(100, 100 + k)], dtype=object), share,
        np.full(k, 2_000_000.0), share.sum(1) > 0, np.arange(k),
    )  # fmt: skip
    codes = np.array([f"11-{1001 + 10 * i}" for i in range(n)], dtype=object)
    values = {name: np.zeros((n, n)) for name in names}
    return replace(Moves(codes, np.ones(n), in_code, cells, np.zeros((n, n)), values), **changed)


def test_a_chance_is_the_exponential_over_the_sum_of_all_but_staying():
    chance = model.softmax(np.log([[9.0, 1.0, 3.0], [2.0, 9.0, 2.0], [1.0, 0.25, 9.0]]))
    assert chance == pytest.approx(
        np.array([[0, 0.25, 0.75], [0.5, 0, 0.5], [0.8, 0.2, 0]]), abs=1e-12
    )


def test_neighbors_are_weighted_by_likeness_and_never_oneself():
    share = np.array([[0.8, 0.2, 0, 0], [0, 0.5, 0.1, 0.4], [0, 0, 0.9, 0.1], [0, 0, 0, 1.0]])
    like = np.zeros((4, 4))
    like[0, 1], like[0, 2] = 0.3, 0.1
    seen = made(share, np.eye(4), likeness=like).neighbors()
    # Of 1 a fifth goes to 2 and four fifths to 3; of 2 all go to 3; three to one by likeness.
    assert seen[0] == pytest.approx([0, 0, 0.75 * 0.2, 0.75 * 0.8 + 0.25], abs=1e-4)
    # Nothing is like 3: every origin that somebody left counts the same.
    assert seen[3] == pytest.approx(np.array([0, 1, 0.2, 1.8]) / 3, abs=1e-9)
    part = made(share, np.eye(4), likeness=like).neighbors(np.array([True, True, False, True]))
    assert part[0] == pytest.approx([0, 0, 0.2, 0.8], abs=1e-4)


def simulated(weight: float) -> tuple[Moves, np.ndarray, np.ndarray]:
    """Six occupations in five codes, whose leavers choose by one term with a known weight."""
    rng = np.random.default_rng(3)
    n, k = 6, 5
    in_code = np.zeros((n, k))
    in_code[np.arange(n), [0, 1, 2, 3, 4, 4]] = 1  # the last two share a code
    terms = np.zeros((n, n, 2), np.float32)
    terms[..., 0] = rng.normal(size=n)[None]
    terms[..., 1] = rng.normal(size=(n, n))
    utility = terms @ np.array([1.0, weight], np.float32)
    blank = made(np.ones((k, k)) / k, in_code)
    chosen = fit.choices(blank, np.arange(k))
    shares = chosen.by_code(fit.chance_of(utility[chosen.rows], chosen.outside))
    moves = shares * 0.5
    moves[np.arange(k), np.arange(k)] = 0.5
    return made(moves, in_code), terms, shares


def test_the_fit_finds_the_weights_that_made_the_moves():
    data, terms, shares = simulated(-0.7)
    chosen = fit.choices(data, np.arange(5))
    assert chosen.shares == pytest.approx(shares)
    assert chosen.shares.sum(1) == pytest.approx(1)
    assert chosen.member.sum(1) == pytest.approx(1)
    assert fit.fit(chosen, terms[chosen.rows], 1e-9) == pytest.approx([1.0, -0.7], abs=5e-3)
    # A penalty draws a weight to zero, that of jobs (the first) a hundredth as much.
    jobs, other = fit.fit(chosen, terms[chosen.rows], 0.3)
    assert abs(other) < 0.5
    assert jobs > 0.8


def test_a_move_within_the_code_is_no_destination():
    data, terms, _ = simulated(0.5)
    chosen = fit.choices(data, np.array([4]))
    assert list(chosen.rows) == [4, 5]
    chance = fit.chance_of(terms[chosen.rows] @ np.ones(2, np.float32), chosen.outside)
    assert chance[:, 4:] == pytest.approx(0)
    assert chosen.by_code(chance)[0].sum() == pytest.approx(1)
    assert chosen.by_code(chance)[0, 4] == 0


def test_respondents_are_the_leavers_weights_over_people_per_respondent():
    data, _, _ = simulated(0.5)
    # Half of 2,000,000 leave: a million persons, 2,000 to a respondent.
    assert fit.choices(data, np.arange(5)).respondents == pytest.approx(500)


def test_what_a_list_holds_by_hand():
    k = 30
    share = np.zeros((k, k))
    share[0, 0], share[0, 1:13] = 0.4, np.arange(12, 0, -1) * 0.6 / 78
    data = made(share, np.eye(k))
    right = np.zeros((1, k))
    right[0, 1:13] = np.arange(12, 0, -1)
    assert {key: v[0] for key, v in evaluate.hits(data, right).items()} == pytest.approx(
        {"found": 10, "wanted": 10, "share": 1}
    )
    # Nine others first, then the commonest; the next eleven of twenty are 2 to 12.
    late = np.zeros((1, k))
    late[0, 13:22] = 50
    late[0, 1:13] = np.arange(12, 0, -1)
    found = evaluate.hits(data, late)
    assert found["found"][0] == 1
    assert found["share"][0] == pytest.approx(77 / 78)
    # The origin itself is no destination, however it scores.
    itself = right.copy()
    itself[0, 0] = 99
    assert evaluate.hits(data, itself)["found"][0] == 10


def test_calibration_by_hand():
    share = np.array([[0.5, 0.3, 0.2, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    data = made(share, np.eye(4))
    rows, error = evaluate.calibration(data, np.array([[0, 0.6, 0.4, 0]]))
    assert error == pytest.approx(0)
    rows, error = evaluate.calibration(data, np.array([[0, 0.04, 0.46, 0.5]]))
    # Bin .02 to .05: .04 predicted, .6 seen; bin over .1: .96 predicted, .4 seen.
    assert error == pytest.approx(0.56 + 0.56)
    assert [(row["low"], row["moves"]) for row in rows] == [(0.02, 1), (0.1, 2)]
    assert rows[0]["observed"] == pytest.approx(0.6)


def test_first_codes_counts_a_code_once_where_it_first_appears():
    in_code = np.zeros((24, 23))
    in_code[np.arange(24), [0, 0, *range(1, 23)]] = 1
    data = made(np.eye(23), in_code)
    score = evaluate.first_codes(data, np.arange(24, 0, -1)[None].astype(float))
    assert score[0, 0] == 20  # by its first occupation
    assert score[0, 1] == 18
    assert (score[0] > 0).sum() == 19  # twenty occupations, two in one code


def test_folds_keep_origins_of_one_cps_code_together(snapshot):
    from pipelines.pathways.moves.terms import moves

    data = moves(snapshot)
    origins = evaluate.origins_of(data)
    fold = evaluate.deal(data, origins, 5, 0)
    assert set(fold) == set(range(5))
    for twin in set(data.cells.twins[origins]):
        assert len(set(fold[data.cells.twins[origins] == twin])) == 1
    assert not (data.cells.leavers()[origins].sum(1) == 0).any()


def test_all_occupations_can_be_reached_and_chances_add_up(found):
    assert len(found.codes) == 847
    assert found.probability.sum(1) == pytest.approx(1)
    assert (found.probability >= 0).all()
    assert found.probability.diagonal() == pytest.approx(0)
    assert {"43-9199", "49-9099", "15-1299"} <= set(found.codes)  # All Other
    assert not any(code.startswith("55") or code.endswith("0") for code in found.codes)


def test_the_terms_of_a_move_explain_its_chance(found):
    origin = found.position("29-2072.00")
    one = found.explain("29-2072", "43-4071")
    other = found.explain("29-2072", "29-1141")
    ratio = (
        found.probability[origin, found.position("43-4071")]
        / (found.probability[origin, found.position("29-1141")])
    )
    assert one["times"].prod() / other["times"].prod() == pytest.approx(ratio, rel=1e-3)
    assert list(one["term"]) == list(TERMS)


def test_a_domain_that_nobody_is_rated_on_tells_nothing_apart(snapshot, found):
    elements = snapshot["elements"]
    gone = elements["domain"].isin(["abilities", "knowledge"])
    old = snapshot["elements_2010"]
    # One occupation rated, all alike; and no row at all.
    one = elements[(elements["domain"] == "knowledge")].head(1)
    lacking = {
        **{name: snapshot[name] for name in snapshot},
        "elements": pd.concat([elements[~gone], one]),
        "elements_2010": old[old["domain"] != "abilities"],
    }
    chance = model.chances(lacking)
    assert chance.probability.sum(1) == pytest.approx(1)
    assert chance.terms[..., list(TERMS).index("abilities")] == pytest.approx(0)


def test_a_model_of_other_terms_is_refused(monkeypatch):
    shipped = model.stored()
    fewer = {**shipped, "weights": dict(list(shipped["weights"].items())[1:])}
    monkeypatch.setattr(model, "stored", lambda: fewer)
    with pytest.raises(Exception, match=r"outlook train --moves"):
        model.weights()


def test_held_out_figures_are_better_than_size_and_than_every_simple_list():
    lists = model.stored()["figures"]["lists"]
    size = lists["destination size alone"]
    for name in (f"model, folds of seed {evaluate.SEEDS[0]}",
                 f"first 20 of `outlook moves`, seed {evaluate.SEEDS[0]}"):  # fmt: skip
        ours = lists[name]
        assert ours["recall"] >= 0.24
        assert ours["recall_low"] > size["recall_high"]
        for key in ("share", "share_technicians"):
            assert ours[f"{key}_low"] > size[key]
        for other in ("O*NET's related occupations", "similar occupations"):
            assert ours["recall"] > lists[other]["recall"]


def test_the_weights_follow_from_the_snapshot(snapshot):
    """Fitted again at the shipped penalty; the choice of the penalty takes minutes."""
    from pipelines.pathways.moves.terms import moves

    data = moves(snapshot)
    with threadpool_limits(1):
        trainer = evaluate._Trainer(data, list(TERMS))
        again = trainer.fitted(evaluate.origins_of(data), model.stored()["penalty"])
    assert again == pytest.approx(model.weights(), abs=0.01)


def test_a_release_and_the_snapshot_of_it_give_the_same_chances(full_release, found):
    where, result = full_release
    release = ReleaseTables(open_release(where.releases / result.published))
    # The release is made here, the snapshot on another machine, whose sums end in other last
    # digits: of 40,500 scores of likeness a few hundred differ, the largest by .0005.
    assert model.chances(release).probability == pytest.approx(
        found.probability, rel=0.002, abs=1e-6
    )


def test_the_shipped_figures_are_measured_again(snapshot):
    from pipelines.pathways.moves.terms import moves

    data, figures = moves(snapshot), model.stored()["figures"]
    technician = evaluate.is_technician(data, snapshot)
    assert len(technician) == figures["origins"]
    for name, score in evaluate.simple_lists(data, snapshot).items():
        again = evaluate.summary(evaluate.hits(data, score), technician)
        assert again == pytest.approx(figures["lists"][name], rel=1e-5), name
    with threadpool_limits(1):
        penalty = model.stored()["penalty"]
        by_code, by_occupation, used = evaluate.held_out(data, list(TERMS), 0, penalty)
    assert used == [penalty] * evaluate.FOLDS
    # An origin's occupations share one distribution; chances of codes leave the own code out.
    assert by_code.sum(1) == pytest.approx(1)
    assert by_occupation.sum(1) == pytest.approx(1)
    again = evaluate.summary(evaluate.hits(data, by_code), technician)
    assert again == pytest.approx(figures["whole"], abs=2e-3)
    assert again["recall_low"] < again["recall"] < again["recall_high"]
    rows, error = evaluate.calibration(data, by_code)
    assert error == pytest.approx(figures["calibration"]["error"], abs=5e-3)
    assert [row["moves"] for row in rows] == pytest.approx(
        [row["moves"] for row in figures["calibration"]["rows"]], rel=0.02, abs=3
    )
    assert error < figures["calibration"]["error_of_size"]


def test_what_is_said_of_a_kept_back_origin_does_not_depend_on_its_moves(snapshot):
    from pipelines.pathways.moves.terms import moves

    data = moves(snapshot)
    origins = evaluate.origins_of(data)
    place = int(np.flatnonzero(data.cells.codes[origins] == "29-2070")[0])
    share = data.cells.share.copy()
    share[origins[place]] = np.roll(share[origins[place]], 7)
    other = replace(data, cells=replace(data.cells, share=share))
    few = ["jobs", "neighbors"]
    with threadpool_limits(1):
        before = evaluate.held_out(data, few, 0, 0.03)[0]
        after = evaluate.held_out(other, few, 0, 0.03)[0]
    assert after[place] == pytest.approx(before[place], abs=1e-12)
    assert np.abs(after - before).max() > 1e-6  # others learn from it


def test_the_penalty_is_the_one_with_the_best_likelihood_of_inner_folds(monkeypatch):
    data, _, _ = simulated(-0.7)
    values = {**data.values, "jobs": np.tile(np.arange(6.0), (6, 1))}
    trainer = evaluate._Trainer(replace(data, values=values), ["jobs"])
    monkeypatch.setattr(evaluate, "log_likelihood", lambda chosen, by_code: by_code.max())
    # Chances drawn to zero by a penalty are flat: by this measure the least penalty is best.
    assert trainer.choose(np.arange(5), 0) == min(evaluate.PENALTIES)
    monkeypatch.setattr(evaluate, "log_likelihood", lambda chosen, by_code: -by_code.max())
    assert trainer.choose(np.arange(5), 0) == max(evaluate.PENALTIES)
