"""Conversations in JSON: a message or a conversation is an item."""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from explorer.columns import read
from explorer.ingest import load, preview
from explorer.types import ATTACHMENT, CHAT_LINE, DELETED

EXPORT = [
    {
        "title": "Trip to Rome",
        "create_time": 1700000000.5,
        "current_node": "c",
        "mapping": {
            "r": {"message": None, "parent": None, "children": ["a"]},
            "a": {
                "message": {
                    "author": {"role": "user", "name": None},
                    "create_time": 1700000001.0,
                    "content": {"content_type": "text", "parts": ["What should I see in Rome?"]},
                },
                "parent": "r",
            },
            "b": {"message": {"author": {"role": "assistant"}, "content": {"parts": ["The Forum."]}}, "parent": "a"},
            "c": {"message": {"author": {"role": "assistant"}, "content": {"parts": ["The Pantheon."]}}, "parent": "a"},
        },
    }
]


def written(path: Path, value: Any) -> Path:
    lines = path.suffix == ".jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in value) if lines else json.dumps(value))
    return path


def tuning(n: int, answer: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{at}",
            "label": at,
            "messages": [{"role": "user", "content": f"question {at}"}, {"role": "assistant", "content": answer}],
        }
        for at in range(n)
    ]


def test_an_export_of_conversations_gives_messages_with_role_time_and_conversation(tmp_path: Path) -> None:
    path = written(tmp_path / "conversations.json", EXPORT)
    dataset = load(path)
    assert dataset.items == ["What should I see in Rome?", "The Pantheon.", "The Forum."]
    assert dataset.table["role"].tolist() == ["user", "assistant", "assistant"]
    assert dataset.table["conversation"].unique().tolist() == ["Trip to Rome"]
    assert dataset.table["time"].tolist()[0] == "2023-11-14T22:13:21+00:00"
    whole = load(path, choices={"items": "conversations"})
    assert whole.items == ["user: What should I see in Rome?\n\nassistant: The Pantheon."]
    assert [fault.row for fault in whole.rejected] == [0]
    assert "1 of its messages, is left out" in whole.rejected[0].reason


def test_lines_of_short_conversations_are_conversations_and_of_long_ones_messages(tmp_path: Path) -> None:
    short = load(written(tmp_path / "a.jsonl", tuning(20, "an answer")))
    assert short.items[1] == "user: question 1\n\nassistant: an answer"
    assert short.table[["conversation", "turns", "label"]].iloc[1].tolist() == ["c1", 2, 1]
    long = load(written(tmp_path / "b.jsonl", tuning(20, "a long answer " * 200)))
    assert len(long) == 40
    assert long.table[["role", "conversation", "conversation.label"]].iloc[2].tolist() == ["user", "c1", 1]
    told = [choice.value for choice in (*short.choices, *long.choices) if choice.name == "items"]
    assert told == ["conversations", "messages"]
    assert len(load(tmp_path / "a.jsonl", choices={"items": "messages"})) == 40
    assert preview(tmp_path / "a.jsonl", limit=2).rows[0]["text"] == short.items[0]


def test_a_list_of_messages_and_texts_in_parts_are_read(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {}}, {"type": "text", "text": "this"}]
    path = written(tmp_path / "m.json", [{"role": "user", "content": parts}, {"role": "assistant", "content": "yes"}])
    assert load(path).items == ["see\nthis", "yes"]
    group = {
        "name": "Team",
        "messages": [
            {
                "id": 1,
                "from": "Ann",
                "date": "2024-01-01T10:00:00",
                "text": ["look at ", {"type": "link", "text": "it"}],
            },
            {"id": 2, "from": "Bob", "date": "2024-01-01T10:01:00", "text": "I saw it"},
        ],
    }
    dataset = load(written(tmp_path / "result.json", group))
    assert dataset.items == ["look at it", "I saw it"]
    assert dataset.table[["author", "time", "conversation"]].iloc[0].tolist() == ["Ann", "2024-01-01T10:00:00", "Team"]


def test_what_is_no_conversation_among_them_is_rejected_by_its_number(tmp_path: Path) -> None:
    records = [*tuning(60, "an answer"), {"text": "something else"}, {"id": "e", "messages": []}]
    dataset = load(written(tmp_path / "a.jsonl", records), choices={"items": "messages"})
    assert len(dataset) == 120
    assert [(fault.row, fault.reason) for fault in dataset.rejected][:1] == [
        (60, "it holds no messages, as the others do")
    ]


def test_records_with_authors_and_texts_stay_a_table(tmp_path: Path) -> None:
    reviews = [{"author": "Ann", "text": f"a review of place {at}"} for at in range(4)]
    dataset = load(written(tmp_path / "reviews.json", reviews))
    assert dataset.columns == ("author", "text")
    assert not [choice for choice in dataset.choices if choice.name == "items"]


