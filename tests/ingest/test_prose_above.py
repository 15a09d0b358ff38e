"""Lines of prose above a table and notes below texts: neither is a record, whatever has as many delimiters."""

import random
from pathlib import Path

import pytest

from explorer.errors import NothingUsable
from explorer.ingest import load
from explorer.ingest.shape import sniff
from explorer.types import ABOVE, FOOT

TEXTS = [
    "The bus, it never came and I waited", "Please repair the light on the corner", "Noise at night from the bar",
    "The bin lorry skipped our street", "A pothole damaged my tyre, near the school", "The pool was closed",
    "Late buses are everywhere", "No seats were left in it", "Dirty, and loud in there", "Friendly; quick to help",
]  # fmt: skip
NOTES = [
    "Survey of the city, 2024", "Exported on 2024-03-01 by Ann, for all", "# more, and more", "Report", "Page 1",
    "All answers, unedited, as they came to us",
]  # fmt: skip


@pytest.mark.parametrize("width", [2, 3, 4])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("every", [True, False])
def test_notes_with_commas_above_quoted_rows_are_told_and_no_rows(
    tmp_path: Path, width: int, named: bool, every: bool
) -> None:
    for seed in range(8):
        dice = random.Random(f"{width}{named}{every}{seed}")
        texts = dice.sample(TEXTS, dice.randint(6, 10))
        rows = [[text, *(str(dice.randint(1, 500)) for _ in range(width - 1))] for text in texts]
        lines = [",".join(f'"{cell}"' if every or not cell.isdigit() else cell for cell in row) for row in rows]
        names = [",".join(["text", "rating", "age", "visits"][:width])] if named else []
        notes = dice.sample(NOTES, 1 + seed % 3)
        (tmp_path / "a.csv").write_text("\n".join([*notes, *([""] * (seed % 2)), *names, *lines]) + "\n")
        found = load(tmp_path / "a.csv")
        assert found.items == texts
        assert len(found.columns) == width
        assert [one.reason.partition(": ")[2] for one in found.rejected if one.what == ABOVE] == notes


@pytest.mark.parametrize("names", ["id, text", "home address, how it went", "Town, Said, Age"])
def test_names_with_blanks_behind_commas_stay_names(names: str) -> None:
    rows = [",".join(['"at home, or so"', "7", "9"][: names.count(",") + 1]) + "\n" for _ in range(5)]
    for above in ([], ["Survey of the city, 2024\n"]):
        found = sniff([*above, f"{names}\n", *rows])
        assert (list(found.names), found.titles) == ([name.strip() for name in names.split(",")], len(above))


@pytest.mark.parametrize(
    ("foot", "parted"),
    [
        ("Total: 6", False), ("Summe 1.200", False), ("(6 rows)", False), ("Page 1 of 1", False), ("Total", True),
        ("Source: city hall", True), ("Quelle: Stadt", True), ("* estimated", True), ("Generated on 2024-03-01", False),
    ],
)  # fmt: skip
def test_a_note_below_a_column_of_texts_is_listed_and_one_among_them_is_a_text(
    tmp_path: Path, foot: str, parted: bool
) -> None:
    for names in ([], ["text"]):
        texts = [text.replace(",", "") for text in TEXTS if ";" not in text][:6]
        lines = [*names, *texts, *([""] if parted else []), foot]
        (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = load(tmp_path / "a.csv")
        assert (found.items, [one.what for one in found.rejected]) == (texts, [FOOT])
        assert foot in found.rejected[0].reason
        (tmp_path / "b.csv").write_text("\n".join([*names, texts[0], foot, *texts[1:], foot]) + "\n", encoding="utf-8")
        assert load(tmp_path / "b.csv").items.count(foot) == 2
    if parted:  # somebody may say so
        (tmp_path / "c.csv").write_text("\n".join(["text", *texts, foot]) + "\n", encoding="utf-8")
        assert load(tmp_path / "c.csv").items == [*texts, foot]


def test_a_first_record_with_a_value_that_comes_again_names_columns_only_unsurely(tmp_path: Path) -> None:
    rows = [
        "York;No seats",
        "Hull;A pothole damaged my tyre near the school",
        "Leeds;It was late on the whole way home",
    ]
    rows += ["York;Friendly staff that was quick to help", "Hull;The bus never came and I waited an hour"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    found = load(tmp_path / "a.csv")
    assert not next(one.sure for one in found.choices if one.name == "header")


def test_of_a_file_without_a_usable_row_the_rows_are_told_before_notes_and_its_name_once(tmp_path: Path) -> None:
    said = ["Messages and calls are end-to-end encrypted.", "Ben: <Media omitted>", "Ann: This message was deleted"]
    (tmp_path / "chat.txt").write_text("".join(f"12/03/2025, 18:0{at} - {one}\n" for at, one in enumerate(said)))
    with pytest.raises(NothingUsable) as raised:
        load(tmp_path / "chat.txt")
    sentence = str(raised.value)
    assert sentence.startswith("nothing in chat.txt is usable: line 1: it is a line of the chat itself")
    assert sentence.count("chat.txt") == 1
    (tmp_path / "a.csv").write_text("Survey of the city, 2024\ntext,town\n" + '"",York\n"n/a",Hull\n' * 3)
    with pytest.raises(NothingUsable) as raised:
        load(tmp_path / "a.csv", text="text")
    assert "it stands above" not in str(raised.value)
    assert "the text is empty" in str(raised.value)
