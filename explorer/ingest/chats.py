"""Recognises conversations in JSON, and makes a table of them: a message a row, or a conversation.

It parses nothing and reads no file: `jsondocuments` and `jsonlines` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from typing import Any

from explorer.ingest.jsonlines import kind_of_json

MESSAGES, CONVERSATIONS = "messages", "conversations"
TEXT, ROLE, AUTHOR, TIME, CONVERSATION, TURNS = "text", "role", "author", "time", "conversation", "turns"
_LISTS = (
    "messages",
    "conversations",
    "conversation",
    "chat_messages",
    "turns",
    "dialog",
    "dialogue",
    "chat",
    "MessageList",
)
_TEXTS = ("content", "text", "value", "message", "body", "parts", "utterance")
_ROLES = ("role", "from", "sender", "sender_name", "speaker", "author", "user", "name", "creator")
_IN_MILLISECONDS = ("timestamp_ms", "origin_server_ts")
_TIMES = (
    *("create_time", "created_at", "timestamp", *_IN_MILLISECONDS, "time", "date", "ts"),
    *("originalarrivaltime", "created_date", "createdDateTime"),
)
_TITLES = ("title", "name", "displayName", "room_name", "conversation_id", "conversation", "id", "uuid")
_MESSENGERS = (
    frozenset({"sender_name", "timestamp_ms"}),
    frozenset({"date_unixtime", "type", "text"}),
    frozenset({"sender", "origin_server_ts", "content", "type"}),
    frozenset({"author", "timestamp", "content", "isPinned"}),
    frozenset({"author", "timestamp", "content", "embeds"}),
    frozenset({"sender", "body", "date", "attachments"}),
    frozenset({"from", "content", "messagetype", "originalarrivaltime"}),
    frozenset({"from", "body", "messageType", "createdDateTime"}),
    frozenset({"creator", "created_date", "text"}),
    frozenset({"user", "text", "ts", "type"}),
)
"""What each message of Facebook and Instagram, Telegram, Matrix, Discord, Signal, Teams, Google Chat and Slack has."""
_KNOWN_ROLES = frozenset(
    "user assistant system human gpt chatgpt bot model tool function developer ai agent customer".split()  # noqa: SIM905
)
_PEOPLE = frozenset({"participants", "members", "people"})
"""Members of a conversation that list who is in it."""
_SHOWN_MESSAGES, _LOOKED_AT = 20, 50
_MESSAGES_SHARE = 0.8
_READ_WHOLE = 800
"""Characters of a conversation that an encoder reads as a whole, about."""
_SAID_AGAIN = "text_entities"
"""Where Telegram has the text of a message once more, part by part."""
_OWN = "service"
"""The type of what Telegram writes in a chat itself."""
_DEEPEST = 4
_BODY = "body"
_WITHIN = ("parts", "text", "content", "value", _BODY)
"""Members of what a message says that may be its text."""
_BODIES = {_BODY: _BODY, "contentType": "content"}
"""What tells that the text of a message is an object, as Matrix and Teams write it, and its member that is the text."""
_NAMES, _IDENTITIES = ("role", "name", "displayName", "global_name", "username"), ("user", "application", "device")
"""What an author who is an object is called by, and in which objects within it may be."""
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_ADDRESS = 2_000
"""Characters of a picture's address in a message, at most."""
_SECONDS = re.compile(r"\d{9,10}\.\d+")

Record = Mapping[str, Any]


@dataclass
class Conversation:
    """The messages of a conversation in their order, each a row by column, and what the record says besides.

    *aside* are those that are not on the way to the last one: answers that were asked for again.
    """

    name: str
    rows: list[dict[str, Any]]
    others: dict[str, Any] = field(default_factory=dict)
    aside: list[dict[str, Any]] = field(default_factory=list)
    strange: tuple[int, ...] = ()
    """The places of what is no message among them."""

    def as_one(self) -> dict[str, Any]:
        """Return the conversation as one row."""
        lines = (f"{who}: {row[TEXT]}" if (who := _who(row)) else row[TEXT] for row in self.rows if row[TEXT])
        times = [row[TIME] for row in self.rows if row.get(TIME) is not None]
        first = {TIME: times[0]} if times else {}
        row = {TEXT: "\n\n".join(lines), CONVERSATION: self.name, TURNS: len(self.rows), **first}
        return row | {key if key not in row else f"{CONVERSATION}.{key}": value for key, value in self.others.items()}

    def as_messages(self) -> Iterator[dict[str, Any]]:
        """Yield the messages as rows, those aside last, each with what the record says."""
        others = {f"{CONVERSATION}.{name}": value for name, value in self.others.items()}
        for row in (*self.rows, *self.aside):
            yield {**row, CONVERSATION: row.get(CONVERSATION) or self.name, **others}


