"""How near rows are to each other by chance: what is no nearer to a query has little to do with it.

It searches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist

import numpy as np

from explorer.encoders import languages_said, list_encoders
from explorer.kinds import Kind, kind_of
from explorer.types import FloatArray, Item, Run, sorted_unique

LOOKED_AT, SAMPLE = 4_000, 400
"""Rows whose kind is looked at, and how many of the kind are compared."""
LOOKED_THROUGH = 200
"""Hits among which it is told where near ones end, however few are asked for."""
LEAST = 30
"""Rows of a kind, of whose pairs fewer say nothing."""
_FEWEST = 4
_LEAST_PAIRS = LEAST * (LEAST - 1) // 2
RISE = 1.9
"""How far above the middle of all pairs of rows what counts as near begins, in distances from the middle down to the
least alike tenth.  Pairs of one theme are above the middle, so that a few large themes do not raise what is measured
below it.  `docs/defaults.md` has what searches for what is there, and for what is not, begin with."""
TALLER = 0.9
"""Of searches for many things, how many begin less near than what counts as near at most: rows of one theme only are
nearer to each other than any search is to them."""


DOUBTED = 0.6
"""Of searches for many things, how many begin less near than what may be meant after all: a broad word, such as one for
all that a museum has of a kind, is less near than the things themselves (`docs/defaults.md`)."""


BAND, HAIR = 0.27, 0.1
"""How far below chance a group of hits may reach, as a share of its distance from the middle of all pairs, and how wide
a gap has to be, as a share of that: `docs/defaults.md`."""
_ROUNDING = 1e-5
SHARE_OF_WORDS = 0.95
"""Of pairs of words and a row: of 150 photos .21 and of 74 drawings .18, where searches for what is in them begin with
.29 to .42 and .22 to .43, and those for something else with .08 to .17 and .08 to .18."""
SURELY = 0.8
"""How far above that a search has to begin, as a share of its distance from the middle of all pairs, to be about what
is there.  Of photos of ten things searches for these begin with .28 to .40 where it is .27, of a phone's with .29 to
.45 where it is .26: “a beach” begins with .26 at a temple by a lake (`docs/defaults.md`)."""
MATTERS = 0.1
"""From which share of the texts in a language searches in it are measured with, too."""
_SEARCHES = Path(__file__).with_name("searches.txt")
_PLAIN, _AS_WRITTEN = 20, "en"
MOSTLY = 0.5
TOO_FEW = "There are too few rows to say which of these are weak."
LOOKS = (
    "This map’s encoder was not made for the language of these texts and goes by their look: a near one may be near in "
    "letters only, and what is meant may be called weak."
)
BESIDE = (
    "Some texts are in {}, which this map’s encoder was not made for: of those the ones that mean the same are hardly "
    "found. Search for those in their own language."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Cosine similarities by which hits of a search are told apart; None where that cannot be said.

    Of hits of an *other* kind than what was searched with there are limits of their own.
    """

    chance: float | None
    """Below it a hit and the query have little to do with each other: the hit is weak."""
    doubt: float | None
    """From it on a weak hit may be meant after all."""
    band: float = 0.0
    """How far below chance a hit may be that no gap parts from those above it."""
    begins: float | None = None
    """How near the best hit has to be for any to be near; None: as near as chance."""
    others: Mapping[str, Limits] = field(default_factory=dict)

    def of(self, kind: str) -> Limits:
        """Return the limits of hits of a kind, by its name."""
        return self.others.get(kind, self)

    def may_be(self, score: float) -> bool:
        """Whether a weak hit may be meant after all."""
        return self.doubt is not None and score >= self.doubt

    def level(self, scores: FloatArray) -> float | None:
        """Return from where on *scores* (m,), the best first, are those of hits; None: that cannot be said.

        Chance, or what stands before the widest gap in the band below it, so that no group of hits that are equally
        near is cut in two.  Where nothing reaches chance, and where there is no gap in the band, it is chance; where
        the best is not as near as hits *begin*, all are below.
        """
        near = 0 if self.chance is None else int(np.count_nonzero(scores >= self.chance))
        if self.chance is None or not near:
            return self.chance
        if self.begins is not None and scores[0] < self.begins:
            return self.begins
        within = int(np.count_nonzero(scores >= self.chance - self.band))
        gaps = -np.diff(scores[near - 1 : within + 1])
        last = int(gaps.argmax()) if len(gaps) else 0
        if not last or gaps[last] < max(HAIR * self.band, _ROUNDING):
            return self.chance
        return float(scores[near - 1 + last])


