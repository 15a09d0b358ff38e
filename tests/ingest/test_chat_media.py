"""Messengers' exports in JSON with the pictures beside them: messages are items, and so are pictures that they name."""

import io
import json
import random
import wave
from pathlib import Path
from typing import Any

import pytest

from explorer.ingest import load, preview
from explorer.ingest.chattexts import BROUGHT
from explorer.kinds import ImageRef
from explorer.types import NOTE
from tests.ingest.test_pictures import encoded, zipped

PICTURE = encoded()


def telegram(at: int, picture: str, text: str) -> dict[str, Any]:
    brings = {"photo": f"photos/{picture}", "thumbnail": f"photos/{picture}_thumb.jpg"} if picture else {}
    stamp = {"id": at, "type": "message", "date": f"2024-03-04T10:{at:02d}:00", "date_unixtime": str(1709546400 + at)}
    return {**stamp, "from": "Ann" if at % 2 else "Bob", **brings, "text": text}


def facebook(at: int, picture: str, text: str) -> dict[str, Any]:
    brings = {"photos": [{"uri": f"your_facebook/messages/inbox/x/photos/{picture}"}]} if picture else {}
    said = {"content": text} if text else {}
    return {"sender_name": "Ann" if at % 2 else "Bob", "timestamp_ms": 1700000000000 + at, **brings, **said}


def sent(form: str, at: int, person: str, file: str, words: str) -> str:
    """Return a message of WhatsApp as text, with a file that it brings, or none."""
    if form == "Android":
        return f"12/03/2024, 10:{at:02} - {person}: {f'{file} (file attached)' if file else words}" + (
            f"\n{words}" if file and words else ""
        )
    behind = f"\u200e<attached: {file}>" if file else ""
    return f"[12.03.24, 10:{at:02}:00] {person}: {words}{' ' if words and behind else ''}{behind}"


