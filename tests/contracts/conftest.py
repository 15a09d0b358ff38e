from pathlib import Path

import pytest

from tests import tiny_clip


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP that was trained on coloured shapes, as a folder that open_clip could have saved."""
    return tiny_clip.unpack(tmp_path_factory.mktemp("clip") / "tiny")