NO_LIMITS = Limits(None, None)


def levels_of(run: Run, pairs: Sequence[tuple[int, float]], limits: Limits) -> dict[str, float | None]:
    """Return from where on hits, given as *pairs* of a row and its score, the best first, are near, by their kind."""
    scores = dict[str, list[float]]()
    for row, score in pairs:
        scores.setdefault(kind_of(run.dataset.items[row]).name, []).append(score)
    return {kind: limits.of(kind).level(np.array(own)) for kind, own in scores.items()}


def limits_of(run: Run, item: Item, words: FloatArray | None = None) -> Limits:
    """Return from where on rows are near to an item, and from where on they may be, by the kind of these rows.

    *words* (m, d) are the vectors of searches for many things, as `measured_with` names them.  For words near is no
    more than what most of these begin with, and of few rows that alone: it takes no pairs of rows.  A picture is nearer
    to pictures than to any text: of rows of another kind one in twenty pairs of *words* and rows
    say it (and a search that hardly begins above these is in doubt), or of rows of both kinds.  Without *words* nothing
    is in doubt, and nothing is told of fewer than 30 rows.
    O(4,000·m·d).
    """
    rows, kind = _looked_at(run), kind_of(item)
    seen = _of_kind(run, rows, kind)
    vectors = run.embeddings.vectors
    asked = None if words is None or not len(words) else words
    others = {}
    for name in sorted(run.dataset.modalities - {kind.name}):
        there = vectors[_some([row for row in rows if kind_of(run.dataset.items[row]).name == name], SAMPLE)]
        others[name] = _across(there, vectors[_some(seen, SAMPLE)], asked)
    if _speak(seen, rows):
        return replace(_within(vectors[seen], asked), others=others)
    return replace(NO_LIMITS if asked is None else _across(vectors[_some(rows, SAMPLE)], None, asked), others=others)


def middle_of(run: Run) -> Limits:
    """Return what is near to a row where rows are too few to say more: what is nearer than the middle of all pairs.

    And than a tenth of the nearest pair: nodes that no way joins are alike by next to nothing.
    """
    rows = _looked_at(run)
    if len(rows) <= _FEWEST:
        return NO_LIMITS
    pairs = _pairs(run.embeddings.vectors[_some(rows, SAMPLE)])
    return Limits(max(float(np.median(pairs)), HAIR * float(pairs.max())), None)


def limits_of_sum(run: Run, vector: FloatArray, limits: Limits) -> Limits:
    """Return the *limits* for a sum's float32 (d,) *vector*, raised to how near the nearest of all rows is by chance.

    A sum of several vectors is no row: it may be nearer to all rows, or to some and farther from others, than rows
    are.  Rows that have nothing to do with it lie about the middle as its lower half does, and the more rows there are,
    the nearer is the nearest of them.  Nothing is raised where nothing is told, or of fewer than 30 rows.
    """
    rows = _looked_at(run)
    if limits.chance is None or len(rows) < LEAST:
        return limits
    middle, low = np.quantile(run.embeddings.vectors[rows] @ vector, (0.5, 0.1)).tolist()
    far = NormalDist().inv_cdf(1 - 1 / int(np.count_nonzero(run.embeddings.ok))) / NormalDist().inv_cdf(0.9)
    by_chance = middle + far * (middle - low)
    if by_chance <= limits.chance:
        return limits
    doubt = limits.doubt if limits.begins is None else None
    return replace(limits, chance=by_chance, doubt=doubt, band=0.0, begins=None)


def _within(vectors: FloatArray, asked: FloatArray | None) -> Limits:
    """Return the limits of rows (m, d) that are of the kind that is searched with."""
    pairs = _pairs(vectors[_some(list(range(len(vectors))), SAMPLE)]) if len(vectors) >= LEAST else None
    apart = None if pairs is None else _apart(pairs)
    if asked is None or not len(vectors):
        return _limits(apart, None, pairs)
    found = asked @ vectors.T
    most, doubted = np.quantile(found.max(axis=1), (TALLER, DOUBTED)).tolist()
    return _limits(most if apart is None else min(apart, most), doubted, found if pairs is None else pairs)


