"""One text of any length: encoders look at its beginning only, and get from it what all of it would give."""

from __future__ import annotations

import random

import numpy as np
import pytest

from explorer import encoders
from explorer.encoders import beginnings
from explorer.encoders.clip import ClipEncoder
from explorer.encoders.sentence import SentenceEncoder

WORDS = ("map", "neighbour", "Überraschung", "internationalisation", "42", "地図", "…", "x" * 90, "карта", "\n\t")


@pytest.fixture(scope="module")
def minilm() -> SentenceEncoder:
    return encoders.load_encoder("minilm", device="cpu")


def long_texts() -> list[str]:
    chance = random.Random(7)
    mixed = [" ".join(chance.choices(WORDS, k=2_500)) for _ in range(2)]
    return [*mixed, "地図を見る" * 2_500, "word " * 3_000, ("y" * 150 + " ") * 300, " " * 12_000 + "one word", "short"]


def test_a_beginning_gives_the_vectors_that_all_of_a_text_gives(minilm, monkeypatch):
    texts = long_texts()
    vectors, cut = minilm.encode(texts), minilm.truncates(texts)
    monkeypatch.setattr(SentenceEncoder, "_begun", lambda _self, text: text)
    assert np.abs(vectors - minilm.encode(texts)).max() < 1e-5
    assert cut.tolist() == minilm.truncates(texts).tolist() == [True] * 5 + [False] * 2


@pytest.mark.parametrize("text", ["word " * 2_000_000, "a" * 9_000_000, "地" * 4_000_000])
def test_however_long_a_text_is_the_tokenizer_gets_little_of_it(minilm, monkeypatch, text):
    seen, whole, model = [], [], minilm._model
    count, encode = model.counts, model.encode
    monkeypatch.setattr(model, "counts", lambda texts: seen.extend(map(len, texts)) or count(texts))
    monkeypatch.setattr(model, "encode", lambda texts, n: whole.extend(map(len, texts)) or encode(texts, n))
    assert np.isfinite(minilm.encode([text])).all()
    assert minilm.truncates([text]).all()
    assert max(whole) <= beginnings.LONGEST
    assert sum(seen) <= 6 * beginnings.LONGEST


class Letters:
    """Tokenizes as CLIP's does in what matters here: blanks are nothing, each four letters of a word are a token."""

    context_length = 77

    def encode(self, text: str) -> list[str]:
        return [word[at : at + 4] for word in text.split() for at in range(0, len(word), 4)]


@pytest.mark.parametrize(
    ("text", "cut"), [("a b", False), ("a" * 9_000_000, True), (" " * 90_000 + "a", False), (" " * 900_000 + "a", True),
                      ("word " * 75, False), ("word " * 76, True), ("word " * 100_000, True)]
)  # fmt: skip
def test_clip_reads_a_beginning_too(text, cut):
    clip = ClipEncoder.__new__(ClipEncoder)
    clip._tokenizer = Letters()
    begun, _ = clip._begun(text)
    assert len(begun) <= 77 * beginnings.CHARACTERS
    assert Letters().encode(begun)[:75] == Letters().encode(text[: beginnings.LONGEST])[:75]
    assert clip.truncates([text]).tolist() == [cut]
