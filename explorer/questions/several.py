"""A column of which a row may have several answers, coloured by one of them: who has it, and who has not.

Which columns are such, `explorer.columns.ticked` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.columns import Ticked
from explorer.errors import NotFound
from explorer.questions.scales import MISSING, packed


def told(ticked: Ticked | None) -> dict[str, Any]:
    """Return what is said of the answers of a column under "answers", the commonest first; nothing where none are."""
    if ticked is None:
        return {}
    listed = [{"answer": answer, "count": count} for answer, count in zip(ticked.answers, ticked.counts, strict=True)]
    return {"answers": listed}


def has(name: str, ticked: Ticked | None, answer: str) -> dict[str, Any]:
    """Return a column as two categories, 0 for rows that have an *answer*, 1 for those that have others; 255 for none.

    Raises NotFound for an answer that is none of the column's.
    """
    if ticked is None or answer not in ticked.answers:
        known = ", ".join(f"“{one}”" for one in ticked.answers[:9]) if ticked else ""
        kinds = f"its answers are {known}" if known else "a row has one value of it, not several answers"
        raise NotFound(f"“{answer[:80]}” is no answer of the column {name!r}: {kinds}.")
    codes = np.where(ticked.having(answer), 0, 1).astype(np.uint8)
    codes[ticked.codes < 0] = MISSING
    with_it, without = np.bincount(codes[codes != MISSING], minlength=2).tolist()
    told_so: Mapping[str, Any] = {
        "column": name,
        "title": f"{name}: “{answer}”",
        "kind": "category",
        "values": [f"has “{answer}”", f"without “{answer}”"],
        "others": 0,
        "counts": [with_it, without],
        "min": None,
        "max": None,
        "missing": int((codes == MISSING).sum()),
        "codes": packed(codes),
        "has": answer,
    }
    return {**told_so, **told(ticked)}
