"""Documents: what is read of each format, what becomes an item, and where an item says it stands."""

import io
import re
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from explorer.errors import BadChoice, NothingUsable, UnreadableFile
from explorer.ingest import load, preview
from tests.documents import (
    PROSE,
    filled_form,
    in_order,
    last_first,
    locked_pdf,
    mail,
    pdf,
    prose,
    scanned_pdf,
    slides,
    upright,
    word,
    wrapped,
)


def only(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_short_document_is_an_item_with_what_the_file_says_of_itself(tmp_path: Path) -> None:
    info = {"Title": "Harbours", "Author": "A. Keeper", "CreationDate": "D:20200102030405+01'00'"}
    dataset = load(only(tmp_path / "a.pdf", pdf([["Two lines, one of which", "goes on in the next."]], info=info)))
    assert dataset.items == ["Two lines, one of which goes on in the next."]
    assert dataset.table.iloc[0].to_dict() == {
        "document": "a.pdf",
        "page": 1,
        "place": "characters 0–44",
        "title": "Harbours",
        "author": "A. Keeper",
        "date": "2020-01-02T03:04:05+01:00",
    }
    assert not dataset.rejected


def test_a_long_document_is_divided_and_a_passage_knows_its_page_and_its_place(tmp_path: Path) -> None:
    pages = [wrapped(prose(30)[at : at + 1300]) for at in range(0, 2600, 1300)]
    path = only(tmp_path / "a.pdf", pdf(pages))
    whole = load(path, choices={"items": "documents"})
    passages = load(path)
    assert len(whole) == 1
    assert whole.table["pages"].tolist() == [2]
    assert len(passages) > 3
    assert sorted(set(passages.table["page"])) == [1, 2]
    assert sum(place.startswith("pages 1–2, ") for place in passages.table["place"]) == 1
    for text, place in zip(passages.items, passages.table["place"], strict=True):
        start, end = map(int, place.rpartition("characters ")[2].split("–"))
        assert whole.items[0][start:end] == text.removeprefix("… ").removesuffix(" …")
    assert "".join(passages.items).replace(" ", "").replace("…", "") == whole.items[0].replace(" ", "").replace(
        "\n", ""
    )


def test_size_and_overlap_of_passages_can_be_chosen(tmp_path: Path) -> None:
    path = only(tmp_path / "a.md", prose(60))
    usual, small = load(path), load(path, choices={"passage size": "60"})
    shared = load(path, choices={"passage size": "60", "overlap": "20"})
    assert len(usual) < len(small) < len(shared)
    bare = [text.removeprefix("… ").removesuffix(" …") for text in shared.items]
    assert all(other[:10] in one for one, other in pairwise(bare))
    assert [choice.name for choice in usual.choices] == ["items", "passage size", "overlap"]
    for name, value in (("passage size", "3"), ("passage size", "many"), ("overlap", "101"), ("items", "chapters")):
        with pytest.raises(BadChoice, match="Possible are"):
            load(path, choices={name: value})


def test_a_word_at_the_end_of_a_line_is_joined_and_lines_become_paragraphs(tmp_path: Path) -> None:
    lines = [
        "The lighthouse keeper wrote down the weather each day and never missed a sin-",
        "gle entry in forty years.",
        "• A point",
        "• Another point",
    ]
    assert load(only(tmp_path / "a.pdf", pdf([lines]))).items == [
        "The lighthouse keeper wrote down the weather each day and never missed a single entry in forty years.\n"
        "• A point\n• Another point"
    ]


def test_what_stands_on_every_page_is_kept_once_and_listed(tmp_path: Path) -> None:
    pages = [["Harbour report", f"{PROSE[at % 4]}{at}", "and more of it", f"Page {at + 1} of 8"] for at in range(8)]
    dataset = load(only(tmp_path / "a.pdf", pdf(pages)), choices={"items": "documents"})
    text = dataset.items[0]
    assert text.count("Harbour report") == 1
    assert [text.count(PROSE[at % 4].split()[1]) > 0 for at in range(8)] == [True] * 8
    assert "Page 2" not in text
    assert [fault.reason.split("”")[0] for fault in dataset.rejected] == ["“Harbour report", "“Page 1 of 8"]


@pytest.mark.parametrize(
    "head",
    [
        "Invoice {n}7",
        "{n} March 2025",
        "Question {n}",
        "Slide title {n}",
        "Section {n}",
        "Case 2024-{n}",
        "Goal {n} of 9",
    ],
)
def test_numbers_at_the_edge_that_are_no_pages_stay(head: str, tmp_path: Path) -> None:
    heads = [head.format(n=at + 1) for at in range(4)]
    pages = [[head, *wrapped(prose(3)), "paid"] for head in heads]
    dataset = load(only(tmp_path / "a.pdf", pdf(pages)), choices={"items": "documents"})
    assert [one in dataset.items[0] for one in heads] == [True] * 4


@pytest.mark.parametrize(
    "foot",
    ["{n}", "- {n} -", "Page {n}", "Seite {n} von 8", "Harbour report | {n}", "{n} · Harbour report", "p. {n}", "{i}"],
)
def test_numbers_of_pages_are_told_by_how_they_stand_in_their_line(foot: str, tmp_path: Path) -> None:
    roman = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
    feet = [foot.format(n=at + 1, i=roman[at]) for at in range(8)]
    pages = [[f"{PROSE[at % 4]}{at}", "and more of it", "and the end", feet[at]] for at in range(8)]
    whole = load(only(tmp_path / "a.pdf", pdf(pages)), choices={"items": "documents"})
    assert [f"\n{one}" in whole.items[0] or f" {one}\n" in f"{whole.items[0]}\n" for one in feet[1:]] == [False] * 7


def test_a_number_far_from_the_words_of_its_line_is_a_pages(tmp_path: Path) -> None:
    def drawn(lines: Sequence[str]) -> str:
        words, number, *rest = lines
        apart = f"BT /F1 10 Tf 50 810 Td ({words}) Tj ET BT /F1 10 Tf 500 810 Td ({number}) Tj ET\n"
        return apart + in_order(rest)

    pages = [["Chapter", str(at + 1), f"{PROSE[at % 4]}{at}", "and more", "and the end"] for at in range(6)]
    far = load(only(tmp_path / "a.pdf", pdf(pages, drawn=drawn)), choices={"items": "documents"})
    near = [[f"{head} {number}", *rest] for head, number, *rest in pages]
    kept = load(only(tmp_path / "b.pdf", pdf(near)), choices={"items": "documents"})
    assert [text.count("Chapter") for text in (far.items[0], kept.items[0])] == [1, 6]


@pytest.mark.parametrize("first", [True, False])
def test_heads_and_feet_that_a_program_drew_before_or_after_the_rest_are_told_as_such(
    first: bool, tmp_path: Path
) -> None:
    def drawn(lines: Sequence[str]) -> str:
        edges = "".join(
            f"BT /F1 8 Tf 50 {y} Td ({words}) Tj ET\n" for y, words in ((815, "Town report"), (30, f"Page {lines[0]}"))
        )
        rest = in_order(lines[1:])
        return edges + rest if first else f"{rest}\n{edges}"

    pages = [[str(at + 1), *wrapped(prose(9)[at:])] for at in range(5)]
    dataset = load(only(tmp_path / "a.pdf", pdf(pages, drawn=drawn)), choices={"items": "documents"})
    assert (dataset.items[0].count("Town report"), dataset.items[0].count("Page")) == (1, 1)
    assert dataset.items[0].startswith("Town report")


def test_pages_of_few_words_are_items_by_themselves_and_those_of_one_text_are_not(tmp_path: Path) -> None:
    bills = [[f"Bill {1000 + at}", "Total: 3.50 EUR"] for at in range(6)]
    dataset = load(only(tmp_path / "a.pdf", pdf(bills)))
    assert [text.split()[1] for text in dataset.items] == [str(1000 + at) for at in range(6)]
    assert dataset.table["page"].tolist() == [1, 2, 3, 4, 5, 6]
    flowing = [["The harbour was built in"], ["three parts, and every one of them"], ["has its own crane."]]
    (text,) = load(only(tmp_path / "b.pdf", pdf(flowing))).items
    assert text == "The harbour was built in three parts, and every one of them has its own crane."


def test_a_hyphen_stays_that_was_not_made_for_the_line(tmp_path: Path) -> None:
    lines = [
        "The well-",
        "known line from North-",
        "South was built in 2024-",
        "2025, and e-",
        "mails told of the cra-",
    ]
    lines.append("nes. It is well-known that Cranes are.")
    (text,) = load(only(tmp_path / "a.pdf", pdf([lines]))).items
    for words in ("well-known line", "North-South", "2024-2025", "e-mails", "the cranes"):
        assert words in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (scanned_pdf, r"it has no text: its page is a picture or empty\. Recognise the text first \(OCR\)"),
        (locked_pdf, r"it is locked with a password\. Save it without one"),
        (lambda: b"%PDF-1.4 nothing", "it is not a whole PDF"),
        (lambda: pdf([["text"]])[:200], "it is not a whole PDF"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why_and_what_to_do(content: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=f"cannot read a.pdf: {said}"):
        load(only(tmp_path / "a.pdf", content()))  # type: ignore[operator]


def test_lines_that_stand_upright_are_not_glued(tmp_path: Path) -> None:
    lines = [f"row {at} ends with number{at}" for at in range(12)]
    (text,) = load(only(tmp_path / "a.pdf", pdf([lines], drawn=upright))).items
    assert text.split() == " ".join(lines).split()


def test_lines_of_one_column_are_read_from_the_top_in_whichever_order_they_were_drawn(tmp_path: Path) -> None:
    lines = [f"This is line {at} of a page whose program drew it in another order." for at in range(30)]
    for drawn in (last_first, None):
        content = pdf([lines], drawn=drawn) if drawn else pdf([lines])
        (text,) = load(only(tmp_path / "a.pdf", content), choices={"items": "documents"}).items
        assert text.split() == " ".join(lines).split()


def test_what_was_filled_in_in_a_form_is_read(tmp_path: Path) -> None:
    dataset = load(only(tmp_path / "a.pdf", filled_form("Your comment:", "the bus is late")))
    assert dataset.items[0].split() == ["Your", "comment:", "the", "bus", "is", "late"]


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    dataset = load(only(tmp_path / "a.pdf", pdf([["some text"], [], [], ["more text"], []])))
    assert [fault.reason.split(":")[0] for fault in dataset.rejected] == ["pages 2–3 and 5 without text"]


def test_a_word_document_is_read_with_its_tables_in_their_place(tmp_path: Path) -> None:
    content = word(["A paragraph", "Another"], table=[["name", "depth"], ["quay", "4 m"]], title="T", author="Me")
    dataset = load(only(tmp_path / "a.docx", content))
    assert dataset.items == ["A paragraph\nAnother\nname\tdepth\nquay\t4 m"]
    assert dataset.table[["title", "author"]].iloc[0].tolist() == ["T", "Me"]


def test_formulas_are_read_and_hidden_words_are_not(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml

    w, m = (
        f"http://schemas.openxmlformats.org/{name}"
        for name in ("wordprocessingml/2006/main", "officeDocument/2006/math")
    )
    made, out = docx.Document(), io.BytesIO()
    inside = f'<w:p xmlns:w="{w}" xmlns:m="{m}"><w:r><w:t xml:space="preserve">It is </w:t></w:r>'
    inside += "<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    inside += '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>.</w:t></w:r></w:p>'
    made.element.body.insert(0, parse_xml(inside))
    made.save(out)
    assert load(only(tmp_path / "a.docx", out.getvalue())).items == ["It is E=mc."]


def test_what_a_file_does_not_say_of_itself_is_not_made_up(tmp_path: Path) -> None:
    for name, content in (("a.docx", word(["A paragraph"])), ("a.pptx", slides([("Welcome", "to the harbour", "")]))):
        with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(tmp_path / name, "w") as bare:
            for part in whole.namelist():
                if "docProps" not in part:
                    kept = re.sub(rb"<(?:Relationship|Override) [^>]*docProps[^>]*/>", b"", whole.read(part))
                    bare.writestr(part, kept)
        dataset = load(tmp_path / name)
        assert len(dataset) == 1
        assert not {"title", "author", "date"} & set(dataset.table)


def test_paragraphs_of_a_word_document_are_counted_by_its_own(tmp_path: Path) -> None:
    made = word([*wrapped(prose(4), 60), "", "and a last one"])
    dataset = load(only(tmp_path / "a.docx", made), choices={"passage size": "40"})
    assert dataset.table["place"].tolist()[0].startswith("paragraphs 1–")
    assert dataset.table["place"].tolist()[-1].endswith(f"{len(wrapped(prose(4), 60)) + 1}")


def test_no_passage_runs_over_two_slides(tmp_path: Path) -> None:
    show = slides([(f"Slide {at}", prose(3), "a note") for at in range(4)])
    dataset = load(only(tmp_path / "a.pptx", show))
    assert [text.split("\n")[0] for text in dataset.items] == [f"Slide {at}" for at in range(4)]
    assert dataset.table["page"].tolist() == [1, 2, 3, 4]


def test_slides_are_pages_and_their_notes_are_read(tmp_path: Path) -> None:
    show = slides([("Welcome", "to the harbour", "smile"), ("Depth", prose(12), "")], title="Harbours")
    dataset = load(only(tmp_path / "a.pptx", show))
    assert dataset.items[0].startswith("Welcome\nto the harbour\n\nsmile")
    assert set(dataset.table["page"]) == {1, 2}


def test_a_mail_whose_lines_flow_has_none_broken_for_their_width(tmp_path: Path) -> None:
    body = "The boat \nleft at \nfour.\n\n From here on\n> it was \n> said \nso\n-- \nAnn\n"
    content = f"From: a@b.c\nSubject: s\nContent-Type: text/plain; format=flowed\n\n{body}".encode()
    (text,) = load(only(tmp_path / "a.eml", content)).items
    assert "The boat left at four.\n\nFrom here on" in text
    assert text.endswith("so\n-- \nAnn")


def test_a_web_page_is_what_a_reader_sees(tmp_path: Path) -> None:
    page = """<!doctype html><html><head><title>Tïtle</title><style>p {}</style><meta name="author" content="Me"></head>
    <body><h1>Head</h1><script>alert(1)</script><p>One <b>two</b> thr<i>ee</i><br>four<div hidden>no</div>
    <ul><li>a<li>b</ul><table><tr><td>1<td>2<tr><td>3</table><p style="display: none">no</p>&lt;5</body></html>"""
    for name, encoding in (("a.html", "utf-8"), ("b.htm", "utf-16")):
        dataset = load(only(tmp_path / name, page.encode(encoding)))
        assert dataset.items == ["Head\n\nOne two three\nfour\n\n• a\n• b\n\n1\t2\n3\n\n<5"]
        assert dataset.table[["title", "author"]].iloc[0].tolist() == ["Tïtle", "Me"]
    declared = page.replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1")
    assert load(only(tmp_path / "c.html", declared)).table["title"].tolist() == ["Tïtle"]


def test_a_mail_has_its_headers_as_columns_and_its_attachments_are_listed(tmp_path: Path) -> None:
    content = mail(
        "Dear all,\n\nthe crane is here.",
        html="<p>not this</p>",
        attached={"plan.pdf": b"%PDF"},
        subject="Grüße vom Hafen",
        sender="Ännchen <a@b.example>",
        to="x@y.example",
        date="Tue, 3 Mar 2020 10:00:00 +0100",
    )
    dataset = load(only(tmp_path / "a.eml", content))
    assert dataset.items == ["Grüße vom Hafen\n\nDear all,\n\nthe crane is here."]
    assert dataset.table.iloc[0].to_dict() == {
        "document": "a.eml",
        "place": "the whole document",
        "date": "2020-03-03T10:00:00+01:00",
        "subject": "Grüße vom Hafen",
        "from": "Ännchen <a@b.example>",
        "to": "x@y.example",
    }
    said = "the attachment “plan.pdf” (application/pdf) is not read. Save it by itself to read it"
    assert [fault.reason for fault in dataset.rejected] == [said]
    only_html = mail("", html="<p>Hello <b>you</b></p>", subject="s")
    assert load(only(tmp_path / "b.eml", only_html)).items == ["s\n\nHello you"]


QUOTES = {
    "On Mon, 3 Mar 2025 the office wrote:\n> Thank you.\n>\n> We answer soon.": "",
    "\nOn Mon, 3 Mar 2025 at 10:02, the office\n<o@example.org> wrote:\n\n> Thanks.\n\nMy number: 5": "My number: 5",
    "Ann wrote:\n> Thank you.\n> > No.": "",
    "Am 03.03.25 um 10:02 schrieb Büro:\n> Danke.": "",
    "-----Original Message-----\nFrom: A\nTo: B\n\nThank you.": "",
    "________________________________\nFrom: A <a@b.example>\nSent: Monday\nTo: B\nSubject: C\n\nThank you.": "",
}


@pytest.mark.parametrize(("quotation", "below"), QUOTES.items())
def test_what_a_mail_quotes_of_earlier_ones_stands_beside_its_text(quotation: str, below: str, tmp_path: Path) -> None:
    own = "Is there a place? Call me at 10:30."
    dataset = load(only(tmp_path / "a.eml", mail(f"{own}\n{quotation}", subject="Re: RE: Summer camp")))
    assert dataset.items[0].split() == f"Summer camp {own} {below}".split()
    assert dataset.table["subject"].tolist() == ["Re: RE: Summer camp"]
    assert dataset.table["quoted"][0].split() == quotation.removesuffix(below).split()
    [choice] = [choice for choice in dataset.choices if choice.name == "quoted"]
    assert choice.value == "beside"
    whole = load(only(tmp_path / "a.eml", mail(f"{own}\n{quotation}", subject="s")), choices={"quoted": "kept"})
    assert whole.items[0].split() == f"s {own} {quotation}".split()
    assert "quoted" not in whole.table


def test_what_a_mail_is_about_is_never_left_out(tmp_path: Path) -> None:
    forward = "FYI\n\n-----Original Message-----\nFrom: A\nTo: B\nSubject: C\n\nThe crane is here."
    for number, (text, subject) in enumerate(
        [
            ("> only\n> quoted", "Re: s"),
            (forward, "Fwd: s"),
            ("We meet at 10:30, as Ann wrote:\nbring cake.\nFrom: the pier\n>From here it is near.", "s"),
            ("The three rules of 2024:\n\n1 > 0", "s"),
        ]
    ):
        dataset = load(only(tmp_path / f"{number}.eml", mail(text, subject=subject)))
        assert dataset.items[0].split() == f"{subject.removeprefix('Re: ')} {text}".split()
        assert not [choice for choice in dataset.choices if choice.name == "quoted"]


def test_a_mail_that_is_a_web_page_has_its_quotations_told_too(tmp_path: Path) -> None:
    quote = "<blockquote>Come?<blockquote>No</blockquote></blockquote>"
    page = f"<p>Yes.</p><div>On Monday 3 Mar 2025 Ann wrote:<br></div>{quote}<p>Bye</p>"
    dataset = load(only(tmp_path / "a.eml", mail("", html=page, subject="Party")))
    assert dataset.items[0].split() == ["Party", "Yes.", "Bye"]
    assert "> Come?" in dataset.table["quoted"][0]
    hidden = "<blockquote hidden>no</blockquote><pre style='display:none'>no</pre><p>one\n  two</p>"
    assert load(only(tmp_path / "b.eml", mail("", html=hidden, subject="s"))).items == ["s\n\none two"]
    deep = "<blockquote>a" * 200 + "</blockquote>" * 200 + "<p>b</p>"
    assert load(only(tmp_path / "c.eml", mail("", html=deep, subject="s"))).items == ["s\n\nb"]


def test_markdown_is_read_as_written_with_its_title(tmp_path: Path) -> None:
    dataset = load(only(tmp_path / "a.md", "---\ntitle: 'Harbours'\ndate: 2020-01-02\n---\n# Other\n\n*text*\n"))
    assert dataset.items == ["# Other\n\n*text*"]
    assert dataset.table[["title", "date"]].iloc[0].tolist() == ["Harbours", "2020-01-02"]
    assert load(only(tmp_path / "b.md", "Title\n=====\n\ntext")).table["title"].tolist() == ["Title"]


def test_documents_of_several_formats_are_one_dataset_and_bad_ones_cost_themselves_only(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("in/a.pdf", pdf([["a page of text"]]))
        packed.writestr("in/b.docx", word(["a paragraph"]))
        packed.writestr("c.eml", mail("a mail", subject="s"))
        packed.writestr("d.pdf", scanned_pdf())
        packed.writestr("e.docx", b"PK nothing")
    dataset = load(tmp_path / "all.zip")
    assert dict(zip(dataset.table["document"], dataset.items, strict=True)) == {
        "c.eml": "s\n\na mail",
        "in/a.pdf": "a page of text",
        "in/b.docx": "a paragraph",
    }
    assert "source" not in dataset.table
    assert [fault.source for fault in dataset.rejected] == ["d.pdf", "e.docx"]


def test_text_files_with_paragraphs_are_documents_where_they_come_together(tmp_path: Path) -> None:
    for at in range(5):
        only(tmp_path / f"{at}.txt", f"Letter {at} about the quay\n\nIts second paragraph.\n")
    dataset = load(tmp_path)
    assert dataset.items[0] == "Letter 0 about the quay\n\nIts second paragraph."
    assert dataset.table["document"].tolist() == [f"{at}.txt" for at in range(5)]
    items = next(choice for choice in dataset.choices if choice.name == "items")
    assert (items.name, items.value, items.sure) == ("items", "passages", False)
    assert "have paragraphs" in items.why
    assert len(load(tmp_path, choices={"items": "lines"})) == 10
    assert preview(tmp_path).rows[0]["text"] == dataset.items[0]
    alone = load(tmp_path / "0.txt")
    assert len(alone) == 2
    assert [choice.value for choice in alone.choices if choice.name == "items"] == ["lines"]


def test_lists_of_lines_stay_lists_of_lines_and_wrapped_prose_is_a_document(tmp_path: Path) -> None:
    for name in "ab":
        only(tmp_path / f"{name}.txt", "a line\nanother line\nand a third\n")
    assert len(load(tmp_path)) == 6
    novel = only(tmp_path / "novel.txt", "\n".join(wrapped(prose(40))))
    dataset = load(novel)
    assert dataset.choices[0].value == "passages"
    assert "go on in the next" in dataset.choices[0].why
    assert 3 < len(dataset) < 30
    assert len(load(novel, choices={"items": "lines"})) == len(wrapped(prose(40)))


def test_bytes_that_are_no_text_cost_no_document(tmp_path: Path) -> None:
    dataset = load(only(tmp_path / "a.md", "schön ist es hier\n".encode() * 3 + b"caf\xe9\n"))
    assert dataset.items[0].endswith("caf\ufffd")
    assert "is not valid UTF-8" in dataset.rejected[0].reason


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.md", b" \n"), ("b.html", b"<html></html>"), ("c.docx", word([])), ("d.eml", b"")):
        with pytest.raises(NothingUsable, match=f"nothing in {name} is usable"):
            load(only(tmp_path / name, content))


def test_a_list_of_long_lines_in_small_letters_stays_one(tmp_path: Path) -> None:
    ends = ("again", "as ever before this year", "since the beginning of spring", "they say.")
    lines = [f"the bank of number {n} has to block my card {ends[n % 4]}" for n in range(40)]
    assert list(load(only(tmp_path / "a.txt", "\n".join(lines))).items) == lines


def letters(folder: Path, count: int = 8, *, pages: int = 2) -> Path:
    """Write letters of two pages under one letterhead, each with a body of its own."""
    folder.mkdir()
    for at in range(count):
        body = [
            f"Dear reader {at},",
            *(f"letter {at} says on line {line} that the bridge number {at} is shut." for line in range(6)),
        ]
        head, foot = ["Mill Road Water Board", "12 Mill Road, Millbrook", "Telephone 555 0199"], "Registered no. 4711"
        written = [[*head, *body, f"Page {page + 1} of {pages}", foot] for page in range(pages)]
        (folder / f"letter {at}.pdf").write_bytes(pdf(written))
    return folder


@pytest.mark.parametrize("lengths", [(3,) * 8, (2, 3) * 4])
def test_edges_that_differ_only_in_their_numbers_are_told_once(tmp_path: Path, lengths: tuple[int, ...]) -> None:
    for at, pages in enumerate(lengths):
        body = [f"letter {at} says on line {line} that the bridge number {at} is shut." for line in range(6)]
        written = [["Mill Road 12", *body, f"Page {page + 1} of {pages}"] for page in range(pages)]
        (tmp_path / f"letter {at}.pdf").write_bytes(pdf(written))
    (said,) = [one.reason for one in load(tmp_path).rejected if one.reason.startswith("running heads")]
    told = re.findall("“([^”]*)”", said)
    assert "Mill Road 12" in told
    assert [line for line in told if line.startswith("Page")] == ["Page … of …"]


def test_what_many_short_pdfs_have_at_their_edges_is_no_text_of_each_and_that_is_said(tmp_path: Path) -> None:
    dataset = load(letters(tmp_path / "letters"))
    assert len(dataset) == 8
    assert not any(word in str(item) for item in dataset.items for word in ("Mill Road", "555", "4711", "Page 1"))
    assert str(dataset.items[0]).startswith("Dear reader 0,")
    assert str(dataset.items[0]).count("is shut.") == 12
    (said,) = dataset.rejected
    assert said.noun == "part of a file"
    assert "“Mill Road Water Board”" in said.reason
    assert "the pages of all 8 PDF files which were compared have at their top or bottom" in said.reason
    assert said.reason.startswith("running heads and page numbers were left out: lines that the pages of ")
    assert said.reason.endswith("open one of the files and look at the edges of its pages")
    assert "Mill Road" not in preview(tmp_path / "letters").rows[0]["text"]


def test_a_line_with_a_number_of_its_own_beside_the_page_is_shared_and_a_head_of_a_table_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for at in range(8):
        head = ["Borough of Kelmore", "Page {} of report 2025/00" + str(at), "See the rules in force since 2019."]
        body = [f"report {at} says on line {line} that the bridge number {at} is shut." for line in range(7)]
        table = ["Part Grade Cost Due", *(f"B{row} {at + row} {at * 7 + row},00" for row in range(1 + at % 3))]
        written = [[*(line.format(page + 1) for line in head), *body, *table] for page in range(2)]
        (folder / f"report {at}.pdf").write_bytes(pdf(written))
    dataset = load(folder)
    assert not any(word in str(item) for item in dataset.items for word in ("Borough", "of report", "rules in force"))
    assert sum(str(item).count("Part Grade Cost Due") for item in dataset.items) == 16
    assert [at for at in range(8) if f"B0 {at} {at * 7},00" not in " ".join(map(str, dataset.items))] == []
    (said,) = dataset.rejected
    assert "“Page … of report …”" in said.reason
    assert "Part Grade" not in said.reason


def test_pdfs_that_share_nothing_or_are_few_keep_all_of_their_lines(tmp_path: Path) -> None:
    assert "Mill Road Water Board" in str(load(letters(tmp_path / "two", 2)).items[0])
    others = tmp_path / "others"
    others.mkdir()
    for at in range(5):
        (others / f"{at}.pdf").write_bytes(
            pdf([[f"a heading of its own {at * 7}", "words", f"and an end {at * 3} of it"]])
        )
    assert [str(item).split()[0] for item in load(others).items] == ["a"] * 5
    (others / "same").mkdir()
    for at in range(5):
        (others / "same" / f"{at}.pdf").write_bytes(pdf([["one line for all"]]))
    assert [str(item) for item in load(others / "same").items] == ["one line for all"] * 5


def test_a_passage_that_is_cut_within_a_sentence_says_so(tmp_path: Path) -> None:
    long = " ".join(f"word{at}" for at in range(400)) + "."
    (tmp_path / "a.pdf").write_bytes(pdf([[long[at : at + 90] for at in range(0, len(long), 90)]]))
    items = [str(item) for item in load(tmp_path / "a.pdf").items]
    assert len(items) > 2
    assert not items[0].startswith("…")
    assert items[0].endswith(" …")
    assert all(item.startswith("… ") for item in items[1:])
    assert items[-1].endswith(".")


@pytest.mark.parametrize("said", ["", "Content-Type: text/plain\n", "Content-Type: text/plain; charset=x-unknown\n"])
def test_a_mail_that_says_nothing_of_its_letters_is_guessed_like_a_file(tmp_path: Path, said: str) -> None:
    text = "Köln ist schön, und die Straße führt über die Brücke."
    content = f"Subject: Grüße\nFrom: Jörg <j@example.org>\n{said}\n{text}\n".encode("cp1252")
    found = load(only(tmp_path / "a.eml", content))
    assert list(found.items) == [f"Grüße\n\n{text}"]
    assert found.table["from"][0] == "Jörg <j@example.org>"
    known = b"Subject: =?unknown-8bit?q?b=FCro?=\nFrom: x@example.org\n\n" + text.encode()
    assert list(load(only(tmp_path / "b.eml", known)).items) == [f"büro\n\n{text}"]
