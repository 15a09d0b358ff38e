"""Reads a text as one string, piece by piece.

It tells no encoding: `encodings` does.
"""

from __future__ import annotations

import io

_PIECE = 2**20


def beginning_of(text: io.TextIOWrapper, most: int) -> str:
    """Return the text, or somewhat more than its first *most* characters where it is longer.

    In pieces: asked for as many at once, what decodes takes room for all of them, however few there are.
    """
    pieces, length = list[str](), 0
    while length <= most and (piece := text.read(_PIECE)):
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)
