"""Whatever looks at content takes time in proportion to it: no small file holds everybody up.

What is tried is found in the package – every compiled pattern, every pattern given to a function of `re`, every
function of one text, every reader of a format –, so that a new one is tried without being listed.  Growth is judged by
processor time at a length and at four times it: in proportion it is 4, by the square 16; the best of some tries counts.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import io
import pkgutil
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import explorer
from explorer.errors import ExplorerError
from explorer.ingest import Source, feeding, formats, load, sheets
from explorer.ingest.chatlines import Message, people_of
from explorer.ingest.delimited import Records, unique_names
from explorer.ingest.documents.document import Refused
from explorer.ingest.documents.headings import marked, places, unmarked
from explorer.ingest.documents.passages import laid
from explorer.ingest.documents.richtext import read_rich_text
from explorer.ingest.documents.webpage import read_page
from explorer.ingest.documents.worker import DECODERS
from explorer.ingest.loading import candidates
from explorer.ingest.reader import ITEMS, MAX_COLUMNS, TABLE
from explorer.ingest.registry import read
from explorer.ingest.uniting import united
from explorer.server.uploads.names import Upload
from tests.spreadsheets import excel

ROOMS = ("ingest", "kinds", "description", "report", "questions", "server", "ui", "types", "workspace")
FACTOR, MOST, FLOOR_S, TRIES = 4, 9, 0.02, 4

PIECES = (
    "a", "A", "1", "é", "漢", "ก", "/", "\\", ".", ",", ";", ":", "'", '"', "-", "_", "@", "<", ">", "(", "[", "{", "&",
    " ", "\t", "\n", "\0", "a ", "a.", "a/", "a@", "a-", "a'", "1.", "1,", "1-", "<a", "<!--", "-->", "&#1", "://",
    "www.", '","', ' "', "[1,", '{"a":', "漢a", "\ud800",
)  # fmt: skip
ENDS = (("", ""), ("", " x"), ("", "\n\0!"), ("@ <", "@"), ("a", '"'), ("http://", "<"))


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(explorer.__path__, "explorer."):
        if found.name.split(".")[1] in ROOMS:
            yield importlib.import_module(found.name)


NO_CONTENT = {"_offered"}
"""Functions of a text that is no content: the name of a group of entry points."""
WAYS = ("fullmatch", "match", "search", "findall", "finditer", "sub", "split")


@functools.cache
def patterns() -> dict[str, list[Callable[[str], Any]]]:
    """Return how every pattern of the package is used: one of a module, of what a function returns, of a call."""
    found: dict[str, list[Callable[[str], Any]]] = {}
    for module in modules():
        source = inspect.getsource(module)
        if "import re" not in source and "re.compile" not in repr(list(vars(module).values())):
            continue  # it has none, and uses nobody else's
        calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
        used = [ast.unparse(call.func).rpartition(".") for call in calls]
        for name, value in vars(module).items():
            made = value() if name == "_patterns" else value
            for at, one in enumerate(made if isinstance(made, list | tuple) else [made]):
                one = one[0] if isinstance(one, tuple) else one
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    ways = {way for of, _, way in used if of == name and way in WAYS} or {"fullmatch", "search"}
                    found[f"{module.__name__}.{name}[{at}]"] = [asked(one, way) for way in sorted(ways)]
        for call, (of, _, way) in zip(calls, used, strict=True):
            literal = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if of == "re" and way in WAYS and isinstance(literal, str):
                found[f"{module.__name__}:{call.lineno}"] = [asked(re.compile(literal), way)]
    return found


def asked(pattern: re.Pattern[str], way: str) -> Callable[[str], Any]:
    if way == "sub":
        return lambda text: pattern.sub("", text)
    return lambda text: list(getattr(pattern, way)(text) or ()) if way == "finditer" else getattr(pattern, way)(text)


@functools.cache
def functions() -> dict[str, Callable[[str], Any]]:
    """Return every function of the package that asks for one text and nothing else."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and name not in NO_CONTENT:
                needed = [p for p in inspect.signature(value).parameters.values() if p.default is p.empty]
                if (
                    len(needed) == 1
                    and needed[0].annotation == "str"
                    and needed[0].kind is needed[0].POSITIONAL_OR_KEYWORD
                ):
                    found[f"{module.__name__}.{name}"] = value
    return found


