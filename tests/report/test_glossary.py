"""No technical term stands bare in the report, and what its “?” opens explains it."""

import re

import pytest

from explorer.config import COMMUNITIES, RunConfig
from explorer.report import TERMS, bare, question, render
from explorer.types import Projection, Run
from tests.report.small import small_run

XY = small_run().projection.xy


def communities() -> Run:
    return small_run(config=RunConfig.from_flat({"method": COMMUNITIES}).resolved(8, encoder="minilm"))


RUNS = {
    "umap": small_run(),
    "pca": small_run(projection=Projection(XY, "pca")),
    "disc": small_run(projection=Projection(XY, "disc")),
    "communities": communities(),
    "faithful": small_run(projection=Projection(XY, "umap", 0.9125, 15, 8, continuity=0.9)),
    "nothing": small_run(summaries=()),
}


def said(page: str) -> str:
    """Return what a reader sees of a page before pressing any “?”; settings go by their names."""
    unseen = r"<style>.*?</style>|<title>.*?</title>|<div popover.*?</div>|<code.*?</code>|<[^>]+>"
    return re.sub(unseen, " ", page, flags=re.DOTALL)


@pytest.mark.parametrize("name", RUNS)
def test_no_term_stands_bare_in_the_report_and_every_question_has_its_answer(name: str) -> None:
    page = render(RUNS[name], "html").decode()
    assert bare(said(page)) == []
    asked = set(re.findall(r'popovertarget="([^"]+)"', page))
    assert asked
    assert asked == set(re.findall(r'<div popover id="([^"]+)"', page))
    notes = page[page.index("<div popover") :]
    assert set(re.findall(r'href="#([^"]+)"', notes)) <= set(re.findall(r' id="([^"]+)"', page))


def test_words_of_the_trade_that_stand_in_tables_have_their_question() -> None:
    page = render(small_run(), "html").decode()
    for word, key in (("Cohesion", "cohesion"), ("Encoder", "encoder"), ("Keywords", "tfidf")):
        assert f'{word}<span class="asked">\u00a0<button type="button" class="ask" popovertarget="term-{key}"' in page


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_a_term_is_explained_in_two_sentences_that_say_it(term: object) -> None:
    name, means, spelt = term.name, term.means, term.spelt  # type: ignore[attr-defined]
    assert len(re.findall(r"[.?!](?= [A-Z0-9]|$)", means.replace("?", "."))) == 2, means
    assert name.lower() in means.lower()
    assert bare(f"by {name}, as it were") or not spelt
    assert question(term.key).startswith("?")  # type: ignore[attr-defined]


def test_what_is_bare_is_found_and_what_is_in_brackets_or_an_everyday_word_is_not() -> None:
    assert bare("UMAP and its Trustworthiness, by cosine; 12 % noise") == ["UMAP", "Trustworth", "cosine", "noise"]
    assert bare("Pictures and texts in one space (conse); unlike the rest (noise), cohesion 0.5") == []
