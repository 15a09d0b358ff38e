"""The sample data: what is in the two files, and that the script still draws the pictures that are in the archive.

How the maps of them look is not tested here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "sample_data"
CHANNELS = {"app", "email", "phone note", "web form"}


@pytest.fixture(scope="module")
def messages() -> list[dict[str, str]]:
    with (FOLDER / "city_messages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pictures() -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(FOLDER / "drawn_scenes.zip") as archive:
        yield archive


@pytest.fixture
def make_images(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The drawing script, imported as it is when it is run; its plain module names are forgotten afterwards."""
    monkeypatch.syspath_prepend(FOLDER)
    before = set(sys.modules)
    import make_images

    yield make_images
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == FOLDER:
            del sys.modules[name]


def test_there_are_645_messages_with_a_channel_and_a_date(messages: list[dict[str, str]]) -> None:
    assert len(messages) == 645
    assert all(list(row) == ["message", "channel", "date"] for row in messages)
    assert {row["channel"] for row in messages} == CHANNELS
    assert {dt.date.fromisoformat(row["date"]).year for row in messages} == {2025}


def test_no_message_is_empty_or_there_twice(messages: list[dict[str, str]]) -> None:
    plain = Counter("".join(ch for ch in row["message"].casefold() if not ch.isspace()) for row in messages)
    assert [text for text, times in plain.items() if times > 1] == []
    assert all(row["message"] == row["message"].strip() != "" for row in messages)


def test_messages_vary_in_length(messages: list[dict[str, str]]) -> None:
    words = sorted(len(row["message"].split()) for row in messages)
    assert words[0] == 1
    assert words[len(words) // 10] <= 10
    assert words[-len(words) // 10] >= 24


def test_snow_is_a_matter_of_winter_and_the_outdoor_pool_of_summer(messages: list[dict[str, str]]) -> None:
    def months(*words: str) -> Counter[int]:
        return Counter(int(row["date"][5:7]) for row in messages if any(word in row["message"] for word in words))

    snow, pool = months("snow", "plough", "gritted"), months("pool", "swim")
    assert sum(snow[m] for m in (5, 6, 7, 8, 9)) == 0
    assert sum(snow[m] for m in (12, 1, 2)) > 0.8 * snow.total()
    assert sum(pool[m] for m in (6, 7, 8)) > 0.5 * pool.total()


def test_there_are_twelve_pictures_of_each_of_37_subjects(pictures: zipfile.ZipFile) -> None:
    folders = Counter(name.split("/")[0] for name in pictures.namelist())
    assert len(folders) == 37
    assert set(folders.values()) == {12}


def test_every_picture_opens_and_no_two_are_equal(pictures: zipfile.ZipFile) -> None:
    assert pictures.testzip() is None
    seen = set()
    for name in pictures.namelist():
        with Image.open(io.BytesIO(pictures.read(name))) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (240, 240)), name
            seen.add(picture.tobytes())
    assert len(seen) == 444


def test_the_script_knows_the_subjects_of_the_archive(make_images: ModuleType, pictures: zipfile.ZipFile) -> None:
    assert sorted(make_images.SUBJECTS) == sorted({name.split("/")[0] for name in pictures.namelist()})


@pytest.mark.parametrize(
    ("subject", "number"), [("candle", 3), ("daisy", 0), ("golf-ball", 7), ("maze", 11), ("sailing-boat", 2)]
)
def test_the_script_draws_a_picture_of_the_archive_again(
    make_images: ModuleType, pictures: zipfile.ZipFile, subject: str, number: int
) -> None:
    kept = pictures.read(f"{subject}/{subject}-{number:02}.jpg")
    again = make_images.as_jpeg(make_images.draw(subject, number))
    first, second = (np.asarray(Image.open(io.BytesIO(b)).convert("RGB"), np.float32) for b in (kept, again))
    # Not bytes: another processor or version of numpy or Pillow may round a few pixels the other way.
    assert float(np.abs(first - second).mean()) < 0.5


def test_another_number_gives_another_picture(make_images: ModuleType) -> None:
    one, two = (np.asarray(make_images.draw("volcano", n), np.float32) for n in (0, 1))
    assert float(np.abs(one - two).mean()) > 10


def test_the_samples_stay_small_enough_to_travel_in_the_wheel() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.suffix != ".pyc") < 8_000_000
