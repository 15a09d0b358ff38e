"""Reads what Slack exports: a file a day and channel of messages, and beside them who the people are.

It opens no archive and makes no table: `chatfiles` does.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.chats import AUTHOR, TEXT, TIME, Conversation, moment
from explorer.ingest.edge import DAMAGED
from explorer.ingest.jsonlines import kind_of_json, parsed
from explorer.ingest.reader import Source

PEOPLE, ASIDE, NO_CHAT = "people of the chat", "beside the chat", "no chat"
"""What files of an export are told: who has which id, as json; that they belong to its messages and are none; or that
they hold something else.
"""
CHANNEL = "channel of the chat"
"""What a day of messages is told that its channel is called, where no folder says it."""
NOTE = "note of the chat"
"""Where a row has what is no message, for who makes a table to tell."""
_BESIDE = frozenset(
    {
        "users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "integration_logs.json",
        "org_users.json", "canvases.json",
    }
)  # fmt: skip
_CHANNELS = ("channels.json", "groups.json", "dms.json", "mpims.json")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_STAMP = re.compile(r"\d{9,10}\.\d{4,6}")
_WHO = ("user", "username", "bot_id", "user_profile", "subtype")
_SAID_AGAIN = ("blocks", "user_profile", "type")
"""Members that say once more what others do."""
_NOTES = re.compile(r"(?:channel|group|im|mpim|bot)_(?!message)\w+|pinned_item|tombstone")
_MARK = re.compile(r"<([^<>\n]{1,4000})>")
_LOOKED_AT, _MOST, _SHARE = 50, 2**25, 0.8


def is_slack(records: Sequence[Any]) -> bool:
    """Say whether records are messages as Slack writes them: each with a text, its time as an id, and who wrote it."""
    some = list(islice(records, _LOOKED_AT))
    return bool(some) and _SHARE * len(some) <= sum(
        isinstance(one, dict)
        and one.get("type") == "message"
        and kind_of_json(one.get("text")) == "a string"
        and _STAMP.fullmatch(str(one.get("ts"))) is not None
        and any(who in one for who in _WHO)
        for one in some
    )


def slack_conversation(records: Sequence[Mapping[str, Any]], source: Source) -> Conversation:
    """Return the messages of a file, in the channel that its folder is called by."""
    path = PurePosixPath(source.name)
    name = path.parent.name if _DAY.fullmatch(path.name) and path.parent.name else path.name.split(".")[0]
    name = source.likely.get(CHANNEL) or name
    people: Mapping[str, str] = json.loads(source.likely.get(PEOPLE, "{}"))
    return Conversation(name, [_row(one, people) for one in records])


def _row(message: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    profile = message.get("user_profile")
    told = profile.get("real_name") if isinstance(profile, dict) else None
    who = str(message.get("user") or message.get("bot_id") or "")
    author = people.get(who) or told or message.get("username") or who
    said = plain(str(text), people) if kind_of_json(text := message.get("text")) == "a string" else None
    row: dict[str, Any] = {TEXT: said, AUTHOR: author or None, TIME: moment(message.get("ts"))}
    note = str(message.get("subtype") or "")
    if _NOTES.fullmatch(note):  # who came, and what the channel is called now, is none of what is said
        row |= {TEXT: None, NOTE: f"{note}: {row[TEXT]}"}
    used = {
        "text",
        "ts",
        *_SAID_AGAIN,
        *(("subtype",) if NOTE in row else ()),
        *(() if who != author else ("user", "bot_id")),
    }
    return row | {key: value for key, value in message.items() if key not in used and key not in row}


def plain(text: str, people: Mapping[str, str]) -> str:
    """Return a message as it is read: names for ids, the words of links with their address, signs for their codes."""

    def read(found: re.Match[str]) -> str:
        what, _, label = found[1].partition("|")
        if what.startswith("@"):
            return f"@{label or people.get(what[1:], what[1:])}"
        if what.startswith(("#", "!")):
            return f"{'#' if what[0] == '#' else '@'}{label or what[1:].split('^')[0]}"
        return what if not label or label in what else f"{label} ({what})"

    return html.unescape(_MARK.sub(read, text))


def with_people(sources: Sequence[Source]) -> list[Source]:
    """Return the files of an upload, those of Slack's export told who has which id, or that they hold no messages."""
    days = [source for source in sources if _DAY.fullmatch(PurePosixPath(source.name).name)]
    folders = {PurePosixPath(source.name).parent for source in days}
    tops = {folder.parent for folder in folders} | folders
    beside = [source for source in sources if _is_beside(source, tops)]
    if not beside or not any(PurePosixPath(one.name).name == "users.json" for one in beside):
        return list(sources)
    people = {
        who: name for one in beside if PurePosixPath(one.name).name.endswith("users.json") for who, name in _people(one)
    }
    known = json.dumps(people)
    roots = {PurePosixPath(one.name).parent for one in beside}
    channels = [name for one in beside if PurePosixPath(one.name).name in _CHANNELS for _, name in _people(one)]
    only = {CHANNEL: channels[0]} if len(channels) == 1 else {}
    day, aside = {id(one) for one in days}, {id(one) for one in beside}
    return [
        replace(one, likely={**one.likely, PEOPLE: known, **(only if PurePosixPath(one.name).parent in roots else {})})
        if id(one) in day
        else replace(one, likely={**one.likely, ASIDE: "it tells of people or channels of the chat, and is no message"})
        if id(one) in aside
        else one
        for one in sources
    ]


def _is_beside(source: Source, tops: set[PurePosixPath]) -> bool:
    path = PurePosixPath(source.name)
    return path.name in _BESIDE and path.parent in tops


def _people(source: Source) -> list[tuple[str, str]]:
    """Return the ids and the names of people in a file; none of one that cannot be read."""
    try:
        with source.open() as file:
            listed = parsed(file.read(_MOST).decode("utf-8-sig"))
    except (UnreadableFile, ValueError, *DAMAGED):
        return []
    told = [one for one in listed if isinstance(one, dict) and one.get("id")] if isinstance(listed, list) else []
    return [(str(one["id"]), _name(one)) for one in told]


def _name(one: Mapping[str, Any]) -> str:
    profile = one.get("profile")
    inner: Mapping[str, Any] = profile if isinstance(profile, dict) else {}
    names = (inner.get("display_name"), inner.get("real_name"), one.get("real_name"), one.get("name"))
    return next((str(name) for name in names if name and kind_of_json(name) == "a string"), str(one["id"]))
