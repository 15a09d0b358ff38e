"""A run as if it had the rows of one kind of item alone: what one asks of it is answered by pictures, or by texts.

Where kinds lie apart, the nearest of all are of the asker's own kind; a caption's photo is the nearest of the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from explorer.errors import BadSetting
from explorer.kinds import kind_of, nouns_of, which
from explorer.types import Run

OTHERS_SHOWN = 5
"""Rows of another kind that are shown beside those that are nearest."""
_FIRST_HITS = 10
"""Hits among which kinds of item are missed: who looks further sees fewer."""


def of_kind(run: Run, kind: str | None, *, row: int | None = None) -> Run:
    """Return a run in which rows of other kinds than *kind*, "text", "image" or "sound", have no vector.

    None: the run as it is.  The *row* that is asked about stays.  O(n).  Raises BadSetting for a kind of which there is
    no row.
    """
    if not kind:
        return run
    kinds = run.dataset.modalities
    wanted = next((one for one in kinds if kind in (one, *nouns_of([one]))), None)
    if wanted is None:
        raise BadSetting(f"there is no {kind[:40]!r} on this map; its kinds of item are {', '.join(sorted(kinds))}.")
    if len(kinds) == 1:
        return run
    ok = run.embeddings.ok & which(run.dataset.items, lambda kind: kind.name == wanted)
    if row is not None and 0 <= row < len(ok):
        ok[row] = run.embeddings.ok[row]
    return replace(run, embeddings=replace(run.embeddings, ok=ok))


def missing_kinds(run: Run, rows: Iterable[int]) -> list[str]:
    """Return the kinds of item on a map that none of the first of these *rows* is of; none on a map of one kind."""
    kinds = run.dataset.modalities
    if len(kinds) == 1:
        return []
    return sorted(kinds - {kind_of(run.dataset.items[row]).name for row in islice(rows, _FIRST_HITS)})
