"""The pictures of a dataset's rows, one by one or many in one sheet, and what is heard of them.

How they are made small and kept stands in `workspace`.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.errors import NotFound
from explorer.kinds import Media, kind_of
from explorer.workspace import Sheet, Thumbnails, Workspace, rows_of, sheet


@dataclass(frozen=True)
class Pictures:
    """The pictures of a workspace, as JPEG; thumbnails of earlier releases are WebP."""

    workspace: Workspace
    thumbnails: Thumbnails

    def of_row(self, dataset: str, row: int, *, large: bool) -> bytes:
        """Return a row's picture; raises NotFound for a row that is no picture."""
        item = self.workspace.datasets.item(dataset, row)
        if item is None or not kind_of(item).has_picture:
            raise NotFound(f"row {row} is no picture.")
        return self.thumbnails.large(item) if large else self.thumbnails.get(item)

    def media(self, dataset: str, row: int) -> Media:
        """Return the file of a row that is heard; raises NotFound for a row that is not."""
        item = self.workspace.datasets.item(dataset, row)
        if item is None or not kind_of(item).has_sound:
            raise NotFound(f"row {row} is no sound.")
        return kind_of(item).media(item)

    def sheet(self, key: str, rows: str, side: int) -> Sheet:
        """Return the pictures of some rows of a run, as "3,17,4", in one; raises NotFound, BadSetting."""
        items = self.workspace.datasets.open(self.workspace.runs.record(key)["dataset"], on_disk=True).items
        return sheet(items, rows_of(rows, len(items)), side, self.thumbnails)
