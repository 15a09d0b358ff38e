"""Tables in every form that users have them: what is read, what is rejected, and under which row."""

import csv
import io
import json
import random
import uuid
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import NothingUsable, UnknownColumn, UnreadableFile
from explorer.ingest import load, preview
from explorer.types import Dataset

REVIEWS = [("The battery died after a week", "1"), ("Works exactly as described", "5"), ("Fine for the price", "4")]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults(dataset: Dataset) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.reason) for fault in dataset.rejected]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("suffix", [".csv", ".TSV"])
def test_every_delimiter_is_recognised_whatever_the_ending(tmp_path: Path, delimiter: str, suffix: str) -> None:
    rows = [delimiter.join(row) for row in [("review", "stars"), *REVIEWS]]
    dataset = load(write(tmp_path, "reviews" + suffix, "\n".join(rows)))
    assert dataset.items == [text for text, _ in REVIEWS]
    assert dataset.table["stars"].tolist() == [1, 5, 4]
    assert (dataset.text_column, dataset.columns, dataset.rejected) == ("review", ("review", "stars"), ())


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_quoted_fields_hold_delimiters_quotes_and_line_breaks(tmp_path: Path, newline: str) -> None:
    lines = ["id,text", '1,"Good, but ""loud""', 'and heavy"', "2,Quiet and light"]
    dataset = load(write(tmp_path, "a.csv", newline.join(lines) + newline))
    assert dataset.items == [f'Good, but "loud"{newline}and heavy', "Quiet and light"]
    assert dataset.table["id"].tolist() == [1, 2]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"], ids=str
)
def test_every_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    content = "text;note\nCafé très agréable, 5 €;naïve\nSchöne Grüße aus Köln;“quoted”\nNothing special here;plain\n"
    dataset = load(write(tmp_path, "a.csv", content.encode(encoding)))
    assert dataset.items == ["Café très agréable, 5 €", "Schöne Grüße aus Köln", "Nothing special here"]
    assert dataset.table["note"].tolist() == ["naïve", "“quoted”", "plain"]
    assert dataset.columns == ("text", "note")


def test_utf16_with_a_big_endian_mark_is_read(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", b"\xfe\xff" + "text\nこんにちは世界\nさようなら\n".encode("utf-16-be")))
    assert dataset.items == ["こんにちは世界", "さようなら"]


def test_a_few_undecodable_lines_of_a_utf8_file_are_rejected_by_row(tmp_path: Path) -> None:
    content = "text,n\nCafé au lait,1\n".encode() + b"bro\xffken line,2\n" + "Grüße an alle,3\n".encode()
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.items == ["Café au lait", "Grüße an alle"]
    assert faults(dataset) == [(1, "it cannot be decoded: byte 0xff is not valid UTF-8")]


def test_bytes_that_are_nonsense_in_windows_1252_are_rejected_in_an_ascii_file(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", b"text\nall is well\n\xc3\x28 is not\nthe end of it\n"))
    assert dataset.items == ["all is well", "the end of it"]
    assert faults(dataset) == [(1, "it cannot be decoded: byte 0xc3 is not valid UTF-8")]


def test_an_undecodable_byte_inside_a_quoted_record_rejects_the_whole_record(tmp_path: Path) -> None:
    content = 'text,n\n"é one\ntwo '.encode() + b'\xfe\xff three",1\n' + "é last one,2\n".encode()
    dataset = load(write(tmp_path, "a.csv", content))
    assert [row for row, _ in faults(dataset)] == [0]
    assert len(dataset) == 1


def test_a_truncated_utf16_file_loses_its_last_record_only(tmp_path: Path) -> None:
    content = "text\nthe first one\nthe second one".encode("utf-16")[:-1]
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.items == ["the first one"]
    assert faults(dataset) == [(1, "it cannot be decoded as UTF-16")]


def test_ragged_records_are_rejected_with_their_width(tmp_path: Path) -> None:
    content = "text,label,n\ngood thing,a,1\ntoo, many, fields,b,2\nfew,b\nfine thing,a,3\nsingle\n"
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.items == ["good thing", "few", "fine thing"]
    assert faults(dataset) == [
        (1, "the record has 5 fields where the header has 3"),
        (4, "the record has 1 field where the header has 3"),
    ]


def test_empty_fields_beyond_the_header_are_no_fault(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "text,n\ngood thing,1,,\nfine thing,2,\n"))
    assert (dataset.items, dataset.rejected) == (["good thing", "fine thing"], ())


def test_blank_lines_of_a_table_are_no_records(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "text,n\n\ngood thing,1\n\nbad,1,2\n\n"))
    assert dataset.items == ["good thing"]
    assert [row for row, _ in faults(dataset)] == [1]