FORMS = {
    "Telegram": (telegram, "ChatExport/result.json", "ChatExport/photos/"),
    "Facebook": (facebook, "messages/inbox/x/message_1.json", "messages/inbox/x/photos/"),
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", FORMS)
def test_messages_and_the_pictures_that_they_name_are_items_and_nothing_is_lost(
    tmp_path: Path, form: str, seed: int
) -> None:
    dice = random.Random(seed)
    made, name, folder = FORMS[form]
    pictures = {at: f"p{at}.png" for at in sorted(dice.sample(range(20), dice.choice([1, 4, 12])))}
    silent = set(dice.sample(sorted(pictures), max(1, len(pictures) // 2)))
    messages = [made(at, pictures.get(at, ""), "" if at in silent else f"the bus {at} is late") for at in range(20)]
    others = ["other.png"] + ["p0.png_thumb.jpg"] * (form == "Telegram" and 0 in pictures)
    files = {
        name: json.dumps({"name": "trip", "title": "trip", "type": "personal_chat", "messages": messages}).encode()
    }
    found = load(
        zipped(tmp_path / "a.zip", {**files, **{folder + one: PICTURE for one in [*pictures.values(), *others]}})
    )
    texts = [item for item in found.items if not isinstance(item, ImageRef)]
    assert texts == [f"the bus {at} is late" for at in range(20) if at not in silent]
    assert len(found.items) == len(texts) + len(pictures)
    shown = {
        item.name.rsplit("/", 1)[-1]: row
        for item, row in zip(found.items, found.table.to_dict("records"), strict=True)
        if isinstance(item, ImageRef)
    }
    assert set(shown) == set(pictures.values())
    for at, picture in pictures.items():
        assert shown[picture]["author"] == ("Ann" if at % 2 else "Bob")
        assert "message" not in shown[picture] or (at in silent) == (
            shown[picture]["message"] != f"the bus {at} is late"
        )
    left = {one.source for one in found.rejected if one.source.endswith((".png", ".jpg"))}
    assert left == {folder + one for one in others}
    assert sum(one.what == NOTE and BROUGHT in one.reason for one in found.rejected) == len(silent)
    assert all(choice.sure for choice in found.choices)


SOUND = io.BytesIO()
with wave.open(SOUND, "wb") as _written:
    _written.setparams((1, 2, 8000, 0, "NONE", ""))
    _written.writeframes(b"\x00\x10\x00\xf0" * 2000)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", ["Android", "iOS"])
def test_a_chat_of_whatsapp_with_what_was_sent_has_its_words_and_pictures(tmp_path: Path, form: str, seed: int) -> None:
    dice = random.Random(seed)
    names = {
        at: f"IMG-20240312-WA{at:04}.png" if form == "Android" else f"{at:08}-PHOTO-2024-03-12-10-00-00.png"
        for at in dice.sample(range(20), 1 + 4 * seed)
    }
    spoken = min(set(range(20)) - set(names))
    silent = {*dice.sample(sorted(names), len(names) // 2), spoken}
    said = {at: "" if at in silent else f"the bus {at} is late" for at in range(20)}
    files = {**names, spoken: "PTT-20240312-WA0099.wav" if form == "Android" else f"{spoken:08}-AUDIO-2024.wav"}
    lines = [sent(form, at, "AB"[at % 2] + "nn", files.get(at, ""), said[at]) for at in range(20)]
    brought = {**dict.fromkeys([*names.values(), "other.png"], PICTURE), files[spoken]: SOUND.getvalue()}
    path = zipped(tmp_path / "a.zip", {"_chat.txt": "\n".join(lines).encode(), **brought})
    found = load(path)
    rows = found.table.to_dict("records")
    words = [(item, row) for item, row in zip(found.items, rows, strict=True) if not isinstance(item, ImageRef)]
    shown = {item.name: row for item, row in zip(found.items, rows, strict=True) if isinstance(item, ImageRef)}
    assert [item for item, _ in words] == [said[at] for at in range(20) if at not in silent]
    assert set(shown) == set(names.values())
    for at, name in names.items():
        assert f"10:{at:02}" in shown[name]["time"]
        assert shown[name]["author"] == "AB"[at % 2] + "nn"
        assert "message" not in shown[name] or (shown[name]["message"] == said[at]) == bool(said[at])
    captioned = [said[at] for at in names if said[at]]
    assert sorted(item for item, row in words if isinstance(row.get("file"), str)) == sorted(captioned)
    assert {one.source for one in found.rejected if one.source != "_chat.txt"} == {"other.png", files[spoken]}
    told = [one.reason for one in found.rejected if one.source == "_chat.txt"]
    assert len(told) == len(silent)
    assert [one.rpartition(": ")[2] for one in told if "is a sound, which is on no map" in one] == [files[spoken]]
    assert sum(fault.count for fault in found.faults if fault.kind == "attachment") == len(silent)


@pytest.mark.parametrize("way", ["a folder", "files", "a folder first"])
@pytest.mark.parametrize("form", ["Telegram", "WhatsApp"])
def test_a_chat_and_its_pictures_that_are_given_together_are_as_in_one_folder(
    tmp_path: Path, form: str, way: str
) -> None:
    folder = tmp_path / "whole" / "photos"
    folder.mkdir(parents=True)
    for name in ("p1.png", "p5.png", "other.png"):
        (folder / name).write_bytes(PICTURE)
    chat = folder.parent / ("result.json" if form == "Telegram" else "_chat.txt")
    if form == "Telegram":
        said = [telegram(at, f"p{at}.png" if at in (1, 5) else "", "" if at == 5 else f"bus {at}") for at in range(8)]
        chat.write_text(json.dumps({"name": "Ann", "messages": said}))
    else:
        said_so = [
            sent("Android", at, "AB"[at % 2], f"p{at}.png" if at in (1, 5) else "", "" if at == 5 else f"bus {at}")
            for at in range(8)
        ]
        chat.write_text("\n".join(said_so))
    whole = load(folder.parent)
    media = sorted(folder.iterdir()) if way == "files" else [folder]
    paths = [*media, chat] if way == "a folder first" else [chat, *media]
    found = load(paths)
    kinds = [isinstance(item, ImageRef) for item in found.items]
    assert kinds == [isinstance(item, ImageRef) for item in whole.items] == [False] * 7 + [True] * 2
    assert found.items[:7] == whole.items[:7]
    assert found.table["author"].tolist() == whole.table["author"].tolist()
    assert [one.reason for one in found.rejected if "other.png" in one.source] == [
        "it lies among texts or tables and is a picture; load it by itself to see it on a map"
    ]
    assert len(load([chat, folder / "other.png"]).items) == 8  # it names none of these
    assert preview(paths, limit=2).kind in ("table", "text")


def test_pictures_that_conversations_of_a_model_name_stay_pictures(tmp_path: Path) -> None:
    said = [
        {
            "image": f"{at}.png",
            "messages": [{"role": "user", "content": f"what is {at}?"}, {"role": "assistant", "content": "a"}],
        }
        for at in range(4)
    ]
    files = {"talks.json": json.dumps(said).encode(), **{f"{at}.png": PICTURE for at in range(4)}}
    assert all(isinstance(item, ImageRef) for item in load(zipped(tmp_path / "a.zip", files)).items)
