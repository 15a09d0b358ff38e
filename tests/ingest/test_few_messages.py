"""Chats of a few messages by several people, in every locale; logs, diaries and quotations of a few lines are none."""

import random
from pathlib import Path

import pytest

from explorer.errors import BadChoice
from explorer.ingest import load
from explorer.ingest.chatlines import chat_form, is_chat, is_sure
from tests.ingest.test_chat_texts import LOCALES, WHATSAPP

PEOPLE = ("Anna", "Ben 🚲", "+49 171 5550199", "María José O'Neill", "Мария", "陈伟", "Dr. Smith", "Mum", "ALEX", "Zoë")
WORDS = (
    "the bus is late",
    "I wait: here",
    "bring an umbrella",
    "yes",
    "see you at 8:30",
    "List:\n- milk\n- eggs",
    "“so”",
)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("locale", LOCALES)
def test_a_few_messages_of_many_people_are_a_chat_in_every_locale(locale: str, seed: int) -> None:
    dice = random.Random(seed)
    stamps, form = LOCALES[locale]
    count = 3 + seed
    people = dice.sample(PEOPLE, count)
    if seed % 2:
        people[-1] = people[0]
    text = "".join(
        form.format(stamp=stamp, person=person, text=dice.choice(WORDS) if at else "are you there?")
        for at, (stamp, person) in enumerate(zip(stamps, people, strict=False))
    )
    found = chat_form(text.splitlines())
    assert found is not None
    assert is_sure(text.splitlines(), found) == bool(seed % 2)


def test_messages_of_which_each_is_another_ones_are_asked_about_and_have_all(tmp_path: Path) -> None:
    said = [f"12.03.24, 10:0{at} - {person}: {WORDS[at]}" for at, person in enumerate(PEOPLE[:7])]
    (tmp_path / "chat.txt").write_text("\n".join(said), encoding="utf-8")
    found = load(tmp_path / "chat.txt")
    assert (found.items, found.table["author"].tolist()) == (list(WORDS), list(PEOPLE[:7]))
    assert [(one.value, one.sure) for one in found.choices if one.name == "items"] == [("messages", False)]
    assert len(load(tmp_path / "chat.txt", choices={"items": "lines"})) == 9


