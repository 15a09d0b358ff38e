"""Names of sets with few sentences, said again and again: no piece of a phrase, nothing that says the opposite."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Namer
from explorer.description.pieces import Pieces
from explorer.description.terms import count_terms
from explorer.types import Embeddings
from tests.bench.templated import is_cut, judged, tokens
from tests.description.spelling import SpellingEncoder
from tests.templates import SETS, made


def _whole(texts: list[str]) -> set[str]:
    counts = count_terms(texts)
    return {" ".join(term) for term, whole in zip(counts.terms, counts.whole, strict=True) if whole}


@pytest.mark.parametrize("kind", SETS)
def test_names_of_topics_are_no_pieces_of_longer_phrases(kind: str) -> None:
    texts, topics = made(SETS[kind])
    known, labels = np.unique(topics, return_inverse=True)
    n, labels = len(texts), labels.astype(np.int32)
    vectors = SpellingEncoder().encode(texts)
    embeddings = Embeddings("e", vectors, np.ones(n, np.bool_), "e", np.zeros(n, np.bool_))
    namer = Namer(texts, embeddings, index=KeywordIndex(texts))
    names = [one.name for one in namer.names(labels, [[] for _ in known])]
    found = judged(names, texts, labels)
    assert len(found["cut"]) <= 1, (found["cut"], names)
    assert not found["elsewhere"], names
    assert len(found["within"]) <= 1, (found["within"], names)


WHOLE = {
    "council tax": ("council", ["the council tax line is dead", "council tax bill again", "council tax twice"]),
    "vacuum cleaner": ("vacuum", ["the vacuum cleaner stinks", "a vacuum cleaner bag", "vacuum cleaner"]),
    "receipts of the scouts": ("scouts to the treasurer", ["Receipts of the scouts to the treasurer by May"] * 3),
    "pages left": ("answers", ["Nobody answers the phone, 9 pages left", "she answers the door, pages left"] * 2),
    "parking payant": ("euros", ["parking payant, 3 euros la nuit", "parking payant, 12 euros la nuit"] * 2),
    "first aid list": ("aid list", ["First aid list for May", "first aid list", "First aid list, new"]),
    "how long is the cable": ("long is the cable", ["How long is the cable", "how long is the hose"] * 3),
    "telefon klingelt nicht": ("telefon klingelt", ["Das Telefon klingelt nicht.", "Telefon klingelt nicht"] * 2),
    "verbindung bricht ständig ab": ("verbindung bricht ständig", ["Die Verbindung bricht ständig ab."] * 4),
    "wifi ne marche pas": ("wifi ne marche", ["Le wifi ne marche pas dans les chambres.", "wifi ne marche pas"] * 2),
    "chambre était propre": ("propre", ["La chambre était propre mais petite.", "la chambre était propre"] * 2),
    "accueil à la réception": ("réception", ["L'accueil à la réception", "accueil à la réception"] * 2),
    "scratch on one side": ("arrived", [f"The {a} arrived with a scratch on one side" for a in ("rake", "hose")] * 3),
    "carved eaves on day two": ("day", ["carved eaves on day two", "Carved eaves on day two (3)"] * 3),
    "chaises de la salle deux": ("salle", ["réunion en salle deux", "les chaises de la salle deux"] * 3),
    "too hot": ("hot", ["salami pizza, too hot", "the soup is too hot"] * 3),
    "app": ("app keeps logging", ["The app keeps logging me out", "my app keeps logging me out", "app", "new app"] * 3),
    "tax line": ("tax", ["Nobody answers the tax line.", "nobody answers the tax line"] * 2),
}


@pytest.mark.parametrize("whole", WHOLE)
def test_what_goes_with_another_word_is_whole_with_it_alone(whole: str) -> None:
    piece, texts = WHOLE[whole]
    index = KeywordIndex([*texts, "rain again", "the sun is out", "il pleut encore", "es regnet in der Stadt"])
    candidates = index.phrases_of([np.arange(len(texts))], class_words=index.class_words(2), top=99)
    said = {" ".join(one.words) for one in candidates}
    assert whole in said, said
    assert piece not in said, said


TORN = {
    "date": ["The shelves of travel guides are out of date", "Maps on the shelves of travel guides are out of date"]
    * 3,
    "mano": ["Los libros son de segunda mano", "Vendo bicis de segunda mano y ropa"] * 3,
    "bread knife arrived": [
        *["The bread knife arrived with a scratch"] * 4,
        *["a bread knife", "bread knife, new"] * 3,
    ],
    "brotmesser kam": [*["Das Brotmesser kam mit Kratzern"] * 4, *["Ein Brotmesser", "das Brotmesser"] * 3],
}


@pytest.mark.parametrize("piece", TORN)
def test_a_piece_of_a_fixed_expression_and_what_stops_half_way_name_nothing(piece: str) -> None:
    terms = {" ".join(term) for term in count_terms(TORN[piece]).terms}
    assert piece in terms, terms
    assert piece not in _whole(TORN[piece])


FREE = {
    "sea": ["sunny by the sea", "walk to the sea", "a house at the sea", "cold sea"],
    "winter": ["cold in winter", "closed in winter", "dark in winter", "too dark in winter"],
    "card arrived": ["my card arrived in May", "card arrived with the post", "card arrived", "card arrived at home"],
    "two lamps": ["two lamps for two rooms", "I want two lamps", "two lamps broke"],
}


@pytest.mark.parametrize("word", FREE)
def test_what_only_a_preposition_is_beside_is_whole(word: str) -> None:
    assert word.removeprefix("two ") in _whole(FREE[word])
    assert not any(said.startswith("two ") for said in _whole(FREE[word]))


def test_a_word_that_different_words_are_beside_is_whole() -> None:
    texts = ["lamp lost", "my lamp broke", "red lamp", "extra fee", "the fee is wrong", "cash fee twice"]
    assert {"lamp", "fee"} <= _whole(texts)


def test_a_longer_phrase_stands_for_its_piece_where_a_group_says_no_other() -> None:
    pieces = Pieces.among({("tax",): 0, ("tax", "line"): 1, ("line",): 2}, np.array([True, True, True]))
    assert pieces.uncut(np.array([0, 1, 2]), np.array([10, 9, 30])).tolist() == [1, 2]
    assert pieces.uncut(np.array([0, 2]), np.array([10, 9, 30])).tolist() == [0, 2]
    assert sorted(pieces.continued(np.array([10, 9, 11]))) == [0, 2]
    assert Pieces.among({}, np.zeros(0, np.bool_)).uncut(np.array([0]), np.array([1])).tolist() == [0]


def test_the_judge_knows_pieces_from_phrases() -> None:
    rows = [tokens(text) for text in ["Nobody answers the council tax line."] * 9 + ["How long is the hose?"]]
    assert is_cut("council", rows)
    assert is_cut("answers", rows)
    assert is_cut("Long is the hose", rows)
    assert not is_cut("council tax line", rows)
    assert not is_cut("hose", rows)
    found = judged(["jug", "jug, lid"], ["a jug", "the jug", "a lid", "jug, lid"], np.array([0, 0, 1, 1]))
    assert found == {"cut": [], "elsewhere": ["jug, lid"], "within": ["jug"], "few": []}