def test_empty_and_blank_texts_are_rejected_by_row(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", 'text,n\nwell made,1\n,2\n"  \t",3\n"\n",4\n\u200b,5\nnicely done,6\n'))
    assert dataset.items == ["well made", "nicely done"]
    assert faults(dataset) == [(row, "the text is empty") for row in (1, 2, 3, 4)]
    assert dataset.rejected[0].source == "a.csv"
    assert dataset.table["n"].tolist() == [1, 6]
    assert dataset.table.index.equals(pd.RangeIndex(2))


def test_an_empty_line_between_the_values_of_one_column_is_an_empty_text(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "text\nwell made\n\nnicely done\n\n"))
    assert dataset.items == ["well made", "nicely done"]
    assert faults(dataset) == [(1, "the text is empty")]


def test_words_that_mean_missing_elsewhere_stay_texts(tmp_path: Path) -> None:
    content = "text,n\nNone,1\nNA,2\n?,3\na real sentence here,4\nanother one of them,5\nand the last one,6\n"
    assert load(write(tmp_path, "a.csv", content)).items[:3] == ["None", "NA", "?"]


def test_a_null_that_an_export_wrote_out_is_no_text(tmp_path: Path) -> None:
    nulls = ["NULL", "null", "nan", "NaN", "<NA>", r"\N", "#N/A", "n/a", "N/A", "-", "–", "[]", "/", ".", "k.A."]
    content = "id,text\n" + "".join(f"{i},{word}\n" for i, word in enumerate([*nulls, "it works", "null and void"]))
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.items == ["it works", "null and void"]
    assert faults(dataset) == [(row, f"there is no text: it only says “{word}”") for row, word in enumerate(nulls)]


def test_a_line_of_a_text_file_may_be_the_word_null(tmp_path: Path) -> None:
    assert load(write(tmp_path, "a.txt", "null\nnan\n")).items == ["null", "nan"]


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n\n\n"])
def test_a_table_without_a_single_record_is_called_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(NothingUsable, match=r"a\.csv is usable: the file is empty"):
        load(path)


def test_an_unclosed_quote_costs_one_record_at_most(tmp_path: Path) -> None:
    content = 'text,n\nfirst one,1\n"opened and never closed,2\nthird one,3\n"opened, with a comma,4\nfifth one,5\n'
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.items == ["first one", '"opened and never closed', "third one", "fifth one"]
    assert faults(dataset) == [(3, "its quotation marks do not pair up")]


