"""Files whose names do not say what they are: told by the ending before an added one, or by what is in them."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from explorer.errors import UnreadableFile
from explorer.ingest import load
from explorer.ingest.unnamed import ending_of, without_added
from tests.documents import epub, opentext, prose, slides, word
from tests.spreadsheets import excel, opendocument, zipped

TABLE = "id,wish,place\n1,more buses on Sundays,Leeds\n2,it was late again,York\n3,a lamp is broken,Leeds\n"
LINES = b'{"wish": "more buses"}\n{"wish": "it was late"}\n'


@pytest.mark.parametrize(
    "name", ["a.csv.1", "a.csv.bak", "a.csv (1)", "a.csv.2024-03-01", "a.csv~", "a.csv.old.3", "a.CSV.2024"]
)
def test_what_programs_add_behind_an_ending_hides_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TABLE)
    dataset = load(tmp_path / name)
    assert list(dataset.items) == ["more buses on Sundays", "it was late again", "a lamp is broken"]
    assert [fault.reason for fault in dataset.rejected] == [
        "its name does not end as one of a known format does; by the ending .csv in its name, it was read as CSV, TSV"
    ]
    assert without_added("v1.2/notes") == "v1.2/notes"


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "items"),
    [
        (TABLE.encode(), 3), (TABLE.encode("utf-16"), 3), (LINES, 2),
        (b"<!DOCTYPE html><p>More buses.</p>", 1), (picture(), 1), ("Höhere Häuser\nmüde Züge\n".encode("cp1252"), 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["export", "export.dat", "2024.03"])
def test_a_file_without_a_known_ending_is_read_by_what_is_in_it(
    tmp_path: Path, name: str, content: bytes, items: int
) -> None:
    (tmp_path / name).write_bytes(content)
    dataset = load(tmp_path / name)
    assert len(dataset) == items
    assert "by what is in it, it was read as" in dataset.rejected[0].reason


@pytest.mark.parametrize("seed", range(20))
def test_bytes_of_which_nobody_knows_what_they_are_are_refused_with_the_cure(tmp_path: Path, seed: int) -> None:
    content = random.Random(seed).randbytes(400)
    assert ending_of(content) == ""
    (tmp_path / "a.dat").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"the type \.dat is not read; accepted are .* Save it as one of these"):
        load(tmp_path / "a.dat")


def test_a_folder_of_texts_without_endings_is_one_of_documents(tmp_path: Path) -> None:
    for at, folder in enumerate(("alt.atheism", "sci.space")):
        (tmp_path / folder).mkdir()
        for number in range(3):
            text = f"Subject: wish {number}\n\nThe bus of number {number} was late.\nIt rained in {folder}.\n"
            (tmp_path / folder / str(49960 + 10 * at + number)).write_text(text)
    (tmp_path / "README").write_text("These are notes.")
    (tmp_path / "odd").write_bytes(bytes(range(256)))
    dataset = load(tmp_path)
    assert len(dataset) == 6
    assert set(dataset.table["folder"]) == {"alt.atheism", "sci.space"}
    reasons = [fault.reason for fault in dataset.rejected]
    assert any("do not end as those of known formats do" in reason for reason in reasons)
    assert [fault.source for fault in dataset.rejected if "without an ending is not read" in fault.reason] == ["odd"]
    assert [fault.source for fault in dataset.rejected if "it explains the files" in fault.reason] == ["README"]


def test_what_is_unnamed_amid_others_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "notes").write_text("A note.\n")
    dataset = load(tmp_path)
    assert len(dataset) == 3
    assert [(fault.source, fault.reason[:36]) for fault in dataset.rejected] == [
        ("notes", "a file without an ending is not read")
    ]


ROWS = [["id", "wish"], [1, "more buses on Sundays"], [2, "it was late again"]]
PROGRAMS = {
    ".xlsx": lambda: excel({"Data": ROWS}),
    ".ods": lambda: opendocument({"Data": [list(map(str, row)) for row in ROWS]}),
    ".docx": lambda: word([prose(3)]),
    ".pptx": lambda: slides([("Buses", prose(2), "")]),
    ".odt": lambda: opentext([prose(3)]),
    ".epub": lambda: epub([prose(3)]),
}


@pytest.mark.parametrize("ending", PROGRAMS)
def test_a_workbook_or_a_document_that_is_called_an_archive_is_read_as_what_it_is(tmp_path: Path, ending: str) -> None:
    for name in ("a.zip", f"a{ending}"):
        (tmp_path / name).write_bytes(PROGRAMS[ending]())
    found, right = load(tmp_path / "a.zip"), load(tmp_path / f"a{ending}")
    assert found.items == right.items
    assert [fault.reason for fault in found.rejected if "though its name says .zip" in fault.reason]
    assert not [fault.reason for fault in right.rejected if "though its name says" in fault.reason]


@pytest.mark.parametrize("ending", PROGRAMS)
def test_an_archive_that_is_called_a_workbook_or_a_document_is_opened(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a{ending}").write_bytes(zipped({"word/a.csv" if ending == ".odt" else "a.csv": TABLE}))
    if ending == ".odt":  # a folder of the name that Word gives its parts
        with pytest.raises(UnreadableFile, match="Save it again"):
            load(tmp_path / f"a{ending}")
        return
    found = load(tmp_path / f"a{ending}")
    assert len(found) == 3
    told = f"it is a zip archive, though its name says {ending}, and was read as such"
    assert told in [fault.reason for fault in found.rejected]


@pytest.mark.parametrize(
    "rows",
    [
        ["1,some words here now,x", "2,other words there,y"],
        ["41,the room was cold,x", "52,a nice driver,y"],
    ],
)
def test_of_two_rows_the_first_is_not_surely_the_names_where_a_value_speaks_against_it(
    tmp_path: Path, rows: list[str]
) -> None:
    (tmp_path / "a.csv").write_text("\n".join(rows))
    assert not all(one.sure for one in load(tmp_path / "a.csv").choices if one.name == "header")
    (tmp_path / "b.csv").write_text("id,text,code\n" + rows[0])
    assert all(one.sure for one in load(tmp_path / "b.csv").choices if one.name == "header")
