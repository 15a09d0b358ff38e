"""Finds the column of a table that reads most like text.

It looks at a sample of values only and changes nothing; a user's own choice never passes through here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from explorer.ingest.moments import is_moment

SAMPLE_ROWS = 1000
LONGEST = 2000
"""Characters of a cell that are looked at."""
_MANY, _FEW = 200, 20
"""Columns beyond which each is judged by a few values first, and how many."""
_NAMES = frozenset(
    {
        "text", "texts", "review", "reviews", "comment", "comments", "title", "description", "question", "body",
        "content", "sentence", "message", "tweet", "summary", "caption", "abstract", "headline", "feedback",
        "utterance", "prompt", "query", "document", "article", "note", "notes", "answer", "response", "transcript",
        "post", "story", "gloss", "definition", "quote", "lyrics", "complaint", "opinion",
    }
)  # fmt: skip
_OTHER_NAMES = frozenset(
    {
        "id", "ids", "uuid", "guid", "key", "url", "uri", "link", "path", "file", "filename", "email", "mail",
        "author", "user", "username", "name", "date", "time", "timestamp", "label", "labels", "category", "categories",
        "class", "tag", "tags", "lang", "language", "country", "city", "address", "code", "sku", "source", "status",
        "type", "topic", "intent", "sentiment", "gender", "rating", "score", "price",
    }
)  # fmt: skip
_FLAGS = frozenset(
    {
        "true", "false", "yes", "no", "y", "n", "t", "f", "na", "n/a", "nan", "null", "none",
    }
)  # fmt: skip
NULLS = frozenset({"NULL", "null", "NaN", "nan", "<NA>", "<null>", "(null)", r"\N", "#N/A"})
"""What databases, spreadsheets and pandas write for no value.  "None", "NA" and "n/a" are answers that people give."""
_CODE = re.compile(
    r"""[^\w]*                                         # punctuation alone
    | [+-]?[\d.,\s]*\d\s?[%€$£°]? | [€$£]\s?[\d.,]+     # a number, a share, an amount
    | [+-]?\d[\d.]*[eE][+-]?\d+
    | [(+]?\d[\d\s()./-]{5,}                           # a phone number
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?       # a date, with a time
    | \d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:\s?[ap]m)?
    | (?:https?|ftp|s3|gs|file|data)://?\S* | www\.\S+ | data:\S+
    | [^\s@]+@[^\s@]+\.\w+                             # an e-mail address
    | [A-Za-z]:[\\/].* | ~?\.{0,2}(?:/[^/\s]+)+/? | \S[^\s\\/]*+[\\/]\S+ # a path
    | \S+\.\w{2,4}(?<!\.\.\.)(?<=\w)                   # a file name
    | [0-9a-fA-F-]{8,} | \#\w+
    | (?=\S*\d)\S+                                     # anything in one piece with a digit in it
    | [\[{].*[\]}] | <[^>]+>                            # JSON, a lone tag
    """,
    re.VERBOSE | re.DOTALL,
)
_TITLES = frozenset(
    [
        "title",
        "name",
        "summary",
        "subject",
        "headline",
        "question",
        "titel",
        "betreff",
        "zusammenfassung",
        "frage",
        "titre",
        "objet",
        "résumé",
        "asunto",
        "título",
        "titolo",
        "oggetto",
        "onderwerp",
        "rubrik",
        "ämne",
    ]
)
"""What columns are called that say in a few words what a row is about."""
_OFTEN, _ALWAYS, _TITLE_WORDS, _COMPARED = 0.75, 0.95, 2.5, 20
"""Shares of rows with a text that has gaps, and with a title; words of a title; columns that are compared."""
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def rank(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns that could be the text, best first; none for ids, numbers, dates, addresses and paths.

    Where none reads like text, those that are called so are it: comments may be emoji, or numbers, alone.
    *columns* holds for each string column a sample of its values that are not missing.
    """
    scores = {name: score(columns[name], name) for name in _worth_a_look(columns)}
    found = sorted((name for name in scores if scores[name] > 0), key=lambda name: -scores[name])
    found = _fuller_first(found, columns)
    return found or [name for name, values in columns.items() if is_called_text(name) and any(map(_is_text, values))]


