"""Tells the lines of subtitles that say when a caption is shown, as programs and people write them, whole or torn.

It knows no captions: `subtitlelines` does.
"""

from __future__ import annotations

import re

_COLON, _POINT = "[:：]", "[.,:;，．：]"
_CLOCK = rf"(?:\d{{1,3}}{_COLON} ?)?\d{{1,2}}{_COLON} ?\d{{1,2}}(?:{_POINT} ?\d{{1,3}})?"
_ARROW = r"(?:[-\u2010-\u2015\u2212\uff0d]{1,3} ?(?:>|\uff1e|&gt;)|[→⟶➔]|=>)"
_PLAIN = r"-->"
_TIMES = re.compile(rf"\s*({_CLOCK})[ \t]*({_ARROW})[ \t]*({_CLOCK})(?:\s(.*))?", re.DOTALL)
_STRICT = re.compile(
    r"\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?:\s.*)?", re.DOTALL
)
_SETTINGS = re.compile(r"(?:\s*(?:[A-Za-z]\d?|align|position|line|size|vertical|region)\d?:\S+)*\s*")
"""Where on the screen a caption is shown, behind its times."""
_EXACT = re.compile(
    rf"\d{{1,3}}{_COLON} ?\d{{1,2}}{_COLON} ?\d{{1,2}}(?:{_POINT} ?\d{{1,3}})?|[^.,;，．]*[.,;，．] ?\d{{1,3}}"
)
"""A clock with hours, or with a fraction of a second."""
_TORN = re.compile(rf"\s*(?:[\d:：.,;]+\s*{_PLAIN}.*|{_PLAIN}\s*\d{{1,3}}{_COLON}.*)", re.DOTALL)
_ALONE = re.compile(rf"\s*\d{{1,3}}{_COLON}\s?\d{{0,2}}{_COLON}\s?\d{{0,2}}{_POINT}\s?\d{{0,3}}[\s\d:：.,;>→-]*")
"""A clock to the fraction, alone on its line or with a part of an arrow."""
_BEGUN = re.compile(r"\s*\d{1,3}[:：][\s\d:：.,;>→-]*")
_SIGNS = re.compile(r"[\s\d:：.,;>→-]*")
_PARTS = re.compile(rf"(?:(\d+){_COLON} ?)?(\d+){_COLON} ?(\d+)(?:{_POINT} ?(\d+))?")


def times_of(line: str) -> tuple[str, str, str] | None:
    """Return from when to when a caption is shown, as a line says it, and what it says besides; None: not readably.

    Arrows that people write in sentences, “->” and “→”, are those of times only between clocks with hours or a
    fraction of a second.
    """
    found = _TIMES.fullmatch(line)
    if found is None:
        return None
    start, arrow, end = found[1], found[2], found[3]
    is_plain = len(arrow) > 2 and arrow != "&gt;"
    if not is_plain and not (_EXACT.fullmatch(start) and _EXACT.fullmatch(end)):
        return None
    if not are_as_written(line) and (seconds(end) or 0.0) < (seconds(start) or 0.0):  # the rest of the end is lost
        return None
    besides = (found[4] or "").strip()
    return start, end, "" if _SETTINGS.fullmatch(besides) else besides


def are_as_written(line: str) -> bool:
    """Whether a line has times as these formats have them, to the fraction of a second, which nothing else has."""
    return _STRICT.fullmatch(line) is not None


def is_torn(line: str, *, expected: bool) -> bool:
    """Whether a line is one of times that cannot be read; where one is *expected*, its beginning is enough."""
    torn = _TORN.fullmatch(line) or _ALONE.fullmatch(line) or (_BEGUN.fullmatch(line) if expected else None)
    return torn is not None


def is_cut(line: str) -> bool:
    """Whether a line, the last of a file, may be the beginning of times: nothing but digits and what is between."""
    return _SIGNS.fullmatch(line) is not None


def seconds(clock: str) -> float | None:
    """Return a clock in seconds; None of what is none."""
    found = _PARTS.fullmatch(clock)
    if found is None:
        return None
    fraction = float(f"0.{int(found[4]):0{len(found[4])}d}") if found[4] else 0.0
    return 3600.0 * int(found[1] or 0) + 60.0 * int(found[2]) + int(found[3]) + fraction
