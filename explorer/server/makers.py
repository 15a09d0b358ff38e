"""Names the encoder that made the vectors which came with the data of a map: another run, on the same map.

It checks nothing: the run that it starts does.
"""

from __future__ import annotations

from explorer.config import GIVEN
from explorer.server.runs import Runs


def name_maker(runs: Runs, key: str, maker: str) -> str:
    """Start a run as another one, with the encoder that is named to have made the vectors; return its key.

    Raises as `Runs.start` does.
    """
    record = runs.workspace.runs.record(key)
    encoder = f"{GIVEN}:{maker.removeprefix(f'{GIVEN}:')}"
    return runs.start(record["dataset"], {**record["settings"], "encoder": encoder, "device": record["device"]})
