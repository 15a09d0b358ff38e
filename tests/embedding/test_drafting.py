"""Tables of word pieces, fitted to the vectors of a sample."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.embedding import Pieces, fit_table, recall_of
from explorer.types import FloatArray

WORDS, DIM, TOPICS = 300, 16, 12


class Numbers:
    """Word pieces of texts that are numbers with blanks between them."""

    size = WORDS

    def numbers(self, texts: list[str]) -> list[list[int]]:
        return [[int(word) for word in text.split()] for text in texts]


def made(seed: int, count: int) -> tuple[list[str], FloatArray, FloatArray]:
    """Return texts, what an encoder would make of them, and what is known of each word beforehand: half the truth.

    A vector is the sum of its words' directions and of one for each pair of words that follow each other.
    """
    rng = np.random.default_rng(seed)
    words = rng.normal(size=(WORDS, DIM))
    owns = rng.integers(WORDS, size=(TOPICS, 20))
    rows = [rng.choice(owns[rng.integers(TOPICS)], 7) for _ in range(count)]
    twist = rng.normal(size=(DIM, DIM)) / np.sqrt(DIM)
    vectors = np.stack(
        [words[row].sum(0) + 0.3 * np.tanh(words[row[:-1]] @ twist * words[row[1:]]).sum(0) for row in rows]
    )
    known = words + 1.5 * rng.normal(size=words.shape)
    return [" ".join(map(str, row)) for row in rows], unit(vectors), known.astype(np.float32)


def unit(vectors: np.ndarray) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_a_fitted_table_finds_more_of_the_true_neighbours_than_one_that_is_not_fitted(seed: int) -> None:
    texts, true, known = made(seed, 900)
    pieces, unseen = Pieces(Numbers()), slice(500, None)
    plain = unit(np.stack([known[[int(word) for word in text.split()]].mean(0) for text in texts[unseen]]))
    without = recall_of(true[unseen], plain)
    alone = recall_of(true[unseen], fit_table(pieces, texts[:500], true[:500], known[:, :0]).draft(texts[unseen]))
    both = recall_of(true[unseen], fit_table(pieces, texts[:500], true[:500], known).draft(texts[unseen]))
    few = recall_of(true[unseen], fit_table(pieces, texts[:60], true[:60], known).draft(texts[unseen]))
    assert None not in (without, alone, both, few)
    assert alone > without + 0.1
    assert both > without + 0.1
    assert both > few


def test_a_draft_depends_on_its_text_alone_to_the_last_bit() -> None:
    texts, true, known = made(7, 400)
    table = fit_table(Pieces(Numbers()), texts[:200], true[:200], known)
    whole = table.draft(texts)
    order = np.random.default_rng(0).permutation(len(texts))
    np.testing.assert_array_equal(table.draft([texts[row] for row in order]), whole[order])
    np.testing.assert_array_equal(np.concatenate([table.draft([text]) for text in texts[:30]]), whole[:30])
    np.testing.assert_allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-6)


def test_texts_without_a_piece_have_a_vector_too() -> None:
    texts, true, known = made(1, 100)
    drafted = fit_table(Pieces(Numbers()), [*texts, ""], np.vstack([true, true[:1]]), known).draft(["", "3 4"])
    np.testing.assert_allclose(np.linalg.norm(drafted, axis=1), 1, atol=1e-6)


def test_recall_is_the_share_of_the_ten_nearest_that_are_kept() -> None:
    rng = np.random.default_rng(0)
    true = unit(rng.normal(size=(60, 5)))
    assert recall_of(true, true) == 1
    assert recall_of(true, unit(true + 0.05)) < 1
    assert recall_of(true[:12], true[:12]) is None
