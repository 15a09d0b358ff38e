"""Cuts texts of any script into the words that keywords are made of.

It does not count or weigh them; `keywords` does.  Words are lower-case; scripts that write without spaces
(Chinese, Japanese, Thai…) give runs of two to four characters, since nothing here knows their words.
"""

from __future__ import annotations

import functools
import html
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

LONGEST_TEXT = 4_000
"""Characters of a text that are looked at: encoders read about as much, and one book must not weigh like a library."""

BREAK = ""
"""Stands between words that are not neighbours in the text."""

LEADING = frozenset({"not", "no"})
"""Stop words that may open a pair ("not working")."""

HELPING = frozenset({"can", "could", "do", "does", "did", "would", "will", "should", "may", "might", "must"})
"""Stop words that open a phrase with the "not" behind them: "could not fault", of which "not fault" is torn."""

TRAILING = frozenset({"up", "off", "out", "down", "back"})
"""Stop words that may close a pair ("top up")."""

BEHIND = frozenset({"ago"})
"""Stop words that belong to what is before them: "rejected three weeks" does not end there."""

ASKING = frozenset({"how"})
"""Stop words that belong to what is behind them: "long is the cable" is torn from "how long is the cable"."""

WHICH = frozenset({"first", "second", "last", "next", "new", "own", "same", "other", "good"})
"""Stop words that say which: what is hardly ever said without one of them is one with it, as in "first aid"."""

NO_ENDING = frozenset({"st", "dr", "mr", "mrs", "ms", "prof", "sir"})
"""Words after which a name goes on, so that none ends with them ("preached at St")."""

ACRONYMS = frozenset({"IT", "US", "WHO"})
"""What names something in capitals and is a stop word without them; such a word keeps its capitals."""

EDGES = "zh-edge"
"""The entry of `stop_words` that lists characters which open and close no Chinese word."""

_STOPWORDS = Path(__file__).with_name("stopwords.txt")
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\S[^\s@]{0,63}@\S{1,255}\.\w+|</?[a-zA-Z][^>]{0,200}>|<!--(?:(?!<!--).)*?-->", re.DOTALL
)
"""Bounded where one failure after another would read on to the end of the text (tests/fire/test_linear.py)."""
_ACRONYM = re.compile(rf"(?<![\w'-])({'|'.join(sorted(ACRONYMS))})(?![\w'-])")
_ANSI = re.compile(r"\x1b\[[0-?]{0,32}[ -/]{0,8}[@-~]")
"""What colours a terminal: in logs that were pasted."""
_STOPS = r"[.!?;:,()\[\]\"|/\n]|(?<=\s)-+(?=\s)"
_ASCII_WORD = re.compile(rf"[a-z0-9]+(?:['\-][a-z0-9]+)*|{_STOPS}")
"""The same as the pattern for all scripts, three times as fast."""
_DASHES = "–—…•·“”„«»→"
_NO_BREAK = "®™©°"
"""Signs that stand at words instead of between them, unlike all others: 🙂, ★, ↔."""
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f々"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc\u31f0-\u31ff"
_SOUTHEAST = "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"
_GRAM_LENGTHS = (2, 3, 4)


def words(text: str) -> list[str]:
    """Return the text's words in order, lower-case but `ACRONYMS`, with `BREAK` where neighbours are not to be paired.

    Addresses, e-mail addresses, HTML tags and numbers are left out; at most `LONGEST_TEXT` characters are read.
    """
    text = text[:LONGEST_TEXT]
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'")
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "<" in text or "@" in text or "://" in text or "www." in text:
        text = _NOISE.sub(" . ", text)
    if any(named in text for named in ACRONYMS) and text != text.upper():
        between = _ACRONYM.split(text)  # what is about an acronym, and each of them in turn
        return [token for at, part in enumerate(between) for token in ([part] if at % 2 else _words(part))]
    return _words(text)


def _words(text: str) -> list[str]:
    text = text.lower()
    if text.isascii():
        return _ASCII_WORD.findall(text)
    word, unspaced = _patterns()
    return _with_grams(text) if unspaced.search(text) else word.findall(text)


def is_contracted_not(token: str) -> bool:
    """Tell whether the token says "not" by its ending ("can't"), and has no `meaning` else."""
    return token.endswith("n't")


def meaning(token: str) -> str:
    """Return the token as it counts: without "'s" and elided articles; `BREAK` for numbers, lone letters but "à"."""
    if "'" in token:
        if is_contracted_not(token):
            return BREAK
        head, _, tail = token.partition("'")
        if head == "o" and tail:  # "o'clock", "O'Brien"
            return token.removesuffix("'s")
        token = tail if len(head) <= 2 and len(tail) > 2 else head
    if not any(c.isalpha() for c in token):
        return BREAK
    if len(token) == 1 and token != "à" and not re.match(f"[{_CJK}]", token):
        return BREAK
    digits = sum(c.isdigit() for c in token)
    return BREAK if digits > len(token) / 2 else token


