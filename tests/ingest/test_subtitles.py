"""Subtitles: captions put together to sentences, with their times and who speaks, nothing lost."""

import random
import re
from pathlib import Path

import pytest

from explorer.ingest import load, preview
from explorer.types import NOTE, PART, Dataset

SRT = """\ufeff1
00:00:00,166 --> 00:00:04,909
We looked for a flat for eight months,
thirty people at each viewing.

2
00:00:05,757 --> 00:00:09,485
<i>Since the pub closed</i> there is no

3
00:00:09,757 --> 00:00:12,000 X1:10 X2:20
{\\an8}place to talk: it is 5 < 6.

a line below an empty one

4
00:00:20,000 --> 00:00:21,000
No!

5
00:00:21,100 --> 00:00:22,000
No!
"""
VTT = """WEBVTT - a talk
Kind: captions

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:03.000
<v.loud Anna>How do you do &amp; how was it?

00:03.500 --> 00:05.000 align:start
<v Ben>It was all right, I would say

00:05.000 --> 00:06.000
<v Ben>and then we left.
"""
ZOOM = "WEBVTT\n\n" + "".join(
    f"{at}\n00:00:{at:02d}.000 --> 00:00:{at:02d}.900\n{('Anna B.', 'Ben')[at % 2]}: I said this, number {at}.\n\n"
    for at in range(1, 9)
)
ROLLING = """WEBVTT

00:00:00.100 --> 00:00:02.000

hello<00:00:00.500><c> there</c><00:00:01.000><c> everyone</c>

00:00:02.000 --> 00:00:02.010
hello there everyone


00:00:02.010 --> 00:00:04.000
hello there everyone
and<00:00:02.500><c> welcome</c><00:00:03.000><c> to all.</c>
"""


def subtitles(path: Path, text: str, **choices: str) -> Dataset:
    path.write_text(text, encoding="utf-8")
    return load(path, choices=choices)


def test_captions_are_put_together_to_sentences_with_their_times(tmp_path: Path) -> None:
    found = subtitles(tmp_path / "a.srt", SRT)
    assert found.items == [
        "We looked for a flat for eight months, thirty people at each viewing.",
        "Since the pub closed there is no place to talk: it is 5 < 6. a line below an empty one",
        "No! No!",
    ]
    assert found.table["start"].tolist() == ["00:00:00,166", "00:00:05,757", "00:00:20,000"]
    assert found.table["end"].tolist() == ["00:00:04,909", "00:00:12,000", "00:00:22,000"]
    assert list(found.table.columns) == ["start", "end"]
    assert found.place(1) == "line 7"
    assert found.rejected == ()
    assert preview(tmp_path / "a.srt", limit=1).rows[0]["text"].startswith("We looked")
    alone = subtitles(tmp_path / "a.srt", SRT, items="captions")
    assert len(alone) == 5
    assert alone.items[3:] == ["No!", "No!"]


def test_who_speaks_is_kept_and_what_is_no_caption_is_listed(tmp_path: Path) -> None:
    found = subtitles(tmp_path / "a.vtt", VTT)
    assert found.items == ["How do you do & how was it?", "It was all right, I would say and then we left."]
    assert found.table["author"].tolist() == ["Anna", "Ben"]
    assert found.table["cue"].fillna("").tolist() == ["intro", ""]
    assert {fault.what for fault in found.rejected} == {PART}
    assert [fault.reason for fault in found.rejected] == [
        "it is the heading of the file, and no caption: a talk Kind: captions",
        "it is none of the captions: NOTE made by hand",
        "it is none of the captions: STYLE ::cue { color: red }",
    ]
    assert subtitles(tmp_path / "b.vtt", ZOOM).table["author"].tolist() == ["Ben", "Anna B."] * 4
    assert subtitles(tmp_path / "b.vtt", ZOOM).items[0] == "I said this, number 1."


def test_captions_that_roll_are_read_once(tmp_path: Path) -> None:
    assert subtitles(tmp_path / "a.vtt", ROLLING).items == ["hello there everyone and welcome to all."]


@pytest.mark.parametrize("suffix", [".srt", ".vtt"])
def test_what_is_no_subtitles_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("only words\n\nand others\n")
    with pytest.raises(Exception, match="none of the captions: only words"):
        load(path)


def test_subtitles_that_are_called_text_are_read_as_such_and_as_lines_where_that_is_chosen(tmp_path: Path) -> None:
    found = subtitles(tmp_path / "a.txt", SRT)
    assert found.items == subtitles(tmp_path / "a.srt", SRT).items
    assert "start" in found.table.columns
    assert subtitles(tmp_path / "a.txt", SRT, items="lines").items[1] == "00:00:00,166 --> 00:00:04,909"
    assert (
        subtitles(tmp_path / "b.txt", "a list\n00:00:01,000 --> 00:00:02,000\nof things\nand more\n" * 2).items[0]
        == "a list"
    )