PARTS = ("org.Server", "app.py", "web_server", "com.acme.Main", "userService", "INFO", "http://a.org")
LISTS = {
    "seconds without brackets": lambda at, dice: f"2025-10-28 16:53:1{at} - {dice.choice(PARTS)}: step {at}",
    "ISO's in brackets": lambda at, dice: f"[2025-10-28 16:53:1{at}] {dice.choice(PARTS)}: step {at}",
    "levels behind threads": lambda at, dice: f"[2025/10/28 16:53:1{at}] [main-{at}] {dice.choice(PARTS)}: step {at}",
    "parts of a program": lambda at, dice: f"12/03/2025, 18:0{at} - {PARTS[at % 5]}: step {at}",
    "tasks": lambda at, _: f"12/03/2025, 18:0{at} - Task {at}: water the beans",
    "small letters": lambda at, _: f"12/03/2025, 18:0{at} - {'abcdefgh'[at]}eans: watered them",
    "no names": lambda at, _: f"12/03/2025, 18:0{at} - sowed a row of beans",
    "quotations": lambda at, _: f"12/03/2025, 18:0{at} - {PEOPLE[at]}: “{WORDS[at % 5]}”",
    "times that do not go on": lambda at, _: f"{28 - 3 * at:02}.0{1 + at % 3}.2{3 - at % 3}, 18:00 - {PEOPLE[at]}: so",
    "values": lambda at, dice: f"12.03.24, 18:0{at} - {PEOPLE[3 + at % 7]}: {dice.choice((21.5, '40 %', '7 km/h'))}",
    "no day": lambda at, _: f"18:0{at} - {PEOPLE[at]}: a talk",
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("what", LISTS)
def test_a_few_lines_of_logs_diaries_and_quotations_are_no_chat(what: str, seed: int) -> None:
    dice = random.Random(seed)
    assert not is_chat([LISTS[what](at, dice) for at in range(3 + seed % 5)])


THINGS = ("Server", "Worker 2", "Heating", "Backup", "Breakfast", "Lunch", "Goal", "Yellow card", "Bug", "Heizung")
EVENTS = ("started on port 80", "copied 120 files", "soup", "the button does nothing", "Miller scores", "on", "40 °C")
EVERY = [*LOCALES, "seconds", "ISO's in brackets"]


def dated(locale: str) -> tuple[list[str], str]:
    seconds = [f"2024-03-12 10:05:{at}" for at in range(10, 20)]
    plain = {"seconds": "{stamp} - {person}: {text}\n", "ISO's in brackets": "[{stamp}] {person}: {text}\n"}
    return (seconds, plain[locale]) if locale in plain else LOCALES[locale]


def written(locale: str, people: list[str], texts: list[str]) -> list[str]:
    stamps, form = dated(locale)
    rows = zip(stamps, people, texts, strict=False)
    return "".join(form.format(stamp=stamp, person=who, text=text) for stamp, who, text in rows).splitlines()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("locale", EVERY)
def test_what_a_program_a_diary_or_a_list_of_events_has_at_times_is_no_chat(locale: str, seed: int) -> None:
    dice = random.Random(f"{seed}{locale}")
    people = dice.choices(dice.sample(THINGS, 2 + seed % 2), k=5 + seed)
    assert not is_chat(written(locale, people, dice.choices(EVENTS, k=10)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("locale", EVERY)
def test_a_chat_is_surely_one_only_where_somebody_is_spoken_to(locale: str, seed: int) -> None:
    dice = random.Random(f"{seed}{locale}")
    names = dice.sample(("Germany", "Anna", "Zurich", "Red", "Peter Miller", "Dr. Smith", "Client"), 2)
    people = [*names, *dice.choices(names, k=4 + seed), *names]
    texts = dice.choices(EVENTS, k=10)
    lines = written(locale, people, texts)
    assert (form := chat_form(lines)) is not None
    assert not is_sure(lines, form)
    texts[dice.randrange(6)] = dice.choice(("are you there?", "Hi", "kommst du", "😂", "merci", "好吗", "ok thanks"))
    assert is_sure(written(locale, people, texts), form)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("pattern", ["[2024-03-12 10:05:{}] ", "[2024. 03. 12. 10:05:{}] ", "[2024/03/12 10:05:{}] "])
def test_a_name_in_small_letters_or_of_many_words_is_one_of_several_people_in_chats_of_ios(
    pattern: str, seed: int
) -> None:
    dice = random.Random(seed)
    people = [*dice.sample(PEOPLE, 2 + seed), dice.choice(("mum", "jan-peter", "Prof Dr Hans Peter von Stein"))]
    dice.shuffle(people)
    lines = [f"{pattern.format(10 + at)}{who}: {dice.choice(WORDS[:5])}" for at, who in enumerate(people)]
    form = chat_form(lines)
    assert form is not None
    assert not is_sure(lines, form)


def test_what_somebody_says_is_a_chat_is_read_as_one_or_refused_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A heading\n12/03/2025, 18:02 - beans: watered\nand sowed\n12/03/2025, 18:03 - peas: none\n")
    assert len(load(path)) == 4
    asked = load(path, choices={"items": "messages"})
    assert (asked.items, asked.table["author"].tolist()) == (["watered\nand sowed", "none"], ["beans", "peas"])
    assert [one.place for one in asked.rejected] == ["line 1"]
    path.write_text("Ann: come on\nBob: I wait\n")
    assert load(path, choices={"items": "messages"}).table["author"].tolist() == ["Ann", "Bob"]
    assert load(path, choices={"items": "conversations"}).items == ["Ann: come on\n\nBob: I wait"]
    path.write_text("nobody says this\nor that\n")
    with pytest.raises(BadChoice, match="begins with who says it, as “12"):
        load(path, choices={"items": "messages"})
    for name, text in (("a.csv", "text,n\na good line,1\nanother one,2\n"), ("a.json", '[{"text": "words here"}]')):
        (tmp_path / name).write_text(text)
        with pytest.raises(BadChoice, match="holds no messages, each with its text and who wrote it"):
            load(tmp_path / name, choices={"items": "messages"})


def test_the_program_s_notice_tells_a_chat_however_few_write_in_it() -> None:
    lines = [line for line in WHATSAPP.splitlines() if "encrypted" in line]
    assert is_chat(
        [*lines, "13/03/2025, 05:30 - anna: so", "13/03/2025, 05:31 - ben: yes", "13/03/2025, 05:32 - c: no"]
    )
