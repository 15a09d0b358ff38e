"""JSON documents: the shapes that programs write, nested members as dotted columns, what is refused and why."""

import json
import random
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from explorer import ingest
from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load, preview

TEXTS = [f"The library should open on Sundays, asked for the {number}th time" for number in range(9)]
RECORDS = [{"id": f"{number:03d}", "wish": text, "votes": number} for number, text in enumerate(TEXTS)]
COLUMNS = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
INDEX = list(map(str, range(len(TEXTS))))


@pytest.fixture
def loaded(tmp_path):
    def load(content, name="wishes.json"):
        written = content if isinstance(content, str) else json.dumps(content, indent=2)
        (tmp_path / name).write_text(written, encoding="utf-8")
        return ingest.load(tmp_path / name)

    return load


@pytest.mark.parametrize(
    "document",
    [
        RECORDS,
        COLUMNS,
        {name: dict(zip(INDEX, values, strict=True)) for name, values in COLUMNS.items()},
        {"columns": list(COLUMNS), "index": INDEX, "data": [list(record.values()) for record in RECORDS]},
        {"results": RECORDS, "authors": [{"name": "Ann"}], "count": 9},
        {f"wish {number}": record for number, record in enumerate(RECORDS)},
    ],
    ids=["array", "columns", "pandas", "split", "within", "keyed"],
)
def test_every_shape_gives_the_same_rows(loaded, document):
    dataset = loaded(document)
    assert dataset.text_column == "wish"
    assert list(dataset.items) == TEXTS
    assert list(dataset.table["id"]) == COLUMNS["id"]
    assert list(dataset.table["votes"]) == COLUMNS["votes"]
    told = [fault.reason for fault in dataset.rejected]
    assert told == (["what stands beside its records is not read: authors, count"] if "results" in document else [])
    if "wish 0" in document:
        assert list(dataset.table["key"]) == list(document)


@pytest.mark.parametrize("ending", [".json", ".jsonl"])
def test_lines_and_documents_are_read_whatever_they_are_called(loaded, ending):
    lines = "\n".join(json.dumps(record) for record in RECORDS)
    cut_out = ",\n".join(json.dumps(record) for record in RECORDS)
    for content in (lines, cut_out, RECORDS, COLUMNS, json.dumps(RECORDS)):
        dataset = loaded(content, f"wishes{ending}")
        assert list(dataset.items) == TEXTS
        assert dataset.rejected == ()


def test_an_array_of_texts_is_an_item_each(loaded):
    assert list(loaded(TEXTS).items) == TEXTS


def test_objects_within_become_dotted_columns_unless_their_names_are_values(loaded):
    records = [
        {
            "text": text,
            "user": {"name": "Ann", "place": {"city": "Graz", "zip": "08010"}, "tags": ["a"]},
            "by_name": {f"voter {number}{i}": 1 for i in range(9)},
            "mixed": {"a": 1} if number else 7,
            "gap": {"of": 1} if number == 3 else None,
            "empty": {},
            "dot": {"x": 1},
            "dot.x": 2,
        }
        for number, text in enumerate(TEXTS)
    ]
    dataset = loaded(records)
    assert dataset.columns == (
        "text", "user.name", "user.place.city", "user.place.zip", "user.tags", "by_name", "mixed", "gap.of", "empty",
        "dot", "dot.x",
    )  # fmt: skip
    table = dataset.table
    assert set(table["user.place.zip"]) == {"08010"}
    assert json.loads(table["by_name"][2]) == records[2]["by_name"]
    assert list(table["mixed"][:2]) == ["7", '{"a": 1}']
    assert table["gap.of"].isna().sum() == len(TEXTS) - 1
    assert json.loads(table["dot"][0]) == {"x": 1}
    assert list(table["dot.x"]) == [2] * len(TEXTS)


