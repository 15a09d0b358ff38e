from pathlib import Path

import pytest

from tests import tiny_clap, tiny_clip, tiny_siglip


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP that was trained on coloured shapes, as a folder that open_clip could have saved."""
    return tiny_clip.unpack(tmp_path_factory.mktemp("clip") / "tiny")


@pytest.fixture(scope="session")
def siglip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small SigLIP with weights of chance, as a folder that open_clip could have saved."""
    return tiny_siglip.write(tmp_path_factory.mktemp("siglip") / "tiny")


@pytest.fixture(scope="session")
def clap_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLAP that was taught what three kinds of made sounds are called, as a folder that transformers saved."""
    return tiny_clap.write(tmp_path_factory.mktemp("clap") / "tiny", steps=40)
