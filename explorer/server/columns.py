"""What is asked of the columns of a finished run: colours, values, and what was computed of each row; plain values.

How they are found stands in the rooms `questions` and `columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.columns import decimal_of
from explorer.questions import answers, columns
from explorer.server.once import Once
from explorer.server.opened import Opened
from explorer.types import Run

COLUMNS_IN_MEMORY, CHOICES_IN_MEMORY = 6, 64


@dataclass(frozen=True)
class Columns:
    """The columns of the finished runs of a workspace; answers that several parts of the page want are found once."""

    opened: Opened
    _columns: Once = field(default_factory=lambda: Once(COLUMNS_IN_MEMORY))
    _choices: Once = field(default_factory=lambda: Once(CHOICES_IN_MEMORY))
    _decimals: Once = field(default_factory=lambda: Once(CHOICES_IN_MEMORY))

    def __post_init__(self) -> None:
        self.opened.also(self._columns, self._choices, self._decimals)

    def column(
        self, key: str, name: str, read_as: str | None = None, also: Sequence[str] = (), has: str | None = None
    ) -> dict[str, Any]:
        """Return a metadata column as colour codes, read as it is or as is wanted, or by one of its answers."""
        run = self.opened.run(key)
        set_so = run.dataset.readings.get(name)
        return self._columns.get(
            (run.dataset.key, name, read_as or set_so, tuple(also), has),
            lambda: columns.column(run, name, read_as, also, has=has, decimal=self._decimal(run)),
        )

    def choices(self, key: str, name: str) -> list[str]:
        """Return how a column may be read, its own reading first."""
        run = self.opened.run(key)
        set_so = run.dataset.readings.get(name)  # of dates it tells in which form they are looked at
        return self._choices.get(
            (run.dataset.key, name, set_so), lambda: columns.choices(run, name, self._decimal(run))
        )

    def values(self, key: str, name: str, words: str) -> dict[str, Any]:
        """Return the values of a column that contain *words*, the most frequent first."""
        return columns.found(self.opened.run(key), name, words)

    def cells(self, key: str, rows: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
        """Return the values that rows have in these columns."""
        return answers.cells(self.opened.run(key), rows, names)

    def scores(self, key: str) -> list[dict[str, Any]]:
        """Return what was computed of each row, and what it means."""
        return columns.computed(self.opened.run(key))

    def score(self, key: str, name: str) -> dict[str, Any]:
        """Return a computed column as colour codes; raises NotFound, NotReady."""
        return columns.score(self.opened.run(key), name)

    def _decimal(self, run: Run) -> str:
        return self._decimals.get(run.dataset.key, lambda: decimal_of(run.dataset.table))
