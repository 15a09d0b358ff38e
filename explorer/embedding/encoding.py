"""Embed a list of items with an encoder, batch by batch, into a checkpoint that survives a kill.

It does not know where vectors are kept: the checkpoint and the lookup of vectors that are known already are
given to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.encoders import Streams, default_encoder, modalities_of
from explorer.errors import WrongModality
from explorer.kinds import DIGEST_BYTES, by_kind, each
from explorer.types import BoolArray, Encoder, FloatArray, Item, Progress, Report, silent

HASH_BYTES = DIGEST_BYTES
CHECKPOINT_ROWS = 2_048
CHECKPOINT_SECONDS = 10.0

TODO, DONE, REUSED, FAILED = 0, 1, 2, 3
"""What the state column says of a row: no vector yet, computed now, taken from before, not encodable."""

Hashes = NDArray[np.uint8]
Lookup = Callable[[Hashes], tuple[BoolArray, FloatArray, BoolArray]]
"""From (m, 16) hashes to: which are known (m,), their vectors (found, d) and truncation flags (found,)."""


class Checkpoint(Protocol):
    """Where vectors are written while they are computed: arrays of n rows, and a way to make them last."""

    vectors: FloatArray
    state: NDArray[np.uint8]
    truncated: NDArray[np.bool_]

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Make rows that were just written survive the end of this process, however it comes."""
        ...

    def save(self) -> None:
        """Make all that is written so far survive the end of the machine, too."""
        ...


def item_hashes(items: Sequence[Item]) -> Hashes:
    """Return uint8 (n, 16): one content hash an item; equal items of a kind have equal hashes."""
    digests = b"".join(each(items, lambda kind: kind.digest))
    return np.frombuffer(digests, dtype=np.uint8).reshape(len(items), HASH_BYTES).copy()


def by_content(hashes: Hashes) -> NDArray[np.int64]:
    """Return the rows of uint8 (n, 16) hashes in an order that depends on the items alone, equal ones by row: (n,)."""
    halves = np.ascontiguousarray(hashes).view(">u8")
    return np.lexsort((halves[:, 1], halves[:, 0])).astype(np.int64)


def embed(
    items: Sequence[Item],
    encoder: Encoder,
    checkpoint: Checkpoint,
    *,
    hashes: Hashes,
    known: Lookup | None = None,
    most: int | None = None,
    progress: Report = silent,
) -> None:
    """Fill the checkpoint with a unit vector for every item; rows that have one already are kept.

    Equal items are encoded once, in the order of their hashes, so that what is done so far is a fair sample of the
    whole (for a picture of it, for the time left).  Which items share a batch depends on the items alone, not on their
    order, the clock or kills: in bf16 a vector's last bits depend on its company, and a map on every bit.  Every batch
    is kept as it comes, that of an encoder that streams every part; the checkpoint is saved at least every 2,048
    computed rows.  An item that cannot be opened is marked FAILED; its vector
    is zero.
    *most* is where it stops, after so many different items: those that a draft goes by (see `drafting`).
    Raises WrongModality before anything is computed, and whatever *progress* raises (Cancelled).
    """
    _check_modalities(items, encoder)
    if known is not None:
        _take_known(checkpoint, hashes, known)
    first, owner = _distinct(hashes)
    meter = _Meter(len(items), int((checkpoint.state != TODO).sum()), progress)
    for start in range(0, len(first) if most is None else min(most, len(first)), CHECKPOINT_ROWS):
        _encode_chunk(items, first[start : start + CHECKPOINT_ROWS], encoder, checkpoint, meter)
    _copy_to_twins(checkpoint, owner)
    checkpoint.save()
    if most is None:
        meter.finish()


def _check_modalities(items: Sequence[Item], encoder: Encoder) -> None:
    found = by_kind(items)
    for kind in sorted(found.keys() - encoder.modalities):
        count, cure = len(found[kind]), default_encoder({kind})
        cure = cure if kind in modalities_of(cure) else "one that does"
        raise WrongModality(f"the encoder {encoder.name} reads no {kind}s, but {count:,} items are; choose {cure}.")


def _take_known(checkpoint: Checkpoint, hashes: Hashes, known: Lookup) -> None:
    todo = np.flatnonzero(checkpoint.state == TODO)
    if not len(todo):
        return
    found, vectors, truncated = known(hashes[todo])
    rows = todo[found]
    if len(rows):
        checkpoint.vectors[rows] = vectors
        checkpoint.truncated[rows] = truncated
        checkpoint.state[rows] = REUSED


def distinct(hashes: Hashes) -> NDArray[np.int64]:
    """Return the first row of every different item, in the order in which `embed` encodes them."""
    return _distinct(hashes)[0]


def _distinct(hashes: Hashes) -> tuple[NDArray[np.int64], dict[int, NDArray[np.int64]]]:
    """Return the first row of every different item, ordered by hash, and for each that has twins the rows of those."""
    names = np.ascontiguousarray(hashes).view(f"V{HASH_BYTES}").ravel()
    index: NDArray[np.int64]
    _, index, inverse, counts = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    owner: dict[int, NDArray[np.int64]] = {}
    if (counts > 1).any():
        order = np.argsort(inverse, kind="stable")
        for group in np.split(order, np.cumsum(counts)[:-1]):
            if len(group) > 1:
                owner[int(group[0])] = group[1:]
    return index, owner


