"""Tables that list the documents beside them: Notion's pages and their table are one thing, not two."""

import csv
import io
import random
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest

from explorer.ingest import load, preview
from explorer.kinds import kind_of
from tests.ingest.test_pictures import encoded

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


def listed_at_random(chance: random.Random, names: list[str], ending: str) -> list[tuple[str, str]]:
    """Return rows that name files: some twice, some not at all, some that are not there, by path or by bare name."""
    rows = []
    whole, ended = chance.random() < 0.5, ending if chance.random() < 0.6 else ""
    for name in chance.sample(names, len(names)):
        if chance.random() < 0.85 or name.endswith("twin"):
            called = (name if whole else PurePosixPath(name).name) + ended
            rows += [(called, f"of {name}")] * (1 + (chance.random() < 0.15))
    rows += [(f"gone {at}{ended}", f"of gone {at}") for at in range(chance.randint(0, 2))]
    return [(called, f"{of}#{at}") for at, (called, of) in enumerate(chance.sample(rows, len(rows)))]


@pytest.mark.parametrize("ending", [".png", ".txt", ".md"])
@pytest.mark.parametrize("seed", range(8))
def test_each_file_and_each_row_is_there_or_told_and_none_stands_with_another(
    tmp_path: Path, seed: int, ending: str
) -> None:
    chance = random.Random(f"{seed} {ending}")
    folders = chance.choice([[""], ["A/", "B/"], ["", "A/"]])
    names = [
        f"{chance.choice(folders)}{chance.choice(['letter ', 'note_'])}{at}" for at in range(chance.randint(5, 10))
    ]
    names += [f"{folder}twin" for folder in folders] if len(folders) > 1 else []
    rows = listed_at_random(chance, names, ending)
    with ZipFile(tmp_path / "a.zip", "w") as box:
        for at, name in enumerate(names):
            said = f"This is {name}.\n\nYours, Ann, who wrote a letter of more than one line, number {at}.\n"
            box.writestr(f"{name}{ending}", encoded(size=(9 + at, 9)) if ending == ".png" else said)
        written = io.StringIO()
        csv.writer(written).writerows([("file", "owner"), *rows])
        box.writestr("list.csv", written.getvalue())
    found = load(tmp_path / "a.zip")
    listed = {fault.row for fault in found.rejected if fault.source == "list.csv"}
    held = [
        (kind_of(item).path(item) or str(item), [str(cell) for cell in found.table.loc[row].dropna()])
        for row, item in enumerate(found.items)
    ]
    for name in names:
        assert sum(said.endswith(f"{name}{ending}") or f"This is {name}." in said for said, _ in held) >= 1
    for row, (called, owner) in enumerate(rows):
        at = [
            said
            for said, cells in held
            if owner in cells or owner == said or any(f'"{owner}"' in cell for cell in cells)
        ]
        assert at or row in listed, (row, called)
        name = owner[3:].partition("#")[0]
        mine = (f"{name}{ending}", owner)
        assert all(said.endswith(mine) or f"This is {name}." in said for said in at), (owner, at)


def test_a_document_that_is_listed_twice_has_the_first_row_and_all_of_both(tmp_path: Path) -> None:
    for at, said in enumerate(SAID):
        (tmp_path / f"letter {at}.txt").write_text(f"{said}\n\nYours, Ann. This is a letter with more than a line.\n")
    rows = "\n".join(f"letter {at},{1900 + at}" for at in (0, 1, 2, 2, 3))
    (tmp_path / "list.csv").write_text(f"file,year\n{rows.replace('2,1902', '2,1950', 1)}\n")
    found = load(tmp_path)
    assert (found.table["year"].tolist(), found.rejected) == ([1900, 1901, 1950, 1903], ())
    assert found.table["year_all"].tolist() == ['["1900"]', '["1901"]', '["1950", "1902"]', '["1903"]']


def listed(path: Path, files: dict[str, str], table: str) -> Path:
    with ZipFile(path, "w") as box:
        for name, said in {**files, "labels.csv": table}.items():
            box.writestr(name, said)
    return path


@pytest.mark.parametrize("width", [3, 5])
def test_numbers_name_documents_with_zeros_in_front(tmp_path: Path, width: int) -> None:
    files = {f"{at:0{width}d}.txt": f"{said}\n\n{said}" for at, said in zip((1, 2, 10, 11), SAID, strict=True)}
    found = load(listed(tmp_path / "a.zip", files, "id,label\n1,pos\n2,neg\n10,pos\n11,neg\n"))
    assert [item.split("\n")[0] for item in map(str, found.items)] == SAID
    assert list(found.table["label"]) == ["pos", "neg", "pos", "neg"]
    assert not found.rejected
    twice = {**files, "1.txt": "Another first one, which is long enough to be a text of its own."}
    both = load(listed(tmp_path / "b.zip", twice, "id,label\n1,pos\n2,neg\n10,pos\n11,neg\n"))
    assert len(both) == 5
    assert list(both.table["label"].fillna("")) == ["", "neg", "pos", "neg", "pos"]


def test_documents_stay_items_where_a_listing_names_one_of_several_or_none(tmp_path: Path) -> None:
    files = {"x/a.txt": SAID[0] + "\n\n" + SAID[1], "y/a.txt": SAID[2] + "\n\n" + SAID[3]}
    found = load(listed(tmp_path / "a.zip", files, "file,author\na.txt,Anna\ny/a.txt,Bob\n"))
    assert len(found) == 2
    assert list(found.table["author"].fillna("")) == ["", "Bob"]
    assert [fault.reason for fault in found.rejected] == [
        "the document that it lists may be one of several, a.txt; name it by its whole path"
    ]
    none = load(listed(tmp_path / "b.zip", files, "file,author\nc.txt,Anna\nd.txt,Bob\n"))
    assert len(none) == 2
    assert {fault.reason for fault in none.rejected} == {
        f"the document that it lists, {name}, is not here; add it, or correct its name" for name in ("c.txt", "d.txt")
    }
