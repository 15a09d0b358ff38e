"""Highlights and notes that an e-reader keeps as text."""

from pathlib import Path

from explorer.ingest import load

SAID = ["The bus never came.", "Two lines\nof a poem.", "A note of mine"]


def test_clippings_have_their_book_author_place_and_time(tmp_path: Path) -> None:
    parts = [
        f"\ufeffTown Life (vol. 2) (Ann Smith)\n- Your Highlight on page {at} | Location 10-12 | "
        f"Added on Saturday, March {at + 1}, 2025 10:00:00 AM\n\n{said}\n==========\n"
        for at, said in enumerate(SAID)
    ]
    parts.insert(1, "Other\n- Your Bookmark on page 3 | Added on Sunday, March 2, 2025 9:00:00 AM\n\n\n==========\n")
    (tmp_path / "My Clippings.txt").write_text("".join(parts))
    found = load(tmp_path / "My Clippings.txt")
    assert list(found.items) == SAID
    assert set(found.table["book"]) == {"Town Life (vol. 2)"}
    assert set(found.table["author"]) == {"Ann Smith"}
    assert found.table["place"].tolist()[1] == "Your Highlight on page 1 | Location 10-12"
    assert found.table["added"].iloc[0] == "Added on Saturday, March 1, 2025 10:00:00 AM"
    [bookmark] = found.rejected
    assert (bookmark.row, bookmark.place) == (1, "line 6")
    assert bookmark.reason.startswith("it is a bookmark: it has no words: Other · - Your Bookmark on page 3")
    assert "==========" in load(tmp_path / "My Clippings.txt", choices={"items": "lines"}).items
