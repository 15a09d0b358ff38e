"""What a map will take on this machine: a line in the preview, and one below the encoder in the settings.

It estimates nothing itself (`runs` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.config import AUTO
from explorer.encoders import default_encoder
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

LINE = "preview-takes"


def line(services: Services, record: Mapping[str, Any]) -> list[Any]:
    """Return what a map takes with the encoder that is taken where no other is chosen; nothing if none reads it."""
    found = services.runs.estimates(record["dataset"])
    return [_line(found[0])] if found else []


def _line(first: Mapping[str, Any]) -> Any:
    said = f"A map takes {first['words']} here, with {encoder_called(first['encoder'])}."
    return html.P(said, className=LINE, **{"data-testid": LINE})


def of_encoder(services: Services, dataset: Mapping[str, Any] | None, encoder: str) -> list[Any]:
    """Return what a map with an encoder takes here; nothing of one that is not listed, or does not read the items."""
    if dataset is None:
        return []
    asked = default_encoder(dataset["modalities"]) if encoder == AUTO else encoder
    found = services.runs.estimates(dataset["dataset"])
    return [html.Div(f"Takes {one['words']} here.") for one in found if one["encoder"] == asked]
