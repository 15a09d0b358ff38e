"""Messengers' exports in JSON with the pictures beside them: messages are items, and so are pictures that they name."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from explorer.ingest import load
from explorer.kinds import ImageRef
from explorer.types import ATTACHMENT
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
    assert sum(one.what == ATTACHMENT for one in found.rejected) == len(silent)
    assert sum(one.count for one in found.faults if one.kind == "attachment") == len(silent)
    assert all(choice.sure for choice in found.choices)


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
