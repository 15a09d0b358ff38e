"""The shape of delimited text: titles above the names, other delimiters and quotation marks, rows that end early."""

import csv
import random
from pathlib import Path

import pytest

from explorer import ingest
from explorer.errors import UnreadableFile
from explorer.ingest.delimited import Records
from explorer.ingest.shape import sniff
from tests.documents import word

TEXTS = [
    "The bus never came and I waited an hour",
    "Please repair the light on the corner",
    "Noise at night from the bar next door",
    "The bin lorry skipped our street again",
    "A pothole damaged my tyre near the school",
    "The pool was closed without any notice",
]
PLACES = ["Leeds", "York", "Leeds", "Hull", "York", "Leeds"]


@pytest.fixture
def loaded(tmp_path):
    def load(lines, name="a.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ingest.load(tmp_path / name)

    return load


def table(delimiter=",", quote='"'):
    rows = [f"{row}{delimiter}{quote}{text}{quote}{delimiter}{PLACES[row]}" for row, text in enumerate(TEXTS)]
    return [delimiter.join(["id", "wish", "place"]), *rows]


def is_whole(dataset):
    assert list(dataset.items) == TEXTS
    assert list(dataset.table["id"]) == list(range(len(TEXTS)))
    assert list(dataset.table["place"]) == PLACES


@pytest.mark.parametrize(
    "titles",
    [
        ["Report: wishes"],
        ["Report: wishes", "Exported 2024-05-01 by the council", ""],
        ["# made by the exporter, version 2", "# columns: id, wish, place", "#"],
        ["Report,,", "Period,2024,"],
        ["", "", "Wishes of 2024"],
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_titles_above_the_names_are_listed_and_no_column(loaded, titles, delimiter):
    dataset = loaded([*(title.replace(",", delimiter) for title in titles), *table(delimiter)])
    is_whole(dataset)
    told = [title.replace(",", delimiter).strip() for title in titles if title]
    assert [fault.reason for fault in dataset.rejected] == [
        f"it stands above the column names: {title}" for title in told
    ]


NUMBERED = [f"2025/{row:04};{1 + row % 28:02}.03.2025;48,{row};{text};{'low' if row % 3 else ''}"
            for row, text in enumerate(TEXTS)]  # fmt: skip


@pytest.mark.parametrize("names", ["No;When;Lat;What happened;Severity", "No;On;Off;Is it so;Severity"])
@pytest.mark.parametrize(
    "above",
    [
        ["Register;;;;", "printed 03.11.2025;;;;", ";;;;"],
        ["Register;;;;"],
        ['"Register\nof incidents";;;;', ";;;;"],
        [";;;;", "", "Register;2025;;;"],
    ],
)
def test_titles_as_wide_as_the_table_are_above_names_that_could_be_flags(loaded, names, above):
    dataset = loaded([*above, names, *NUMBERED])
    assert sorted([*dataset.table.columns, dataset.text_column]) == sorted(names.split(";"))
    assert all(fault.reason.startswith("it stands above the column names: ") for fault in dataset.rejected)
    assert not [fault.reason for fault in dataset.rejected if fault.reason.endswith(": ")]
    assert list(dataset.items) == TEXTS


def test_the_first_flag_of_a_table_without_names_is_no_name(loaded):
    dataset = loaded([f"{'no' if row % 2 == 0 else 'yes'};{text};{row}" for row, text in enumerate(TEXTS)])
    assert (list(dataset.items), dataset.text_column) == (TEXTS, "column 2")


@pytest.mark.parametrize("delimiter", ["::", "~", "^", "||", "\x01"])
def test_rare_delimiters_part_the_columns(loaded, delimiter):
    is_whole(loaded(table(delimiter, quote="")))


def test_other_quotation_marks_hold_delimiters(loaded):
    single = loaded(["id,wish,place", *(f"{row},'{text}, please',Leeds" for row, text in enumerate(TEXTS))])
    assert list(single.items) == [f"{text}, please" for text in TEXTS]
    escaped = loaded(["id,wish,place", *(f'{row},"{text}, \\"please\\", now",Leeds' for row, text in enumerate(TEXTS))])
    assert list(escaped.items) == [f'{text}, "please", now' for text in TEXTS]
    apostrophes = loaded(["id,wish,place", *(f"{row},I don't know: {text},Leeds" for row, text in enumerate(TEXTS))])
    assert list(apostrophes.items) == [f"I don't know: {text}" for text in TEXTS]


def test_a_stray_quotation_mark_swallows_no_rows(loaded):
    lines = table("\t", quote="")
    lines[2], lines[5] = lines[2].replace("\t", '\t"', 1), lines[5].replace("\tYork", '"\tYork')
    dataset = loaded(lines, "a.tsv")
    assert len(dataset.items) == len(TEXTS)
    assert dataset.items[1] == f'"{TEXTS[1]}'
    assert dataset.rejected == ()
    kept = loaded(["wish,place", '"first line, so far', 'second line, to the end",Leeds', *["a plain one,York"] * 4])
    assert kept.items[0] == "first line, so far\nsecond line, to the end"


def test_rows_that_end_early_are_filled_and_halves_of_a_broken_line_are_not(loaded):
    lines = table()
    lines[0] += ",note"
    lines[1:] = [f"{line},fine" if row % 2 else line for row, line in enumerate(lines[1:])]
    dataset = loaded(lines)
    is_whole(dataset)
    assert list(dataset.table["note"].fillna("")) == ["", "fine"] * 3
    lines = table()
    lines[3:4] = ["2,Noise at night", "from the bar next door,Leeds"]
    broken = loaded(lines)
    assert len(broken.items) >= len(TEXTS) - 1
    assert [fault.row for fault in broken.rejected][:1] == [2]


def test_row_names_without_a_name_are_a_column(loaded):
    lines = table()
    lines[0] = "wish,place"
    dataset = loaded(lines)
    assert list(dataset.items) == TEXTS
    assert list(dataset.table["row"]) == list(range(len(TEXTS)))


def test_a_first_row_whose_values_come_again_is_no_header(loaded):
    kinds = ["complaint", "question"] * 3
    dataset = loaded([f"{row},{text},{kinds[row]}" for row, text in enumerate(TEXTS)])
    assert list(dataset.items) == TEXTS


def test_prose_is_not_taken_for_a_table_below_titles(loaded):
    prose = [
        "Well, it depends",
        "Bus, tram, and train are late, always",
        "No, thanks",
        "Red, green, and blue, I like them",
        "Yes",
    ]
    assert list(loaded(["comment", *prose]).items) == prose


def test_a_web_page_by_another_name_is_read_as_one_or_refused_with_the_cure(loaded):
    page = ["<html><body><table><tr><td>1</td></tr></table></body></html>"]
    for name in ("a.csv", "a.txt"):
        (fault,) = loaded(page, name).rejected
        assert fault.reason == f"it is a web page, though its name says {name[1:]}, and was read as such"
    with pytest.raises(UnreadableFile, match="is a web page, though its name says"):
        loaded(page, "a.xls")


MAIL = ["From: Ann <a@b.example>", "To: office@b.example", "Subject: Bus", "Date: Mon, 3 Mar 2025 10:00:00 +0100", ""]


@pytest.mark.parametrize(
    ("lines", "what", "items"),
    [
        (['{"id": 1, "wish": "more buses on Sundays"}', '{"id": 2, "wish": "the bus was late again"}'], "JSON", 2),
        (
            ["[", ' {"id": 1,', '  "wish": "more buses on Sundays"},', ' {"id": 2, "wish": "it was late"}', "]"],
            "JSON",
            2,
        ),
        ([*MAIL, "It was late."], "a mail", 1),
        (["<!DOCTYPE html>", "<p>More buses on Sundays.</p>"], "a web page", 1),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_what_is_called_text_or_a_table_and_is_surely_something_else_is_read_as_that(loaded, lines, what, items, name):
    dataset = loaded(lines, name)
    assert len(dataset) == items
    assert f"it is {what}, though its name says {name[1:]}, and was read as such" in [
        f.reason for f in dataset.rejected
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (word(["The bus was late."]), "a Word document"), (b"{\\rtf1 The bus was late.}", "rich text"),
        (b"<html><body><p>The bus was late.</p></body></html>", "a web page"),
    ],
)  # fmt: skip
def test_what_is_called_old_word_and_is_something_else_is_read_as_that(tmp_path, content, what):
    (tmp_path / "a.doc").write_bytes(content)
    dataset = ingest.load(tmp_path / "a.doc")
    assert list(dataset.items) == ["The bus was late."]
    assert [f.reason for f in dataset.rejected] == [f"it is {what}, though its name says .doc, and was read as such"]
    (tmp_path / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UnreadableFile, match=r"save it as \.docx or PDF"):
        ingest.load(tmp_path / "b.doc")


@pytest.mark.parametrize(
    "lines",
    [
        ["{curly} words", '{"quoted"} ones', "[1] a reference"],
        ["From: the bus stop", "To: the school", "a long way on foot"],
        ["[10:00] Ann: hello", "[10:01] Bob: hi", "[10:02] Ann: late again"],
        ['{"a": one, two}', "is no JSON", "at all"],
    ],
)
def test_lines_that_only_begin_like_something_else_stay_lines(loaded, lines):
    assert "was read as such" not in " ".join(fault.reason for fault in loaded(lines, "a.txt").rejected)


def test_a_readme_beside_tables_is_no_row_of_theirs(tmp_path):
    for name, content in {
        "README.md": "# The messages\n\nThey were sent in March.",
        "LICENSE.txt": "free",
        "a.csv": "id,wish\n1,more buses on Sundays\n",
        "b/notes.md": "The third bus was late.",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    dataset = ingest.load(tmp_path)
    assert list(dataset.items) == ["more buses on Sundays", "The third bus was late."]
    assert sorted(fault.source for fault in dataset.rejected if "explains the tables" in fault.reason) == [
        "LICENSE.txt",
        "README.md",
    ]
    (tmp_path / "a.csv").unlink()
    assert len(ingest.load(tmp_path)) == 3


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read_in_every_script(tmp_path, codec):
    for text in ("バスが来なかったので待ちました", "Автобус так и не пришёл", "The bus never came"):
        lines = ["id,comment", *(f"{row},{text} {row}" for row in range(8))]
        (tmp_path / "a.csv").write_bytes("\n".join(lines).encode(codec))
        assert list(ingest.load(tmp_path / "a.csv", text="comment").items) == [f"{text} {row}" for row in range(8)]


def test_a_line_of_questions_has_the_names_for_sure(tmp_path: Path) -> None:
    names = (
        "Timestamp,How old are you?,Which services did you use in the last 12 months? (tick all that apply),"
        "What should the town do first?,Anything else you want to tell us?,E-mail (only if you want the results)"
    )
    rows = [
        f"2025/09/{day:02} 3:18:00 PM GMT+2,18-29,None of these,plant {day} trees in our street.,,"
        for day in range(1, 25)
    ]
    (tmp_path / "a.csv").write_text("\n".join([names, *rows]))
    dataset = ingest.load(tmp_path / "a.csv")
    header = next(choice for choice in dataset.choices if choice.name == "header")
    assert (header.value, header.sure, len(dataset)) == ("1", True, 24)


def test_names_with_a_slash_over_numbers_leave_no_doubt(loaded):
    rows = [f'L00{row},{text},{1780 + row},"48.3,11.{row}",yes' for row, text in enumerate(TEXTS)]
    sure = loaded(["No,Text,Year,Lat/Lon,Seal?", *rows])
    (header,) = [choice for choice in sure.choices if choice.name == "header"]
    assert (header.value, header.sure) == ("1", True)
    assert len(loaded([f"n/a,{TEXTS[0]}", *(f"{row},{text}" for row, text in enumerate(TEXTS))])) == len(TEXTS) + 1


def test_a_first_record_of_moments_ids_and_a_sentence_is_no_header_whatever_a_value_is_called(loaded):
    lines = [
        f'{row % 2 * 4},{1467810369 + row},Mon Apr 06 22:19:{10 + row} PDT 2009,NO_QUERY,user{row},"@you {text}"'
        for row, text in enumerate(TEXTS)
    ]
    for user in ("user0", "CityGirl"):  # both have a word that columns are often called
        dataset = loaded([lines[0].replace("user0", user), *lines[1:]])
        assert list(dataset.items) == [f"@you {text}" for text in TEXTS]
        assert [choice.value for choice in dataset.choices if choice.name == "header"] == ["none"]
    wide = [
        "id,20240101,20240201,note",
        *(f"{row},{10000000 + row},{20000000 + row},{text}" for row, text in enumerate(TEXTS)),
    ]
    assert list(loaded(wide).items) == TEXTS


def test_names_that_come_again_are_no_records(loaded):
    names, *rows = table()
    dataset = loaded([names, *rows[:2], names, *rows[2:4], names, *rows[4:]])
    is_whole(dataset)
    assert [(fault.row, fault.reason) for fault in dataset.rejected] == [
        (2, "it repeats the column names"),
        (5, "it repeats the column names"),
    ]
    many = [names] + [f'{row},"{TEXTS[row % 6]} {row}",{PLACES[row % 6]}' for row in range(5000)]
    many.insert(4000, names)
    assert len(loaded(many)) == 5000


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_single_quotation_marks_around_all_fields_hold_records(loaded, delimiter):
    rows = [
        delimiter.join(f"'{cell}'" for cell in (row, f"{text}, isn''t it", PLACES[row]))
        for row, text in enumerate(TEXTS)
    ]
    dataset = loaded([delimiter.join(["'id'", "'wish'", "'place'"]), *rows])
    assert list(dataset.items) == [f"{text}, isn't it" for text in TEXTS]
    assert list(dataset.table["place"]) == PLACES


def test_a_backslash_before_a_line_end_goes_on_and_other_backslashes_are_text(loaded):
    lines = [f"{row}\t{text}\\\nsecond line\t\\N\tC:\\new\\temp" for row, text in enumerate(TEXTS)]
    dataset = loaded(lines, "a.tsv")
    assert list(dataset.items) == [f"{text}\nsecond line" for text in TEXTS]
    kept = [list(dataset.table[name].astype(object)) for name in dataset.table.columns]
    assert kept[1] == ["\\N"] * 6
    assert kept[2] == ["C:\\new\\temp"] * 6
    quoted = loaded(["id,wish,file", *(f'{row},"he said \\"{text}\\"",C:\\new' for row, text in enumerate(TEXTS))])
    assert quoted.items[0] == f'he said "{TEXTS[0]}"'
    assert set(quoted.table["file"]) == {"C:\\new"}


def test_a_bank_writes_a_delimiter_behind_each_line_and_pairs_above(loaded):
    names, *rows = table(";")
    dataset = loaded(
        ['"Account:";"DE12 3456";', "", '"From:";"01.01.2025";', "", f"{names};", *(f"{row};" for row in rows)]
    )
    is_whole(dataset)
    assert dataset.columns == ("id", "wish", "place")


def test_the_last_line_of_a_second_table_is_none_of_the_first(loaded):
    dataset = loaded([*table(), "", "ward,people", *(f"W{row},{1000 + row}" for row in range(4))])
    is_whole(dataset)
    assert len(dataset.rejected) == 5


def test_signs_over_numbers_are_names(loaded):
    for names in ("🆔;💬;⭐", "#;💬;€"):
        dataset = loaded([names, *(f"{row};{text};{row % 5}" for row, text in enumerate(TEXTS))])
        assert list(dataset.items) == TEXTS
        assert dataset.columns == tuple(names.split(";"))


def test_pairs_above_a_wider_table_are_titles_though_the_first_looks_like_names(loaded):
    dataset = loaded(["Report;Citizen messages", "Date;01.03.2025", "User;Ann", "", *table(";")])
    is_whole(dataset)
    assert [fault.reason for fault in dataset.rejected][:3] == [
        f"it stands above the column names: {title}"
        for title in ("Report;Citizen messages", "Date;01.03.2025", "User;Ann")
    ]


@pytest.mark.parametrize("name", ["a.tsv", "a.txt"])
def test_a_delimiter_behind_each_record_alone_shifts_no_names(loaded, name):
    names, *rows = table("\t")
    dataset = loaded([names, *(f"{row}\t" for row in rows)], name)
    is_whole(dataset)
    assert dataset.columns == ("id", "wish", "place")


def test_a_table_in_markdown_has_no_frame_and_a_power_cut_costs_no_row(loaded, tmp_path):
    names, *rows = table("|", "")
    dataset = loaded([f"|{names}|", "|---|:---:|---|", *(f"|{row}|" for row in rows)])
    is_whole(dataset)
    assert dataset.columns == ("id", "wish", "place")
    (tmp_path / "cut.csv").write_bytes("\n".join([*table(), ""]).encode() + bytes(3000))
    assert list(ingest.load(tmp_path / "cut.csv").items) == TEXTS


@pytest.mark.parametrize(
    "titles",
    [
        ["Report of 2025"],
        ["Report", "Made 01.03.2025", ""],
        ["Report,Wishes", "On,01.03.2025", ""],
        ["Report,Wishes", "On,01.03.2025", ","],
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_of_two_columns_stands_below_titles_too(loaded, titles, delimiter):
    above = [title.replace(",", delimiter) for title in titles]
    dataset = loaded(
        [*above, f"comment{delimiter}place", *(f"{text}{delimiter}{PLACES[row]}" for row, text in enumerate(TEXTS))]
    )
    assert list(dataset.items) == TEXTS
    assert list(dataset.table["place"]) == PLACES


def test_a_second_table_below_a_blank_line_is_not_the_first_ones_names(loaded):
    names, *rows = table()
    dataset = loaded([names, rows[0], "", names.replace("wish", "comment"), *rows[1:]])
    assert dataset.columns == ("id", "wish", "place")


def test_records_that_end_after_their_first_field_are_read(loaded):
    rows = [text if row % 3 == 0 else f"{text},{PLACES[row % 6]},{row}" for row, text in enumerate(TEXTS * 3)]
    dataset = loaded(["wish,place,id", *rows])
    assert list(dataset.items) == TEXTS * 3
    assert list(dataset.table["place"].fillna("")) == ["" if row % 3 == 0 else PLACES[row % 6] for row in range(18)]
    halves = [
        line for row in range(6) for line in ("Noise at night", f"from the bar {row},Leeds,{row}", f"Fine,York,{row}")
    ]
    broken = loaded(["wish,place,id", *halves])
    assert "Noise at night" not in list(broken.items)


def test_marks_that_leave_the_lines_of_cells_apart_are_none(loaded):
    """An apostrophe here and there, and each line of a letter is a record of one field."""
    letters = [f"M{at:03d},\"Dear team,\n\nIt's the lamp of cell {at}.\n\nAnn O'Brien\"" for at in range(12)]
    dataset = loaded(["ticket,message", *letters])
    assert (len(dataset), dataset.rejected) == (12, ())
    assert dataset.items[3] == "Dear team,\n\nIt's the lamp of cell 3.\n\nAnn O'Brien"


@pytest.mark.parametrize("sign", ["¦", "§", "¬"])
def test_signs_that_old_programs_put_between_fields_part_them(loaded, sign):
    lines = [
        sign.join(("id", "comment", "n")),
        *(f"{at}{sign}the bus was late, again; number {at}{sign}{at}" for at in range(6)),
    ]
    dataset = loaded(lines)
    assert dataset.items[3] == "the bus was late, again; number 3"
    assert dataset.table["n"].tolist() == list(range(6))
    prose = [f"See § {at} of the law, and § {at + 1}." if at % 3 else f"A line without one, {at}." for at in range(9)]
    assert list(loaded(["comment", *prose]).items) == prose


def test_files_with_marks_that_were_put_together_repeat_their_names(tmp_path):
    part = "\ufeffid,comment,n\n" + "".join(f"{at},the bus was late {at},{at}\n" for at in range(4))
    (tmp_path / "a.csv").write_text(part * 2)
    dataset = ingest.load(tmp_path / "a.csv")
    assert len(dataset) == 8
    assert [fault.reason for fault in dataset.rejected] == ["it repeats the column names"]
    assert dataset.table["id"].tolist() == [0, 1, 2, 3] * 2


def test_a_file_without_names_has_none_where_somebody_says_so(tmp_path):
    lines = ["w1,1,w2", "======", *(f"a line number {at},{at},x" for at in range(4))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    dataset = ingest.load(tmp_path / "a.csv", choices={"header": "none"})
    assert dataset.items[0] == "w1"
    assert dataset.text_column == "column 1"


WORDS = ["bus", "pool", "bread", "station", "cold", "late", "closed", "friendly", "helpful", "again", "never", "street"]


def sentences(draw, n, ending=".!"):
    return [" ".join(draw.choices(WORDS, k=draw.randint(5, 9))).capitalize() + draw.choice(ending) for _ in range(n)]


@pytest.mark.parametrize("seed", range(12))
def test_questions_and_long_names_below_a_title_are_names(loaded, seed):
    draw, n = random.Random(seed), 9
    delimiter = draw.choice(",;\t|")
    asked = draw.choice(
        ["What did you like most, and why?", "Recommend?", "Would you, in all, come again to the pool?"]
    )
    columns = {
        draw.choice(["ID", "Price (€)", "Q1", "Temp °C"]): list(range(1, n + 1)),
        asked: [*sentences(draw, n - 3), *sentences(draw, 3, "?" if seed % 3 else ".")],
        "R&D": draw.choices(["yes", "no"], k=n),
    }
    names = list(columns)[: 2 if seed % 4 == 0 else 3]
    rows = [[f'"{name}"' for name in names], *([f'"{columns[name][row]}"' for name in names] for row in range(n))]
    dataset = loaded([*["Survey 2024", ""][: 1 + seed % 2], *map(delimiter.join, rows)])
    assert set(dataset.columns) == set(names)
    assert list(dataset.items) == columns[asked]
    assert [fault.reason for fault in dataset.rejected] == ["it stands above the column names: Survey 2024"]


@pytest.mark.parametrize("seed", range(12))
def test_titles_as_wide_as_two_columns_are_above_their_names(loaded, seed):
    draw, n = random.Random(seed), 8
    delimiter = draw.choice(",;\t|")
    name, values = draw.choice(
        [("ZIP", ["01067", "80331"]), ("Share", ["44%", "7%"]), ("Ort", ["Hull", "York"]), ("Height", ["5'6", "6'0"])]
    )
    texts = sentences(draw, n)
    rows = [("Commentaire", name), *((text, draw.choice(values)) for text in texts)]
    rows = [row[::-1] for row in rows] if seed % 2 else rows
    titles = ["Complaints 2024", "City of Exampleton", "Filter: all"][: draw.randint(1, 3)]
    dataset = loaded([*(title + delimiter for title in titles), *(f'"{a}"{delimiter}"{b}"' for a, b in rows)])
    assert set(dataset.columns) == {"Commentaire", name}
    assert list(dataset.items) == texts
    assert len(dataset.rejected) == len(titles)


def test_the_name_of_one_column_of_two_and_headings_of_sections_are_no_titles():
    cut = sniff([f"{line}\n" for line in ["comments;", *(f"{text};{row}" for row, text in enumerate(TEXTS))]])
    assert (cut.titles, cut.names[0], cut.sure) == (0, "comments", False)
    phrases = ["At the station;", "ticket;Fahrkarte", "train;Zug", "In the town;", "street;Strasse", "house;Haus"]
    parted = sniff([f"{line}\n" for line in phrases])
    assert (parted.titles, parted.sure) == (0, False)
    rows = [f"{row};{text}" for row, text in enumerate(TEXTS)]
    assert sniff([f"{line}\n" for line in [";comment", *rows]]).sure  # row names have none


@pytest.mark.parametrize("label", ["Q2", "v001", "Q3_a", "item 4", "Frage12b"])
@pytest.mark.parametrize("values", [["yes", "no"], ["1", "5", "3"], ["a@example.org", "b@example.org"], ["2024-01-05"]])
def test_what_variables_are_called_is_a_name_over_flags_numbers_and_addresses(label, values):
    lines = [f"{values[row % len(values)]};{text}\n" for row, text in enumerate(TEXTS)]
    found = sniff([f"{label};Other (please specify)\n", *lines])
    assert (found.names, found.sure) == ((label, "Other (please specify)"), True)
    among = [f"{label[:-1]}{row};{text}\n" for row, text in enumerate(TEXTS)]
    assert not sniff([f"{label};The bus was late again today.\n", *among]).has_header


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("named", [False, True])
def test_numbers_with_decimal_commas_part_no_columns(seed, named):
    draw = random.Random(seed)
    delimiter, more = draw.choice(";\t|"), draw.randint(1, 3)

    def number():
        return f"{draw.choice(['', '-'])}{draw.randint(0, 2000)},{draw.randint(0, 99):02}"

    texts = [text.rstrip(".!") for text in sentences(draw, 12)]
    rows = [delimiter.join([text, *(number() for _ in range(more))]) for text in texts]
    names = [delimiter.join(["text", *(f"Wert {at}" for at in range(more))])] if named else []
    found = sniff([f"{line}\n" for line in [*names, *rows]])
    assert (found.delimiter, len(found.names), found.has_header) == (delimiter, more + 1, named)


@pytest.mark.parametrize(
    "names",
    [
        ["What did you like most", "What could we do better"], ["What did you like most?", "What could we do better?"],
        ["Was hat Ihnen gefallen", "Was sollen wir besser machen"], ["What could we do better for you?"],
        ["Please tell us what we could do better, in your own words"],
    ],
)  # fmt: skip
def test_questions_above_the_answers_of_a_survey_are_no_answer_that_is_sure(tmp_path, names):
    answers = ["The staff were friendly and helpful", "Why not open on Saturday?", "It was too cold near the windows"]
    answers += [f"{text}, isn't it" for text in TEXTS]
    rows = [[f"{answers[(at + column) % 9]} {at}" for column in range(len(names))] for at in range(9)]
    rows[4][0] = "Opening hours, why not on Saturday?"
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    with (tmp_path / "a.csv").open(newline="") as file:
        dialect = Records(file, name="a.csv").dialect
    assert (dialect.names, dialect.has_header) == (tuple(names), True) or not dialect.sure


def test_halves_of_numbers_with_decimal_commas_leave_the_names_unsure():
    rows = [f"{row},{text},{row % 3},{row % 10}\n" for row, text in enumerate(TEXTS)]
    assert not sniff(["id,text,price\n", *rows]).sure
    assert sniff(["text,price\n", *(f"{row},{text},{row % 3}\n" for row, text in enumerate(TEXTS))]).sure


@pytest.mark.parametrize("seed", range(6))
def test_a_question_over_texts_some_of_which_ask_is_no_value_for_sure(seed):
    draw = random.Random(seed)
    texts = [*sentences(draw, 15), *sentences(draw, 3, "?")]
    draw.shuffle(texts)
    rows = [f'"{text}";"{draw.choice(["Park", "Bus; Park", "Library"])}"\n' for text in texts]
    found = sniff(['"What did you like most?";Facilities used\n', *rows])
    assert found.has_header or not found.sure


def test_a_question_below_a_title_is_a_name_whatever_is_answered_where_others_are_names(loaded):
    rows = [f"{row};{text}?;{row % 5}" for row, text in enumerate(TEXTS)]
    dataset = loaded(["Survey 2024", "Contact: Smith, John; room 5", "ID;What did you like most?;Rating", *rows])
    assert dataset.columns == ("ID", "What did you like most?", "Rating")
    pairs = loaded(
        ['"Contact: Smith, John"', "", "ZIP,Commentaire", *(f"8033{row},{text}" for row, text in enumerate(TEXTS))]
    )
    assert pairs.columns == ("ZIP", "Commentaire")


TITLES = ["Umfrage Stadtbibliothek", "Filter: all", "Report period: 01.01.2024 - 31.12.2024", "Number of responses: 60"]
FEET = ["Note: names were changed, see page 3.", "End of report", "60 rows", "Quelle: Stadt X, 2024", "(c) City of X"]


@pytest.mark.parametrize("seed", range(24))
def test_titles_and_feet_of_a_small_table_are_listed_and_none_of_it(tmp_path, seed):
    draw, n = random.Random(seed), random.Random(seed).choice([3, 8, 20])
    delimiter, padded = draw.choice(",;\t|"), draw.random() < 0.5
    names = draw.sample(["Nachricht", "Order no.", "Preis", "Region", "Recommend?", "Tags"], draw.randint(3, 5))
    made = {"Order no.": [f"{at:05}" for at in range(n)], "Preis": [f"{at},50" for at in range(n)]}
    texts = ["\n".join(sentences(draw, 1 + seed % 2)) for _ in range(n)]
    columns = {name: made.get(name) or draw.choices(["yes", "no"], k=n) for name in names} | {"Nachricht": texts}
    above, below = draw.sample(TITLES, draw.randint(1, 2)), draw.sample(FEET, draw.randint(1, 2))
    pad = [""] * (len(columns) - 1) * padded
    blank = [[""] * len(columns) if padded else []] * draw.randint(0, 1)
    records = [*([title, *pad] for title in above), *blank, list(columns), *zip(*columns.values(), strict=True)]
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([*records, *blank, *([foot, *pad] for foot in below)])
    for asked in ({}, {"delimiter": {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]}):
        dataset = ingest.load(tmp_path / "a.csv", choices=asked, text="Nachricht")
        assert (dataset.columns, list(dataset.items)) == (tuple(columns), texts)
        told = " ".join(fault.reason for fault in dataset.rejected)
        assert all(title in told for title in above)
        assert len([fault for fault in dataset.rejected if fault.row is not None]) >= len(below)


def test_lines_that_a_delimiter_parts_alike_are_not_surely_one_column():
    rows = [f"{row}|{text}|{row % 2}\n" for row, text in enumerate(TEXTS)]
    prose = [f"{text}\n" for text in TEXTS * 2]
    assert not sniff([*prose, *rows]).sure


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_small_table_with_a_title_and_a_foot_is_not_surely_one_column(delimiter: str) -> None:
    rows = [["Review", "Score"], ["Bread was cold days", "4"], ["Screen high flowers", "4"]]
    lines = ["Complaints report\n", "\n", *(f"{delimiter.join(row)}\n" for row in rows), "Note: some are missing\n"]
    dialect = sniff(lines)
    assert dialect.names == ("Review", "Score") or (not dialect.sure and "delimiter" in dialect.doubt)
    prose = ["It rained; we waited\n", "Nobody came\n", "Cold; and late\n", "Fine\n"]
    assert not sniff(prose).doubt
