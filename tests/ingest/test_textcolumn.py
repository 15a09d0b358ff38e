"""Which column of a table reads like text."""

import pytest

from explorer.ingest import textcolumn
from explorer.ingest.textcolumn import is_code, rank

IDS = ["a81f-22", "b91e-07", "c00a-99", "d13b-41"]
TITLES = ["A quiet place", "The long road", "Night falls", "Summer in Rome"]
BODIES = [
    "We stayed for a week and liked the garden.",
    "It rained, but the host was kind.",
    "The room was small and loud at night.",
    "Close to the station and very clean.",
]
WORDS = ["apple", "plum", "cherry", "pear"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": IDS, "title": TITLES, "body": BODIES}, ["body", "title"]),
        ({"label": ["pos", "neg", "pos", "neg"], "sentence": BODIES}, ["sentence", "label"]),
        ({"fruit": WORDS, "n": ["1", "2", "3", "4"]}, ["fruit"]),
        ({"x": BODIES, "review": [text + " Really." for text in BODIES]}, ["review", "x"]),
        ({"author": ["Ann Lee", "Bo Li", "Cy Ray", "Di Fox"], "headline": TITLES}, ["headline", "author"]),
        ({"url": [f"https://example.org/a-page/{i}" for i in IDS]}, []),
        ({"mail": ["a@b.org", "c@d.org"], "when": ["2024-01-01", "2024-01-02T10:00"], "at": ["10:30", "11:45 am"]}, []),
        ({"path": ["/home/a/b.txt", r"C:\My files\x.txt", "img/cat.png"], "price": ["$ 3.50", "4,20 €", "7"]}, []),
        ({"flag": ["yes", "no"], "tags": ['["a", "b"]', '["c"]'], "hex": ["deadbeef", "cafebabe"]}, []),
        ({"文": ["这个电影非常好看我很喜欢", "服务态度太差了不会再来"], "类": ["好", "差"]}, ["文", "类"]),
        ({"empty": [], "blank": ["", " "], "text": WORDS}, ["text"]),
        ({"q": ["мне очень понравилось", "совсем не работает"], "sku": ["AB-1", "AB-2"]}, ["q"]),
    ],
)  # fmt: skip
def test_columns_rank_by_how_much_they_read_like_text(columns: dict[str, list[str]], expected: list[str]) -> None:
    assert rank(columns) == expected


@pytest.mark.parametrize(
    "value", ["12", "-3.5e7", "+49 30 1234567", "2024-01-01 10:00", "www.example.org", "?!", "#tag", "x1"]
)
def test_codes_are_not_words(value: str) -> None:
    assert is_code(value)


@pytest.mark.parametrize("value", ["word", "two words", "Room 12", "Ends with a stop.", "Is it 3.5?", "naïve", "don't"])
def test_words_are_not_codes(value: str) -> None:
    assert not is_code(value)


def test_emoji_and_numbers_are_texts_where_their_column_is_called_so_and_no_other_reads_like_text() -> None:
    emoji = ["🔥😡", "❤️", "🎉🤔"]
    assert rank({"id": ["a1", "a2", "a3"], "text": emoji}) == ["text"]
    assert rank({"id": ["1", "2", "3"], "comment": ["69", "28", "35"]}) == ["comment"]
    assert rank({"text": emoji, "what": ["some words here", "others there", "and more"]}) == ["what"]
    assert rank({"id": ["1", "2"], "price": ["69", "28"], "text_id": ["4", "5"], "note": ["", "NULL"]}) == []


def test_of_very_many_columns_each_is_judged_by_a_few_values_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    true = textcolumn.is_code
    monkeypatch.setattr(textcolumn, "is_code", lambda value: seen.append(value) or true(value))
    colours = {f"c{at}": ["red", "green", "blue", "no"] * 100 for at in range(2_000)}
    said = {"said": ["", *(f"{row} words that people have said" for row in range(399))]}
    assert rank({**colours, **said})[0] == "said"
    assert len(seen) < 2_001 * 20 + 200 * 400


def test_columns_of_numbers_alone_are_no_text_however_many_there_are() -> None:
    assert rank({f"c{at}": ["1", "2"] for at in range(300)}) == []
    late = {f"c{at}": ["1", "2"] for at in range(300)} | {"comment": ["1"] * 60 + ["a word or two of it"] * 600}
    assert rank(late) == ["comment"]


def test_a_title_that_all_rows_have_goes_before_a_text_that_many_lack() -> None:
    titles = [f"Broken lamp number {at} on Elm road" for at in range(20)]
    texts = [f"It has been dark there for {at} days, and nobody came to look at it at all." for at in range(20)]
    half = [text if at % 2 else "" for at, text in enumerate(texts)]
    assert rank({"name": titles, "desc": half})[0] == "name"
    assert rank({"name": titles, "desc": texts[::2]})[0] == "name"  # what is missing is none of the sample
    assert rank({"name": titles, "desc": [*texts[:16], *[""] * 4]})[0] == "desc"
    people = [f"Ann{at} Smith" for at in range(20)]
    assert rank({"name": people, "comment": half})[0] == "comment"
    assert rank({"address": titles, "comment": half})[0] == "comment"
