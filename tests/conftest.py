"""Which tests run side by side: those of a file keep together, and all that drive a browser share one."""

import os
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two processes that compute with two threads each on two cores wait for each other's: torch falls to a tenth.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

HERE = Path(__file__).parent
TOGETHER = ("browser", "contracts")
"""Folders whose tests share what is dear to make: a browser and a server, a trained model."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        parts = item.path.relative_to(HERE).with_suffix("").parts
        item.add_marker(pytest.mark.xdist_group(parts[0] if parts[0] in TOGETHER else "/".join(parts)))
