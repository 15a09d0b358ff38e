"""On a map of several kinds of item a search and a point show the nearest of the kind that is missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from explorer.ui import ids
from explorer.ui.encoderwords import encoder_words
from explorer.ui.panels import inspector, search
from explorer.ui.stores import Place

PLACE = Place(run="0123456789abcdef", row=0)


def card(row: int, **more: Any) -> dict[str, Any]:
    said = {"row": row, "place": f"item {row + 1}", "kind": "text", "text": f"words {row}", "weak": False}
    return {**said, "cluster": 0, "cluster_name": "things", "score": 0.5, "similarity": 0.5, **more}


def test_a_search_shows_the_nearest_of_the_kind_that_no_hit_is_of() -> None:
    others = [{"kind": "image", "hits": [card(7)]}]
    shown = str(search.cards({"run": PLACE.run, "query": "q", "hits": [card(1)], "others": others}, PLACE))
    assert "Nearest pictures" in shown
    assert "pictures apart from other items" in shown
    assert shown.count(ids.TESTID_OTHER_KIND) == 1
    plain = str(search.cards({"run": PLACE.run, "query": "q", "hits": [card(1)]}, PLACE))
    assert ids.TESTID_OTHER_KIND not in plain


def test_hits_of_another_kind_are_told_with_the_shape_of_their_marks_and_no_others_are() -> None:
    def note(*hits: dict[str, Any]) -> str:
        shown = str(search.cards({"run": PLACE.run, "query": "q", "hits": list(hits)}, PLACE))
        return shown.partition("On the map ")[2].partition(".")[0] if "hit-shapes" in shown else ""

    of_text, of_image = card(1), card(2, kind="image", across=True)
    told = "▲ marks pictures: of another kind than what was searched with"
    assert note(of_text, of_image) == f"◆ marks texts, and {told}"
    assert note(of_image) == told
    assert note(of_text) == note(card(2, kind="image")) == ""
    named = card(3, kind="image", named_by="caption", named="q at noon")
    assert note(named, of_image) == f"◆ marks what is called so, and {told}"
    assert note(named, of_text, of_image) == f"◆ marks what is called so and texts, and {told}"


def test_a_ring_is_explained_where_some_hits_have_one() -> None:
    def says(*hits: dict[str, Any]) -> bool:
        return "A ring on the map" in str(search.cards({"run": PLACE.run, "query": "q", "hits": list(hits)}, PLACE))

    assert says(card(1, just_so=True), card(2))
    assert not says(card(1), card(2))
    assert not says(card(1, just_so=True), card(2, just_so=True)), "they are all alike"


def test_a_point_shows_them_too_and_asks_for_that_kind_alone() -> None:
    asked: list[dict[str, Any]] = []

    def neighbors(run: str, row: int, **how: Any) -> dict[str, Any]:
        asked.append(how)
        return {"metric": "cosine", "neighbors": [card(9)]}

    services: Any = SimpleNamespace(questions=SimpleNamespace(neighbors=neighbors))
    found = inspector._of_other_kinds(services, {"row": 0, "other_kinds": ["text"]}, PLACE)
    assert "Nearest texts" in str(found)
    assert [how["kind"] for how in asked] == ["text"]
    assert inspector._of_other_kinds(services, {"row": 0}, PLACE) == []


def test_it_is_said_before_that_kinds_lie_apart_by_conse() -> None:
    spec = {"name": "conse", "summary": "Pictures", "offline": True, "modalities": ["image", "text"], "languages": []}
    for kinds, told in ((["image", "text"], True), (["image"], False)):
        said = str(encoder_words("conse", [spec], {"modalities": kinds, "languages": {}}))
        assert ("lie apart on a map by it" in said) == told
