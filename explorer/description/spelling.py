"""Writes terms, which are lower-case words alone, as the texts do: "ATM", "St Paul", "Painter & decorator", "#KelRail".

It knows no groups: terms and texts are given.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

from explorer.description.forms import own_languages, stop_words_of
from explorer.description.words import ACRONYMS

_LOOKED_AT = 2_000
"""Characters of a text that are looked at."""
_BETWEEN = r"(?:['’]s?)?[ \t\u00a0]{1,2}(?:& |[#@])?(?:[^\W\d_]{1,2}['’])?"
"""What may stand between two words of a term: a space, an ampersand, an apostrophe before, a hash for the next one, or
an article that has lost its vowel ("appel d'offres")."""
_ELIDED = re.compile(r"(?<=[ \t\u00a0])(?!o['’])[^\W\d_]{1,2}['’](?=[^\W\d_]{3})")
_PARTICLE = re.compile(r"(?<![\w'’])[^\W\d_]{1,2}['’](?=[^\W\d_]{3})")
_SMALL_ELIDED = re.compile(r"(?<![\w'’])(?!o['’])[a-z]{1,2}['’](?=[^\W\d_]{3})")
_PARTICLES = 0.6
"""A name is written with what stands before its apostrophe where it is so often."""
_AMID = re.compile(r"(?<=[^\W_], )[^\W\d_]{2,40}|(?<=[^\W_] )[^\W\d_]{2,40}")
_WORD = re.compile(r"[^\W\d_]{2,40}")
_FEW = 2
"""Words in capitals that need not be shouted."""
_ACRONYM = 0.25
"""A word that is written in capitals so often is one."""
_SELDOM = 0.25
"""Somebody writes even names without a capital, so often at most."""
_ENDS = '.!?\n:–—•"“”'
"""After these a sentence may begin, whose first letter is a capital whatever the word."""
_TITLE_CASE = 0.2
"""Where so many of the words amid sentences have a capital, as in German or in titles, so has a first one."""


def spellings(
    terms: Sequence[tuple[str, ...]], texts: Sequence[str], proper: frozenset[str] = frozenset()
) -> list[str]:
    """Return each of the *terms* as the *texts* mostly write it, where they agree; else as it is.

    A capital that opens a sentence counts for nothing, unless the word has it amid sentences too or is *proper*.
    """
    if not terms:
        return []
    plain = [" ".join(term).lower() for term in terms]
    longest = sorted(set(plain), key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w)[#@]?(?:{_as_pattern(term)})(?!\w)" for term in longest), re.IGNORECASE)
    seen: dict[str, Counter[str]] = {term: Counter() for term in plain}
    opening: dict[str, Counter[str]] = {term: Counter() for term in plain}
    for text in _calm(texts):
        for match in pattern.finditer(text):
            term = _plain(match.group())
            if term in seen:
                before = text[: match.start()].rstrip()
                (opening if not before or before[-1] in _ENDS else seen)[term][match.group()] += 1
    capitals = _Capitals(texts)
    for term, found in opening.items():
        for spelling, times in found.items():
            keeps = spelling.split(" ")[0].lower() in proper
            seen[term][spelling if keeps else capitals.amid(spelling)] += times
    agreed = [_in_capitals(_agreed(term, seen[term]), seen[term]) for term in plain]
    agreed = _with_particles(agreed, list(map(_beginning, texts)))
    return [_with_acronyms(spelling, term) for spelling, term in zip(agreed, terms, strict=True)]


def _with_particles(spelled: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the spellings with what belongs to a name before an apostrophe: "D'Arcy"; of "d'eau" that is an article.

    A capital that opens a sentence says so only where no text has an article that has lost its vowel.
    """
    marked = [text for text in texts if _PARTICLE.search(text)]
    elides = bool(marked) and any(_SMALL_ELIDED.search(text) for text in texts)
    made = list(spelled)
    for at, spelling in enumerate(spelled if marked else ()):
        if not spelling[:1].isupper():
            continue
        pattern = re.compile(rf"(?<![\w'’])(?:([^\W\d_]{{1,2}})['’])?{re.escape(spelling)}(?!\w)")
        found = Counter[str]()
        for text in texts:
            for match in pattern.finditer(text):
                before = text[: match.start()].rstrip()
                opens = elides and (not before or before[-1] in _ENDS)
                found[(match[1] or "") if not opens else ""] += 1
        before, times = found.most_common(1)[0] if found else ("", 0)
        if before[:1].isupper() and times >= _PARTICLES * found.total():
            made[at] = f"{before}'{spelling}"
    return made


