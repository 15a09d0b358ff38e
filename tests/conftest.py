"""Which tests run side by side: those of a file keep together, and all that drive a browser share one."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
TOGETHER = ("browser", "contracts")
"""Folders whose tests share what is dear to make: a browser and a server, a trained model."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        parts = item.path.relative_to(HERE).with_suffix("").parts
        item.add_marker(pytest.mark.xdist_group(parts[0] if parts[0] in TOGETHER else "/".join(parts)))
