"""No callbacks of the page wait for each other in a circle: Dash would leave out one of them without a word."""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

from explorer.config import Settings
from explorer.server import open_services
from explorer.ui.app import create_app
from explorer.workspace.folder import Workspace


def test_no_callbacks_wait_for_each_other_in_a_circle(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    services = open_services(workspace, Settings(workspace.path))
    app = create_app(services)
    services.jobs.close()
    waits: defaultdict[str, set[str]] = defaultdict(set)
    for output, callback in app.callback_map.items():
        names = output.strip(".").split("...")
        heard = {f"{one['id']}.{one['property']}" for one in callback["inputs"]}
        for name in names:
            waits[name] |= heard - set(names)  # one that hears of its own output is called once
    assert len(waits) > 50
    TopologicalSorter(waits).prepare()
