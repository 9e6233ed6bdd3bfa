"""What a whole route costs and brings: `costs.route_payback` for routes over the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.base.records import records
from pipelines.pathways.routes.judgment import start_level
from pipelines.pathways.routes.network import PathwayData
from pipelines.pathways.routes.route import route_codes, route_levels
from pipelines.pathways.schooling.costs import Step, route_payback
from pipelines.pathways.schooling.education import EDUCATION_LEVELS

#: Years looked at unless said otherwise, and the yearly discount rate.
HORIZON, DISCOUNT = 20, 0.03
_RANGED = {
    "years_education": "years",
    "tuition": "tuition",
    "wages_forgone": "wages_forgone",
    "wage_gain": "yearly_gain",
    "break_even_year": "break_even_year",
    "net_present_value": "net_present_value",
}


def _steps(
    data: PathwayData,
    origin: int,
    nodes: Sequence[int],
    held: int,
    columns: Mapping[str, np.ndarray],
    levels: Sequence[int],
) -> list[Step]:
    steps = []
    last = origin
    # Who learns on the job is paid; the lowest tenth of wages stands for it, an assumption.
    trainee = data.table["annual_p10_wage"].to_numpy(float)
    shared = bool(data.wage_shared(origin, nodes[-1]))
    for place, node in enumerate(nodes):
        last_one = place == len(nodes) - 1
        asked = levels[place]
        steps.append(
            Step(
                EDUCATION_LEVELS[held],
                EDUCATION_LEVELS[asked] if asked >= 0 else None,
                float(data.experience_years[node]),
                # What the end of a route pays is not known where BLS publishes one wage for both.
                {
                    case: np.nan if last_one and shared else wage[node]
                    for case, wage in columns.items()
                },
                bool(data.own_field(np.array(last), np.array(node))),
                (0.0, 0.0, 0.0) if data.training is None else tuple(data.training[:, node]),
                float(trainee[node]),
            )
        )
        held, last = max(held, asked), node
    return steps


def _wages(data: PathwayData) -> dict[str, np.ndarray]:
    table = data.table.reindex(columns=["annual_p25_wage", "annual_p75_wage"]).astype("float64")
    low, high = table.to_numpy().T
    return {"low": low, "median": data.wage, "high": high}


def route_returns(
    data: PathwayData,
    origin_soc: str,
    route: Mapping | pd.Series | Sequence[str] | str,
    education: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    discount: float = DISCOUNT,
    horizon: int = HORIZON,
    price: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Schooling, tuition, wages forgone, break-even year and net present value of one route.

    Parameters
    ----------
    data : PathwayData
        From `moves.pathway_data`; wages of a state with `regional.in_state`.
    origin_soc, route, education, part_time, held
        As in `route.route_steps`.
    discount, horizon, price
        As in `costs.payback`.

    Returns
    -------
    DataFrame
        One row a case: low, median, high; columns of `costs.route_payback`.
    """
    nodes = [data.position(code) for code in route_codes(route)]
    origin = data.position(origin_soc)
    start = start_level(data, origin, education, held)
    steps = _steps(data, origin, nodes, start, _wages(data), route_levels(data, route))
    rows = route_payback(steps, data.wage[origin], part_time, discount, horizon, price)
    return pd.DataFrame(rows)


def add_returns(
    data: PathwayData,
    paths: pd.DataFrame,
    education: str | None = None,
    part_time: bool = False,
    held: Sequence[str] = (),
    discount: float = DISCOUNT,
    horizon: int = HORIZON,
    price: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Rows of `find_paths` with what each route costs and brings, and the range of every number.

    Parameters
    ----------
    paths : DataFrame
        Result of `search.find_paths` or `search.pareto_front`, of the same education, pace and
        credentials.

    Returns
    -------
    DataFrame
        `paths` and ``years_total`` (schooling and experience, usual), ``wages_forgone``,
        ``break_even_year``, ``net_present_value`` (dollars) of the median case; the lowest and
        highest of the three cases as ``_low`` and ``_high`` of these, and of
        ``years_education``, ``tuition`` and ``wage_gain``. ``break_even_year`` and its ends are
        missing where the case is not even within the horizon, so that a missing ``_high`` means
        "perhaps never"; the others are missing where a wage is.
    """
    columns, rows = _wages(data), []
    for row in records(paths):
        origin = data.position(row["from_soc"])
        nodes = [data.position(code) for code in route_codes(row)]
        start = start_level(data, origin, education, held)
        steps = _steps(data, origin, nodes, start, columns, route_levels(data, row))
        cases = route_payback(steps, data.wage[origin], part_time, discount, horizon, price)
        rows.append(_range(cases))
    names = ["years_total", "wages_forgone", "break_even_year", "net_present_value"]
    names += [f"{name}_{end}" for name in _RANGED for end in ("low", "high")]
    found = pd.DataFrame(rows, columns=names, index=paths.index, dtype="float64")
    return pd.concat([paths, found], axis=1)


def _range(cases: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    low, median, high = cases
    out = {"years_total": median["years_total"]}
    for name in ("wages_forgone", "break_even_year", "net_present_value"):
        out[name] = median[name]
    for name, key in _RANGED.items():
        ends = (low[key], high[key])
        # The first year paid back comes early where wages are high and schooling short.
        if name == "break_even_year":
            ends = (high[key], low[key])
        elif not any(np.isnan(ends)):
            ends = (min(c[key] for c in cases), max(c[key] for c in cases))
        out[f"{name}_low"], out[f"{name}_high"] = ends
    return out


def paid_back(frame: pd.DataFrame) -> pd.Series:
    """Break-even year with its range, in words."""

    def year(value: float) -> str:
        return f"over {HORIZON}" if pd.isna(value) else f"{value:.0f}"

    columns = (
        frame["break_even_year"],
        frame["break_even_year_low"],
        frame["break_even_year_high"],
    )
    known = frame["net_present_value"].notna()
    texts = [
        f"{year(mid)} ({year(low)} to {year(high)})" if ok else ""
        for mid, low, high, ok in zip(*columns, known, strict=True)
    ]
    return pd.Series(texts, frame.index, dtype="str")