def test_text_after_a_closing_quote_is_read_as_it_stands(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.tsv", 'text\tn\n"Great" said she\t1\nnothing else here\t2\n'))
    assert dataset.items == ['"Great" said she', "nothing else here"]


def test_a_blank_after_the_delimiter_may_stand_before_a_quote(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", 'n, text\n1, "Good, and cheap"\n2, "Bad, and dear"\n'))
    assert dataset.items == ["Good, and cheap", "Bad, and dear"]
    assert dataset.columns == ("n", "text")


def test_excels_first_line_names_the_delimiter(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "sep=#\r\ntext#n\r\nwell, done#1\r\nill, done#2\r\n"))
    assert (dataset.items, dataset.columns) == (["well, done", "ill, done"], ("text", "n"))


def test_nul_bytes_are_dropped_and_told(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", b"text,n\nwell\0 made,1\n\0\0,2\n"))
    assert dataset.items == ["well made"]
    assert faults(dataset) == [
        (None, "3 NUL characters are left out: no text has such"),
        (1, "the text is empty"),
    ]


def test_a_field_of_a_million_characters_is_read(tmp_path: Path) -> None:
    text = "word " * 200_000
    dataset = load(write(tmp_path, "a.csv", f'text,n\n"{text}",1\nshort one,2\n'))
    assert [len(item) for item in dataset.items] == [len(text) - 1, 9]


def test_empty_and_repeated_column_names_become_unique(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "text,a,,a,\nsome words here,1,2,3,4\nmore words here,5,6,7,8\n"))
    assert dataset.columns == ("text", "a", "column 3", "a_2", "column 5")


def test_one_column_with_unquoted_commas_is_one_column(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", 'text\nHello, you there\n"Quoted, it is"\nOne, two, three\n'))
    assert dataset.items == ["Hello, you there", "Quoted, it is", "One, two, three"]


def test_one_column_of_sentences_has_no_header(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "I really love this phone\nThe screen broke, sadly\nOk.\n"))
    assert dataset.items == ["I really love this phone", "The screen broke, sadly", "Ok."]
    assert dataset.text_column == "text"


def test_a_table_without_a_header_is_recognised(tmp_path: Path) -> None:
    content = "1,I love this phone so much,pos\n2,It broke after two days,neg\n3,Best purchase of the year,pos\n"
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.columns == ("column 1", "column 2", "column 3")
    assert dataset.text_column == "column 2"
    assert len(dataset) == 3


def test_questions_over_numbers_are_a_header(tmp_path: Path) -> None:
    content = "Timestamp,How likely are you to recommend us?,What should we change?\n"
    content += "2024-05-01,7,Open longer in the evening\n2024-05-02,9,Nothing at all it was fine\n"
    dataset = load(write(tmp_path, "a.csv", content))
    assert dataset.text_column == "What should we change?"
    assert len(dataset) == 2


def test_years_are_column_names_too(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.csv", "what,2019,2020\nsold at home,10,20\nsold abroad,30,40\n"))
    assert dataset.columns == ("what", "2019", "2020")


def test_a_value_is_kept_as_the_file_has_it(tmp_path: Path) -> None:
    content = (
        "text,zip,n,gap,na,share,price,full,day,us,word,long\n"
        "some words here,007,1,3,1,0.5,3.50,0.30000000000000004,2024-01-31,12/31/2024,NA,12345678901234567890\n"
        "more words here,123,2,,NA,1.25,1.1,0.1,2024-02-01,01/02/2024,yes,2\n"
        "last words here,9,-3,5,2,-10.0,1.10,7.5,2024-02-02,01/03/2024,no,3\n"
    )
    written = list(csv.DictReader(io.StringIO(content)))
    table = load(write(tmp_path, "a.csv", content)).table
    for name in table.columns:
        values = ["" if pd.isna(value) else str(value) for value in table[name]]
        assert values == [row[name] for row in written], name
    kinds = {name: str(kind) for name, kind in table.dtypes.items()}
    assert (kinds["n"], kinds["gap"], kinds["share"], kinds["full"]) == ("int64", "Int64", "float64", "float64")


def test_files_that_come_together_keep_their_values(tmp_path: Path) -> None:
    first = write(tmp_path, "a.csv", "text,n\nsome words here,1\nmore words here,\n")
    second = write(tmp_path, "b.csv", "text,n\nother words here,1.5\nlast words here,2.0\n")
    values = load([first, second]).table["n"]
    assert ["" if pd.isna(value) else value for value in values] == ["1", "", "1.5", "2.0"]


def test_numbers_with_too_many_digits_for_a_float_stay_text(tmp_path: Path) -> None:
    content = "text,n\nsome words here,0.12345678901234567891\nmore words here,0.5\n"
    assert load(write(tmp_path, "a.csv", content)).table["n"][0] == "0.12345678901234567891"
    rows = [{"text": "some words here", "n": 2**53 + 1}, {"text": "more words here", "n": 0.5}]
    table = load(write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))).table
    assert table["n"].tolist() == [str(2**53 + 1), "0.5"]


