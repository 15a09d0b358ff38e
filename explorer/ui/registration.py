"""Registers handlers, on the server so that none can stop it, or in the browser; turns errors into notices.

It knows no panel.  On the FastAPI backend Dash calls a plain `def` callback on the event loop's own thread; every
handler therefore runs in a thread of a lane behind an `async def`.  Handlers are plain functions of their inputs; one
that waits for a worker is a coroutine, which holds no thread.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update, set_props

from explorer.errors import ExplorerError
from explorer.server import ANSWERS, Lane, without_places
from explorer.ui import ids
from explorer.ui.faults import Faults
from explorer.ui.shapes import check_values, hints_of

Dependency: TypeAlias = Output | Input | State
Handler = TypeVar("Handler", bound=Callable[..., Any])

_faults = Faults()


def handle(
    app: Dash, *dependencies: Dependency, initial: bool = False, running: Any = None, lane: Lane = ANSWERS
) -> Callable[[Handler], Handler]:
    """Register the decorated handler for *dependencies*: outputs first, then inputs and states in argument order.

    It is not called when the page loads unless *initial* is True.  An ExplorerError becomes an error notice and
    leaves every output as it was.  *running* are Dash's triples of an output, its value meanwhile and afterwards.
    """
    outputs = [dependency for dependency in dependencies if isinstance(dependency, Output)]
    names = [str(one.component_id) for one in dependencies if not isinstance(one, Output)]

    def register(handler: Handler) -> Handler:
        hints = hints_of(handler, len(names))

        @functools.wraps(handler)
        async def callback(*values: Any) -> Any:
            check_values(names, hints, values)  # what it raises is an answer with a status: nobody looks at a notice
            try:
                if inspect.iscoroutinefunction(handler):
                    return await handler(*values)
                return await lane.run(handler, *values)
            except ExplorerError as error:
                notify(error.on_page or without_places(str(error), _workspace_of(app)))
            except Exception as error:  # noqa: BLE001 - the edge: it is logged, and the page says so
                name = _faults.log(f"the handler {handler.__name__}", error)
                notify(f"Something went wrong on the server; its log says what, under {name}. The page is as it was.")
            return _nothing(outputs)

        app.callback(*dependencies, prevent_initial_call=not initial, running=running)(callback)
        return handler

    return register


def _nothing(outputs: Sequence[Output]) -> Any:
    """Return what leaves all outputs as they are; of a pattern's as many as the page has, or Dash takes it for none."""
    if len(outputs) > 1:
        return (no_update,) * len(outputs)
    return [no_update] * len(ctx.outputs_list) if isinstance(outputs[0].component_id, dict) else no_update


def _workspace_of(app: Dash) -> Path | None:
    return getattr(getattr(app.server, "state", None), "workspace", None)


def in_browser(app: Dash, function: str, *dependencies: Dependency, initial: bool = False) -> None:
    """Let a function of the page's scripts, as ``explorer_map.draw``, answer *dependencies*, in the order of `handle`.

    It is not called when the page loads unless *initial* is True.
    """
    namespace, name = function.split(".")
    app.clientside_callback(ClientsideFunction(namespace, name), *dependencies, prevent_initial_call=not initial)


def notify(text: str, *, kind: str = "error", about: str | None = None) -> None:
    """Show a notice; only from inside a callback. One *about* a dataset goes when another one is on screen."""
    set_props(ids.NOTICE, {"data": {"kind": kind, "text": text, "about": about}})