def test_what_is_no_record_is_listed_and_what_is_no_json_refused(loaded):
    dataset = loaded([*RECORDS[:4], [1, 2], 7, None, RECORDS[4]])
    assert len(dataset.items) == 5
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [
        (4, "it is a list, not a JSON object"),
        (5, "it is a number, not a JSON object"),
        (6, "it is null, not a JSON object"),
    ]
    beside = loaded([*RECORDS[:4], "a text alone among them"])
    assert [(fault.row, fault.reason) for fault in beside.rejected] == [(4, "it is a string, not a JSON object")]
    for content in (json.dumps(RECORDS)[:40], "[" * 100_000, "{'id': 1}"):
        with pytest.raises(UnreadableFile, match=r"wishes.json is not JSON: .*\. Write it again, or save it as CSV"):
            loaded(content)
    for nothing in ([], {}, "[{}]"):
        with pytest.raises(NothingUsable, match=r"empty|no values"):
            loaded(nothing)


def test_a_value_stays_what_it_was(loaded):
    values = [1.1, 2**53 + 1, "1.10", "007", True, "NA", 1e300]
    for value in values:
        dataset = loaded([{"text": text, "value": value} for text in TEXTS])
        assert dataset.table["value"][0] == value
        assert type(dataset.table["value"].tolist()[0]) is type(value)


def test_texts_by_their_ids_lists_with_names_and_objects_one_after_another_are_records(tmp_path: Path) -> None:
    texts = [f"The bus number {at} never came" for at in range(6)]
    cases = {
        "ids": json.dumps({f"{at:03}": text for at, text in enumerate(texts)}),
        "lists": json.dumps([["id", "wish"], *([at, text] for at, text in enumerate(texts))]),
        "values": json.dumps(
            {"range": "A1:B7", "values": [["id", "wish"], *([str(at), text] for at, text in enumerate(texts))]}
        ),
        "labelled": json.dumps({"good": texts[:2], "bad": texts[2:]}),
        "bare": json.dumps([[at, text] for at, text in enumerate(texts)]),
        "several": "\n".join(
            json.dumps({"id": at, "wish": f"{text} }}\n{{"}, indent=2) for at, text in enumerate(texts)
        ),
    }
    for name, content in cases.items():
        (tmp_path / f"{name}.json").write_text(content)
        found = load(tmp_path / f"{name}.json")
        told = [f"{text} }}\n{{" for text in texts] if name == "several" else texts
        assert list(found.items) == told, name
    assert load(tmp_path / "ids.json").table["key"].tolist() == [f"{at:03}" for at in range(6)]
    (tmp_path / "one.json").write_text(json.dumps({"title": "A bus", "body": texts[0]}))
    assert len(load(tmp_path / "one.json")) == 1


def test_lists_of_sentences_are_texts_and_tags_are_none(tmp_path: Path) -> None:
    texts = [f"The bus number {at} never came" for at in range(6)]
    cells = [{"cell_type": "markdown", "source": [f"{text}\n", "x"], "tags": ["a", "b"]} for text in texts]
    (tmp_path / "a.json").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    notebook = load(tmp_path / "a.json")
    assert list(notebook.items) == [f"{text}\nx" for text in texts]
    assert notebook.table["tags"][0] == '["a", "b"]'
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"id": at, "said": [text, text]}) for at, text in enumerate(texts))
    )
    assert list(load(tmp_path / "a.jsonl").items) == [f"{text}\n{text}" for text in texts]


def test_an_array_without_an_end_gives_what_is_before_and_says_so(tmp_path: Path) -> None:
    whole = json.dumps([{"id": at, "wish": f"The bus number {at} never came"} for at in range(6)])
    for end in (len(whole) - 20, len(whole) - 1):
        (tmp_path / "a.json").write_text(whole[:end])
        found = load(tmp_path / "a.json")
        assert len(found) == (6 if end == len(whole) - 1 else 5)
        assert [fault.reason.split(":")[0] for fault in found.rejected] == ["it is torn (it ends amid a record)"]
    (tmp_path / "b.json").write_text(whole.replace('"id": 3', '"id" 3'))
    with pytest.raises(UnreadableFile, match="is not JSON"):
        load(tmp_path / "b.json")


