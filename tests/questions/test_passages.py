"""A passage is seen amid the text that it was cut out of; other rows have nothing around them."""

from __future__ import annotations

import random
from pathlib import Path

from dash import html

from explorer.ingest import load
from explorer.questions.passages import SHOWN, around
from explorer.ui.panels.inspector import point
from explorer.ui.stores import Place
from tests.ingest.test_longtexts import PASSAGES, sentences, table


def test_the_passages_before_and_after_are_those_of_the_same_row(tmp_path: Path) -> None:
    texts = [sentences(random.Random(3), 60), "short and alone", sentences(random.Random(4), 60)]
    cut = load(table(tmp_path / "a.csv", texts), choices=PASSAGES)
    rows, passages = cut.table["line"].tolist(), cut.table["passage"].tolist()
    for row in range(len(cut)):
        found = around(cut, row)
        last = row + 1 == len(cut) or rows[row + 1] != rows[row]
        assert ("before" in found, "after" in found) == (passages[row] > 1, not last)
        for name, at in (("before", row - 1), ("after", row + 1)):
            if name in found:
                assert found[name]["row"] == at
                said = found[name]["text"].strip("… ")
                assert said in str(cut.items[at])
                assert len(said) <= SHOWN
    plain = load(table(tmp_path / "b.csv", texts))
    assert not any(around(plain, row) for row in range(len(plain)))


def test_passages_of_a_document_are_seen_in_it_and_not_in_the_next_one(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("\n\n".join(sentences(random.Random(at), 9) for at in range(8)))
    cut = load([tmp_path / "a.md", tmp_path / "b.md"], choices={"passage size": "60"})
    named = cut.table["document"].tolist()
    assert len(cut) > 4
    for row in range(len(cut)):
        before, after = row > 0 and named[row - 1] == named[row], row + 1 < len(cut) and named[row + 1] == named[row]
        assert ("before" in around(cut, row), "after" in around(cut, row)) == (before, after)


def test_the_point_shows_it_marked_between_links_to_the_others() -> None:
    item = {"row": 4, "kind": "text", "place": "line 2", "cluster": -1, "text": "the middle"}
    beside = {"before": {"row": 3, "text": "… what was"}, "after": {"row": 5, "text": "what comes …"}}
    shown = point({**item, "passages": beside}, Place(run="0123456789abcdef", row=4))
    [text] = [one for one in shown.children if getattr(one, "className", "") == "point-text in-passages"]
    before, here, after = text.children
    assert isinstance(here, html.Mark)
    assert (before.children, here.children, after.children) == ("… what was", "the middle", "what comes …")
    assert ("row=3" in before.href, "row=5" in after.href) == (True, True)
    plain = point(item, Place(run="0123456789abcdef", row=4))
    assert any(getattr(one, "className", "") == "point-text" for one in plain.children)
