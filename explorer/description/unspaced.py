"""Completes pieces of a script that is written without spaces, so that they end where the texts go on in several ways.

It knows no words of any language; `words` cuts the pieces, `keywords` weighs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from explorer.description.words import LONGEST_TEXT, is_unspaced, marks_after, overlap, script_of

_GOES_ON = 0.8
"""A piece is continued by what follows (or precedes) it in at least this share of the places where it stands."""
_LONGEST = 24
"""Letters of a completed piece: a text that is there many times would be its own keyword."""
_PLACES = 5
"""Places of a piece in a text that are looked at: one letter may be a whole text."""
_LEAST = 2
"""Letters of what is left beside another word."""
_NEVER_LAST = frozenset("เแโใไເແໂໃໄ")
_NEVER_FIRST = frozenset("ะาำๅๆฯะາຳຽໆ")
"""Thai and Lao vowels are written before or after their consonant: no syllable ends or begins with these."""


def completed(pieces: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the *pieces*, the best first, those of scripts without spaces completed as the *texts* go on.

    A piece is as long as it can be without leaving most of its places, less the better ones that are in it: what is
    left beside a known word is another one.  "" for a piece of which nothing is left.
    """
    plain = [unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower() for text in texts]
    everything = "\n".join(plain)
    made: list[str] = []
    for piece in pieces:
        if not is_unspaced(piece) or piece not in everything:
            made.append(piece)
            continue
        whole = _completed(piece, plain)
        for better in filter(is_unspaced, made):
            whole = _beside(whole, better)
        made.append(_trimmed(whole) if len(whole) >= min(_LEAST, len(piece)) else "")
    return made


def _beside(whole: str, better: str) -> str:
    """Return what is left of a run without a better one that it contains or overlaps, of several parts the longest."""
    if whole in better:
        return ""
    ends = overlap(whole, better)
    whole = whole[:-ends] if ends else whole
    begins = overlap(better, whole)
    return max((_trimmed(part) for part in whole[begins:].split(better)), key=len)


def _completed(piece: str, texts: Sequence[str]) -> str:
    """Return the longest run about a piece that most of the places have where it stands."""
    for _ in range(_LONGEST):
        longer = _continued(piece, texts, _after)
        longer = _continued(longer, texts, _before)
        if longer == piece or len(longer) > _LONGEST:
            break
        piece = longer
    return piece


def _trimmed(piece: str) -> str:
    """Return a run without the letters with which none begins or ends."""
    while len(piece) > 1 and piece[-1] in _NEVER_LAST:
        piece = piece[:-1]
    while len(piece) > 1 and (piece[0] in _NEVER_FIRST or unicodedata.category(piece[0])[0] == "M"):
        piece = piece[1:]
    return piece


def _continued(piece: str, texts: Sequence[str], letter: Callable[[str, int, int], str]) -> str:
    """Return the piece with the *letter* beside it where nearly all texts have the same one there."""
    beside: Counter[str] = Counter()
    for text in texts:
        for found in islice(re.finditer(re.escape(piece), text), _PLACES):
            beside[letter(text, found.start(), found.end())] += 1
    if not beside:
        return piece
    (commonest, times) = beside.most_common(1)[0]
    if not commonest or times < _GOES_ON * beside.total():
        return piece
    return piece + commonest if letter is _after else commonest + piece


def _after(text: str, start: int, end: int) -> str:
    """Return the letter behind a place, with its marks; "" where the run ends there."""
    if end >= len(text) or script_of(text[end]) != script_of(text[end - 1]):
        return ""
    return text[end] + marks_after(text, end + 1)


def _before(text: str, start: int, end: int) -> str:
    """Return the letter before a place, with its marks."""
    at = start - 1
    while at > 0 and unicodedata.category(text[at])[0] == "M":
        at -= 1
    if at < 0 or script_of(text[at]) != script_of(text[start]):
        return ""
    return text[at:start]
