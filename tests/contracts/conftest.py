from pathlib import Path

import pytest

from tests import tiny_clip


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP that was trained a moment ago, as a folder that open_clip could have saved."""
    return tiny_clip.train(tmp_path_factory.mktemp("clip") / "tiny", steps=220)
