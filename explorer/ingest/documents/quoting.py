"""Tells what of a mail's text its writer wrote, and what is quoted of earlier mails.

It reads no mail: `mail` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

_SIGNATURE = "-- "
"""What stands above a signature: this blank marks no break."""
_QUOTED = re.compile(r">(?!From )")
"""What a quoted line begins with; a line that begins with “From ” has the same sign in some files, and is none."""
_WROTE = re.compile(
    r"\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|kirjoitti|napsala?|napísala?|napisała?"
    r"|pisze|írta|yazdı|написала?|пише|napisao|napisala)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:19|20)\d\d\b|\b\d\d?[:.]\d\d\b")
_ENDED = re.compile(r"[.!?:]\s*$")
_LONGEST_LEAD = 3
"""Lines that say who wrote what is quoted below them, at most."""
_ORIGINAL = re.compile(
    r"[-_ ]{3,}(?:Original Message|Original Appointment|Ursprüngliche Nachricht|Originalnachricht|Message d'origine"
    r"|Message original|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht"
    r"|Originalmeddelande|Opprinnelig melding|Alkuperäinen viesti|Původní zpráva|Pôvodná správa|Wiadomość oryginalna"
    r"|Eredeti üzenet|Исходное сообщение)[-_ ]{3,}$",
    re.IGNORECASE,
)
_FIELDS = re.compile(
    r"\**(?:From|Sent|To|Cc|Date|Subject|Von|Gesendet|An|Datum|Betreff|De|Envoyé|À|Objet|Enviado|Para|Asunto|Assunto"
    r"|Da|Inviato|A|Oggetto|Van|Verzonden|Aan|Onderwerp|Od|Odesláno|Odoslané|Komu|Předmět|Predmet|Wysłano"
    r"|Do|Temat)\** ?: ",
)
_FEWEST_FIELDS = 3
_REPLIED = re.compile(r"(?:(?:re|aw|sv|vs|antw|odp|res|ynt)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|vl|vb|tr|doorst|pd|i|rv|enc)\s*:", re.IGNORECASE)


def plain_subject(subject: str) -> str:
    """Return a subject without the marks of a reply that stand before it."""
    return _REPLIED.sub("", subject, count=1) if _REPLIED.match(subject) else subject


def is_forward(subject: str) -> bool:
    """Whether a subject says that the mail hands on another one: that is its content then, and no quotation."""
    return bool(_FORWARDED.match(subject))


def unflowed(text: str, *, joined: bool = False) -> str:
    """Return a text with the breaks undone that its mail program marked as made for the width of a line (RFC 3676).

    Such a line ends in a blank, which is no part of the text where that is *joined*.  O(length).
    """
    lines: list[list[str]] = []
    above: str | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        depth, bare = line[: len(line) - len(bare)], bare.removeprefix(" ")
        soft = bare.endswith(" ") and bare != _SIGNATURE
        piece = bare[:-1] if soft and joined else bare
        if above == depth and bare != _SIGNATURE:
            lines[-1].append(piece)
        else:
            lines.append([f"{depth} " if depth else "", piece])
        above = depth if soft else None
    return "\n".join("".join(line) for line in lines)


def parted(text: str, *, forward: bool = False) -> tuple[str, str]:
    """Return what somebody wrote, and what is quoted of earlier mails; all is written where nothing else is left.

    Quoted are lines that begin with ">", with those above them that say who wrote them, and all from a line on that
    parts the mail from the one that it answers, but not of a *forward*.  O(length).
    """
    lines = text.split("\n")
    end = len(lines) if forward else _end(lines)
    quoted = [bool(_QUOTED.match(line)) or at >= end for at, line in enumerate(lines)]
    for at in range(end):
        if quoted[at] and not quoted[at - 1] and at:
            for above in _lead(lines, at):
                quoted[above] = True
    written = _joined(line for line, is_quoted in zip(lines, quoted, strict=True) if not is_quoted)
    if not written:
        return text, ""
    return written, "\n".join(line for line, is_quoted in zip(lines, quoted, strict=True) if is_quoted).strip()


def _lead(lines: list[str], at: int) -> range:
    """Return the lines above the one at *at* that say who wrote what begins there, as “On Monday Ann wrote:”."""
    last = at - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0 or not lines[last].rstrip().endswith(":"):
        return range(0)
    first, found = last, range(0)
    while True:  # as few lines as say who and when: text may stand right above
        said = " ".join(lines[first : last + 1])
        wrote, dated = bool(_WROTE.search(said)), bool(_WHEN.search(said))
        if dated and (wrote or "@" in said):
            return range(first, last + 1)
        if wrote and not found:
            found = range(first, last + 1)
        first -= 1
        if first < max(0, last + 1 - _LONGEST_LEAD) or not lines[first].strip() or _ENDED.search(lines[first]):
            return found


def _end(lines: list[str]) -> int:
    """Return the line from which on a mail is the one that it answers; the number of lines where there is none."""
    for at, line in enumerate(lines):
        if _ORIGINAL.match(line.strip()):
            return at
        if _FIELDS.match(line) and _is_head(lines, at):
            rule = at - 1 if at and len(lines[at - 1].strip()) > _FEWEST_FIELDS else at
            return rule if not lines[rule].strip("_- ") else at
    return len(lines)


def _is_head(lines: list[str], at: int) -> bool:
    """Whether lines are the head of a mail: fields one after the other, the first that of who wrote it."""
    return sum(1 for _ in takewhile(_FIELDS.match, lines[at : at + 8])) >= _FEWEST_FIELDS


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