def test_the_chosen_text_column_wins(tmp_path: Path) -> None:
    content = "title,body,id\nShort one,This is the much longer body text,7\nTwo,Another long body is here,8\n"
    path = write(tmp_path, "a.csv", content)
    assert load(path).text_column == "body"
    assert load(path, text="title").items == ["Short one", "Two"]
    assert load(path, text="id").items == ["7", "8"]
    assert load(path, text="id").table.columns.tolist() == ["title", "body"]


def test_a_missing_text_column_names_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path, "reviews.csv", "text,date\nsome words here,2024-01-01\n")
    with pytest.raises(UnknownColumn) as caught:
        load(path, text="txt")
    assert str(caught.value) == (
        "column 'txt' not found in reviews.csv; its columns are text, date. Choose one of these "
        "(on the command line with --text)."
    )


def test_a_table_without_text_says_which_columns_it_has(tmp_path: Path) -> None:
    path = write(tmp_path, "n.csv", "id,n,when\n1,2.5,2024-01-01\n2,3.5,2024-01-02\n")
    with pytest.raises(NothingUsable, match=r"no column of n\.csv reads like text; its columns are id, n, when\."):
        load(path)


@pytest.mark.parametrize(
    ("content", "said"), [("", "the file is empty"), ("text,n\n", "the table has column names but no rows")]
)
def test_a_table_without_rows_is_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(NothingUsable, match=said):
        load(write(tmp_path, "a.csv", content))


def test_a_table_with_only_bad_records_says_the_first_reasons(tmp_path: Path) -> None:
    with pytest.raises(NothingUsable) as caught:
        load(write(tmp_path, "a.csv", "text,n\n,1\n,2\n ,3\n,4\n"), text="text")
    assert "usable: line 2: the text is empty; line 3" in str(caught.value)
    assert "and 1 more" in str(caught.value)


def test_a_spreadsheet_called_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.csv is a zip \(\.zip\), though its name says \.csv"):
        load(write(tmp_path, "a.csv", b"PK\x03\x04" + bytes(range(256)) * 20))


def test_records_beyond_the_first_batch_keep_their_numbers(tmp_path: Path) -> None:
    lines = [f"the text number {i},{i}" for i in range(45_000)]
    lines[31_000] = "broken"
    lines[44_999] = ",5"
    dataset = load(write(tmp_path, "a.csv", "text,n\n" + "\n".join(lines)))
    assert faults(dataset) == [(31_000, "the record has 1 field where the header has 2"), (44_999, "the text is empty")]
    assert dataset.items[31_000] == "the text number 31001"
    assert dataset.table["n"][31_000] == 31_001


# JSON lines


def test_json_lines_keep_numbers_nested_values_and_gaps(tmp_path: Path) -> None:
    rows = [
        {"text": "the first of all", "n": 1, "tags": ["a", "b"], "day": "2024-01-01", "code": "7"},
        {"text": "then came another", "flag": True, "n": 2, "code": "8"},
        {"text": "the last of them", "n": None, "mixed": 1},
        {"text": "no, this is it", "n": 4, "mixed": "x"},
    ]
    dataset = load(write(tmp_path, "a.jsonl", "\n".join(json.dumps(row) for row in rows)))
    table = dataset.table
    assert dataset.columns == ("text", "n", "tags", "day", "code", "flag", "mixed")
    assert table["n"].tolist()[:2] == [1, 2]
    assert str(table["n"].dtype) == "Int64"
    assert table["tags"].tolist()[0] == '["a", "b"]'
    assert table["day"][0] == "2024-01-01"
    assert table["code"].tolist()[:2] == ["7", "8"]
    assert table["mixed"].tolist()[2:] == ["1", "x"]
    assert str(table["flag"].dtype) == "boolean"


