"""Knows languages: which words of each are too common to name anything, and which words are forms of one.

It reads no texts and counts nothing; `terms` does.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from explorer.description.words import EDGES, stop_words

_OTHER_CODES = {"no": "nb", "hr": "hbs"}
"""Languages that the stop words and the dictionaries of forms name differently."""


@functools.cache
def own_languages() -> tuple[str, ...]:
    """Return the languages whose stop words were chosen for names: a list may hold "order" or "room" for no search."""
    return tuple(code for code in stop_words() if "-" not in code)


@functools.cache
def stop_words_of(language: str) -> frozenset[str]:
    """Return the stop words of one of `own_languages`, or of one of `further_languages`."""
    if language in own_languages():
        return stop_words()[language]
    import stopwordsiso

    return frozenset(word.casefold() for word in stopwordsiso.stopwords(language))


@functools.cache
def further_languages() -> tuple[str, ...]:
    """Return the other languages with stop words.

    Their lists come from search engines and hold many a word that names things (in English 1,298, "order" and "room"
    among them); so they serve only where there is no list of our own.
    """
    import stopwordsiso

    return tuple(sorted(set(stopwordsiso.langs()) - set(own_languages())))


@functools.cache
def breakers_of(language: str) -> frozenset[str]:
    """Return the stop words that no phrase may have inside: "and", "which", "I"; empty where nobody has listed them."""
    return stop_words().get(f"{language}-break", frozenset())


@functools.cache
def negations_of(language: str) -> frozenset[str]:
    """Return the words that turn what follows round: "not", "without"; empty where nobody has listed them."""
    return stop_words().get(f"{language}-not", frozenset())


@functools.cache
def determiners_of(language: str) -> frozenset[str]:
    """Return the stop words behind which a noun comes: "the", "my"; empty where nobody has listed them."""
    return stop_words().get(f"{language}-the", frozenset())


@functools.cache
def opening_of(language: str) -> frozenset[str]:
    """Return `determiners_of` a language, and the words that say how much of what is behind them: "too", "very"."""
    return determiners_of(language) | degrees_of(language)


@functools.cache
def known_of(language: str) -> frozenset[str]:
    """Return the words behind which something known comes, as `determiners_of` but for "a"; empty for others."""
    return stop_words().get(f"{language}-known", frozenset())


@functools.cache
def closing_of(language: str) -> frozenset[str]:
    """Return the stop words that close a sentence and belong to what is before: "klingelt nicht"; empty for others."""
    return stop_words().get(f"{language}-last", frozenset())


@functools.cache
def degrees_of(language: str) -> frozenset[str]:
    """Return the words that say how much of what is behind them: "too", "very"; empty where nobody has listed them."""
    return stop_words().get(f"{language}-degree", frozenset())


@functools.cache
def counting_of(language: str) -> frozenset[str]:
    """Return the stop words that count, as the "two" of "day two"; empty for others."""
    return stop_words().get(f"{language}-count", frozenset())


@functools.cache
def places_of(language: str) -> frozenset[str]:
    """Return the words that are no stop words, but begin what is said of a phrase: "near", "behind"."""
    return stop_words().get(f"{language}-at", frozenset())


def base_forms(words: Sequence[str], language: str) -> list[str]:
    """Return the form under which a dictionary has each word ("lost": "lose"), the word itself where none has it.

    The dictionary of English stays (25 MB, read in 0.3 s), others are dropped: that of Polish takes 400 MB and 6 s.
    """
    code = _OTHER_CODES.get(language, language)
    read = _english if code == "en" else _reader
    lemmatizer = read(code)
    return list(words) if lemmatizer is None else [lemmatizer.lemmatize(word, lang=code).casefold() for word in words]


def _reader(code: str) -> Any:
    """Return what knows the forms of a language's words; None for a language without a dictionary."""
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES, DefaultDictionaryFactory

    if code not in SUPPORTED_LANGUAGES:
        return None
    factory = DefaultDictionaryFactory(cache_max_size=1)
    return Lemmatizer(cache_max_size=1, lemmatization_strategy=DefaultStrategy(dictionary_factory=factory))


_english = functools.cache(_reader)


def edges() -> frozenset[str]:
    """Return the characters with which no Chinese word begins or ends."""
    return stop_words()[EDGES]
