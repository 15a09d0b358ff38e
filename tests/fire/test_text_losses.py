"""No word of a text file is lost, however its lines are put together: it is in an item, in a column or in a fault."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load

PIECES: tuple[Callable[[str, int, int], str], ...] = (
    lambda w, k, n: f"2025-03-0{n} 10:0{n}:1{n} INFO {w} said so",
    lambda w, k, n: f"2025-03-0{n} 10:0{n} - Ann: {w} hello there",
    lambda w, k, n: f"2025-03-0{n} 10:0{n} - Bob: {w} and more",
    lambda w, k, n: f"[2025-03-0{n} 10:0{n}] {w}",
    lambda w, k, n: w,
    lambda w, k, n: f"{w}: something {w}b",
    lambda w, k, n: "",
    lambda w, k, n: "==========",
    lambda w, k, n: f"- Your Highlight {w} | Location 3 | Added {w}c",
    lambda w, k, n: f"| {w} | b |",
    lambda w, k, n: "|---|---|",
    lambda w, k, n: f"{w}  {k}   {w}d",
    lambda w, k, n: f"{k:>4}  {w:>20}  {k * 3:>5}",
    lambda w, k, n: "--------------- 2025년 3월 1일 토요일 ---------------",
    lambda w, k, n: f"[Ann] [오후 1:00] {w}",
    lambda w, k, n: "Ann Smith",
    lambda w, k, n: "3/1/2025 10:00 AM",
    lambda w, k, n: "#separator:tab",
    lambda w, k, n: f"{w}\t{k}\t{w}e",
    lambda w, k, n: "---",
    lambda w, k, n: f"Title: {w}",
    lambda w, k, n: "+++",
    lambda w, k, n: f"Exported {k} message(s)",
    lambda w, k, n: "=" * 62,
    lambda w, k, n: f"10:00:00 From {w} to Everyone: {w}f",
    lambda w, k, n: "2025/03/01(土)",
    lambda w, k, n: f"10:0{n}\tBob\t{w}",
    lambda w, k, n: f"   at {w}.java",
)


def lines_of(seed: int) -> list[str]:
    """Return the lines of a file: most are of a few kinds."""
    chance = random.Random(seed)
    kinds = chance.choices(PIECES, k=chance.randint(1, 4))
    return [
        (chance.choice(kinds) if chance.random() < 0.85 else chance.choice(PIECES))(
            f"w{at}x{seed}", at, chance.randint(1, 9)
        )
        for at in range(chance.randint(3, 25))
    ]


@pytest.mark.parametrize("ending", [".txt", ".log", ".md", ".rpt"])
def test_every_word_of_a_text_file_is_somewhere(tmp_path: Path, ending: str) -> None:
    lost = []
    for seed in range(150):
        lines = lines_of(seed)
        (tmp_path / f"a{ending}").write_text("\n".join(lines))
        try:
            found = load(tmp_path / f"a{ending}")
        except (NothingUsable, UnreadableFile):
            continue
        cells = (str(cell) for name in found.table.columns for cell in found.table[name])
        named = [*map(str, found.table.columns), found.text_column or ""]
        said = " ".join([*map(str, found.items), *cells, *named, *(one.reason for one in found.rejected)])
        placed = {one.place for one in found.rejected} | {f"line {(one.row or 0) + 1:,}" for one in found.rejected}
        for at, line in enumerate(lines, 1):
            words = re.findall(r"w\d+x\d+[a-f]?", line)
            lost += [
                f"{seed}: {word}"
                for word in words
                if not re.search(rf"{word}\b", said) and f"line {at:,}" not in placed
            ]
    assert lost == []
