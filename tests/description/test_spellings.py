"""Names are written as the texts write them, say what their texts say and no phrase goes over the end of a sentence."""

from __future__ import annotations

import pandas as pd
import pytest

from explorer.description.columnnames import said_by_columns
from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Namer
from explorer.description.spelling import Usage, spellings
from explorer.description.terms import count_terms
from explorer.description.words import words
from explorer.types import Embeddings
from tests.description.spelling import SpellingEncoder

import numpy as np  # isort: skip


WRITTEN = {
    "sermons preached at Ashby": ["Sermons preached at Ashby, when the roof was new", "Sermons preached at Ashby"],
    "painter & decorator": ["Painter & decorator wanted", "a painter & decorator"],
    "children's books": ["too few children's books", "Children’s books are missing", "more children's books"],
    "header #KELvASH": ["what a header #KELvASH", "that header #KELvASH !"],
    "#KelRail": ["late again #KelRail", "#KelRail", "thanks #KelRail"],
    "Sperrmüll": ["Sperrmüll liegt vor dem Haus, und der Hof ist voll", "Am Morgen lag der Sperrmüll auf dem Weg"],
    "Sperrmüll liegt": ["Sperrmüll liegt vor dem Haus von Herrn Maier", "Sperrmüll liegt im Hof der Schule"],
    "crossing": ["Crossing is unsafe for the children", "Crossing at the school is too wide"],
    "ATM": ["ATM was broken", "at the ATM"],
    "top up": ["my top-up failed", "the top-up"],
    "rate": ["separated", "crates"],
}


@pytest.mark.parametrize("written", WRITTEN)
def test_terms_are_written_as_the_texts_do(written: str) -> None:
    term = written.lower().replace("& ", "").replace("#", "").replace("'s", "")
    assert spellings([tuple(term.split(" "))], WRITTEN[written]) == [written]


def test_what_a_few_write_small_is_written_as_most_texts_do() -> None:
    usage = Usage([*["Das VPN in Bonn hat die IT gesperrt"] * 3, "das vpn in bonn hat die it gesperrt", "it is a tree"])
    assert usage.mostly("vpn in bonn") == "VPN in Bonn"
    assert usage.mostly("die it") == "die IT"
    assert usage.mostly("a tree") == "a tree"
    assert usage.mostly("Bonn unknown") == "Bonn unknown"
    german = ["Bildschirm am Laptop im Büro dunkel"] * 5 + ["hallo zusammen, bildschirm am Laptop im Büro dunkel"] * 2
    assert Usage(["Der Drucker steht im Flur und druckt"] * 3).mostly("flur der druckt") == "Flur der druckt"
    assert Usage(german).mostly("bildschirm am laptop dunkel") == "Bildschirm am Laptop dunkel"
    few, many = ["team in bonn fehlt im postfach"] * 4, ["das Team in Bonn fehlt im Postfach"] * 9
    index = KeywordIndex([*few, *many])
    rows = np.arange(4)
    assert index.spelled([("team", "in", "bonn")], rows) == ["team in bonn"]
    assert index.spelled([("team", "in", "bonn")], rows, usage=index.written.usage(np.arange(13))) == ["Team in Bonn"]


def test_a_phrase_keeps_its_o_clock_and_does_not_end_before_what_goes_on_behind_it() -> None:
    found = _terms(["meet at the church at four o'clock", "the church at four o’clock"] * 3)
    assert "church at four o'clock" in found
    assert not any(term.endswith("clock") and not term.endswith("o'clock") for term in found)
    assert spellings([("four", "o'clock")], ["at four o’clock sharp"]) == ["four o’clock"]
    counts = count_terms(["my passport photo was rejected three weeks ago"] * 4)
    whole = {" ".join(term) for term, ends in zip(counts.terms, counts.whole, strict=True) if ends}
    assert "passport photo was rejected" in whole
    assert not {term for term in whole if term.endswith("weeks") and " " in term}


def _terms(texts: list[str]) -> set[str]:
    return {" ".join(term) for term in count_terms(texts).terms}


@pytest.mark.parametrize("sign", [" – ", " - ", " 🙂 ", "… ", " • ", "” ", " ★ ", " -- "])
def test_no_phrase_goes_over_a_sign_between_two_thoughts(sign: str) -> None:
    found = _terms([f"meeting people{sign}loved it"] * 3)
    assert "meeting people" in found
    assert not {term for term in found if "people loved" in term}


def test_signs_at_words_and_hyphens_inside_them_part_nothing() -> None:
    assert {"acme® printer".replace("®", ""), "state-of-the-art printer"} <= _terms(
        ["the Acme® printer", "a state-of-the-art printer"]
    )


@pytest.mark.parametrize(
    ("opposite", "text"),
    [
        ("trouble for the nurses", "nothing was too much trouble for the nurses"),
        ("card arrived", "why hasn't my card arrived"),
        ("fault the nurses", "I could not fault the nurses"),
        ("warmes essen", "es gab kein warmes Essen"),
        ("repas chaud", "il n'y a jamais de repas chaud"),
        ("comida caliente", "no hay nunca comida caliente"),
    ],
)
def test_a_phrase_that_says_the_opposite_of_its_texts_names_nothing(opposite: str, text: str) -> None:
    around = ["the bed", "das Bett und der Raum", "le lit et la chambre", "la cama y el baño"]
    assert opposite not in _terms([text] * 3 + around)
    assert opposite in _terms([" ".join(text.split(" ")[-len(opposite.split(" ")) :])] * 3 + around)


