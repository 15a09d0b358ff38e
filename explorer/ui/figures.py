"""Builds the empty map figure and the colours that the browser paints it with; the only file of the page on plotly.

It draws no points: `assets/map/draw.mjs` does, from the binary columns that each run sends once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.description import NOISE_COLOR, cluster_colors, colors_by_place

RAMP_STEPS = 24
_RAMP = "Viridis"
_RAMP_ENDS = {False: (0.9, 0.0), True: (0.12, 1.0)}
"""Part of the ramp that stands out from a light (False) and a dark (True) ground, and does so more where it is high."""

MISSING_COLOR = NOISE_COLOR
_OTHER_COLOR = {False: "#b4bac4", True: "#5d6675"}


def empty_map() -> dict[str, Any]:
    """Return the map's first figure: no points, no axes, transparent."""
    import plotly.graph_objects as go

    axis = {"visible": False, "showgrid": False, "zeroline": False}
    figure = go.Figure(
        layout={
            "xaxis": axis,
            "yaxis": {**axis, "scaleanchor": "x", "scaleratio": 1},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "dragmode": "pan",
            "hovermode": False,
            "template": "none",
        }
    )
    empty: dict[str, Any] = figure.to_dict()
    return empty


def map_config() -> dict[str, Any]:
    """Return the graph's configuration: no second set of buttons, nothing that leaves the machine.

    `assets/map/camera.mjs` drags and zooms, for plotly would draw every frame of it anew.
    """
    return {
        "showSendToCloud": False,
        "showEditInChartStudio": False,
        "displaylogo": False,
        "displayModeBar": False,
        "scrollZoom": False,
        "doubleClick": False,
        "responsive": True,
    }


def cluster_palette(places: Sequence[tuple[float | None, float | None]]) -> dict[str, Any]:
    """Return the colours of clusters for both themes, by label, from their *places* on the map.

    They are few where clusters are many, one trace each: plotly's cost grows with traces, not points.
    """
    return {
        "light": colors_by_place(places),
        "dark": colors_by_place(places, dark=True),
        "noise": NOISE_COLOR,
    }


def column_palette(column: dict[str, Any]) -> dict[str, Any]:
    """Return the colours of a column for both themes: one a category, or a ramp from low to high."""
    if column["kind"] == "category":
        count, lumped = len(column["values"] or []), bool(column["others"])
        colors = {theme: _categories(count, lumped, dark=theme == "dark") for theme in ("light", "dark")}
    else:
        colors = {"light": _ramp(dark=False), "dark": _ramp(dark=True)}
    return {**colors, "missing": MISSING_COLOR}


def _categories(count: int, lumped: bool, *, dark: bool) -> list[str]:
    """Return a colour a category; rarer values *lumped* together as the last one stay in the background."""
    colors = cluster_colors(count, dark=dark)
    return [*colors[:-1], _OTHER_COLOR[dark]] if lumped else colors


def _ramp(*, dark: bool) -> list[str]:
    """Return RAMP_STEPS colours from low to high, even in lightness for colour-blind eyes too."""
    from plotly.colors import sample_colorscale

    low, high = _RAMP_ENDS[dark]
    steps = [low + (high - low) * i / (RAMP_STEPS - 1) for i in range(RAMP_STEPS)]
    return [str(color) for color in sample_colorscale(_RAMP, steps)]
