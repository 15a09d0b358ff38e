"""Builds the empty map figure and the colours that the browser paints it with; the only file of the page on plotly.

It draws no points: `assets/map/draw.mjs` does, from the binary columns that each run sends once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from explorer.description import NOISE_COLOR, cluster_colors
from explorer.ui.circle import circle_colors

RAMP_STEPS = 24
_RAMP = "Viridis"
_RAMP_ENDS = {False: (0.9, 0.0), True: (0.12, 1.0)}
"""Part of the ramp that stands out from a light (False) and a dark (True) ground, and does so more where it is high."""
RAMPS: dict[str, tuple[str, dict[bool, tuple[float, float]]]] = {
    "cividis": ("Cividis", {False: (0.9, 0.0), True: (0.15, 1.0)}),
    "plasma": ("Plasma", {False: (0.92, 0.0), True: (0.12, 1.0)}),
    "blues": ("Blues", {False: (0.3, 1.0), True: (0.85, 0.1)}),
    "reds": ("Reds", {False: (0.3, 1.0), True: (0.85, 0.1)}),
    "greys": ("Greys", {False: (0.3, 1.0), True: (0.75, 0.0)}),
    "redblue": ("RdBu", {False: (0.05, 0.95), True: (0.08, 0.92)}),
    "rainbow": ("Turbo", {False: (0.05, 0.95), True: (0.08, 0.95)}),
}
"""Scales that may be chosen instead, by the name that an address has for them, and which part of them stands out."""

_ON_LIGHT = {"redblue": ("#8e0f24", "#c8443f", "#dd8468", "#b3aeb2", "#6c9bc8", "#2f6fae", "#0b3c78")}
"""Scales whose middle, white as usual, would be lost on the light ground."""
MISSING_COLOR = NOISE_COLOR
_PARTS = re.compile(r"\d+")
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


def column_palette(column: dict[str, Any]) -> dict[str, Any]:
    """Return the colours of a column for both themes: one a category, or a ramp from low to high.

    Of what goes round, as times of day do, the last colour is beside the first.
    """
    if column.get("circle"):  # its end meets its beginning
        count = len(column["values"] or ()) or RAMP_STEPS
        colors = {theme: circle_colors(count, dark=theme == "dark") for theme in ("light", "dark")}
    elif column["kind"] == "category":
        count, extra = len(column["values"] or []), column.get("extra", 0)
        others = count - extra - 1 if column["others"] or extra else None
        scale = column.get("scale", ())
        colors = {theme: _categories(count, others, scale, dark=theme == "dark") for theme in ("light", "dark")}
    else:
        colors = {theme: _ramp(_RAMP, _RAMP_ENDS[theme == "dark"]) for theme in ("light", "dark")}
    return {**colors, "missing": MISSING_COLOR}


def ramp_palettes() -> dict[str, Any]:
    """Return the colours of each scale that may be chosen, for both themes."""
    return {
        name: {"light": _ramp(_ON_LIGHT.get(name, ramp), ends[False]), "dark": _ramp(ramp, ends[True])}
        for name, (ramp, ends) in RAMPS.items()
    }


def _categories(count: int, others: int | None, scale: Sequence[bool], *, dark: bool) -> list[str]:
    """Return a colour a category; the rarer values together, at *others*, stay in the background.

    The first ones may be answers of a *scale*, in its order: these have a ramp from the least to the most, as numbers
    have, and what stands on no scale beside them – “don't know” – the grey of missing values.
    """
    colors = cluster_colors(count, dark=dark)
    if others is not None:
        colors[others] = _OTHER_COLOR[dark]
    ramp = iter(_hexes(_ramp(_RAMP, _RAMP_ENDS[dark], max(2, sum(scale)))))
    for at, on in enumerate(scale):
        colors[at] = next(ramp) if on else MISSING_COLOR
    return colors


def _hexes(colors: Sequence[str]) -> list[str]:
    """Return colours such as “rgb(0, 114, 178)” as “#0072b2”, as those of all categories are."""
    return ["#" + "".join(f"{int(part):02x}" for part in _PARTS.findall(color)[:3]) for color in colors]


def _ramp(name: str | tuple[str, ...], ends: tuple[float, float], count: int = RAMP_STEPS) -> list[str]:
    """Return so many colours from low to high; of the usual ones even in lightness, for colour-blind eyes too."""
    from plotly.colors import sample_colorscale

    low, high = ends
    steps = [low + (high - low) * i / (count - 1) for i in range(count)]
    return [str(color) for color in sample_colorscale(list(name) if isinstance(name, tuple) else name, steps)]
