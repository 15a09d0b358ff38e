"""Takes the tags of SubRip and WebVTT out of what a caption says, and tells who speaks by them.

Only tags that these formats have are tags: “<Applause>”, “<quietly>” and “{aside}” are what somebody reads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

_CLASS = r"(?:\.[\w.-]{0,60})?"
_TAG = re.compile(
    rf"(?i:</?(?:i|b|u|s){_CLASS}\s?/?>|</?font(?:\s+[\w-]{{1,20}}\s*=[^<>\n]{{0,80}})?>)"
    rf"|</?(?:c|ruby|rt){_CLASS}>|<v{_CLASS}(?:[ \t][^<>\n]{{0,100}})?>|</(?:v|lang)>"
    rf"|<lang{_CLASS}(?:[ \t]+[A-Za-z]{{2,3}}(?:-\w{{2,8}})*)?>"
    r"|<(?:\d{1,3}:)?\d{1,2}:\d{2}\.\d{3}>"
)
_BREAK = re.compile(r"(?i)<br\s?/?>")
_NUMBER = r"[-+\d.&Hh]?[\d.A-Fa-f&]*"
_OVERRIDE = re.compile(
    r"\{(?:\\(?:(?:an?|pos|move|fade?|fs(?:c[xy]|p)?|[ibusqp]|[1-4]?[ca]|alpha|[kK][fo]?|i?clip|org|fr[xyz]?|fa[xy]|"
    rf"[xy]?(?:bord|shad)|be|blur|pbo|fe|t)(?:{_NUMBER}|\([^(){{}}\n]{{0,100}}\))|(?:fn|r)[\w @-]{{0,40}}))+\}}"
)
"""What SubStation Alpha writes at the beginning of a caption: {\\an8}, {\\pos(1,2)}."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,30});")
_VOICES = re.compile(r"<v(?:\.[\w.-]{0,60})?[ \t]+(?P<person>[^<>\n]{1,80})>|</v>")


def plain(line: str) -> str:
    """Return a line of a caption without tags, and signs for their codes, “&amp;”."""
    said = _OVERRIDE.sub("", _TAG.sub("", _BREAK.sub(" ", line)))
    return _ENTITY.sub(lambda found: html.unescape(found[0]), said).strip()


def voices(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a caption's lines, each with who says it by a tag; "" where none tells, as behind its end."""
    person = ""
    for line in lines:
        at = 0
        for tag in (*_VOICES.finditer(line), None):
            part = line[at : tag.start() if tag else len(line)]
            if part.strip():
                yield person, part
            if tag:
                person, at = (tag["person"] or "").strip(), tag.end()
