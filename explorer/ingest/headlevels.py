"""Tells what programs write below the column names: further levels of these, their labels, their units.

It opens nothing and decides no dialect; what surveys write there `surveyheads` knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from explorer.ingest.likeness import is_sentence
from explorer.ingest.textcolumn import NULLS, is_code, is_known_name
from explorer.types import NEVER_AN_ANSWER

_LOOKED_AT, _FEWEST, _FILLED = 20, 3, 0.9
"""Records below that are looked at, and at least; the share of them that have a value where they usually have one."""
_MOST_GROUPS = 0.75
"""Groups of columns that have a name above theirs, at most, as a share of the columns."""
_LEVELS = 4
"""Rows of names, at most."""
_LABEL_WORDS = 3
"""Words of a label above sentences, at most, where it asks nothing."""
_LABEL = 200
"""Characters of a label, at most."""
_UNKNOWN = frozenset(
    {
        "unknown", "unbekannt", "inconnu", "desconocido", "onbekend", "okänd", "missing", "none", "nil", "nothing",
        "pending", "tbd", "tba", "various", "several", "many", "few", "low", "medium", "high", "yes", "no", "true",
        "false", "other", "error", "invalid", "open",
    }
)  # fmt: skip
"""Words that stand among numbers as values do."""

_CODE_NAME = re.compile(r"[^\W\d_]{1,8}[ _.-]?\d{1,4}(?:[ _.-]\w{1,8})?")
_RULE = re.compile(r"(?::?-{2,}:?|={2,})?")
_UNIT = re.compile(
    r"[\[(](?![\d.,\s-]*[\])])[^\])]{1,20}[\])]|\(\d{1,3}\s?[-–]\s?\d{1,3}\)|[%‰°$€£]|[^\W\d]{1,5}\d?/[^\W\d]{1,5}\d?"
)
"""A unit that is no word: “[kg]”, “%”, “m/s”."""

Records = Sequence[Sequence[str]]


def levels_of(records: Records) -> int:
    """Return how many of the first records are the levels of the names, as pandas writes them; 0 where one has them.

    The last of them may have the names of the index alone.  Above, the first level has a name for several columns.
    """
    width = len(records[0])
    first = [cell.strip() for cell in records[0]]
    for levels in range(2, min(_LEVELS + 1, len(records) - _FEWEST) + 1):
        above, rest = records[:levels], _below(records, levels)
        if len(rest) < _FEWEST or any(len(record) != width for record in above):
            return 0
        index = _index(above[-1])
        names = above[:-1] if index else above
        if index and _are_full(rest, index) and len(names) > 1 and _go_together(first, index):
            return levels if all(map(_are_words, (record[index:] for record in names))) else 0
    return 2 if _is_level(records) or _are_groups(records) or _are_columns_of_groups(records) else 0


def _are_columns_of_groups(records: Records) -> bool:
    """Say whether the first record has names of groups of columns, such as years, and the second those of the columns.

    A group stands above several columns of different names, beside one another; together the names are all different.
    No name comes again below, and some stand above numbers alone, which are no names.
    """
    if len(records) < 2 + _FEWEST or len(records[1]) != len(records[0]):
        return False
    first, second = ([cell.strip() for cell in record] for record in records[:2])
    rest = _below(records, 2)
    if [at for at, cell in enumerate(first) if cell] in ([0], [0, 1]):
        return False  # a title, or what one is called and what it is
    told = [cell for cell in second if cell]
    if len(rest) < _FEWEST or not told or not _are_words(told) or any(map(is_sentence, first)):
        return False
    groups = [cell or (first[at - 1] if at else "") for at, cell in enumerate(first)]
    spans = any(
        one and second[at] and second[at + 1] and second[at] != second[at + 1] and first[at + 1] in ("", one)
        for at, one in enumerate(first[:-1])
    )
    names = [second[at] or first[at] for at in range(len(first))]
    index = next((at for at, name in enumerate(names) if name), 0)  # columns without any name, as pandas writes them
    whole = [(groups[at] if second[at] else "", name) for at, name in enumerate(names)][index:]
    if not spans or 2 * index > len(names) or not all(names[index:]) or len(set(whole)) < len(whole):
        return False
    below = [[value for record in rest if (value := record[at].strip())] for at in range(len(first))]
    if any(name in values for name, values in zip(second, below, strict=True) if name):
        return False
    return any(second[at] and len(values) >= _FEWEST and all(map(is_code, values)) for at, values in enumerate(below))


def _are_groups(records: Records) -> bool:
    """Say whether the first record names groups, each above the first of its columns, which the second one names."""
    if len(records) < 2 + _FEWEST or len(records[1]) != len(records[0]):
        return False
    first, second = ([cell.strip() for cell in record] for record in records[:2])
    groups = [at for at, cell in enumerate(first) if cell]
    known = any(map(is_known_name, second)) and not any(map(is_known_name, filter(None, first)))
    if groups[:1] != [0] or not all(second) or not (known or _MOST_GROUPS * len(first) >= len(groups) > 1):
        return False
    rest = _below(records, 2)
    if len(rest) < _FEWEST or len(set(second)) < len(second) or not (_are_words(first) and _are_words(second)):
        return False
    below = [[value for record in rest if (value := record[at].strip())] for at in range(len(first))]
    recur = any(cell in values for cell, values in zip(second, below, strict=True))
    return not recur and any(
        values and (all(map(is_code, values)) or (known and 2 * sum(map(is_sentence, values)) > len(values)))
        for values in below
    )


def level_names(records: Records, levels: int) -> list[str]:
    """Return the names of columns that have several levels, “survey – comment”, or that of an index."""
    index = _index(records[levels - 1])
    above = [list(record) for record in (records[: levels - 1] if index and levels > 2 else records[:levels])]
    for record in above[:-1]:  # a name stands for the columns behind it, too
        for at in range(1, len(record)):
            record[at] = record[at] if record[at].strip() else record[at - 1]
    names: list[str] = []
    for at in range(len(records[0])):
        parts = [" ".join(record[at].split()) for record in above]
        told = [part for part in dict.fromkeys(parts) if part and not part.startswith("Unnamed: ")]
        names.append(" – ".join(told) if at >= index or levels == 2 else records[levels - 1][at].strip())
    return names


def are_labels(records: Records) -> bool:
    """Say whether the second record labels the columns of the first, or has their units.

    It is the only one that has no numbers where all others have, and what it says beside reads like no value.
    """
    if len(records) < 2 + _FEWEST or len(records[1]) != len(records[0]) or not _are_names(records[0]):
        return False
    second, rest = [cell.strip() for cell in records[1]], _below(records, 2)
    below = [[value for record in rest if (value := record[at].strip())] for at in range(len(second))]
    numbers = [at for at, values in enumerate(below) if len(values) >= _FEWEST and all(map(is_code, values))]
    said = [at for at in numbers if second[at]]
    if not said or any(not _is_label(second[at], below[at]) for at in said):
        return False
    others = [at for at in range(len(second)) if at not in numbers and second[at]]
    asks = any(second[at].endswith(("?", ":")) for at in others)
    if asks and len(said) == 1 and not _tells_more(records[0], second[said[0]], below[said[0]]):
        return False  # a question may be an answer, and a word beside it stand for no number
    return all(_is_above(second[at], below[at]) for at in others) and (bool(others) or len(said) > 1)


def _tells_more(names: Sequence[str], label: str, below: Sequence[str]) -> bool:
    """Say whether the only label above numbers is a unit, or all names are codes (Q1, v2), that need explaining."""
    unit = _UNIT.fullmatch(label) and not any(value[:1] == label[:1] for value in below)
    return bool(unit) or all(_CODE_NAME.fullmatch(name.strip()) for name in names)


def is_rule(record: Sequence[str]) -> bool:
    """Say whether a record only underlines the names, as tables in Markdown do."""
    return any(map(str.strip, record)) and all(_RULE.fullmatch(cell.strip()) for cell in record)


def _is_above(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell is a label rather than one of the texts below it."""
    if cell in below or len(cell) > _LABEL:
        return False
    asks = cell.endswith(("?", ":")) and sum(value.endswith(cell[-1]) for value in below) < len(below) / 2
    texts = sum(map(is_sentence, below)) > len(below) / 2
    return asks or (texts and len(cell.split()) <= _LABEL_WORDS)


