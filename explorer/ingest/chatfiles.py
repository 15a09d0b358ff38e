"""Reads conversations from JSON documents and JSON lines: a message is a row, or a conversation, as somebody chooses.

What a conversation is, `chats` says.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.chatlines import Message, is_own
from explorer.ingest.chatmarks import sort_of, without_marks
from explorer.ingest.chats import (
    AUTHOR,
    CONVERSATIONS,
    MESSAGES,
    TEXT,
    Conversation,
    are_conversations,
    are_of_people,
    best_item,
    conversation,
    conversations_within,
    is_conversation,
    of_messages,
)
from explorer.ingest.chattexts import NO_WORDS, OWN_LINE, REASONS
from explorer.ingest.choosing import chosen
from explorer.ingest.edge import DAMAGED
from explorer.ingest.encodings import detect
from explorer.ingest.jsonletters import tell_of_letters
from explorer.ingest.jsonlines import kind_of_json, letters_of_lines, parsed, records_of
from explorer.ingest.jsonrecords import RECORDS
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import MAX_COLUMNS, Advance, Source, Table, check_size, listed
from explorer.ingest.slack import ASIDE, NOTE, is_slack, slack_conversation
from explorer.types import ATTACHMENT, CHAT_LINE, COLUMN, LINE, PART, Choice, Numbering, Rejected, in_words

ITEMS = "items"
MESSAGE, CONVERSATION = "message", "conversation"
_SHOWN = 100
_FILES = (
    *("photo", "file", "media_type", "sticker_emoji", "attachments", "files", "location_information", "poll"),
    *("photos", "videos", "audio_files", "gifs", "sticker", "share"),
)
"""Members of a message that brings something else than words."""
_OPTIONS = ((MESSAGES, "a message"), (CONVERSATIONS, "a conversation"))
_START, _FIRST = 2**18, 50
_BATCH = 1000
_BESIDE = "what stands beside its chats is not read: "
_NO_MESSAGE = "it is no message, as the others of its chat are"
_STRANGE = "it holds no messages, as the others do"


def chat_in(source: Source, document: Any, limit: int | None) -> Table | None:
    """Return the table of the conversations of a JSON document; None where it is something else.  Raises BadChoice."""
    if source.likely.get(ASIDE):
        aside = Table(source.name, {}, array("q"), text=TEXT)
        aside.rejected.append(Rejected(source.name, None, source.likely[ASIDE], what=CHAT_LINE))
        return aside
    if isinstance(document, list) and is_slack(document):
        messages = [one for one in document if isinstance(one, dict) and kind_of_json(one.get("text")) == "a string"]
        table = _table(source, iter([(0, slack_conversation(messages, source))]), limit)
        strange = len(document) - len(messages)
        if strange:
            table.rejected.append(Rejected(source.name, None, f"{strange:,} of its records have no text", what=PART))
        return table
    if isinstance(document, list) and is_conversation(document):
        name = source.name.rsplit("/", 1)[-1].split(".")[0]
        good = [one for one in document if isinstance(one, dict)]
        table = _table(source, iter([(0, of_messages(good, name))]), limit)
        table.rejected += [
            Rejected(source.name, at, _STRANGE, in_words(MESSAGE, at + 1))
            for at, one in enumerate(document)
            if not isinstance(one, dict)
        ]
        return table
    records, beside = (document, list[str]()) if isinstance(document, list) else ([document], [])
    if isinstance(document, dict) and not source.choices.get(RECORDS) and not are_conversations(records):
        records, beside = conversations_within(document)
        if not records:
            return None
    elif not are_conversations(records):
        return None
    rejected: list[Rejected] = []
    table = _table(source, _conversations(source, enumerate(records), rejected), limit)
    table.rejected += rejected
    if beside:
        table.rejected.append(Rejected(source.name, None, f"{_BESIDE}{listed(beside)}", what=PART))
    return table


def begins_with_chats(source: Source) -> bool:
    """Whether the first lines of a file are conversations each."""
    try:
        with source.open() as file:
            start = file.read(_START)
        lines = start.decode("utf-8-sig").split("\n")
        whole = lines[:-1] if len(start) == _START else lines
        return are_conversations([parsed(line) for line in whole[:_FIRST] if line.strip()])
    except (UnreadableFile, ValueError, *DAMAGED):
        return False


def read_chat_lines(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read a conversation a line, or the first *limit* rows of them.  Raises UnreadableFile, BadChoice."""
    rejected: list[Rejected] = []
    encoding = detect(source, sample=limit is not None)
    lines = Numbering(LINE)
    records = records_of(source, advance, rejected, encoding, lines)
    letters = letters_of_lines(source, encoding, sample=limit is not None)
    read = records if letters is None else ((at, letters.read(record)) for at, record in records)
    table = _table(source, _conversations(source, read, rejected), limit)
    table.choices = (*encoding.choices, *table.choices)
    tell_of_letters(table, letters)
    if table.numbering.noun != MESSAGE:
        table.numbering = lines
    table.rejected += [replace(one, place="" if one.row is None else lines.place(one.row)) for one in rejected]
    return table


