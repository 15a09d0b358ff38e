"""Reads conversations from JSON documents and JSON lines: a message is a row, or a conversation, as somebody chooses.

What a conversation is, `chats` says.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.chatgroups import called_by
from explorer.ingest.chatlines import Message, is_own
from explorer.ingest.chatmarks import sort_of, without_marks
from explorer.ingest.chats import (
    AUTHOR,
    CONVERSATIONS,
    MESSAGES,
    TEXT,
    Conversation,
    are_conversations,
    are_messages,
    are_mostly_conversations,
    are_of_messenger,
    are_of_people,
    best_item,
    conversation,
    conversations_within,
    has_messages,
    is_conversation,
    is_silent,
    messages_within,
    of_messages,
)
from explorer.ingest.chattexts import NO_WORDS, OWN_LINE, REASONS
from explorer.ingest.choosing import chosen
from explorer.ingest.edge import DAMAGED
from explorer.ingest.encodings import detect
from explorer.ingest.jsonletters import tell_of_letters
from explorer.ingest.jsonlines import letters_of_lines, parsed, records_of
from explorer.ingest.jsonrecords import RECORDS
from explorer.ingest.jsontables import Members
from explorer.ingest.reader import MAX_COLUMNS, Advance, Source, Table, check_size, listed
from explorer.ingest.slack import ASIDE, NO_CHAT, NOTE, is_slack, slack_conversation
from explorer.types import ATTACHMENT, CHAT_LINE, COLUMN, LINE, PART, Choice, Numbering, Rejected, in_words

ITEMS = "items"
MESSAGE, CONVERSATION = "message", "conversation"
_SHOWN = 100
_FILES = (
    *("photo", "file", "media_type", "sticker_emoji", "attachments", "files", "location_information", "poll"),
    *("photos", "videos", "audio_files", "gifs", "sticker", "share"),
)
"""Members of a message that brings something else than words."""
_NOTES = re.compile(
    r"m\.(?!room\.message$|sticker$|room\.encrypted$)[\w.]+|ThreadActivity/\w+|Event/\w+|systemEventMessage"
    r"|Recipient(?:Add|Remove)|Call|Channel(?:NameChange|IconChange|PinnedMessage)|GuildMemberJoin|ThreadCreated"
)
"""Types of what Matrix, Teams and Discord write in a chat themselves."""
_MEDIA = ("m.image", "m.video", "m.audio", "m.file")
"""Of Matrix's messages what brings a file, whose name is its text."""
_OPTIONS = ((MESSAGES, "a message"), (CONVERSATIONS, "a conversation"))
_START, _FIRST = 2**18, 50
_BATCH = 1000
_BESIDE = "what stands beside its chats is not read: "
_NO_MESSAGE = "it is no message, as the others of its chat are"
_SILENCE = "it is a conversation in which nobody wrote: its list of messages is empty"
_SILENT = (
    "of its messages have no words and are in no conversation’s text: notes of the chat and files that were sent; "
    "read messages as items to have them listed"
)
_STRANGE = "it holds no messages, as the others do"


def chat_in(source: Source, document: Any, limit: int | None) -> Table | None:
    """Return the table of the conversations of a JSON document; None where it is something else.  Raises BadChoice."""
    silent = _SILENCE if is_silent(document) and not source.choices.get(RECORDS) else ""
    if told := source.likely.get(ASIDE) or source.likely.get(NO_CHAT) or silent:
        aside = Table(source.name, {}, array("q"), text=TEXT)
        what = CHAT_LINE if source.likely.get(ASIDE) else ""
        aside.rejected.append(Rejected(source.name, None, told, what=what))
        return aside
    document, beside = _answered(source, document)
    if isinstance(document, list) and (is_slack(document) or _is_one(source, document)):
        good = [one for one in document if isinstance(one, dict)]
        table = _table(source, iter([(0, _one_conversation(source, good))]), limit)
        table.rejected += [
            Rejected(source.name, at, _STRANGE, in_words(MESSAGE, at + 1))
            for at, one in enumerate(document)
            if not isinstance(one, dict)
        ]
        _tell_beside(table, beside)
        return table
    records = document if isinstance(document, list) else [document]
    if isinstance(document, dict) and not source.choices.get(RECORDS) and not are_conversations(records):
        records, beside = conversations_within(document)
        if not records:
            return None
    elif not are_mostly_conversations(records) and not (source.choices.get(ITEMS) and any(map(has_messages, records))):
        return None
    rejected: list[Rejected] = []
    called = called_by(source) if isinstance(document, dict) and len(records) == 1 else ""
    table = _table(source, _conversations(source, enumerate(records), rejected, called), limit)
    table.rejected += rejected
    _tell_beside(table, beside)
    return table


def _answered(source: Source, document: Any) -> tuple[Any, list[str]]:
    """Return the messages of an interface's answer, and what stands beside them; what is none as it is."""
    if not isinstance(document, dict) or source.choices.get(RECORDS) or are_conversations([document]):
        return document, []
    name = messages_within(document)
    return (document[name], [str(one) for one in document if one != name]) if name else (document, [])


def _tell_beside(table: Table, beside: Sequence[str]) -> None:
    if beside:
        table.rejected.append(Rejected(table.name, None, f"{_BESIDE}{listed(beside)}", what=PART))


def _is_one(source: Source, records: Sequence[Any]) -> bool:
    """Whether records are the messages of one conversation, by what they are, or as somebody says."""
    if is_conversation(records) or are_of_messenger(records):
        return True
    asked = source.choices.get(ITEMS) in (MESSAGES, CONVERSATIONS)
    return asked and not are_mostly_conversations(records) and are_messages(records)


