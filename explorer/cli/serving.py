"""Run the server: one process that holds the workspace, answers requests and looks after the two workers.

It does not build the page (ui does) nor the routes (api does).
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from explorer.cli.allocating import give_memory_back
from explorer.cli.connections import bounded_protocol, open_many_files
from explorer.cli.printing import say
from explorer.config import Settings, loading
from explorer.errors import ExplorerError, UnreadableFile
from explorer.workspace import Workspace

if TYPE_CHECKING:
    from explorer.server import Services

log = logging.getLogger(__name__)
BEHIND_SECONDS = 0.4
"""Until the workers start and files are read: two processes that load their libraries, and pandas in this one, would
hold up the first answer of the page, which is opened as soon as the server listens."""


class PortTaken(ExplorerError):
    """The address to listen on is not to be had."""


def serve(
    settings: Settings | None = None, *, paths: Sequence[Path | str] = (), browser: bool = False, **given: Any
) -> None:
    """Serve until stopped; *paths* become datasets, each with a run, behind the first answer.

    Without *settings* they are those of `Settings.from_env` and *given*: ``workspace, host, port, device, warm``.
    Raises UnreadableFile for a path that does not exist, PortTaken, WorkspaceBusy, WorkspaceUnusable.
    """
    settings = settings or Settings.from_env(**given)
    places = [Path(path) for path in paths]
    for path in places:
        if not path.exists():
            raise UnreadableFile(f"{path} does not exist; give a file or a folder.")
    from explorer.runs import one_thread_an_answer

    one_thread_an_answer()
    give_memory_back()
    open_many_files()
    workspace = Workspace(settings.workspace)
    with _to_the_end(), workspace.exclusive(), _listen(settings) as listener:
        with loading():
            import uvicorn

            from explorer.server import open_services
            from explorer.ui import create_app

            services = open_services(workspace, settings)
            app = create_app(services)
        gc.freeze()  # what was loaded stays: no collection has to look at it while pages wait
        address = f"http://{_shown(settings.host)}:{listener.getsockname()[1]}"
        config = uvicorn.Config(app.server, log_level="warning", timeout_graceful_shutdown=2, http=bounded_protocol())
        server = uvicorn.Server(config)
        _say(f"Embedding Explorer is at {address} (workspace {workspace.path}; Ctrl-C stops it).")
        behind = threading.Timer(BEHIND_SECONDS, _begin, args=(services, places), kwargs={"warm": settings.warm})
        behind.daemon = True
        behind.start()
        if browser:
            threading.Timer(1.0, webbrowser.open, args=(address,)).start()
        try:
            server.run(sockets=[listener])
        finally:
            behind.cancel()
            services.undoing.close()
            services.readers.close()
            services.jobs.close()
            gc.unfreeze()


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Have those who stop this process, or close its terminal, wait until what is within has come to its end.

    It then ends as it would have: uvicorn stops at SIGTERM, and raises it once more before anything after it is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    said: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        said.append(number)
        if len(said) == 1:
            raise SystemExit(128 + number)

    names = (signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
    before = {name: signal.getsignal(name) for name in names}
    for name in (name for name in names if before[name] is not signal.SIG_IGN):  # as nohup has it
        signal.signal(name, stop)
    try:
        yield
    finally:
        for name in names:
            signal.signal(name, before[name] or signal.SIG_DFL)
        for number in said[:1]:
            signal.raise_signal(number)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except (OSError, OverflowError, TypeError, ValueError) as exc:  # the last two: no host can have such a name
        listener.close()
        raise PortTaken(
            f"port {settings.port} on {settings.host} is not to be had ({getattr(exc, 'strerror', None) or exc}); "
            "choose another with --port."
        ) from exc
    return listener


def _begin(services: Services, paths: Sequence[Path], *, warm: bool) -> None:
    """Start the workers, if they are to be warm before anybody asks, and open the paths."""
    from explorer.ui import import_what_plotly_looks_at

    import_what_plotly_looks_at()  # here, where the first page need not fear it, and not while a file is read
    if warm:
        services.jobs.warm()
        services.readers.warm()
    _open_paths(services, paths)


def _open_paths(services: Services, paths: Sequence[Path]) -> None:
    """Make a dataset and a run of each path that has none."""
    for path in paths:
        try:
            added = services.datasets.add_path(path)
            known = {record["dataset"] for record in services.workspace.runs.records()}
            if added["dataset"] not in known:
                services.runs.start(added["dataset"], {})
        except ExplorerError as exc:
            _say(f"{path}: {exc}")


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)


def _say(text: str) -> None:
    say(text)
    sys.stdout.flush()
