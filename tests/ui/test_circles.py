"""The callbacks of the page as a whole: none wait for each other in a circle, few are called when it opens."""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter

import pytest
from dash import Dash

from explorer.config import Settings
from explorer.server import open_services
from explorer.ui.app import create_app
from explorer.workspace.folder import Workspace


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    workspace = Workspace(tmp_path_factory.mktemp("page") / "w")
    services = open_services(workspace, Settings(workspace.path))
    made = create_app(services)
    services.jobs.close()
    return made


def test_a_page_that_opens_fills_no_region_that_waits_to_be_asked(app: Dash) -> None:
    """Each callback called at the start has Dash compare every component of the page a dozen times."""
    fills = [one for one in app._callback_list if any("-markup" in given["id"] for given in one["inputs"])]
    assert len(fills) >= 10
    assert all(one["prevent_initial_call"] for one in fills)


def test_no_callbacks_wait_for_each_other_in_a_circle(app: Dash) -> None:
    """Dash would leave out one of them without a word."""
    waits: defaultdict[str, set[str]] = defaultdict(set)
    for output, callback in app.callback_map.items():
        names = output.strip(".").split("...")
        heard = {f"{one['id']}.{one['property']}" for one in callback["inputs"]}
        for name in names:
            waits[name] |= heard - set(names)  # one that hears of its own output is called once
    assert len(waits) > 50
    TopologicalSorter(waits).prepare()
