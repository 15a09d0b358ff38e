"""Reads a chat that was written out as text: a message is a row, or the whole conversation, as somebody chooses.

How its lines are told, `chatlines` says.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from explorer.errors import BadChoice
from explorer.ingest.chatheads import headed
from explorer.ingest.chatlines import Message, asked_form, chat_form, form_of, is_own, is_sure, messages_of, people_of
from explorer.ingest.chatmarks import file_named
from explorer.ingest.chats import AUTHOR, CONVERSATIONS, MESSAGES, TEXT, TIME, Conversation
from explorer.ingest.choosing import chosen
from explorer.ingest.columns import from_values
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.reader import BATCH, Advance, Source, Table, check_size, joined
from explorer.ingest.soundlines import sound_lines
from explorer.types import ATTACHMENT, CHAT_LINE, DELETED, LINE, Choice, Numbering, Rejected

ITEMS, LINES = "items", "lines"
FILE = "file"
"""The column that has which file a message brings."""
_OPTIONS = ((MESSAGES, "a message"), (CONVERSATIONS, "the whole conversation"), (LINES, "a line"))
_WHY = "its lines begin with a time and a person, as those of a chat do"
_SPOKEN = "its lines begin with one of a few people, as those of a transcript do"
OWN_LINE, NO_WORDS, GONE = (
    "it is a line of the chat itself: ",
    "it is an attachment, which the chat's file does not hold: ",
    "it is a message that was deleted: ",
)
BROUGHT = "it has no words, and what it brings is an item by itself: "
HEARD = "it has no words, and what it brings is a sound, which is on no map with texts; load it by itself: "
REASONS = {CHAT_LINE: OWN_LINE, ATTACHMENT: NO_WORDS, DELETED: GONE}
"""What is said of a line that is none of a person's words, by its sort."""
_NO_MESSAGES = (
    "{} cannot be read with items “{}”: none of its first lines begins with who says it, as “12.03.24, 10:05 - Ann: "
    "words” or “Ann: words” do. Write it so, or read its lines with items “lines”."
)
_SHOWN = 100


def is_asked_otherwise(source: Source) -> bool:
    """Say whether somebody wants such a file read as something else than a chat."""
    return bool(source.choices.get(ITEMS)) and source.choices[ITEMS] not in (MESSAGES, CONVERSATIONS)


def is_dated(beginning: Sequence[str]) -> bool:
    """Whether the first lines of a file are those of a chat with the days of its messages."""
    form = chat_form(beginning)
    return form is not None and "date" in form.groupindex


def items_of_chat(source: Source, beginning: Sequence[str]) -> Choice | None:
    """Return what is an item of a chat that begins so; None where it is none.

    What somebody says is one is read as one where any line begins as a message does.  Raises BadChoice.
    """
    asked = source.choices.get(ITEMS, "")
    form = chat_form(beginning) or (asked_form(beginning) if asked else None)
    if form is None and asked:
        raise BadChoice(_NO_MESSAGES.format(source.name, asked))
    if form is None:
        return None
    why = _WHY if "clock" in form.groupindex else _SPOKEN
    return chosen(source, Choice(ITEMS, "An item is", MESSAGES, _OPTIONS, sure=is_sure(beginning, form), why=why))


def read_chat_text(source: Source, advance: Advance, items: Choice, *, limit: int | None = None) -> Table | None:
    """Read the messages of a chat, or the first *limit* ones, or all as one item; None of what is none, as decoded.

    Lines of the chat itself, attachments and deleted messages are rejected, each with its kind.

    Raises UnreadableFile, and BadChoice where somebody says that it is a chat.
    """
    encoding = detect(source, sample=limit is not None)
    table = Table(source.name, {}, array("q"), choices=(*encoding.choices, items), text=TEXT, said=True)
    with source.open() as file, decoded(file, encoding, newline=None) as text:

        def lines() -> Iterator[str]:
            for number, line in enumerate(sound_lines(table, lines_of(text, encoding), encoding)):
                if number % BATCH == 0:
                    advance(file.tell())
                    check_size(source.name, rows=number, columns=3)
                yield line

        given = headed(lines())
        start = list(islice(given, BATCH))
        form = form_of(start)
        if form is None and items.asked:
            raise BadChoice(_NO_MESSAGES.format(source.name, items.value))
        if form is None:
            return None
        kept = list(islice(messages_of(chain(start, given), form), None if limit is None else 2 * limit + BATCH))
        advance(file.tell())
    _take(table, kept, whole=items.value == CONVERSATIONS, limit=limit)
    return table


def _take(table: Table, messages: Sequence[Message], *, whole: bool, limit: int | None) -> None:
    """Put messages into the table, or the conversation that they are."""
    people = people_of(messages)
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for one in messages:
        said = one if one.person in people or not one.person else Message(one.line, one.time, "", _rejoined(one))
        if said.person and is_own(said, people):
            said = Message(one.line, one.time, "", one.lines)
        sort = said.sort or ("" if said.text else ATTACHMENT)
        file = "" if whole or sort in (CHAT_LINE, DELETED) else file_named(said.lines)
        shown = " ".join("".join(said.lines).split())[:_SHOWN] if sort else ""
        if sort and not file:
            reason = f"{REASONS[sort]}{shown}"
            table.rejected.append(Rejected(table.name, one.line, reason, f"{LINE} {one.line + 1:,}", what=sort))
            continue
        if sort:
            table.untold[said.line] = f"{REASONS[sort]}{shown}", sort
        rows.append({TEXT: None if sort else said.text, TIME: said.time, AUTHOR: said.person, FILE: file or None})
        numbers.append(said.line)
        if limit is not None and len(rows) == limit and not whole:
            break
    if whole and rows:
        one_row = Conversation(table.name.rsplit("/", 1)[-1].rsplit(".", 1)[0], rows).as_one()
        rows, numbers = [one_row], numbers[:1]
    table.records.extend(numbers)
    table.numbering = Numbering(LINE)
    names = [
        name for name in (rows[0] if rows else ()) if name not in (TIME, FILE) or any(row.get(name) for row in rows)
    ]
    table.columns = {name: joined([from_values([row[name] for row in rows])]) for name in names}
    if FILE in names and not any(row[FILE] for row in rows if row[TEXT]):
        table.asides[FILE] = table.columns.pop(FILE)


def _rejoined(one: Message) -> list[str]:
    return [f"{one.person}: {one.lines[0] if one.lines else ''}", *one.lines[1:]]
