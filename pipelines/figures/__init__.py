"""The figures of an occupation: a release in, a figure and the data behind it out.

The charts by name stand in `occupation` (lazy: one chart loads what it shows); `export` writes
them; `market.Evidence` holds those of the whole labor market.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from pipelines.analysis import Analysis


class Made:
    """A figure and its data; unpacks as the pair of both.

    Parameters
    ----------
    draw : callable
        Gives the figure, plain (`charts.kit.theme.Plain`) or plotly's. Who asks for the data
        alone neither draws nor loads plotly.
    data : DataFrame
        What the figure shows.
    """

    def __init__(self, draw: Callable[[], Mapping[str, Any] | go.Figure], data: pd.DataFrame):
        self._draw, self.data = draw, data

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """Traces and layout, drawn once; plotly has not checked them."""
        drawn = self._draw()
        return drawn if isinstance(drawn, Mapping) else drawn.to_plotly_json()

    @cached_property
    def figure(self) -> go.Figure:
        """Plotly's figure, checked."""
        import plotly.graph_objects as go

        return go.Figure(self.plain)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.figure, self.data))


def title_of(analysis: Analysis, onet_soc_code: str) -> str:
    """Title of an occupation."""
    return analysis.title_by_code[onet_soc_code]
