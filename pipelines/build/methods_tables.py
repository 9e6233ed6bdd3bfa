"""The tables of docs/METHODS.md and the documents beside it, by name, as text.

See `pipelines.build.methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.build import methods_automation as automation
from pipelines.build import methods_constants
from pipelines.build import methods_market as market
from pipelines.build import methods_moves as moves
from pipelines.build import methods_robustness as robustness
from pipelines.build import methods_scores as scores
from pipelines.build import methods_technicians as technicians


@dataclass(frozen=True)
class MethodsTable:
    """How a table is made, from an `Analysis` (and BLS's pairs), and what it takes."""

    make: Callable[..., pd.DataFrame]
    needs_release: bool = False
    needs_pairs: bool = False


#: Table -> how it is made.
TABLES: Mapping[str, MethodsTable] = {
    "technician_rules": MethodsTable(technicians.rules),
    "called_technicians": MethodsTable(technicians.called),
    "first_ten": MethodsTable(technicians.first_ten),
    "route_weights": MethodsTable(technicians.weights_one_by_one),
    "route_weights_at_once": MethodsTable(technicians.weights_at_once),
    "sources": MethodsTable(scores.sources),
    "use_counts": MethodsTable(automation.use_counts),
    "level_agreement": MethodsTable(automation.level_agreement),
    "automation_intervals": MethodsTable(automation.automation_intervals),
    "expert_agreement": MethodsTable(automation.expert_agreement, needs_release=True),
    "own_shares": MethodsTable(automation.own_shares, needs_release=True),
    "experts_learned": MethodsTable(automation.experts_learned, needs_release=True),
    "judges_example": MethodsTable(automation.judges_example, needs_release=True),
    "judges": MethodsTable(automation.judges, needs_release=True),
    "observed_use": MethodsTable(automation.observed_use, needs_release=True),
    "scorer_agreement": MethodsTable(scores.scorer_agreement),
    "scorer_calibration": MethodsTable(scores.scorer_calibration),
    "label_ceiling": MethodsTable(scores.label_ceiling, needs_release=True),
    "weight_rules": MethodsTable(scores.weight_rules),
    "occupation_intervals": MethodsTable(scores.occupation_intervals),
    "exposure_summary": MethodsTable(scores.exposure_summary),
    "measure_correlations": MethodsTable(scores.measure_correlations),
    "replication": MethodsTable(scores.replication, needs_release=True),
    "similar_recall": MethodsTable(scores.similar_recall, needs_release=True, needs_pairs=True),
    "ranking_example": MethodsTable(market.ranking_example),
    "years_matrix": MethodsTable(market.years_matrix),
    "tuition": MethodsTable(market.tuition),
    "payback_example": MethodsTable(market.payback_example),
    "real_wages": MethodsTable(market.real_wages),
    "lookback": MethodsTable(market.lookback),
    "lookback_units": MethodsTable(market.lookback_units),
    "forecasts": MethodsTable(market.forecasts),
    "decomposition": MethodsTable(market.decomposition),
    "claims_counts": MethodsTable(market.claims_counts),
    "priorities": MethodsTable(market.priorities),
    "constants": MethodsTable(lambda analysis: methods_constants.table()),
    "clustered_errors": MethodsTable(robustness.clustered_errors),
    "many_tests": MethodsTable(robustness.many_tests, needs_release=True),
    "every_measure": MethodsTable(robustness.every_measure, needs_release=True),
    "errors_in_variables": MethodsTable(robustness.errors_in_variables),
    "label_sources": MethodsTable(robustness.label_sources, needs_release=True),
    "event_study": MethodsTable(robustness.event_study),
    "break_in_trend": MethodsTable(robustness.break_in_trend),
    "rank_intervals": MethodsTable(robustness.rank_intervals),
    "held_out_technicians": MethodsTable(robustness.held_out_technicians),
    "held_out_classes": MethodsTable(robustness.held_out_classes),
    "held_out_places": MethodsTable(robustness.held_out_places),
    "moves_coverage": MethodsTable(moves.coverage),
    "moves_crosswalk": MethodsTable(moves.crosswalked),
    "moves_example": MethodsTable(moves.example),
    "moves_weights": MethodsTable(moves.weights),
    "moves_explained": MethodsTable(moves.explained),
    "moves_lists": MethodsTable(moves.lists),
    "moves_worth": MethodsTable(moves.worth),
    "moves_calibration": MethodsTable(moves.calibration),
    "moves_constants": MethodsTable(moves.constants),
}
