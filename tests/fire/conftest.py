"""A server with one small finished run, for the tests that ask it over the network."""

import pytest

from tests.servers import serving
from tests.synthetic import write_run


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("fire")
    run = write_run(home / "workspace", 60, dim=384, clusters=3)
    with serving(home / "workspace", home / "server.log", "--no-warm") as server:
        yield server, run
