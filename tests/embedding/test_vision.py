"""Networks that see and read no words, on a small one of timm's that is made here."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer import ingest, run
from explorer.encoders import canonical, check_folder, fingerprint, is_here, list_encoders, load_encoder, vision
from explorer.errors import BadSetting, MissingWeights, UnknownEncoder, WrongModality
from explorer.kinds import ImageRef
from explorer.questions import search
from tests import tiny_clip, tiny_vision


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_vision.made(tmp_path_factory.mktemp("vision") / "model")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("photos")
    for number in range(24):
        color, shape = tiny_clip.PAIRS[number * 2]
        tiny_clip.draw(color, shape, seed=number).resize((64, 48)).save(place / f"{number:02}.png")
    return place


def test_its_vectors_are_timms_own_pooled_features(folder: Path, photos: Path) -> None:
    import timm
    import torch
    from PIL import Image
    from timm.data import create_transform, resolve_model_data_config

    theirs = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    transform = create_transform(**resolve_model_data_config(theirs), is_training=False)
    files = sorted(photos.iterdir())[:5]
    with torch.inference_mode():
        pixels = torch.stack([transform(Image.open(file).convert("RGB")) for file in files])
        expected = theirs.forward_head(theirs.forward_features(pixels), pre_logits=True).numpy()
    encoder = load_encoder(f"timm:{folder}", device="cpu")
    found = encoder.encode([ImageRef(str(file), "") for file in files])
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-4)
    assert encoder.dim == 24


def test_a_map_of_pictures_is_made_searched_by_picture_and_says_why_not_by_words(
    folder: Path, photos: Path, tmp_path: Path
) -> None:
    made = run(ingest.load(photos), workspace=tmp_path, encoder=f"timm:{folder}")
    assert search(made, sorted(photos.iterdir())[3], k=1).rows.tolist() == [[3]]
    with pytest.raises(WrongModality, match=r"sees pictures and reads no texts; choose conse or clip\."):
        search(made, "a red circle")


def test_weights_that_are_not_whole_are_refused_and_none_are_made_up(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    half = tmp_path / "half"
    shutil.copytree(folder, half)
    (half / "pytorch_model.bin").unlink(missing_ok=True)
    weights = load_file(half / "model.safetensors")
    del weights["blocks.0.attn.qkv.weight"]
    save_file(weights, half / "model.safetensors")
    with pytest.raises(MissingWeights, match=r"1 differ, as blocks\.0\.attn\.qkv\.weight") as told:
        load_encoder(f"timm:{half}", device="cpu")
    assert "\n" not in str(told.value)
    (half / "model.safetensors").unlink()
    with pytest.raises(MissingWeights, match="there are no weights"):
        canonical(f"timm:{half}")
    (half / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(MissingWeights, match="cannot be loaded"):
        load_encoder(f"timm:{half}", device="cpu")
    (half / "config.json").write_text(json.dumps({"model_type": "vit"}))
    with pytest.raises(MissingWeights, match="names no architecture of timm"):
        load_encoder(f"timm:{half}", device="cpu")
    (half / "config.json").unlink()
    with pytest.raises(UnknownEncoder, match=r"no config\.json"):
        canonical(f"timm:{half}")


def test_names_are_timms_own_and_are_known_without_it() -> None:
    import timm

    assert set(timm.list_models()) <= set(vision.listed())
    assert canonical("timm:resnet50") == "timm:resnet50.a1_in1k"
    with pytest.raises(UnknownEncoder, match="for example 'resnet50'"):
        canonical("timm:resnet5o")
    with pytest.raises(UnknownEncoder, match=r"choose from .*a1_in1k"):
        canonical("timm:resnet50.a1")
    code = (
        "import sys; from explorer import encoders as e; e.list_encoders();"
        "e.fingerprint('timm:resnet50'); e.is_here('timm:resnet50');"
        "assert not {'torch', 'timm'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_weights_that_nobody_has_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert not is_here("timm:resnet50")
    with pytest.raises(MissingWeights, match="choose conse, which is here") as told:
        load_encoder("timm:resnet50", device="cpu")
    assert "\n" not in str(told.value)


def test_weights_in_the_hubs_cache_are_taken_without_asking_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    repo = tmp_path / "models--timm--resnet50.a1_in1k"
    (repo / "snapshots" / "abc").mkdir(parents=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("abc")
    (repo / "snapshots" / "abc" / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    assert is_here("timm:resnet50")
    offline = {spec.name for spec in list_encoders() if spec.offline}
    assert "timm:resnet50.a1_in1k" in offline


def test_other_weights_are_another_fingerprint_and_uploads_are_no_models(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "README.md").write_text("another")
    assert fingerprint(f"timm:{folder}") != fingerprint(f"timm:{other}")
    with pytest.raises(BadSetting, match="among what was uploaded"):
        check_folder(f"timm:{other}", outside=tmp_path)
    check_folder("timm:resnet50", outside=tmp_path, inside=[])
    with pytest.raises(BadSetting, match="EXPLORER_MODEL_FOLDERS"):
        check_folder(f"timm:{folder}", outside=tmp_path, inside=[])