SAYS = ["The bus never came on Monday morning", "Noise at night keeps us awake", "Where is the old fridge to go?"]


def rows(count: int = 6, **more: object) -> list[dict[str, object]]:
    return [{"id": at, "text": f"{SAYS[at % 3]}, said {at}", **more} for at in range(count)]


def test_records_by_their_names_within_an_object_are_records(tmp_path: Path) -> None:
    held = {"messages": {f"-Mx{at}": {**row, "at": 17} for at, row in enumerate(rows())}, "rules": {"a": 1}}
    (tmp_path / "a.json").write_text(json.dumps(held))
    found = load(tmp_path / "a.json")
    assert (len(found), found.columns) == (6, ("key", "id", "text", "at"))
    assert [fault.reason for fault in found.rejected] == ["what stands beside its records is not read: rules"]


def test_the_records_of_pages_are_read_with_what_each_page_says(tmp_path: Path) -> None:
    pages = [{"page": at, "next": "x", "id": at + 50, "data": rows(4)} for at in range(3)]
    (tmp_path / "a.json").write_text(json.dumps(pages))
    found = load(tmp_path / "a.json")
    assert (len(found), found.columns) == (12, ("id", "text", "page", "next", "parent.id"))
    assert found.table["parent.id"].tolist() == [50] * 4 + [51] * 4 + [52] * 4
    (choice,) = [one for one in found.choices if one.name == "records"]
    assert (choice.value, choice.sure) == ("data", False)
    whole = load(tmp_path / "a.json", choices={"records": "(whole)"}, text="next")
    assert len(whole) == 3
    threads = [{"title": f"{SAYS[at]} – a thread", "text": SAYS[at] * 2, "posts": rows(4)} for at in range(3)]
    (tmp_path / "b.json").write_text(json.dumps(threads))
    assert len(load(tmp_path / "b.json")) == 3  # these have texts of their own
    assert len(load(tmp_path / "b.json", choices={"records": "posts"})) == 12


def test_questions_about_texts_are_found_however_deep(tmp_path: Path) -> None:
    asked = [{"id": f"q{at}", "question": f"{SAYS[at]}?", "answers": [{"text": "bus"}]} for at in range(3)]
    parts = [{"context": " ".join(SAYS), "qas": asked} for _ in range(2)]
    held = {"version": "1.1", "data": [{"title": f"T{at}", "paragraphs": parts} for at in range(2)]}
    (tmp_path / "a.json").write_text(json.dumps(held))
    found = load(tmp_path / "a.json")
    assert (len(found), found.text_column) == (12, "question")
    assert set(found.columns) == {"id", "question", "answers", "context", "title"}


def test_of_lists_beside_one_another_that_with_texts_is_read(tmp_path: Path) -> None:
    actions = [{"id": f"a{at}", "type": "updateCard", "by": "u1"} for at in range(40)]
    (tmp_path / "a.json").write_text(json.dumps({"actions": actions, "cards": rows(), "name": "Board"}))
    found = load(tmp_path / "a.json")
    (choice,) = [one for one in found.choices if one.name == "records"]
    assert (len(found), choice.value, choice.sure, choice.why) == (6, "cards", False, "there is the most to read")


def test_what_is_done_with_a_document_is_a_part_of_it(tmp_path: Path) -> None:
    lines = [line for at, row in enumerate(rows()) for line in ({"index": {"_id": f"d{at}"}}, row)]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, lines)))
    found = load(tmp_path / "a.ndjson")
    assert (len(found), found.rejected) == (6, ())
    assert found.table["_id"].tolist() == [f"d{at}" for at in range(6)]
    assert found.places is not None
    assert found.places.words(1) == "line 4"
    plain = [{"text": SAYS[0], "index": {"_id": 1}}, {"index": {"of": 1}, "text": SAYS[1]}]
    (tmp_path / "b.ndjson").write_text("\n".join(map(json.dumps, plain)))
    assert len(load(tmp_path / "b.ndjson")) == 2


