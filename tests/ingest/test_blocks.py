"""What is read many at a time is what is read one by one: records of text, JPEGs at a fraction of their size."""

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from explorer.ingest import delimited, load
from explorer.ingest.delimited import Fault, Records

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
    monkeypatch.setattr(delimited, "_PLAIN_LINES", chance.choice((3, 7, 20)))
    at_once = list(Records(iter(lines)))
    blocks = [len(block) for block in Records(iter(lines)).blocks()]
    monkeypatch.setattr(delimited._Feed, "plain", lambda *_: [])
    one_by_one = list(Records(iter(lines)))
    assert at_once == one_by_one
    assert max(blocks) > 1
    assert any(isinstance(record, Fault) for record in one_by_one)


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
