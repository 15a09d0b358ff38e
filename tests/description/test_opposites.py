"""A name is not the opposite of what a part of its rows says, and no piece that reads as another sentence."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.description.claims import scales
from explorer.description.forms import own_languages
from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Namer
from explorer.description.opposites import Opposites
from explorer.description.terms import count_terms
from explorer.description.words import words
from explorer.types import Embeddings
from tests.description.spelling import SpellingEncoder

SIDES = {
    "en": (("This {} is very expensive", "The {} is far too expensive", "An expensive {}, not worth the money"),
           ("A cheap {}, a real bargain", "The {} was cheap and good", "Low price, nice {}")),
    "de": (("Die {} ist sehr teuer", "Eine teure {}, viel zu teuer", "Die {} war mir zu teuer"),
           ("Die {} war billig", "Eine {}, billig und gut", "Sehr günstig, diese {}")),
    "fr": (("Cette {} est très chère", "La {} est trop chère", "Une {} chère pour ce que c'est"),
           ("Cette {} est rapide et bonne", "La {} n'est pas chère", "Une bonne {} pour tous")),
}  # fmt: skip
THINGS = {"en": ("watch", "kettle", "drill", "tent"), "de": ("Uhr", "Lampe", "Säge", "Tasche"),
          "fr": ("montre", "lampe", "tente", "bouilloire")}  # fmt: skip
CLAIMS = {"en": ({"expensive", "costly", "worth"}, {"cheap", "nice", "good", "bargain"}),
          "de": ({"teuer", "teure"}, {"billig", "günstig", "gut"}), "fr": ({"chère"}, {"bonne"})}  # fmt: skip


@pytest.mark.parametrize("language", SIDES)
@pytest.mark.parametrize("seed", range(8))
def test_a_name_is_not_the_opposite_of_what_a_part_of_its_rows_says(language: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts, labels = list[str](), list[int]()
    for at, thing in enumerate(THINGS[language]):
        share = rng.uniform(0.4, 0.6)
        sides = [SIDES[language][int(rng.random() > share)] for _ in range(24)]
        texts += [str(rng.choice(side)).format(thing) for side in sides]
        labels += [at] * 24
    vectors = SpellingEncoder().encode(texts)
    embeddings = Embeddings("e", vectors, np.ones(len(texts), np.bool_), "e", np.zeros(len(texts), np.bool_))
    namer = Namer(texts, embeddings, index=KeywordIndex(texts))
    names = [one.name for one in namer.names(np.array(labels, np.int32), [[] for _ in THINGS[language]])]
    for name, thing in zip(names, THINGS[language], strict=True):
        words = set(name.casefold().replace(",", "").split())
        assert thing.casefold() in words, names
        assert not any(words & side for side in CLAIMS[language]), names


@pytest.mark.parametrize(
    ("phrase", "opposed"),
    [
        ("expensive watch", True),
        ("not worth the money", True),
        ("cheap watch", True),
        ("watch", False),
        ("price of the watch", False),
        ("hot soup", False),
        ("crew not collected", True),
        ("not collected", False),
    ],
)
def test_a_phrase_is_opposed_by_the_other_end_of_its_scale_and_by_a_negation(phrase: str, opposed: bool) -> None:
    texts = ["The watch is expensive and the crew has not collected it", "not worth the money"] * 5
    texts += ["A cheap watch that is worth it", "It was collected by the crew", "the soup isn't hot"] * 4
    texts += ["the soup is not cold", "warm soup"] * 9
    rows = np.arange(22) if phrase != "hot soup" else np.arange(22, len(texts))
    found = Opposites(texts, np.arange(len(texts))).against([tuple(phrase.split())], rows)
    assert found.tolist() == [opposed]


def test_what_only_one_side_says_names_no_group_that_is_divided() -> None:
    texts = ["Overpriced watch, costs a fortune"] * 9 + ["A cheap watch for students"] * 9 + ["watch with a strap"] * 4
    phrases = [("overpriced",), ("fortune",), ("students",), ("watch",), ("strap",)]
    having = np.array([[all(word in text.lower() for word in one) for text in texts] for one in phrases], np.float32)
    judged = Opposites(texts, np.arange(len(texts)))
    assert judged.against(phrases, np.arange(len(texts)), having).tolist() == [True, True, True, False, False]
    assert not judged.against(phrases, np.arange(9), having[:, :9]).any(), "these agree"


def test_one_row_that_says_the_opposite_does_no_harm() -> None:
    texts = ["The watch is very expensive"] * 19 + ["a cheap watch"]
    assert not Opposites(texts, np.arange(20)).against([("expensive",)], np.arange(20)).any()


def test_scales_have_two_ends_that_share_no_word() -> None:
    for language, listed in scales().items():
        assert language in own_languages()
        for one, other in listed:
            assert one, language
            assert other, language
            assert not one & other, (language, one & other)


TORN = {
    "lunch queue is far": "Lunch queue is far too long at noon",
    "canteen closes": "The canteen closes too early",
    "coffee comes": "The coffee comes very cold",
    "kantine schließt": "Die Kantine schließt viel zu früh",
    "cantine ferme": "La cantine ferme trop tôt",
    "comedor cierra": "El comedor cierra demasiado pronto",
}


@pytest.mark.parametrize("piece", TORN)
def test_a_phrase_does_not_end_before_what_says_how_much(piece: str) -> None:
    texts = [TORN[piece], f"{TORN[piece]} again", TORN[piece]] * 2 + ["rain again", "es regnet", "il pleut", "llueve"]
    counts = count_terms(texts)
    whole = {" ".join(term) for term, ends in zip(counts.terms, counts.whole, strict=True) if ends}
    assert piece not in whole, whole


ABOUT = {
    "en": [("parcel", "the parcel arrived", "the parcel did not arrive"),
           ("pizza", "pizza with cheese", "pizza without cheese"),
           ("taxes", "the taxes went up", "the taxes went down"), ("park", "it is legal to park", "illegal to park"),
           ("shop", "the shop is open", "the shop is closed"), ("dogs", "dogs are allowed", "dogs are forbidden"),
           ("shape", "a regular shape", "an irregular shape"), ("bill", "the bill was paid", "the bill is unpaid"),
           ("room", "a smoking room", "a non-smoking room"),
           ("lobby", "smoking in the lobby", "the lobby is smoke-free")],
    "de": [("Kellner", "freundliche Kellner", "unfreundliche Kellner"), ("Paket", "das Paket kam an",
            "das Paket kam nicht an"), ("Mieten", "die Mieten steigen", "die Mieten sinken"),
           ("Zimmer", "ein sauberes Zimmer", "ein schmutziges Zimmer"), ("Antwort", "eine verständliche Antwort",
            "eine unverständliche Antwort"), ("Tee", "der Tee mit Zucker", "der Tee ist zuckerfrei"),
           ("Abteil", "ein Raucher Abteil", "ein Nichtraucher Abteil")],
    "fr": [("colis", "le colis est arrivé", "le colis n'est pas arrivé"), ("chambre", "une chambre propre",
            "deux chambres sales"),
           ("table", "une table fumeur", "une table non-fumeur"),
           ("magasin", "le magasin est ouvert", "le magasin est fermé"),
           ("serveur", "un serveur capable", "un serveur incapable")],
    "es": [("paquete", "el paquete ha llegado", "el paquete no ha llegado"), ("puertas", "las puertas abiertas",
            "las puertas cerradas"), ("precios", "los precios han subido", "los precios han bajado")],
    "it": [("pacco", "il pacco è arrivato", "il pacco non è arrivato"), ("camere", "le camere pulite",
            "le camere sporche"), ("negozi", "i negozi sono aperti", "i negozi sono chiusi")],
    "pt": [("pacote", "o pacote foi entregue", "o pacote não foi entregue"), ("quartos", "os quartos limpos",
            "os quartos sujos"), ("lojas", "as lojas estão abertas", "as lojas estão fechadas")],
    "nl": [("pakket", "het pakket is bezorgd", "het pakket is niet bezorgd"), ("kamers", "de schone kamers",
            "de vieze kamers"), ("lift", "de lift werkt", "de lift werkt niet")],
}  # fmt: skip
ROUND = {"en": "and the my was it", "de": "und der die war es", "fr": "et le la était il", "es": "y el la era los",
         "it": "e il la era gli", "pt": "e o a era os", "nl": "en de het was er"}  # fmt: skip


@pytest.mark.parametrize("language", ABOUT)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_in_other_words_and_forms_opposes_either_side(language: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for thing, one, other in ABOUT[language]:
        share = rng.uniform(0.35, 0.65)
        sides = [one if at < 30 * share else other for at in range(30)]
        texts = [f"{side}. {ROUND[language]}" for side in [*sides, one, other, one, other, one, other]]
        phrases = [tuple(word for word in words(side) if word[0].isalpha()) for side in (one, other)]
        judged = Opposites(texts, np.arange(len(texts)))
        found = judged.against([*phrases, (thing.lower(),)], np.arange(len(texts)))
        assert not found[2], thing
        assert found[0], (one, other)
        agreed = np.array([at for at, text in enumerate(texts) if text.startswith(f"{one}.")])
        assert not judged.against([phrases[0]], agreed).any(), "these agree"


@pytest.mark.parametrize("phrase", ["parking space", "charge", "voice", "invoice", "count"])
def test_what_is_denied_of_others_opposes_nothing(phrase: str) -> None:
    texts = ["I cannot find a parking space", "we have no parking space here", "a discount and the count of it",
             "the invoice and the voice", "they discharged it and I pay the charge"] * 6  # fmt: skip
    assert not Opposites(texts, np.arange(30)).against([tuple(phrase.split())], np.arange(30)).any()
