"""Rows are found by what they are called: files by their names and captions, nodes and vectors by their texts."""

import asyncio
import dataclasses
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.config import GIVEN
from explorer.errors import NoEncoder, WrongModality
from explorer.kinds import ImageRef, SoundRef
from explorer.questions import by_name, mark_same, named_so, with_names
from explorer.server.questions import Questions
from explorer.types import Dataset, Run
from explorer.ui.alike import as_many, how_many
from explorer.ui.markup import markup
from explorer.ui.named import named_list
from explorer.ui.panels.search import cards, short
from explorer.ui.stores import Place
from tests.questions.test_searching import run_of, units


def called(items: list[Any], *, encoder: str = "conse", ok: Any = None, **table: Any) -> Run:
    run = run_of(items, units(len(items)))
    frame = pd.DataFrame(table, index=pd.RangeIndex(len(items)))
    embeddings = dataclasses.replace(run.embeddings, encoder=encoder)
    if ok is not None:
        embeddings = dataclasses.replace(embeddings, ok=np.asarray(ok))
    return dataclasses.replace(run, dataset=Dataset("k", "n", items, frame, ()), embeddings=embeddings)


def found(run: Run, query: str) -> list[int]:
    return [row for row, _, _ in named_so(run, query)[0]]


@pytest.mark.parametrize("seed", range(10))
def test_a_file_is_found_by_each_word_of_its_name_however_it_is_joined(seed: int) -> None:
    chance = random.Random(seed)
    words = ["siren", "robin", "brook", "violin", "thunder"]
    names, said = [], []
    for _ in range(30):
        two = chance.sample(words, 2)
        joined = chance.choice(("-", "_", " ", ".", "/")).join(two).title() if chance.random() < 0.5 else "_".join(two)
        names.append(f"{joined}-{chance.randrange(100):02d}.wav")
        said.append(two)
    run = called([SoundRef(f"/x/{i}.wav", str(i), name=name) for i, name in enumerate(names)], encoder="melstats")
    for word in words:
        wanted = {row for row, two in enumerate(said) if word in two}
        rows, count = named_so(run, f"the {word}s")
        assert count == len(wanted)
        assert {row for row, _, _ in rows} <= wanted
        assert len(rows) == min(20, count)
    assert found(run, "siren robin") == [row for row in found(run, "siren") if "robin" in said[row]]
    assert [found(run, none) for none in ("piano", "", "#?")] == [[], [], []]


def test_the_photo_whose_caption_is_searched_comes_first_and_the_others_that_say_it_behind() -> None:
    captions = ["a sunny beach by the sea, at noon", "old temple", "Sunny beach by the sea", None, "beach"]
    items = [ImageRef(f"/x/IMG_{i:04d}.jpg", str(i)) for i in range(5)]
    run = called(items, caption=captions, nr=range(5), theme=["sea"] * 5)
    assert found(run, "sunny beach by the sea") == [2, 0]
    assert named_so(run, "beach")[0][0] == (4, "caption", "beach")
    assert found(run, "IMG_0003") == [3] == found(run, "img 0003.jpg"[:8])
    assert not found(called(items, caption=captions, ok=[True, True, False, True, True]), "old temple beach")
    assert 2 not in found(called(items, caption=captions, ok=[True, True, False, True, True]), "beach")


def test_texts_that_an_encoder_reads_are_left_to_it_and_what_came_with_vectors_is_found_by_its_name() -> None:
    names = ["king", "Fatma Smith", "queen", "Fatma Jones"]
    assert not by_name(called(names, encoder="minilm"), "king")
    given = called(names, encoder=GIVEN)
    assert found(given, "king") == [0]
    assert [one["named_by"] for one in by_name(given, "fatma")["by_name"]] == ["name", "name"]


def asked(run: Run, query: str, error: Exception | None) -> dict[str, Any]:
    """Return what `Questions.search` answers where the search by meaning fails, or finds rows 0 and 1."""

    class Opened:
        def run(self, _key: str, take_in: float | None = None) -> Run:
            return run

    questions = Questions(None, None, _Opened(Opened()), None)  # type: ignore[arg-type]

    async def meant(*_given: Any) -> dict[str, Any]:
        if error:
            raise error
        hit = {"weak": False, "score": 0.5, "kind": "sound", "cluster": 0, "place": "p"}
        return {"query": query, "hits": [{**hit, "row": 0}, {**hit, "row": 1, "same_as": 0}], "searched": 2}

    object.__setattr__(questions, "_search", meant)
    return asyncio.run(questions.search("k", query))


