"""Letters of JSON documents that were coded twice, as Facebook and Instagram export them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from explorer.ingest import load
from explorer.types import NOTE

MEANT = ("schön, Jürgen", "où ça ?", "Привет", "日本の駅", "it was 🚲 late", "don’t", "plain words", "Ångström")


def twice(value: Any) -> Any:
    """Return a value with all its texts coded twice."""
    if isinstance(value, dict):
        return {twice(name): twice(one) for name, one in value.items()}
    if isinstance(value, list):
        return [twice(one) for one in value]
    return value.encode().decode("latin-1") if isinstance(value, str) else value


def messages(dice: random.Random) -> dict[str, Any]:
    """Return an export of messages."""
    said = [
        {"sender_name": dice.choice(("Jürgen", "Ann")), "timestamp_ms": 1704103200000 + at,
         "content": f"{dice.choice(MEANT)} number {at}", "reactions": [{"reaction": "👍", "größe": at}]}
        for at in range(8)
    ]  # fmt: skip
    return {"participants": [{"name": "Jürgen"}], "messages": said, "title": "Grüße"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("escaped", [True, False])
def test_letters_coded_twice_are_read_as_they_were_meant_and_as_written_where_that_is_chosen(
    tmp_path: Path, seed: int, escaped: bool
) -> None:
    meant = messages(random.Random(seed))
    path, proper = tmp_path / "message_1.json", tmp_path / "proper.json"
    path.write_text(json.dumps(twice(meant), ensure_ascii=escaped), encoding="utf-8")
    proper.write_text(json.dumps(meant, ensure_ascii=escaped), encoding="utf-8")
    found, wanted = load(path), load(proper)
    assert found.items == wanted.items
    assert found.table.astype(str).equals(wanted.table.astype(str))
    assert not any(choice.name == "letters" for choice in wanted.choices)
    assert [one.what for one in found.rejected if "coded twice" in one.reason] == [NOTE]
    written = load(path, choices={"letters": "written"})
    assert written.items == [twice(item) for item in wanted.items]
    assert not any("coded twice" in one.reason for one in written.rejected)


OTHERS = ["schön", "Ã is a letter", "ÃŸ", "naïve – no", "Ä"]


@pytest.mark.parametrize("ending", [".json", ".jsonl"])
@pytest.mark.parametrize("other", OTHERS)
def test_a_text_that_was_not_coded_twice_stays_among_those_that_were(tmp_path: Path, other: str, ending: str) -> None:
    records = [{"text": f"{one} said here"} for one in [*map(twice, MEANT), other]]
    lines = "\n".join(map(json.dumps, records))
    (tmp_path / f"a{ending}").write_text(lines if ending == ".jsonl" else json.dumps(records), encoding="utf-8")
    found = load(tmp_path / f"a{ending}")
    assert list(found.items) == [f"{one} said here" for one in [*MEANT, other]]
    assert [choice.sure for choice in found.choices if choice.name == "letters"] == [False]
    assert [one.reason.endswith("1 text stays as written") for one in found.rejected] == [True]
    written = load(tmp_path / f"a{ending}", choices={"letters": "written"})
    assert list(written.items) == [one["text"] for one in records]


@pytest.mark.parametrize("ending", [".json", ".jsonl"])
def test_where_as_many_texts_were_not_coded_twice_none_is_changed(tmp_path: Path, ending: str) -> None:
    records = [{"text": f"{one} said here"} for one in [*map(twice, MEANT[:4]), *OTHERS[:4]]]
    lines = "\n".join(map(json.dumps, records))
    (tmp_path / f"a{ending}").write_text(lines if ending == ".jsonl" else json.dumps(records), encoding="utf-8")
    found = load(tmp_path / f"a{ending}")
    assert list(found.items) == [one["text"] for one in records]
    assert not any(choice.name == "letters" for choice in found.choices)


def test_chats_are_read_so_too(tmp_path: Path) -> None:
    said = [{"from": "Jürgen", "text": f"schön {at}"} for at in range(6)]
    (tmp_path / "a.json").write_text(json.dumps(twice({"name": "Grüße", "messages": said})))
    found = load(tmp_path / "a.json")
    assert found.items == [one["text"] for one in said]
    assert (found.table["author"][0], found.table["conversation"][0]) == ("Jürgen", "Grüße")


def test_lines_of_chats_are_read_so_too(tmp_path: Path) -> None:
    chats = [
        {"name": f"Grüße {at}", "messages": [{"from": f"Jürgen {n}", "text": f"schön {n}"} for n in range(3)]}
        for at in range(4)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(twice(one)) for one in chats))
    found = load(tmp_path / "a.jsonl", choices={"items": "messages"})
    assert found.items == [f"schön {n}" for _ in chats for n in range(3)]
    assert found.table["conversation"][0] == "Grüße 0"
