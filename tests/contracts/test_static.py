"""Tables of tokens give the vectors that model2vec gives, and say in a sentence what is wrong with a folder."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import encoders
from explorer.errors import MissingWeights
from tests import tiny_static

TEXTS = [
    "the first of some texts",
    "another text, with other words!",
    "words",
    "Words and TEXTS – and ünïcode 漢字",
    "first " * 700,
    "x" * 5_000,
]


@pytest.mark.parametrize("kind", ["plain", "mapped"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8])
def test_vectors_are_those_of_model2vec(tmp_path, kind, dtype) -> None:
    model2vec = pytest.importorskip("model2vec")
    folder = tiny_static.folder(tmp_path, TEXTS[:4], kind=kind, dtype=dtype)
    theirs = model2vec.StaticModel.from_pretrained(folder).encode(TEXTS, use_multiprocessing=False)
    ours = encoders.load_encoder(f"static:{folder}", device="cpu").encode(TEXTS)
    there = np.abs(theirs).sum(axis=1) > 0
    close = 2e-3 if dtype == np.float16 else 1e-5
    np.testing.assert_allclose(ours[there], np.asarray(theirs, np.float32)[there], atol=close)
    assert np.isnan(ours[~there]).all()


def test_how_much_of_a_text_is_read_is_what_the_folder_says(tmp_path) -> None:
    encoder = encoders.load_encoder(f"static:{tiny_static.folder(tmp_path, TEXTS, max_length=4)}", device="cpu")
    assert encoder.truncates(["words", "a a a a", "a a a a a", "y" * 99]).tolist() == [False, False, True, True]
    short, long = encoder.encode(["a a a a", "a a a a words"])
    np.testing.assert_allclose(short, long)


def test_a_text_of_unknown_tokens_has_no_vector_and_is_told_as_unread(tmp_path) -> None:
    name = f"static:{tiny_static.folder(tmp_path, TEXTS[:3])}"
    encoder = encoders.load_encoder(name, device="cpu")
    assert np.isnan(encoder.encode(["some words", "漢字", ""])).all(axis=1).tolist() == [False, True, True]
    assert encoders.unread(name, ["some words", "漢字"]).tolist() == [False, True]


def test_a_folder_that_holds_no_table_is_one_sentence(tmp_path) -> None:
    for step in ("nothing", "damaged", "other tokens"):
        if step == "damaged":
            tiny_static.folder(tmp_path, TEXTS)
            (tmp_path / "model.safetensors").write_bytes(b"no table")
        elif step == "other tokens":
            tiny_static.folder(tmp_path, TEXTS)
            table = (tmp_path / "model.safetensors").read_bytes()
            tiny_static.folder(tmp_path, ["other words alone"])
            (tmp_path / "model.safetensors").write_bytes(table)
        with pytest.raises(MissingWeights, match="holds no table of tokens that can be loaded") as told:
            encoders.load_encoder(f"static:{tmp_path}", device="cpu")
        assert "\n" not in str(told.value)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(MissingWeights, match="holds no table"):
        encoders.load_encoder(f"static:{tmp_path}", device="cpu")
