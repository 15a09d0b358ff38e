"""Names groups of pictures by what a column beside them says: a label, a folder, a caption, where it is true of most.

Texts say themselves what they are about; of pictures a column knows more than words that an encoder finds near.  A
group of texts has the label of nearly all of its rows where its own name tells of few, or says less of the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count as counted
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.columns import UNTOLD, Reading, answered, as_written, decimal_of, parse_reading, read
from explorer.description.captions import said_in_captions
from explorer.description.enrich import NO_READINGS
from explorer.description.groupwords import rows_by_group
from explorer.description.words import is_unspaced, same_word
from explorer.kinds import BUILT_IN
from explorer.types import NOISE, BoolArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

_SHARE, _ODDS, _LEAST = 0.6, 4.0, 3
"""Of a group at least this share has the value, with odds so many times those of all rows, in so many rows …"""
_CHANCE, _SELDOM = 0.02, 0.01
"""… and as many would have it by chance so seldom; of all groups and columns that are looked at, together."""
_USUAL = 0.5
"""Of all rows no more than this have what tells of a group, where its column tells of few groups."""
_BY_TWO, _EACH = 0.7, 0.2
"""The same for two values, of which each has so many rows."""
_OF_TEXTS, _OF_GROUPS, _TOLD = 0.8, 1 / 3, 0.5
"""Of texts so many rows have the label, of a column that has one for so many of the groups, where fewer rows than this
say a word of the group's own name."""
_CAPTION = 2.5
"""Words that a cell of a column of captions has on average at least."""
_MOST_VALUES, _LONGEST = 1_000, 60
"""Values of a column, and characters of one, at most: more is no label."""
_KINDS = frozenset(kind.nouns[0] for kind in BUILT_IN)
_SOURCE, _OF_MESSAGES = re.compile(r"source(?:_\d+)?"), ("author", "time")
"""The column of the file that a row came from, and those that messages have."""
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.\w{2,4}|7z|rar)$", re.IGNORECASE)
_NUMBERED = re.compile(r" \(\d{1,6}\)$")
_SHORTEST = 3
"""Letters of a value at least, of a script with an alphabet: "A" or "T2" tells a stranger nothing."""

Coded: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]


def said_by_columns(
    table: pd.DataFrame,
    labels: IntArray,
    count: int,
    pictures: BoolArray,
    readings: Mapping[str, str] = NO_READINGS,
    *,
    texts: Collection[int] = (),
) -> dict[int, str]:
    """Return for label 0…count-1 the value that explains it, for those of which most rows are *pictures*; O(cells).

    Also for *texts*, groups that lack a name, where a column has a label for nearly all rows of a good part of all
    groups.  *readings* are how columns are read where somebody set that: only categories tell.
    Of several columns one tells that has names for a good part of all groups, of such the one that most of the group's
    rows share, of equal ones the rarer value.
    """
    labels = np.asarray(labels)
    labelled = labels >= 0
    sizes = np.bincount(labels[labelled], minlength=count)
    drawn = 2 * np.bincount(labels[labelled & pictures], minlength=count) >= sizes
    lacking = np.isin(np.arange(count), list(texts)) & ~drawn
    if not (drawn | lacking).any():
        return {}
    captions = _captions_of(table, readings) if drawn.any() else ()
    found = ((name, one) for name, one in _labels_of(table, readings) if not _KINDS.issuperset(one[1]))
    sent = _are_sent(table)
    told = [
        _without_archives(one, np.asarray(pictures), sent) if _SOURCE.fullmatch(name) else one for name, one in found
    ]
    return best_of([*told, *(one for one in captions if not _KINDS.issuperset(one[1]))], labels, drawn, lacking)


def _are_sent(table: pd.DataFrame) -> BoolArray:
    """Return which rows people sent at a time, as messages and what they bring, bool (n,)."""
    there = [table[name].notna().to_numpy() for name in _OF_MESSAGES if name in table.columns]
    return np.asarray(np.logical_and.reduce(there) if len(there) == len(_OF_MESSAGES) else np.zeros(len(table), bool))


def _without_archives(
    one: tuple[Coded, Sequence[str]], pictures: BoolArray, sent: BoolArray
) -> tuple[Coded, Sequence[str]]:
    """Return the column of sources without those that tell no picture from another, others without their ending.

    That is the file or folder in which all pictures came, and nothing else, and whatever holds a chat.
    """
    (rows, codes), values = one
    times, drawn, messages = (
        np.bincount(codes[which[rows]], minlength=len(values))
        for which in (np.ones(len(pictures), bool), pictures, sent)
    )
    empty = ((times == drawn) & (drawn == pictures.sum())) | (2 * messages > times)
    return (rows, codes), ["" if no else _ARCHIVE.sub("", word) for no, word in zip(empty, values, strict=True)]


