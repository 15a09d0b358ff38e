"""A large file is looked into anywhere: records, and what its columns hold, without all of it being read."""

from pathlib import Path

import pytest

from explorer.ingest import looking, preview
from explorer.ingest.looking import Look


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SAMPLED_BYTES", 2**17)


def written(path: Path, rows: int) -> Path:
    lines = [f'{i:07d},"a text, of row {i}, and of words",{i % 90}.5,{"" if i % 2 else "l1"}\n' for i in range(rows)]
    path.write_text("id,review,price,side\n" + "".join(lines))
    return path


def test_records_from_anywhere_are_whole_ones_and_the_same_each_time(tmp_path: Path) -> None:
    path = written(tmp_path / "large.csv", 9_000)
    assert path.stat().st_size > looking.SAMPLED_BYTES
    seen = preview(path, limit=2_000)
    numbers = [int(row["id"]) for row in seen.sample]
    assert all(row["review"] == f"a text, of row {int(row['id'])}, and of words" for row in seen.sample)
    assert len(numbers) > 400
    assert numbers == sorted(set(numbers))
    assert max(numbers) > 8_500
    assert min(numbers) > 1_000
    assert preview(path).sample == seen.sample[:10]
    told = {look.name: look for look in seen.looks}
    assert (told["review"].kind, told["price"].kind, told["side"].kind) == ("text", "number", "category")
    assert told["review"].rows == 1_000 + len(numbers)
    assert told["side"].missing == 500 + sum(number % 2 for number in numbers)
    assert (told["side"].distinct, told["side"].longest, told["id"].shortest) == (1, 2, 7)


def test_lines_within_records_and_letters_cut_in_two_begin_no_record(tmp_path: Path) -> None:
    row = '%d,"é one\nline, and é\nanother é",x\n'
    path = tmp_path / "large.csv"
    path.write_text("id,review,side\n" + "".join(row % i for i in range(9_000)), encoding="utf-8")
    for record in preview(path, limit=2_000).sample:
        assert record["id"].isdigit(), record
        assert record["side"] == "x", record


def test_a_small_file_is_told_by_its_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text("review,n,none\na first text of words,1.5,\na second text of words,12.25,\n")
    seen = preview(path)
    assert seen.sample == ()
    assert seen.looks == (
        Look("review", "text", 2, 0, 2, 21, 22),
        Look("n", "category", 2, 0, 2, 3, 5),
        Look("none", "empty", 2, 2, 0, 0, 0),
    )
    assert looking.looks([], ()) == ()


def test_the_end_of_a_line_longer_than_is_looked_at_is_no_record(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(looking, "SAMPLED_BYTES", 1_000)
    monkeypatch.setattr(looking, "_LINE", 400)
    path = tmp_path / "long.csv"
    path.write_text("said,n\n" + "".join(f"Row {row} says {'words ' * 100},{row}\n" for row in range(20)))
    assert preview(path).sample == ()
