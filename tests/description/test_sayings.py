"""Names are whole phrases that are true of most of their rows, and name nobody of whom few of them tell."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Namer
from explorer.description.sayings import sayings_of
from explorer.description.spelling import proper_words, spellings
from explorer.description.terms import count_terms
from explorer.types import Embeddings
from tests.description.spelling import SpellingEncoder


def _names(texts: list[str], labels: list[int]) -> list[str]:
    n, found = len(texts), SpellingEncoder().encode(texts)
    embeddings = Embeddings("e", found, np.ones(n, np.bool_), "e", np.zeros(n, np.bool_))
    namer = Namer(texts, embeddings, index=KeywordIndex(texts))
    return [one.name for one in namer.names(np.array(labels, np.int32), [[] for _ in set(labels)])]


def _whole(texts: list[str]) -> set[str]:
    counts = count_terms(texts)
    return {" ".join(term) for term, whole in zip(counts.terms, counts.whole, strict=True) if whole and len(term) > 1}


CUT = {
    "hoard of bronze roman": ("Hoard of bronze Roman coins, illegible", "hoard of bronze roman coins"),
    "visitor slipped on wet": ("Visitor slipped on wet tiles near the door", "visitor slipped on wet tiles"),
    "wifi dropped every ten": ("Wifi dropped every ten minutes", "wifi dropped every ten minutes"),
    "ladder while changing": ("He fell from a ladder while changing a bulb.", ""),
    "tooltip covers the save": ("Tooltip covers the save button", "tooltip covers the save button"),
    "gb files takes minutes": ("Opening 2 GB files takes minutes", ""),
    "riss im gurt": ("Riss im Gurt des Förderbandes 7, das ist gefährlich", "riss im gurt des förderbandes"),
}


@pytest.mark.parametrize("cut", CUT)
def test_a_phrase_ends_where_its_texts_end_it(cut: str) -> None:
    text, whole = CUT[cut]
    found = _whole([text] * 5)
    assert cut not in found
    assert not whole or whole in found


def test_a_phrase_that_goes_on_with_one_word_or_another_is_no_name() -> None:
    kinds = ["black", "credit", "virtual", "debit"]
    found = _whole(
        [f"I forgot the PIN for the {kind} card {when}" for kind in kinds for when in ("", "again", "today")]
    )
    assert not {f"pin for the {kind}" for kind in kinds} & found
    assert {f"{kind} card" for kind in kinds} <= found


def test_what_a_phrase_is_said_of_may_differ() -> None:
    found = _whole([f"{name} forgets the sports kit" for name in ("Ewa", "Rosa", "Finn", "Nora", "Kofi", "Sam")])
    assert "forgets the sports kit" in found


def test_what_free_texts_go_on_with_now_and_then_leaves_a_phrase_whole() -> None:
    assert "lost my card" in _whole(
        ["I lost my card yesterday", "I lost my card.", "lost my card in Rome", "lost my card"]
    )


def test_long_phrases_are_kept_only_where_shorter_ones_are_cut() -> None:
    found = _whole(["old garden wall fell down, then the oak came down"] * 3)
    assert max(len(term.split()) for term in found) <= 5


def test_a_name_is_true_of_most_of_its_rows() -> None:
    kinds = ["euros", "dollars", "pounds", "yen", "francs"]
    refunds = [f"the shop refunded {kind} {when}" for kind in kinds for when in ("late", "twice", "at last", "again")]
    others = [
        f"my cheque in {kind} was lost {when}" for kind in kinds for when in ("late", "twice", "at last", "again")
    ]
    names = _names([*refunds, *others], [0] * 20 + [1] * 20)
    for name in names:
        assert not set(kinds) & set(name.lower().replace(",", " ").split()), names
    assert "refunded" in names[0]
    assert "cheque" in names[1]


def test_rows_have_the_words_of_a_phrase_in_any_form_order_and_place() -> None:
    texts = ["freeze the credit card", "my credit cards: please freeze them", "a credit card", "rain"] * 2
    index = KeywordIndex(texts)
    said = index.said([("freeze", "the", "credit", "card"), ("rain",)], np.arange(4))
    assert said.tolist() == [[1, 1, 0, 0], [0, 0, 0, 1]]
    assert index.usual([("rain",)], np.array([0, 1])).tolist() == pytest.approx([2 / 6])


def test_what_stands_below_all_texts_names_no_group() -> None:
    topics = ["bin on fire", "van hit the gate", "gas alarm rang", "cable was cut"]
    notes = [". Photos in the folder", ". Police informed", ""]
    texts = [topic + notes[i % 3] for topic in topics for i in range(12)]
    index, rows = KeywordIndex(texts), np.arange(12)
    found = sayings_of(index, [rows], rows, count=4, top=100, proper=frozenset())
    said = {" ".join(phrase.words) for phrase in found.phrases}
    assert said
    assert not said & {"photos in the folder", "police informed", "photos", "folder", "police", "informed"}


PUPILS = ["Ewa", "Rosa", "Finn", "Nora", "Kofi", "Sam"]


def test_the_name_of_a_person_of_whom_few_rows_tell_is_in_no_name() -> None:
    late = [f"{name} often comes late after break" for name in PUPILS * 3]
    sums = [f"{name} finds times tables difficult" for name in PUPILS * 3]
    names = _names([*late, *sums, *[f"then {name} sang in tune" for name in PUPILS]], [0] * 18 + [1] * 18 + [2] * 6)
    for name in names:
        assert not {pupil.lower() for pupil in PUPILS} & set(name.lower().replace(",", " ").split()), names


def test_a_person_of_whom_all_rows_tell_is_named_with_a_capital() -> None:
    rosa = ["Rosa comes late", "Rosa forgets her books", "Rosa is tired", "Rosa sings in tune"] * 2
    names = _names([*rosa, *["the bin is full", "my bin is broken"] * 4], [0] * 8 + [1] * 8)
    assert "Rosa" in names[0]


def test_words_that_are_written_as_names_are_known_by_their_capital() -> None:
    texts = ["Rosa was late", "we like Rosa", "Late again, Rosa", "late trains to Rome", "in Rome by day", "PIN lost"]
    texts += ["the keeper of the small museum lost his bicycle on the old bridge"]
    assert proper_words(texts) >= {"rosa", "rome"}
    assert not proper_words(texts) & {"late", "we", "pin", "trains"}
    assert proper_words(["Der Hund lag im Garten", "Am Morgen lag die Zeitung auf dem Weg"] * 3) == frozenset()
    assert spellings([("rosa",)], ["Rosa is late", "Rosa sings"], frozenset({"rosa"})) == ["Rosa"]
