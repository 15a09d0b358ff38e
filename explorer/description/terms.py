"""Counts which texts have which words and phrases, a word's forms as one, in the texts' own language.

It does not weigh them: `keywords` and `titles` do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.description.boundaries import Boundaries
from explorer.description.forms import (
    base_forms,
    breakers_of,
    closing_of,
    counting_of,
    degrees_of,
    edges,
    further_languages,
    known_of,
    negations_of,
    opening_of,
    own_languages,
    places_of,
    stop_words_of,
)
from explorer.description.pieces import begun_only
from explorer.description.tokens import Tokens
from explorer.description.words import (
    ASKING,
    BEHIND,
    HELPING,
    LEADING,
    NO_ENDING,
    NOT_REACHES,
    TRAILING,
    WHICH,
    is_unspaced,
)
from explorer.types import BoolArray, Item, sorted_unique

LONGEST_PHRASE = 6
"""Words in a term …"""
_ENOUGH = 4
"""… which has more than so many only where the texts do not end it before ("visitor slipped on wet" tiles)."""
_HABIT = 2.0
"""How many stop words of a text the language of most texts outweighs, if it has one: short texts are ambiguous."""
_SPOKEN = 0.05
"""A further language is tried when so many of all words are stop words of it and of no language of our own."""
_DIFFERENT = 5
"""So many different ones of them have to be there: one may be anybody's word ("ant" is Lithuanian for "on")."""
_WORTH_A_DICTIONARY = 0.3
"""The forms of a language's words count together when at least this share of the texts is in it."""

_MOSTLY = 0.8
"""The stop words of a language that so many of the texts are in are none of the others' words either."""

