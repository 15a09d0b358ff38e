"""Reads mails as they are saved (.eml): the text, who wrote it to whom, when, and about what.

Attachments are listed, not read; nothing that a mail links to is fetched.  It is run by `worker` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from itertools import groupby
from typing import Any

from explorer.ingest.documents.declared import LOST, codec_meant, guessed_text, text_as
from explorer.ingest.documents.document import Document, Refused, check_length, tidy
from explorer.ingest.documents.pagetexts import as_utf8
from explorer.ingest.documents.quoting import is_forward, parted, plain_subject, unflowed
from explorer.ingest.documents.webpage import text_of

QUOTED = "quoted"
"""The column with what is quoted of earlier mails."""
MAX_PARTS = 1000
MAX_BYTES = 64 * 2**20
_LISTED = 50
_RANK = {"plain": 0, "html": 1}
"""Kinds of parts that say the same, the best first; others are for programs."""
_SIGNED = "-- "
"""The line above a signature."""
_HEADER = 20_000
"""Characters of a header that are read."""
_OF_PART, _PARAMETERS = 2_000, 30
"""Of a header that says what a part of a mail is."""


class _Bounded(policy.EmailPolicy):
    """What the library takes apart of a header is short: the time that it takes grows with the square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header, of those that say what a part is its beginning."""
        name, value = super().header_source_parse(sourcelines)
        if not name.lower().startswith("content-"):
            return name, value
        return name, ";".join(value[:_OF_PART].split(";")[:_PARAMETERS])


_BOUNDED: Any = _Bounded()


def read_mail(content: bytes, _most: int, *, whole: bool = False) -> Document:
    """Return the text of a mail below its subject, with subject, from, to and date.  Raises Refused.

    What is quoted of earlier mails is no part of the text, but a field; of a *whole* mail it is.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            f"it has {len(content) / 2**20:,.0f} MiB; the limit is {MAX_BYTES // 2**20}. Save it without files"
        )
    mail = BytesParser(EmailMessage, policy=_BOUNDED).parsebytes(content)
    said = _headers(mail)
    if not said.keys() & {"from", "date", "subject", "to", "received"}:
        raise Refused("it is not a mail: no line of it says from whom or when. Save it again from its program")
    text, attached = _parts(mail)
    check_length([text])
    fields = {name: said.get(name, "") for name in ("subject", "from", "to")}
    subject = plain_subject(fields["subject"])
    if not whole:
        text, fields[QUOTED] = parted(text, forward=is_forward(subject))
    if not text.startswith(subject):
        text = f"{subject}\n\n{text}".strip()
    return Document([text], date=_date(said.get("date", "")), fields=fields, notes=attached, wraps=True)


def _headers(mail: EmailMessage) -> dict[str, str]:
    """Return the first of the headers of each name; linear, which the library's own parsing of addresses is not."""
    said: dict[str, str] = {}
    for name, value in mail.raw_items():
        if name.lower() not in said:
            said[name.lower()] = tidy(_decoded(str(value)[:_HEADER]))
    return said


def _decoded(value: str) -> str:
    value = guessed_text(value.encode("utf-8", "surrogateescape")) if not value.isascii() else value
    try:
        parts = decode_header(" ".join(value.splitlines()))
        told = [part if isinstance(part, str) else _word(part, charset) for part, charset in parts]
        return " ".join("".join(told).split())
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _word(part: bytes, charset: str | None) -> str:
    """Return a part of a header: what stands there plainly, or what says how it is written."""
    return text_as(part, charset) if charset else part.decode("raw-unicode-escape", "replace")


def _date(said: str) -> str:
    """Return the date as ISO 8601 has it, or as written."""
    try:
        return parsedate_to_datetime(said).isoformat()
    except (ValueError, IndexError, TypeError, OverflowError):
        return said


def _parts(mail: EmailMessage) -> tuple[str, list[str]]:
    """Return the text of a mail and a sentence for each attachment.

    Of parts that say the same the plain one is taken that has a text, else the one in HTML; of others each.
    """
    parts = list(_leaves(mail))
    texts = list(_told([(group, part) for group, part in parts if _is_body(part)]))
    files = [part for _, part in parts if not _is_body(part)]
    lost = sum(text.count(LOST) for text in texts)
    notes = [f"{lost:,} of its letters are damaged and stand as {LOST}. Get it anew"] if lost else []
    notes += [_attached(part) for part in files[:_LISTED]]
    if len(files) > _LISTED:
        notes.append(f"{len(files) - _LISTED:,} more attachments are not read. Save them by themselves")
    return tidy("\n\n".join(filter(None, texts))), notes


def _told(bodies: Sequence[tuple[int, Any]]) -> Iterator[str]:
    """Yield the texts of the parts with text, of those that say the same one of the best kind that says something."""
    for group, some in groupby(bodies, key=lambda one: one[0]):
        texts = [(_RANK.get(part.get_content_subtype(), len(_RANK)), _content(part)) for _, part in some]
        if not group:
            yield from (text for _, text in texts)
            continue
        best = min((rank for rank, text in texts if text.strip()), default=0)
        yield from (text for rank, text in texts if rank == best)


def _leaves(mail: EmailMessage) -> Iterator[tuple[int, Any]]:
    """Yield the parts that hold no others, a mail within the mail as one; without recursion.

    Each with the number of the parts that say the same, from 1; 0: no other says the same.
    """
    waiting: list[tuple[int, Any]] = [(0, mail)]
    seen = 0
    while waiting:
        group, part = waiting.pop()
        seen += 1
        if seen > MAX_PARTS:
            raise Refused(f"it has more than {MAX_PARTS:,} parts; that is the limit. Save its text as .txt")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            group = group or (seen if part.get_content_subtype() == "alternative" else 0)
            waiting += [(group, one) for one in reversed(part.get_payload())]
        else:
            yield group, part


def _is_body(part: Any) -> bool:
    return part.get_content_maintype() == "text" and not part.is_attachment() and not part.get_filename()


def _content(part: Any) -> str:
    raw = part.get_payload(decode=True) or b""
    charset = part.get_content_charset()
    if part.get_content_subtype() == "html" and codec_meant(charset) is None:
        return text_of(as_utf8(raw).decode(), quoting=True)
    text = text_as(raw, charset)
    if part.get_content_subtype() == "html":
        return text_of(text, quoting=True)
    flowed = str(part.get_param("format") or "").lower() == "flowed"
    return tidy(unflowed(text, joined=str(part.get_param("delsp") or "").lower() == "yes") if flowed else text)


def _attached(part: Any) -> str:
    name = tidy(str(part.get_filename() or "without a name"))[:100]
    return f"the attachment “{name}” ({part.get_content_type()}) is not read. Save it by itself to read it"