def test_bad_json_lines_are_rejected_by_number(tmp_path: Path) -> None:
    lines = [
        b'{"text": "all is well here"}',
        b'{"text": "cut off',
        b"[1, 2]",
        b'"a string"',
        b"null",
        b"7",
        b'{"text": null}',
        b'{"other": 1}',
        b'{"text": "caf\xff\xfe"}',
        b'{"text": "\\ud83d alone is half"}',
        b'{"text": "the end of it"}',
    ]
    dataset = load(write(tmp_path, "a.NDJSON", b"\n".join(lines)))
    assert dataset.items == ["all is well here", "\ufffd alone is half", "the end of it"]
    reasons = dict(faults(dataset))
    assert list(reasons) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert reasons[1] is not None
    assert reasons[1].startswith("the line is not JSON: ")
    assert "line 1" not in reasons[1]
    assert reasons[2] == "the line holds a list, not a JSON object"
    assert reasons[4] == "the line holds null, not a JSON object"
    assert reasons[6] == reasons[7] == "the text is empty"
    assert reasons[8].startswith("it cannot be decoded: byte 0xff")


def test_json_lines_of_empty_objects_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingUsable, match="its records hold no values"):
        load(write(tmp_path, "a.jsonl", "{}\n{}\n"))


def test_whole_emoji_in_json_escapes_survive(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.jsonl", '{"text": "so good \\ud83d\\ude00 indeed"}\n{"text": "so bad"}\n'))
    assert dataset.items == ["so good 😀 indeed", "so bad"]


def test_integers_beyond_64_bits_stay_text(tmp_path: Path) -> None:
    dataset = load(write(tmp_path, "a.jsonl", f'{{"text": "some words here", "id": {2**70}}}\n'))
    assert dataset.table["id"].tolist() == [str(2**70)]


# Parquet


def test_parquet_columns_of_every_kind_are_read(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["some words here", None, "more words here"]),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "n": pa.array([1, 2, None]),
            "tags": pa.array([["x"], [], ["y", "z"]]),
            "who": pa.array([{"name": "Ann", "raw": b"12"}, None, None]),
            "raw": pa.array([b"\xff\x00", b"ab", None]),
            "utf8": pa.array([b"bytes", b"of", b"text"]),
            "day": pa.array([0, 1, 2], pa.date32()),
            "flag": pa.array([True, None, False]),
            "price": pa.array([None, None, 1]).cast(pa.decimal128(21, 2)),
            "void": pa.nulls(3),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    dataset = load(tmp_path / "a.parquet")
    assert dataset.items == ["some words here", "more words here"]
    assert faults(dataset) == [(1, "the text is empty")]
    row = dataset.table.iloc[0]
    assert (row["kind"], row["n"], row["tags"]) == ("a", 1, '["x"]')
    assert json.loads(row["who"]) == {"name": "Ann", "raw": "<2 bytes: 3132>"}
    assert (row["raw"], row["utf8"], row["day"]) == ("<2 bytes: ff00>", "bytes", pd.Timestamp("1970-01-01"))
    assert dataset.table["price"].tolist()[1] == "1.00"
    assert dataset.table["void"].isna().all()


def test_moments_that_no_calendar_has_stop_neither_preview_nor_reading(tmp_path: Path) -> None:
    far = pa.array([0, 2**62, -(2**62), None], pa.int64())
    kinds = {"ms": pa.timestamp("ms"), "zoned": pa.timestamp("us", "UTC"), "long": pa.duration("us")}
    columns = {name: far.cast(kind) for name, kind in kinds.items()}
    nested = pa.StructArray.from_arrays([columns["ms"]], ["at"])
    texts = ["one row of words", "a second row", "a third row", "a fourth row"]
    path = tmp_path / "far.parquet"
    pq.write_table(pa.table({"text": texts, **columns, "nested": nested}), path)
    assert [row["text"] for row in preview(path).rows] == texts
    dataset = load(path)
    assert list(dataset.items) == texts
    assert not dataset.rejected


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.parquet is not a whole Parquet file"):
        load(write(tmp_path, "a.parquet", b"PAR1 and then nothing"))


def test_numbers_in_parquet_are_texts_when_chosen(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2], "t": ["a b c", "d e f"]}), tmp_path / "a.parquet")
    assert load(tmp_path / "a.parquet", text="n").items == ["1", "2"]


