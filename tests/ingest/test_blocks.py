"""What is read many at a time is what is read one by one: records of text, JPEGs at a fraction of their size."""

import io
import random
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from explorer.ingest import delimited, encodings, feeding, load, naming
from explorer.ingest.delimited import Fault, Records
from explorer.ingest.encodings import Encoding, Lines, decoded, lines_of
from explorer.ingest.plainrows import Rows

LINES = (
    "1,a plain line,x\n", "2,another one,y\r\n", '3,"quoted, with a comma",z\n', '4,"two\n', 'lines",z\n', "5,short\n",
    "6,too,many,fields\n", "\n", '7,a "word" in it,x\n', '8,"stray,x\n', '9,"""both""",y\n', "10,,\n", ",,\n",
    '11,"a"b,c\n',
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_records_read_many_at_a_time_are_those_read_one_by_one(seed: int, monkeypatch) -> None:
    chance = random.Random(seed)
    plain = chance.choice((0.5, 0.8, 0.9))
    lines = ["id,text,mark\n", *LINES[:3] * 10]
    lines += [chance.choice(LINES[:3] if chance.random() < plain else LINES) for _ in range(400)]
    monkeypatch.setattr(feeding, "_PLAIN_LINES", chance.choice((3, 7, 20)))
    at_once = list(Records(iter(lines)))
    blocks = [len(block) for block in Records(iter(lines)).blocks()]
    monkeypatch.setattr(feeding.Feed, "plain", lambda *_: [])
    one_by_one = list(Records(iter(lines)))
    assert at_once == one_by_one
    assert max(blocks) > 1
    assert any(isinstance(record, Fault) for record in one_by_one)


ENDS = ("\n", "\r\n")
CELLS = (
    "a", "", " ", "two words", "ä", "漢字", "1.50", "007", "a'b", "\ufeff", "\x1c", "\u2028", "-", "#", "\\", "\0",
    "\x85", "long " * 9,
)  # fmt: skip
MARKED = ("{q}a{q}", "{q}a{d}b{q}", "{q}{q}", "{q}{q}{q}a{q}{q}{q}", "{q}a{q}{q}b{q}{q}{q}", "{q} {q}")
ODD = (
    "a{q}b", "{q}a", "a{q}", "{q}a{q}b", "{q}a{e}b{q}", "{q}a{q} ", " {q}a{q}", "{q}{q}{q}", "a{d}", "\ud83d", "a\rb",
    "{q}a{q}{q}", "{e}", "{q}{d}{e}{q}", "{q}{q}a",
)  # fmt: skip


def _written(chance: random.Random, delimiter: str, quote: str) -> tuple[str, int]:
    """Return a table of which some lines may be odd, and how many are."""
    end = chance.choice(ENDS)
    lines, odd = [delimiter.join(["id", "text", "mark"])], 0
    share = chance.choice((0, 0, 0, 0.02, 0.1))
    plain = [cell for cell in CELLS if quote not in cell]
    for row in range(chance.choice((30, 400))):
        cells = [chance.choice(MARKED if chance.random() < 0.2 else plain) for _ in range(2)]
        if chance.random() < share:
            cells[chance.randrange(2)] = chance.choice(ODD)
            odd += 1
        lines.append(delimiter.join([str(row), *cells]).format(q=quote, d=delimiter, e=end))
    return end.join(lines) + chance.choice((end, "")), odd


@pytest.mark.parametrize("seed", range(40))
def test_lines_parsed_as_a_block_are_the_records_that_are_read_line_by_line(seed: int, monkeypatch) -> None:
    chance = random.Random(seed)
    delimiter, quote = chance.choice(",;\t|"), chance.choice('"""\'')
    written, odd = _written(chance, delimiter, quote)
    content = written.encode("utf-8", "surrogatepass")
    ways = {"delimiter": {"\t": "tab"}.get(delimiter, delimiter), "quote": quote, "header": "1"}
    encoding = Encoding("utf-8", faulty=True, nul=True)
    monkeypatch.setattr(encodings, "_PIECE", chance.choice((50, 300, 2**20)))
    monkeypatch.setattr(delimited, "SNIFF_LINES", 3)

    def read(*, many: bool) -> tuple[list[list[str] | Fault], list[int], int]:
        with decoded(io.BytesIO(content), encoding, newline="") as text:
            lines = Lines(text, encoding) if many else lines_of(text, encoding)
            records = Records(lines, choices=ways, fault=encoding.fault)
            found, numbers, parsed = [], [], 0
            for block in records.blocks():
                found += block
                numbers += range(records.line, records.line + len(block))
                parsed += len(block) if isinstance(block, Rows) else 0
        return found, numbers, parsed

    at_once, numbers, parsed = read(many=True)
    with monkeypatch.context() as patched:
        patched.setattr(feeding.Feed, "plain", lambda *_: [])
        one_by_one, told, _ = read(many=False)
    assert at_once == one_by_one
    assert numbers == told
    assert parsed > len(one_by_one) / 2 or odd


def test_columns_parsed_as_blocks_are_as_they_are_read_otherwise(tmp_path: Path, monkeypatch) -> None:
    rows = [f'{i:05d},"text, number {i} is ""plain""",1e{i % 9}\r\n' for i in range(3_000)]
    (tmp_path / "a.csv").write_text("\ufeffid,text,code\r\n" + "".join(rows) + "Total:,,\r\n", newline="")
    monkeypatch.setattr(encodings, "_PIECE", 10_000)
    at_once = load(tmp_path / "a.csv")
    monkeypatch.setattr(feeding, "plain_rows", lambda *_: None)
    otherwise = load(tmp_path / "a.csv")
    assert at_once.items[2_999] == 'text, number 2999 is "plain"'
    assert list(at_once.table["id"][:2]) == ["00000", "00001"]
    assert [fault.place for fault in at_once.rejected] == ["line 3,002"]
    assert at_once.key == otherwise.key
    assert at_once.rejected == otherwise.rejected


@pytest.mark.parametrize("odd", [None, "half \ud800 a character"])
def test_keys_made_many_rows_at_a_time_are_those_made_row_by_row(odd: str | None, monkeypatch) -> None:
    texts = [f"text {row} ä" * (row % 7) for row in range(9_000)] + ["", "漢字" * 400, odd or "the last one"]
    columns = {
        "n": range(len(texts)),
        "said": [text[:30] for text in texts[:-1]] + [None],
        "as": ["a", "b", None] * 3_001,
    }
    table = pd.DataFrame(columns)

    def keys() -> tuple[str, str]:
        return naming.dataset_keys(texts, table, (), ("n",), "text", None)

    at_once = keys()
    monkeypatch.setattr(naming, "_told_of_texts", lambda _: None)
    monkeypatch.setattr(naming, "_ROWS", 700)
    assert keys() == at_once


def test_a_line_beyond_the_longest_is_one_fault_in_blocks_too(tmp_path: Path, monkeypatch) -> None:
    rows = [f"{i},text {i}\n" for i in range(2_000)]
    rows[700] = "700," + "x" * 9_000 + "\n"
    (tmp_path / "a.csv").write_text("id,text\n" + "".join(rows))
    monkeypatch.setattr(encodings, "LINE_LIMIT", 8_000)
    found = load(tmp_path / "a.csv")
    assert [(fault.place, "longer than" in fault.reason) for fault in found.rejected] == [("line 702", True)]
    assert found.items[699:701] == ["text 699", "text 701"]
    assert len(found) == 1_999


def test_records_of_many_blocks_keep_their_numbers_and_their_faults(tmp_path: Path) -> None:
    rows = [f"{i},the text of row {i}\n".encode() for i in range(5_000)]
    rows[1_234] = b"1234,\xff is no letter\n"
    rows[4_321] = b"4321,one,more\n"
    (tmp_path / "a.csv").write_bytes(b"id,text\n" + b"".join(rows))
    found = load(tmp_path / "a.csv")
    assert [fault.row for fault in found.rejected] == [1_234, 4_321]
    assert "byte 0xff" in found.rejected[0].reason
    assert list(found.table["id"]) == [i for i in range(5_000) if i not in (1_234, 4_321)]
    assert found.items[-1] == "the text of row 4999"


def test_a_jpeg_has_its_whole_size_though_a_fraction_is_decoded_and_its_end_is_missed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG", exif=exif)
    (tmp_path / "a.jpg").write_bytes(out.getvalue())
    (tmp_path / "b.jpg").write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    shown: list[tuple[int, int]] = []
    found = load(tmp_path, on_image=lambda _ref, image: shown.append(image.size))
    assert (list(found.table["width"]), list(found.table["height"])) == ([1200], [1600])
    assert shown == [(300, 400)]
    assert [(fault.source, "damaged" in fault.reason) for fault in found.rejected] == [("b.jpg", True)]
