"""The list of a graph node's edges says what its file says of each."""

from __future__ import annotations

from typing import Any

from explorer.ui.edges import edge_list
from explorer.ui.stores import Place


def words(part: Any) -> str:
    """Return what stands in a component, one after the other."""
    if isinstance(part, str):
        return part
    if isinstance(part, list | tuple):
        return "".join(map(words, part))
    return words(part.children) if getattr(part, "children", None) is not None else ""


def edge(told: list[dict[str, str]], in_all: int) -> dict[str, Any]:
    card = {"row": 1, "modality": "text", "kind": "text", "text": "Bert", "cluster": 0, "weight": 2.0, "way": "to"}
    return {**card, "told": told, "told_in_all": in_all}


def test_each_edge_between_two_is_a_line_and_how_many_more_there_are_is_said() -> None:
    told = [{"relation": "knows", "since": "2024-01-02"}, {"relation": "pays"}]
    shown = words(edge_list([edge(told, 5)], 1, Place(run="r", row=0)))
    assert "relation knows · since 2024-01-02" in shown
    assert "relation pays" in shown
    assert "and 3 edges more between the two" in shown
    bare = words(
        edge_list([{key: value for key, value in edge([], 0).items() if "told" not in key}], 1, Place(run="r"))
    )
    assert "Bert" in bare
    assert "between the two" not in bare