def test_lines_that_are_texts_or_lists_are_read_as_those_of_an_array_are(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, SAYS)))
    found = load(tmp_path / "a.jsonl")
    assert (list(found.items), found.rejected) == (SAYS, ())
    lists = [["id", "text"], *([at, text] for at, text in enumerate(SAYS))]
    (tmp_path / "b.jsonl").write_text("\n\n".join(map(json.dumps, lists)))
    found = load(tmp_path / "b.jsonl")
    assert (list(found.items), found.columns) == (SAYS, ("id", "text"))
    assert found.places is not None
    assert found.places.words(1) == "line 5"
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, [*SAYS, 5])))
    with pytest.raises(NothingUsable, match="the line holds a string"):
        load(tmp_path / "c.jsonl")


def test_json_with_comments_is_read_and_that_it_has_some_is_told(tmp_path: Path) -> None:
    written = """// made by hand
    [ {"id": 1, /* one */ "text": "The bus // never /* came, ] on Monday",}, # two
      {"id": 2, "text": "Noise at night, ]\\" keeps us awake"} , ] // end"""
    (tmp_path / "a.json").write_text(written)
    found = load(tmp_path / "a.json")
    assert list(found.items) == ["The bus // never /* came, ] on Monday", 'Noise at night, ]" keeps us awake']
    assert [fault.reason for fault in found.rejected] == [
        "its comments, and commas behind the last member, are left out: JSON has none"
    ]


def test_a_document_in_utf_16_takes_no_more_memory_than_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(json.dumps(rows()).encode("utf-16"))
    tracemalloc.start()
    assert len(load(tmp_path / "a.json")) == 6
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100 * 2**20


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_numbers_among_texts_stay_as_they_are_written(name: str, tmp_path: Path) -> None:
    written = ["1.10", "1E5", "-0", "2.50", "1e-7", "12345678901234567890.5", "7", "1.0", "-1.5e+3", "100"]
    objects = [f'{{"text": "{SAYS[at % 3]} {at}", "n": {one}}}' for at, one in enumerate([*written, '"v2"'])]
    (tmp_path / name).write_text("\n".join(objects) if name == "a.jsonl" else f"[{','.join(objects)}]")
    assert list(load(tmp_path / name).table["n"]) == [*written, "v2"]
    whole = [objects[2], objects[6], objects[9]]
    (tmp_path / name).write_text("\n".join(whole) if name == "a.jsonl" else f"[{','.join(whole)}]")
    assert load(tmp_path / name).table["n"].tolist() == [0, 7, 100]
    assert load(tmp_path / name).table["n"].dtype == "int64"
    (tmp_path / name).write_text("\n".join(objects[:5]) if name == "a.jsonl" else f"[{','.join(objects[:5])}]")
    assert load(tmp_path / name).table["n"].tolist() == [
        1.1,
        100000.0,
        0.0,
        2.5,
        1e-7,
    ]  # of numbers alone they are such


def test_what_records_know_by_number_gets_the_names_that_the_document_has(tmp_path: Path) -> None:
    said = ["The stage needs a roof.", "Order more glasses.", "Ask the school for chairs."]
    cards = [
        {"id": f"c{at}", "name": text, "idList": f"l{at % 2}", "idMembers": ["m0", "m1"][:at], "idBoard": "b"}
        for at, text in enumerate(said)
    ]
    lists = [{"id": "l0", "name": "To do"}, {"id": "l1", "name": "Done"}]
    people = [{"id": "m0", "fullName": "Ann Smith"}, {"id": "m1", "fullName": "Bob Jones"}]
    board = {"name": "Festival", "lists": lists, "cards": cards, "members": people}
    for path, document in (("a", board), ("b", {"board": board})):
        (tmp_path / f"{path}.json").write_text(json.dumps(document))
        found = load(tmp_path / f"{path}.json")
        assert list(found.table["list"]) == ["To do", "Done", "To do"]
        assert list(found.table["idList"]) == ["l0", "l1", "l0"]
        assert list(found.table["members"]) == ["[]", '["Ann Smith"]', '["Ann Smith", "Bob Jones"]']
        assert "board" not in found.table
    lists[1]["id"] = "another"
    (tmp_path / "c.json").write_text(json.dumps(board))
    assert "list" not in load(tmp_path / "c.json").table