def _conversations(
    source: Source, records: Iterable[tuple[int, Any]], rejected: list[Rejected]
) -> Iterator[tuple[int, Conversation]]:
    for number, record in records:
        if isinstance(record, Mapping) and are_conversations([record]):
            made = conversation(record, number)
            rejected += [
                Rejected(source.name, number, _NO_MESSAGE, f"{in_words(MESSAGE, at + 1)} of “{made.name[:_SHOWN]}”")
                for at in made.strange
            ]
            yield number, made
        else:
            rejected.append(Rejected(source.name, number, _STRANGE, in_words(CONVERSATION, number + 1)))


def _table(source: Source, numbered: Iterator[tuple[int, Conversation]], limit: int | None) -> Table:
    """Return the rows of conversations, or the first *limit* ones; a row has the number of its message, or record."""
    first = list(islice(numbered, _FIRST))
    best, why = best_item(one for _, one in first)
    sure = are_of_people([row for _, one in first for row in one.rows])
    items = chosen(source, Choice(ITEMS, "An item is", best, _OPTIONS, sure=sure, why=why))
    table, members = Table(source.name, {}, array("q"), choices=(items,), text=TEXT), Members()
    table.numbering = Numbering(CONVERSATION if items.value == CONVERSATIONS else MESSAGE)
    rows = _rows(table, chain(first, numbered), whole=items.value == CONVERSATIONS)
    for number, row in islice(rows, limit):
        members.add(len(table), row)
        if not row.get(TEXT) and (why_none := _without_text(row)) is not None:
            table.untold[number] = why_none
        table.records.append(number)
        if len(table) % _BATCH == 0:
            check_size(source.name, rows=len(table), columns=0)
        if len(members) > MAX_COLUMNS:
            break
    members.into(table)
    if limit is None:
        _without_asides(table)
    return table


def _without_text(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return why a message has no text, and what it is: a note of the chat itself, or a file; None: nobody knows."""
    said = row.get("action") or row.get("event") or row.get(NOTE)
    if said or row.get("type") == "service":
        return f"{OWN_LINE}{str(said or 'a note')[:_SHOWN]}", CHAT_LINE
    brought = next((name for name in _FILES if row.get(name)), "")
    return (f"{NO_WORDS}{brought}", ATTACHMENT) if brought else None


def _people(one: Conversation) -> frozenset[str]:
    return frozenset(str(row[AUTHOR]) for row in one.rows if row.get(AUTHOR))


def _said(row: dict[str, Any], people: frozenset[str]) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """Return a person's message without what a messenger adds, and why it has no text where it wrote all of it."""
    text = row.get(TEXT)
    if not text or not row.get(AUTHOR):
        return row, None
    sort = sort_of(text) or (CHAT_LINE if is_own(Message(0, "", "", [text]), people) else "")
    said = "" if sort else without_marks(text)
    sort = sort or ("" if said else ATTACHMENT)
    if sort:
        return {**row, TEXT: None}, (f"{REASONS[sort]}{' '.join(text.split())[:_SHOWN]}", sort)
    return ({**row, TEXT: said} if said != text else row), None


def _without_asides(table: Table) -> None:
    """Leave out the columns that only what is no message has, such as who came into a group, and say which."""
    import pyarrow.compute as pc

    texts = table.columns.get(TEXT)
    if texts is None:
        return
    said = pc.fill_null(pc.not_equal(texts.cast("large_string"), ""), False)
    if not pc.any(said).as_py():
        return
    empty = [
        name
        for name, column in table.columns.items()
        if name != TEXT and (kept := column.filter(said)).null_count == len(kept) and column.null_count < len(column)
    ]
    for name in empty:
        table.asides[name] = table.columns.pop(name)
    told = [name for name in empty if name != NOTE]
    if told:
        reason = f"no message with words has it, only others and notes of the chat itself: {listed(told)}"
        table.rejected.append(Rejected(table.name, None, reason, what=COLUMN))


def _rows(
    table: Table, numbered: Iterable[tuple[int, Conversation]], *, whole: bool
) -> Iterator[tuple[int, dict[str, Any]]]:
    if not whole:
        messages = (
            _said(row, people) for _, one in numbered for people in (_people(one),) for row in one.as_messages()
        )
        for number, (row, why_none) in enumerate(messages):
            if why_none is not None:
                table.untold[number] = why_none
            yield number, row
        return
    for number, one in numbered:
        if one.aside:
            reason = f"what was asked for again, {len(one.aside):,} of its messages, is left out"
            said = f"{reason}; read messages as items to have all"
            table.rejected.append(Rejected(table.name, number, said, in_words(CONVERSATION, number + 1)))
        yield number, one.as_one()
