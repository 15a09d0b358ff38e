"""References: what an entry of BibTeX or a record of RIS says, as a reader sees it, and where one is none."""

from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.references import plain, records

BIB = r"""% exported by a program
@comment{meta: databaseType:bibtex;}
@string{jat = "J. of Applied Things"}
@Article{key000,
  author = {Nguyen, Thi Lan and M{\"u}ller, J{\o}rgen},
  title = "Women printers in {S}{\"a}tersdal, 1750--1800",
  journal = jat # { \& Notes},
  year = 1960, month = feb,
  url = {https://x.example/~anna/a--b},
  abstract = {They said \{so\} and
     100\% meant it.},
}

Words between entries are a comment.
@book(key001, title = {The second one, with \emph{weight}}, year = {1992})
@article{key002, title = {It has no end, year = {2006},
  note = {x}
@article{key003}
@misc{key004, title = {The last one},}
"""
RIS = """\ufeffTY  - JOUR
AU  - Okafor, Chidi
AU  - Smith, J.
TI  - Loss of case endings
 in the valley
PY  - 1992
AB  - We counted.
ZZ  - own
ER  -

TY  - BOOK
T1  - The second one
KW  - a
KW  - b
TY  - CHAP
TI  - One without an end before
"""


def test_entries_of_bibtex_are_rows_as_a_reader_sees_them(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(BIB, encoding="utf-8")
    found = load(tmp_path / "a.bib", text="title")
    assert list(found.items) == [
        "Women printers in Sätersdal, 1750–1800",
        "The second one, with weight",
        "The last one",
    ]
    first = {name: str(value) for name, value in found.cells(0).items()}
    assert first == {
        "type": "article",
        "key": "key000",
        "author": "Nguyen, Thi Lan and Müller, Jørgen",
        "journal": "J. of Applied Things & Notes",
        "year": "1960",
        "month": "2",
        "url": "https://x.example/~anna/a--b",
        "abstract": "They said {so} and 100% meant it.",
    }
    assert [found.place(row) for row in range(3)] == ["line 4", "line 15", "line 19"]
    assert [(fault.place, fault.reason) for fault in found.rejected] == [
        ("line 16", "the entry @article has no end: a bracket or a quotation mark is not closed"),
        ("line 18", "the entry @article has no fields"),
    ]


def test_records_of_ris_are_rows_and_a_field_may_have_several_values(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text(RIS, encoding="utf-8")
    found = load(tmp_path / "a.ris", text="title")
    assert list(found.items) == ["Loss of case endings in the valley", "The second one", "One without an end before"]
    assert found.table["author"].tolist()[0] == "Okafor, Chidi; Smith, J."
    assert found.table["keywords"].tolist()[1] == "a; b"
    assert found.table["ZZ"].tolist()[0] == "own"
    assert [found.place(row) for row in range(3)] == ["line 1", "line 11", "line 15"]
    assert list(records("no record\nat all")) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"{\'{\i}}", "í"), (r"\c{c}a", "ça"), (r"\v s", "š"), (r"Stra{\ss}e", "Straße"), (r"{\O}re", "Øre"),
        (r"\url{x}", "x"), (r"a~b---c", "a b—c"), (r"{{ALL}} \TeX", r"ALL \TeX"),
        (r"Erd\H{o}s", "Erdős"), (r"{\L}{\'o}d{\'z}", "Łódź"),
    ],
)  # fmt: skip
def test_letters_stand_in_place_of_commands(written: str, read: str) -> None:
    assert plain(written) == read


def test_a_log_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("10:01 ERROR could not send\n10:02 INFO it is up again\n")
    assert len(load(tmp_path / "server.log")) == 2


def test_no_field_of_a_record_is_lost_that_is_given_twice(tmp_path: Path) -> None:
    tags = (
        ("TY", "JOUR"), ("TI", "A title about buses here"), ("T1", "A title about buses here"), ("T1", "Another title"),
        ("JF", "Journal"), ("JO", "J."), ("T2", "Journal"), ("AB", "The bus never came."), ("N2", "It came late."),
        ("AB", "Nobody told us."), ("N1", "First note"), ("N1", "Second note"), ("UR", "http://a"), ("UR", "http://b"),
        ("AU", "Ann"), ("A1", "Bob"), ("AU", "Cleo"), ("SN", "1234-5678"), ("SN", "978-3"), ("M1", "x"), ("ER", ""),
    )  # fmt: skip
    (tmp_path / "a.ris").write_text("\n".join(f"{tag}  - {value}" for tag, value in tags))
    found = load(tmp_path / "a.ris", text="title")
    row = found.table.iloc[0].to_dict()
    assert found.items == ["A title about buses here"]
    assert row == {
        "type": "JOUR", "T1": "A title about buses here; Another title", "journal": "Journal", "JO": "J.",
        "abstract": "The bus never came.\nNobody told us.", "N2": "It came late.", "note": "First note\nSecond note",
        "url": "http://a; http://b", "author": "Ann; Cleo; Bob", "issn": "1234-5678; 978-3", "M1": "x",
    }  # fmt: skip
    entry = "@article{k, title = {A title about buses}, note = {One}, note = {Two}, note = {One}, note = {Three}}"
    (tmp_path / "a.bib").write_text(entry)
    row = load(tmp_path / "a.bib", text="title").table.iloc[0].to_dict()
    assert [row[name] for name in ("note", "note_2", "note_3")] == ["One", "Two", "Three"]


def test_dates_of_ris_have_no_signs_for_what_is_not_known(tmp_path):
    entries = [("2022///", "2022"), ("2022/03//", "2022/03"), ("2022/03/01/", "2022/03/01"), ("2022/03/01/May", None)]
    lines = [
        f"TY  - CONF\nTI  - A title of number {at}\nPY  - {said}\nER  - \n" for at, (said, _) in enumerate(entries)
    ]
    (tmp_path / "a.ris").write_text("\n".join(lines))
    assert load(tmp_path / "a.ris").table["year"].tolist() == [other or said for said, other in entries]