def test_a_not_turns_only_its_own_sentence_round_and_may_open_a_phrase() -> None:
    found = _terms(
        ["It was not late. Friendly nurses everywhere", "not late, friendly nurses", "the app is not working"] * 2
    )
    assert {"friendly nurses", "not working", "not late"} <= found


def test_no_name_ends_where_its_texts_go_on() -> None:
    found = _terms(["sermons preached at St Paul’s church", "sermons preached at St Paul’s"] * 3)
    assert not {term for term in found if term.split(" ")[-1] == "st"}
    assert "preached at st paul" in found


def test_texts_that_are_links_alone_are_told_to_be_links() -> None:
    texts = [f"https://t.co/{n}abc" for n in range(12)]
    embeddings = Embeddings("e", SpellingEncoder().encode(texts), np.ones(12, np.bool_), "e", np.zeros(12, np.bool_))
    (judged,) = Namer(texts, embeddings).names(np.zeros(12, np.int32), [[]])
    assert judged.name == "links to t.co"


@pytest.mark.parametrize("others", [0, 3])
def test_answers_without_words_are_named_by_what_is_said_most(others: int) -> None:
    """Twenty-four answers like "No" and three "test" were called "test"."""
    texts = ["No"] * 6 + ["nothing"] * 6 + ["no"] * 4 + ["."] + ["test"] * others
    n = len(texts)
    embeddings = Embeddings("e", SpellingEncoder().encode(texts), np.ones(n, np.bool_), "e", np.zeros(n, np.bool_))
    (judged,) = Namer(texts, embeddings, index=KeywordIndex(texts)).names(np.zeros(n, np.int32), [[]])
    assert judged.name == "No, nothing"


def test_a_helping_word_stays_with_its_not() -> None:
    found = _terms(["I could not fault the care", "the parcel did not arrive", "it is not working"] * 3)
    assert {"could not fault", "did not arrive", "not working"} <= found
    assert not found & {"not fault", "not arrive", "not fault the care"}


def test_a_folder_of_one_letter_names_no_pictures() -> None:
    table = pd.DataFrame({"folder": ["A"] * 10 + ["B2"] * 10 + ["bottles"] * 10 + ["杯"] * 10})
    labels = np.repeat(np.arange(4), 10).astype(np.int32)
    assert said_by_columns(table, labels, 4, np.ones(40, np.bool_)) == {2: "bottles", 3: "杯"}


def test_what_is_a_stop_word_without_its_capitals_names_something_with_them() -> None:
    texts = [*["Our IT department reset it"] * 4, *["ask the it department, WHO KNOWS it"] * 2, "IT IS ALL BROKEN"]
    index = KeywordIndex([*texts, "cats sleep", "dogs bark all night", "it rains"])
    assert ("IT", "department") in count_terms(texts).terms
    assert any(word.startswith("IT department") for word, _ in index.of_rows([0, 1, 2, 3, 4]))
    assert words("it is IT's") == ["it", "is", "it's"]
    assert words("TURN IT OFF") == ["turn", "it", "off"]
    assert words("Who at the WHO told us?") == ["who", "at", "the", "WHO", "told", "us", "?"]


def test_a_word_that_some_write_in_capitals_is_an_acronym_unless_they_shout() -> None:
    texts = [*["sap is slow today"] * 5, *["why is SAP slow"] * 3, "SAP IS SLOW TODAY"]
    assert spellings([("sap",), ("slow", "today")], texts) == ["SAP", "slow today"]
    assert Usage(texts).mostly("slow sap") == "slow SAP"
    few = [*["the lamp is off"] * 9, "the LAMP is off"]
    assert spellings([("lamp",)], few) == ["lamp"]


def test_an_article_without_its_vowel_stays_between_two_words() -> None:
    texts = ["Acquisition d'une solution cloud", "acquisition d’une solution cloud", "Appel d'offres: rénovation"]
    assert spellings([("appel", "offres")], ["Appel d'offres", "un appel d'offres"]) == ["appel d'offres"]
    assert spellings([("acquisition", "une", "solution")], texts)[0].lower().replace("’", "'") == (
        "acquisition d'une solution"
    )
    assert spellings([("four", "o'clock")], ["at four o'clock"]) == ["four o'clock"]


def test_what_is_torn_from_its_question_is_no_phrase() -> None:
    counts = count_terms(["How long is the warranty", "How long is the cable", "how long is the hose"] * 3)
    whole = {" ".join(term) for term, ends in zip(counts.terms, counts.whole, strict=True) if ends}
    assert "warranty" in whole
    assert not any(term.startswith("long is") for term in whole)


def test_a_short_text_with_words_of_another_language_alone_is_in_that_one() -> None:
    english = ["the video of the lecture is bad and the sound is too low"] * 8
    terms = {" ".join(term) for term in count_terms([*english, *["Hörsaal zu kalt"] * 3]).terms}
    assert "hörsaal" in terms
    assert "zu" not in terms


def test_what_stands_before_the_apostrophe_of_a_name_belongs_to_it_and_an_article_does_not() -> None:
    assert spellings([("arcy",)], ["D'Arcy", "Grace Hopper", "D’Arcy", "Mr D'Arcy came"]) == ["D'Arcy"]
    assert spellings([("arcy",)], ["Mr Arcy", "the Arcy", "D'Arcy"]) == ["Arcy"]
    french = [
        "L'eau est froide",
        "Il boit de l'eau",
        "L'Italie est belle",
        "L'Italie",
        "J'aime D'Artagnan",
        "et D'Artagnan",
    ]
    assert spellings([("eau",), ("italie",), ("artagnan",)], french) == ["eau", "Italie", "D'Artagnan"]
    assert spellings([("acqua",)], ["L'acqua è fredda", "bere l'acqua"]) == ["acqua"]
