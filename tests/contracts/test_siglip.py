"""SigLIP through open_clip: its own tokenizer and context, vectors as open_clip has them, its bias of no matter."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from explorer import encoders
from explorer.errors import MissingWeights
from explorer.kinds import ImageRef
from tests import tiny_clip, tiny_siglip


@pytest.fixture(scope="module")
def siglip(siglip_folder):
    return encoders.load_encoder(f"clip:local-dir:{siglip_folder}", device="cpu")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawn") / "a.png"
    tiny_clip.draw("red", "ring", seed=1).resize((90, 60)).save(path)
    return ImageRef(str(path), "")


def test_vectors_are_those_that_open_clip_computes(siglip, siglip_folder, drawn):
    import open_clip
    import torch
    from PIL import Image

    named = f"local-dir:{siglip_folder}"
    model, transform = open_clip.create_model_from_pretrained(named)
    model.eval()
    assert float(model.logit_bias.detach()) == tiny_siglip.BIAS
    words = ["A red ring!", "word after word"]
    with torch.inference_mode():
        picture = transform(Image.open(drawn.path).convert("RGB"))[None]
        seen = model.encode_image(picture, normalize=True).numpy()
        read = model.encode_text(open_clip.get_tokenizer(named)(words), normalize=True).numpy()
    for mine, theirs in ((siglip.encode([drawn]), seen), (siglip.encode(words), read)):
        assert (mine * theirs).sum(axis=1).min() > 0.999
        assert np.allclose(np.linalg.norm(mine, axis=1), 1, atol=1e-5)


def test_texts_are_cleaned_padded_and_cut_as_its_own_tokenizer_does(siglip):
    assert np.allclose(siglip.encode(["a red ring"]), siglip.encode(["  A red, RING!! "]), atol=1e-5)
    full = "a " * (tiny_siglip.CONTEXT - 2) + "a"
    assert siglip.truncates([full, full + " a", full.replace(" ", "! "), ""]).tolist() == [False, True, False, False]
    assert np.allclose(siglip.encode([full + " a"]), siglip.encode([full + " a" * 50]), atol=1e-5)


def test_the_tokenizer_belongs_to_what_identifies_it_and_without_one_it_is_one_sentence(siglip_folder, tmp_path: Path):
    other = Path(shutil.copytree(siglip_folder, tmp_path / "other"))
    same = encoders.fingerprint(f"clip:local-dir:{other}")
    assert same == encoders.fingerprint(f"clip:local-dir:{siglip_folder}")
    (other / "tokenizer_config.json").write_text((other / "tokenizer_config.json").read_text() + " ")
    assert encoders.fingerprint(f"clip:local-dir:{other}") != same
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (other / name).unlink()
    with pytest.raises(MissingWeights, match="cannot be loaded"):
        encoders.load_encoder(f"clip:local-dir:{other}", device="cpu")


def test_models_that_open_clip_lists_can_be_named():
    for model in ("ViT-B-16-SigLIP", "ViT-B-32-SigLIP2-256"):
        assert encoders.canonical(f"clip:{model}/webli") == f"clip:{model}/webli"
        assert encoders.modalities_of(f"clip:{model}/webli") == {"text", "image"}
