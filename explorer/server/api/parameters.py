"""What the requests of several groups of routes have in common: parameters and bodies.

What one group alone asks for stands in its file.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

Dims = Annotated[int | None, Query(ge=3, le=3, description="3: the 3-D map")]
TakeIn = Annotated[
    float | None,
    Query(gt=0, le=1, description="show the noise that belongs to its nearest cluster by at least this much in it"),
]


class Name(BaseModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=200)