def _across(there: FloatArray, seen: FloatArray | None, asked: FloatArray | None) -> Limits:
    """Return the limits of rows *there* (m, d) of another kind than what is searched with, of which rows are *seen*."""
    if asked is not None and len(there):
        pairs = asked @ there.T
        chance, middle = np.quantile(pairs, (SHARE_OF_WORDS, 0.5)).tolist()
        return replace(_limits(chance, chance, pairs), begins=chance + SURELY * (chance - middle))
    if seen is None or len(seen) * len(there) < _LEAST_PAIRS:
        return NO_LIMITS
    pairs = there @ seen.T
    return _limits(min(_apart(pairs), float(np.quantile(pairs, SHARE_OF_WORDS))), None, pairs)


def _limits(chance: float | None, doubt: float | None, pairs: FloatArray | None) -> Limits:
    if chance is None or pairs is None:
        return Limits(chance, doubt)
    return Limits(chance, doubt, max(0.0, BAND * (chance - float(np.median(pairs)))))


def _pairs(vectors: FloatArray) -> FloatArray:
    """Return how alike (m, d) vectors are, each pair once."""
    return np.asarray((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)])


def _apart(pairs: FloatArray) -> float:
    """Return up to where vectors that have nothing in common are alike, from *pairs* of rows in the lower half."""
    middle, low = np.quantile(pairs, (0.5, 0.1))
    return float(middle + RISE * (middle - low))


def measured_with(run: Run, item: Item, languages: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words whose vectors `limits_of` needs for an item; none for a picture.

    They are in the *languages* of the run's texts, given with their shares: English ones are far from texts in others,
    so that nothing would be weak there.  Of a language without a list they are those of all languages; English ones
    where no language was told, and for pictures, whose encoders are asked in English.
    """
    kind, rows = kind_of(item), _looked_at(run)
    if kind.words(item) is None or not rows:
        return ()
    known = _searches()
    if not _speak(_of_kind(run, rows, kind), rows):
        return known[_AS_WRITTEN][:_PLAIN]
    spoken = [code for code, share in languages.items() if share >= MATTERS] or [_AS_WRITTEN]
    if not known.keys() >= set(spoken):
        return tuple(words for searches in known.values() for words in searches[_PLAIN:])
    return tuple(words for code in spoken for words in known[code])


def remark_on(run: Run, item: Item, chance: float | None, languages: Mapping[str, float]) -> str:
    """Return what has to be known of how weak hits are told, a sentence or two; "" where there is nothing."""
    if chance is None:
        return TOO_FEW if kind_of(item).words(item) is None or len(run.dataset) < LEAST else ""
    foreign = _foreign(run.embeddings.encoder, languages) if kind_of(item).words(item) is not None else {}
    if sum(foreign.values()) > MOSTLY:
        return LOOKS
    return BESIDE.format(languages_said(foreign)) if sum(foreign.values()) >= MATTERS else ""


def _foreign(encoder: str, languages: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of the languages that an encoder was not made for, as far as that is known."""
    read = next((spec.languages for spec in list_encoders() if spec.name == encoder), frozenset())
    return {code: share for code, share in languages.items() if read and code not in read}


def _speak(seen: list[int], rows: list[int]) -> bool:
    """Whether the rows *seen* of a kind say something of a search in it: many, or all that there are."""
    return len(seen) >= LEAST or len(seen) == len(rows)


@lru_cache(maxsize=1)
def _searches() -> Mapping[str, tuple[str, ...]]:
    """Return what one might search for, by language: 20 words of many things and 20 phrases, as they are typed."""
    lines = [line for line in _SEARCHES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {code: tuple(words) for code, *words in (line.split("|") for line in lines)}


def _looked_at(run: Run) -> list[int]:
    """Return some rows that have a vector, spread over the run."""
    n = len(run.dataset)
    looked = sorted_unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(np.int64))
    return list(looked[run.embeddings.ok[looked]].tolist())


def _of_kind(run: Run, rows: list[int], kind: Kind) -> list[int]:
    items = run.dataset.items
    return [row for row in rows if kind_of(items[row]) is kind]


def _some(rows: list[int], most: int) -> list[int]:
    return [rows[at] for at in sorted_unique(np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int))]