def _who(row: Record) -> str:
    return str(row.get(AUTHOR) or row.get(ROLE) or "")


def are_of_messenger(records: Sequence[Any]) -> bool:
    """Whether records, those at the beginning, are messages as one of the messengers exports them; few may not be."""
    looked_at = list(islice(records, _LOOKED_AT))
    whole = [one for one in looked_at if isinstance(one, dict)]
    most = max((sum(members <= one.keys() for one in whole) for members in _MESSENGERS), default=0)
    return most > 0 and most >= _MESSAGES_SHARE * len(looked_at)


def messages_within(document: Record) -> str:
    """Return which member of an answer lists messages as one of the messengers has them; "" where not just one does.

    Matrix answers `{"chunk": […]}`, Teams `{"value": […]}`.
    """
    held = [name for name, value in document.items() if isinstance(value, list) and are_of_messenger(value)]
    return str(held[0]) if len(held) == 1 else ""


def are_messages(records: Sequence[Any]) -> bool:
    """Whether more than half of the records, those at the beginning, have a text and who wrote it."""
    looked_at = list(islice(records, _LOOKED_AT))
    return 2 * sum(map(_is_message, looked_at)) > len(looked_at)


def are_conversations(records: Sequence[Any]) -> bool:
    """Whether each of the records, those at the beginning, is a conversation."""
    looked_at = [record for record in islice(records, _LOOKED_AT) if record]
    found = [isinstance(record, dict) and _list_in(record) is not None for record in looked_at]
    return bool(found) and all(found) and any(_messages(record) for record in looked_at)


def are_mostly_conversations(records: Sequence[Any]) -> bool:
    """Whether most of the records, those at the beginning, are conversations; others may be damaged."""
    looked_at = [record for record in islice(records, _LOOKED_AT) if record]
    found = [one for one in looked_at if isinstance(one, dict) and _list_in(one) is not None]
    return 2 * len(found) > len(looked_at) and any(_messages(one) for one in found)


def is_silent(record: Any) -> bool:
    """Whether a record is a conversation in which nobody wrote: its list of messages is empty, others are of people."""
    if not isinstance(record, dict) or record.get(MESSAGES) != []:
        return False
    others = {name for name, value in record.items() if isinstance(value, list) and value}
    return bool(_PEOPLE & record.keys()) and others <= _PEOPLE


def has_messages(record: Any) -> bool:
    """Whether a record among conversations is one too, though much of what stands in it is damaged."""
    return isinstance(record, Mapping) and _list_in(record, damaged=True) is not None


def is_conversation(records: Sequence[Any]) -> bool:
    """Whether the records are the messages of one conversation: each with a text and the role of who says it."""
    looked_at = list(islice(records, _LOOKED_AT))
    found = sum(_is_message(one) and _has_role(one) for one in looked_at)
    return found > 1 and found >= _MESSAGES_SHARE * len(looked_at)


def conversations_within(document: Record) -> tuple[list[Any], list[str]]:
    """Return the conversations in the lists of an object, however deep, and the dotted names of what else it holds.

    Telegram's export of all chats has them in `chats.list` and `left_chats.list`.  None where there are none.
    """
    found, beside = list[Any](), list[str]()
    level: list[tuple[str, Any]] = [(str(name), value) for name, value in document.items()]
    for _ in range(_DEEPEST):
        deeper = list[tuple[str, Any]]()
        for path, value in level:
            if isinstance(value, list) and are_mostly_conversations(value):
                found += value
            elif isinstance(value, dict) and _holds_lists(value, _DEEPEST):
                deeper += [(f"{path}.{name}", inner) for name, inner in value.items()]
            else:
                beside.append(path)
        level = deeper
    return (found, [*beside, *(path for path, _ in level)]) if found else ([], [])


def _holds_lists(value: Any, deep: int) -> bool:
    """Whether an object holds conversations, perhaps in objects within."""
    if isinstance(value, list):
        return are_mostly_conversations(value)
    return deep > 0 and isinstance(value, dict) and any(_holds_lists(one, deep - 1) for one in value.values())