def test_bytes_that_are_no_text_cost_their_row_or_their_value_and_no_more(tmp_path: Path) -> None:
    texts = [f"some words about thing {row}" for row in range(6)]
    written = [text.encode() for text in texts]
    written[2] = b"caf\xe9 and more words"
    pq.write_table(pa.table({"text": pa.array(written), "n": range(6)}), tmp_path / "a.parquet")
    dataset = load(tmp_path / "a.parquet")
    assert dataset.items == [text for row, text in enumerate(texts) if row != 2]
    assert faults(dataset) == [(2, "its bytes are no text: they are not UTF-8")]
    pq.write_table(pa.table({"text": texts, "kept": pa.array(written)}), tmp_path / "b.parquet")
    kept = load(tmp_path / "b.parquet").table["kept"].tolist()
    assert kept == [text if row != 2 else f"<19 bytes: {written[2].hex()}>" for row, text in enumerate(texts)]


def test_ids_of_16_bytes_are_written_as_such_and_an_index_without_a_name_is_kept(tmp_path: Path) -> None:
    ids = [uuid.UUID(int=2**128 - 7**row) for row in range(5)]
    texts = [f"some words about thing {row}" for row in range(5)]
    stored = pa.array([one.bytes for one in ids], pa.binary(16))
    table = pa.table({"text": texts, "id": pa.ExtensionArray.from_storage(pa.uuid(), stored), "raw": stored})
    pq.write_table(table, tmp_path / "a.parquet")
    read = load(tmp_path / "a.parquet").table
    assert read["id"].tolist() == [str(one) for one in ids]
    assert read["raw"].tolist() == [f"<16 bytes: {one.hex}>" for one in ids]
    pd.DataFrame({"text": texts}, index=list("vwxyz")).to_parquet(tmp_path / "b.parquet")
    assert load(tmp_path / "b.parquet").table["index"].tolist() == list("vwxyz")
    pd.DataFrame({"text": texts}).to_parquet(tmp_path / "c.parquet")
    assert load(tmp_path / "c.parquet").columns == ("text",)


def test_tables_whose_texts_are_called_otherwise_say_so_of_each_row(tmp_path: Path) -> None:
    first = write(
        tmp_path, "a.csv", "id,remark\n" + "".join(f"{i},the lamp number {i} is broken again\n" for i in range(5))
    )
    other = write(tmp_path, "b.csv", "nr,answer\n" + "".join(f"{i},plant more trees in street {i}\n" for i in range(4)))
    dataset = load([first, other])
    assert len(dataset) == 9
    assert dataset.table["text from column"].tolist() == ["remark"] * 5 + ["answer"] * 4
    assert "text from column" not in load([first]).table.columns


