"""Reads what stands before the text of a Markdown file about it, between two lines of "---", as fields.

It knows of YAML what people and note-taking programs write there: values, lists, texts of several lines.  Where
something else stands there it is left in the text.
"""

from __future__ import annotations

import csv
import re

_FRONT = re.compile(r"---[ \t]*\n(?:(.{0,20000}?)\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"""["']?([^\s"'#\-\[{][^:"'\n]{0,99}?)["']?[ \t]*:(?:[ \t]+(.*))?""")
_FURTHER = re.compile(r"[ \t]|-(?:[ \t]|$)")
_BLOCK = re.compile(r"([|>])[+\-\d]*")
_MOST = 100
"""Fields; what has more is none of a note's."""
_BETWEEN = "; "
_NOTHING = frozenset({"null", "Null", "NULL", "~", "[]", "{}"})


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields before a text, as they are written, lists with "; " between, and the text below them.

    None, and all of the text, where what stands there are no fields.
    """
    found = _FRONT.match(text)
    fields = None if found is None else _fields((found[1] or "").split("\n"))
    if found is None or fields is None:
        return {}, text
    return fields, text[found.end() :].strip()


def _fields(lines: list[str]) -> dict[str, str] | None:
    """Return the fields that these lines are; None where one of them is no part of any."""
    written: dict[str, tuple[str, list[str]]] = {}
    further: list[str] | None = None
    for line in lines:
        if not line.strip() or line.startswith("#"):
            if further is not None and not line.strip():
                further.append("")
        elif _FURTHER.match(line):
            if further is None:
                return None
            further.append(line)
        else:
            field = _FIELD.fullmatch(line.rstrip())
            if field is None or len(written) == _MOST:
                return None
            further = []
            written[field[1].strip()] = (field[2] or "").strip(), further
    return {name: value for name, parts in written.items() if (value := _value(*parts))}


def _value(first: str, further: list[str]) -> str:
    block = _BLOCK.fullmatch(first)
    if block:
        indent = min((len(line) - len(line.lstrip()) for line in further if line.strip()), default=0)
        return (" " if block[1] == ">" else "\n").join(line[indent:].rstrip() for line in further).strip()
    parts = [first, *map(str.strip, further)] if first else [line.strip() for line in further]
    parts = [part for part in parts if part]
    if not first and parts and all(part.startswith("-") for part in parts):
        return _BETWEEN.join(filter(None, (_bare(part[1:].strip()) for part in parts)))
    whole = (" " if first else _BETWEEN).join(parts)  # what is nested stays as it is written
    if whole.startswith("[") and whole.endswith("]") and not whole.startswith("[["):
        cells = next(csv.reader([whole[1:-1].replace("'", '"')], skipinitialspace=True), [])
        return _BETWEEN.join(filter(None, (cell.strip() for cell in cells)))
    return _bare(whole)


def _bare(value: str) -> str:
    """Return a value without the quotation marks around it."""
    if value in _NOTHING:
        return ""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return value
