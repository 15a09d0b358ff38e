"""Where thoughts begin and end, of texts that have few words and many ways to put them."""

import numpy as np
import pytest

from explorer.description.terms import count_terms

STOPS = [
    "of",
    "in",
    "by",
    "to",
    "at",
    "for",
    "with",
    "from",
    "on",
    "as",
    "than",
    "that",
    "if",
    "so",
    "but",
    "or",
    "and",
]


@pytest.mark.parametrize("seed", range(3))
def test_texts_of_few_words_and_many_pairs_of_stop_words_are_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = ["boat", "letter", "bridge"]
    texts = [
        " ".join([*rng.choice(STOPS, 2), words[i % 3], *rng.choice(STOPS, 3), words[(i + 1) % 3]]) for i in range(600)
    ]
    counts = count_terms(texts)
    singles = {term[0] for term in counts.terms if len(term) == 1}
    assert singles == set(words)  # every one stands alone: no pair before it is the one that it always has
    assert all(counts.whole[counts.terms.index((word,))] for word in words)


def test_a_word_that_always_has_the_same_two_stop_words_before_it_is_a_piece_of_them() -> None:
    rng = np.random.default_rng(0)
    free = [" ".join(["boat", *rng.choice(STOPS, 3), "letter"]) for _ in range(500)]
    counts = count_terms([*free, *[f"my {thing} is out of date" for thing in ("list", "card", "map") * 20]])
    assert not counts.whole[counts.terms.index(("date",))]
    assert counts.whole[counts.terms.index(("letter",))]