def test_an_empty_json_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(" \n")
    with pytest.raises(NothingUsable, match="the file is empty"):
        load(tmp_path / "a.json")


WORDS = "bus library noise park tree roof school street river bridge market garden station hospital tower".split()  # noqa: SIM905


def said(chance: random.Random, mark: str) -> str:
    return f"{mark} {' '.join(chance.sample(WORDS, 6))}"


@pytest.mark.parametrize("seed", range(30))
def test_no_row_holds_members_of_different_tables(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    count, alike, rowed = chance.randint(2, 9), chance.random() < 0.5, chance.random() < 0.3
    names = chance.sample(["train", "test", "valid", "users", "orders", "Nord", "Süd"], chance.randint(2, 4))
    held: dict[str, object] = {}
    for name in names:
        own = "" if alike else f"{name} "
        rows = [{f"{own}says": said(chance, f"{name}:{at}"), f"{own}of": f"{name}:{at}"} for at in range(count)]
        held[name] = [list(rows[0]), *(list(row.values()) for row in rows)] if rowed else rows
    if chance.random() < 0.3:
        held["version"] = 3
    (tmp_path / "a.json").write_text(json.dumps(held))
    found = load(tmp_path / "a.json")
    rows = [
        {
            str(cell).split()[0].partition(":")[::2]
            for cell in (item, *found.table.loc[row].dropna())
            if ":" in str(cell)
        }
        for row, item in enumerate(found.items)
    ]
    assert all(len(row) == 1 for row in rows)
    lists = [name for name in names if alike or {name} == {one for row in rows for one, _ in row}]
    assert sorted(one for row in rows for one in row) == sorted((one, f"{at}") for one in lists for at in range(count))
    (choice,) = [one for one in found.choices if one.name == "records"]
    assert not choice.sure
    assert choice.why
    left = " ".join(fault.reason for fault in found.rejected)
    assert all(name in left for name in held if name not in lists)
    for value, _ in choice.options:
        if value != "(whole)":
            assert len(load(tmp_path / "a.json", choices={"records": value})) > 0


@pytest.mark.parametrize("seed", range(20))
def test_columns_of_an_object_stay_beside_one_another(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(2, 30)
    columns = {
        chance.choice(["text", "wish", "documents"]): [said(chance, f"@{at}") for at in range(count)],
        chance.choice(["id", "ids", "nr"]): [f"r{at}" for at in range(count)],
        chance.choice(["votes", "price"]): list(range(count)),
        "metadatas": [{"of": f"m{at}"} for at in range(count)],
        "embeddings": [[at / 7, 1.0, 2.0] for at in range(count)],
    }
    held = {name: columns[name] for name in chance.sample(list(columns), len(columns))}
    for shown in (held, {"collection": {"data": held}}):
        (tmp_path / "a.json").write_text(json.dumps(shown))
        found = load(tmp_path / "a.json")
        assert [item.split()[0] for item in found.items] == [f"@{at}" for at in range(count)]
        for name in ("id", "ids", "nr"):
            if name in found.table:
                assert found.table[name].tolist() == columns[name]


def test_lists_of_texts_are_one_below_the_other_unless_they_go_together(tmp_path: Path) -> None:
    chance = random.Random(1)
    good, bad = ([said(chance, "It is") for _ in range(6)] for _ in range(2))
    (tmp_path / "a.json").write_text(json.dumps({"good": good, "bad": bad}))
    found = load(tmp_path / "a.json")
    assert (list(found.items), found.table["key"].tolist()) == ([*good, *bad], ["good"] * 6 + ["bad"] * 6)
    assert len(load(tmp_path / "a.json", choices={"records": "(whole)"}, text="bad")) == 6
    (tmp_path / "b.json").write_text(json.dumps({"asked": good, "told": [f"Yes: {one}" for one in good]}))
    paired = load(tmp_path / "b.json")
    assert (list(paired.items), paired.columns) == ([f"Yes: {one}" for one in good], ("asked", "told"))
    for held in ({"title": good, "text": bad}, {"names": WORDS[:3], "prices": [1, 2, 3]}):
        (tmp_path / "c.json").write_text(json.dumps(held))
        assert load(tmp_path / "c.json").columns == tuple(held)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_key_that_comes_again_loses_nothing_and_is_told_with_its_place(tmp_path: Path, name: str, seed: int) -> None:
    chance = random.Random(seed)
    lost, told, objects = [], set[tuple[str, int]](), []
    for at in range(chance.randint(3, 12)):
        members = [("text", said(chance, f"@{at}")), ("of", at), ("emoji", "\U0001f600"), ("price", f"<1.{at % 10}0>")]
        for key in chance.sample(["text", "of", "price"], chance.choice([0, 0, 1, 2])):
            for _ in range(chance.randint(1, 2)):
                lost.append(f"{key}-{at}-{chance.random()}")
                members.append((key, lost[-1]))
                told.add((key, at + 1))
        deep = f'{{"is": "in-{at}", "is": "again-{at}"}}' if chance.random() < 0.3 else '{"is": "once"}'
        if "again" in deep:
            lost.append(f"again-{at}")
            told.add(("is", at + 1))
        objects.append(
            f'{{{", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in members)}, "in": {deep}}}'
        )
    written = re.sub('"<(.*?)>"', r"\1", ("\n" if name == "a.jsonl" else ",\n").join(objects))
    (tmp_path / name).write_text(written if name == "a.jsonl" else f"[{written}]")
    found = load(tmp_path / name, text="text")
    held = [*found.items, *(str(cell) for column in found.table for cell in found.table[column].dropna())]
    assert all(held.count(one) == 1 for one in lost)
    assert found.items[0].startswith("@0")
    reasons = [fault.reason for fault in found.rejected]
    noun = "line" if name == "a.jsonl" else "record"
    first: dict[str, list[int]] = {}
    for key, at in sorted(told, key=lambda one: one[1]):
        first.setdefault(key, []).append(at)
    for key, places in first.items():
        assert any(f"the key “{key}” stands twice" in one and f"({noun} {places[0]}" in one for one in reasons)
    assert {fault.kind for fault in found.faults if "key “" in str(fault.examples)} == (
        {"repeated key"} if told else set()
    )


def test_a_key_that_comes_again_beside_the_records_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"a": {"text": "The bus never came"}, "b": {"text": "It is loud here"}, "a": {"text": "Trees please now"}}'
    )
    found = load(tmp_path / "a.json")
    assert found.table["key"].tolist() == ["a", "b", "a_2"]
    assert [fault.reason for fault in found.rejected] == [
        "the key “a” stands twice in an object: what it says again is kept as “a_2”"
    ]
    (tmp_path / "b.jsonl").write_text(
        "\n".join(f'{{"text": "Bus {at} never came", "n": 1, "n": 1}}' for at in range(5))
    )
    same = load(tmp_path / "b.jsonl")
    assert (same.columns, same.rejected) == (("text", "n"), ())
    (tmp_path / "b.jsonl").write_text(
        "\n".join(f'{{"text": "Bus {at} never came", "n": 1, "n": 2}}' for at in range(9))
    )
    assert [fault.reason for fault in load(tmp_path / "b.jsonl").rejected] == [
        "the key “n” stands twice in an object (line 1, line 2, line 3 and 6 more): what it says again is kept as “n_2”"
    ]


