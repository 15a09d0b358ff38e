"""Tells tables that are drawn with lines of signs, as databases print their answers, and gives their bare records.

It parts no record: `delimited` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_RULE = re.compile(r"\s*(?:\+(?:[-=]+\+)+|-+(?:\+-+)+|\|(?: ?:?-+:? ?\|)+|:?-+:?(?: ?\| ?:?-+:?)+)\s*")
"""The line below the names: of MySQL and others with corners, of PostgreSQL without, of Markdown with bars."""
_DASHES = re.compile(r"\s*-{3,}\s*")
"""The lines above and below the names, and below the last row, of SAP's lists."""
_COUNT = re.compile(r"\s*\(?\d[\d,]* rows?\)?(?: in set)?[^|]{0,60}\s*")
_BAR = re.compile(r"(?<!\\)\|")
_FEWEST, _SHARE, _ROWS = 2, 0.9, 6
FRAMED = "lines drawn around the table, and how many rows there are, are left out"


def are_framed(lines: Sequence[str]) -> bool:
    """Say whether lines are a drawn table: below its names a rule, as many bars in the others as that has corners."""
    filled = [line for line in lines if line.strip()]
    if are_barred(lines):
        return True
    at = next((place for place, line in enumerate(filled[:3]) if _RULE.fullmatch(line)), None)
    if at is None:
        return False
    corners = filled[at].strip().count("+") or min(2, filled[at].strip().count("|"))  # Markdown's rows may end early
    rows = [line for line in filled[max(0, at - 1) :] if not _RULE.fullmatch(line) and not _COUNT.fullmatch(line)]
    alike = sum(line.count("|") >= corners for line in rows)
    return corners > 0 and len(rows) > _FEWEST and alike >= _SHARE * len(rows)


def are_barred(lines: Sequence[str]) -> bool:
    """Say whether lines are a list as SAP saves it: rows between bars, as many in each, among lines of dashes."""
    filled = [line.strip() for line in lines if line.strip()]
    top = next((at for at, line in enumerate(filled[:_ROWS]) if line[0] == line[-1] == "|"), 0)  # titles are above
    rows = [line for line in filled[top:] if not _DASHES.fullmatch(line)]
    places = bars_of(lines)
    bars = Counter(
        len(places) if _stand_at(line, places) else len(_BAR.findall(line))
        for line in rows
        if line[0] == line[-1] == "|" and not _RULE.fullmatch(line)
    )
    most, alike = bars.most_common(1)[0] if bars else (0, 0)
    return most > _FEWEST and len(rows) < len(filled[top:]) and alike > _FEWEST and alike >= _SHARE * len(rows)


def bars_of(lines: Sequence[str]) -> tuple[int, ...]:
    """Return where the bars of the names of a list stand, the first line between bars; none where there is no such."""
    filled = [line.strip() for line in lines if line.strip()]
    names = next((line for line in filled if line[0] == line[-1] == "|" and not _RULE.fullmatch(line)), "")
    return tuple(found.start() for found in _BAR.finditer(names))


def _stand_at(line: str, bars: Sequence[int]) -> bool:
    """Say whether a line is as long as the names between bars, and has its own below theirs, others in cells or not."""
    return len(bars) > _FEWEST and len(line) == bars[-1] + 1 and all(line[at] == "|" for at in bars)


def columns_of(lines: Sequence[str]) -> int:
    """Return how many columns a drawn table has by its rule; 0 of none."""
    rule = next((line.strip() for line in lines if _RULE.fullmatch(line)), "")
    return len(re.findall("[-=]+", rule))


def unframed(line: str, columns: int = 0, *, dashes: bool = False, bars: Sequence[int] = ()) -> str:
    """Return the cells of a drawn line parted by tabs, of so many *columns* at least; of what is no record nothing.

    *dashes*: nor is a line of nothing else one.  *bars* say where those of the names stand: others are in cells.
    """
    if (dashes and _DASHES.fullmatch(line)) or _RULE.fullmatch(line) or _COUNT.fullmatch(line) or not line.strip():
        return "\n"
    bare = line.strip()
    if _stand_at(bare, bars):
        return "\t".join(_cell(bare[one + 1 : two].strip().replace("\\|", "|")) for one, two in pairwise(bars)) + "\n"
    if bare.startswith("|") and bare.endswith("|"):
        bare = bare[1:-1]
    cells = [_cell(cell.strip().replace("\\|", "|")) for cell in _BAR.split(bare)]
    return "\t".join([*cells, *[""] * (columns - len(cells) if len(cells) > 1 else 0)]) + "\n"


def _cell(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if '"' in text or "\t" in text else text


def has_table(lines: Sequence[str]) -> bool:
    """Say whether one table is among lines: a rule with as many bars as the line above it."""
    rules = [at for at, line in enumerate(lines) if at and "|" in line and _RULE.fullmatch(line)]
    return len(rules) == 1 and lines[rules[0] - 1].count("|") >= lines[rules[0]].strip().count("|") - 1


def is_mostly_table(lines: Sequence[str]) -> bool:
    """Say whether lines are one table and little more, such as a title above it."""
    filled = [line for line in lines if line.strip()]
    return has_table(lines) and are_framed(filled) and len(filled) >= _ROWS
