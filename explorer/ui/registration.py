"""Registers handlers, on the server so that none can stop it, or in the browser; turns errors into notices.

It knows no panel.  On the FastAPI backend Dash calls a plain `def` callback on the event loop's own thread; every
handler therefore runs in a thread of a lane behind an `async def`.  Handlers are plain functions of their inputs; one
that waits for a worker is a coroutine, which holds no thread.
"""

from __future__ import annotations

import functools
import inspect
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State, no_update, set_props

from explorer.errors import ExplorerError
from explorer.server import ANSWERS, Lane, without_places
from explorer.ui import ids

Dependency: TypeAlias = Output | Input | State
Handler = TypeVar("Handler", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


def handle(
    app: Dash, *dependencies: Dependency, initial: bool = False, running: Any = None, lane: Lane = ANSWERS
) -> Callable[[Handler], Handler]:
    """Register the decorated handler for *dependencies*: outputs first, then inputs and states in argument order.

    It is not called when the page loads unless *initial* is True.  An ExplorerError becomes an error notice and
    leaves every output as it was.  *running* are Dash's triples of an output, its value meanwhile and afterwards.
    """
    outputs = sum(isinstance(dependency, Output) for dependency in dependencies)

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def callback(*values: Any) -> Any:
            try:
                if inspect.iscoroutinefunction(handler):
                    return await handler(*values)
                return await lane.run(handler, *values)
            except ExplorerError as error:
                notify(without_places(str(error), _workspace_of(app)))
            except Exception:  # noqa: BLE001 - the edge: it is logged, and the page says so
                name = secrets.token_hex(4)
                _log.exception("the handler %s failed, under %s", handler.__name__, name)
                notify(f"Something went wrong on the server; its log says what, under {name}. The page is as it was.")
            return no_update if outputs == 1 else (no_update,) * outputs

        app.callback(*dependencies, prevent_initial_call=not initial, running=running)(callback)
        return handler

    return register


def _workspace_of(app: Dash) -> Path | None:
    return getattr(getattr(app.server, "state", None), "workspace", None)


def in_browser(app: Dash, function: str, *dependencies: Dependency, initial: bool = False) -> None:
    """Let a function of the page's scripts, as ``explorer_map.draw``, answer *dependencies*, in the order of `handle`.

    It is not called when the page loads unless *initial* is True.
    """
    namespace, name = function.split(".")
    app.clientside_callback(ClientsideFunction(namespace, name), *dependencies, prevent_initial_call=not initial)


def notify(text: str, *, kind: str = "error") -> None:
    """Show a notice; only from inside a callback."""
    set_props(ids.NOTICE, {"data": {"kind": kind, "text": text}})