def _is_label(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell above numbers is a word that stands for none, or a unit."""
    if cell in NULLS or cell.casefold() in _UNKNOWN or cell.lower() in NEVER_AN_ANSWER:
        return False
    unit = _UNIT.fullmatch(cell) and not any(map(str.isalpha, "".join(below)))
    return len(cell) <= _LABEL and (bool(unit) or not is_code(cell))


def _are_names(record: Sequence[str]) -> bool:
    names = [cell.strip() for cell in record]
    return all(names) and len(set(names)) == len(names) and not any(map(is_sentence, names))


def _below(records: Records, levels: int) -> list[Sequence[str]]:
    return [record for record in records[levels : levels + _LOOKED_AT] if len(record) == len(records[0])]


def _index(record: Sequence[str]) -> int:
    """Return how many names of an index a record has, which has nothing else; 0 where it is another one."""
    filled = [at for at, cell in enumerate(record) if cell.strip()]
    whole = filled == list(range(len(filled))) and 0 < 2 * len(filled) <= len(record)
    return len(filled) if whole and _are_words(record[: len(filled)]) else 0


def _are_full(records: Records, index: int) -> bool:
    """Say whether nearly all records have something in the index, and behind it."""
    whole = sum(
        all(cell.strip() for cell in record[:index]) and any(map(str.strip, record[index:])) for record in records
    )
    return whole >= _FILLED * len(records)


def _go_together(first: Sequence[str], index: int) -> bool:
    """Say whether a name stands above several columns side by side."""
    return any(one and one == other for one, other in pairwise(first[index:]))


def _are_words(cells: Sequence[str]) -> bool:
    return not any(is_code(cell.strip()) or is_sentence(cell.strip()) for cell in cells if cell.strip())


def _is_level(records: Records) -> bool:
    """Say whether the second record has names of its own below one that has a name for several columns.

    Neither has one for the index, which all others have; and there are numbers or sentences below words.
    """
    if len(records) < 2 + _FEWEST or len(records[1]) != len(records[0]):
        return False
    first, second = ([cell.strip() for cell in record] for record in records[:2])
    index = next((at for at, cell in enumerate(first) if cell), 0)
    if not index or any(second[:index]) or not all(second[index:]) or not _go_together(first, index):
        return False
    rest = _below(records, 2)
    if (
        len(rest) < _FEWEST
        or not _are_full(rest, index)
        or not (_are_words(first[index:]) and _are_words(second[index:]))
    ):
        return False
    below = [[record[at].strip() for record in rest] for at in range(index, len(first))]
    recur = any(cell in values for cell, values in zip(second[index:], below, strict=True))
    return not recur and any(
        values and all(is_code(value) or is_sentence(value) for value in values if value) for values in below
    )
