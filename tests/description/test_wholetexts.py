"""Names that are whole texts: what most rows are, word for word; whole names of people; the paths of requests."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from explorer.description.keywords import KeywordIndex
from explorer.description.naming import Namer, told_beside
from explorer.description.requestnames import Requests
from explorer.description.wholetexts import are_names, begun_by_most, said_by_most
from explorer.types import Embeddings
from tests.description.spelling import SpellingEncoder

SAID = (
    "Lunch queue is far too long at noon", "The canteen closes too early", "Too few vegetarian dishes",
    "Printer on floor 2 is never working", "Soup is cold by the time you get it", "Good.", "Not enough bike racks",
)  # fmt: skip
FIRST = ("Bruno", "Deniz", "Aisha", "Marta", "Liam", "Noor", "Ivan", "Chloe")
LAST = ("Silva", "Kaya", "Khan", "Lopez", "Murphy", "Haddad", "de la Cruz", "Novak")
PATHS = (
    "/login", "/admin.php", "/blog/spring-sale.html", "/blog/new-shop.html", "/about.html", "/products/17",
    "/products/list?page=2", "/api/v1/orders", "/", "/css/site.css",
)  # fmt: skip


def _names(texts: list[str], labels: np.ndarray, table: pd.DataFrame | None = None, seed: int = 0) -> list[str]:
    vectors = SpellingEncoder().encode(texts)
    if seed:  # as of the nodes of a graph: nothing to do with the words
        vectors = np.random.default_rng(seed).normal(size=vectors.shape).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    embeddings = Embeddings("e", vectors, np.ones(len(texts), np.bool_), "e", np.zeros(len(texts), np.bool_))
    small, requests = told_beside(texts, table)
    namer = Namer(texts, embeddings, index=KeywordIndex(texts), small=small, requests=requests)
    return [one.name for one in namer.names(labels, [[] for _ in range(int(labels.max()) + 1)])]


@pytest.mark.parametrize("seed", range(12))
def test_a_cluster_of_mostly_equal_texts_has_that_text_as_its_name_and_its_first_keyword(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts, labels = list[str](), list[int]()
    for at, said in enumerate(SAID):
        others = rng.choice([one for one in SAID if one != said], 2)
        own = [str(rng.choice([said, said.upper(), f" {said.rstrip('.')}  "], p=[0.8, 0.1, 0.1])) for _ in range(12)]
        texts += [*own, *map(str, others)]
        labels += [at] * 14
    names = _names(texts, np.array(labels, np.int32))
    assert [name.rstrip(".") for name in names] == [said.rstrip(".") for said in SAID]


def test_texts_that_differ_or_are_long_are_no_names() -> None:
    assert said_by_most(["a red lamp", "a blue lamp"] * 6, np.arange(12)) == ("", 0.0)
    assert said_by_most(["one lamp"], np.arange(1)) == ("", 0.0), "nobody says it again"
    assert said_by_most(["word " * 30] * 9, np.arange(9)) == ("", 0.0)
    assert said_by_most(["A lamp."] * 9 + ["x"], np.arange(10)) == ("A lamp", 0.9)


def test_the_words_of_few_rows_are_no_first_keywords_of_texts_without_words() -> None:
    texts = (
        ["Good."] * 12 + ["late delivery of a box", "the box, late delivery"] + ["The tram was full", "a cold tram"] * 9
    )
    index = KeywordIndex(texts)
    for found in (index.of_rows(range(14)), next(index.of_clusters(np.repeat([0, 1], [14, 18]).astype(np.int32)))):
        assert found[0] == ("Good.", 1.0)
        assert {"box"} <= {word for word, _ in found}
        assert all(score <= 2 / 12 for _, score in found[1:])
    assert KeywordIndex(["Good.", "No", "Of the"]).of_rows(range(3)) == [], "these say nothing twice"


@pytest.mark.parametrize("seed", range(1, 13))
def test_people_are_called_by_whole_names_unless_most_share_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [f"{first} {last}" for first in FIRST for last in LAST if first != "Chloe"]
    rng.shuffle(people)
    people = [*people[:40], *(f"Chloe {last}" for last in LAST)]
    labels = np.repeat(np.arange(5), [10, 10, 10, 10, 8]).astype(np.int32)
    names = _names(people, labels, seed=seed)
    for at, name in enumerate(names[:4]):
        own = [people[row] for row in np.flatnonzero(labels == at)]
        most = max(sum(word in one.split() for one in own) for word in (*FIRST, *LAST))
        assert most >= 5 or set(name.split(", ")) <= set(own), (name, own)
    assert "Chloe" in names[4]
    assert len(set(names)) == 5


def test_names_are_told_from_sentences() -> None:
    people = [f"{first} {last}" for first in FIRST for last in LAST]
    assert are_names(people)
    assert not are_names([one.lower() for one in people])
    assert are_names([one.lower() for one in people], unread=True), "nodes of a graph"
    assert not are_names([f"{one} came late" for one in people])
    assert not are_names(people[:3] * 20), "answers that come again"
    assert not are_names(["☃"] * 20)


@pytest.mark.parametrize("seed", range(12))
def test_requests_are_told_apart_by_path_then_method_then_status(seed: int) -> None:
    rng = np.random.default_rng(seed)
    texts, labels, status, at = list[str](), list[int](), list[int](), 0
    for path in PATHS:
        methods = ("GET", "POST") if path == "/login" else ("GET",)
        for method in methods:
            texts += [f"{method} {path}"] * (n := int(rng.integers(6, 15)))
            status += [404 if path == "/admin.php" else 302 if method == "POST" else 200] * n
            labels += [at] * n
            at += 1
    texts += [f"GET /images/{one}.png" for one in range(9)]
    status, labels = [*status, *[200] * 9], [*labels, *[at] * 9]
    order = rng.permutation(len(texts))
    table = pd.DataFrame({"status": np.array(status)[order]})
    names = _names([texts[row] for row in order], np.array(labels, np.int32)[order], table)
    assert names[:3] == ["GET /login", "POST /login", "/admin.php 404"]
    assert names[-1] == "/images/…"
    assert [name.split("?")[0] for name in names[3:-1]] == [path.split("?")[0] for path in PATHS[2:]]
    words = [set(name.split()) for name in names]
    assert not any(one <= other for one in words for other in words if one is not other), names


def test_a_broad_group_of_requests_is_called_by_what_its_paths_begin_with() -> None:
    texts = [f"GET /blog/{one}.html" for one in range(9)] + ["GET /cart"] * 5 + ["GET /checkout?a=1"] * 5
    asked = Requests.among(texts)
    assert asked is not None
    names = asked.names({0: np.arange(9), 1: np.arange(9, 19), 2: np.arange(19)})
    assert names[0] == ("/blog/…", 1.0)
    assert names[1] == ("/cart, /checkout", 1.0)
    assert names[2][0] == "/blog/…, /checkout"
    mixed = Requests([f"GET /{one}" for one in "abcdefgh"]).names({0: np.arange(8)})
    assert mixed == {0: ("/a, /b and others", 0.0)}


def test_requests_for_one_path_that_nothing_else_tells_apart_say_what_follows_it() -> None:
    asked = Requests([f"GET /find?q={word}" for word in ("tram", "bus") for _ in range(4)], ["200.0"] * 8)
    names = asked.names({0: np.arange(4), 1: np.arange(4, 8)})
    assert [name for name, _ in names.values()] == ["/find?q=tram", "/find?q=bus"]
    assert Requests.among(["GET well soon", "POST office", "a lamp"] * 9) is None


ENDS = ("", "!", ", as everybody knows", ", thank you", " – please do something", ", and I said so last year")
CLAUSES = {
    "en": ("Nobody tells us why decisions are made", "Nothing was ever said about the new rooms"),
    "de": ("Niemand sagt uns, warum etwas entschieden wird", "Keiner hat je nach den Zimmern gefragt"),
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("language", CLAUSES)
def test_the_clause_that_most_rows_begin_with_is_found(language: str, seed: int) -> None:
    dice = random.Random(seed)
    for clause in CLAUSES[language]:
        texts = [clause + dice.choice(ENDS) for _ in range(9)] + ["I like the soup", "The bus was late again"]
        dice.shuffle(texts)
        assert begun_by_most(texts, np.arange(len(texts))) == clause


@pytest.mark.parametrize(
    "texts",
    [
        ["The tent is wet", "The tent is dry", "The tent is red", "The tent is old"],  # it goes on everywhere
        ["I like the soup", "The bus was late", "My card was lost", "Where is the key"],
        ["No, thanks", "No, thanks", "No, thanks"],  # two words
        ["", "", ""],
        [f"Nobody tells us why {'decisions ' * 9}are made"] * 4,
    ],
)
def test_what_is_no_clause_of_most_rows_is_none(texts: list[str]) -> None:
    assert begun_by_most(texts, np.arange(len(texts))) == ""
