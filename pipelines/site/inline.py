"""What a page carries when it stands alone: style, scripts, data, and plotly.js packed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from pipelines.site.facts import zipped
from pipelines.site.tables import asset

#: Scripts of a page that stands alone, in their order, after its data.
_SCRIPTS = (
    "language", "save", "fold", "address", "week", "state", "takeaway", "sort", "unpack", "charts",
)  # fmt: skip


@cache
def _packed_plotly() -> Markup:
    """plotly.js: 1.9 MB a page instead of 4.8 MB; packed once a process."""
    code = resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    return Markup(zipped(code))


def inlined(data: str) -> dict[str, Any]:
    """For the template: css, scripts (the data among them, which cannot end its element), plotly.

    Parameters
    ----------
    data : str
        Scripts of `facts.script` and `facts.packed`.
    """
    own = [asset(f"app/{name}.js") for name in _SCRIPTS]
    return {
        "css": asset("app/style.css") + asset("app/site.css"),
        "scripts": [Markup(data.replace("<", "\\u003c")), *own],
        "plotly": _packed_plotly(),
    }
