"""Searches: exact phrases, and hits that are no nearer than chance."""

import dataclasses

import numpy as np
import pytest

from explorer.errors import BadSetting
from explorer.kinds import ImageRef
from explorer.questions import Limits, answers, limits_of, measured_with, phrases_of, remark_on, search
from explorer.questions.exact import holding, saying
from explorer.types import Clustering, Dataset, Embeddings, Hits, Run
from explorer.ui.markup import markup
from explorer.ui.panels.search import cards
from explorer.ui.stores import Place
from tests.report.small import small_run


def run_of(items, vectors) -> Run:
    import pandas as pd

    run = small_run()
    n = len(items)
    dataset = Dataset("k", "n.csv", list(items), pd.DataFrame(index=pd.RangeIndex(n)), ())
    ok = np.isfinite(vectors).all(axis=1)
    known = np.where(ok[:, None], vectors, 0).astype(np.float32)
    embedded = Embeddings("e", known, ok, "minilm", np.zeros(n, np.bool_))
    clustering = Clustering(np.zeros(n, np.int32), np.ones(n, np.float32), "hdbscan")
    return dataclasses.replace(run, dataset=dataset, embeddings=embedded, clustering=clustering)


def units(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, 8))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


PICTURE = ImageRef("/x/lost card.png", "1")
ITEMS = ["My Card is lost", "the card", "a lost dog", "lost CARD again", PICTURE, "nothing", "\ud800 lost card"]


def rows(query: str, k: int = 10) -> list[int]:
    vectors = units(len(ITEMS))
    run = run_of(ITEMS, vectors)
    asked = []
    found = search(run, query, k=k, encode=lambda _name, item: asked.append(item) or vectors[0].astype(np.float32))
    assert not phrases_of(query) or '"' not in asked[0]
    return [row for row, _ in found.pairs()]


def test_an_apostrophe_is_one_however_it_is_typed() -> None:
    items = ["acquisition d'une solution", "acquisition d’une solution", "une solution"]
    for phrase in ("d'une solution", "d’une solution", "D‘UNE"):
        assert holding(items, [phrase]).tolist() == [True, True, False]
    assert saying("It isn’t here", "isn't here")
    assert saying("It isn't here", "isn’t")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"lost card"', {3, 4, 6}),
        ("something “card” “lost”", {0, 3, 4, 6}),
        ("«LOST» pets", {0, 2, 3, 4, 6}),
        ('"no such words"', set()),
        ("no quotes", set(range(7))),
        ('an inch is 1"', set(range(7))),
        ('""', None),
    ],
)
def test_what_is_quoted_has_to_be_there_word_for_word(query, expected) -> None:
    if expected is None:
        assert phrases_of(query) == ()
        return
    assert set(rows(query)) == expected


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("d’une solution", "l'achat d'une solution"),
        ("d'une solution", "l’achat d’une\u00a0solution"),
        ("well-known", "a well‑known line"),
        ("1990–2000", "from 1990-2000 on"),
        ("two words", "two\nwords"),
        ("Café", "the CAFE\u0301 is open"),
        ("cafe\u0301", "the CAFÉ is open"),
        ("a.b (c)", "see A.B (C)!"),
    ],
)
def test_exact_words_are_found_however_their_signs_are_written(phrase, said):
    items = ["something else", said, "d'un autre, axb c"]
    assert holding(items, [phrase]).tolist() == [False, True, False]
    assert saying(said, phrase)
    assert not saying(items[2], phrase)


def test_hits_of_exact_words_are_ranked_by_meaning_and_few_are_asked_for() -> None:
    assert rows('"lost"', k=1) == [0]
    with pytest.raises(BadSetting, match="empty"):
        rows("  ")


