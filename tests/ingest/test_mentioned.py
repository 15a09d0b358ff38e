"""Files that a text names are found however they are listed, in time by its length."""

from __future__ import annotations

import time

import pytest

from explorer.ingest.mentioned import Mentioned

NAMES = Mentioned((".jpg", ".jpeg", ".png"), r"\"<>|\n")
WORDS = Mentioned((".jpg",), r"\s")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see photos/a b.jpg please", {"see photos/a b.jpg"}),
        ('<img src="A.JPEG">', {"A.JPEG"}),
        ("a.jpg, b.png; c.jpg", {"a.jpg, b.png; c.jpg", "a.jpg", "b.png", "c.jpg"}),
        ("photo.jpg copy.jpg", {"photo.jpg copy.jpg", "photo.jpg", "copy.jpg"}),
        ("+1 of us.png", {"+1 of us.png"}),
        ("a.jpg\nb.jpg", {"a.jpg", "b.jpg"}),
        ("a.jpg.txt and a.jpgs", set()),
        (".jpg", set()),
        ("", set()),
    ],
)
def test_names_are_found_alone_and_in_lists(text: str, named: set[str]) -> None:
    assert set(NAMES(text)) == named


@pytest.mark.parametrize("piece", ["a", "a ", "a.", ".jpg", ".jpg ", "a.jpgx"])
def test_a_long_text_takes_time_by_its_length(piece: str) -> None:
    begun = time.process_time()
    for names in (NAMES, WORDS):
        list(names(piece * (2_000_000 // len(piece))))
    assert time.process_time() - begun < 10  # by each letter's 400 after it: minutes