class _Opened:
    def __init__(self, opened: Any) -> None:
        self.run = opened.run

    def also(self, *_stores: Any) -> None:
        """Keep nothing."""


def test_what_no_encoder_reads_is_found_by_name_and_said_and_each_row_is_listed_once() -> None:
    items = [SoundRef(f"/x/{name}", name, name=name) for name in ("siren-1.wav", "robin.wav")]
    run = called(items, encoder="melstats")
    answer = asked(run, "siren", WrongModality("it reads sounds, not texts."))
    assert ([one["row"] for one in answer["by_name"]], answer["hits"]) == ([0], [])
    shown = markup(cards({"run": "ab12", **short(answer)}, Place("ab12")))
    assert "1 row with “siren” in its name" in shown
    assert (
        "This map's encoder reads sounds, so only names are searched; to search by meaning choose clap"
        in shown.replace("&#x27;", "'")
    )
    with pytest.raises(WrongModality, match=r"^No name has “thunder”\. This map's encoder reads sounds, so only names"):
        asked(run, "thunder", WrongModality("it reads sounds, not texts."))
    assert "Nothing was found" not in shown
    with pytest.raises(NoEncoder):
        asked(run, "piano", NoEncoder("none"))
    both = short(asked(run, "siren", None))
    assert [(hit["row"], hit["weak"]) for hit in both["hits"]] == [(0, False), (1, False)]
    assert not any("same_as" in hit for hit in both["hits"])
    shown = markup(cards({"run": "ab12", **both}, Place("ab12")))
    assert shown.count('data-row="0"') == shown.count('data-row="1"') == 1
    assert shown.index("named-card") < shown.index("hit-card")


