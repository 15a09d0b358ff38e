"""What helps a run whose encoder could not be downloaded: the same again with the one that is here.

It downloads nothing.
"""

from __future__ import annotations

from explorer.config import AUTO
from explorer.server.runs import Runs


def lacks_model(runs: Runs, key: str) -> bool:
    """Whether a run failed whose encoder would have to be downloaded.  Raises NotFound."""
    from explorer import encoders

    record = runs.workspace.runs.record(key)
    return record["state"] == "failed" and not encoders.is_here(record["settings"]["encoder"])


def start_here(runs: Runs, key: str) -> str:
    """Start what a run asked for with the encoder that is here for its data, and return its key.  Raises NotFound."""
    record = runs.workspace.runs.record(key)
    return runs.start(record["dataset"], {**record["settings"], "encoder": AUTO, "device": record["device"]})