def _encode_chunk(
    items: Sequence[Item], rows: NDArray[np.int64], encoder: Encoder, checkpoint: Checkpoint, meter: _Meter
) -> None:
    """Encode those of the rows that have no vector yet, and make them last."""
    if not (checkpoint.state[rows] == TODO).any():
        return
    saved = time.monotonic()
    encoded = _streamed if isinstance(encoder, Streams) else _encoded
    for done in encoded(items, rows, encoder, checkpoint, meter):
        checkpoint.keep(done)
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            checkpoint.save()
            saved = time.monotonic()
        meter.add(len(done))
    checkpoint.save()


def _encoded(
    items: Sequence[Item], rows: NDArray[np.int64], encoder: Encoder, checkpoint: Checkpoint, _meter: _Meter
) -> Iterator[NDArray[np.int64]]:
    """Encode batch after batch what has no vector yet, and yield the rows that have."""
    for batch in _batches(items, rows.tolist(), encoder):
        todo = [row for row in batch if checkpoint.state[row] == TODO]
        if todo:
            wanted = [items[row] for row in todo]
            yield _write(checkpoint, todo, encoder.encode(wanted), encoder.truncates(wanted))


def _streamed(
    items: Sequence[Item], rows: NDArray[np.int64], encoder: Encoder, checkpoint: Checkpoint, meter: _Meter
) -> Iterator[NDArray[np.int64]]:
    """Have what has no vector yet encoded, and yield rows as their vectors come."""
    assert isinstance(encoder, Streams)
    todo = rows[checkpoint.state[rows] == TODO]
    with closing(encoder.stream([items[row] for row in todo.tolist()], meter.wait)) as parts:
        for part in parts:
            yield _write(checkpoint, todo[part.rows].tolist(), part.vectors, part.cut)


def _batches(items: Sequence[Item], rows: list[int], encoder: Encoder) -> list[list[int]]:
    """Return the rows in batches of about a second at most, texts of similar length together, in no order."""
    words = each([items[row] for row in rows], lambda kind: kind.words)
    lengths = {row: len(text or "") for row, text in zip(rows, words, strict=True)}
    ordered = sorted(rows, key=lengths.__getitem__, reverse=True)
    batches, at = [], 0
    while at < len(ordered):
        size = encoder.batch_size(items[ordered[at]])
        batches.append(ordered[at : at + size])
        at += size
    return [batches[i] for i in _shuffled(len(batches))]


def _shuffled(n: int) -> NDArray[np.int64]:
    """Return the numbers below n in an order that depends on n alone."""
    return np.random.default_rng(n).permutation(n)


def _write(checkpoint: Checkpoint, rows: list[int], vectors: FloatArray, cut: BoolArray) -> NDArray[np.int64]:
    """Write the vectors of some rows, a vector of nan as that of an item that cannot be encoded; return the rows."""
    readable: BoolArray = np.asarray(np.isfinite(vectors).all(axis=1))
    checkpoint.vectors[rows] = np.where(readable[:, None], vectors, 0.0)
    checkpoint.truncated[rows] = cut
    checkpoint.state[rows] = np.where(readable, DONE, FAILED)
    return np.asarray(rows, np.int64)


def _copy_to_twins(checkpoint: Checkpoint, owner: dict[int, NDArray[np.int64]]) -> None:
    for row, twins in owner.items():
        todo = twins[checkpoint.state[twins] == TODO]
        checkpoint.vectors[todo] = checkpoint.vectors[row]
        checkpoint.truncated[todo] = checkpoint.truncated[row]
        checkpoint.state[todo] = checkpoint.state[row]


SETTLING = 4
"""Batches before the time left is told."""


class _Meter:
    """Counts rows and tells how fast they come: the rate is that of the last ten seconds."""

    def __init__(self, total: int, done: int, report: Report) -> None:
        self.total, self.done, self._report = total, done, report
        self._marks = [(time.monotonic(), done)]
        note = f"{done:,} of {total:,} rows were read before" if done else ""
        report(Progress("embed", done, total, note=note))

    def add(self, rows: int) -> None:
        """Count *rows* more and report."""
        self.done += rows
        now = time.monotonic()
        self._marks = [mark for mark in self._marks if now - mark[0] < 10] or self._marks[-1:]
        self._marks.append((now, self.done))
        then, before = self._marks[0]
        rate = (self.done - before) / max(now - then, 1e-6)
        settled = len(self._marks) > SETTLING  # the first batches are slow, and would promise hours
        left = (self.total - self.done) / rate if rate and settled else None
        self._report(Progress("embed", self.done, self.total, rate=rate, eta_s=left))

    def wait(self, note: str) -> None:
        """Report what is waited for; nothing: that is looked whether the work is still wanted."""
        self._report(Progress("embed", self.done, self.total, note=note))

    def finish(self) -> None:
        """Report that all rows are done."""
        self._report(Progress("embed", self.total, self.total))
