"""Chooses among the strongest words and pairs of words those that say different things.

It knows no texts: how strong a candidate is, `keywords` finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.description.words import is_unspaced, overlap, same_word, stem

_SAME_THING = 0.5
"""A word is dropped for a pair that it is in when at least this share of its texts have the pair."""
_SAME_RUN = 0.75
"""The same for a run of characters in a longer one."""
_LONGEST_RUN = 14
"""Characters of a run that is put together of overlapping pieces."""


@dataclass(frozen=True)
class Candidate:
    """A word or pair of words, how strongly it sets its texts apart, and in how many of them it is."""

    words: tuple[str, ...]
    score: float
    texts: int


def distinct(
    candidates: list[Candidate], *, top: int, occurs: Callable[[str], bool] = lambda run: False
) -> list[Candidate]:
    """Return the best *top* that say different things, best first; weaker repetitions fill up a short list.

    Pieces of a script without spaces that overlap are one run of it where that *occurs* in the texts.
    """
    chosen: list[Candidate] = []
    spare: list[Candidate] = []
    for new in candidates:
        if len(chosen) == top:
            break
        rival = next((c for c in chosen if _repeats(new, c)), None)
        run = None if rival is None else _run_of(new, rival, occurs)
        if rival is not None and run is not None:
            better = Candidate((run,), rival.score, min(new.texts, rival.texts))
            chosen = [better if c is rival else c for c in chosen if c is rival or not _repeats(c, better)]
            continue
        if rival is None:
            crowded = sum(_shares_word(new, c) for c in chosen) >= 2
            (spare if crowded else chosen).append(new)
        elif _says_more(new, rival):
            better = Candidate(_joined(new, rival), rival.score, new.texts)
            chosen[chosen.index(rival)] = better
            chosen = [c for c in chosen if c is better or not _repeats(c, better)]
    return sorted(chosen + spare[: top - len(chosen)], key=lambda c: -c.score)


def _repeats(new: Candidate, old: Candidate) -> bool:
    """Tell whether one of the two has all the words of the other, in any form, or continues it."""
    few, many = sorted((_parts(new), _parts(old)), key=len)
    if all(any(same_word(a, b) for b in many) for a in few) or _chained(new, old):
        return True
    if len(few) == len(many) == 1 and is_unspaced(few[0]) and is_unspaced(many[0]):
        return few[0] in many[0] or many[0] in few[0] or bool(overlap(few[0], many[0]) or overlap(many[0], few[0]))
    return False


def _run_of(new: Candidate, old: Candidate, occurs: Callable[[str], bool]) -> str | None:
    """Return the run of an unspaced script of which both are pieces, if mostly both are there; None for none."""
    a, b = new.words[0], old.words[0]
    if not is_unspaced(a) or min(new.texts, old.texts) < _SAME_RUN * max(new.texts, old.texts):
        return None
    runs = [x + y[overlap(x, y) :] for x, y in ((a, b), (b, a)) if overlap(x, y)]
    return next((run for run in runs if len(run) <= _LONGEST_RUN and occurs(run)), None)


def _parts(candidate: Candidate) -> list[str]:
    return [part for word in candidate.words for part in word.split("-")]


def _chained(a: Candidate, b: Candidate) -> bool:
    """Tell whether two pairs are one phrase of three words ("disposable virtual", "virtual card")."""
    linked = len(a.words) == len(b.words) == 2 and (a.words[1] == b.words[0] or b.words[1] == a.words[0])
    return linked and min(a.texts, b.texts) >= 0.75 * max(a.texts, b.texts)


def _joined(new: Candidate, old: Candidate) -> tuple[str, ...]:
    if not _chained(new, old):
        return new.words
    first, second = (new, old) if new.words[1] == old.words[0] else (old, new)
    return (*first.words, second.words[1])


def _shares_word(a: Candidate, b: Candidate) -> bool:
    return any(same_word(x, y) for x in a.words for y in b.words)


def _says_more(new: Candidate, old: Candidate) -> bool:
    """Tell whether *new* should stand in the place of *old*, which it repeats."""
    if _chained(new, old):
        return True
    if is_unspaced(new.words[0]):
        return old.words[0] in new.words[0] and new.texts >= _SAME_RUN * old.texts
    contains = len(new.words) > len(old.words) and any(stem(old.words[0]) == stem(w) for w in new.words)
    return contains and new.texts >= _SAME_THING * old.texts
