"""Chats that were written out as text: WhatsApp in many locales, Signal, Telegram."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from explorer.columns import read
from explorer.ingest import load, pasted_as, preview
from explorer.types import CHAT_LINE

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
    "Vietnamese": ([f"16:53, {day}/10/2025" for day in DAYS], ANDROID),
    "Signal": ([f"2025-10-{day} 16:53" for day in DAYS], IOS),
    "Arabic": ([f"\u200f{day}\u200f/10\u200f/2025، 4:53 م" for day in DAYS], ANDROID),
    "Persian": ([f"2025/10/{day}،\u200f 16:53" for day in DAYS], ANDROID),
    "Persian digits": (
        [f"2025/10/{day}،\u200f 16:53".translate({48 + n: 0x6F0 + n for n in range(10)}) for day in DAYS],
        ANDROID,
    ),
    "Bulgarian": ([f"{day}.10.25 г., 16:53 ч." for day in DAYS], ANDROID),
    "Canadian French": ([f"2025-10-{day} 16 h 53" for day in DAYS], ANDROID),
    "Albanian": ([f"{day}.10.25, 4:53 e pasdites" for day in DAYS], ANDROID),
    "Portuguese": ([f"{day}/10/25, 4:53 da tarde" for day in DAYS], ANDROID),
    "Hindi": ([f"{day}/10/25, 4:53 अपराह्न" for day in DAYS], ANDROID),
    "Bengali": ([f"{day}/10/25, 4:53 অপরাহ্ণ" for day in DAYS], ANDROID),
    "Tamil iOS": ([f"{day}/10/25, பிற்பகல் 4:53:12" for day in DAYS], IOS),
    "Thai": ([f"{day}/10/2025 4:53 หลังเที่ยง" for day in DAYS], ANDROID),
    "KakaoTalk": ([f"2025년 10월 {day}일 오후 4:53" for day in DAYS], "{stamp}, {person} : {text}\n"),
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
        ("line of the chat itself", 3), ("attachment", 3), ("deleted message", 1), ("no value", 3)
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


@pytest.mark.parametrize("stamp", ["2025-03-01 10:{:02d}:00 ", "[10:{:02d}] ", "10:{:02d}:00 "])
def test_what_is_written_on_irc_has_its_author_and_who_comes_and_goes_is_no_message(tmp_path: Path, stamp: str) -> None:
    lines = []
    for at in range(12):
        lines.append(f"{stamp.format(2 * at)}<{'@ann' if at % 2 else 'bob_'}> what is said {at} <b>")
        lines.append(f"{stamp.format(2 * at + 1)}-!- carl [c@x] has joined #town")
    (tmp_path / "town.log").write_text("\n".join(lines))
    dataset = load(tmp_path / "town.log")
    assert dataset.items == [f"what is said {at} <b>" for at in range(12)]
    assert dataset.table["author"].tolist()[:2] == ["bob_", "ann"]
    assert {one.what for one in dataset.rejected} == {"line of the chat itself"}


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"2025-10-28 16:{at:02d}:12 - {'INFO' if at % 2 else 'WARNING'}: step {at}\n" for at in range(30)),
        "".join(f"12/03/2025, 18:{at:02d} - sowed row {at} of the beans\n" for at in range(30)),
        "".join(f"12/03/2025, 18:{at:02d} - task {at}: water the beans\n" for at in range(30)),
        "".join(f"Mar  {at % 2 + 1} 10:{at:02d}:00 host sshd[{at}]: step {at}\n" for at in range(30)),
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


TALK = (
    ("Interviewer", "Could you tell me more about work?"),
    ("Mrs M.", "When the factory closed I was 48: nobody hires you then."),
    ("Interviewer", "And what happened after that time?"),
    ("Mrs M.", "I retrained as a carer and it was right."),
)
HEADS = "Interview 1\nDate: 1.11.2025   Duration: 38 min\nTranscribed with: a program\n\n"
TRANSCRIPTS = {
    "in brackets": "[{time}] {person}: {text}\n",
    "in brackets, to the millisecond": "[{time}.120] {person}: {text}\n\n",
    "bare": "{time} {person}: {text}\n",
    "after the person": "{person} [{time}]: {text}\n",
    "on lines of their own": "{person}  {time}\n{text}\n\n",
    "at the end": "{person}: {text} #{time}-2#\n",
}


@pytest.mark.parametrize("form", TRANSCRIPTS)
def test_what_people_say_in_a_transcript_has_its_time_and_who_says_it(tmp_path: Path, form: str) -> None:
    lines = [
        TRANSCRIPTS[form].format(time=f"00:{at:02d}:{at * 7 % 60:02d}", person=TALK[at % 4][0], text=TALK[at % 4][1])
        for at in range(16)
    ]
    (tmp_path / "a.txt").write_text(HEADS + "".join(lines))
    found = load(tmp_path / "a.txt")
    assert found.items == [text for _, text in TALK] * 4
    assert found.table["author"].tolist() == [person for person, _ in TALK] * 4
    assert found.table["time"][3].startswith("00:03:21")
    assert [fault.place for fault in found.rejected] == ["line 1", "line 2", "line 3"]


def test_a_transcript_without_times_has_who_speaks_and_goes_on_over_lines(tmp_path: Path) -> None:
    said = [f"{'IB'[at % 2]}: {TALK[at % 4][1]}\n" for at in range(12)]
    said[3] = f"{said[3]}She said: we will see about that.\n"
    (tmp_path / "a.txt").write_text("".join(said))
    found = load(tmp_path / "a.txt")
    assert len(found) == 12
    assert found.items[3] == f"{TALK[3][1]}\nShe said: we will see about that."
    assert found.table["author"].tolist() == ["I", "B"] * 6
    assert list(found.table.columns) == ["author"]
    assert next(choice.sure for choice in found.choices if choice.name == "items") is False
    assert load(tmp_path / "a.txt", choices={"items": "lines"}).items[0] == said[0].strip()


@pytest.mark.parametrize(
    "lines",
    [
        [
            f"{name}: a value of several words that is number {at}"
            for at in range(9)
            for name in ("Name", "Job", "Town")
        ],
        [f"Dish {at}: two eggs and some flour for number {at}" for at in range(20)],
        [f"[00:00:{at:02d}] INFO: a program did thing number {at}" for at in range(20)],
        [f"[00:{at:02d}.00] a line of a song that nobody says" for at in range(20)],
        [f"Train to place {at} 10:{at:02d}" for at in range(20)],
        [f"{name}: {at}" for at in range(9) for name in ("Yes", "No")],
    ],
)
def test_lists_records_logs_and_songs_are_no_transcripts(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.txt").write_text("\n".join(lines))
    assert load(tmp_path / "a.txt").items == lines


def test_who_speaks_seldom_in_a_transcript_is_told_too(tmp_path: Path) -> None:
    speakers = [
        "Moderator",
        "Ann",
        "Moderator",
        "Bob",
        "Carla",
        "Moderator",
        "Ann",
        "Bob",
        "Moderator",
        "Dan Brown",
    ] * 2
    speakers[4], speakers[9] = "Eve", "Moderator"
    turns = [f"{who}: the bus number {at} never came on Monday" for at, who in enumerate(speakers)]
    (tmp_path / "a.txt").write_text("\n".join(turns))
    found = load(tmp_path / "a.txt")
    assert (found.table["author"].tolist(), found.rejected) == (speakers, ())
    assert found.items[4] == "the bus number 4 never came on Monday"
    wrapped = [f"{turn}\nand nobody told us why" if at % 3 else turn for at, turn in enumerate(turns)]
    wrapped[2] += "\nSo: we walked"  # where lines go on, what stands before a colon may be a part of what is said
    (tmp_path / "b.txt").write_text("\n".join(wrapped))
    assert any("why\nSo: we walked" in item for item in load(tmp_path / "b.txt").items)
    many = [f"{'Ann' if at % 2 else 'Bob'}: the bus number {at} never came on Monday" for at in range(900)]
    (tmp_path / "c.txt").write_text("\n".join([*many, "Eve: and who speaks late is told"]))
    assert load(tmp_path / "c.txt").table["author"].tolist()[-2:] == ["Ann", "Eve"]


@pytest.mark.parametrize(
    ("above", "form", "below", "stamp"),
    [
        ("", "{person}\n3/1/2025 10:00 AM\n{text}\n\n", "", "3/1/2025, 10:00 AM"),
        ("", "2025-03-01 10:00:00 From {person} to Everyone:\n\t{text}\n", "", "2025-03-01, 10:00:00"),
        ("", "10:00:00\t From  {person} : {text}\n", "", "10:00:00"),
        (
            f"{'=' * 62}\nGuild: Town\nChannel: all\n{'=' * 62}\n\n",
            "[01-Mar-25 10:00 AM] {person}\n{text}\n\n",
            f"{'=' * 62}\nExported 5 message(s)\n{'=' * 62}\n",
            "01-Mar-25, 10:00 AM",
        ),
        (
            "Town 님과 카카오톡 대화\n\n--------------- 2025년 3월 1일 토요일 ---------------\n",
            "[{person}] [오후 10:00] {text}\n", "", "2025-03-01, 10:00 PM",
        ),
        ("[LINE] Chat with Town\n\n2025/03/01(土)\n", "10:00\t{person}\t{text}\n", "", "2025-03-01, 10:00"),
    ],
)  # fmt: skip
def test_heads_of_other_programs_give_time_and_author_and_nothing_is_lost(
    tmp_path: Path, above: str, form: str, below: str, stamp: str
) -> None:
    people = ("Ann", "Bob Jones", "Ann", "Bob Jones", "Ann")
    said = [f"the bus number {at} never came" for at in range(5)]
    text = above + "".join(form.format(person=who, text=one) for who, one in zip(people, said, strict=True)) + below
    (tmp_path / "a.txt").write_text(text)
    found = load(tmp_path / "a.txt")
    assert list(found.items) == said
    assert found.table["author"].tolist() == list(people)
    assert set(found.table["time"]) == {stamp}
    filled = [line for line in (above + below).splitlines() if line.strip()]
    assert [one.reason.rpartition(": ")[2] for one in found.rejected] == [line.rpartition(": ")[2] for line in filled]


def test_a_date_that_somebody_writes_alone_on_a_line_is_a_part_of_the_message(tmp_path: Path) -> None:
    text = "".join(f"2025-03-0{at} 10:00 - {'AB'[at % 2]}nn: come on\n2025-03-09\nplease\n" for at in range(1, 7))
    (tmp_path / "a.txt").write_text(text)
    assert set(load(tmp_path / "a.txt").items) == {"come on\n2025-03-09\nplease"}


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2068", "\u200e\u2068"])
def test_what_the_program_says_of_a_person_behind_marks_is_no_message(tmp_path: Path, mark: str) -> None:
    stamp = "[11/28/24, 6:03:11\u202fPM]"
    lines = [
        f"{stamp} Family: \u200eMessages and calls are end-to-end encrypted.",
        f"{stamp} Ann O: {mark}Ann O created this group",
    ]
    lines += [f"{stamp} {'Ann O' if n % 2 else 'Bob'}: Bob asked for number {n}" for n in range(6)]
    lines += [
        f"{stamp} Bob: {mark}Ann O changed the group’s picture",
        f"{stamp} Bob: {mark}the way home, for all who ask",
    ]
    (tmp_path / "_chat.txt").write_text("\n".join(lines), encoding="utf-8")
    dataset = load(tmp_path / "_chat.txt")
    assert len(dataset) == 7
    assert {one.what for one in dataset.rejected} == {CHAT_LINE}
    assert len(dataset.rejected) == 3


NOTICES = {
    "en": "Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
    "en, before": "Messages to this group are now secured with end-to-end encryption.",
    "de": "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat können sie lesen.",
    "es": "Los mensajes y las llamadas están cifrados de extremo a extremo.",
    "fr": "Les messages et les appels sont chiffrés de bout en bout.",
    "it": "I messaggi e le chiamate sono crittografati end-to-end.",
    "pt-BR": "As mensagens e ligações são protegidas com a criptografia de ponta a ponta.",
    "pt": "As mensagens e as chamadas são encriptadas ponto a ponto.",
    "nl": "Berichten en oproepen worden end-to-end versleuteld.",
    "ru": "Сообщения и звонки защищены сквозным шифрованием.",
    "pl": "Wiadomości i połączenia są szyfrowane metodą end-to-end.",
    "tr": "Mesajlar ve aramalar uçtan uca şifrelidir.",
    "ar": "الرسائل والمكالمات مشفرة تمامًا بين الطرفين.",
    "ja": "メッセージと通話はエンドツーエンドで暗号化されています。",
    "zh": "消息和通话已进行端到端加密。",
    "ko": "메시지와 통화는 종단간 암호화됩니다.",
}


@pytest.mark.parametrize("language", NOTICES)
def test_on_ios_that_a_chat_is_encrypted_is_no_message_of_who_else_writes_in_it(tmp_path: Path, language: str) -> None:
    said = [
        f"[28.10.25, 16:5{at}:12] {'Ann' if at % 2 else 'Bob'}: our end-to-end encrypted bus {at}" for at in range(8)
    ]
    notice = f"[28.10.25, 16:49:12] Ann: \u200e{NOTICES[language]}"
    (tmp_path / "_chat.txt").write_text("\r\n".join([notice, *said]), encoding="utf-8", newline="")
    found = load(tmp_path / "_chat.txt")
    assert found.items == [f"our end-to-end encrypted bus {at}" for at in range(8)]
    assert [(one.what, one.row) for one in found.rejected] == [(CHAT_LINE, 0)]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("clock", ["{:02}:{:02}", "오후 {}:{:02}", "{}:{:02} PM"])
def test_lines_of_a_time_a_name_and_a_text_between_tabs_are_messages_whole_and_apart(
    tmp_path: Path, seed: int, clock: str
) -> None:
    dice = random.Random(seed)
    texts = ["On my way: 5 min", "See you at 10:30?", "ok", "Price: 12,50", "What about tomorrow? I could come: at six"]
    people = dice.sample(["Ann", "Bob Miller", "Иван Петров", "陈伟", "O’Brien"], 2)
    said = [(dice.choice(people), dice.choice(texts)) for _ in range(6)] + [(people[0], texts[1])] * 2
    lines = [f"{clock.format(1 + at, 13)}\t{who}\t{text}\n" for at, (who, text) in enumerate(said)]
    (tmp_path / "line.txt").write_text("".join([*lines, "and a second line: really\n"]), encoding="utf-8")
    dataset = load(tmp_path / "line.txt")
    assert [*dataset.items][:-1] == [text for _, text in said][:-1]
    assert dataset.items[-1] == f"{said[-1][1]}\nand a second line: really"
    assert dataset.table["author"].tolist() == [who for who, _ in said]
    assert not dataset.rejected
    assert dataset.table["time"][1] == {"{:02}:{:02}": "02:13"}.get(clock, "2:13 PM")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("clock", ["{}:{:02}", "{}:{:02}PM", "오후 {}:{:02}", "下午 {}:{:02}"])
@pytest.mark.parametrize("day", ["", "2025/03/01(土)", "2025.03.01 토요일", "Sat, 03/01/2025", "So., 1.3.2025"])
def test_what_a_program_writes_at_a_time_between_messages_with_tabs_is_the_chat_s(
    tmp_path: Path, day: str, clock: str, seed: int
) -> None:
    dice = random.Random(f"{day}{clock}{seed}")
    happened = ["Ann joined the group.", "\tBob left", "Bob님이 그룹에 참여했습니다.", "\tAnn unsent a message."]
    said = [
        (dice.choice(("Ann", "Bob Miller", "陈伟")), dice.choice(("are you there?", "ok thanks")), 1) for _ in range(5)
    ]
    lines: list[tuple[str, ...]] = [(who, text) for who, text, _ in said]
    for text in dice.sample(happened, 1 + seed % 4):
        lines.insert(dice.randint(1, len(lines)), (text,))
    told = [f"{clock.format(1 + at, 13)}\t" + "\t".join(one) for at, one in enumerate(lines)]
    if day:
        told = [day, *told[:4], day, *told[4:]]
    (tmp_path / "line.txt").write_text("\n".join(told), encoding="utf-8")
    found = load(tmp_path / "line.txt")
    assert found.items == [text for _, text, _ in said]
    assert found.table["author"].tolist() == [who for who, _, _ in said]
    assert {one.what for one in found.rejected} == {CHAT_LINE}
    assert len(found.rejected) == 1 + seed % 4 + 2 * bool(day)


@pytest.mark.parametrize(
    "lines",
    [
        ["time\tauthor\tmessage", "09:00\tAnn\tAre you there?", "09:30\tBob\tyes: I am", "10:00\tAnn\tok"],
        ["09:00\tHall A\tOpening words", "09:30\tHall B\tMaps: how they lie", "10:00\tHall A\tA talk on bees"],
        ["09:00\tkitchen\t21.5", "09:30\thall\t20.1", "10:00\tkitchen\t22.0"],
    ],
)
def test_a_table_of_times_names_and_values_is_no_chat(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "times.txt").write_text("\n".join(lines * 2 if "time" not in lines[0] else lines) + "\n")
    dataset = load(tmp_path / "times.txt")
    assert "author" not in dataset.columns or "time" in lines[0]
    assert next(one.value for one in dataset.choices if one.name == "as") == "table"
    assert len(dataset.columns) == 3


@pytest.mark.parametrize(
    "form",
    ["{at:02}:10\t{who}\t{text}\n", "[00:{at:02}:10] {who}: {text}\n", "{at:02}:10 {who}: {text}\n", "{who}: {text}\n"],
)
def test_null_is_a_word_where_no_messenger_writes_it_for_what_is_gone(tmp_path: Path, form: str) -> None:
    texts = ["what does it print for you, please?", "it is null as I said before to you", "what it was for you then?"]
    said = [*(("Ann", "Bob")[at % 2] for at in range(9))]
    lines = [form.format(at=at, who=who, text="null" if at == 5 else texts[at % 3]) for at, who in enumerate(said)]
    (tmp_path / "chat.txt").write_text("".join(lines))
    dataset = load(tmp_path / "chat.txt", choices={"items": "messages"})
    assert dataset.items[5] == "null"
    assert not dataset.rejected