_OPPOSITE = 0.6
"""A "not" turns the next words of its sentence round; a phrase that is turned so in so many of its places says the
opposite of what its texts say ("nothing was too much trouble for the nurses")."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class TermCounts:
    """Which of n items has which of t terms, of one to six words, a word's forms counting as one.

    A term is spelled as most texts have it.  One of three and more words may have stop words inside ("lost my card").
    The columns of row i are ``columns[starts[i] : starts[i + 1]]``, ascending: int32, as the sparse matrices of scipy
    have them; *starts* is int64 (n + 1,).  Some 80 bytes for a text of a dozen words.

    *whole*, bool (t,), tells which terms begin and end where a thought of their texts does.  *parts*, int32 (t, 6), has
    the columns of a term's words that say something, -1 for none.
    """

    terms: tuple[tuple[str, ...], ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    whole: BoolArray
    parts: NDArray[np.int32]


@dataclass(frozen=True)
class _Roles:
    """What each token may be: a *content* word; the first, an inner or the last one of a phrase; and its *form*.

    *negated*: it is turned round by a "not" before it, *undone* by one that closes its sentence.  *bounds* tell where
    thoughts begin and end.
    """

    content: BoolArray
    first: BoolArray
    inner: BoolArray
    last: BoolArray
    form: Ids
    negated: BoolArray
    undone: BoolArray
    bounds: Boundaries


@dataclass(frozen=True)
class _Found:
    """Where terms of so many words stand: the place of the first word of each, and which term of *count* it is."""

    length: int
    places: Ids
    which: Ids
    count: int

    def only(self, stays: BoolArray) -> _Found:
        """Return the terms that stay, bool (count,), numbered anew."""
        there = stays[self.which]
        number = np.cumsum(stays) - 1
        return _Found(self.length, self.places[there], number[self.which[there]], int(stays.sum()))


def count_terms(items: Sequence[Item]) -> TermCounts:
    """Return which of *items* has which words and phrases."""
    tokens, n = Tokens.of(items), len(items)
    roles = _roles(tokens, n)
    least = _least_rows(len(sorted_unique(tokens.row)))
    found = [_words(roles, least), *_phrases(tokens, roles, least)]
    terms: list[tuple[str, ...]] = []
    rows, columns, whole, parts, led = [], [], [], [], []
    for part in found:
        rows.append(tokens.row[part.places].astype(np.int64))
        columns.append(part.which + len(terms))
        whole.append(roles.bounds.whole(part.places, part.which, part.count, part.length) & ~_turned(part, roles))
        to = roles.bounds.leads_to(part.places + part.length - 1, part.which, part.count)
        led.append(np.where(to >= 0, _columns(roles, found[0])[roles.form[to]], -1))
        parts.append(_parts(roles, part, found[0]))
        terms += _spelled(tokens, part)
    width = max(1, len(terms))
    keys = sorted_unique(np.concatenate(rows) * width + np.concatenate(columns))
    row, column = np.divmod(keys, width)
    starts = np.searchsorted(row, np.arange(n + 1))
    times = np.bincount(column, minlength=len(terms))
    stays = np.concatenate(whole)
    stays &= ~begun_only(terms, stays, np.concatenate(led), np.concatenate(parts), times)
    return TermCounts(tuple(terms), starts.astype(np.int64), column.astype(np.int32), stays, np.concatenate(parts))


def _words(roles: _Roles, least: int) -> _Found:
    """Return the content words that are there often enough."""
    places = np.flatnonzero(roles.content & roles.last)
    return _kept(1, places, roles.form[places], least)[0]


def _columns(roles: _Roles, singles: _Found) -> NDArray[np.int32]:
    """Return the column of the single word that each form is, -1 for none."""
    column = np.full(int(roles.form.max(initial=0)) + 1, -1, np.int32)
    column[roles.form[singles.places]] = singles.which
    return column


def _parts(roles: _Roles, found: _Found, singles: _Found) -> NDArray[np.int32]:
    """Return the columns of the single words that say something in each term, -1 for none, int32 (count, 6)."""
    column = _columns(roles, singles)
    parts = np.full((found.count, LONGEST_PHRASE), -1, np.int32)
    _, first = np.unique(found.which, return_index=True)
    for step in range(found.length):
        at = found.places[first] + step
        parts[:, step] = np.where(roles.content[at], column[roles.form[at]], -1)
    return parts


def _phrases(tokens: Tokens, roles: _Roles, least: int) -> list[_Found]:
    """Return the phrases of two to six words that are there often enough, long ones only where they have to be.

    What is rare stays rare when it is continued, so each length looks only at what was kept of the one before.
    """
    size = len(tokens.vocabulary)
    places = np.flatnonzero(roles.first)
    begun = roles.form[places]
    found = []
    cut = np.zeros(len(places), np.bool_)
    for length in range(2, LONGEST_PHRASE + 1):
        end = places + length - 1
        goes_on = (roles.inner | roles.last)[end] & (tokens.ids[end] > 0)  # the last token of all is a break
        places, begun, end, cut = places[goes_on], begun[goes_on], end[goes_on], cut[goes_on]
        kept, stays = _kept(length, places, begun * size + roles.form[end], least)
        places, begun, cut = kept.places, kept.which, cut[stays]
        end = places + length - 1
        ended = roles.bounds.ended(end, begun, kept.count)[begun]
        whole = roles.last[end] & (roles.content[places] | roles.content[end])
        whole &= roles.form[places] != roles.form[end]
        whole &= (length <= _ENOUGH) | (ended & cut)
        often = _kept(length, places[whole], begun[whole], least)[0]
        found.append(_affirmed(_without_echo(often, roles), roles.negated))
        inside = roles.inner[end]
        places, begun, cut = places[inside], begun[inside], ~(ended & roles.last[end])[inside]
    return found


def _kept(length: int, places: Ids, codes: Ids, least: int) -> tuple[_Found, BoolArray]:
    """Return the places of the codes that are there at least so often, numbered in their order, and which stay."""
    different, which, times = np.unique(codes, return_inverse=True, return_counts=True)
    often = times >= least
    return _Found(length, places, which, len(different)).only(often), often[which]


def _affirmed(found: _Found, negated: BoolArray) -> _Found:
    """Return the terms without those that mostly stand behind a "not"."""
    turned = np.bincount(found.which, weights=negated[found.places], minlength=found.count)
    return found.only(turned < _OPPOSITE * np.bincount(found.which, minlength=found.count))


def _turned(found: _Found, roles: _Roles) -> BoolArray:
    """Return which terms mostly stand behind a "not" or before a "nothing": alone they say the opposite."""
    turned = roles.undone[found.places + found.length - 1] | (roles.negated[found.places] & (found.length == 1))
    often = np.bincount(found.which, weights=turned, minlength=found.count)
    return np.asarray(often >= _OPPOSITE * np.bincount(found.which, minlength=found.count))


def _without_echo(found: _Found, roles: _Roles) -> _Found:
    """Return the terms that say nothing twice, as "white text on white button" does."""
    _, first = np.unique(found.which, return_index=True)
    at = found.places[first][:, None] + np.arange(found.length)
    said = np.sort(np.where(roles.content[at], roles.form[at], -1 - np.arange(found.length)), axis=1)
    return found.only((said[:, 1:] != said[:, :-1]).all(axis=1))


def _negated(tokens: Tokens, negates: BoolArray, known: BoolArray) -> BoolArray:
    """Return which tokens stand behind one that *negates*, at most `NOT_REACHES` before it and in its sentence.

    Nor behind what opens something *known*, unless that is what it negates: nobody answers "the line".
    """
    at = np.arange(len(tokens.ids))
    last_not = np.maximum.accumulate(np.where(negates, at, -NOT_REACHES - 1))
    ends = ((tokens.ids == 0) & ~tokens.lone) | (known & ~np.append(False, negates[:-1]))
    last_break = np.maximum.accumulate(np.where(ends & ~negates, at, -1))
    before = np.maximum(at - 1, 0)
    near = (at - last_not[before] <= NOT_REACHES) & (last_not[before] > last_break[before])
    return np.asarray(near & (at > 0))


def _spelled(tokens: Tokens, found: _Found) -> list[tuple[str, ...]]:
    """Return each term in the form in which it stands most often, of equally frequent ones the alphabet's first."""
    size = len(tokens.vocabulary)
    codes = found.which
    for step in range(found.length):  # a term and its forms, word by word: at most so many numbers as there are places
        mixed = codes * size + tokens.ids[found.places + step]
        _, codes = np.unique(mixed, return_inverse=True)
    _, first, times = np.unique(codes, return_index=True, return_counts=True)
    of = found.which[first]
    best = np.lexsort((np.arange(len(first)), -times, of))
    chosen = best[np.unique(of[best], return_index=True)[1]]
    at = found.places[first[chosen]]
    columns = [[tokens.vocabulary[i] for i in tokens.ids[at + step]] for step in range(found.length)]
    return list(zip(*columns, strict=True))


