"""What all tests share: one thread each where they run side by side, and a server that has warmed up."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import Server, serving

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two processes that compute with two threads each on two cores wait for each other's: torch falls to a tenth.
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server for all that neither stop it nor count what it holds: its libraries take long to load."""
    home = tmp_path_factory.mktemp("server")
    with serving(home / "workspace", home / "server.log") as running:
        yield running