def test_hits_below_chance_are_weak_and_a_picture_is_not_measured_by_texts() -> None:
    vectors = units(200)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    chance = limits_of(run, "a query").chance
    middle, low = np.quantile((vectors @ vectors.T)[np.triu_indices(200, 1)], [0.5, 0.1])
    assert chance == pytest.approx(middle + 1.9 * (middle - low), abs=1e-6)
    assert limits_of(run, ImageRef("a.png", "0")).chance is None
    assert limits_of(run_of(["few"] * 20, units(20)), "a query").chance is None
    found = search(run, "x", k=200, encode=lambda *_: vectors[3].astype(np.float32))
    told = answers.hits(run, "x", found, limits=Limits(chance, None))
    assert [hit["weak"] for hit in told["hits"]] == [hit["score"] < chance for hit in told["hits"]]
    assert {hit["weak"] for hit in told["hits"]} == {True, False}
    assert not any(hit["weak"] for hit in answers.hits(run, "x", found)["hits"])


def themes(count: int, rows: int, dim: int = 64) -> np.ndarray:
    """Return unit vectors of some themes, alike by about 0.6 within each and unlike between them."""
    rng = np.random.default_rng(5)
    centres = np.repeat(rng.normal(size=(count, dim)), rows, axis=0)
    vectors = centres + 0.8 * rng.normal(size=centres.shape)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("count", [3, 4, 30])
