"""The line below the list of maps on vectors that are kept of deleted ones, and the button that removes them.

It removes nothing itself: the library does, when it is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.ui.cards import file_size

if TYPE_CHECKING:
    from explorer.server import Services

CLEAR = "clear-vectors"
_LEAST = 100_000
"""Bytes below which nothing is said."""


def line(told: Mapping[str, Any]) -> list[Any]:
    """Return how much the vectors of deleted maps take, and of how much; nothing while that is next to nothing."""
    if int(told["size"]) < _LEAST:
        return []
    said = (
        f"Vectors of deleted maps are kept, so that no item is encoded twice: {file_size(int(told['size']))} of "
        f"{file_size(int(told['limit']))} at most. They go with their data."
    )
    held = {"data-library": CLEAR, "data-kind": "vectors", "data-key": "all"}
    button = html.Button("Remove them", className="ghost", **held, **{"data-testid": CLEAR})
    return [html.P(said, className="note", **{"data-testid": "kept-vectors"}), button]


def cleared(services: Services) -> None:
    """Remove the vectors of deleted maps."""
    services.consent.clear()
