"""Captions that name pictures: whole phrases as they are written, two of them only where they say more than one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.description.captions import said_in_captions
from explorer.description.columnnames import said_by_columns

ALBUMS = {
    "en": (
        ("carved eaves on day two", "Temple roof, Beijing trip", "the old palace with tourists"),
        ("Friday dinner", "Pizza night at Luigi’s", "salami pizza, too hot"),
        ("Minka asleep on the sofa", "our cat is angry", "the neighbour’s tom again"),
    ),
    "de": (
        ("Geschnitzte Balken am Tempel", "Dach des Tempels in Kyoto", "Besucher vor dem Palast"),
        ("Abendessen am Freitag", "Pizza bei Luigi", "Salamipizza, viel zu heiß"),
        ("Minka schläft auf dem Sofa", "unsere Katze faucht", "der Kater von nebenan"),
    ),
    "fr": (
        ("poutres sculptées du temple", "le toit du temple à Kyoto", "des touristes au palais"),
        ("le dîner de vendredi", "soirée pizza chez Luigi", "pizza au salami, trop chaude"),
        ("Minka dort sur le canapé", "notre chat est fâché", "le matou du voisin"),
    ),
}


def _album(language: str, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    said = [str(rng.choice(kind)) + str(rng.choice(["", f" ({at})"])) for kind in ALBUMS[language] for at in range(12)]
    return pd.DataFrame({"caption": said}), np.repeat(np.arange(3), 12).astype(np.int32)


def _says(text: str, phrase: str) -> bool:
    """Whether a caption has all words of a phrase, in any form, as "Tempels" of "Tempel"."""
    return all(word[:6] in text for word in phrase.casefold().split())


@pytest.mark.parametrize("language", ALBUMS)
@pytest.mark.parametrize("seed", range(4))
def test_captions_name_pictures_by_phrases_that_stand_in_them(language: str, seed: int) -> None:
    table, labels = _album(language, seed)
    captions = [text.casefold() for text in table["caption"]]
    names = said_by_columns(table, labels, 3, np.ones(len(labels), np.bool_))
    assert names, "the captions explain the pictures"
    for label, name in names.items():
        phrases = name.split(", ")
        own = [text for text, of in zip(captions, labels, strict=True) if of == label]
        having = [{at for at, text in enumerate(own) if _says(text, phrase)} for phrase in phrases]
        assert all(having), (name, own)
        assert all(not one <= other for one in having for other in having if one is not other), (name, own)
        assert len(set.union(*having)) >= 0.6 * len(own), name


def test_captions_hold_no_piece_of_a_phrase_and_keep_capitals() -> None:
    texts = ["Friday dinner", "carved eaves on day two", "pizza, too hot"] * 4
    _, said = said_in_captions(texts, least=3)
    assert {"Friday dinner", "carved eaves on day two", "too hot"} <= set(said)
    assert {"friday", "dinner", "carved", "day", "hot"}.isdisjoint(word.casefold() for word in said)


def test_two_words_of_the_same_captions_tell_no_more_than_one() -> None:
    labels = np.repeat([0, 1], 12).astype(np.int32)
    said = ["red lamp at home", "my lamp is red", "lamp, red", "a lamp and a red sky", "red, a lamp"]
    own = [*said, *[f"nothing at {who} there" for who in ("Eve", "Flo", "Gus", "Hal", "Ida", "Jo", "Kim")]]
    table = pd.DataFrame({"caption": [*own, *[f"a green hill of {at} there" for at in range(12)]]})
    assert "lamp" not in said_by_columns(table, labels, 2, np.ones(24, np.bool_)).get(0, "")