def best_of(
    looked: Sequence[tuple[Coded, Sequence[str]]], labels: IntArray, drawn: BoolArray, lacking: BoolArray
) -> dict[int, str]:
    """Return what explains a group best, of all columns that are *looked* at, each with its values.

    Groups that are *drawn*, bool (count,), are of pictures; those *lacking* of texts, without a name.
    """
    labels, count = np.asarray(labels), len(drawn)
    labelled = labels >= 0
    sizes = np.bincount(labels[labelled], minlength=count)
    best: dict[int, tuple[bool, float, float, str]] = {}
    for of_rows, values in looked:  # which kind of item each is, is seen on a map, and names no group
        rows, codes = of_rows
        overall = np.bincount(codes, minlength=len(values)) / len(labels)
        much = np.array([_says_much(word) for word in values])
        own = labelled[rows]
        pairs, inside = np.unique(labels[rows[own]].astype(np.int64) * len(values) + codes[own], return_counts=True)
        group = pairs // len(values)
        most = np.zeros(count, np.int64)
        np.maximum.at(most, group, inside)
        explains = float((most >= _OF_TEXTS * sizes).mean()) >= _OF_GROUPS
        cells = rows_by_group(np.where(own, labels[rows], NOISE), count)
        named: dict[int, tuple[float, float, str, float]] = {}
        for at in np.flatnonzero(drawn | (lacking & explains & (most >= _OF_TEXTS * sizes))).tolist():
            mine = cells[at][much[codes[cells[at]]]]
            found = _named_by(*_most_told(rows[mine], codes[mine]), overall, values, int(sizes[at]), len(labels))
            if found is not None:
                named[at] = found
        chances = [named[at][3] if at in named else 1.0 for at in np.flatnonzero(drawn).tolist()]
        of_all = _explain(chances, len(looked))
        for at, (share, usual, word, chance) in named.items():
            by_chance = chance * len(chances) * len(looked) > _SELDOM or -usual > _USUAL
            if drawn[at] and not of_all and by_chance:
                continue
            if (of_all, share, usual) > best.get(at, (False, -1.0, 0.0, ""))[:3]:
                best[at] = (of_all, share, usual, word)
    return {label: told[-1] for label, told in sorted(best.items())}


