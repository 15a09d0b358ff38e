"""What is shown before items leave this machine: to whom, how much, at what price; and the two answers to that.

It sends nothing and decides nothing: `panels/settings` starts a run with the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from explorer.config import GIVEN
from explorer.encoders import sends_to
from explorer.errors import ExplorerError
from explorer.types import capitalized
from explorer.ui import ids
from explorer.ui.cards import count_of, whole

if TYPE_CHECKING:
    from explorer.server import Services


def layout() -> Any:
    """Return the question, hidden until it is asked."""
    return html.Div(
        [
            html.Div(id=ids.CONSENT_WORDS),
            html.Div(
                [
                    html.Button("Send them and explore", id=ids.CONSENT_SEND, className="button"),
                    html.Button("Do not send", id=ids.CONSENT_NOT, className="ghost"),
                ],
                className="buttons",
            ),
            dcc.Store(id=ids.CONSENT_KEY),
        ],
        id=ids.CONSENT,
        className="consent",
        hidden=True,
        role="group",
        **{"aria-label": "What would leave this machine", "aria-live": "polite", "data-testid": "consent"},
    )


def due(services: Services, dataset: str, encoder: str | None) -> dict[str, Any] | None:
    """Return what a run would have sent to which nobody agreed yet; None where there is nothing to ask.

    Raises what `Consent.sending` raises.
    """
    name = encoder or ""
    if not name or name == GIVEN or not _sends(name):
        return None
    told = services.consent.sending(dataset, name)
    return None if told is None or told["agreed"] else told


def words(told: dict[str, Any]) -> list[Any]:
    """Return what would be sent."""
    known = f", besides {whole(told['known'])} whose vectors are here already" if told["known"] else ""
    return [
        html.P(
            [
                html.B(f"{count_of(told['items'], 'item')} would be sent to {told['to']}"),
                f"{known}: {count_of(told['characters'], 'character')}, about {whole(told['tokens'])} tokens.",
            ]
        ),
        html.P(f"{capitalized(told['cost'])}.", className="note"),
        html.P(
            f"Up to {whole(told['phrases'])} short phrases of these texts go there too, to name clusters by, and so "
            "does whatever you search for on the map. Nothing is sent before you press “Send”.",
            className="note",
        ),
    ]


def _sends(name: str) -> bool:
    try:
        return bool(sends_to(name))
    except ExplorerError:  # what is wrong with a name, the run that asks for it says
        return False
