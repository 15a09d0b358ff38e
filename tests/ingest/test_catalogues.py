"""Tables that list the documents beside them: Notion's pages and their table are one thing, not two."""

from pathlib import Path
from zipfile import ZipFile

from explorer.ingest import load, preview

DAYS = ["Monday 20 May", "Tuesday: market?", "Friday 24 May", "Sunday 26 May"]
SAID = ["Rain all day, the cellar is wet.", "Sold the old bicycle.", "Lea is ill again.", "Walked to the mill."]


def pages(path: Path, *, days: list[str] = DAYS, listed: list[str] = DAYS) -> Path:
    with ZipFile(path, "w") as box:
        for at, (day, said) in enumerate(zip(days, SAID, strict=False)):
            name = day.replace(": ", " ").replace("?", "")
            mood = "good" if at else ""
            text = f"# {day}\n\nDate: May {20 + at}, 2024\nMood: {mood}\n\n{said}\n\nNote: {at}"
            box.writestr(f"Diary/{name} {at:032x}.md", text)
        rows = [f'{day},"May {20 + at}, 2024",{"good" if at else ""}' for at, day in enumerate(listed)]
        box.writestr("Diary 9a8b.csv", "\n".join(["Name,Date,Mood", *rows]))
        box.writestr("Diary 9a8b_all.csv", "\n".join(["Name,Date,Mood", *rows]))
    return path


def test_pages_have_the_columns_of_the_table_that_lists_them(tmp_path: Path) -> None:
    found = load(pages(tmp_path / "a.zip"))
    assert list(found.items) == [
        f"# {day}\n\n{said}\n\nNote: {at}"
        for at, day, said in sorted(
            zip(range(4), DAYS, SAID, strict=True), key=lambda one: one[1].replace(": ", " ").replace("?", "")
        )
    ]
    assert dict(zip(found.table["Name"], found.table["Date"], strict=True)) == {
        day: f"May {20 + at}, 2024" for at, day in enumerate(DAYS)
    }
    assert found.table["Mood"].isna().sum() == 1
    assert not found.rejected
    assert found.text_column is None


def test_rows_without_their_page_are_listed_and_several_pages_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    found = load(pages(tmp_path / "a.zip", listed=[*DAYS[:3], "Lost day"]))
    assert len(found) == 4
    assert {(fault.source, fault.row) for fault in found.rejected} == {("Diary 9a8b.csv", 3), ("Diary 9a8b_all.csv", 3)}
    assert found.rejected[0].reason.startswith("the document that it lists, Lost day, is not here")
    twice = load(pages(tmp_path / "b.zip", days=[*DAYS[:3], DAYS[0]], listed=[*DAYS[:3], DAYS[0]]))
    assert len(twice) == 4
    assert {fault.reason for fault in twice.rejected} == {
        "the document that it lists may be one of several, Monday 20 May; name it by its whole path"
    }


def test_a_table_that_lists_other_things_stays_a_table(tmp_path: Path) -> None:
    found = load(pages(tmp_path / "a.zip", listed=["One day in March", "Two days later", "Three of them", DAYS[0]]))
    assert {"One day in March", "Two days later", "Three of them"} <= {*found.items}
    chosen = load(pages(tmp_path / "b.zip"), text="Name")
    assert {*DAYS} <= {*chosen.items}


def test_the_preview_shows_the_pages_alone(tmp_path: Path) -> None:
    shown = preview(pages(tmp_path / "a.zip"))
    assert (shown.text_column, len(shown.rows)) == (None, 4)
    assert {"Name", "Date", "Mood"} <= set(shown.columns)


def test_pages_of_any_kind_are_known_by_their_whole_name(tmp_path: Path) -> None:
    for at, said in enumerate(SAID):
        (tmp_path / f"letter {at}.txt").write_text(f"{said}\n\nYours, Ann. This is a letter with more than a line.\n")
    rows = "\n".join(f"letter {at}.txt,{1900 + at}" for at in range(4))
    (tmp_path / "list.csv").write_text(f"file,year\n{rows}\n")
    found = load(tmp_path)
    assert sorted(set(found.table["year"].dropna())) == [1900, 1901, 1902, 1903]
    assert not any("letter" in str(item) and ".txt" in str(item) for item in found.items)
