"""What the page says of a graph's map: its vectors are of its edges, and nothing of the sort came with the data."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from explorer import ingest
from explorer.config import AUTO, GIVEN
from explorer.ui.encoderwords import encoder_options, encoder_words, makers
from explorer.ui.estimates import line
from explorer.ui.panels.choices import line as read_line

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