def test_sentences_of_few_wide_signs_are_sentences(tmp_path: Path) -> None:
    said = ["バスが来なくて雨の中一時間待ちました。", "角の街灯を直してください。", "夜隣のバーの騒音で眠れません。"]
    cues = [f"{at + 1}\n00:00:0{3 * at},000 --> 00:00:0{3 * at + 2},500\n{one}\n" for at, one in enumerate(said)]
    (tmp_path / "a.srt").write_text("\n".join(cues), encoding="utf-8")
    assert list(load(tmp_path / "a.srt").items) == said


WORDS = ("rain", "bus", "the", "quietly", "Applause", "i", "b", "font", "lang", "voice", "u", "late", "c", "Anna")
LOOKS = (
    "{}", "<{}>", "</{}>", "a <{}> b", "[{}]", "({})", "{{{}}}", "- {}", "> {}", "<3 {}", "x < {} > y", "{} &notes",
    "10:30 {}",
    "{} --> there", "{} -> 10:30", "NOTEd {}", "<i {}", "♪ {} ♪", "<<{}>>", "&lt;{}&gt;",
)  # fmt: skip


TAGGED = ("{}", "<i>{}</i>", '<font color="#fff">{}</font>', "<b>{}</b>", "{{\\an8}}{}")


def random_lines(dice: random.Random, at: int) -> list[str]:
    """Return lines of a caption with words that come once."""
    count = dice.randint(1, 3)
    said = (" ".join([*dice.choices(WORDS, k=dice.randint(1, 4)), f"w{at}x{n}"]) for n in range(count))
    return [dice.choice(LOOKS).format(one) for one in said]


def words_of(text: str) -> list[str]:
    """Return the words, codes of signs as the signs."""
    return re.findall(r"\w+", text.replace("&lt;", "<").replace("&gt;", ">"))


@pytest.mark.parametrize("seed", range(12))
def test_no_word_is_lost_and_only_tags_are_tags(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    blocks = [random_lines(dice, at) for at in range(30)]
    tagged = [
        [dice.choice(TAGGED).format(one) for one in lines]
        for lines in blocks
    ]  # fmt: skip
    is_web, numbered, empty = dice.random() < 0.5, dice.random() < 0.7, "\n" if dice.random() < 0.7 else ""
    point = "." if is_web else ","
    text = "WEBVTT\n\n" if is_web else ""
    for at, lines in enumerate(tagged):
        stamp = f"00:00:{at:02d}{point}100 --> 00:00:{at:02d}{point}900"
        number = f"{at + 1}\n" if numbered else ""
        text += number + "\n".join([stamp, *lines]) + "\n" + empty
    found = subtitles(tmp_path / f"a.{'vtt' if is_web else 'srt'}", text, items="captions")
    kept = [
        words_of(f"{author or ''} {item}")
        for author, item in zip(found.table.get("author", [""] * 30), found.items, strict=True)
    ]
    assert kept == [words_of(" ".join(lines)) for lines in blocks]
    assert found.rejected == ()


TORN = (
    "00:00:07,0", "00:00:07", "00:00:07,000 -->", "00:00:07,000 --> 00:0", "--> 00:00:09,000", "00:00:0",
    "00:00:07,000 --> 00:00:x9,000", "00:", "00:00:07,000 --",
)  # fmt: skip
OTHERWISE = (
    "0:0:7 --> 0:0:9", "0:7,000 --> 00:00:09,000", "00:00:07,000 -> 00:00:09,000", "00: 00: 07,000 --> 00: 00: 09,000",
    "00：00：07，000 --> 00：00：09，000",
    "00:00:07 --> 00:00:09", "00:07.000 → 00:09.000", "00:00:07,000--&gt;00:00:09,000", "0:00:07.000 –> 0:00:09.000",
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".srt", ".vtt"])
@pytest.mark.parametrize("times", [*TORN, *OTHERWISE])
def test_a_line_of_times_is_no_part_of_a_sentence_however_it_is_written(
    tmp_path: Path, suffix: str, times: str
) -> None:
    header = "WEBVTT\n\n" if suffix == ".vtt" else ""
    begin = f"{header}1\n00:00:01.000 --> 00:00:03.000\nHello there\n\n2\n00:00:04.000 --> 00:00:06.000\nmy friend\n\n"
    found = subtitles(
        tmp_path / f"a{suffix}", f"{begin}3\n{times}\nthe bus\n\n4\n00:00:11.000 --> 00:00:12.000\nwas late"
    )
    told = [one.reason for one in found.rejected]
    if times in TORN:
        assert (found.items, len(told)) == (["Hello there my friend", "the bus", "was late"], 1)
        assert told[0].endswith(f"cannot be read, so what it says has no times: {times}")
        assert found.table["start"].fillna("").tolist() == ["00:00:01.000", "", "00:00:11.000"]
    else:
        assert (found.items, told) == (["Hello there my friend the bus was late"], [])
    ended = subtitles(tmp_path / f"b{suffix}", f"{begin}3\n{times}")
    assert ended.items[0] == "Hello there my friend"
    assert any(times in one.reason for one in ended.rejected) or times in OTHERWISE