def test_what_happened_in_a_chat_and_texts_in_parts_leave_it_one(tmp_path: Path) -> None:
    said = [{"id": n, "from": "Tess", "text": f"soup number {n}"} for n in range(8)]
    linked = {"id": 8, "from": "Omar", "text": ["look at ", {"type": "link", "text": "example.org"}, " today"]}
    path = written(tmp_path / "r.json", {"name": "Flat", "messages": [{"id": 9, "type": "service"}, *said, linked]})
    dataset = load(path)
    assert (len(dataset), dataset.items[-1]) == (9, "look at example.org today")
    assert dataset.table["author"].tolist() == ["Tess"] * 8 + ["Omar"]
    assert [fault.row for fault in dataset.rejected] == [None, 0]


def test_what_only_notes_of_a_telegram_chat_have_is_no_column_of_its_messages(tmp_path: Path) -> None:
    said = [
        {"id": at, "type": "message", "date": "2025-03-01T13:00:00", "from": f"Person {at % 2}", "text": f"words {at}",
         "text_entities": [{"type": "plain", "text": f"words {at}"}]}
        for at in range(12)
    ]  # fmt: skip
    joined = {
        "id": 50,
        "type": "service",
        "date": "2025-03-01T13:00:00",
        "actor": "Person 0",
        "action": "join",
        "text": "",
    }
    (tmp_path / "result.json").write_text(json.dumps({"name": "House", "messages": [*said, joined]}))
    dataset = load(tmp_path / "result.json")
    assert len(dataset) == 12
    assert not {"actor", "action", "text_entities"} & set(dataset.table.columns)
    assert "no message with words has it, only others and notes of the chat itself: actor, action" in [
        one.reason for one in dataset.rejected
    ]


def test_why_a_message_of_an_export_has_no_text_is_told(tmp_path: Path) -> None:
    said = [{"id": at, "type": "message", "from": f"Person {at % 2}", "text": f"words {at}"} for at in range(12)]
    others = [
        {"id": 20, "type": "service", "from": "Person 0", "action": "invite_members", "text": ""},
        {"id": 21, "type": "message", "from": "Person 1", "photo": "a.jpg", "text": ""},
        {"id": 22, "type": "message", "from": "Person 1", "text": ""},
    ]
    (tmp_path / "result.json").write_text(json.dumps({"name": "House", "messages": [*said, *others]}))
    told = {fault.row: (fault.noun, fault.reason) for fault in load(tmp_path / "result.json").rejected}
    assert told[12] == (CHAT_LINE, "it is a line of the chat itself: invite_members")
    assert told[13] == (ATTACHMENT, "it is an attachment, which the chat's file does not hold: photo")
    assert told[14] == ("row", "the text is empty")


def test_the_day_of_a_system_log_is_nobody(tmp_path: Path) -> None:
    lines = [f"Mar {at + 1:2} 10:0{at}:00 host sshd[{at}]: The bus number {at} never came" for at in range(9)]
    (tmp_path / "system.log").write_text("\n".join(lines))
    found = load(tmp_path / "system.log")
    assert list(found.items) == [line[16:] for line in lines]
    assert found.table["time"].tolist() == [line[:15] for line in lines]
    assert "author" not in found.columns


def test_halves_of_the_day_belong_to_the_time_of_what_is_copied_from_a_window(tmp_path: Path) -> None:
    people = ["Ann Smith", "Ben"]
    lines = [
        line
        for at in range(8)
        for line in (f"{people[at % 2]}  1{at % 3}:0{at} {'AP'[at // 4]}M", f"The bus number {at} never came", "")
    ]
    (tmp_path / "copy.txt").write_text("\n".join(lines))
    found = load(tmp_path / "copy.txt")
    assert list(found.items) == [f"The bus number {at} never came" for at in range(8)]
    assert list(found.table["time"])[::4] == ["10:00 AM", "11:04 PM"]