def spent(work: Callable[[int], Any], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun


def check_growth(work: Callable[[int], Any], size: int, what: str) -> None:
    """See that four times as much takes no more than nine times as long; what takes no time at all is let pass."""
    seen = []
    for _ in range(TRIES):
        many = spent(work, FACTOR * size)
        if many < FLOOR_S:
            return
        few = spent(work, size)
        seen.append(many / max(few, 1e-6))
        if seen[-1] <= MOST:
            return
    raise AssertionError(f"{what}: {FACTOR} times as much takes {min(seen):.0f} times as long")


def shape(piece: str, before: str, after: str) -> Callable[[int], str]:
    return lambda size: before + piece * (size // len(piece)) + after


SHAPES = {f"{b!r} {piece!r}… {a!r}": shape(piece, b, a) for piece in PIECES for b, a in ENDS}


def check_every_shape(call: Callable[[str], Any], size: int, name: str) -> None:
    for what, made in SHAPES.items():
        text = made(size)
        if spent(lambda _, text=text: call(text), 0) > FLOOR_S / FACTOR**2:  # type: ignore[misc]
            texts = {size: text, FACTOR * size: made(FACTOR * size)}
            check_growth(lambda size, texts=texts: call(texts[size]), size, f"{name} {what}")  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(patterns()))
def test_a_pattern_takes_time_in_proportion(name: str) -> None:
    for way in patterns()[name]:
        check_every_shape(way, 1_000, name)


def ignoring(call: Callable[[str], Any], text: str) -> None:
    try:
        call(text)
    except Exception:  # noqa: BLE001 - what it says is tried elsewhere; here, how long it takes to say it
        return


@pytest.mark.parametrize("name", sorted(functions()))
def test_a_function_of_one_text_takes_time_in_proportion(name: str) -> None:
    call = functions()[name]
    check_every_shape(lambda text: ignoring(call, text), 1_000, name)


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "unpaired quotes": lambda n: 'a","b\n' * n,
    "quotes that open": lambda n: 'x,y\n' + 'a,"b\n' * n,
    "quotes in text": lambda n: "x,y\n" + '"a" b,"c\n' * n,
    "one cell of slashes": lambda n: "text,b\nhello world,\n" + "/" * 20 * n + " x,y\n",
    "one cell of letters": lambda n: "text,b\nhello world,\n" + "aB3/" * 5 * n + ",y\n",
    "blank lines": lambda n: "\n" * 20 * n,
    "equal names": lambda n: ",".join(["a"] * (n // 3)) + "\n" + ",".join(["b c"] * (n // 3)) + "\n",
    "numbered names": lambda n: ",".join(["a", *(f"a_{i}" for i in range(n // 2)), *["a"] * (n // 2)]) + "\n",
    "many fields in a row": lambda n: "a,b\n" + "," * 20 * n + "\n",
    "two delimiters": lambda n: "a;b,c\td|e\n" * n,
    "zeros": lambda n: "\0a\0\n" * n,
    "brackets": lambda n: "[" * 20 * n,
    "deep objects": lambda n: '{"a":' * 5 * n + "1" + "}" * 5 * n + "\n",
    "different members": lambda n: "".join(f'{{"text": "hello world", "k{i}": 1}}\n' for i in range(n // 3)),
    "many members": lambda n: "{" + ",".join(f'"k{i}": 1' for i in range(n)) + "}\n",
    "surrogates": lambda n: '{"text": "' + "\\ud800" * 10 * n + '"}\n',
    "bytes that are no letters": lambda n: "é" * 10 * n + "\udc80 x\n",
    "words and numbers": lambda n: f"{n} 4\n" + "a 1 2 3 4\na b 1 2 3 4\na 1 2 3 x\na 1\n" * 5 * n,
    "marks and letters": lambda n: "a\u0301" * 10 * n + "\n",
}  # fmt: skip


@pytest.mark.parametrize("suffix", sorted({f.suffixes[0] for f in formats() if f.kind in (TABLE, ITEMS)}))
@pytest.mark.parametrize("shape", sorted(DOCUMENTS))
def test_a_reader_takes_time_in_proportion(suffix: str, shape: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{suffix}"

    def work(size: int) -> None:
        file.write_bytes(DOCUMENTS[shape](size).encode("utf-8", "surrogateescape"))
        try:
            load(file)
        except ExplorerError:
            return

    work(10)  # what is imported once
    check_growth(work, 500, f"{suffix} of {shape}")


def test_lines_that_stray_quotes_swallow_are_handed_out_a_fixed_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handed = 0
    hand_out = feeding.Feed.__next__

    def counted(feed: Any) -> str:
        nonlocal handed
        handed += 1
        return hand_out(feed)

    monkeypatch.setattr(feeding.Feed, "__next__", counted)
    counts = []
    for lines in (20_000, 40_000, 80_000):
        handed = 0
        found = list(Records(["x,y\n", *(['a","b" c,d\n', 'e","f\n'] * (lines // 2))]))
        assert len(found) >= lines / 2
        counts.append(handed)
    assert counts[2] < 60 * 80_000
    assert counts[2] - counts[1] < 2.2 * (counts[1] - counts[0])


def test_a_paired_quote_after_many_stray_ones_still_holds_a_text_of_lines() -> None:
    records = list(Records(["x,y\n", *['a","b\n'] * 3_000, '"two\n', 'lines",d\n']))
    assert records[-1] == ["two\nlines", "d"]


def test_a_line_without_end_is_rejected_and_those_beside_it_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.ingest.encodings.LINE_LIMIT", 2_000)
    long = "a b " * 1_000
    for name, good, bad in (
        (".csv", "hello world,1", long),
        (".txt", "hello world", long),
        (".jsonl", '{"text": "hello world"}', long),
    ):
        file = tmp_path / f"a{name}"
        head = "text,n\n" if name == ".csv" else ""
        file.write_text(f"{head}{good}\n{bad}\n{good}\n")
        found = load(file)
        assert list(found.items) == ["hello world"] * 2
        assert [(fault.row, "longer than" in fault.reason) for fault in found.rejected] == [(1, True)]


def test_a_reader_refuses_more_columns_than_can_be_shown(tmp_path: Path) -> None:
    wide = tmp_path / "a.csv"
    wide.write_text(",".join(["a"] * (MAX_COLUMNS + 1)) + "\n")
    with pytest.raises(ExplorerError, match="limit is 10,000"):
        load(wide)
    many = tmp_path / "a.jsonl"
    many.write_text("".join(f'{{"text": "hello world", "k{i}": 1}}\n' for i in range(MAX_COLUMNS + 1)))
    with pytest.raises(ExplorerError, match=r"limit is 10,000|different members"):
        load(many)


def test_equal_names_are_numbered_as_they_always_were() -> None:
    assert unique_names(["a", "a_2", "a", "a", "", "a_3"]) == ("a", "a_2", "a_3", "a_4", "column 5", "a_3_2")
    assert len(set(unique_names(["a"] * 50_000))) == 50_000


def test_files_of_one_name_are_told_apart_in_proportion(tmp_path: Path) -> None:
    def work(size: int) -> None:
        upload = Upload(tmp_path)
        kept = {upload.claim(f"a{'?' * (i % 7)}{chr(1)}.csv") for i in range(size)}
        assert len(kept) == size

    check_growth(work, 1_000, "names of one upload")


def sheets_of(size: int) -> bytes:
    return excel({f"s{at}": [["text"], ["hello there"]] for at in range(size)})


def tables_of(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for at in range(size):
            archive.writestr(f"{at}.csv", f"text,k{at}\na line of text {at},1\n")
    return packed.getvalue()


@pytest.mark.parametrize(("name", "made", "size"), [("a.xlsx", sheets_of, 200), ("a.zip", tables_of, 40)])
def test_a_file_of_many_parts_takes_time_in_proportion(
    name: str, made: Callable[[int], bytes], size: int, tmp_path: Path
) -> None:
    for count in (size, FACTOR * size):
        (tmp_path / str(count)).mkdir()
        (tmp_path / str(count) / name).write_bytes(made(count))
    load(tmp_path / str(size) / name)  # what is imported once
    check_growth(lambda count: load(tmp_path / str(count) / name), size, name)


@pytest.mark.parametrize("piece", ["Aa bb cc. ", "Aa bb cc.\n", "Aa bb\ncc dd.\n\n", "# A\n\nb c d.\n\n"])
def test_where_passages_stand_is_told_in_proportion(piece: str) -> None:
    def tell(size: int) -> None:
        pages, found = unmarked([marked(piece * size)])
        headings = laid(pages, found)
        step = 2 * len(piece)
        spans = [(at, at + step) for at in range(0, len(pages[0]) - step, step)]
        places(pages[0], spans, headings)

    check_growth(tell, 8_000, "where passages stand")


def test_people_of_a_chat_are_found_in_proportion() -> None:
    def work(size: int) -> None:
        often, once = [f"Name{at} Of" for at in range(size)], [f"Somebody{at}" for at in range(size)]
        messages = [Message(0, "", person) for person in (*often, *often, *once, "Name3 Of Old changed the name")]
        assert people_of(messages) == {*often, *once}

    check_growth(work, 1_000, "people of a chat")


@pytest.mark.parametrize("between", [" ", "=1 ", '="1"', "/", '" ', "=' >' "])
def test_attributes_of_a_page_take_time_in_proportion(between: str) -> None:
    def work(size: int) -> None:
        tag = between.join(f"a{at}" for at in range(size))
        for page in (f"<p {tag}>Hello there</p>", f"<p title='>' {tag}>Hello there</p>", f"<p {tag}"):
            with suppress(Refused):
                read_page(page.encode(), 0)

    check_growth(work, 4_000, "attributes of a tag")


def test_a_page_is_refused_for_no_word_in_a_value_a_script_or_a_comment() -> None:
    words = "i<n x " * 5_000
    page = f"<!-- <p {words} --><script>{words}</script><p title='{words}' class=\"a\">Hello there</p><STYLE>{words}"
    assert read_page(page.encode(), 0).pages == ["Hello there"]
    with pytest.raises(Refused, match="2,000 attributes"):
        read_page(f"<p>Hello</p><p {' '.join(map('a{}'.format, range(2_001)))}>there</p>".encode(), 0)


def test_tables_are_put_together_in_proportion_to_their_columns() -> None:
    def work(size: int) -> None:
        tables = [pd.DataFrame({f"k{at}": [1]}) for at in range(size)]
        assert united(tables, [f"k{at}" for at in range(size)]).notna().sum().sum() == size

    work(10)
    check_growth(work, 60, "tables with columns of their own")


def test_sheets_are_looked_through_in_proportion() -> None:
    looked = 0

    def weight(sheet: Any) -> tuple[bool, bool, bool, int]:
        nonlocal looked
        looked += 1
        return sheet.size[1] > 0, not sheet.hidden, sheet.is_data, sheet.size[1]

    source = Source("a.xlsx", Path("a.xlsx"), None, 0)
    best = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets.Sheet, "weight", property(weight))
        for at in range(100):
            best = sheets._better(best, sheets.Sheet(str(at), hidden=False, size=(1, at % 7)), source)
    assert best is not None
    assert (best.name, looked) == ("6", 198)


def test_the_columns_that_could_be_the_text_are_judged_by_a_sample() -> None:
    samples = [{"text": ["hello world"] * 1_000}] * 2_000
    begun = time.process_time()
    assert candidates(samples) == ["text"]
    assert time.process_time() - begun < 5


def test_every_reader_stops_at_its_first_records(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hello world\n" * 10)
    kind = next(one for one in formats() if one.kind == ITEMS)
    found = read(Source("a.txt", file, kind, file.stat().st_size), lambda _seen: None, limit=3)
    assert len(found.items) == 3  # type: ignore[union-attr]


def book_of(spine: Callable[[int], str], parts: Callable[[int], str]) -> Callable[[int], bytes]:
    def made(n: int) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("META-INF/container.xml", '<c><rootfile full-path="a.opf"/></c>')
            package.writestr("a.opf", f"<p><manifest>{parts(n)}</manifest><spine>{spine(n)}</spine></p>")
            package.writestr("a.xhtml", f"<p>{'some words of it ' * 500}</p>")
            for at in range(2 * n):
                package.writestr(f"x{at}.xhtml", "<p>a</p>")
        return out.getvalue()

    return made


HTML = 'media-type="application/xhtml+xml"'
DECODED: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "fonts without end": ("richtext", lambda n: rb"{\rtf1 {\fonttbl " + rb"\f1\fcharset0 " * n + rb"} x}"),
    "fonts alone": ("richtext", lambda n: rb"{\rtf1 {\fonttbl " + rb"\f1 " * 4 * n + rb"} x}"),
    "fonts of a title": (
        "richtext",
        lambda n: rb"{\rtf1 {\title \fonttbl " + rb"\f1\fcharset0 " * min(n, 120) + b"}",
    ),
    "tables of fonts": ("richtext", lambda n: rb"{\rtf1 " + rb"{\fonttbl \f1" * n + b"}" * n + b"x}"),
    "links without end": ("richtext", lambda n: rb"{\rtf1 " + rb'{\field{\*\fldinst{HYPERLINK "a"' * n),
    "links": ("richtext", lambda n: rb"{\rtf1 " + rb'{\field{\*\fldinst{HYPERLINK "a"}}{\fldrslt a b}}' * n + b"}"),
    "links with blanks": (
        "richtext",
        lambda n: rb"{\rtf1 " + rb'{\field{\*\fldinst{HYPERLINK "a"}}{' * n + b" " * 9 * n,
    ),
    "quotes in links": ("richtext", lambda n: rb"{\rtf1 {\field{\*\fldinst{" + b'HYPERLINK "' * n),
    "notes without end": ("richtext", lambda n: rb"{\rtf1 " + rb"{\footnote a{\deleted " * n),
    "halves of signs": ("richtext", lambda n: rb"{\rtf1 " + rb"\u55357?" * n + b"}"),
    "spans of cells": ("table", lambda n: b"<table>" + b"<tr><td colspan=99 rowspan=99>x<td>y" * n),
    "tables in tables": ("table", lambda n: b"<table><tr><td>" * (n // 8) + b"x"),
    "groups": ("richtext", lambda n: b"{\\rtf1 " + b"{" * 9 * n + b"x" + b"}" * 9 * n),
    "digits": ("richtext", lambda n: rb"{\rtf1 " + rb"\'e4" * 9 * n + rb"\u246 x" * n + b"}"),
    "semicolons of a part": ("mail", lambda n: b"From: a\nContent-Type: text/plain" + b";" * 20 * n + b"\n\nHello"),
    "parameters of a part": ("mail", lambda n: b"From: a\nContent-Type: text/plain" + b"; a=b" * 9 * n + b"\n\nHello"),
    "comments of a part": ("mail", lambda n: b"From: a\nContent-Disposition: a" + b" (a)" * n + b"\n\nHello"),
    "names of a part": (
        "mail",
        lambda n: b"From: a\nContent-Disposition: a; filename*=" + b"utf-8''%41" * n + b"\n\nHello",
    ),
    "parts with parameters": (
        "mail",
        lambda n: b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n"
        + (b"--b\nContent-Type: text/plain" + b'; a="b c"' * 60 + b"\n\nHello\n") * (n // 40),
    ),
    "lines of a header": ("mail", lambda n: b"From: a\nSubject: a\n" + b" b\n" * 4 * n + b"\nHello"),
    "names of people": ("mail", lambda n: b"From: " + b'"a" <a@b>, ' * n + b"\n\nHello"),
    "encoded words": ("mail", lambda n: b"From: " + b"=?utf-8?q?a?= " * n + b"\n\nHello"),
    "one chapter again and again": (
        "book",
        book_of(lambda n: '<itemref idref="a"/>' * n, lambda _: f'<item id="a" href="a.xhtml" {HTML}/>'),
    ),
    "chapters that are missing": (
        "book",
        book_of(
            lambda n: "".join(f'<itemref idref="m{at}"/>' for at in range(2 * n)),
            lambda n: "".join(f'<item id="m{at}" href="m{at}.xhtml" {HTML}/>' for at in range(2 * n)),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DECODED)
def test_a_decoder_of_documents_takes_time_in_proportion(what: str) -> None:
    decoder, made = DECODED[what]

    def work(size: int) -> None:
        with suppress(Refused, RecursionError):
            DECODERS[decoder](made(size), 20_000_000)

    work(10)  # what is imported once
    check_growth(work, 500, what)


def test_a_link_of_a_rich_text_keeps_its_address_and_each_font_its_script() -> None:
    fonts = rb"{\fonttbl{\f0\fnil\fcharset0 A;}{\f1\fswiss\fcharset204{\*\panose 02}Arial Cyr;}}"
    link = rb'{\field{\*\fldinst{HYPERLINK "http://a.org/b"}}{\fldrslt{\ul our page}}}'
    text = read_rich_text(b"{\\rtf1\\ansi" + fonts + rb"\f0 See " + link + rb" \f1 \'cf\'f0 here.}", 0).pages[0]
    assert text == 'See our page("http://a.org/b") Пр here.'


def test_no_pattern_looks_ahead_where_it_never_goes_back() -> None:
    """Python up to 3.11.3 takes such patterns amiss: ``(?:[^<]|<(?!/))*+`` does not return to where it looked from."""

    def looks(parts: Any, inside: bool = False) -> bool:
        for sign, of in parts:
            if inside and str(sign) in ("ASSERT", "ASSERT_NOT"):
                return True
            within = inside or str(sign) in ("POSSESSIVE_REPEAT", "ATOMIC_GROUP")
            inner = [one for one in (of if isinstance(of, tuple) else (of,)) if hasattr(one, "getwidth")]
            inner += [one for many in (of if isinstance(of, tuple) else ()) if isinstance(many, list) for one in many]
            if any(looks(one, within) for one in inner if hasattr(one, "getwidth")):
                return True
        return False

    def amiss(pattern: str | bytes) -> bool:
        return looks(re._parser.parse(pattern))  # type: ignore[attr-defined]

    assert amiss(r"(?:[^<]|<(?!/))*+x")
    assert not amiss(r"(?:[^<]++|<(?!/))*x")
    found = {
        f"{module.__name__}.{name}": value.pattern
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }
    assert len(found) > 100
    assert [name for name, pattern in found.items() if amiss(pattern)] == []
