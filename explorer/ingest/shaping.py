"""What can be chosen of the shape of delimited text: delimiter, quotation marks, the line that has the column names.

It finds nothing out itself: `shape` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from explorer.errors import BadChoice
from explorer.ingest.choosing import impossible
from explorer.ingest.dialects import Asked, Dialect
from explorer.ingest.encodings import beginning, printable
from explorer.ingest.shape import DELIMITERS, ONE_COLUMN, RARE, records_of
from explorer.types import Choice

DELIMITER, QUOTE, HEADER, NONE = "delimiter", "quote", "header", "none"
WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space", ONE_COLUMN: NONE}
_SIGNS = {word: sign for sign, word in WORDS.items()}
_QUOTES = {"double": ('"', False), "single": ("'", False), "backslash": ('"', True), NONE: ("", False)}
_QUOTE_LABELS = {
    "double": 'double (")',
    "single": "single (')",
    "backslash": 'double, a backslash before one within (\\")',
    NONE: "none: every mark is a sign of the text",
}
_LOOKED_AT = 100_000
"""Characters of the first lines by which it is told how many columns a delimiter makes."""
_LONGEST, _HEADERS, _LINE_SHOWN = 8, 12, 60


def asked_shape(
    name: str, choices: Mapping[str, str], lines: Sequence[str], said: str | None, named: int | None = None
) -> Asked:
    """Return what was asked for of the shape of a file with these first lines, or *said* in itself.

    *named* is the line of the names that the file tells, -1 where it tells that there are none.

    Raises BadChoice for what cannot be.
    """
    return Asked(
        delimiter=_asked_delimiter(name, choices.get(DELIMITER, ""), lines) or said,
        quote=_asked_quote(name, choices.get(QUOTE, "")),
        names=named if not choices.get(HEADER) else _asked_names(name, choices[HEADER], lines),
    )


def _asked_delimiter(name: str, value: str, lines: Sequence[str]) -> str | None:
    if not value:
        return None
    sign = _SIGNS.get(value.strip().lower() or value, value)
    fits = 0 < len(sign) <= _LONGEST and not set(sign) & set("\r\n\"'\0")
    if sign != ONE_COLUMN and not (fits and any(sign in line for line in lines)):
        raise BadChoice(impossible(name, DELIMITER, value, [word for word, _ in _delimiters(lines, None)]))
    return sign


def _asked_quote(name: str, value: str) -> tuple[str, bool] | None:
    if not value:
        return None
    known = {'"': "double", "'": "single"}.get(value, value)
    if known not in _QUOTES:
        raise BadChoice(impossible(name, QUOTE, value, list(_QUOTES)))
    return _QUOTES[known]


def _asked_names(name: str, value: str, lines: Sequence[str]) -> int | None:
    if not value:
        return None
    if value == NONE:
        return -1
    line = int(value) - 1 if value.isdecimal() and len(value) < 9 else -1
    if not 0 <= line < len(lines) or not lines[line].strip():
        raise BadChoice(impossible(name, HEADER, value, [number for number, _ in _headers(lines, 0)]))
    return line


def shape_choices(
    dialect: Dialect, lines: Sequence[str], choices: Mapping[str, str], doubt: str = ""
) -> tuple[Choice, ...]:
    """Return what can be chosen of the shape of a file with these first lines, which is read in this dialect.

    *doubt* says why the delimiter is not sure, where it is not.
    """
    below = dialect.titles
    while below < len(lines) and not lines[below].strip():
        below += 1
    names = str(below + 1) if dialect.has_header else NONE
    quote = next(word for word, marks in _QUOTES.items() if marks == (dialect.quote, dialect.escaped))
    why = "" if dialect.sure else dialect.doubt or "nothing tells the first line from those below it"
    delimiter = WORDS.get(dialect.delimiter, dialect.delimiter)
    shown = lines[below:]
    return (
        Choice(
            DELIMITER,
            "Delimiter",
            delimiter,
            _delimiters(shown, dialect),
            sure=not doubt,
            why=doubt,
            asked=bool(choices.get(DELIMITER)),
        ),
        Choice(
            QUOTE,
            "Quotation marks",
            quote,
            tuple(_QUOTE_LABELS.items()),
            sure=dialect.marked,
            why="" if dialect.marked else "with other marks nearly as many records have the same number of fields",
            asked=bool(choices.get(QUOTE)),
        ),
        Choice(
            HEADER,
            "Column names",
            names,
            _headers(lines, below),
            sure=dialect.sure,
            why=why,
            asked=bool(choices.get(HEADER)),
        ),
    )


def _delimiters(lines: Sequence[str], dialect: Dialect | None) -> tuple[tuple[str, str], ...]:
    """Return the delimiters that there are in the lines, each with how many columns it makes."""
    some = list(beginning(lines, _LOOKED_AT))
    known = [*DELIMITERS, " ", *RARE, *([dialect.delimiter] if dialect else [])]
    found = [(sign, _width(some, sign)) for sign in dict.fromkeys(known) if sign != ONE_COLUMN]
    told = [(sign, width) for sign, width in found if width > 1 or (dialect and sign == dialect.delimiter)]
    options = [(WORDS.get(sign, sign), f"{_called(sign)} – {width} columns") for sign, width in told]
    return (*options, (NONE, "none – one column"))


def _width(lines: Sequence[str], sign: str) -> int:
    """Return how many columns most of the lines have, parted by this sign."""
    if not any(sign in line for line in lines):
        return 1
    widths = Counter(map(len, records_of(lines, sign)))
    return widths.most_common(1)[0][0] if widths else 1


def _called(sign: str) -> str:
    shown = sign if sign.isprintable() and sign.strip() else ""
    word = WORDS.get(sign, "")
    return f"{word} ({shown})" if word and shown else word or shown or repr(sign)


def _headers(lines: Sequence[str], below: int) -> tuple[tuple[str, str], ...]:
    """Return the first lines that are not blank, and that in force, each with its beginning; and that there is none."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    shown = filled[:_HEADERS] if below in filled[:_HEADERS] else [*filled[: _HEADERS - 1], below]
    options = [(str(at + 1), f"line {at + 1}: {_beginning(lines[at])}") for at in shown if at < len(lines)]
    return (*options, (NONE, "none: every line is a record"))


def _beginning(line: str) -> str:
    text = printable(line).replace("\t", " · ").strip()
    return text if len(text) <= _LINE_SHOWN else f"{text[:_LINE_SHOWN]}…"