def _roles(tokens: Tokens, n: int) -> _Roles:
    """Return what each token may be, by the stop words of its text's language."""
    languages = _languages(tokens)
    is_stop = np.array([tokens.among(stop_words_of(code)) for code in languages])
    hits = np.stack([np.bincount(tokens.row, weights=flags[tokens.ids], minlength=n) for flags in is_stop])
    overall = hits.sum(axis=1)
    habit = _HABIT * (overall / max(1.0, overall.sum()))[:, None]
    language = (hits + habit * ((hits > 0) | (hits.max(axis=0) == 0))).argmax(axis=0)
    spoken = language[tokens.row]
    texts = sorted_unique(tokens.row)
    share = np.bincount(language[texts], minlength=len(languages)) / max(1, len(texts))
    said = _Said(tokens, languages, spoken)
    stopped, opens = is_stop[spoken, tokens.ids], said.of(opening_of)
    if share.max() >= _MOSTLY:  # a short text is easily taken for another language's; its "the" is still one
        stopped |= is_stop[share.argmax(), tokens.ids]
        opens |= tokens.among(opening_of(languages[share.argmax()]))[tokens.ids]
    cut = np.array([bool(w) and is_unspaced(w) and not edges().isdisjoint((w[0], w[-1])) for w in tokens.vocabulary])
    content = (tokens.ids > 0) & ~stopped & ~cut[tokens.ids]
    inner = (tokens.ids > 0) & ~said.of(breakers_of) & ~cut[tokens.ids]
    leading, helping, asking = said.english(LEADING), said.english(HELPING), said.english(ASKING)
    helps = helping & np.append(leading[1:], False)
    which = asking | said.english(WHICH) | said.of(degrees_of)
    first = content | (leading & ~np.append(False, helps[:-1])) | helps | _one_with_next(tokens, which, content)
    trailing = said.english(TRAILING)
    turns = said.of(negations_of)
    ends = np.append((tokens.ids == 0)[1:] & ~tokens.number[1:], False) | (
        turns & ~np.append((content | opens)[1:], False)
    )
    closing = said.of(closing_of) & ends
    counting = said.of(counting_of) & np.append(False, content[:-1]) & ~np.append((content | opens)[1:], False)
    last = (content | trailing | closing | counting) & ~tokens.among(NO_ENDING)[tokens.ids]
    nothing = turns & closing
    before_nothing = np.append(nothing[1:], False) | np.append(nothing[2:] & (tokens.ids > 0)[1:-1], [False, False])
    negated = _negated(tokens, turns | tokens.contracted, said.of(known_of))
    opens |= tokens.lone & said.is_english
    trails = trailing | said.english(BEHIND) | closing | counting
    bounds = Boundaries(tokens.ids, content & ~said.of(places_of), opens, trails, tokens.number, which, inner)
    return _Roles(
        content, first, inner, last, _forms(tokens, languages, language)[tokens.ids], negated, before_nothing, bounds
    )