def test_an_object_of_any_members_is_read(tmp_path: Path) -> None:
    within = {"a": {"n": [1], "m": 2, "o": None}}, {"a": {"n": [], "m": [1]}}
    for held in (*within, {"a": [], "b": []}, {"a": [[]], "b": [[]]}):
        text = {"text": "The bus never came to the school", "label": "bus"}
        (tmp_path / "a.json").write_text(json.dumps({**held, "rows": [text, text]}))
        assert list(load(tmp_path / "a.json").items) == [text["text"]] * 2


def test_what_is_done_with_documents_that_are_not_there_is_told(tmp_path: Path) -> None:
    first, second = rows(2)
    lines = [
        {"index": {"_id": "d1"}},
        first,
        {"delete": {"_id": "d2"}},
        {"index": {"_id": "d3"}},
        {**second, "_id": "x"},
    ]
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, [*lines, {"delete": {"_id": "d4"}}])))
    found = load(tmp_path / "a.ndjson")
    assert found.table["_id"].tolist() == ["d1", "x"]
    assert found.table["_id_2"].tolist()[1:] == ["d3"]
    assert [(fault.row, fault.place) for fault in found.rejected] == [(2, "line 3"), (5, "line 6")]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_objects_of_one_line_are_records_and_a_last_one_that_breaks_off_is_told(
    tmp_path: Path, seed: int, name: str
) -> None:
    draw = random.Random(seed)
    texts = [f'The bus {at} was late }}{{ again, [{at}], and "cold"' for at in range(draw.randint(5, 30))]
    written, lines = "", [1]
    for at, text in enumerate(texts):
        written += json.dumps({"text": text, "list": [{"a": at}, {"a": 2}]})
        parting = "\n" if at == len(texts) - 2 else draw.choice(["", "", " ", ", ", "\n", "\n\n"])
        lines.append(lines[-1] + parting.count("\n"))
        written += parting if at < len(texts) - 1 else ""
    path = tmp_path / name
    path.write_text(written)
    whole = load(path)
    assert (list(whole.items), list(whole.rejected)) == (texts, [])
    path.write_text(written + '{"text": "The b')
    cut = load(path)
    assert list(cut.items) == texts
    assert [fault.place for fault in cut.rejected] == [f"line {lines[-2]}"]
    path.write_text(written + "\n" + json.dumps({"text": "no", "list": []}) + " and more\n")
    assert len(load(path).rejected) == 1


