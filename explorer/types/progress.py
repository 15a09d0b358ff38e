"""How far a stage is, and to whom it tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Progress:
    """Where a run is: *done* of *total* in *stage*, *rate* per second, *eta_s* seconds left (None: unknown)."""

    stage: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    eta_s: float | None = None
    note: str = ""


Report: TypeAlias = Callable[[Progress], None]
"""Called with progress from inside a stage; may raise Cancelled to stop it."""


def silent(_progress: Progress) -> None:
    """Report to nobody."""
