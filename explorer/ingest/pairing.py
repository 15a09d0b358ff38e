"""Makes items of the texts that lie beside pictures: captions, a column of a table with pictures.

It reads no files and joins nothing: `beside` and `captions` have, and the texts are columns already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from explorer.errors import BadChoice
from explorer.ingest.choosing import impossible
from explorer.ingest.parts import FOLDER, Part, free_name
from explorer.ingest.textcolumn import SAMPLE_ROWS, rank
from explorer.kinds import each, which
from explorer.types import Choice, Rejected

ITEMS, PICTURES, TEXTS, BOTH = "items", "pictures", "texts", "both"
_OPTIONS = ((PICTURES, "Pictures"), (TEXTS, "Their texts"), (BOTH, "Both, on one map"))
PICTURE = "picture"
"""The column that says of a picture and of its text which picture it is."""
LEAST_WORDS = 2
P = TypeVar("P")


def with_texts(
    parts: Sequence[P], asked: Mapping[str, str], title: str
) -> tuple[list[P | Part], list[Choice], list[Rejected]]:
    """Return the parts with the texts beside pictures as items too, or instead, if that was *asked* for.

    And the choice, where pictures have texts; and, where texts alone were asked for, the pictures without one.
    Raises BadChoice.
    """
    named = {at: column for at, part in enumerate(parts) if (column := _text_column(part))}
    if not named:
        return list(parts), [], []
    how = asked.get(ITEMS, "") or PICTURES
    if how not in dict(_OPTIONS):
        raise BadChoice(impossible(title, ITEMS, how, list(dict(_OPTIONS))))
    if how != PICTURES and any(isinstance(part, Part) and part.vectors is not None for part in parts):
        raise BadChoice(
            f"the vectors that come with {title} are those of its pictures: their texts have none. "
            f"Read it with {ITEMS} “{PICTURES}”, or with vectors “no”."
        )
    choice = Choice(ITEMS, "Items", how, _OPTIONS, asked=bool(asked.get(ITEMS)))
    made, rejected = list[P | Part](), list[Rejected]()
    for at, part in enumerate(parts):
        if how == PICTURES or at not in named or not isinstance(part, Part):
            made.append(part)
            continue
        told = _named(part)
        texts, missing = _texts(told, named[at], alone=len(named) == 1)
        made += [told] if how == BOTH else []
        made += [texts] if texts.items else []
        rejected += missing if how == TEXTS else []
    return made, [choice], rejected


def _text_column(part: object) -> str:
    """Return the column of a part with pictures that reads most like text; "" where there is none."""
    if (
        not isinstance(part, Part)
        or not len(part.items)
        or not which(part.items, lambda kind: kind.has_picture and not kind.has_sound).all()
    ):
        return ""
    strings = [name for name in part.table if name != FOLDER and part.table[name].dtype.kind in "OSUT"]
    sample = {name: list(map(str, part.table[name].dropna().head(SAMPLE_ROWS))) for name in strings}
    return next((name for name in rank(sample) if _reads(sample[name])), "")


def _reads(values: Sequence[str]) -> bool:
    """Whether values have two words and more, as captions do and labels do not."""
    return sum(len(value.split()) for value in values) >= LEAST_WORDS * max(1, len(values))


def _named(part: Part) -> Part:
    """Return the part with a column of what its pictures are called."""
    import pandas as pd

    label = free_name(PICTURE, part.columns)
    table = part.table.assign(**{label: pd.Series(each(part.items, lambda kind: kind.label), dtype="str")})
    return replace(part, table=table, columns=(*part.columns, label))


def _texts(part: Part, column: str, *, alone: bool) -> tuple[Part, list[Rejected]]:
    """Return the part's texts as a part, and the rows that have none.

    *alone*: no other part has pictures, so that its source says nothing.
    """
    cells: Any = part.table[column]
    words = ["" if gap else str(cell).replace("\0", "").strip() for cell, gap in zip(cells, cells.isna(), strict=True)]
    rows = [row for row, text in enumerate(words) if text]
    records = None if part.records is None else [part.records[row] for row in rows]
    table = part.table.iloc[rows].reset_index(drop=True)
    made = replace(part, items=[words[row] for row in rows], table=table, records=records, loose=alone or part.loose)
    missing = [
        Rejected(
            name, None, f"there is no text beside it in {column}; its picture is an item with --read {ITEMS}={BOTH}"
        )
        for name, text in zip(each(part.items, lambda kind: kind.label), words, strict=True)
        if not text
    ]
    return made, missing
