"""Averages of word vectors: what counts how much, what is not known, and that a vector is its text's alone."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from explorer import encoders
from explorer.encoders import wordtables
from explorer.encoders.averaging import RARE
from explorer.errors import MissingWeights
from tests.wordfiles import as_binary, as_text, trained, written

WORDS, VECTORS = trained()
SPACE = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setattr(wordtables, "cache_folder", lambda: tmp_path / "cache")
    wordtables._content.cache_clear()
    yield
    wordtables._content.cache_clear()


def loaded(path):
    return encoders.load_encoder(f"words:{path}", device="cpu")


def test_one_word_is_its_vector_and_finds_its_neighbours(tmp_path) -> None:
    encoder = loaded(written(tmp_path / "a.vec", as_text(WORDS, VECTORS)))
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    np.testing.assert_allclose(
        encoder.encode(["paris", " Rome", "CAT"]), unit[[WORDS.index(w) for w in ("paris", "rome", "cat")]], atol=1e-6
    )
    near = [WORDS[at] for at in np.argsort(-(unit @ encoder.encode(["cat"])[0]))[:4]]
    assert set(near) == {"cat", "dog", "horse", "cow"}


def test_a_frequent_word_counts_less_as_the_paper_has_it(tmp_path) -> None:
    encoder = loaded(written(tmp_path / "a.vec", as_text(WORDS, VECTORS)))
    one, other = 0, WORDS.index("paris")
    frequency = 1 / (np.array([one + 1, other + 1]) * (np.log(len(WORDS)) + 0.5772))
    share = RARE / (RARE + frequency)
    expected = share[0] * VECTORS[one] + share[1] * VECTORS[other]
    np.testing.assert_allclose(
        encoder.encode([f"{WORDS[one]}, Paris!"])[0], expected / np.linalg.norm(expected), atol=1e-5
    )
    alphabet = sorted(WORDS)
    even = loaded(written(tmp_path / "b.vec", as_text(alphabet, VECTORS)))
    expected = VECTORS[0] + VECTORS[5]
    np.testing.assert_allclose(
        even.encode([f"{alphabet[0]} {alphabet[5]}"])[0], expected / np.linalg.norm(expected), atol=1e-5
    )


def test_what_all_texts_share_is_taken_out_and_a_vector_is_its_texts_alone(tmp_path) -> None:
    many = [f"w{SPACE.integers(10**9)}" for _ in range(1500)]
    shared = np.zeros(12)
    shared[3] = 4
    vectors = (SPACE.normal(size=(1500, 12)) + shared).astype(np.float32)
    encoder = loaded(written(tmp_path / "a.bin", as_binary(many, vectors)))
    assert abs(float(encoder.component[3])) > 0.9
    texts = [" ".join(many[at] for at in SPACE.integers(0, 1500, 6)) for _ in range(20)]
    together = encoder.encode(texts)
    assert np.abs(together @ encoder.component).max() < 1e-5
    np.testing.assert_allclose(together[7], encoder.encode([texts[7]])[0], atol=1e-6)


def test_a_text_without_a_known_word_has_no_vector_and_unknown_words_are_counted(tmp_path) -> None:
    path = written(tmp_path / "a.vec", as_text(WORDS, VECTORS))
    texts = ["paris is large", "qwrtz", "", "qwrtz qwrtz paris", "…"]
    assert np.isnan(loaded(path).encode(texts)).all(axis=1).tolist() == [False, True, True, False, True]
    assert encoders.unread(f"words:{path}", [*texts[:4], None]).tolist() == [False, True, False, True, False]


def test_phrases_and_parts_of_words_are_found(tmp_path) -> None:
    words = ["New_York", "san francisco", "well", "known", *WORDS[4:]]
    encoder = loaded(written(tmp_path / "a.vec", as_text(words, VECTORS)))
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.encode(["New York", "San Francisco"]), unit[:2], atol=1e-6)
    np.testing.assert_allclose(encoder.encode(["well-known"]), encoder.encode(["well known"]), atol=1e-6)


def test_a_file_is_converted_once_and_known_by_its_content(tmp_path, monkeypatch) -> None:
    path = written(tmp_path / "a.vec", as_text(WORDS, VECTORS))
    first = loaded(path)
    monkeypatch.setattr(wordtables, "_convert", lambda *_: pytest.fail("converted again"))
    copy = written(tmp_path / "copy.vec", path.read_bytes())
    assert loaded(copy).fingerprint == first.fingerprint == encoders.fingerprint(f"words:{path}")
    path.write_bytes(as_text(WORDS, VECTORS + 1))
    assert encoders.fingerprint(f"words:{path}") != first.fingerprint


def test_packed_files_are_read_and_others_are_one_sentence(tmp_path) -> None:
    packed = written(tmp_path / "a.vec.gz", gzip.compress(as_text(WORDS, VECTORS)))
    assert len(loaded(packed).encode(["paris"])) == 1
    for path in (written(tmp_path / "b.txt", b"no vectors\n"), tmp_path / "nowhere.vec", tmp_path):
        with pytest.raises(MissingWeights, match="is no file of word vectors") as told:
            loaded(path)
        assert "\n" not in str(told.value)
    assert not list((tmp_path / "cache" / "words").glob(".*"))
