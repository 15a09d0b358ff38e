"""Chats that were written out as text: WhatsApp in many locales, Signal, Telegram."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.columns import read
from explorer.ingest import load, pasted_as, preview

SAID = (("Anna", "The washing machine leaks"), ("Ben 🚲", "A plumber comes on Thursday: at 8"),
        ("+49 171 5550199", "Happy birthday!"), ("Anna", "Thanks, see you on Saturday"),
        ("Ben 🚲", "I bring the cake"))  # fmt: skip


def chat(stamps: list[str], form: str, more: str = "") -> str:
    """Return a chat, a message a stamp, and more lines below."""
    return more + "".join(
        form.format(stamp=stamp, person=SAID[at % 5][0], text=SAID[at % 5][1]) for at, stamp in enumerate(stamps)
    )


DAYS = range(10, 20)
ANDROID, IOS = "{stamp} - {person}: {text}\n", "[{stamp}] {person}: {text}\n"
LOCALES = {
    "British": ([f"{day}/10/2025, 16:53" for day in DAYS], ANDROID),
    "American": ([f"10/{day}/25, 4:53\u202fPM" for day in DAYS], ANDROID),
    "German": ([f"{day}.10.25, 16:53" for day in DAYS], ANDROID),
    "German iOS": ([f"{day}.10.25, 16:53:12" for day in DAYS], IOS),
    "American iOS": ([f"10/{day}/25, 4:53:12\u202fPM" for day in DAYS], "\u200e" + IOS),
    "Spanish": ([f"{day}/10/25, 4:53\u00a0p.\u00a0m." for day in DAYS], ANDROID),
    "Brazilian": ([f"{day}/10/2025 16:53" for day in DAYS], ANDROID),
    "Dutch": ([f"{day}-10-2025 16:53" for day in DAYS], ANDROID),
    "Finnish": ([f"{day}.10.2025 klo 16.53" for day in DAYS], ANDROID),
    "Swedish": ([f"2025-10-{day} 16:53" for day in DAYS], ANDROID),
    "Korean": ([f"2025. 10. {day}. 오후 4:53" for day in DAYS], ANDROID),
    "Japanese": ([f"2025/10/{day} 16:53" for day in DAYS], ANDROID),
    "Chinese iOS": ([f"2025/10/{day} 下午4:53:12" for day in DAYS], IOS),
    "Greek": ([f"{day}/10/25, 4:53 μ.μ." for day in DAYS], ANDROID),
    "before 2016": ([f"{day}/10/2025, 16:53" for day in DAYS], "{stamp}: {person}: {text}\n"),
    "copied from a window": ([f"16:53, {day}/10/2025" for day in DAYS], IOS),
    "Signal": ([f"2025-10-{day} 16:53" for day in DAYS], IOS),
    "Telegram": ([f"{day}.10.2025 16:53" for day in DAYS], "{person}, [{stamp}]\n{text}\n\n"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_messages_have_their_time_and_author_in_every_locale(tmp_path: Path, locale: str) -> None:
    (tmp_path / "chat.txt").write_text(chat(*LOCALES[locale]))
    dataset = load(tmp_path / "chat.txt")
    assert dataset.items == [text for _, text in SAID] * 2
    assert dataset.table["author"].tolist() == [person for person, _ in SAID] * 2
    seen = read(dataset.table["time"], "time")
    assert (seen.reading.kind, seen.unread) == ("date", 0)
    assert seen.numbers is not None
    first = 1760111580.0  # 2025-10-10 15:53
    assert int(seen.numbers[0]) // 60 * 60 == first + 3600
    assert preview(tmp_path / "chat.txt", limit=2).rows[1]["author"] == "Ben 🚲"


WHATSAPP = """12/03/2025, 18:02 - Messages and calls are end-to-end encrypted. Nobody else can read them.
12/03/2025, 18:02 - Anna created group "Family & co"
12/03/2025, 18:03 - Anna changed the group name from "Trip: Rome" to "Family & co"
13/03/2025, 05:30 - Anna: Shopping list:
- milk