@functools.cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the stop words of each language, by its code."""
    lists: dict[str, frozenset[str]] = {}
    for line in _STOPWORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, members = line.partition(":")
            lists[code] = frozenset(members.split())
    return lists


def is_unspaced(token: str) -> bool:
    """Tell whether the token is of a script that is written without spaces."""
    return not token.isascii() and _patterns()[1].match(token) is not None


def is_ending(token: str) -> bool:
    """Tell whether the token is of hiragana alone: in Japanese mostly an ending or a particle, rarely a thing."""
    return re.fullmatch(f"[{_HIRAGANA}ー]+", token) is not None


def script_of(letter: str) -> str:
    """Return which of the unspaced scripts a letter is of, "" for none or for one that closes no Chinese word."""
    if letter in stop_words()[EDGES]:
        return ""
    for script in (_CJK, _HIRAGANA, _KATAKANA, _SOUTHEAST):
        if re.match(f"[{script}]", letter):
            return script
    return ""


def marks_after(text: str, at: int) -> str:
    """Return the marks that stand at a place of a text and belong to the letter before it."""
    found = re.compile(f"{_mark_ranges()}*").match(text, at)
    return found.group() if found else ""


def overlap(a: str, b: str) -> int:
    """Return how many characters the end of one unspaced piece and the beginning of another have in common.

    At least one ideograph, or two letters.
    """
    least = 1 if re.match(f"[{_CJK}]", a) else 2
    return next((n for n in range(min(len(a), len(b)) - 1, least - 1, -1) if a.endswith(b[:n])), 0)


def stem(word: str) -> str:
    """Return the word without an English plural ending; a rough rule, enough to see that two words are one."""
    if len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def same_word(a: str, b: str) -> bool:
    """Tell whether two words are forms of one ("activate", "activation"): equal stems, or a long common beginning."""
    return same_stem(stem(a), stem(b))


NOT_REACHES = 4
"""A "not" turns so many words behind it round, in its sentence."""
SAME_FROM = 5
"""Two stems that are forms of one begin with so many equal letters, or are equal."""


def same_stem(a: str, b: str) -> bool:
    """Tell the same of two stems."""
    if a == b:
        return True
    if a[:SAME_FROM] != b[:SAME_FROM] or len(a) < SAME_FROM:
        return False
    longer = max(len(a), len(b))
    common = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return common >= 0.7 * longer


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a word is (letters with their marks, inner hyphens and apostrophes) and what an unspaced run is."""
    marks = _mark_ranges()
    letter = rf"[^\W_]{marks}*"
    word = rf"{letter}(?:{letter})*(?:['\-](?:{letter})+)*|{_STOPS}|[{_DASHES}{_signs()}]"
    return re.compile(word), re.compile(f"[{_CJK}{_HIRAGANA}{_KATAKANA}{_SOUTHEAST}]+")


@functools.cache
def _mark_ranges() -> str:
    """Return a character class of all combining marks, which Python's ``\\w`` leaves out (Hindi vowel signs…)."""
    return "[" + _ranges(range(0x300, 0x20000), "Mn", "Mc") + "\u200c\u200d]"


@functools.cache
def _signs() -> str:
    """Return the inside of a character class of all signs that stand between words."""
    return _ranges((c for c in range(0x80, 0x20000) if chr(c) not in _NO_BREAK), "So")


def _ranges(codes: Iterable[int], *categories: str) -> str:
    """Return the inside of a character class of those characters that are of these categories of Unicode."""
    found = [code for code in codes if unicodedata.category(chr(code)) in categories]
    parts: list[str] = []
    start = previous = found[0]
    for code in [*found[1:], sys.maxunicode]:
        if code != previous + 1:
            parts.append(f"{chr(start)}-{chr(previous)}" if previous > start else chr(start))
            start = code
        previous = code
    return "".join(parts)


def _with_grams(text: str) -> list[str]:
    """Cut a text that has unspaced runs in it: words as ever, runs by script."""
    word, unspaced = _patterns()
    found: list[str] = []
    at = 0
    for run in unspaced.finditer(text):
        found += word.findall(text[at : run.start()])
        found.append(BREAK)
        for piece in re.findall(f"[{_CJK}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_SOUTHEAST}]+", run.group()):
            found += _grams(piece)
        at = run.end()
    return found + word.findall(text[at:])


def _grams(piece: str) -> list[str]:
    """Return the pieces of one run of one script, each followed by a break."""
    if re.match(f"[{_HIRAGANA}{_KATAKANA}]", piece):
        grams = [piece] if len(piece) >= 3 else []
    else:
        letters = re.findall(rf".{_mark_ranges()}*", piece)
        syllables = not re.match(f"[{_SOUTHEAST}]", piece) or "\u1000" <= piece[0] <= "\u109f"
        lengths = _GRAM_LENGTHS if syllables else (3, 4, 5)
        grams = ["".join(letters[i : i + n]) for n in lengths for i in range(len(letters) - n + 1)]
        if len(letters) < lengths[0]:
            grams = [piece]
    return [part for gram in grams for part in (gram, BREAK)]
