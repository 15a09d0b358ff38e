"""A process may end at any step on the disk: what was finished is there, what was not is gone or goes on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fire.crashing import OPERATIONS

EVERY = 3
"""Steps from one end to the next; `python -m tests.fire.crashing FOLDER 1` tries all of them, in a minute."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("crashing")
    asked = [sys.executable, "-m", "tests.fire.crashing", str(folder), str(EVERY)]
    ran = subprocess.run(asked, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    return {told["operation"]: told for told in map(json.loads, ran.stdout.splitlines())}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_end_at_any_step_loses_nothing_and_leaves_nothing(ends: dict[str, Any], operation: str) -> None:
    told = ends[operation]
    assert told["wrong"] == [], told["wrong"][0]
    assert told["tried"] >= 5
