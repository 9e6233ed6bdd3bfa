"""The look back and the job market of one release: computed once, drawn from there."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis, source_line
from pipelines.base.errors import UsageError
from pipelines.charts import exposure_and_change as charts
from pipelines.charts import exposure_by_year
from pipelines.charts import job_market as market_charts
from pipelines.charts.exposure_shift import mean_decomposed
from pipelines.figures import Made
from pipelines.market import (
    bridge,
    decomposition,
    forecasts,
    lookback,
    oews,
    outlook,
    places,
    robustness,
)
from pipelines.market import event_study as by_year
from pipelines.market.lookback_text import headline, interval_excludes_zero
from pipelines.market.oews import national
from pipelines.market.prices import price_index
from pipelines.market.published import published_as
from pipelines.market.split import jobs_by_code, whose_jobs

_PROJECTIONS = ("ep_workbook", "ep_export")


class Evidence:
    """What the job market's history says beside exposure.

    Parameters
    ----------
    analysis : Analysis
        A release.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.tables = analysis.tables

    @cached_property
    def technicians(self) -> set[str]:
        """Codes of the technician occupations; see `comparable.technician_codes`."""
        return bridge.technician_codes(self.tables)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Comparable groups with exposure; see `lookback.units`."""
        measures = lookback.soc_measures(self.tables, self.analysis.occupation_exposure)
        return lookback.units(self.tables, measures)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """Single 2018 codes with exposure; see `lookback.units`."""
        measures = lookback.soc_measures(self.tables, self.analysis.occupation_exposure)
        return lookback.units(self.tables, measures, "soc_code")

    @cached_property
    def measures(self) -> list[str]:
        """Measures among the columns of `units`, ours first."""
        names = lookback.soc_measures(self.tables, self.analysis.occupation_exposure).columns
        return [name for name in names if name != "exposure_se"]

    @cached_property
    def every_test(self) -> pd.DataFrame:
        """See `robustness.every_test`."""
        return robustness.every_test(self.units, self.tables, self.measures)

    @cached_property
    def events(self) -> pd.DataFrame:
        """See `event_study.event_study`."""
        return by_year.event_study(self.units, self.tables)

    @cached_property
    def break_in_trend(self) -> pd.DataFrame:
        """See `by_year.break_in_trend`."""
        return by_year.break_in_trend(self.units, self.tables)

    def event_lines(self) -> list[str]:
        """See `by_year.event_sentences`."""
        missing = by_year.missing_years(self.tables)
        return by_year.event_sentences(self.events, self.break_in_trend, missing)

    def event_study(self) -> Made:
        """Figure of the coefficient of exposure by year, and its table."""
        table, finding = self.events, by_year.event_headline(self.break_in_trend)
        return Made(lambda: exposure_by_year.event_study.plain(table, finding, self._line()), table)

    @cached_property
    def lookback(self) -> pd.DataFrame:
        """See `lookback.lookback`."""
        frames = {"group": self.units, "soc_code": self.codes}
        return lookback.lookback(self.tables, self.analysis.occupation_exposure, frames)

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        """See `forecasts.forecasts`."""
        return forecasts.forecasts(self.tables)

    @cached_property
    def skill(self) -> pd.DataFrame:
        """See `forecasts.forecast_accuracy`."""
        return forecasts.forecast_accuracy(self.forecasts, self.tables)

    @cached_property
    def _decomposed(self):
        groups = decomposition.technician_groups(
            self.units, self.technicians, bridge.bridge(self.tables)
        )
        codes = self.codes[self.codes["soc_code"].isin(sorted(self.technicians))]
        frames = {"all": (self.units, self.codes), "technicians": (groups, codes)}
        return decomposition.workforce(
            frames, oews.years(self.tables["wages"]), price_index(self.tables)
        )

    @property
    def decompositions(self) -> pd.DataFrame:
        """See `decomposition.workforce`."""
        return self._decomposed[0]

    def change_and_exposure(self, code: str, outcome: str = "employment") -> Made:
        """Figure of what happened against exposure, before and after the tools.

        Parameters
        ----------
        code : str
            SOC or O*NET-SOC code pointed out.
        outcome : str
            "employment" or "pay".
        """
        word = lookback.OUTCOME_NAMES[outcome]
        found = oews.years(self.tables["wages"])
        main = self.lookback[
            (self.lookback["specification"] == lookback.MAIN_SPECIFICATION.name)
            & (self.lookback["measure"] == lookback.EXPOSURE_COLUMN)
            & (self.lookback["outcome"] == word)
        ].set_index("window")
        focus = published_as(self.tables, year=oews.REFERENCE_YEAR).get(code[:7], code[:7])
        members = bridge.bridge(self.tables).drop_duplicates("soc_code")
        home = members.set_index("soc_code")["group"].get(focus, "")
        rows_of_year = national(self.tables["wages"]).query(f"year == {oews.REFERENCE_YEAR}")
        shares = jobs_by_code(rows_of_year, members.loc[members["group"] == home, "soc_code"])
        titles = national(self.tables["wages"]).sort_values("year").set_index("soc_code")["title"]
        named = titles.loc[[focus]].iloc[-1] if focus in titles.index else code
        alone = decomposition.technician_groups(
            self.units, self.technicians, bridge.bridge(self.tables)
        )
        panels, rows, prices = [], [], price_index(self.tables)
        spans = lookback.windows(found)
        for window in list(spans)[:2]:
            start, end = spans[window]
            frame = self.units.join(lookback.changes(self.units, outcome, start, end, prices))
            several = frame["n_codes"] > 1
            asked = frame["group"] == home
            title = frame["title"].mask(asked, named) + np.where(
                several, " and " + (frame["n_codes"] - 1).astype(str) + " more", ""
            )
            frame = pd.DataFrame(
                {
                    "window": window, "group": frame["group"], "title": title,
                    "x": frame[lookback.EXPOSURE_COLUMN], "y": 100 * np.expm1(frame["change"]),
                    "jobs": frame[f"employment_{start}"],
                    "is_technician": frame["group"].isin(alone["group"]),
                    "focus": asked,
                }
            ).dropna()  # fmt: skip
            panels.append((window, frame, 10 * float(main["effect_tenth"][window])))
            rows.append(frame)
        finding = headline(self.lookback, word)
        return Made(
            lambda: charts.exposure_and_change.plain(
                panels, finding, self._line(), outcome=word, note=whose_jobs(shares, focus)
            ),
            pd.concat(rows, ignore_index=True),
        )

    def every_way_of_asking(self) -> Made:
        """Figure of all specifications and measures, and their table."""
        table = self.lookback
        ours = table[
            (table["measure"] == lookback.EXPOSURE_COLUMN) & (table["window"] == "difference")
        ]
        parts = []
        for outcome, name in (("employment", "jobs"), ("real mean pay", "pay")):
            rows = ours[ours["outcome"] == outcome].dropna(subset=["effect_sd"])
            moved = sum(interval_excludes_zero(row) for _, row in rows.iterrows())
            parts.append(f"{moved} of {len(rows)} ways of asking for {name}")
        finding = (
            "With our exposure, the years after the tools differ clearly from those before in "
            + " and ".join(parts)
        )
        return Made(lambda: charts.every_way_of_asking.plain(table, finding, self._line()), table)

    def forecast_and_outcome(self, code: str) -> Made:
        """Figure of projections beside what came, technicians and `code`."""
        line = source_line(self.analysis, *_PROJECTIONS, *self._oews[1:])
        frame = self.forecasts
        own = self.analysis.published_code(code)
        return Made(lambda: charts.forecast_and_outcome.plain(frame, line, own), frame)

    def pay_and_outlook(self, code: str) -> Made:
        """Figure of pay and projected growth against exposure among technicians."""
        frame = outlook.pay_and_outlook(self.tables, self.analysis.occupation_exposure)
        line = source_line(self.analysis, "onet", self._oews[-1], "ep_export")
        own = self.analysis.published_code(code)
        return Made(lambda: market_charts.pay_and_outlook_chart.plain(frame, line, own), frame)

    def openings(self, code: str) -> Made:
        """Figure of openings by cause, technicians and `code`."""
        own = self.analysis.published_code(code, "projections")
        frame = outlook.openings(self.tables["projections"], sorted(self.technicians | {own}))
        line = source_line(self.analysis, "ep_workbook")
        return Made(lambda: market_charts.openings_by_cause.plain(frame, line, own), frame)

    def places(self, code: str) -> Made:
        """Figure of concentration and pay by state.

        Raises
        ------
        UsageError
            OEWS has no state figures of the occupation.
        """
        frame = places.places(self.tables["wages"], self.analysis.published_code(code))
        if frame["location_quotient"].isna().all():
            raise UsageError(
                code, "OEWS publishes no state figures of this occupation", "Give another"
            )
        titles = self.analysis.occupations.set_index("onet_soc_code")["title"]
        line = source_line(self.analysis, *self.analysis.release.editions("oews_st"))
        title = titles.get(code, code)
        if self.analysis.together(code):
            title += f" (published together with others as {self.analysis.published_code(code)})"
        frame["published_code"] = self.analysis.published_code(code)
        return Made(lambda: market_charts.places_chart.plain(frame, title, line), frame)

    def decomposed(self, workforce: str, measure: str, after: bool = True) -> Made:
        """Figure of the parts of a change of the mean; `decomposition.workforce` names them."""
        totals, parts = self._decomposed
        own = totals[(totals["workforce"] == workforce) & (totals["measure"] == measure)]
        row = own.iloc[-1 if after else 0]
        part = parts[workforce, measure, row["start"], row["end"]]
        structure = self.tables["soc_structure"]
        major = structure[structure["level"] == "major"]
        names = dict(zip(major["code"].str[:2], major["title"], strict=True))
        named = part.assign(title=part["major"].map(names))
        return Made(lambda: mean_decomposed.plain(row, part, names, self._line()), named)

    @property
    def _oews(self) -> list[str]:
        return self.analysis.release.editions("oews_nat")

    def _line(self) -> str:
        return source_line(self.analysis, "onet", "gpts_labels", *self._oews)
