"""What the page says of a graph's map: its vectors are of its edges, and nothing of the sort came with the data."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from explorer import ingest
from explorer.config import AUTO, GIVEN
from explorer.ui.encoderwords import encoder_options, encoder_words, makers
from explorer.ui.estimates import line
from explorer.ui.markup import markup
from explorer.ui.panels.choices import line as read_line
from explorer.ui.panels.inspector import inspection
from explorer.ui.stores import Place

SAID = ("came with", "column vectors", "that made them")


def test_vectors_of_a_graph_are_of_its_edges_and_no_encoder_is_asked_after(tmp_path: Path) -> None:
    ring = [f"{at},{(at + step) % 12},{1 + at % 3}" for at in range(12) for step in (1, 2, 5)]
    (tmp_path / "mails.csv").write_text("source,target,mails\n" + "\n".join(ring))
    graph = ingest.load(tmp_path / "mails.csv", choices={"as": "graph"})
    assert graph.given is not None
    given = {"column": graph.given.column, "dim": graph.given.array.shape[1]}
    record: dict[str, Any] = {"dataset": "d", "rows": len(graph), "modalities": ["text"], "languages": {}}
    record |= {"columns": list(graph.columns), "given": given}
    told = line(SimpleNamespace(), record, {"encoder": GIVEN, "words": "5 s"})  # type: ignore[arg-type]
    choices: list[dict[str, Any]] = [
        {**vars(one), "options": [{"value": value, "label": label} for value, label in one.options]}
        for one in graph.choices
    ]
    words = [encoder_words(name, [], record) for name in (AUTO, GIVEN)]
    shown = str([told, words, read_line(choices), encoder_options([], record)])
    assert "by its edges" in shown
    assert "vectors of the edges" in shown
    assert not [words for words in SAID if words in shown]
    assert makers([{"name": "minilm", "modalities": ["text"], "dim": None}], record) == []


def test_a_node_is_headed_as_one_and_not_as_a_row_of_the_list_of_edges() -> None:
    item = {"row": 5, "place": "row 6", "kind": "text", "text": "Dana Wong", "cluster": 0, "cluster_name": "c"}
    item |= {"strength": 1.0, "metadata": {"degree": 3, "links to": "a"}}
    near = {"metric": "cosine", "near_ranks": 20, "map_dims": 2, "neighbors": [], "only_on_map": []}

    def said(**given: Any) -> str:
        def neighbors(*_row: Any, **_asked: Any) -> dict[str, Any]:
            return {**near, **given}

        asked = SimpleNamespace(item=lambda *_row, **_asked: item, neighbors=neighbors)
        return markup(inspection(SimpleNamespace(questions=asked), Place("ab12", 5))[0])  # type: ignore[arg-type]

    assert ">Row 6<" in said()
    assert ">Node<" in said(edges=[], edges_in_all=0)
    assert "Row 6" not in said(edges=[], edges_in_all=0)
