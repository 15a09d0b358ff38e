"""Says of a dataset that it was put together from several files, and offers to keep them apart.

It reads none: `Versions.keep_apart` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.ingest import SOURCE, TEXT_FROM
from explorer.ui.registration import notify

if TYPE_CHECKING:
    from explorer.server import Services

APART = "apart"
_NAMED = 3
"""Files that are named, at most."""


def offer(services: Services, record: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """Return what is said of a dataset that is several files one below the other; nothing where it is one."""
    files = services.versions.files_apart(str(record["dataset"]))
    if not files:
        return []
    held = {"data-library": APART, "data-kind": "dataset", "data-key": str(record["dataset"])}
    button = html.Button("Keep them apart", className="ghost", **held, **{"data-testid": "keep-apart"})
    parts = [html.P(said(files, columns), className="preview-count", **{"data-testid": "put-together"})]
    return [html.Div([*parts, html.Div([button, html.Span(_MEANS, className="note")], className="buttons")])]


_MEANS = "a dataset for each file, with its own columns and its own map"


def said(files: Sequence[str], columns: Sequence[str]) -> str:
    """Return in words how files became one dataset, and which of its *columns* tell a row's file and text."""
    named = [f"“{name}”" for name in files[:_NAMED]]
    if len(files) > _NAMED:
        named.append(f"{len(files) - _NAMED} more")
    told = [f"“{SOURCE}” tells each row’s file"] if SOURCE in columns else []
    told += [f"“{TEXT_FROM}” what its text is called there"] if TEXT_FROM in columns else []
    which = f" The column {' and '.join(told)}." if told else ""
    return f"{len(files)} files became one dataset, row below row: {', '.join(named[:-1])} and {named[-1]}.{which}"


def kept_apart(services: Services, action: Mapping[str, Any]) -> str:
    """Return the key of the first of the datasets that the files of one become, and say that there are others."""
    made = services.versions.keep_apart(str(action["key"]))
    others = " and ".join(f"“{one['name']}”" for one in made[1:])
    first, key = made[0]["name"], str(made[0]["dataset"])
    notify(f"Each file is a dataset of its own now. This is “{first}”; under Maps: {others}.", kind="info", about=key)
    return key