def test_an_export_of_slack_is_a_chat_with_names_and_channels(tmp_path: Path) -> None:
    def said(at: int, text: str, **more: object) -> dict[str, object]:
        stamp = f"{1790886400 + at}.00{at:04}"
        return {"type": "message", "user": f"U{at % 2}", "text": text, "ts": stamp, "blocks": [{}], **more}

    people = [
        {"id": "U0", "name": "hana", "profile": {"display_name": "Hana"}},
        {"id": "U1", "name": "bo", "profile": {"display_name": "", "real_name": "Bo B."}},
    ]
    days = {
        "general/2026-10-01.json": [
            said(0, "Ask <@U1> at <https://a.example/x|the site> &amp; wait"),
            said(1, "See <#C9|web>"),
        ],
        "general/2026-10-02.json": [
            said(2, "<@U0> has joined the channel", subtype="channel_join"),
            said(3, "Welcome"),
        ],
        "web/2026-10-02.json": [said(4, "It is <http://b.example>"), said(5, "", files=[{"name": "a.png"}])],
    }
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name, content in {"users.json": people, "channels.json": [{"id": "C9", "name": "web"}], **days}.items():
            archive.writestr(name, json.dumps(content))
    found = load(tmp_path / "export.zip")
    assert list(found.items) == [
        "Ask @Bo B. at the site (https://a.example/x) & wait",
        "See #web",
        "Welcome",
        "It is http://b.example",
    ]
    assert found.table["author"].tolist() == ["Hana", "Bo B.", "Bo B.", "Hana"]
    assert found.table["conversation"].tolist() == ["general", "general", "general", "web"]
    assert not {"blocks", "subtype", "note of the chat"} & set(found.table.columns)
    told = [fault.reason for fault in found.rejected]
    assert "it is a line of the chat itself: channel_join: @Hana has joined the channel" in told
    assert sum("is no message" in reason for reason in told) == 2
    assert sum("attachment" in reason for reason in told) == 1
    alone = [said(at, f"The bus number {at}") for at in range(3)]
    (tmp_path / "town.json").write_text(json.dumps(alone))
    assert load(tmp_path / "town.json").table["author"].tolist() == ["U0", "U1", "U0"]
    (tmp_path / "users.json").write_text(json.dumps(people))
    assert load(tmp_path / "users.json").table["id"].tolist() == ["U1"]  # by itself it is a table, one name is missing


def test_what_a_message_calls_and_shows_is_a_part_of_it_and_all_of_a_conversation_is_kept(tmp_path: Path) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "find_bus", "arguments": '{"line": 5}'}}
    address = {"type": "image_url", "image_url": {"url": "http://x.org/a.png"}}
    shown = [{"type": "text", "text": "Is this the bus?"}, address]
    held = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    said = [
        {"role": "user", "content": [*shown, held]},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "assistant", "content": "It is.", "tool_calls": [call]},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps({"messages": said})] * 6))
    whole = load(tmp_path / "a.jsonl", choices={"items": "conversations"})
    assert whole.items[0] == (
        'user: Is this the bus?\nhttp://x.org/a.png\n\nassistant: find_bus({"line": 5})\n\nassistant: It is.'
    )
    messages = load(tmp_path / "a.jsonl", choices={"items": "messages"})
    assert (len(messages), messages.rejected) == (18, ())
    tree = {"a": {"message": {"author": {"role": "user"}, "content": {"parts": ["Where is the bus?"]}}, "parent": None}}
    told = {"title": "Buses", "mapping": tree, "current_node": "a", "gizmo_id": "g-1", "is_archived": True, "urls": []}
    (tmp_path / "b.json").write_text(json.dumps([told] * 3))
    found = load(tmp_path / "b.json")
    assert (found.table["gizmo_id"].tolist(), found.table["is_archived"].tolist()) == (["g-1"] * 3, [True] * 3)
    assert "urls" not in found.columns


def test_a_chat_from_a_phone_of_the_united_states_has_its_months_first(tmp_path: Path) -> None:
    said = [
        f"{at // 9 + 1}/{at % 9 + 1}/24, {at % 12 + 1}:05 {'AP'[at % 2]}M - Ann {at % 2}: words {at}"
        for at in range(27)
    ]
    (tmp_path / "chat.txt").write_text("\n".join(said), encoding="utf-8")
    seen = read(load(tmp_path / "chat.txt").table["time"], "time")
    assert (str(seen.reading), seen.reading.sure) == ("date:mdy", True)
    (tmp_path / "new.txt").write_text("\n".join(said[:9]), encoding="utf-8")
    few = read(load(tmp_path / "new.txt").table["time"], "time")
    assert (str(few.reading), few.reading.sure) == ("date:mdy", False)


def telegram_chats(dice: random.Random) -> list[dict[str, Any]]:
    """Return chats as Telegram has them, some with notes only or nothing."""
    chats = []
    for at in range(dice.randint(2, 6)):
        said: list[dict[str, Any]] = [{"id": 0, "type": "service", "actor": "Ann", "action": "join", "text": ""}]
        for n in range(dice.randint(0, 5) if at else 5):
            link = ["see ", {"type": "link", "text": f"example.org/{at}/{n}"}, dice.choice((" now", ""))]
            text = dice.choice((f"words {at} {n}", link, [{"type": "bold", "text": f"loud {at} {n}"}]))
            said.append({"id": n, "type": "message", "date": "2024-01-01T10:00:00", "from": "AB"[n % 2], "text": text})
        chats.append({"name": f"Chat {at}", "type": "personal_chat", "id": at, "messages": said})
    return chats


