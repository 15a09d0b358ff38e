"""Reads what stands before the text of a Markdown file about it, between two lines of "---", as fields.

It knows of YAML what people and note-taking programs write there: values, lists, texts of several lines; TOML between
"+++", an object of JSON, and lines such as "Title: …" above an empty one.  Where something else stands there it is left
in the text.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_FRONT = re.compile(r"---[ \t]*\n(?:(.{0,20000}?)\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"""["']?([^\s"'#\-\[{][^:"'\n]{0,99}?)["']?[ \t]*:(?:[ \t]+(.*))?""")
_FURTHER = re.compile(r"[ \t]|-(?:[ \t]|$)")
_BLOCK = re.compile(r"([|>])[+\-\d]*")
_PLUS = re.compile(r"\+\+\+[ \t]*\n(?:(.{0,20000}?)\n)?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_BRACE = re.compile(r'\{\s{0,100}"')
_KNOWN = re.compile(
    r"((?i:title|author|date|tags|keywords|subtitle|subject|summary|abstract|category|status|slug|affiliation"
    r"|copyright|revision|version|language))[ \t]*:[ \t]*(.*)"
)
_LONGEST, _WORDS = 20_000, 3
"""Characters that are looked at; words of the name of a field that stands alone: it may be a sentence between lines."""
_MOST = 100
"""Fields; what has more is none of a note's."""
_BETWEEN = "; "
_NOTHING = frozenset({"null", "Null", "NULL", "~", "[]", "{}"})


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields before a text, as they are written, lists with "; " between, and the text below them.

    None, and all of the text, where what stands there are no fields.
    """
    for way in (_yaml, _toml, _object, _lines):
        fields, end = way(text)
        if end:
            return fields, text[end:].strip()
    return {}, text


def _yaml(text: str) -> tuple[dict[str, str], int]:
    found = _FRONT.match(text)
    fields = None if found is None else _fields((found[1] or "").split("\n"))
    if found is None or fields is None:
        return {}, 0
    only = next(iter(fields), "") if len(fields) == 1 else ""
    return ({}, 0) if len(only.split()) > _WORDS else (fields, found.end())


def _toml(text: str) -> tuple[dict[str, str], int]:
    found = _PLUS.match(text)
    if found is None:
        return {}, 0
    try:
        told = tomllib.loads(found[1] or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}, 0
    return _said(told), found.end()


def _object(text: str) -> tuple[dict[str, str], int]:
    if not _BRACE.match(text):
        return {}, 0
    try:
        told, end = json.JSONDecoder().raw_decode(text[:_LONGEST])
    except (ValueError, RecursionError):
        return {}, 0
    below = text[end : end + 2]
    return (_said(told), end) if told and below.startswith("\n") and text[end:].strip() else ({}, 0)


def _lines(text: str) -> tuple[dict[str, str], int]:
    """Return the lines of a known field each above the first empty line, as MultiMarkdown has them."""
    head, blank, _ = text[:_LONGEST].partition("\n\n")
    told = [_KNOWN.fullmatch(line) for line in head.split("\n")[: _MOST + 1]]
    if not blank or len(told) > _MOST or not all(told):
        return {}, 0
    return {one[1]: one[2].strip() for one in told if one}, len(head)


def _said(told: Mapping[str, Any]) -> dict[str, str]:
    """Return values as texts, lists with "; " between, what is nested as JSON."""
    kept = {}
    for name, value in told.items():
        parts = value if isinstance(value, list) else [value]
        texts = [
            json.dumps(one, ensure_ascii=False, default=str) if isinstance(one, dict | list) else one
            for one in parts
            if one is not None
        ]
        kept[name] = _BETWEEN.join(str(one).lower() if isinstance(one, bool) else str(one) for one in texts)
    return {name: value for name, value in kept.items() if value}


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