def _fuller_first(found: list[str], columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns with a title that all rows have before a text that many lack, whose rows would be left out."""
    rows = max(map(len, columns.values()), default=0)
    filled = {name: sum(map(_is_text, columns[name])) / rows for name in found[:_COMPARED]} if rows else {}
    if not found or filled[found[0]] >= _OFTEN:
        return found
    titles = [
        name
        for name in found[1:_COMPARED]
        if filled[name] >= _ALWAYS
        and not _tokens(name).isdisjoint(_TITLES)
        and fmean(map(_words, filter(_is_text, columns[name]))) >= _TITLE_WORDS
    ]
    return [*titles[:1], *(name for name in found if name not in titles[:1])]


def _worth_a_look(columns: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """Return the columns that are judged by all of their sample: of very many those that a few values speak for."""
    if len(columns) <= _MANY:
        return columns
    few = {name: score(_few(values), name) for name, values in columns.items()}
    found = set(sorted((name for name in few if few[name] > 0), key=lambda name: -few[name])[:_MANY])
    return [name for name in columns if name in found] or columns


def _few(values: Sequence[str]) -> Sequence[str]:
    return values[:: max(1, -(-len(values) // _FEW))]


def _is_text(value: str) -> bool:
    return value.strip() not in ("", *NULLS)


def is_called_text(name: str) -> bool:
    """Say whether a column is called as those with texts are."""
    tokens = _tokens(name)
    return not tokens.isdisjoint(_NAMES) and tokens.isdisjoint(_OTHER_NAMES)


def score(values: Iterable[str], name: str) -> float:
    """Return how much the values read like text: 0 for not at all, about 3 for short titles, 5 and more for prose.

    The logarithm of the mean number of words, times the share of letters, times how rarely values repeat; a usual
    column name weighs as much as doubling short texts.
    """
    kept = [text for text in (value.strip()[:LONGEST] for value in values) if text and text not in NULLS]
    prose = [text for text in kept if not is_code(text) and not is_moment(text)]
    if not prose or len(prose) < len(kept) / 2:
        return 0.0
    letters = fmean([_letters(text) for text in prose])
    if letters < 0.4:
        return 0.0
    words = fmean([_words(text) for text in prose])
    distinct = len(set(kept)) / len(kept)
    return math.log2(1 + words) * letters * (0.25 + 0.75 * distinct) * len(prose) / len(kept) * _weight(name)


def is_code(value: str) -> bool:
    """Say whether the value, by its beginning, is a number, date, id, address, path, flag or markup and no words."""
    value = value[:LONGEST]
    return _CODE.fullmatch(value) is not None or value.casefold() in _FLAGS


def is_known_name(name: str) -> bool:
    """Say whether a column is often called so."""
    name = name[:LONGEST]
    if "@" in name or "://" in name:
        return False  # an address has such words within
    tokens = _tokens(name)
    return 0 < len(tokens) <= 3 and not tokens.isdisjoint(_NAMES | _OTHER_NAMES) and len(name.split()) <= 2


def _weight(name: str) -> float:
    tokens = _tokens(name)
    weight = 1.0 if tokens.isdisjoint(_NAMES) else 1.4
    return weight if tokens.isdisjoint(_OTHER_NAMES) else weight * 0.6


def _tokens(name: str) -> frozenset[str]:
    return frozenset(token.lower() for token in _TOKEN.findall(name[:LONGEST]))


def _words(text: str) -> float:
    # Chinese, Japanese, Korean and Thai are written without blanks between words: two signs make about one word.
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    parts = _WIDE.sub(" ", text).split() if wide else text.split()
    return wide / 2 + sum(part[0].isalpha() or any(map(str.isalpha, part)) for part in parts)


def _letters(text: str) -> float:
    signs = "".join(text.split())
    return sum(map(str.isalpha, signs)) / len(signs)