@pytest.mark.parametrize("end", ["3", "3\n", "3\n0", "3\n00", "3\n00:00:0"])
def test_a_file_that_ends_amid_a_caption_says_so(tmp_path: Path, end: str) -> None:
    found = subtitles(
        tmp_path / "a.srt", "1\n00:00:01,000 --> 00:00:03,000\nHi\n\n2\n00:00:04,000 --> 00:00:06,000\nyou\n\n" + end
    )
    assert (found.items, len(found.rejected)) == (["Hi you"], 1)
    year = subtitles(
        tmp_path / "b.srt", "1\n00:00:01,000 --> 00:00:03,000\nHi\n\n2\n00:00:04,000 --> 00:00:06,000\nIn\n\n1984"
    )
    assert (year.items, year.rejected) == (["Hi In 1984"], ())


def test_what_stands_behind_times_is_said_and_each_voice_has_its_words(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000 align:start line:90%\n<v Ann>Hi</v> <v Ben>Ho\n\nNOTE by hand\n"
    text += "\n00:03.000 --> 00:04.000 So\nlate\n"
    found = subtitles(tmp_path / "a.vtt", text, items="captions")
    assert (found.items, found.table["author"].fillna("").tolist()) == (["Hi", "Ho", "So late"], ["Ann", "Ben", ""])
    assert [one.reason for one in found.rejected] == ["it is none of the captions: NOTE by hand"]


@pytest.mark.parametrize("seed", range(8))
def test_words_are_of_whom_a_tag_names_to_its_end_and_captions_keep_their_names(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    closed = seed % 2 == 0
    said: list[tuple[str, str, str]] = []
    blocks = []
    for at in range(24):
        name = dice.choice((f"q-{at}", "intro", "")) if seed != 3 else str(at + 1)
        lines, person = [], ""
        for n in range(dice.randint(1, 3)):
            line = ""
            for part in range(dice.randint(1, 2)):
                word = f"w{at}x{n}x{part}"
                if closed and person and dice.random() < 0.5:
                    line, person = f"{line}</v> ", ""
                if dice.random() < 0.7 or not (closed or person):
                    person = dice.choice(("Ann", "Bob B."))
                    line += f"<v {person}>"
                line += f"{word} said. "
                said.append((word, person, name if seed != 3 else ""))
            lines.append(line)
        body = "\n".join(lines)
        blocks.append(f"{name}\n" * bool(name) + f"00:00:{at:02}.100 --> 00:00:{at:02}.900\n{body}\n")
    for items in ("captions", "sentences"):
        found = subtitles(tmp_path / "a.vtt", "WEBVTT - talk\n\n" + "\n".join(blocks), items=items)
        rows = found.table.reindex(columns=["author", "cue"]).astype(object).fillna("")
        where = {word: row for row, item in enumerate(found.items) for word in item.split() if word.startswith("w")}
        assert [(word, rows["author"][where[word]]) for word, _, _ in said] == [(word, who) for word, who, _ in said]
        assert all(name in rows["cue"][where[word]].split(", ") for word, _, name in said if name)
        assert all(not rows["cue"][where[word]] for word, _, name in said if not name) or items == "sentences"
        assert [one.reason for one in found.rejected] == ["it is the heading of the file, and no caption: talk"]


@pytest.mark.parametrize("seed", range(6))
def test_a_caption_that_ends_before_it_starts_is_told_and_joined_with_no_other(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    turned = set(dice.sample(range(8), 2))
    clocks = [(f"00:00:{2 * at:02}.000", f"00:00:{2 * at + 1:02}.500") for at in range(8)]
    times = [f"{end} --> {start}" if at in turned else f"{start} --> {end}" for at, (start, end) in enumerate(clocks)]
    blocks = [f"{one}\nso say {at}\n" for at, one in enumerate(times)]
    dataset = subtitles(tmp_path / "turned.vtt", "WEBVTT\n\n" + "\n".join(blocks))
    told = [one for one in dataset.rejected if one.reason.startswith("it ends before it starts")]
    assert (len(told), {one.what for one in told}) == (2, {NOTE})
    assert {f"so say {at}" for at in turned} <= {*dataset.items}
    assert " ".join(dataset.items) == " ".join(f"so say {at}" for at in range(8))


def test_an_arrow_amid_what_is_said_is_said_where_times_are_whole(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nGo a -> b --> c.\n00:10:00 -> 00:20:00\nis lunch.\n\n"
        "wrong\n00:00:10.000 -> 00:00:11.000\nA wrong arrow.\n"
    )
    dataset = subtitles(tmp_path / "arrow.vtt", text, items="captions")
    assert [*dataset.items] == ["Go a -> b --> c. 00:10:00 -> 00:20:00 is lunch.", "A wrong arrow."]
    assert [(one.row, one.what) for one in dataset.rejected] == [(4, NOTE)]