@dataclass(frozen=True)
class _Said:
    """Which tokens are of some words of the language, of *languages*, that their text is *spoken* in, int (m,)."""

    tokens: Tokens
    languages: Sequence[str]
    spoken: Ids

    def of(self, listed: Callable[[str], frozenset[str]]) -> BoolArray:
        """Return which tokens are of the words that are *listed* for their text's language, bool (m,)."""
        members = np.array([self.tokens.among(listed(code)) for code in self.languages])
        return np.asarray(members[self.spoken, self.tokens.ids])

    def english(self, members: frozenset[str]) -> BoolArray:
        """Return which tokens are of these words in English texts."""
        return self.is_english & self.tokens.among(members)[self.tokens.ids]

    @cached_property
    def is_english(self) -> BoolArray:
        return np.asarray(self.spoken == self.languages.index("en"))


def _one_with_next(tokens: Tokens, which: BoolArray, content: BoolArray) -> BoolArray:
    """Return which of these tokens stand before a word that is hardly ever said without one: "first" aid."""
    at = np.flatnonzero(which[:-1] & content[1:])
    size = len(tokens.vocabulary)
    beside = np.bincount(tokens.ids[at + 1], minlength=size)
    one = np.zeros(len(which), np.bool_)
    one[at] = (beside >= _MOSTLY * np.bincount(tokens.ids, minlength=size))[tokens.ids[at + 1]]
    return one


def _languages(tokens: Tokens) -> list[str]:
    """Return the languages that the texts may be in: our own, and others whose stop words are all over them."""
    times = np.bincount(tokens.ids, minlength=len(tokens.vocabulary))
    times[0] = 0
    ours = frozenset().union(*(stop_words_of(code) for code in own_languages()))
    spoken = {word: int(count) for word, count in zip(tokens.vocabulary, times, strict=True) if word not in ours}
    total = max(1, int(times.sum()))
    further = []
    for code in further_languages():
        said = [spoken[word] for word in stop_words_of(code) if spoken.get(word)]
        if len(said) >= _DIFFERENT and sum(said) >= _SPOKEN * total:
            further.append(code)
    return [*own_languages(), *further]


def _forms(tokens: Tokens, languages: Sequence[str], language: NDArray[np.int64]) -> Ids:
    """Return a number for each word of the vocabulary, the same for the forms of one word."""
    texts = sorted_unique(tokens.row)
    share = np.bincount(language[texts], minlength=len(languages)) / max(1, len(texts))
    frequent = np.flatnonzero(share >= _WORTH_A_DICTIONARY).tolist()
    base = list(tokens.vocabulary)
    spoken = language[tokens.row]
    here = [np.bincount(tokens.ids[spoken == code], minlength=len(base)) for code in frequent]
    mostly = np.argmax(here, axis=0) if here else np.zeros(0, np.int64)
    for at, code in enumerate(frequent):
        own = np.flatnonzero(mostly[1:] == at) + 1  # the first is the break
        for place, form in zip(own, base_forms([base[i] for i in own], languages[code]), strict=True):
            base[place] = form
    number = {form: at for at, form in enumerate(sorted(set(base)))}
    return np.array([number[form] for form in base], dtype=np.int64)


def _least_rows(texts: int) -> int:
    """Return in how many of so many texts a term must be: rarer ones only cost memory."""
    return 1 if texts < 50 else 2 if texts < 20_000 else 3 if texts < 200_000 else 5