- bread: the dark one
13/03/2025, 05:31 - Ben: <Media omitted>
13/03/2025, 05:32 - Ben: IMG-20250313-WA0001.jpg (file attached)
13/03/2025, 05:33 - Ben: IMG-20250313-WA0002.jpg (file attached)
The old house
13/03/2025, 05:34 - Anna: This message was deleted
13/03/2025, 05:35 - Anna: I love it <3
13/03/2025, 05:36 - Ben: See you at 8 <This message was edited>
13/03/2025, 05:37 - Ben: null
"""


def test_lines_of_the_chat_itself_and_attachments_are_left_out_by_kind(tmp_path: Path) -> None:
    (tmp_path / "WhatsApp Chat.txt").write_text(WHATSAPP)
    dataset = load(tmp_path / "WhatsApp Chat.txt")
    assert dataset.items == [
        "Shopping list:\n- milk\n\n- bread: the dark one", "The old house", "I love it <3", "See you at 8"
    ]  # fmt: skip
    assert [dataset.place(row) for row in range(4)] == ["line 4", "line 10", "line 13", "line 14"]
    assert [(one.kind, one.count) for one in dataset.faults] == [
        ("line of the chat itself", 3), ("attachment", 3), ("deleted message", 1)
    ]  # fmt: skip
    assert [one.place for one in dataset.rejected] == [f"line {n}" for n in (1, 2, 3, 8, 9, 12, 15)]
    whole = load(tmp_path / "WhatsApp Chat.txt", choices={"items": "conversations"})
    assert (len(whole), whole.table["turns"].tolist()) == (1, [4])
    assert whole.items[0].startswith("Anna: Shopping list:")
    assert len(load(tmp_path / "WhatsApp Chat.txt", choices={"items": "lines"})) == 14


def test_on_ios_what_is_behind_marks_of_direction_was_written_by_nobody(tmp_path: Path) -> None:
    lines = [
        "[28.10.25, 16:53:12] Familie: \u200eNachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt, wie immer.",
        "[28.10.25, 16:54:00] Anna: Wer kommt am Samstag?",
        "\u200e[28.10.25, 16:55:00] ~\u202fBen: \u200eBild weggelassen",
        "[28.10.25, 16:56:00] ~\u202fBen: Ich",
        "\u200e[28.10.25, 16:57:00] Anna: \u200eПриложен стикер",
    ]
    (tmp_path / "_chat.txt").write_text("\r\n".join(lines), newline="")
    dataset = load(tmp_path / "_chat.txt")
    assert dataset.items == ["Wer kommt am Samstag?", "Ich"]
    assert dataset.table["author"].tolist() == ["Anna", "Ben"]
    assert [one.what for one in dataset.rejected] == ["line of the chat itself", "attachment", "attachment"]


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"2025-10-28 16:{at:02d}:12 - {'INFO' if at % 2 else 'WARNING'}: step {at}\n" for at in range(30)),
        "".join(f"12/03/2025, 18:{at:02d} - sowed row {at} of the beans\n" for at in range(30)),
        "".join(f"12/03/2025, 18:{at:02d} - task {at}: water the beans\n" for at in range(30)),
        "A letter.\n\n" + "It was late, and nobody came: so we went home.\n" * 20 + "12/03/2025, 18:02 - Anna: yes\n",
        "",
    ],
)  # fmt: skip
def test_logs_and_diaries_stay_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text or "one line\n")
    assert not load(tmp_path / "a.txt").table.columns.isin(["author"]).any()


def test_endless_lines_are_told_in_linear_time(tmp_path: Path) -> None:
    lines = ["12/03/2025, 18:02 - " + "a" * 200_000 + "\n", "[" + "1" * 200_000 + "\n", "p. " * 100_000 + "\n"]
    (tmp_path / "a.txt").write_text("".join(lines) + WHATSAPP)
    assert len(load(tmp_path / "a.txt")) >= 4


def test_a_pasted_chat_is_its_messages() -> None:
    assert pasted_as(WHATSAPP) == {"items": "messages"}
    assert pasted_as("Anna: yes\nBen: no\nAnna: well") == {}
