"""HTML in the cells of a table: as written, or as its text."""

from pathlib import Path

import pytest

from explorer.errors import BadChoice
from explorer.ingest import load, preview

CELLS = [
    "<p>The bus <b>never</b> came &amp; I waited</p>",
    "<div>Please repair<br>the light</div>",
    "no tags here: a < b",
]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_html_in_cells_can_be_read_as_its_text(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    lines = ["text,n"] if ending == "csv" else []
    for at, cell in enumerate(CELLS):
        lines.append(f'"{cell}",{at}' if ending == "csv" else f'{{"text": "{cell}", "n": {at}}}')
    path.write_text("\n".join(lines) + "\n")
    assert load(path, choices={"html": "as written"}).items == CELLS
    texts = load(path)
    choice = next(choice for choice in texts.choices if choice.name == "html")
    assert (choice.value, choice.why, choice.sure) == ("as text", "most cells hold tags in text", False)
    assert texts.items == ["The bus never came & I waited", "Please repair\nthe light", "no tags here: a < b"]
    assert texts.table["n"].tolist() == [0, 1, 2]
    assert preview(path, choices={"html": "as text"}).rows[0]["text"] == texts.items[0]
    with pytest.raises(BadChoice, match="as text, as written"):
        load(path, choices={"html": "no"})


def test_words_about_tags_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    said = ["Use <b> for bold words", "Why does <br> not close?", "An <img> needs an alt text"]
    path.write_text("\n".join(["text", *said]) + "\n")
    dataset = load(path)
    assert dataset.items == said
    assert [choice.value for choice in dataset.choices if choice.name == "html"] == ["as written"]


def test_cells_with_few_tags_are_not_asked_about_and_long_ones_stay_as_written(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\nsome words here\nif a < b then\n<b>one</b> tag\n")
    assert "html" not in [choice.name for choice in load(path).choices]
    long = "<p>" + "long " * 50_000
    path.write_text(f"text\n{long}\n<p>short\n<p>and another\n")
    dataset = load(path, choices={"html": "as text"})
    assert dataset.items == [long.strip(), "short", "and another"]
    assert dataset.rejected[0].reason.endswith("too long to be read as their text stay as written: 1")