def conversation(record: Record, number: int, called: str = "") -> Conversation:
    """Return the conversation of a record, the *number*-th from 0; *called*: what it is where it has no name."""
    listed = _list_in(record, damaged=True)
    name = next((str(record[key]) for key in _TITLES if _is_name(record.get(key))), "")
    own = {key for key in _TITLES if str(record.get(key)) == name}
    if not name and isinstance(channel := record.get("channel"), dict) and _is_name(channel.get("name")):
        name = str(channel["name"])  # Discord's; what else it says of it stays a column
    named = name or called or str(number + 1)
    if listed == "mapping":
        shown, aside = _way(record)
        times = {key: record[key] for key in ("create_time", "update_time") if record.get(key)}
        left = {"mapping", "current_node", "create_time", "update_time", *own}
        others = {key: value for key, value in record.items() if key not in left and value not in (None, "", [], {})}
        if others.get("conversation_id") == record.get("id"):
            others.pop("conversation_id", None)
        rows, asked_again = [_row(one) for one in shown], [_row(one) for one in aside]
        strange = tuple(at for at, node in enumerate(record["mapping"].values()) if not _is_node(node))
        return Conversation(named, rows, {**others, **times}, asked_again, strange)
    others = {key: value for key, value in record.items() if key != listed and key not in own}
    held = record[listed] if listed else []
    strange = tuple(at for at, one in enumerate(held) if not isinstance(one, dict) or not one)
    return Conversation(named, [_row(one) for one in _messages(record, damaged=True)], others, strange=strange)


def of_messages(records: Sequence[Record], name: str) -> Conversation:
    """Return the one conversation that records are the messages of."""
    return Conversation(name, [_row(one) for one in records])


def best_item(conversations: Iterable[Conversation]) -> tuple[str, str]:
    """Return what had better be an item, and why: a conversation where most of many are read whole, else a message.

    What people wrote at their times, as in a messenger, is a message.
    """
    first = list(islice(conversations, _LOOKED_AT))
    rows = [row for one in first for row in one.rows]
    if are_of_people(rows):
        return MESSAGES, "people wrote each message at its time"
    lengths = [sum(len(row[TEXT] or "") for row in one.rows) for one in first]
    if len(lengths) > 1 and median(lengths) <= _READ_WHOLE:
        return CONVERSATIONS, "most conversations are short enough to be read as a whole"
    why = "conversations are too long to be read as a whole" if len(lengths) > 1 else "it is one conversation"
    return MESSAGES, why


def are_of_people(rows: Sequence[Record]) -> bool:
    """Whether most messages were written by people at their times, as in a messenger."""
    return bool(rows) and 2 * sum(row.get(AUTHOR) is not None and row.get(TIME) is not None for row in rows) > len(rows)


def _list_in(record: Record, *, damaged: bool = False) -> str | None:
    """Return the name of the member that holds the messages of a record; None where none does.

    Of a *damaged* one it need not be mostly messages.
    """
    tree = record.get("mapping")
    if isinstance(tree, dict) and 2 * sum(map(_is_node, tree.values())) >= len(tree):
        return "mapping"
    for name in _LISTS:
        held = record.get(name)
        if isinstance(held, list) and _are_messages(held[:_SHOWN_MESSAGES]):
            return name
    if damaged:
        lists = (name for name in _LISTS if isinstance(record.get(name), list))
        return next((name for name in lists if any(map(_is_message, record[name]))), None)
    return None


def _is_node(node: Any) -> bool:
    """Whether it is a part of a tree of messages."""
    return isinstance(node, dict) and "message" in node


def _are_messages(some: Sequence[Any]) -> bool:
    """Whether these are messages, but for a few that tell what happened instead, such as who came."""
    whole = [one for one in some if isinstance(one, dict)]
    said = [one for one in whole if one.get("type") != _OWN]
    return 2 * len(whole) >= len(some) and sum(map(_is_message, said)) >= _MESSAGES_SHARE * len(said)


def _messages(record: Record, *, damaged: bool = False) -> list[Any]:
    name = _list_in(record, damaged=damaged)
    if name is None:
        return []
    held = list(record[name].values() if name == "mapping" else record[name])
    return [one for one in held if isinstance(one, dict) and one]


def _is_message(one: Any) -> bool:
    if not isinstance(one, dict):
        return False
    if one.keys() >= _MESSENGERS[0]:  # Facebook's that bring a picture have no text
        return True
    return any(key in one for key in _TEXTS) and any(key in one for key in _ROLES)


def _has_role(one: Record) -> bool:
    return any(_is_text(one.get(key)) and one[key].lower() in _KNOWN_ROLES for key in _ROLES)


