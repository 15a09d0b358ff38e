"""Reads what a text claims: which end of a scale of judgement it says, and of what is done whether it is.

It knows scales in some languages (`opposites.txt`), their inflected forms, negations around a word, and those that are
part of one ("illegal", "sugarfrei"); it judges no phrases: `opposites` does.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from explorer.description.forms import negations_of, stop_words_of
from explorer.description.words import NOT_REACHES, is_contracted_not, meaning

Claim = tuple[str, bool]
"""Which end of a scale is said, or of what is done whether it is: of a scale's name, or of " " and a word's stem."""
_SCALES = Path(__file__).with_name("opposites.txt")
_STEM = 3
"""Letters that a word keeps when its ending is taken away."""
_ENDINGS = {
    "en": ("ing", "ed", "es", "e", "s"),
    "de": ("en", "em", "er", "es", "e", "n", "s", "t"),
    "fr": ("ées", "ée", "és", "é", "ent", "er", "es", "e", "s"),
    "es": ("adas", "ados", "ada", "ado", "aron", "ar", "an", "os", "as", "es", "ó", "o", "a", "e", "s"),
    "it": ("ata", "ate", "ati", "ato", "are", "o", "a", "i", "e"),
    "pt": ("adas", "ados", "ada", "ado", "aram", "ar", "am", "ou", "os", "as", "es", "o", "a", "e", "s"),
    "nl": ("en", "er", "e", "s", "t"),
}
"""Endings of a word's forms in a language, the longest first."""
_ADJECTIVE = {"de": ("en", "em", "er", "es", "e"), "fr": ("es", "e", "s"), "es": ("os", "as", "es", "o", "a", "s"),
              "it": ("o", "a", "i", "e"), "pt": ("os", "as", "es", "o", "a", "s"), "nl": ("e",)}  # fmt: skip
"""Those of a word that judges; English ones have none that are not those of another thing ("goods", "cleaning")."""
_UN = {"en": ("un", "non"), "de": ("un", "nicht"), "nl": ("on", "niet-"), "fr": ("mal", "non-"), "es": ("des", "no-"),
       "it": ("s", "non-"), "pt": ("des", "não-")}  # fmt: skip
_IN = ("in", "im", "il", "ir")
_ADJECTIVAL = ("able", "ible", "al", "ar", "ive", "ent", "ant", "ate", "ect", "ete", "ure", "ous", "ile", "er", "act",
               "ell", "iv", "bel", "el", "et", "if", "ifs", "ale", "ante", "ente", "ado", "ada", "ato", "ata", "ível",
               "ável", "bile", "ivo", "iva", "eto", "eta", "eur", "euse", "euses", "ecto", "ecta")  # fmt: skip
"""What a word ends with that "in-" denies: an invoice is no lack of voice."""
_LESS = {"en": ("less", "-free"), "de": ("los", "frei"), "nl": ("loos", "vrij")}
_DENIED = 4
"""Letters of a word, at least, that a syllable before or behind it denies …"""
_OTHERWISE = frozenset({"unfall", "unfalls", "unkosten", "unless", "unmengen", "interest", "interested", "contactless",
                        "wireless", "important", "mallette"})  # fmt: skip
"""… but for these: an "Unfall" is the opposite of no "Fall"."""


