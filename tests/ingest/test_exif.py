"""What cameras write into pictures – when, where, by which camera – becomes columns where some pictures have it."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from explorer.ingest import load
from explorer.kinds import told_by_camera

FORMATS = {"a.jpg": "JPEG", "b.png": "PNG", "c.webp": "WEBP", "d.jpg": "JPEG"}
HERE = {1: "N", 2: (48.0, 12.0, 30.0), 3: "W", 4: (16.0, 22.0, 12.0)}


def picture(
    form: str = "JPEG",
    *,
    taken: Any = "2024:05:01 12:33:07",
    model: Any = "EOS 5D",
    make: Any = "Canon",
    gps: dict[int, Any] | None = None,
    shade: int = 0,
    offset: str = "",
) -> bytes:
    fields = Image.Exif()
    if make is not None:
        fields[271] = make
    if model is not None:
        fields[272] = model
    own = ({} if taken is None else {36867: taken}) | ({36881: offset} if offset else {})
    for number, values in ((0x8769, own), (0x8825, gps or {})):
        if values:
            fields.get_ifd(number).update(values)
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 90, 200 - shade)).save(out, form, exif=fields)
    return out.getvalue()


def plain(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 10, 10)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_format_tells_what_it_has_and_nothing_else(form: str) -> None:
    assert told_by_camera(picture(form, gps=HERE, offset="+02:00")) == {
        "taken": "2024-05-01 12:33:07",
        "taken, time zone": "+02:00",
        "camera": "Canon EOS 5D",
        "latitude": 48.2083333,
        "longitude": -16.37,
    }
    assert told_by_camera(picture(form, taken=None, make=None, model=None, gps=None)) == {}
    assert told_by_camera(plain(9)) == {}
    assert told_by_camera(picture("TIFF", taken=None)) == {"camera": "Canon EOS 5D"}


def test_a_folder_or_zip_has_columns_of_what_some_pictures_have(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
        for at, (name, form) in enumerate(FORMATS.items()):
            packed.writestr(name, picture(form, taken=f"2023:1{at % 3}:0{at + 1} 08:00:00", shade=20 * at))
        packed.writestr("e.png", plain(3))
    made = load(tmp_path / "photos.zip")
    assert made.columns[:4] == ("width", "height", "taken", "camera")
    assert not made.rejected
    assert made.table["camera"].tolist()[:4] == ["Canon EOS 5D"] * 4
    assert made.table["taken"].isna().tolist() == [False] * 4 + [True]
    assert made.table["taken"].tolist()[:2] == ["2023-10-01 08:00:00", "2023-11-02 08:00:00"]
    with zipfile.ZipFile(tmp_path / "drawn.zip", "w") as packed:
        for at in range(3):
            packed.writestr(f"{at}.png", plain(at))
    assert set(load(tmp_path / "drawn.zip").columns) == {"width", "height"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2024:05:01", "2024-05-01"),
        ("2024-05-01T12:33", "2024-05-01 12:33"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("", None),
        ("May 2024", "May 2024"),
        ("2024:05:01 12:33:07\0\0", "2024-05-01 12:33:07"),
    ],
)
def test_a_time_stays_what_the_file_had_and_a_clock_that_was_not_set_is_none(said: str, kept: str | None) -> None:
    assert told_by_camera(picture(taken=said)).get("taken") == kept


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (48.0, 0.0, 0.0)},
        {1: "N", 2: (IFDRational(1, 0), 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
    ],
)
def test_places_that_are_none_are_left_out(gps: dict[int, Any]) -> None:
    assert not {"latitude", "longitude"} & told_by_camera(picture(gps=gps)).keys()


def test_the_maker_stands_once_and_what_does_not_print_is_left_out() -> None:
    assert told_by_camera(picture(make="NIKON CORPORATION", model="NIKON D850"))["camera"] == "NIKON D850"
    assert told_by_camera(picture(make=None, model="Pixel\0 8"))["camera"] == "Pixel 8"
    assert len(str(told_by_camera(picture(make=None, model="x" * 5000))["camera"])) == 200


def test_columns_of_a_table_keep_their_names_and_the_cameras_gives_way(tmp_path: Path) -> None:
    for name, form in FORMATS.items():
        (tmp_path / name).write_bytes(picture(form))
    lines = [f"{name},mine,{at}" for at, name in enumerate(FORMATS)]
    (tmp_path / "table.csv").write_text("\n".join(["file,camera,number", *lines]))
    made = load(tmp_path)
    assert set(made.table["camera"]) == {"mine"}
    assert set(made.table["camera_2"]) == {"Canon EOS 5D"}


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("seed", range(40))
def test_damaged_fields_harm_no_picture(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(picture(gps=HERE))
    start, end = content.index(b"Exif"), content.index(b"\xff\xdb")
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(start + 6, end)] = chance.randrange(256)
    told = told_by_camera(bytes(content))
    assert set(told) <= {"taken", "taken, time zone", "camera", "latitude", "longitude"}
    assert all(str(value).isprintable() for value in told.values())
