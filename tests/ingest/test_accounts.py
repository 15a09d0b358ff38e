"""Exports of accounts: who wrote, what a chat without a title is called, and what lies beside the chats."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from explorer.ingest import load, preview
from tests.ingest.test_messengers import MESSENGERS, facebook, google, slack

USERS = [{"id": f"U02{one}", "name": one.lower(), "profile": {"display_name": one}} for one in ("Ann", "Bob", "Cat")]


def written(folder: Path, files: dict[str, Any], *, packed: bool) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return Path(shutil.make_archive(str(folder), "zip", folder)) if packed else folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("top", ["", "Export/"])
@pytest.mark.parametrize("inside", ["root", "channel", "flat"])
@pytest.mark.parametrize("days", [1, 3])
def test_who_wrote_in_slack_and_where_is_known_wherever_the_list_of_people_lies(
    tmp_path: Path, days: int, inside: str, top: str, packed: bool
) -> None:
    dice = random.Random(f"{days}{inside}{top}")
    who = [[dice.choice(USERS) for _ in range(4)] for _ in range(days)]
    channel, beside = {"root": ("garden/", ""), "channel": ("garden/", "garden/"), "flat": ("", "")}[inside]
    files: dict[str, Any] = {f"{top}{beside}users.json": USERS}
    files |= {f"{top}channels.json": [{"id": "C1", "name": "garden"}]} if inside != "channel" else {}
    for day, people in enumerate(who):
        said = [slack(at, one["id"], f"<@U02Bob>, the bus {day} {at} is late") for at, one in enumerate(people)]
        files[f"{top}{channel}2024-03-0{1 + day}.json"] = said
    found = load(written(tmp_path / "a", files, packed=packed))
    assert list(found.items) == [f"@Bob, the bus {day} {at} is late" for day in range(days) for at in range(4)]
    assert found.table["author"].tolist() == [one["profile"]["display_name"] for people in who for one in people]
    assert set(found.table["conversation"]) == {"garden"}


@pytest.mark.parametrize("packed", [False, True])
def test_groups_of_google_s_chat_are_called_by_their_name_their_people_or_their_folder(
    tmp_path: Path, packed: bool
) -> None:
    infos = {"Space A": {"name": "Garden"}, "DM 1": {"members": [{"name": "Ann"}, {"name": "Bob"}]}, "DM 2": None}
    files: dict[str, Any] = {}
    for name, info in infos.items():
        said = [google(at, ("Ann", "Bob")[at % 2], f"the bus {at} to {name}") for at in range(3)]
        files[f"Groups/{name}/messages.json"] = {"messages": said}
        files |= {f"Groups/{name}/group_info.json": info} if info else {}
    found = load(written(tmp_path / "chat", files, packed=packed))
    called = {"DM 1": "Ann, Bob", "DM 2": "DM 2", "Space A": "Garden"}
    assert found.table["conversation"].tolist() == [called[text.partition(" to ")[2]] for text in found.items]
    assert len(found) == 9


def test_one_conversation_without_a_title_is_called_by_its_file_and_several_are_counted(tmp_path: Path) -> None:
    said = [{"role": ("user", "assistant")[at % 2], "content": f"words {at}"} for at in range(4)]
    (tmp_path / "trip to Rome.json").write_text(json.dumps({"messages": said}))
    assert set(load(tmp_path / "trip to Rome.json").table["conversation"]) == {"trip to Rome"}
    (tmp_path / "b.json").write_text(json.dumps([{"messages": said}, {"messages": said, "id": "c7"}]))
    assert list(load(tmp_path / "b.json", choices={"items": "conversations"}).table["conversation"]) == ["1", "c7"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("export", ["model", "messenger"])
def test_pages_and_texts_of_an_account_are_told_and_no_items_and_chats_written_as_text_are(
    tmp_path: Path, export: str, packed: bool
) -> None:
    tree = {
        str(at): {"message": {"author": {"role": "user"}, "content": {"parts": [f"words {at}"]}}, "parent": None}
        for at in range(3)
    }
    files: dict[str, Any]
    if export == "model":
        files = {"conversations.json": [{"title": f"talk {at}", "mapping": tree} for at in range(2)]}
    else:
        files = {"inbox/ann.json": {"title": "Ann", "messages": [facebook(at, "Ann", f"bus {at}") for at in range(5)]}}
    beside = {"chat.html": "<p>words once more</p>", "ads/no-data.txt": "You have no data in this section"}
    spoken = "".join(f"12.03.24, 10:0{at} - {'AB'[at % 2]}nn: are you there? {at}\n" for at in range(6))
    path = written(tmp_path / "a", files | beside | {"chat with Ann.txt": spoken}, packed=packed)
    found = load(path, choices={"items": "messages"})
    told = [one.source for one in found.rejected if "it holds no messages" in one.reason]
    assert sorted(told) == sorted(beside)
    assert sum("are you there" in text for text in found.items) == 6
    assert not any("once more" in text or "no data" in text for text in found.items)
    assert "text" in preview(path, choices={"items": "messages"}).columns


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([{"content_type": "image_asset_pointer", "asset_pointer": "x"}, "What is", "this?"], "What is\nthis?"),
        (["Look", {"content_type": "text", "text": "here"}], "Look\nhere"),
        (["Look", {"type": "text", "text": "here"}], "Look\nhere"),
        (["see ", {"type": "link", "text": "a.org"}, ", please"], "see a.org, please"),
    ],
)
def test_blocks_of_a_message_stand_apart_and_runs_of_a_text_go_on(tmp_path: Path, parts: list[Any], said: str) -> None:
    other = {"role": "assistant", "content": "I do not know"}
    (tmp_path / "a.json").write_text(json.dumps({"messages": [{"role": "user", "content": parts}, other]}))
    assert load(tmp_path / "a.json", choices={"items": "messages"}).items == [said, other["content"]]


@pytest.mark.parametrize("messenger", MESSENGERS)
def test_a_bare_list_of_messages_is_read_among_pictures_of_which_some_were_sent(tmp_path: Path, messenger: str) -> None:
    for at in range(4):
        Image.new("RGB", (20, 20), (at * 60, 9, 90)).save(tmp_path / f"p{at}.jpg")
    said = [MESSENGERS[messenger](at, ("Ann", "Bob")[at % 2], f"the bus {at} is late") for at in range(6)]
    sent = messenger == "Signal"
    for at in range(3 if sent else 0):
        said[at]["attachments"] = [f"p{at}.jpg"]
    (tmp_path / "chat.json").write_text(json.dumps(said))
    found = load(tmp_path)
    assert [one for one in found.items if isinstance(one, str)] == [f"the bus {at} is late" for at in range(6)]
    assert len(found) == 6 + 3 * sent
    told = [one.source for one in found.rejected if "it lies among texts" in one.reason]
    assert sorted(told) == [f"p{at}.jpg" for at in range(3 * sent, 4)]
