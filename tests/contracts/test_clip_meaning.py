"""A CLIP that was really trained finds what a caption says."""

import numpy as np
import pytest

from explorer import encoders
from explorer.kinds import ImageRef
from tests import tiny_clip


@pytest.fixture(scope="module")
def clip(clip_folder):
    return encoders.load_encoder(f"clip:local-dir:{clip_folder}", device="cpu")


@pytest.fixture(scope="module")
def unseen(tmp_path_factory):
    """Drawings that the model was not trained on: each of the 48 pairs twice."""
    folder = tmp_path_factory.mktemp("unseen")
    refs = []
    for seed in (9001, 9002):
        for color, shape in tiny_clip.PAIRS:
            path = folder / f"{color}-{shape}-{seed}.png"
            tiny_clip.draw(color, shape, seed=seed).save(path)
            refs.append(ImageRef(str(path), ""))
    return refs


def test_a_caption_finds_its_picture_first(clip, unseen):
    captions = clip.encode([tiny_clip.caption(*pair) for pair in tiny_clip.PAIRS])
    best = (captions @ clip.encode(unseen).T).argmax(axis=1) % len(tiny_clip.PAIRS)
    recall = (best == np.arange(len(tiny_clip.PAIRS))).mean()
    assert recall >= 0.9


def test_vectors_are_those_that_open_clip_computes(clip, clip_folder, unseen):
    import open_clip
    import torch
    from PIL import Image

    model, transform = open_clip.create_model_from_pretrained(f"local-dir:{clip_folder}")
    tokens = open_clip.get_tokenizer(f"local-dir:{clip_folder}")(["a red circle"])
    model.eval()
    with torch.inference_mode():
        picture = transform(Image.open(unseen[0].path).convert("RGB"))[None]
        reference = [model.encode_image(picture, normalize=True), model.encode_text(tokens, normalize=True)]
    ours = [clip.encode([unseen[0]]), clip.encode(["a red circle"])]
    for mine, theirs in zip(ours, reference, strict=True):
        assert float((mine * theirs.numpy()).sum()) > 0.999