def test_several_objects_a_line_of_an_array_without_an_end_are_all_read(tmp_path: Path) -> None:
    texts = [f"The bus {at} was late" for at in range(9)]
    pairs = [", ".join(json.dumps({"text": text}) for text in texts[at : at + 2]) for at in range(0, 9, 2)]
    (tmp_path / "a.json").write_text("[" + ",\n".join(pairs) + ',\n{"text": "The')
    cut = load(tmp_path / "a.json")
    assert list(cut.items) == texts
    assert [fault.reason.split(":")[0] for fault in cut.rejected] == ["it is torn (it ends amid a record)"]


@pytest.mark.parametrize("seed", range(6))
def test_records_in_lists_of_lines_are_rows_and_none_is_lost(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    lines, wanted, strange = list[Any](), list[tuple[str, int]](), 0
    for at in range(1, dice.randint(3, 9)):
        some: list[Any] = [{"text": f"words {at} {n}", "n": n} for n in range(dice.randint(1, 4))]
        if seed % 2 and at > 1:  # among lists lines of one object, and what is none
            some = dice.choice((some, some[0], [*some, "odd"]))
        held = some if isinstance(some, list) else [some]
        wanted += [(one["text"], at) for one in held if isinstance(one, dict)]
        strange += sum(not isinstance(one, dict) for one in held)
        lines.append(some)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = load(tmp_path / "a.jsonl")
    assert [(item, found.place(row)) for row, item in enumerate(found.items)] == [(t, f"line {at}") for t, at in wanted]
    several = any(isinstance(one, list) and len(one) > 1 for one in lines)
    assert set(found.table.columns) == {"n", *(("line",) if several else ())}
    assert len([one for one in found.rejected if "is a string, not a JSON object" in one.reason]) == strange
    assert preview(tmp_path / "a.jsonl", limit=2).rows[0]["text"] == wanted[0][0]
