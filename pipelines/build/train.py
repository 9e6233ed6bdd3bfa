"""`outlook train`: fit a model anew, measure it, keep model and figures together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.analysis import ReleaseTables
from pipelines.base.errors import UsageError
from pipelines.base.files import write_whole
from pipelines.exposure.scorer.train import train
from pipelines.exposure.validation.evaluate import evaluate
from pipelines.releases.store import Release


def retrain(
    data: Release, say: Callable[[str], None], folder: Path | None = None, fit: bool = True
) -> str:
    """Train on the labels of a full release; writes ``scorer.npz``, ``scorer.json`` and
    ``automation.json``.

    Parameters
    ----------
    data : Release
        A release with the label texts (the snapshot has none).
    say : callable
        Called with one line a stage.
    folder : Path, optional
        Where to write (default: beside the code, in place of the shipped model).
    fit : bool
        False: measure anew, keep the shipped model.

    Returns
    -------
    str
        What was written, in words.
    """
    if data.is_snapshot:
        raise UsageError(
            "outlook train", "the snapshot holds no label texts", "Run `outlook refresh` first"
        )
    tables = ReleaseTables(data)
    folder = folder or Path(__file__).parents[1] / "exposure" / "scorer"
    scorer = None
    if fit:
        say("training on all labeled tasks")
        # Sums over several threads differ in their last bits; one thread gives the same file.
        with threadpool_limits(1):
            scorer = train(tables["exposure_labels"], tables["task_dwas"], tables["dwas"])
    say("measuring on held-out occupations and kinds of work; about 8 minutes on 2 cores")
    found = evaluate(tables)
    if scorer is not None:
        scorer.save(folder / "scorer.npz")
    widths = {name: found["U"]["automation"][name] for name in ("occupation", "task", "text")}
    for name, kept in (("scorer.json", found), ("automation.json", widths)):
        text = json.dumps(kept, indent=1, sort_keys=True) + "\n"
        write_whole(folder / name, text.encode())
    what = "model and figures" if fit else "figures"
    return f"{what} written to {folder}; run `outlook refresh` to score with it"


def retrain_moves(data: Release, say: Callable[[str], None], folder: Path | None = None) -> str:
    """Fit the model of moves between occupations; writes ``moves.json``.

    Parameters
    ----------
    data : Release
        Any release with observed moves; the snapshot gives the same file.
    say, folder
        As for `retrain`.

    Returns
    -------
    str
        What was written, in words.
    """
    from pipelines.pathways.moves.evaluate import evaluate as evaluate_moves

    if not data.has("observed_moves"):
        raise UsageError("outlook train", "there are no observed moves", "Run `outlook refresh`")
    folder = folder or Path(__file__).parents[1] / "pathways" / "moves"
    say("fitting on observed moves, measuring on origins kept back; about 10 minutes")
    found = evaluate_moves(ReleaseTables(data), say)
    write_whole(folder / "moves.json", (json.dumps(found, indent=1) + "\n").encode())
    return f"weights and figures written to {folder / 'moves.json'}"
