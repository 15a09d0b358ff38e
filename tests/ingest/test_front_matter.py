"""What stands above a note about it becomes columns; what is none of that stays in the text."""

from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.ingest.documents.frontmatter import front_matter


def test_the_fields_above_notes_are_columns_and_nothing_of_them_is_lost(tmp_path: Path) -> None:
    notes = tmp_path / "vault"
    notes.mkdir()
    (notes / "a.md").write_text(
        '---\ntitle: First\ntags: [reading, note]\ncreated: 2025-05-05\naliases:\n  - "one, two"\n  - three\n'
        "rating: 4\nplace: Ashby\n---\n# Heading\n\nWhat I read about bees.\n"
    )
    (notes / "b.md").write_text("---\nA rule, and prose below it.\n---\n\nWhat I cooked yesterday evening.\n")
    found = load(notes)
    assert list(found.items) == [
        "# Heading\n\nWhat I read about bees.",
        "---\nA rule, and prose below it.\n---\n\nWhat I cooked yesterday evening.",
    ]
    first = found.table.iloc[0]
    assert first["title"] == "First"
    assert first["tags"] == "reading; note"
    assert first["created"] == "2025-05-05"
    assert first["aliases"] == "one, two; three"
    assert first["rating"] == "4"
    assert first["place_2"] == "Ashby"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("x:\n- 1\n- two", "1; two"),
        ("x: |\n  a\n   b\n\n  c", "a\n b\n\nc"),
        ("x: >-\n  a\n  b", "a b"),
        ("x: https://a.b/c?d=1", "https://a.b/c?d=1"),
        ('x: "say \\"hi\\""', 'say "hi"'),
        ("x: 'it''s'", "it's"),
        ("x: '[[Home]]'", "[[Home]]"),
        ("x: 007", "007"),
        ("x: a: b", "a: b"),
        ("x: one\n  two", "one two"),
        ("# of no use\nx: y", "y"),
        ("x:\n  of: y\n  at: z", "of: y; at: z"),
        ("x: ", None),
        ("x: []", None),
        ("x: null", None),
    ],
)
def test_a_field_is_what_is_written(written: str, value: str | None) -> None:
    fields, text = front_matter(f"---\n{written}\n---\nThe text.")
    assert (fields.get("x"), text) == (value, "The text.")


@pytest.mark.parametrize(
    "text", ["---\nprose\n---\nmore", "---\n- a\n---\n", "--- a\nx: y\n---\n", "x: y\n---\n", "---\nx: y"]
)
def test_what_is_no_field_stays_in_the_text(text: str) -> None:
    assert front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("above", "fields"),
    [
        ('+++\ntitle = "T"\ndate = 2025-03-01\ntags = ["a", "b"]\ndraft = false\n+++\n',
         {"title": "T", "date": "2025-03-01", "tags": "a; b", "draft": "false"}),
        ('{\n "title": "T",\n "tags": ["a", "b"],\n "more": {"x": 1}\n}\n',
         {"title": "T", "tags": "a; b", "more": '{"x": 1}'}),
        ("Title: T\nAuthor:  Ann\n", {"Title": "T", "Author": "Ann"}),
    ],
)  # fmt: skip
def test_fields_of_other_programs_are_known_and_leave_the_text(above: str, fields: dict[str, str]) -> None:
    assert front_matter(f"{above}\nThe text.\n") == (fields, "The text.")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nNot a front matter: a rule\n\n---\n\nThe text.", "+++\nno toml\n+++\n\nThe text.",
        '{"a": 1', "{curly} text\n\nmore", "Dear Ann: hello\n\nThe text.", "Title: the only line", "+++",
    ],
)  # fmt: skip
def test_what_only_looks_like_fields_stays_in_the_text(text: str) -> None:
    assert front_matter(text) == ({}, text)
