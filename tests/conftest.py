"""What all tests share: one thread each where they run side by side, and a server that has warmed up."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.config import share_cores
from explorer.encoders.configured import OF_WORKSPACE
from explorer.server import readers
from tests.servers import Server, serving

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two processes that compute with two threads each on two cores wait for each other's: torch falls to a tenth.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    share_cores()


FIRST = ("browser", "test_readme.py", "contracts", "server", "fire", "runs", "cli")
"""What takes longest, file by file: what is left for the end is short, and both processes end at the same time."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; each keeps its own order."""
    here = config.rootpath / "tests"

    def turn(item: pytest.Item) -> int:
        room = item.path.relative_to(here).parts[0] if here in item.path.parents else ""
        return FIRST.index(room) if room in FIRST else len(FIRST)

    items.sort(key=turn)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the garbage collector leave alone what stays, and come less often: it took an eighth of all tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class Shared(readers.Spare):
    """The reading process of all tests that run in one process: its libraries take 1.5 s of the processor to load."""

    def __init__(self) -> None:
        super().__init__()
        self._environment = _settings()

    def keep(self) -> None:
        self._end_other()
        super().keep()

    def taken(self) -> readers.Process:
        self._end_other()
        return super().taken()

    def put_away(self, process: readers.Process, *, of_use: bool) -> None:
        self._keeps = of_use  # whoever wants the next one starts it
        super().put_away(process, of_use=of_use)

    def close(self) -> None:
        """Leave it to the next test."""

    def _end_other(self) -> None:
        """End the one that was started with other settings."""
        if self._environment != _settings():
            self._environment = _settings()
            self.end()


def _settings() -> dict[str, str]:
    """Return what a reading process takes from its environment: a workspace's file that is not there says nothing."""
    mine = {name: value for name, value in os.environ.items() if name.startswith("EXPLORER_")}
    return {name: value for name, value in mine.items() if name != OF_WORKSPACE or Path(value).is_file()}


@pytest.fixture(scope="session", autouse=True)
def shared_reading_process() -> Iterator[None]:
    """Have every Readers that is made by the tests' own process take the one that the others have."""
    shared = Shared()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readers, "Spare", lambda: shared)
        yield
    shared.end()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server for all that neither stop it nor count what it holds: its libraries take long to load."""
    home = tmp_path_factory.mktemp("server")
    with serving(home / "workspace", home / "server.log") as running:
        yield running