def test_a_search_that_meets_a_theme_is_not_weak_where_themes_are_few(count: int) -> None:
    vectors = themes(count, 240 // count)
    run = run_of([f"text {row}" for row in range(len(vectors))], vectors)
    chance = limits_of(run, "a query").chance
    theme, other = vectors[: 240 // count].mean(axis=0), np.random.default_rng(6).normal(size=64)
    asked = theme / np.linalg.norm(theme) + 0.75 * other / np.linalg.norm(other)
    scores = vectors @ (asked / np.linalg.norm(asked))
    assert scores[: 240 // count].mean() > chance > np.quantile(scores[240 // count :], 0.9)


def test_rows_of_one_theme_are_measured_by_what_searches_for_many_things_begin_with() -> None:
    vectors = themes(1, 200)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    words = units(len(measured_with(run, "a query", {})) * 8).reshape(-1, 64) / np.sqrt(8)
    assert len(words) >= 30
    alone, measured = limits_of(run, "a query").chance, limits_of(run, "a query", words.astype(np.float32)).chance
    assert alone > 0.6 > measured
    assert measured == pytest.approx(np.quantile((words @ vectors.T).max(axis=1), 0.9), abs=1e-6)


def test_searches_are_measured_with_ones_in_the_language_of_the_texts() -> None:
    run = run_of([f"text {row}" for row in range(200)], units(200))
    english, german = (measured_with(run, "x", {code: 1.0}) for code in ("en", "de"))
    assert measured_with(run, "x", {}) == english
    assert "a red dress" in english
    assert "ein rotes Kleid" in german
    assert measured_with(run, "x", {"de": 0.6, "en": 0.35, "fr": 0.05}) == german + english
    unlisted = measured_with(run, "x", {"is": 0.9, "en": 0.1})
    assert {"a red dress", "ein rotes Kleid", "红色的裙子"} <= set(unlisted)
    assert len(english) == len(german) == 40


def test_every_language_has_as_many_searches_none_twice() -> None:
    from explorer.questions.chance import _searches

    wrong = {code: found for code, found in _searches().items() if len(set(found)) != 40 or len(found) != 40}
    assert not wrong
    assert len(_searches()) > 20


def test_few_rows_are_measured_by_searches_alone_and_a_picture_among_few_is_not() -> None:
    vectors = units(20)
    few = run_of([f"text {row}" for row in range(20)], vectors)
    words = units(40, seed=3).astype(np.float32)
    begin = (words @ vectors.T).max(axis=1)
    assert limits_of(few, "x", words).chance == pytest.approx(np.quantile(begin, 0.9), abs=1e-6)
    assert remark_on(few, "x", 0.2, {"en": 1.0}) == ""
    pictures = run_of([ImageRef(f"{row}.png", f"{row:064x}") for row in range(20)], vectors)
    asked = ImageRef("a.png", "0")
    assert limits_of(pictures, asked).chance is None
    assert "too few rows" in remark_on(pictures, asked, None, {})
    assert "look" in remark_on(few, "x", 0.2, {"de": 0.9, "en": 0.1})
    some = remark_on(few, "food", 0.2, {"en": 0.7, "fr": 0.3})
    assert some.startswith("Some texts are in French (30%), which this map’s encoder was not made for")
    assert remark_on(few, "food", 0.2, {"en": 0.95, "fr": 0.05}) == ""
    found = search(few, "x", k=5, encode=lambda *_: vectors[3].astype(np.float32))
    told = answers.hits(few, "x", found, limits=Limits(0.2, None), remark="What is to be known.")
    assert "What is to be known." in str(cards(told, Place()))
    assert "remark" not in answers.hits(few, "x", found, limits=Limits(0.2, None))


def test_a_row_that_says_the_words_was_found_and_what_is_weak_comes_last() -> None:
    vectors = units(200)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    found = search(run, "TEXT 19", k=200, encode=lambda *_: -vectors[19].astype(np.float32))
    told = answers.hits(run, "TEXT 19", found, limits=Limits(0.5, None), words="TEXT 19")["hits"]
    near = [hit["row"] for hit in told if not hit["weak"]]
    assert near[-1] == 19
    assert [hit["row"] for hit in told[: len(near)]] == near
    assert 190 not in near  # “text 190” says other words
    assert saying("The money is not back on my card", "my money")
    assert not saying("The money is gone", "my money")
    assert not saying("a b c d e", "e d c b a")


def test_rows_that_have_the_quoted_words_were_found_however_near_they_are() -> None:
    vectors = units(200)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    found = search(run, '"text 19"', k=5, encode=lambda *_: vectors[3].astype(np.float32))
    told = answers.hits(run, '"text 19"', found, limits=Limits(1.0, None), among=np.arange(11, dtype=np.int32))
    assert (told["having"], told["rows"][:4]) == (11, "/wcA")
    assert not any(hit["weak"] for hit in told["hits"])
    assert "11 rows with “text 19” in the text, the 5 nearest" in str(cards(told, Place()))
    assert "5 rows with “text 19” in the text" in str(cards({**told, "having": 5}, Place()))


def test_all_rows_that_have_the_exact_words_can_be_listed_and_selected() -> None:
    hit = {"row": 1, "text": "a", "cluster": 0, "cluster_name": "c", "score": 0.9, "weak": False}
    few = str(cards({"query": '"a"', "hits": [hit], "having": 1}, Place()))
    assert "Select these rows" in few
    assert "select-having" not in few
    some = str(cards({"query": '"a"', "hits": [hit], "having": 29, "rows": "AA=="}, Place()))
    assert all(
        words in some for words in ("Select all 29 rows", "List all 29", "Select these 1", "All of them are bright")
    )
    many = str(cards({"query": '"a"', "hits": [hit] * 200, "having": 2_900, "rows": "AA=="}, Place()))
    assert "Select all 2,900 rows" in many
    assert "more-hits" not in many


def test_a_search_by_meaning_that_may_go_on_can_list_more() -> None:
    hit = {"row": 1, "text": "a", "cluster": 0, "cluster_name": "c", "score": 0.9, "weak": False}
    assert "List the 200 nearest" in str(cards({"query": "a", "hits": [hit] * 20}, Place()))
    for hits in ([hit] * 19, [*[hit] * 19, {**hit, "weak": True}], [hit] * 200):
        assert "more-hits" not in str(cards({"query": "a", "hits": hits}, Place()))


def test_hits_that_are_weak_but_nearer_than_most_searches_begin_are_called_doubtful() -> None:
    vectors, words = units(200), units(40)
    run = run_of([f"text {row}" for row in range(200)], vectors)
    doubt = limits_of(run, "a query", words).doubt
    assert doubt == pytest.approx(np.quantile((words @ vectors.T).max(axis=1), 0.6), abs=1e-6)
    assert limits_of(run, "a query").doubt is None
    found = search(run, "x", k=3, encode=lambda *_: words[0].astype(np.float32))
    best = answers.hits(run, "x", found)["hits"][0]["score"]
    assert answers.hits(run, "x", found, limits=Limits(best + 0.1, best - 0.1))["doubtful"] is True
    for chance, doubt in ((best + 0.1, best + 0.05), (best - 0.01, best - 0.1), (best + 0.1, None)):
        assert "doubtful" not in answers.hits(run, "x", found, limits=Limits(chance, doubt))


def test_words_for_pictures_are_measured_by_words_of_many_things() -> None:
    vectors = units(200)
    pictures = run_of([ImageRef(f"{row}.png", f"{row:064x}") for row in range(200)], vectors)
    assert measured_with(pictures, ImageRef("a.png", "0"), {}) == ()
    words = units(len(measured_with(pictures, "a query", {})))
    assert len(words) >= 10
    assert limits_of(pictures, "a query").chance is None
    expected = np.quantile(words @ vectors.T, 0.95)
    assert limits_of(pictures, "a query", words).chance == pytest.approx(expected, abs=1e-6)


def test_the_page_says_where_weak_hits_begin_and_when_nothing_is_close() -> None:
    hit = {"row": 1, "text": "a", "cluster": 0, "cluster_name": "c", "score": 0.9, "weak": False}
    weak = {**hit, "row": 2, "score": 0.1, "weak": True}
    both = str(cards({"query": "dogs", "hits": [hit, weak]}, Place()))
    assert (
        both.index("1 close to “dogs”") < both.index("0.9") < both.index("little to do with “dogs”") < both.index("0.1")
    )
    assert "'data-of': '1'" in both or "data-of='1'" in both  # what is weak is not selected with the hits
    none = str(cards({"query": "dogs", "hits": [weak]}, Place()))
    assert "Nothing here is close to “dogs”" in none
    assert "nearest" not in none
    assert "Select these rows" not in none
    assert "1 nearest to “dogs”" in str(cards({"query": "dogs", "hits": [hit]}, Place()))
    perhaps = str(cards({"query": "animals", "hits": [weak], "doubtful": True}, Place()))
    assert "Nothing here is surely about “animals”" in perhaps
    assert "may be what you mean" in perhaps
    assert "No text has all" in str(cards({"query": '"dogs"', "hits": []}, Place()))


def test_hits_that_say_the_same_are_one_line_of_the_list_that_opens() -> None:
    texts = ["Please mend it.", "the lift", "Please mend it.", "a dog", "Please mend it.", "the lift"]
    run = run_of(texts, units(6))
    found = Hits(np.arange(6)[None], np.linspace(0.9, 0.4, 6, dtype=np.float32)[None])
    told = answers.hits(run, "mend", found, limits=Limits(0.6, None))
    assert [hit.get("same_as") for hit in told["hits"]] == [None, None, 0, None, None, None]
    every = answers.hits(run, "mend", found)
    assert [hit.get("same_as") for hit in every["hits"]] == [None, None, 0, None, 0, 1]
    page = markup(cards({"run": "r", **every}, Place()))
    assert page.count("data-row=") == 6
    assert [said in page for said in ("×3 in this list: 2 more rows", "×2 in this list: 1 more row that says")] == [
        True
    ] * 2
    assert page.index("×3") < page.index("the lift") < page.index("×2") < page.index("a dog")
    line = markup(cards({"run": "r", **every, "hits": every["hits"][:2]}, Place()))
    assert "same" not in line.replace("same_as", "")
    pictures = run_of([ImageRef(f"{row}.png", f"{row:064x}") for row in range(6)], units(6))
    assert not any("same_as" in hit for hit in answers.hits(pictures, "mend", found)["hits"])
