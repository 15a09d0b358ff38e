"""How the kind of an item is found, and how the kinds of many are asked at once."""

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import UnknownKind
from explorer.kinds import (
    ImageRef,
    asked,
    by_kind,
    described_by_words_near,
    each,
    kind_named,
    kind_of,
    nouns_of,
    which,
)
from explorer.types import Item

PICTURE = ImageRef("/a/b.png", "ab" * 32)
MIXED: list[Item] = ["one", PICTURE, "two", np.str_("three"), PICTURE]


def test_each_item_is_answered_by_its_own_kind_in_order() -> None:
    assert each(MIXED, lambda kind: kind.label) == ["one", "b.png", "two", "three", "b.png"]
    assert each(["one", "two"], lambda kind: kind.label) == ["one", "two"]
    assert each([], lambda kind: kind.label) == []


def test_what_holds_of_a_kind_is_marked_for_its_items() -> None:
    assert which(MIXED, lambda kind: kind.has_picture).tolist() == [False, True, False, False, True]
    assert which(["one"], lambda kind: kind.has_words).tolist() == [True]
    assert which([PICTURE], lambda kind: kind.has_words).tolist() == [False]
    assert which([], lambda kind: kind.has_words).dtype == np.bool_


def test_places_are_told_by_kind_and_a_numpy_text_is_a_text() -> None:
    assert {name: list(places) for name, places in by_kind(MIXED).items()} == {"text": [0, 2, 3], "image": [1, 4]}
    assert {name: list(places) for name, places in by_kind(["one", np.str_("two")]).items()} == {"text": [0, 1]}
    assert by_kind([]) == {}
    assert kind_of(MIXED[3]) is kind_named("text")


def test_items_of_one_kind_have_its_nouns_and_of_several_are_items() -> None:
    assert nouns_of({"text"}) == ("text", "texts")
    assert nouns_of(["image"]) == ("picture", "pictures")
    assert nouns_of({"image", "text"}) == nouns_of(()) == ("item", "items")
    assert nouns_of(["audio"]) == ("audio", "audio")


def test_pictures_are_described_by_words_near_if_the_encoder_reads_words() -> None:
    assert described_by_words_near({"image"}, read={"image", "text"})
    assert described_by_words_near({"image", "text"}, read={"image", "text", "audio"})
    assert not described_by_words_near({"image"}, read={"image"})
    assert not described_by_words_near({"text"}, read={"image", "text"})


def test_a_file_that_is_sent_is_a_picture_and_everything_else_is_asked_as_it_is() -> None:
    assert asked(Path("/a/b.png")) == ImageRef("/a/b.png", "")
    assert asked("words") == "words"
    assert asked(PICTURE) is PICTURE


def test_a_kind_that_nobody_knows_is_told_with_those_that_are_known() -> None:
    with pytest.raises(UnknownKind, match="no kind of item 'smell' here; there are text, image"):
        kind_named("smell")
