"""Tells tables that are drawn with lines of signs, as databases print their answers, and gives their bare records.

It parts no record: `delimited` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_RULE = re.compile(r"\s*(?:\+(?:[-=]+\+)+|-+(?:\+-+)+)\s*")
"""The line below the names: of MySQL and others with corners, of PostgreSQL without."""
_COUNT = re.compile(r"\s*\(?\d[\d,]* rows?\)?(?: in set)?[^|]{0,60}\s*")
_FEWEST, _SHARE = 2, 0.9
FRAMED = "lines drawn around the table, and how many rows there are, are left out"


def are_framed(lines: Sequence[str]) -> bool:
    """Say whether lines are a drawn table: below its names a rule, as many bars in the others as that has corners."""
    filled = [line for line in lines if line.strip()]
    at = next((place for place, line in enumerate(filled[:3]) if _RULE.fullmatch(line)), None)
    if at is None:
        return False
    corners = filled[at].strip().count("+")
    rows = [line for line in filled if not _RULE.fullmatch(line) and not _COUNT.fullmatch(line)]
    alike = sum(line.count("|") >= corners for line in rows)
    return corners > 0 and len(rows) > _FEWEST and alike >= _SHARE * len(rows)


def unframed(line: str) -> str:
    """Return the cells of a drawn line parted by tabs; of what is no record an empty line."""
    if _RULE.fullmatch(line) or _COUNT.fullmatch(line) or not line.strip():
        return "\n"
    bare = line.strip()
    if bare.startswith("|") and bare.endswith("|"):
        bare = bare[1:-1]
    return "\t".join(_cell(cell.strip()) for cell in bare.split("|")) + "\n"


def _cell(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if '"' in text or "\t" in text else text