@pytest.mark.parametrize("seed", range(6))
def test_all_chats_of_an_export_are_read_as_each_alone(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    chats = telegram_chats(dice)
    parted = dice.randint(1, len(chats))
    whole = {
        "about": "x", "contacts": {"about": "y", "list": [{"first_name": "Ann", "phone_number": "1"}]},
        "chats": {"about": "z", "list": chats[:parted]}, "left_chats": {"about": "z", "list": chats[parted:]},
    }  # fmt: skip
    together = load(written(tmp_path / "result.json", whole))
    alone = [written(tmp_path / f"{at}.json", one) for at, one in enumerate(chats)]
    items, authors = list[str](), list[str]()
    for path, one in zip(alone, chats, strict=True):
        if len(one["messages"]) > 1:
            read = load(path)
            items += read.items
            authors += read.table["author"].tolist()
    assert (together.items, together.table["author"].tolist()) == (items, authors)
    assert set(together.table["conversation"]) == {one["name"] for one in chats if len(one["messages"]) > 1}
    notes = [fault for fault in together.rejected if fault.what == CHAT_LINE]
    assert len(notes) == len(chats)
    told = [fault.reason for fault in together.rejected if fault.reason.startswith("what stands beside")]
    names = (
        "about, contacts, chats.about, left_chats.about"
        if parted < len(chats)
        else "about, contacts, left_chats, chats.about"
    )
    assert told == [f"what stands beside its chats is not read: {names}"]
    chosen = load(tmp_path / "result.json", choices={"records": "chats.list"})
    assert len(chosen) <= parted


@pytest.mark.parametrize("mark", ["", "\u200e", "\u200f", "\u202a", "\u2068", "\u200e\u202a"])
def test_what_a_messenger_wrote_is_told_in_json_too_whatever_marks_are_around_it(tmp_path: Path, mark: str) -> None:
    said = ["Hello all", "<Link follows>", "See you at 8 <This message was edited>", "x.txt (please read)"]
    own = {
        "<Media omitted>": ATTACHMENT, "image omitted": ATTACHMENT, "IMG-20250313-WA0001.jpg (file attached)":
        ATTACHMENT,
        "This message was deleted": DELETED,
    }  # fmt: skip
    own |= {"Ann O created this group": CHAT_LINE} if mark else {}
    texts = [*said, *(f"{mark}{one}{mark}" for one in own)]
    messages = [{"from": ("Ann O", "Bob")[at % 2], "text": text, "date": "2024-01-01"} for at, text in enumerate(texts)]
    found = load(written(tmp_path / "a.json", {"name": "Flat", "messages": messages}))
    assert found.items == [said[0], said[1], "See you at 8", said[3]]
    assert [one.what for one in found.rejected] == list(own.values())


@pytest.mark.parametrize("damaged", ["a string", 7, None, {"name": "X", "id": 4}, ["a"]])
@pytest.mark.parametrize("where", ["a chat", "a message"])
def test_what_is_damaged_among_all_chats_is_listed_and_the_others_are_read(
    tmp_path: Path, damaged: Any, where: str
) -> None:
    chats: list[Any] = [
        {"name": f"chat {at}", "type": "personal_chat", "id": at, "messages": [
            {"id": n, "type": "message", "date": f"2024-03-02T10:0{n}:00", "from": "AB"[n % 2], "text": f"bus {at} {n}"}
            for n in range(8)]}
        for at in range(4)
    ]  # fmt: skip
    wanted = [one["text"] for chat in chats for one in chat["messages"]]
    if where == "a chat":
        chats.insert(1, damaged)
    elif not isinstance(damaged, dict):
        chats[1]["messages"].insert(3, damaged)
    path = written(tmp_path / "result.json", {"about": "x", "contacts": {"list": [{"a": 1}]}, "chats": {"list": chats}})
    found = load(path)
    assert found.items == wanted
    listed = [one.place for one in found.rejected if "it is no message" in one.reason or "no messages" in one.reason]
    dict_within = where == "a message" and isinstance(damaged, dict)
    assert listed == ([] if dict_within else ["conversation 2"] if where == "a chat" else ["message 4 of “chat 1”"])


@pytest.mark.parametrize("ids", [(0, 1, 2, 3), (10, 0, 5, 7), (3, 2, 1, 0)])
@pytest.mark.parametrize("items", ["messages", "conversations"])
def test_a_conversation_whose_number_is_nought_is_called_so(tmp_path: Path, ids: tuple[int, ...], items: str) -> None:
    said = ["the bus was late again", "nobody answers the phone"]
    told = [{"id": one, "messages": [{"role": "user", "content": f"{text} {one}"} for text in said]} for one in ids]
    (tmp_path / "a.json").write_text(json.dumps(told))
    found = load(tmp_path / "a.json", choices={"items": items})
    times = 2 if items == "messages" else 1
    assert found.table["conversation"].astype(str).tolist() == [str(one) for one in ids for _ in range(times)]
    assert "id" not in found.table
