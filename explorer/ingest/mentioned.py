"""Finds the files that a text names, such as the pictures of a chat: in time by its length, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST = 400
"""Characters of a file's name or path at most."""
_AROUND = " \t,;&+"


class Mentioned:
    """The names of files with one of some *endings* (".jpg"); a name has none of *apart* (of a character class)."""

    def __init__(self, endings: Iterable[str], apart: str) -> None:
        self._runs = re.compile(rf"[^{apart}]+")
        self._ending = re.compile(rf"(?:{'|'.join(map(re.escape, endings))})(?![\w.])", re.IGNORECASE)

    def __call__(self, text: str) -> Iterator[str]:
        """Yield what a text may name: with more than one ending between two marks, all of it and each part of it.

        "a.jpg copy.jpg" is one name or two: who looks them up knows.
        """
        for run in self._runs.findall(text):
            begun, ends = 0, [found.end() for found in self._ending.finditer(run) if found.start()]
            if len(ends) > 1:
                yield run[: ends[-1]][-LONGEST:].strip()
            for end in ends:
                yield run[begun:end][-LONGEST:].strip(_AROUND if begun else None)
                begun = end
