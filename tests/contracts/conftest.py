from pathlib import Path

import pytest
from filelock import FileLock

from tests import tiny_clip


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A CLIP that was trained a moment ago, as a folder that open_clip could have saved; one for all workers."""
    home = tmp_path_factory.getbasetemp()
    home = home if worker_id == "master" else home.parent
    with FileLock(home / "clip.lock"):
        made = home / "clip" / "tiny"
        if not made.exists():
            tiny_clip.train(home / "clip" / "in the making", steps=220).rename(made)
    return made
