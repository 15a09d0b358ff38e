"""What the requests of several groups of routes have in common: parameters and bodies.

What one group alone asks for stands in its file.
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from explorer.errors import BadChoice

MOST_CHOICES = 50

Dims = Annotated[int | None, Query(ge=3, le=3, description="3: the 3-D map")]
TakeIn = Annotated[
    float | None,
    Query(gt=0, le=1, description="show the noise that belongs to its nearest cluster by at least this much in it"),
]


class Chosen(BaseModel):
    """How to read: the column of the texts, or several that are joined, None or "" lets it be found; and `choices`."""

    text_column: str | list[str] | None = None
    choices: dict[str, str] = Field(default_factory=dict, max_length=MOST_CHOICES)


def choices_of(text: str) -> dict[str, str]:
    """Return the choices that a field of a form holds as a JSON object.  Raises BadChoice."""
    try:
        return Chosen.model_validate({"choices": json.loads(text)}).choices
    except (ValueError, RecursionError) as exc:
        raise BadChoice(f'choices is {text[:100]!r}; it must be a JSON object such as {{"sheet": "Data"}}.') from exc


class Name(BaseModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=200)