def _way(record: Record) -> tuple[list[Any], list[Any]]:
    """Return the messages of a tree on the way to the current one, in their order, and the others."""
    tree = {place: node for place, node in record["mapping"].items() if _is_node(node)}
    place, way = record.get("current_node"), list[str]()
    while _is_text(place) and place in tree and len(way) <= len(tree):
        way.append(str(place))
        place = tree[place].get("parent")
    on_way = set(way) or set(tree)
    shown = [tree[place]["message"] for place in (reversed(way) if way else tree)]
    aside = [node["message"] for place, node in tree.items() if place not in on_way]
    return [one for one in shown if isinstance(one, dict)], [one for one in aside if isinstance(one, dict)]


def _row(message: Record) -> dict[str, Any]:
    """Return a message as a row: its text, its role or its author, its time, and its other members."""
    text = next((key for key in _TEXTS if key in message), "")
    row: dict[str, Any] = {TEXT: _text(message.get(text)) or _called(message)}
    used, others = {text}, dict[str, Any]()
    if isinstance(body := message.get(text), dict) and (own := next((one for one in _BODIES if one in body), "")):
        named = _BODIES[own]
        others |= {f"{text}.{name}": one for name, one in body.items() if name != named and one not in _NOTHING}
    for key in _ROLES:
        said = message.get(key)
        if isinstance(said, dict):
            said, more = _called_person(said, key)
            others |= more
        if _is_text(said) and said:
            column = ROLE if key == "role" or said.lower() in _KNOWN_ROLES else AUTHOR
            if column not in row:
                row[column] = said
                used.add(key)
    time = next((key for key in _TIMES if message.get(key) is not None), None)
    if time is not None:
        row[TIME] = moment(_seconds(message[time]) if time in _IN_MILLISECONDS else message[time])
        used.add(time)
    used.add(_SAID_AGAIN)
    more = {**others, **{key: value for key, value in message.items() if key not in used}}
    return {**row, **{key: value for key, value in more.items() if key not in row}}


def _called_person(said: Record, path: str) -> tuple[Any, dict[str, Any]]:
    """Return how an author who is an object is called, perhaps in one within, and what else it says by dotted names."""
    own = next((name for name in _NAMES if said.get(name)), "")
    inner = "" if own else next((name for name in _IDENTITIES if isinstance(said.get(name), dict)), "")
    others = {f"{path}.{name}": one for name, one in said.items() if name not in (own, inner) and one not in _NOTHING}
    if not inner:
        return said.get(own), others
    called, more = _called_person(said[inner], f"{path}.{inner}")
    return called, others | more


def _seconds(said: Any) -> Any:
    """Return milliseconds as seconds; what is no number as it is."""
    return said / 1000 if not isinstance(said, dict) and kind_of_json(said) == "a number" else said


def _called(message: Record) -> str | None:
    """Return which tools a message without a text calls, and with what; None where it calls none."""
    calls = message.get("tool_calls") or [{"function": message.get("function_call")}]
    told = [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    named = [(one.get("name"), one.get("arguments")) for one in told if isinstance(one, dict) and one.get("name")]
    return "\n".join(f"{name}({_text(given) or ''})" for name, given in named) or None


def moment(said: Any) -> Any:
    """Return seconds since 1970 as ISO 8601 has them; others as they are."""
    if _is_text(said) and _SECONDS.fullmatch(said):
        said = float(said)
    if isinstance(said, int | float) and 1e8 < said < 1e10:
        return datetime.fromtimestamp(said, UTC).isoformat()
    return said


def _text(content: Any) -> str | None:
    """Return the text of a message: of its parts those that are text; None where there is none."""
    if content is None or _is_text(content):
        return None if content is None else str(content)
    if isinstance(content, dict):
        shown = content.get("image_url")
        address = shown.get("url") if isinstance(shown, dict) else shown
        if address is not None and _is_text(address):
            return address if len(address) <= _ADDRESS and not address.startswith("data:") else None
        return _text(
            next((content[key] for key in ("parts", "text", "content", "value", _BODY) if key in content), None)
        )
    if isinstance(content, list):
        running = {type(part) for part in content} >= {str, dict} and all(map(_is_run, content))
        return ("" if running else "\n").join(text for part in content if (text := _text(part))) or None
    return str(content)


def _is_run(part: Any) -> bool:
    """Whether a part of a text goes on from the one before, as Telegram's links do, rather than being a block."""
    return not isinstance(part, dict) or ("text" in part and not str(part.get("type") or "text").endswith("text"))


def _is_text(value: Any) -> bool:
    return kind_of_json(value) == "a string"


def _is_name(value: Any) -> bool:
    return value != "" and kind_of_json(value) in ("a string", "a number") and not isinstance(value, dict)
