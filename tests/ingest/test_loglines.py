"""Logs of programs: an entry is an item, with its time and its level."""

from pathlib import Path

import pytest

from explorer.ingest import load

SAID = ["Bus 14 started its tour", "Bus 14 is late", "Bus 14 broke down", "Bus 15 takes over", "Bus 15 arrived"]
LEVELS = ["INFO", "WARN", "ERROR", "INFO", "DEBUG"]


@pytest.mark.parametrize(
    ("form", "stamp", "context"),
    [
        ("2025-03-01 10:00:0{at},123 {level} {said}", "2025-03-01 10:00:00,123", None),
        ("2025-03-01T10:00:0{at}.5Z [{level}] {said}", "2025-03-01T10:00:00.5Z", None),
        ("2025-03-01 10:00:0{at},123 - town.bus - {level} - {said}", "2025-03-01 10:00:00,123", "town.bus"),
        ("[2025/03/01 10:00:0{at}] [main] {level}: {said}", "2025/03/01 10:00:00", "[main]"),
        ("Mar  1 10:00:0{at} {level} {said}", "Mar  1 10:00:00", None),
        ("01/Mar/2025:10:00:0{at} +0100 {level} {said}", "01/Mar/2025:10:00:00 +0100", None),
    ],
)
def test_entries_have_their_time_and_level(tmp_path: Path, form: str, stamp: str, context: str | None) -> None:
    lines = [
        form.format(at=at, level=level, said=said) for at, (level, said) in enumerate(zip(LEVELS, SAID, strict=True))
    ]
    (tmp_path / "a.log").write_text("\n".join(lines))
    found = load(tmp_path / "a.log")
    assert list(found.items) == SAID
    assert found.table["level"].tolist() == LEVELS
    assert found.table["time"].iloc[0] == stamp
    assert set(found.table.get("context", [None])) == {context}
    assert list(load(tmp_path / "a.log", choices={"items": "lines"}).items) == lines


def test_words_of_an_entry_that_are_levels_too_stay_in_it(tmp_path: Path) -> None:
    lines = [f"2025-03-01 10:00:0{at} {said} because of an error in it" for at, said in enumerate(SAID)]
    (tmp_path / "a.log").write_text("\n".join(lines))
    found = load(tmp_path / "a.log")
    assert list(found.items) == [f"{said} because of an error in it" for said in SAID]
    assert "level" not in found.table


def test_what_has_no_time_goes_on_with_the_entry_above_and_no_line_is_lost(tmp_path: Path) -> None:
    lines = ["started by hand"]
    for at, said in enumerate(SAID * 3):
        lines += [f"2025-03-01 10:00:{at:02d} ERROR {said}", "Traceback:", "  at Bus.java:14"][: 1 + 2 * (at % 2)]
    (tmp_path / "a.log").write_text("\n".join(lines[1:]))
    found = load(tmp_path / "a.log")
    assert len(found) == 15
    assert found.items[1] == "Bus 14 is late\nTraceback:\n  at Bus.java:14"
    said = "\n".join(map(str, found.items))
    assert said.count("Traceback") == 7
    assert found.places is not None


@pytest.mark.parametrize(
    "lines",
    [
        ["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-04", "2025-03-05"],
        ["We met at 10:00", "and left at 11:00", "then it rained", "so we stayed", "until 12:00"],
        [f"2025-03-01 10:0{at} {at}" for at in range(6)],
    ],
)
def test_lists_and_notes_are_no_logs(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.txt").write_text("\n".join(lines))
    assert list(load(tmp_path / "a.txt").items) == lines