def _most_told(rows: NDArray[np.int64], codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return in how many of a group's *rows* the most frequent of *codes* is, in how many others a second; and both.

    Of captions a row has several: "Friday" and "dinner" of the same rows tell no more than one of them.
    """
    value, inside = np.unique(codes, return_counts=True)
    if not len(value):
        return inside, value
    first = value[np.argmax(inside)]
    others, beyond = np.unique(codes[~np.isin(rows, rows[codes == first])], return_counts=True)
    second = np.argsort(-beyond, kind="stable")[:1]
    return np.append(inside.max(), beyond[second]), np.append(first, others[second])


def _named_by(
    inside: NDArray[np.int64],
    value: NDArray[np.int64],
    overall: NDArray[np.float64],
    values: Sequence[str],
    size: int,
    rows: int,
) -> tuple[float, float, str, float] | None:
    """Return the value, or the two, that most of a group's *size* rows have, how many, how few of all do, its chance.

    *inside* are how many of them have the one *value*, and of the others a second; the chance is that any value, or
    two, would be as frequent.
    """
    order = np.arange(len(value))
    for which, least in ((order[:1], _SHARE), (order, _BY_TWO)):
        times, usual = int(inside[which].sum()), float(overall[value[which]].sum())
        if len(which) == 0 or times < max(_LEAST, least * size) or inside[which].min() < _EACH * size:
            continue
        chance = _chance(times, size, usual)
        if _odds(times / size) >= _ODDS * _odds(usual) and chance <= _CHANCE:
            words = ", ".join(values[at] for at in value[which])
            any_chance = min(1.0, math.comb(len(values), len(which)) * _drawn(times, size, round(usual * rows), rows))
            return times / size - (len(which) - 1), -usual, words, any_chance
    return None


def _explain(chances: Sequence[float], columns: int) -> bool:
    """Tell whether a column explains the groups as a whole, of which each would be as it is with such a chance.

    It names a good part of them, and that all are so comes by chance seldom (Fisher's method) in so many *columns*.
    """
    from scipy.stats import chi2

    if sum(chance < 1 for chance in chances) < _OF_GROUPS * max(1, len(chances)):
        return False
    together = -2 * sum(math.log(max(chance, 1e-300)) for chance in chances)
    return float(chi2.sf(together, 2 * len(chances))) * columns <= _SELDOM


def lacking_of(names: Sequence[str], told: Sequence[float]) -> list[int]:
    """Return which of a level's names may be a value's instead: few rows are *told* by them, or they are one word."""
    return [at for at, name in enumerate(names) if told[at] < _TOLD or len(name.split()) == 1]


def says_more(value: str, name: str, told: float) -> bool:
    """Tell whether a value says more of texts than the name that so many rows are told by: "Council tax" than "tax"."""
    words = value.split()
    if "_" in value:
        return False  # a code, as a program has it
    return told < _TOLD or (len(words) > 1 and any(same_word(name.casefold(), word.casefold()) for word in words))


def with_values(names: Sequence[str], values: Mapping[int, str], unsure: Collection[int] = ()) -> list[str]:
    """Return the names with the values in their stead; where several have one value, each with its name behind it.

    Names of which it is *unsure* whether they are true say nothing: such groups are numbered ("signs 1", "signs 2").
    """
    often = Counter(word.casefold() for word in values.values())
    taken = {name.casefold() for at, name in enumerate(names) if at not in values}
    made = list(names)
    numbers: Counter[str] = Counter()
    for at, word in sorted(values.items()):
        alone = often[word.casefold()] == 1 and word.casefold() not in taken
        name = word if alone else f"{word}: {names[at]}"
        if not alone and at in unsure:
            numbers[word.casefold()] += 1
            name = f"{word} {numbers[word.casefold()]}"
        if name.casefold() in taken:
            continue  # its own name differs from all others
        taken.add(name.casefold())
        made[at] = name
    return _numbered_anew(names, made)


def _numbered_anew(names: Sequence[str], made: Sequence[str]) -> list[str]:
    """Return the names *made* of *names*, those that are numbered without gaps where some have another name now."""
    bases = [_NUMBERED.sub("", name) for name in names]
    kept = [at for at, name in enumerate(names) if made[at] == name]
    gone = {bases[at].casefold() for at in set(range(len(names))) - set(kept) if bases[at].casefold()}
    several = {base for base in gone if sum(one.casefold() == base for one in bases) > 1}
    taken = {name.casefold() for at, name in enumerate(made) if at not in kept or bases[at].casefold() not in several}
    new = list(made)
    for at in kept:
        if bases[at].casefold() in several:
            free = (bases[at] if number == 1 else f"{bases[at]} ({number})" for number in counted(1))
            new[at] = next(name for name in free if name.casefold() not in taken)
            taken.add(new[at].casefold())
    return new


def _odds(share: float) -> float:
    return share / max(1 - share, 1e-9)


def _chance(times: int, size: int, usual: float) -> float:
    """Return how likely so many of *size* rows at least would have what so many *usually* have."""
    from scipy.stats import binom

    return float(binom.sf(times - 1, size, usual))


def _drawn(times: int, size: int, having: int, rows: int) -> float:
    """Return how likely so many at least of *size* rows, drawn out of all *rows*, are of the ones *having* a value."""
    from scipy.stats import hypergeom

    return float(hypergeom.sf(times - 1, rows, having, size))


def _columns_of_words(table: pd.DataFrame, readings: Mapping[str, str]) -> Iterator[tuple[str, Reading | None]]:
    """Yield the columns that hold words and how somebody has them read."""
    decimal = decimal_of(table)
    for name in table.columns:
        wanted = parse_reading(readings[str(name)]) if str(name) in readings else None
        if (wanted and wanted.kind in UNTOLD) or not _is_words(table[name]):
            continue
        if read(table[name], str(name), wanted, decimal=decimal).numbers is None:
            yield name, wanted


def _labels_of(table: pd.DataFrame, readings: Mapping[str, str]) -> Iterator[tuple[str, tuple[Coded, list[str]]]]:
    """Yield each column that holds labels, the rows that have one and the codes of these, and the labels."""
    import pandas as pd

    for name, _ in _columns_of_words(table, readings):
        codes, values = pd.factorize(as_written(answered(table[name])).str.strip())
        words = [str(value) for value in values]
        if 2 <= len(words) <= min(_MOST_VALUES, len(codes) // 2) and all(_is_label(word) for word in words):
            rows = np.flatnonzero(codes >= 0)
            yield str(name), ((rows, np.asarray(codes[rows], np.int64)), words)


def _captions_of(table: pd.DataFrame, readings: Mapping[str, str]) -> Iterator[tuple[Coded, list[str]]]:
    """Yield of each column of captions, as of labels, the rows that say something and what they say."""
    for name, _ in _columns_of_words(table, readings):
        if _SOURCE.fullmatch(str(name)):  # the names of files, however many words these have
            continue
        written = as_written(answered(table[name])).fillna("").str.strip()
        texts = [str(text) for text in written]
        there = [text for text in texts if text]
        if len(there) < 2 * _LEAST or sum(text.count(" ") + 1 for text in there) < _CAPTION * len(there):
            continue
        coded, values = said_in_captions(texts, least=_LEAST)
        if values:
            yield coded, values


def _is_words(values: Any) -> bool:
    import pandas as pd

    kinds = pd.api.types
    return not kinds.is_numeric_dtype(values) and not kinds.is_datetime64_any_dtype(values)


def _is_label(word: str) -> bool:
    return len(word) <= _LONGEST and any(letter.isalpha() for letter in word)


def _says_much(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) >= _SHORTEST or any(is_unspaced(letter) for letter in letters)
