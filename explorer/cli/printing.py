"""What the commands print beside plain words: a row as a line, bars of progress; an answer alone on standard output.

It decides nothing: the commands do.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from explorer.types import Progress, visible

_NOTES = 5


def say(words: str, file: TextIO | None = None) -> None:
    """Print a line for people: the one door of all that commands say, so that no text gives orders to a terminal."""
    print(visible(words), file=file or sys.stdout)


def say_notes(notes: Sequence[str]) -> None:
    """Print the first of what is said of files."""
    for note in notes[:_NOTES]:
        say(note)


def say_json(value: Any, *, flush: bool = False) -> None:
    """Print an object for programs, exactly."""
    print(json.dumps(value, ensure_ascii=False), flush=flush)


def seen(words: str) -> str:
    """Return words as one line of signs that a terminal shows and none that it obeys."""
    return visible(" ".join(words.split()))


def line_of(card: dict[str, Any], score: float | None) -> str:
    """Return a row as a line: its similarity if it has one, its number from 0, its place in the file, its text."""
    shown = " ".join(str(card.get("text") or card.get("path")).split())
    return (
        f"{'':8}" * (score is None)
        + (f"{score:8.4f}" if score is not None else "")
        + f"  {card['row']:>7}  {card['place'][:40]:<12}  {shown[:140]}"
    )


@contextmanager
def answer_alone() -> Iterator[None]:
    """Send whatever a library prints to standard error, so that standard output holds the answer alone."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


class Bars:
    """One progress bar on standard error for each stage."""

    def __init__(self) -> None:
        self._stage, self._bar = "", None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def reading(self, done: int, total: int) -> None:
        """Show how far reading is."""
        self.show(Progress("read", done, total))

    def show(self, progress: Progress) -> None:
        """Show where a run is."""
        from tqdm import tqdm

        if progress.stage != self._stage:
            self._close()
            self._stage = progress.stage
            self._bar = tqdm(total=progress.total or None, desc=f"{progress.stage:9}", file=sys.stderr, mininterval=0.3)
        bar: Any = self._bar
        bar.total = progress.total or bar.total
        bar.set_postfix_str(seen(progress.note), refresh=False)
        bar.update(max(progress.done - bar.n, 0))

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
