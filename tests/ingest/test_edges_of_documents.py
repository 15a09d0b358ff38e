"""What documents have that is not read is told: pieces behind their end, lines around pages, slides without a word."""

import io
from pathlib import Path
from typing import Any

import pytest

from explorer.ingest import load
from explorer.types import PART
from tests.documents import rich_text, slides, word

SAID = ["The harbour was built in three parts", "A boat {leaves} at four \\ five", "It comes back by noon"]


def told(path: Path) -> list[str]:
    return [one.reason for one in load(path).rejected if one.what == PART]


def test_rich_text_that_is_cut_anywhere_is_told_as_such_and_a_whole_one_is_not(tmp_path: Path) -> None:
    whole = rich_text(SAID)
    path = tmp_path / "a.rtf"
    for end in (b"", b"\n", b"\0\0\r\n"):
        path.write_bytes(whole + end)
        assert told(path) == []
    bare = whole.rstrip()
    for cut in (len(bare) - 1, len(bare) - 7, len(bare) * 2 // 3):
        path.write_bytes(bare[:cut])
        assert [note.partition(",")[0] for note in told(path)] == ["it ends before its end"]
        assert load(path).items[0].startswith(SAID[0])
    path.write_bytes(bare + b"\n{\\b more}")
    assert told(path) == ["9 of its characters stand behind its end and are not read"]


@pytest.mark.parametrize("kinds", [("header",), ("footer",), ("header", "footer"), ()])
def test_lines_above_and_below_the_pages_of_a_word_file_are_told(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    import docx

    opened = docx.Document(io.BytesIO(word(SAID)))
    for kind in kinds:
        around: Any = getattr(opened.sections[0], kind)
        around.paragraphs[0].text = f"Confidential {kind}"
        around.add_paragraph(f"of the town, {kind}")
    opened.save(str(tmp_path / "a.docx"))
    found = told(tmp_path / "a.docx")
    assert [f"“Confidential {kind} of the town, {kind}”" in note for kind, note in zip(kinds, found, strict=True)] == [
        True for _ in kinds
    ]
    assert "Confidential" not in " ".join(load(tmp_path / "a.docx").items)


@pytest.mark.parametrize("silent", [(), (2,), (1, 3), (4, 5)])
def test_slides_without_a_word_are_told_by_their_number(tmp_path: Path, silent: tuple[int, ...]) -> None:
    pages = [("", "", "") if at in silent else (f"Title {at}", f"words of slide {at}", "") for at in range(1, 6)]
    (tmp_path / "a.pptx").write_bytes(slides(pages))
    named = ", ".join(map(str, silent))
    assert [note.rpartition(": ")[2] for note in told(tmp_path / "a.pptx")] == ([named] if silent else [])
    assert len(load(tmp_path / "a.pptx").items) >= 1