def proper_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the words that the *texts* write with a first capital wherever they stand, as names are: "rosa", "rome".

    Lower-case; empty where many other words have one too, as in German or in titles.
    """
    if _Capitals(texts).are_usual:
        return frozenset()
    large: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(text[:_LOOKED_AT]):
            if word == word.lower():
                small[word] += 1
            elif word[1:] == word[1:].lower():
                large[word.lower()] += 1
    return frozenset(word for word, times in large.items() if small[word] <= _SELDOM * (times + small[word]))


class Usage:
    """How words are mostly written in some texts: "bonn" is "Bonn", though a few write it small.

    Amid their sentences; where other words than names have a capital too, as in German, first words that say something
    count as well.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._forms: dict[str, Counter[str]] = {}
        usual = _Capitals(texts).are_usual
        for text in _calm(texts):
            amid = Counter(_AMID.findall(text[:_LOOKED_AT]))
            everywhere = Counter(_WORD.findall(text[:_LOOKED_AT])) if usual else amid
            for word, times in everywhere.items():
                self._forms.setdefault(word.lower(), Counter())[word] += amid[word] if _says_little(word) else times

    def mostly(self, spelling: str) -> str:
        """Return a term with the words that are small in it as they are mostly written."""
        return " ".join(self._mostly(word) for word in spelling.split(" "))

    def _mostly(self, word: str) -> str:
        found = self._forms.get(word, Counter())
        return _agreed(word, found) if _says_little(word) else _in_capitals(_agreed(word, found), found)


@functools.cache
def _little() -> frozenset[str]:
    return frozenset().union(*(stop_words_of(code) for code in own_languages()))


def _says_little(word: str) -> bool:
    return word.lower() in _little()


class _Capitals:
    """Which words of some texts have a capital amid sentences."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._amid: Counter[str] = Counter()
        for text in texts:
            self._amid.update(_AMID.findall(text[:_LOOKED_AT]))
        large = sum(times for word, times in self._amid.items() if word[0].isupper())
        self.are_usual = large >= _TITLE_CASE * max(1, self._amid.total())

    def amid(self, spelling: str) -> str:
        """Return what opens a sentence as it would be written amid one."""
        word = re.match(r"[#@]?[^\W\d_]*", spelling)
        first = word.group() if word else ""
        if len(first) < 2 or first[0] in "#@" or not first[0].isupper() or first[1:] != first[1:].lower():
            return spelling
        small = first[0].lower() + first[1:]
        large_times, small_times = self._amid[first], self._amid[small]
        keeps = large_times > small_times if large_times + small_times else self.are_usual
        return spelling if keeps else small + spelling[len(first) :]


def _as_pattern(term: str) -> str:
    return _BETWEEN.join(re.escape(word).replace("'", "['’]") for word in term.split(" "))


def _plain(spelling: str) -> str:
    """Return the term that a spelling is of."""
    words = re.sub(r"['’]s?(?=[ \t\u00a0-])|[#@]|& ", "", _ELIDED.sub("", spelling.lower())).replace("’", "'")
    return " ".join(re.split(r"[ \t\u00a0]+", words))


def _agreed(term: str, found: Counter[str]) -> str:
    if not found:
        return term
    spelling, times = found.most_common(1)[0]
    if times > 0.5 * found.total():
        return spelling
    small: Counter[str] = Counter()
    for written, often in found.items():
        small[written.lower().replace("’", "'")] += often
    spelling, times = small.most_common(1)[0]
    return spelling if times > 0.5 * found.total() else term


def _calm(texts: Sequence[str]) -> Sequence[str]:
    """Return the texts that are not all in capitals, but for one of a word or two; all where none is left."""
    return [text for text in map(_beginning, texts) if text != text.upper() or len(text.split()) <= _FEW] or texts


def _beginning(text: str) -> str:
    return text[:_LOOKED_AT]


def _in_capitals(spelling: str, found: Counter[str]) -> str:
    """Return a spelling with those words in capitals that many write so: others are too lazy to ("sap")."""
    words = spelling.split(" ")
    large: Counter[int] = Counter()
    for written, times in found.items():
        parts = written.split(" ")
        if len(parts) == len(words):
            large.update({at: times for at, part in enumerate(parts) if len(part) > 1 and part.isupper()})
    often = _ACRONYM * found.total()
    return " ".join(word.upper() if 0 < often <= large[at] else word for at, word in enumerate(words))


def _with_acronyms(spelling: str, term: tuple[str, ...]) -> str:
    """Return a spelling of a term with the words in capitals that are so in the term."""
    words = spelling.split(" ")
    if len(words) != len(term) or ACRONYMS.isdisjoint(term):
        return spelling
    return " ".join(own if own in ACRONYMS else word for word, own in zip(words, term, strict=True))
