"""What messengers export as JSON or text: messages with author and time, nothing lost, what is damaged is listed."""

import copy
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import ExplorerError, NothingUsable
from explorer.ingest import load, preview
from explorer.types import ATTACHMENT, CHAT_LINE
from tests.ingest.test_chats import EXPORT, written

Made = Callable[[int, str, str], dict[str, Any]]


def facebook(at: int, who: str, text: str) -> dict[str, Any]:
    return {"sender_name": who, "timestamp_ms": 1700000000000 + at, "content": text, "is_unsent": at == 3}


def telegram(at: int, who: str, text: str) -> dict[str, Any]:
    stamp = {"id": at, "type": "message", "date": f"2024-03-04T10:{at:02}:00", "date_unixtime": str(1709546400 + at)}
    return {**stamp, "from": who, "from_id": f"user{at}", "text": text}


def signal(at: int, who: str, text: str) -> dict[str, Any]:
    return {"date": f"2024-03-04T10:{at:02}:00", "sender": who, "body": text, "quote": "", "attachments": []}


def matrix(at: int, who: str, text: str) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": text, "format": f"f{at}"}
    return {"type": "m.room.message", "sender": who, "content": content, "origin_server_ts": 1700000000000 + at}


def discord(at: int, who: str, text: str) -> dict[str, Any]:
    author = {"id": f"a{at}", "name": who, "nickname": f"nick {at}"}
    stamp = {"id": at, "type": "Default", "timestamp": f"2024-03-04T10:{at:02}:00+00:00", "isPinned": False}
    return {**stamp, "content": text, "author": author, "attachments": []}


def discord_api(at: int, who: str, text: str) -> dict[str, Any]:
    author = {"id": f"a{at}", "username": who, "global_name": None}
    stamp = {"id": f"d{at}", "type": 0, "timestamp": f"2024-03-04T10:{at:02}:00+00:00", "embeds": []}
    return {**stamp, "content": text, "author": author, "attachments": [], "mentions": []}


def teams(at: int, who: str, text: str) -> dict[str, Any]:
    stamp = {"id": f"t{at}", "originalarrivaltime": f"2024-03-04T10:{at:02}:00.0Z", "messagetype": "Text"}
    return {**stamp, "displayName": None, "content": text, "conversationid": "19:x", "from": who}


def graph(at: int, who: str, text: str) -> dict[str, Any]:
    stamp = {"id": f"t{at}", "messageType": "message", "createdDateTime": f"2024-03-04T10:{at:02}:00.0Z"}
    person = {"application": None, "user": {"id": f"u{at}", "displayName": who}}
    return {**stamp, "from": person, "body": {"contentType": f"text/{at}", "content": text}, "attachments": []}


def google(at: int, who: str, text: str) -> dict[str, Any]:
    creator = {"name": who, "email": f"{at}@example.org", "user_type": "Human"}
    stamp = {"created_date": f"Tuesday, March 12, 2024 at 10:{at:02}:00 AM UTC", "topic_id": f"topic {at}"}
    return {"creator": creator, **stamp, "text": text, "message_id": f"m{at}"}


def slack(at: int, who: str, text: str) -> dict[str, Any]:
    return {"type": "message", "user": who, "text": text, "ts": f"17095464{at:02}.00000{at}", "team": f"T{at}"}