@dataclass(frozen=True)
class Claims:
    """What texts in some *languages*, the most spoken first, claim; *spoken* are the words of some of them."""

    languages: Sequence[str]
    spoken: frozenset[str] = frozenset()
    _found: dict[str, tuple[Claim, ...]] = field(default_factory=dict)

    def judges(self, word: str) -> bool:
        """Tell whether a word says an end of a scale."""
        return bool(self._scales_of(word))

    def negates(self, token: str) -> bool:
        """Tell whether a token says "not", alone or with a word: "can't", "n'est"."""
        return token in self._negations or is_contracted_not(token) or (token[:2] == "n'" and "fr" in self.languages)

    def said(self, tokens: Iterable[str]) -> list[Claim]:
        """Return the ends of scales that tokens say, and each word with whether it is so: "good", "not collected".

        A "not" that closes its sentence denies the last word before it: "das Paket kam nicht an".
        """
        found, reach, since = list[Claim](), 0, 0
        waiting = False
        for token in [*tokens, "."]:
            if self.negates(token):
                reach, waiting = NOT_REACHES, True
                continue
            if not token[:1].isalnum():
                if waiting and len(found) > since:
                    found[-1] = (found[-1][0], not found[-1][1])
                reach, since, waiting = 0, len(found), False
                continue
            claims = list(self._of_word(token, reach == 0))
            found += claims
            waiting = waiting and not claims
            reach = max(0, reach - 1)
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the scales."""
        return frozenset(scale for ends in self._ends.values() for scale, _ in ends) | frozenset(
            scale for ends in self._paired.values() for scale, _ in ends
        )

    def _of_word(self, token: str, so: bool) -> Iterator[Claim]:
        scales = self._scales_of(token)
        if scales:
            yield from ((scale, end == so) for scale, end in scales)
            return
        word = meaning(token) if "'" in token else token
        if word not in self._stops and word[:1].isalnum():
            yield f" {_stem(word, _ENDINGS.get(next(iter(self.languages), ''), ()))}", so

    def _scales_of(self, token: str) -> tuple[Claim, ...]:
        if token not in self._found:
            self._found[token] = self._ends.get(token) or self._inflected(token) or self._paired.get(token, ())
        return self._found[token]

    def _inflected(self, token: str) -> tuple[Claim, ...]:
        """Return the ends that a form of a word says, or the others where a syllable denies it: "unfreundliche"."""
        if token in self._stops or len(token) <= _STEM:
            return ()
        for code in self.languages:
            of = self._stems.get(code, {})
            for base in _bases(token, code):
                if same := of.get(base):
                    return same
            for base in (base for rest in _undenied(token, code) for base in _bases(rest, code)):
                if other := of.get(base):
                    return tuple((scale, not end) for scale, end in other)
        return ()

    @cached_property
    def _ends(self) -> dict[str, tuple[Claim, ...]]:
        """What each word that judges says."""
        found: dict[str, tuple[Claim, ...]] = {}
        for code in self.languages:
            for at, ends in enumerate(scales().get(code, ())):
                for end, members in zip((True, False), ends, strict=True):
                    for word in members:
                        found[word] = (*found.get(word, ()), (f"{code}{at}", end))
        return found

    @cached_property
    def _stems(self) -> dict[str, dict[str, tuple[Claim, ...]]]:
        """Of each language with endings, what each stem of the words that judge says, if they agree."""
        found = dict[str, dict[str, tuple[Claim, ...]]]()
        for code in self.languages:
            of = found.setdefault(code, {})
            for one, other in scales().get(code, ()):
                for word in sorted(one | other):
                    claims = tuple(claim for claim in self._ends[word] if claim[0].startswith(code))
                    for base in _bases(word, code):
                        turned = {(scale, not end) for scale, end in claims}
                        agreed = turned.isdisjoint(of.get(base, ()))
                        of[base] = tuple(sorted({*of.get(base, ()), *claims})) if agreed else ()
            of.update({word: self._ends[word] for one, other in scales().get(code, ()) for word in one | other})
        return found

    @cached_property
    def _paired(self) -> dict[str, tuple[Claim, ...]]:
        """What words say that are spoken here with a syllable that denies them as well: "legal", of "illegal"."""
        found: dict[str, tuple[Claim, ...]] = {}
        for code in self.languages:
            ways = (_ADJECTIVE.get(code, ()), _ENDINGS.get(code, ()))  # of what a hyphen joins any form: "smoke-free"
            forms = [dict[str, list[str]](), dict[str, list[str]]()]
            for word in self.spoken:
                for endings, stems in zip(ways, forms, strict=True):
                    stems.setdefault(_stem(word, endings), []).append(word)
            for word in self.spoken:
                endings, stems = (ways["-" in word], forms["-" in word])
                for rest in _undenied(word, code):
                    stem = _stem(rest, endings)
                    for other in stems.get(stem, ()):
                        found[other] = ((f"{code}-{stem}", True),)
                    if stem in stems:
                        found[word] = ((f"{code}-{stem}", False),)
        return found

    @cached_property
    def _negations(self) -> frozenset[str]:
        return frozenset().union(*(negations_of(code) for code in self.languages))

    @cached_property
    def _stops(self) -> frozenset[str]:
        return frozenset().union(*(stop_words_of(code) for code in self.languages))


def _stem(word: str, endings: Sequence[str]) -> str:
    """Return a word without the first of the *endings* that it has, and without a double letter at its end."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > _STEM and word[-1] == word[-2] else word


def _bases(word: str, code: str) -> Iterator[str]:
    """Yield a word that judges as it may be listed: itself, and without each ending that it has, the longest first."""
    yield word
    for ending in _ADJECTIVE.get(code, ()):
        bare = _stem(word, (ending,))
        if bare != word:
            yield bare


def _undenied(word: str, code: str) -> Iterator[str]:
    """Yield the words that a syllable of *word* may deny: "legal" of "illegal", "Zucker" of "zuckerfrei"."""
    if word in _OTHERWISE:
        return
    bare = _stem(word, _ADJECTIVE.get(code, ()))
    for before in _UN.get(code, ()):
        if word.startswith(before) and len(word) - len(before) >= _DENIED:
            yield word.removeprefix(before).removeprefix("-")
    for before in _IN:
        ends = word.endswith(_ADJECTIVAL) or bare.endswith(_ADJECTIVAL)
        if word.startswith(before) and len(word) - len(before) >= _DENIED and ends:
            yield word.removeprefix(before)
    for behind in _LESS.get(code, ()):
        whole = word if word.endswith(behind) else bare  # "-free" ends in two of a letter
        if whole.endswith(behind) and len(whole) - len(behind) >= _DENIED:
            yield whole.removesuffix(behind)


@functools.cache
def scales() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Return the scales of each language, by its code: the words of either end."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in _SCALES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, members = line.partition(":")
            one, _, other = members.partition("|")
            found.setdefault(code, []).append((frozenset(one.split()), frozenset(other.split())))
    return found
