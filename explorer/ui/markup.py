"""Writes a tree of Dash's html components as HTML text, and fills a region of the page with it.

It makes nothing interactive: buttons and links in it carry `data-` attributes, which `assets/shell/place.mjs` acts on.
Dash looks at every component of a page whenever any of them changes: with cards, lists and tables as components a
click cost 300 ms on the measuring machine; as one text it costs none of that.
"""

from __future__ import annotations

from html import escape
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from explorer.types import contained
from explorer.ui.registration import in_browser

_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex"}
_READ = ("title", "alt", "aria-label", "placeholder")
"""Attributes that people read; scripts read others, which stay exact."""
_EMPTY = ("img", "br", "hr", "wbr")
_SUFFIX = "-markup"


def region(name: str, tree: Any = None, *, kind: Any = html.Div, **attributes: Any) -> list[Any]:
    """Return an element with the id *name* that shows whatever `fills(name)` is given, *tree* at first."""
    return [
        kind(tree, id=name, **{"data-testid": name, **attributes}),
        dcc.Store(id=name + _SUFFIX),
    ]


def fills(name: str) -> Output:
    """Return the output for a handler that returns `markup(...)` for the region *name*."""
    return Output(name + _SUFFIX, "data")


def register_region(app: Dash, name: str) -> None:
    """Let the browser put the text into the element."""
    in_browser(app, "explorer_shell.fill", Input(name + _SUFFIX, "data"), State(name, "id"))


def markup(tree: Any, *, of: str | None = None) -> str:
    """Return *tree* – html components, text, numbers, None, lists of these – as HTML; every text is escaped.

    What is said of a run names it by *of*: `assets/shell/whose.mjs` shows it under no other run's address.
    """
    if of is not None:
        return f"<!--of {escape(of)}-->{markup(tree)}"
    if tree is None:
        return ""
    if isinstance(tree, list | tuple):
        return "".join(markup(part) for part in tree)
    if not isinstance(tree, Component):
        return escape(contained(str(tree)))
    properties = tree.to_plotly_json()["props"]
    children = properties.pop("children", None)
    kind = type(tree).__name__.lower()
    start = f"<{kind}{''.join(_attribute(name, value) for name, value in properties.items())}>"
    return start if kind in _EMPTY else f"{start}{markup(children)}</{kind}>"


def _attribute(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "style":
        value = ";".join(f"{prop}:{setting}" for prop, setting in value.items())
    if name in _READ:
        value = contained(str(value))
    return f' {_NAMES.get(name, name)}="{escape(str(value))}"'
