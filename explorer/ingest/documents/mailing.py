"""What is wanted of mails, one by one or in a mailbox: what they quote of earlier ones beside their text, or in it.

It decodes none: `mail` does, apart.
"""

from __future__ import annotations

from explorer.ingest.choosing import chosen
from explorer.ingest.documents.mail import QUOTED
from explorer.ingest.reader import Source
from explorer.types import Choice

MAIL, WHOLE_MAIL = "mail", "whole mail"
"""Decoders of mails."""
_KEPT = "kept"
_QUOTED = Choice(
    QUOTED,
    "Quoted earlier mails",
    "beside",
    (("beside", "left out of the text"), (_KEPT, "part of the text")),
    why=f"they stand beside it, in the column “{QUOTED}”",
)


def quoting_of(source: Source) -> tuple[str, Choice]:
    """Return the decoder that a file's mails want, and the choice behind it.  Raises BadChoice."""
    quoted = chosen(source, _QUOTED)
    return WHOLE_MAIL if quoted.value == _KEPT else MAIL, quoted
