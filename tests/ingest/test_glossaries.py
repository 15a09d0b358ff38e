"""Glossaries: a term and what it means in a line."""

from pathlib import Path

import pytest

from explorer.ingest import load

ENTRIES = [f"{term}: {meaning}" for term, meaning in (
    ("adagio", "slowly, at ease"), ("affidavit", "a written statement under oath"), ("basalt", "a dark volcanic rock"),
    ("au pair", "who lives with a family and helps: often abroad"), ("bond", "a loan to a state or firm"),
    ("clef", "the sign that fixes the pitch of a staff"), ("dividend", "a part of profit paid out"),
    ("fault", "a crack along which rock has moved"), ("hedge", "to guard against loss"), ("jib", "a small front sail"),
    ("keel", "the lowest beam of a ship"),
)]  # fmt: skip


def lines(path: Path, some: list[str]) -> Path:
    path.write_text("\n".join(some), encoding="utf-8")
    return path


def test_terms_are_a_column_and_the_title_is_no_row(tmp_path: Path) -> None:
    found = load(lines(tmp_path / "a.txt", ["Glossary of the evening school", "", *ENTRIES]))
    assert list(found.items) == ENTRIES
    assert found.table["term"].tolist() == [entry.partition(":")[0] for entry in ENTRIES]
    assert [fault.reason for fault in found.rejected] == [
        "it stands above the column names: Glossary of the evening school"
    ]
    assert found.place(0) == "line 3"
    plain = load(lines(tmp_path / "b.txt", ["Glossary of the evening school", *ENTRIES]))
    assert (len(plain), list(plain.columns)[-1:]) == (len(ENTRIES) + 1, [])


@pytest.mark.parametrize(
    "some",
    [
        [f"{who}: what was said in message {row}" for row in range(20) for who in ("Ann", "Ben")],
        [f"10:{row:02}:11 could not send the mail to anyone" for row in range(30)],
        [f"key{row}: yes" for row in range(30)],
        [f"https://example.org/{row} is a page" for row in range(30)],
        ENTRIES[:6],
        [*ENTRIES, *(f"a sentence without a term in it {row}" for row in range(3))],
    ],
)
def test_other_lines_with_colons_are_lines(tmp_path: Path, some: list[str]) -> None:
    found = load(lines(tmp_path / "a.txt", some))
    assert "term" not in found.table.columns