def _one_conversation(source: Source, messages: Sequence[Mapping[str, Any]]) -> Conversation:
    """Return the one conversation that records are the messages of, as Slack writes them or as others do."""
    if is_slack(messages):
        return slack_conversation(messages, source)
    return of_messages(messages, called_by(source))


def begins_with_chats(source: Source) -> bool:
    """Whether most of the first lines of a file are conversations each, or all are messages of one."""
    first = _first_records(source)
    return are_mostly_conversations(first) or _is_one(source, first)


def _first_records(source: Source) -> list[Any]:
    """Return what the first lines of a file are as JSON; None for one that is none."""
    try:
        with source.open() as file:
            start = file.read(_START)
        lines = start.decode("utf-8-sig").split("\n")
    except (UnreadableFile, ValueError, *DAMAGED):
        return []
    whole = lines[:-1] if len(start) == _START else lines
    return [_parsed(line) for line in whole[:_FIRST] if line.strip()]


def _parsed(line: str) -> Any:
    try:
        return parsed(line)
    except ValueError:
        return None


def read_chat_lines(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read a conversation or a message a line, or the first *limit* rows of them.  Raises UnreadableFile, BadChoice."""
    rejected: list[Rejected] = []
    encoding = detect(source, sample=limit is not None)
    lines = Numbering(LINE)
    records = records_of(source, advance, rejected, encoding, lines)
    letters = letters_of_lines(source, encoding, sample=limit is not None)
    read = records if letters is None else ((at, letters.read(record)) for at, record in records)
    if are_mostly_conversations(first := _first_records(source)) or not _is_one(source, first):
        table = _table(source, _conversations(source, read, rejected), limit)
    else:
        table = _of_lines(source, read, rejected, lines, limit)
    table.choices = (*encoding.choices, *table.choices)
    tell_of_letters(table, letters)
    if table.numbering.noun == CONVERSATION:
        table.numbering = lines
    table.rejected += [replace(one, place="" if one.row is None else lines.place(one.row)) for one in rejected]
    return table


def _of_lines(
    source: Source, records: Iterable[tuple[int, Any]], rejected: list[Rejected], lines: Numbering, limit: int | None
) -> Table:
    """Return the table of messages of which each is a line, its rows with the numbers of these."""
    good, at = list[Any](), list[int]()
    for number, one in islice(records, None if limit is None else limit + _FIRST):
        if isinstance(one, dict):
            good.append(one)
            at.append(number)
        else:
            rejected.append(Rejected(source.name, number, _STRANGE))
    table = _table(source, iter([(0, _one_conversation(source, good))]), limit)
    if table.numbering.noun == MESSAGE:
        table.numbering = Numbering(LINE)
        for row, number in enumerate(at):
            table.numbering.note(row, lines.number(number))
    return table


def _conversations(
    source: Source, records: Iterable[tuple[int, Any]], rejected: list[Rejected], called: str = ""
) -> Iterator[tuple[int, Conversation]]:
    for number, record in records:
        if isinstance(record, Mapping) and (are_conversations([record]) or has_messages(record)):
            made = conversation(record, number, called)
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
    table, members = Table(source.name, {}, array("q"), choices=(items,), text=TEXT, said=True), Members()
    table.numbering = Numbering(CONVERSATION if items.value == CONVERSATIONS else MESSAGE)
    rows = _rows(table, chain(first, numbered), whole=items.value == CONVERSATIONS)
    for number, row in islice(rows, limit):
        members.add(len(table), row)
        if not row.get(TEXT) and (why_none := _without_text(row)) is not None:
            table.untold.setdefault(number, why_none)
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
    if said or row.get("type") == "service" or _is_note(row):
        return f"{OWN_LINE}{str(said or row.get('messagetype') or row.get('type') or 'a note')[:_SHOWN]}", CHAT_LINE
    brought = next((name for name in _FILES if row.get(name)), "")
    return (f"{NO_WORDS}{brought}", ATTACHMENT) if brought else None


def _is_note(row: Mapping[str, Any]) -> bool:
    """Whether a program says what happened, by the type that it gives to a message."""
    return any(
        _NOTES.fullmatch(str(row.get(name) or "")) is not None for name in ("type", "messagetype", "messageType")
    )


def _people(one: Conversation) -> frozenset[str]:
    return frozenset(str(row[AUTHOR]) for row in one.rows if row.get(AUTHOR))


def _said(row: dict[str, Any], people: frozenset[str]) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """Return a person's message without what a messenger adds, and why it has no text where it wrote all of it."""
    text = row.get(TEXT)
    told = CHAT_LINE if _is_note(row) else ATTACHMENT if row.get("content.msgtype") in _MEDIA else ""
    if text and told:
        return {**row, TEXT: None}, (f"{REASONS[told]}{' '.join(text.split())[:_SHOWN]}", told)
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
    silent = 0
    for number, one in numbered:
        silent += sum(not row.get(TEXT) and _without_text(row) is not None for row in one.rows)
        if one.aside:
            reason = f"what was asked for again, {len(one.aside):,} of its messages, is left out"
            said = f"{reason}; read messages as items to have all"
            table.rejected.append(Rejected(table.name, number, said, in_words(CONVERSATION, number + 1)))
        yield number, one.as_one()
    if silent:
        reason = f"{silent:,} {_SILENT}"
        table.rejected.append(Rejected(table.name, None, reason, what=PART))
