"""Names the one conversation of a file that has no title: by what stands beside it, its folder, or the file's name.

It parts no messages: `chats` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.edge import DAMAGED
from explorer.ingest.jsonlines import kind_of_json, parsed
from explorer.ingest.reader import Source

GROUP = "name of the chat"
"""What a file of messages is told that its conversation is called."""
_BESIDE, _MESSAGES, _MOST, _MOST_PEOPLE = "group_info.json", "messages.json", 2**20, 12
"""The file that Google Chat writes beside the messages of a group, and theirs; bytes, and people in a name, at most."""
_GENERAL = re.compile(r"(?i)(?:messages?|chats?|conversations?|results?|export|data)(?:[_-]?\d{1,4})?")
"""What programs call the file of any conversation."""


def called_by(source: Source) -> str:
    """Return what the one conversation of a file is called: as was told, by its folder, or by the file's own name."""
    path = PurePosixPath(source.name)
    stem = path.name.split(".")[0]
    folder = path.parent.name if _GENERAL.fullmatch(stem) else ""
    return source.likely.get(GROUP) or folder or stem


def with_groups(sources: Sequence[Source]) -> list[Source]:
    """Return the files of an upload, those of messages told what Google Chat calls their group, or who is in it."""
    beside = {PurePosixPath(one.name).parent: one for one in sources if PurePosixPath(one.name).name == _BESIDE}
    if not beside:
        return list(sources)
    told = []
    for one in sources:
        path = PurePosixPath(one.name)
        name = _group(beside[path.parent]) if path.name == _MESSAGES and path.parent in beside else ""
        told.append(replace(one, likely={**one.likely, GROUP: name}) if name else one)
    return told


def _group(source: Source) -> str:
    """Return the name of a group, or those of who is in it; "" of a file that cannot be read."""
    try:
        with source.open() as file:
            told = parsed(file.read(_MOST).decode("utf-8-sig"))
    except (UnreadableFile, ValueError, *DAMAGED):
        return ""
    if not isinstance(told, dict):
        return ""
    members = told.get("members")
    people = (
        [_name(one) for one in members[:_MOST_PEOPLE] if isinstance(one, dict)] if isinstance(members, list) else []
    )
    return _name(told) or ", ".join(filter(None, people))


def _name(one: Mapping[str, Any]) -> str:
    name = one.get("name")
    return str(name) if name and kind_of_json(name) == "a string" else ""
