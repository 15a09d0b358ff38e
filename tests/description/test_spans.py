"""Names of two phrases that most texts have in one clause are that clause, as it is written; lists stay lists."""

import random

import numpy as np
import pytest

from explorer.description.keywords import KeywordIndex
from explorer.description.spans import span_of
from explorer.description.titles import Phrase
from explorer.description.wording import Wording

SAID = {
    "The tent kept us dry in a storm": (("dry", "tent"), "tent kept us dry"),
    "My new tent has poles that snapped at once": (("snapped", "tent"), "tent has poles that snapped"),
    "Lunch got dearer and portions got smaller": (("smaller", "portions"), "portions got smaller"),
    "Praise is rare, blame comes at once": (("Praise is rare", "blame"), "Praise is rare, blame"),
    "I love the new salad bar in the canteen": (("canteen", "love the new salad bar"),
                                                "love the new salad bar in the canteen"),
    "El pan estaba duro y seco": (("seco", "pan"), "pan estaba duro y seco"),
}  # fmt: skip
AROUND = (["", "Honestly: ", "As always. "], [".", "!", ", sadly.", " – please do something"])


def drawn(chance: random.Random, said: str, count: int) -> list[str]:
    return [chance.choice(AROUND[0]) + said + chance.choice(AROUND[1]) for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("said", SAID)
def test_two_phrases_of_one_clause_are_named_by_it(said: str, seed: int) -> None:
    chance = random.Random(seed)
    phrases, expected = SAID[said]
    most = drawn(chance, said, 20)
    others = drawn(chance, f"{phrases[0]} is one thing", 6) + drawn(chance, f"another {phrases[1]}", 6)
    texts = [*most, *others]
    chance.shuffle(texts)
    assert span_of(phrases, texts) == expected
    assert span_of(phrases[::-1], texts) == expected
    assert not span_of(phrases, [*most[:10], *others]), "less than half of them"
    assert not span_of(phrases[:1], texts)
    apart = [f"{phrases[0]}. And {phrases[1]}"] * 20
    assert not span_of(phrases, apart), "no clause has both"
    far = [f"{phrases[0]} {' '.join(['and'] * 9)} {phrases[1]}"] * 20
    assert not span_of(phrases, far)
    twice = [f"{phrases[0]} again and again {phrases[1]}"] * 20
    assert not span_of(phrases, twice), "no word is twice in a name"
    assert not span_of((phrases[0][:2], phrases[1]), texts), "a piece of a word is none"


def test_a_title_is_written_as_the_clause_that_its_rows_have() -> None:
    chance = random.Random(1)
    texts = drawn(chance, "the tent kept us dry in a storm", 20) + drawn(chance, "a novel about rain", 20)
    index = KeywordIndex(texts)
    wording = Wording(texts, index, np.arange(40))
    title = tuple(Phrase((word,), 1.0, np.ones(2, np.float32)) for word in ("dry", "tent"))
    assert wording.text(title, np.arange(20)) == "tent kept us dry"
    assert wording.text(title, np.arange(15, 40)) != "tent kept us dry", "few of these rows say so"
