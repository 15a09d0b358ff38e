"""Explains technical terms: the “?” behind a plain phrase, what opens from it, and encoders by what they do.

What a term means stands in `explorer/report/glossary.py`; `assets/shell/terms.mjs` opens it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from dash import html

from explorer.config import GIVEN, maker_of
from explorer.encoders import list_encoders
from explorer.report import BY_KEY, JOINED, TERMS, question, where

VALUE_WORDS = {
    "density": "dense clusters",
    "communities": "communities",
    "umap": "the graph of neighbours",
    "map": "the map",
    "cosine": "angle",
    "euclidean": "distance",
    "dot": "product",
}
"""What values of settings are called where they stand alone."""


def ask(key: str) -> Any:
    """Return the “?” of a term."""
    asked = html.Button("?", className="ask", type="button", **{"data-term": key, "aria-label": question(key)})
    return html.Span([JOINED, asked])


def told(key: str) -> dict[str, str]:
    """Return a term for what the browser writes itself: its key, and what its “?” is called."""
    return {"key": key, "question": question(key)}


def notes() -> Any:
    """Return what opens from the “?” of each term, out of sight until then."""
    return html.Div(
        [
            html.Div(
                [
                    html.B(term.name),
                    html.P(term.means),
                    html.A(
                        f"In the report: {where(term.key)}",
                        href="",
                        target="_blank",
                        hidden=True,
                        **{"data-section": term.section},
                    ),
                ],
                id=f"term-{term.key}",
                className="term-note",
                hidden=True,
                role="dialog",
                tabIndex=-1,
                **{"aria-label": BY_KEY[term.key].name},
            )
            for term in TERMS
        ]
    )


_OWN = "Its own vectors"
"""Those that came with a dataset, or that a graph's edges give: short, as it stands in the header and in lists."""


@lru_cache(maxsize=1)
def _summaries() -> dict[str, str]:
    return {GIVEN: _OWN, **{spec.name: spec.summary for spec in list_encoders()}}


def does(summary: str) -> str:
    """Return what an encoder does, the beginning of its summary."""
    return re.split(r"[:,.;]", summary, maxsplit=1)[0].strip()


def encoder_called(name: str | None) -> str:
    """Return what an encoder does with its short name behind it; the name alone of one that is not known."""
    if maker := maker_of(name or ""):
        return f"{_OWN} ({GIVEN}), made by {maker}"
    summary = _summaries().get(name or "")
    return f"{does(summary)} ({name})" if summary else str(name or "")
