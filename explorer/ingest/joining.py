"""Which column of tables is the text, or which together, what stands between them, with or without their names.

It reads nothing: `textcolumn` judges the values, `loading` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.errors import BadChoice, UnknownColumn
from explorer.ingest.choosing import impossible
from explorer.ingest.reader import listed
from explorer.ingest.textcolumn import NULLS, SAMPLE_ROWS, rank
from explorer.types import NOTHING, Choice

SEPARATOR, NAMES = "separator", "names"
JOINED_BY = (SEPARATOR, NAMES)
"""What can be chosen only where several columns are joined."""
_WORDS = {"line": "\n", "paragraph": "\n\n", "space": " ", "comma": ", ", "bar": " | "}
_LABELS = {
    "line": "a new line",
    "paragraph": "a blank line",
    "space": "a space",
    "comma": "a comma (, )",
    "bar": "a bar ( | )",
}
_JUDGED = 20 * SAMPLE_ROWS
"""Values of a column of several files that are looked at: those of the first 20 files, as `preview` does."""
_LONGEST = 100
"""Characters of a separator, at most."""


@dataclass(frozen=True)
class Joining:
    """The columns that make a text together, in this order, what stands between their values, and what was asked.

    *named*: each value has the name of its column before it.
    """

    columns: tuple[str, ...]
    separator: str
    named: bool
    choices: tuple[Choice, ...]

    def texts(self, values: Mapping[str, Sequence[str | None]], rows: int) -> list[str | None]:
        """Return the texts of so many rows of columns; None where no column has a value.

        A value is stripped, and left out where nothing remains or it is a word for no value; “None” or “n/a”, which may
        be an answer, only where another column has one.
        """
        parts = [(f"{name}: " if self.named else "", values[name]) for name in self.columns if name in values]
        return [self._text([(before, column[row]) for before, column in parts]) for row in range(rows)]

    def _text(self, parts: Sequence[tuple[str, str | None]]) -> str | None:
        stripped = [(before, value.strip()) for before, value in parts if value]
        there = [(before, value) for before, value in stripped if value and value not in NULLS]
        answers = [pair for pair in there if pair[1] not in NOTHING]
        kept = [f"{before}{value}" for before, value in answers or there]
        return self.separator.join(kept) or None


def choose(found: Sequence[str], asked: tuple[str, ...], columns: Sequence[Sequence[str]], title: str) -> str | None:
    """Return the text column of tables that come together: what was *asked* for, else the first *found*; None: nothing.

    Several columns have one name together that no column has.  Raises UnknownColumn when one is in none of the tables.
    """
    known = list(dict.fromkeys(name for names in columns for name in names))
    strange = [name for name in asked if known and name not in known]
    if strange:
        said = f"column {strange[0]!r} not found in {title}; its columns are {listed(known)}. Choose one of these"
        error = UnknownColumn(f"{said} (on the command line with --text).")
        error.on_page = f"{said}."
        raise error
    if not asked:
        return next(iter(found), None)
    label = " + ".join(asked)
    while len(asked) > 1 and label in known:
        label += " "
    return label if known else None


def candidates(samples: Sequence[dict[str, list[str]]]) -> list[str]:
    """Return the columns of tables that come together that could be the text, best first."""
    united: dict[str, list[str]] = {}
    for sample in samples:
        for name, values in sample.items():
            judged = united.setdefault(name, [])
            judged.extend(values[: max(0, _JUDGED - len(judged))])
    return rank(united)


def columns_asked(name: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns that were asked for, each once; none where they are to be found, as "" says too."""
    return (name,) * bool(name) if isinstance(name, str) else tuple(dict.fromkeys(name or ()))


def joining(columns: tuple[str, ...], asked: Mapping[str, str], title: str) -> Joining | None:
    """Return how columns are joined; None for fewer than two.  Raises BadChoice."""
    if len(columns) < 2:
        return None
    separator = asked.get(SEPARATOR) or "line"
    named = asked.get(NAMES) or "no"
    if len(separator) > _LONGEST:
        raise BadChoice(impossible(title, SEPARATOR, separator, [*_WORDS, f"a text of {_LONGEST} characters"]))
    if named not in ("yes", "no"):
        raise BadChoice(impossible(title, NAMES, named, ["yes", "no"]))
    told = {**_LABELS, **({separator: f"“{separator}”"} if separator not in _WORDS else {})}
    choices = (
        Choice(SEPARATOR, "Between columns", separator, tuple(told.items()), asked=SEPARATOR in asked),
        Choice(NAMES, "Names of columns", named, (("no", "left out"), ("yes", "before each")), asked=NAMES in asked),
    )
    return Joining(columns, _WORDS.get(separator, separator), named == "yes", choices)
