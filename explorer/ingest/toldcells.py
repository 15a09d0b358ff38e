"""What a cell of a spreadsheet can say of itself beside its value, for all the kinds of files.

It reads nothing: `excelforms`, `binaryforms`, `oldforms` and `openforms` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from explorer.ingest.numberforms import Form, form_of

FORM: Final = "form"
"""How its number is shown; said by a `Form`."""
ERROR: Final = "error"
"""The error that its formula has; said by that, as "#N/A"."""
UNRESOLVED: Final = "unresolved"
"""That it has a formula without a result; nothing more is said."""
TEXT: Final = "text"
"""What it shows, where that is more than its value: a text."""

Told: TypeAlias = tuple[int, int, str, Form | str]
"""A row and a column of the sheet, counted from 0, what is said of the cell, and that."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""How Excel's binary files write errors."""
_BUILT_IN = {9: "0%", 10: "0.00%"}
"""The forms without a code of their own that show a unit whichever the language is."""


def forms_of(styles: Sequence[int], codes: Mapping[int, str]) -> dict[int, Form]:
    """Return the forms that show more than a number, by the style of a cell.

    *styles* are the numbers of the forms of all styles, *codes* what forms are, by their number.
    """
    forms = {number: form_of(codes.get(number, _BUILT_IN.get(number, ""))) for number in dict.fromkeys(styles)}
    return {at: form for at, number in enumerate(styles) if (form := forms[number]) is not None}
