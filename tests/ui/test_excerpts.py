"""The part of a long text that has the words of a search: on cards, and marked at the point."""

import random

import pytest
from dash import html

from explorer.ui.cards import EXCERPT, excerpt
from explorer.ui.excerpts import excerpt_about, marked, spans_of
from explorer.ui.markup import markup
from explorer.ui.panels.inspector import point
from explorer.ui.panels.search import short
from explorer.ui.stores import Place

WORDS = "the committee met and agreed on the budget of last year with a view to what was said before"


def filled(chance: random.Random, count: int) -> str:
    words = WORDS.split()
    return " ".join(chance.choice(words) for _ in range(count))


@pytest.mark.parametrize("seed", range(20))
def test_a_card_shows_the_words_found_wherever_they_stand(seed: int) -> None:
    chance = random.Random(seed)
    sentence = "A telescope was hidden beneath the oak tree."
    text = f"{filled(chance, chance.randrange(400))} {sentence} {filled(chance, chance.randrange(400))}".strip()
    shown = excerpt_about(text, "telescopes hidden under a tree", EXCERPT)
    assert "telescope was hidden beneath the oak tree" in shown
    assert len(shown) <= EXCERPT + 3
    bare = shown.removeprefix("… ").removesuffix("…")
    assert bare in text
    assert (shown.startswith("… "), shown.endswith("…")) == (not text.startswith(bare), not text.endswith(bare))
    assert text.startswith(bare) or text[text.index(bare) - 1] == " "
    [hit] = short({"query": "telescope tree", "hits": [{"row": 0, "text": text}]})["hits"]
    assert "telescope was hidden" in hit["text"]


def test_a_text_without_the_words_or_with_all_of_them_at_its_beginning_begins_at_its_beginning() -> None:
    text = f"A telescope under a tree. {filled(random.Random(1), 300)}"
    for query in ("telescope under a tree", "violin", "", "= #3 + 4", "?!"):
        assert excerpt_about(text, query, EXCERPT) == excerpt(text, length=EXCERPT)
    assert excerpt_about("short", "violin", EXCERPT) == "short"
    late = f"{filled(random.Random(2), 300)} 北京的望远镜"
    assert "望远镜" in excerpt_about(late, "望远镜", EXCERPT)


def test_words_are_found_whatever_their_ending_and_none_that_says_little_beside_others() -> None:
    text = "The stories of Über-cities and a city's tree; the there theory"
    found = [text[start:end] for start, end in spans_of(text, "the story of trees in the cities")]
    assert found == ["stories", "cities", "city", "tree"] or found == ["stories", "cities", "tree"]
    assert [text[start:end] for start, end in spans_of(text, "the")] == ["The", "the"]
    assert spans_of(text, "ÜBER")[0][0] == text.index("Über")


def test_the_point_marks_the_words_and_tells_where_the_best_part_begins() -> None:
    text = f"One tree. {filled(random.Random(3), 300)} The telescope lay under a tree <here>."
    item = {"row": 4, "kind": "text", "place": "line 2", "cluster": -1, "text": text}
    place = Place(run="0123456789abcdef", row=4, q="telescope, tree")
    shown = markup(point(item, place))
    assert shown.count("data-found-first") == 1
    assert 'data-found-first="1">telescope</strong>' in shown
    assert shown.count('class="found"') == 3
    assert "&lt;here&gt;" in shown
    assert marked(text, None, about=EXCERPT) == text == marked(text, "violin", about=EXCERPT)
    assert "found" not in markup(point(item, Place(run="0123456789abcdef", row=4)))
    beside = {"before": {"row": 3, "text": "a tree before"}}
    amid = markup(point({**item, "passages": beside}, place))
    assert "<mark>One <strong" in amid
    assert isinstance(marked("a tree", "tree", about=EXCERPT)[1], html.Strong)