@pytest.mark.parametrize("seed", range(20))
def test_hits_are_not_called_close_where_none_of_the_rows_named_so_is_among_them(seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.sample(range(100), 12)
    weak = chance.randint(0, 12)
    hit = {"kind": "image", "score": 0.3, "cluster": 0, "cluster_name": "c", "text": "a", "place": "p"}
    hits = [{**hit, "row": row, "weak": at >= 12 - weak} for at, row in enumerate(rows)]
    called = chance.sample(rows if chance.random() < 0.5 else range(100, 200), 3)
    named = [{**hit, "row": row, "named_by": "caption", "named": "a beach"} for row in called]
    told = with_names({"query": "a beach", "hits": hits}, {"by_name": named, "by_name_in_all": 3})
    near = set(rows[: 12 - weak])
    agree = not near or bool(near & set(called)) or not weak
    assert [one["weak"] for one in told["hits"]] == [one["weak"] or not agree for one in hits]
    assert told.get("doubtful", False) is (not agree)
    left = [one for one in short(told)["hits"] if not one.get("named_by")]
    shown = markup(cards(short(told), Place("ab12")))
    assert "Nothing here is" not in shown
    assert ("Nothing else is surely about" in shown) is (not agree)
    assert ("Nothing else is close in meaning" in shown) is (agree and bool(left) and all(one["weak"] for one in left))
    assert with_names({"hits": hits}, {}) == {"hits": hits}
    more = with_names({"hits": hits}, {"by_name": named, "by_name_in_all": 30})
    assert more["hits"] == hits


@pytest.mark.parametrize("seed", range(10))
def test_a_file_is_found_by_how_its_name_begins_or_a_piece_of_it_and_after_those_that_have_it_whole(seed: int) -> None:
    chance = random.Random(seed)
    join = chance.choice("_-. ")
    stamps = [f"2024{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}" for _ in range(19)]
    names = [f"{chance.choice(['IMG', 'Holiday'])}{join}{stamp}{join}{at:04d}.jpg" for at, stamp in enumerate(stamps)]
    run = called([ImageRef(f"/x/{at}.jpg", str(at), name=name) for at, name in enumerate(names)])
    for name in names:
        stamp = name.index("2024")
        typed = name[: chance.randint(stamp + 4, stamp + 8)]
        if join == " ":
            typed = typed[:3] + " " + typed[stamp:] if name.startswith("IMG") else typed
        rows, count = named_so(run, typed)
        assert {row for row, _, _ in rows} == {at for at, other in enumerate(names) if other.startswith(typed)}
        assert count == len(rows)
        assert {what for _, what, _ in rows} == {"file name"}
    two = [ImageRef(f"/x/{at}", str(at), name=name) for at, name in enumerate(("s-2024051.jpg", "s-202405.jpg"))]
    assert found(called(two), "202405") == [1, 0]
    assert [found(called(two), none) for none in ("s 2", "02405", "s")] == [[], [], [0, 1]]
    told = by_name(called([*two]), "s-202405.jpg")["by_name"]
    assert [(one["row"], one.get("just_so", False)) for one in told] == [(1, True)]
    marked = short({"query": "s-202405", "hits": [], **by_name(called(two), "s-202405")})["hits"]
    assert [(hit["row"], hit.get("just_so", False)) for hit in marked] == [(1, True), (0, False)]


@pytest.mark.parametrize(
    ("items", "query", "said"),
    [
        (["A lamp, a real bargain", "A watch, a real bargain"], "bargain", "2 rows with “bargain”<"),
        (["A lamp, a real bargain", "rain"], "a bargain", "1 row with the words “a bargain”<"),
        (["Ada Berg", "Ada Silva"], "ada berg", "1 row named “ada berg”<"),
        (["bargain", "bargain bin"], "bargain", "2 rows with “bargain”<"),
        (["sea-1.jpg", "Umbrella on the beach.jpg"], "a beach", "1 row with the words “a beach” in its name<"),
        (["IMG_20240511.jpg", "IMG_20240512.jpg"], "IMG_2024051", "2 rows with “IMG_2024051” in their names<"),
        (["beach.jpg", "b/beach.png"], "beach", "2 rows named “beach”<"),
    ],
)
def test_rows_are_said_to_be_named_so_where_they_are_and_else_to_have_the_words(
    items: list[str], query: str, said: str
) -> None:
    pictures = items[0].endswith(".jpg")
    run = called(
        [ImageRef(f"/x/{at}", str(at), name=name) for at, name in enumerate(items)] if pictures else items,
        encoder="minilm" if pictures else GIVEN,
    )
    found = by_name(run, query)
    assert said in markup(named_list(found, query, found["by_name"], Place("ab12")))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_listed_is_as_many_different_ones_and_the_same_lie_folded_below_the_first(seed: int) -> None:
    chance = random.Random(seed)
    texts = [f"bargain {at}" for at in range(chance.randint(1, 30))]
    run = called([chance.choice(texts) for _ in range(chance.randint(1, 150))], encoder=GIVEN)
    there = len(set(map(str, run.dataset.items)))

    async def searched(k: int) -> dict[str, Any]:
        hits = [{"row": row, "text": str(run.dataset.items[row]), "weak": False} for row in range(len(run.dataset))[:k]]
        mark_same(hits)
        return {"hits": hits, **by_name(run, "bargain", most=k)}

    told = asyncio.run(as_many(searched, 20, 200))
    for listed in (told["hits"], told["by_name"]):
        firsts = {one["row"]: one["text"] for one in listed if "same_as" not in one}
        assert len(firsts) == len(set(firsts.values())) == how_many(listed) == min(20, there)
        assert all(firsts[one["same_as"]] == one["text"] for one in listed if "same_as" in one)
        assert len(listed) == sum(str(text) in firsts.values() for text in run.dataset.items)
    shown = markup(cards({"run": "ab12", "more": False, **short({"query": "bargain", **told})}, Place("ab12")))
    assert all(shown.count(f'data-row="{one["row"]}"') == 1 for one in told["by_name"])
    assert shown.count("more row") == sum(len(texts) > 1 for texts in _alike(told["by_name"]))


def _alike(listed: list[dict[str, Any]]) -> list[list[int]]:
    return [[one["row"] for one in listed if one["text"] == text] for text in {one["text"] for one in listed}]