MESSENGERS: dict[str, Made] = {
    "Facebook": facebook, "Telegram": telegram, "Signal": signal, "Matrix": matrix, "Discord": discord,
    "Teams": teams, "Teams' interface": graph, "Google Chat": google, "Slack": slack,
    "Discord's interface": discord_api,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson"])
@pytest.mark.parametrize("messenger", MESSENGERS)
def test_messages_of_a_messenger_without_a_chat_around_them_are_messages(
    tmp_path: Path, messenger: str, ending: str, seed: int
) -> None:
    dice = random.Random(seed)
    people = [dice.choice(("Ann", "Bob", "María")) for _ in range(9)]
    said = [MESSENGERS[messenger](at, who, f"the bus {at} is late") for at, who in enumerate(people)]
    broken = dice.randrange(9) if seed else -1
    records = [json.dumps("torn" if at == broken else one, ensure_ascii=False) for at, one in enumerate(said)]
    text = "\n".join(records) if ending != ".json" else f"[{', '.join(records)}]"
    (tmp_path / f"a{ending}").write_text(text, encoding="utf-8")
    found = load(tmp_path / f"a{ending}")
    kept = [at for at in range(9) if at != broken]
    assert found.items == [f"the bus {at} is late" for at in kept]
    assert found.table["author"].tolist() == [people[at] for at in kept]
    assert found.table["time"].notna().all()
    assert [(one.value, one.sure) for one in found.choices if one.name == "items"] == [("messages", True)]
    assert len([one for one in found.rejected if one.row == broken]) == (broken >= 0)
    if ending != ".json":
        assert [found.place(row) for row in range(len(kept))] == [f"line {at + 1}" for at in kept]
    shown = json.dumps(found.table.astype(str).to_dict("records"), ensure_ascii=False)
    lost = [str(one) for at in kept for one in leaves(said[at]) if str(one) not in shown + " ".join(found.items)]
    stamps = [one for one in lost if one.startswith(("1700000", "17095464")) or one == "true"]
    assert set(lost) <= {*stamps, "m.text", *({"message"} if messenger == "Slack" else ())}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("messenger", MESSENGERS)
def test_however_short_what_somebody_says_it_is_the_text(tmp_path: Path, messenger: str, seed: int) -> None:
    dice = random.Random(seed)
    said = ["Hi there", *dice.choices(("null", "ok", "12", "None", "-", "n/a", "👍", "true", "Yes!"), k=2 * seed)]
    people = [dice.choice(("Ann", "Bob", "Иван Петров")) for _ in said]
    lines = [MESSENGERS[messenger](at, who, text) for at, (who, text) in enumerate(zip(people, said, strict=True))]
    ending = dice.choice((".json", ".jsonl"))
    (tmp_path / f"a{ending}").write_text(
        json.dumps(lines) if ending == ".json" else "\n".join(map(json.dumps, lines)), encoding="utf-8"
    )
    found = load(tmp_path / f"a{ending}")
    assert (found.text_column, found.items, found.table["author"].tolist()) == ("text", said, people)
    assert found.rejected == ()


def leaves(record: dict[str, Any]) -> list[Any]:
    inner = [leaves(one) if isinstance(one, dict) else [one] for one in record.values()]
    return [one for each in inner for one in each if one not in ("", None, [], False, True)]


def test_what_a_program_writes_in_a_chat_and_files_that_are_sent_are_told(tmp_path: Path) -> None:
    said = [matrix(at, "@ann:x", f"words {at}") for at in range(5)]
    said[1] |= {"type": "m.room.member", "content": {"membership": "join"}}
    said[2]["content"] = {"msgtype": "m.image", "body": "a.png", "url": "mxc://x"}
    found = load(written(tmp_path / "a.json", {"room_name": "Flat", "messages": said}))
    assert (len(found), found.table["conversation"].unique().tolist()) == (3, ["Flat"])
    assert [one.what for one in found.rejected if one.row is not None] == [CHAT_LINE, ATTACHMENT]
    joined = discord(1, "Bob", "Joined the server.") | {"type": "GuildMemberJoin"}
    chat = {"channel": {"id": "2", "name": "general"}, "messages": [discord(0, "Ann", "a"), joined, *said[:0]]}
    found = load(written(tmp_path / "b.json", chat))
    assert (found.items, found.table["conversation"].tolist()) == (["a"], ["general"])
    assert [one.reason for one in found.rejected] == ["it is a line of the chat itself: Joined the server."]
    teams = [
        {"id": str(at), "originalarrivaltime": f"2024-03-0{at + 1}T10:00:00Z", "from": f"8:p{at % 2}", "content": "so",
         "messagetype": "ThreadActivity/AddMember" if at == 1 else "RichText"} for at in range(4)
    ]  # fmt: skip
    whole = {"userId": "8:ann", "conversations": [{"id": "19:a", "displayName": "Flat", "MessageList": teams}]}
    found = load(written(tmp_path / "c.json", whole))
    assert (len(found), found.table["author"].tolist()) == (3, ["8:p0", "8:p0", "8:p1"])
    assert found.table["conversation"].unique().tolist() == ["Flat"]


def test_messages_of_imessage_and_signal_as_text_have_author_and_time(tmp_path: Path) -> None:
    people = ("Me", "+15551234567", "ann@x.org", "Me", "Bob, Jr.")
    lines = [
        f"Mar {at + 1}, 2024  5:33:21 PM{' (Read by them after 1 minute)' if at == 2 else ''}\n{who}\nbus {at}\nso\n"
        for at, who in enumerate(people)
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    found = load(tmp_path / "a.txt")
    assert found.items == [f"bus {at}\nso" for at in range(5)]
    assert found.table["author"].tolist() == [who.replace(",", "") for who in people]
    assert found.table["time"][1] == "2 Mar 2024, 5:33:21 PM"
    assert [one.reason.rpartition(" (")[2] for one in found.rejected] == ["Read by them after 1 minute)"]
    (tmp_path / "b.md").write_text(
        "".join(f"[2024-03-0{at} 10:00] {'AB'[at % 2]}nn: bus {at}  \n" for at in range(1, 7))
    )
    found = load(tmp_path / "b.md")
    assert found.items == [f"bus {at}" for at in range(1, 7)]
    assert load(tmp_path / "b.md", choices={"items": "documents"}).items[0].startswith("[2024-03-01 10:00] Bnn: bus 1")


def test_messages_without_words_are_counted_where_conversations_are_items(tmp_path: Path) -> None:
    said = [facebook(at, "AB"[at % 2], f"bus {at}") for at in range(6)]
    for at in (1, 4):
        said[at] = {name: value for name, value in said[at].items() if name != "content"} | {"photos": [{"uri": "a"}]}
    found = load(written(tmp_path / "a.json", {"title": "Ann", "messages": said}), choices={"items": "conversations"})
    assert found.items == ["A: bus 0\n\nA: bus 2\n\nB: bus 3\n\nB: bus 5"]
    assert [one.reason[:40] for one in found.rejected] == ["2 of its messages have no words and are "]


def chatgpt(at: int) -> dict[str, Any]:
    return {**copy.deepcopy(EXPORT[0]), "title": f"talk {at}"}


def claude(at: int) -> dict[str, Any]:
    said = [{"text": f"hello {at}", "sender": "human"}, {"text": "yes", "sender": "assistant"}]
    return {"uuid": f"u{at}", "name": f"talk {at}", "chat_messages": said}


def inbox(at: int) -> dict[str, Any]:
    return {"title": f"talk {at}", "messages": [facebook(n, "AB"[n % 2], f"words {at} {n}") for n in range(3)]}


DAMAGES: tuple[Any, ...] = ("a string", None, 7, ["a"], {"title": "alone"}, "mapping", "messages")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ending", [".json", ".jsonl"])
@pytest.mark.parametrize("made", [chatgpt, claude, inbox])
def test_of_many_conversations_a_damaged_one_is_listed_and_the_others_are_read(
    tmp_path: Path, made: Callable[[int], dict[str, Any]], ending: str, seed: int
) -> None:
    dice = random.Random(seed)
    talks: list[Any] = [made(at) for at in range(6)]
    wanted = load(written(tmp_path / f"a{ending}", talks), choices={"items": "messages"})
    places = sorted(dice.sample(range(6), 1 + seed % 2))
    for at in places:
        damage = dice.choice(DAMAGES)
        known = [name for name in ("mapping", "chat_messages", "messages") if name in talks[at]]
        of_member = damage in ("mapping", "messages")
        talks[at] = {**talks[at], known[0]: dice.choice(("gone", None, [7], 3))} if of_member else damage
    found = load(written(tmp_path / f"b{ending}", talks), choices={"items": "messages"})
    left = [f"talk {at}" for at in range(6) if at not in places]
    kept = [item for item, of in zip(wanted.items, wanted.table["conversation"], strict=True) if of in left]
    assert found.items == kept
    noun = "conversation" if ending == ".json" else "line"
    assert [one.place for one in found.rejected] == [f"{noun} {at + 1}" for at in places]


def test_a_damaged_part_of_a_tree_of_messages_is_listed_and_the_others_are_read(tmp_path: Path) -> None:
    talks = [chatgpt(at) for at in range(3)]
    talks[1]["mapping"]["b"] = "torn"
    found = load(written(tmp_path / "a.json", talks), choices={"items": "messages"})
    assert len(found) == 8
    assert [(one.place, one.reason) for one in found.rejected] == [
        ("message 3 of “talk 1”", "it is no message, as the others of its chat are")
    ]


def test_records_that_somebody_says_are_messages_are_read_as_such(tmp_path: Path) -> None:
    said = [{"user": f"U{at % 2}", "body": f"words {at}", "date": "2024-03-04"} for at in range(4)]
    for path in (tmp_path / "a.json", tmp_path / "a.jsonl"):
        assert "author" not in load(written(path, said)).table.columns
        found = load(path, choices={"items": "messages"})
        assert (found.items, found.table["author"].tolist()) == ([f"words {at}" for at in range(4)], ["U0", "U1"] * 2)
        assert load(path, choices={"items": "conversations"}).table["turns"].tolist() == [4]


ODD: tuple[Any, ...] = (None, 7, 1e300, "x", [], {}, ["a"], {"a": 1}, True, {"role": None}, [[1]], {"name": {"a": 1}})


@pytest.mark.parametrize("seed", range(24))
def test_one_odd_value_in_a_message_leaves_all_others_what_they_are(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    said = [list(MESSENGERS.values())[seed % 5](at, "AB"[at % 2] + "nn", f"bus {at}") for at in range(9)]
    at = dice.randrange(9)
    when = next(name for name in ("timestamp_ms", "origin_server_ts", "timestamp", "date") if name in said[at])
    said[at][when if seed % 2 else dice.choice(sorted(said[at]))] = ODD[seed % 12]
    found = load(written(tmp_path / "a.json", {"name": "Flat", "messages": said}), choices={"items": "messages"})
    assert [f"bus {n}" for n in range(9) if n != at] == [item for item in found.items if item in OTHERS[at]]
    assert len(found) + len([one for one in found.rejected if one.row is not None]) == 9


OTHERS = {at: {f"bus {n}" for n in range(9) if n != at} for at in range(9)}


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_chat_of_text_is_read_or_refused_in_words(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(f"12.03.24, 10:0{at} - {'AB'[at % 2]}nn: the bus {at}\n" for at in range(dice.randint(2, 5)))
    content = bytearray(text.encode())
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(content))
        content[at : at + dice.randint(0, 9)] = bytes([dice.randrange(128, 256)]) * dice.randint(0, 2)
    (tmp_path / "a.txt").write_bytes(bytes(content))
    for choices in ({}, {"items": "messages"}):
        told = ""
        try:
            assert len(load(tmp_path / "a.txt", choices=choices))
        except ExplorerError as exc:
            told = str(exc)
        assert "Error" not in told


@pytest.mark.parametrize("ending", [".json", ".jsonl"])
@pytest.mark.parametrize("seed", range(6))
def test_an_odd_message_among_few_takes_none_of_the_others_with_it(tmp_path: Path, ending: str, seed: int) -> None:
    chance = random.Random(seed)
    odd = chance.choice([{}, None, 7, "words", []])
    chats = [
        {"messages": [{"role": "user", "content": f"words {at} of {talk}"} for at in range(chance.randint(1, 4))]}
        for talk in range(5)
    ]
    said = sum(len(one["messages"]) for one in chats)
    damaged = chance.randrange(5)
    chats[damaged]["messages"].insert(chance.randint(0, 1), odd)  # type: ignore[arg-type]
    file = tmp_path / f"a{ending}"
    lines = "\n".join(map(json.dumps, chats))
    file.write_text(lines if ending == ".jsonl" else json.dumps(chats), encoding="utf-8")
    found = load(file, choices={"items": "messages"})
    assert len(found.items) == said
    assert [one.reason for one in found.rejected] == ["it is no message, as the others of its chat are"]
    assert len(load(file, choices={"items": "conversations"}).items) == 5


def test_of_two_conversations_the_whole_one_is_read_where_somebody_says_that_they_are(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{"messages": 7}, {"messages": [{"role": "user", "content": "a few words"}]}]))
    found = load(file, choices={"items": "conversations"})
    assert len(found.items) == 1
    assert [one.place for one in found.rejected] == ["conversation 1"]


ACCOUNT = {
    "profile/profile.json": {"profile_v2": {"name": {"full_name": "Ann M\u00c3\u00bcller"}, "emails": ["a@x.org"]}},
    "ads/advertisers.json": {"custom_audiences_v2": [{"advertiser_name": f"Shop {at} of the town"} for at in range(9)]},
    "friends/friends.json": [{"name": f"Friend {at}", "timestamp": 1600000000 + at} for at in range(9)],
    "comments.json": {"comments": [{"timestamp": at, "comment": f"I like that a lot {at}"} for at in range(9)]},
    "messages/cat/message_1.json": {"participants": [{"name": "Cat"}, {"name": "Me"}], "messages": [], "title": "Cat"},
    "empty.json": {},
    "none.json": [],
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_of_an_account_that_was_exported_the_chats_are_read_and_every_other_file_is_told(
    tmp_path: Path, seed: int, packed: bool
) -> None:
    dice, folder = random.Random(seed), tmp_path / "account"
    others = dict(dice.sample(sorted(ACCOUNT.items()), 4))
    chats = {f"messages/{who}/message_1.json": [f"{who} says {at} to you" for at in range(5)] for who in ("ann", "bob")}
    files = others | {
        name: {
            "participants": [],
            "title": name,
            "messages": [facebook(at, "Ann", text) for at, text in enumerate(said)],
        }
        for name, said in chats.items()
    }
    for name, told in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(told))
    path = Path(shutil.make_archive(str(folder), "zip", folder)) if packed else folder
    for choices in ({}, {"items": "messages"}):
        dataset = load(path, choices=choices)
        assert [*dataset.items] == [text for said in chats.values() for text in said]
        told = [one.source for one in dataset.rejected if "holds no messages" in one.reason]
        assert sorted(told) == sorted(others)
        assert len(dataset.rejected) == len(others)
        assert preview(path, choices=choices).columns[:3] == ("text", "author", "time")
    whole = load(path, choices={"items": "conversations"})
    assert whole.table["conversation"].tolist() == [*chats]
    assert sorted(one.source for one in whole.rejected if "holds no messages" in one.reason) == sorted(others)
    everything = load(path, choices={"records": "(whole)"})
    assert not any("holds no messages, as the chats" in one.reason for one in everything.rejected)
    plain = {name: told for name, told in ACCOUNT.items() if isinstance(told, list) and told}
    for name in chats:
        (folder / name).unlink()
    if not packed and any(name in others for name in plain):
        assert not any("holds no messages" in one.reason for one in load(folder).rejected)


@pytest.mark.parametrize("people", ["participants", "members"])
def test_a_conversation_in_which_nobody_wrote_makes_its_people_no_items(tmp_path: Path, people: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps({people: [{"name": "Cat"}, {"name": "Me"}], "messages": []}))
    with pytest.raises(NothingUsable, match="a conversation in which nobody wrote"):
        load(tmp_path / "a.json")
    (tmp_path / "b.json").write_text(json.dumps({"results": [{"text": "words that are read"}], "messages": []}))
    assert list(load(tmp_path / "b.json").items) == ["words that are read"]


@pytest.mark.parametrize("items", ["", "messages", "conversations"])
@pytest.mark.parametrize("program", ["tree", "list"])
def test_of_an_account_at_a_model_the_conversations_are_read_and_every_other_file_is_told(
    tmp_path: Path, program: str, items: str
) -> None:
    def said(of: int) -> dict[str, Any]:
        words = [(f"{of}-{at}", "user" if at % 2 == 0 else "assistant", f"words {at} of {of}") for at in range(4)]
        if program == "list":
            turns = [{"uuid": name, "sender": who, "text": text} for name, who, text in words]
            return {"uuid": f"c{of}", "name": f"talk {of}", "chat_messages": turns}
        nodes = {
            name: {"message": {"author": {"role": who}, "content": {"parts": [text]}}, "parent": None}
            for name, who, text in words
        }
        return {"title": f"talk {of}", "mapping": nodes}

    files = {"conversations.json": [said(of) for of in range(3)], "users.json": [{"uuid": "u", "name": "Ann Miller"}]}
    files |= {"projects.json": [{"uuid": f"p{at}", "prompt": f"be a good helper {at}"} for at in range(9)]}
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    found = load(tmp_path, choices={"items": items})
    assert len(found.items) == (12 if items == "messages" else 3)
    told = [one.source for one in found.rejected if "holds no messages" in one.reason]
    assert sorted(told) == ["projects.json", "users.json"]


@pytest.mark.parametrize("member", ["chunk", "value", "items"])
@pytest.mark.parametrize("messenger", MESSENGERS)
def test_messages_in_an_answer_of_a_messengers_interface_are_messages(
    tmp_path: Path, messenger: str, member: str
) -> None:
    said = [MESSENGERS[messenger](at, ("Ann", "Bob")[at % 2], f"the bus {at} is late") for at in range(5)]
    (tmp_path / "a.json").write_text(json.dumps({"@context": "x", member: said, "end": "t5"}), encoding="utf-8")
    found = load(tmp_path / "a.json")
    assert found.items == [f"the bus {at} is late" for at in range(5)]
    assert found.table["author"].tolist() == ["Ann", "Bob", "Ann", "Bob", "Ann"]
    assert [one.reason for one in found.rejected] == ["what stands beside its chats is not read: @context, end"]