def test_a_quoted_cell_of_several_lines_is_one_whatever_its_lines_have(tmp_path: Path) -> None:
    chance = random.Random(7)
    pieces = ("Dear Sir", "Ann", "5", "late", "quoted", "5 pm", "no", '"so"', "it rained again", "12")
    for number in range(60):
        delimiter = chance.choice((",", ";", "\t"))
        width = chance.randint(3, 5)
        kinds = [chance.choice(("id", "word", "number")) for _ in range(width - 1)]
        rows = []
        for at in range(chance.randint(8, 20)):
            lines = chance.choice((1, 1, 2, 2, 3))
            text = "\n".join(delimiter.join(chance.choices(pieces, k=chance.randint(2, width))) for _ in range(lines))
            cells = [{"id": f"A{at}", "word": chance.choice(("north", "south")), "number": str(at)}[k] for k in kinds]
            rows.append([*cells[:1], f"The bus was late {at} times{delimiter} said{delimiter} {text}", *cells[1:]])
        names = ["key", "comment", *(f"c{at}" for at in range(width - 2))]
        made = io.StringIO()
        csv.writer(made, delimiter=delimiter, lineterminator="\r\n").writerows([names, *rows])
        (tmp_path / "a.csv").write_bytes(made.getvalue().encode())
        found = load(tmp_path / "a.csv", text="comment")
        assert (list(found.items), found.rejected) == ([row[1] for row in rows], ()), number
        assert list(found.table["key"].astype("str")) == [row[0] for row in rows], number


def test_stray_marks_join_no_lines_that_have_numbers_where_all_others_do(tmp_path: Path) -> None:
    rows = [f"{at},wish {at} of a neighbour,{at * 2}" for at in range(12)]
    rows[4], rows[5] = '4,"5 inch nail,8', '5,a nail of 6",10'
    (tmp_path / "a.csv").write_text("\n".join(["id,comment,n", *rows]))
    assert len(load(tmp_path / "a.csv")) == 12


@pytest.mark.parametrize("rows", [6, 3000])
def test_lines_that_are_quoted_as_a_whole_are_records(tmp_path: Path, rows: int) -> None:
    texts = [f'The bus, as ever, never came on day {at}, "sorry"' for at in range(rows)]
    inner = io.StringIO()
    csv.writer(inner).writerows([["id", "comment", "town"], *([at, text, "Leeds"] for at, text in enumerate(texts))])
    outer = io.StringIO()
    csv.writer(outer, quoting=csv.QUOTE_ALL).writerows([line] for line in inner.getvalue().splitlines())
    found = load(write(tmp_path, "a.csv", outer.getvalue()))
    assert (list(found.items), found.columns) == (texts, ("id", "comment", "town"))
    assert [fault.reason.partition(",")[0] for fault in found.rejected] == ["each of its lines is quoted as a whole"]


def test_texts_of_one_column_are_no_records_whatever_commas_they_have(tmp_path: Path) -> None:
    for texts in ([f"We waited, the {at}th time" for at in range(9)], [f'He said "no", {at} times' for at in range(9)]):
        made = io.StringIO()
        csv.writer(made, quoting=csv.QUOTE_ALL).writerows([[text] for text in ["comment", *texts]])
        assert list(load(write(tmp_path, "a.csv", made.getvalue())).items) == texts


PSQL = """ id |        comment         | town
----+------------------------+-------
{rows}
(9 rows)

"""
MYSQL = """+----+------------------------+-------+
| id | comment                | town  |
+----+------------------------+-------+
{rows}
+----+------------------------+-------+
9 rows in set (0.00 sec)
"""


@pytest.mark.parametrize(
    ("drawn", "row"), [(PSQL, " {at:2} | {text:22} | Leeds"), (MYSQL, "| {at:2} | {text:22} | Leeds |")]
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_tables_as_databases_draw_them_are_their_records(drawn: str, row: str, name: str, tmp_path: Path) -> None:
    texts = [f'The bus "{at}" came late' for at in range(9)]
    content = drawn.format(rows="\n".join(row.format(at=at, text=text) for at, text in enumerate(texts)))
    found = load(write(tmp_path, name, content))
    assert (list(found.items), found.columns) == (texts, ("id", "comment", "town"))
    assert found.table["id"].tolist() == list(range(9))
    assert [fault.reason[:24] for fault in found.rejected] == ["lines drawn around the t"]
    assert found.places is not None
    assert found.places.words(0) == ("line 4" if "+----+-" in drawn[:10] else "line 3")
