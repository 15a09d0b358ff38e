"""Groups of pictures and sounds that nothing else names have the words of their files' names."""

import numpy as np
import pandas as pd
import pytest

from explorer.description.columnnames import said_by_columns
from explorer.description.filenames import said_by_file_names
from explorer.kinds import SoundRef
from explorer.types import NOISE
from tests.description.test_summaries import _described

LABELS = np.repeat([0, 1, 2, NOISE], [12, 12, 12, 6]).astype(np.int32)


def said(names: list[str], groups: tuple[int, ...] = (0, 1, 2)) -> dict[int, str]:
    return said_by_file_names(names, LABELS, groups, 3)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("{}-01.wav", ["siren", "rain", "hum"]),
        ("in/a folder/{}_{at:03}.ogg", ["siren", "rain", "hum"]),
        ("REC_{at}_{}.flac", ["siren", "rain", "hum"]),
        ("{}Bark{at}.wav", ["sirenBark", "rainBark", "humBark"]),
    ],
)
def test_files_that_are_called_alike_name_their_group(name: str, says: list[str]) -> None:
    things = ["siren", "rain", "hum"]
    names = [name.format(things[max(0, label)], at=at) for at, label in enumerate(LABELS)]
    found = said(names)
    assert [found[at].replace(" ", "") for at in range(3)] == says
    assert set(said(names, (1,))) == {1}


def test_a_few_files_of_others_in_a_group_do_no_harm() -> None:
    names = [f"{['siren', 'rain', 'hum'][max(0, label)]}-{at}.wav" for at, label in enumerate(LABELS)]
    names[0], names[1], names[20] = "rain.wav", "rain 2.wav", "voice.wav"
    assert said(names) == {0: "siren", 1: "rain", 2: "hum"}


@pytest.mark.parametrize(
    "name", ["IMG_{:04}.jpg", "DSC{:05}.JPG", "photo_{}.png", "{}.wav", "WhatsApp Image {}.jpg", ""]
)
def test_what_devices_and_programs_write_names_nothing(name: str) -> None:
    assert said([name.format(at) for at in range(len(LABELS))]) == {}
    mixed = [name.format(at) if label else f"Recording {at}.m4a" for at, label in enumerate(LABELS)]
    assert said(mixed) == {}


@pytest.mark.parametrize("seed", range(5))
def test_words_that_are_there_by_chance_name_nothing(seed: int) -> None:
    words = np.random.default_rng(seed).choice(["siren", "rain", "hum", "beep"], len(LABELS))
    assert said([f"{word}-{at}.wav" for at, word in enumerate(words)]) == {}
    assert said([f"garden {at}.wav" for at in range(len(LABELS))]) == {}, "all files say it"


def test_clusters_of_sounds_are_called_by_their_files_and_else_numbered() -> None:
    labels = [0] * 12 + [1] * 12
    degrees = [0.0] * 12 + [90.0] * 12
    called = [SoundRef(f"{'siren' if at < 12 else 'rain'}-{at}.wav", f"{at:064x}") for at in range(24)]
    assert [one.name for one in _described(called, degrees, labels)] == ["siren", "rain"]
    plain = [SoundRef(f"REC{at:03}.wav", f"{at:064x}") for at in range(24)]
    assert not {"siren", "rain", "REC"} & {one.name for one in _described(plain, degrees, labels)}
    assert pd.Series(_described(plain, degrees, labels)).map(lambda one: one.name).is_unique


def test_the_archive_that_all_pictures_of_a_chat_came_in_names_no_group() -> None:
    sources = ["chat.txt"] * 30 + ["Trip pics.zip"] * 12
    labels = np.array([0] * 15 + [1] * 15 + [2] * 12, np.int32)
    pictures = np.array([False] * 30 + [True] * 12)
    table = pd.DataFrame({"source": sources})
    assert said_by_columns(table, labels, 3, pictures) == {}
    table["folder"] = ["notes"] * 30 + ["beaches"] * 12
    assert said_by_columns(table, labels, 3, pictures) == {2: "beaches"}


def test_what_pictures_came_in_names_a_group_only_where_it_tells_some_from_others() -> None:
    labels = np.array([0] * 30 + [1] * 12 + [2] * 12, np.int32)
    pictures = np.array([False] * 30 + [True] * 24)
    texts = ["words.txt"] * 30
    table = pd.DataFrame({"source": [*texts, *["cats.zip"] * 12, *["dogs.tar.gz"] * 12]})
    assert said_by_columns(table, labels, 3, pictures) == {1: "cats", 2: "dogs"}
    one = pd.DataFrame({"source": [*texts, *["A folder of my pictures"] * 24]})
    assert said_by_columns(one, labels, 3, pictures) == {}


def test_a_chat_names_no_group_of_the_pictures_that_were_sent_in_it() -> None:
    labels = np.array([0] * 30 + [1] * 12 + [2] * 12, np.int32)
    pictures = np.array([False] * 30 + [True] * 24)
    sources = [*["_chat.txt"] * 30, *["WhatsApp Chat - Trip pics.zip"] * 12, *["WhatsApp Chat - six.zip"] * 12]
    people = {"author": ["Ann", "Bob", "Cleo"] * 18, "time": [f"03/05/24, 10:{at:02}" for at in range(54)]}
    assert said_by_columns(pd.DataFrame({"source": sources, **people}), labels, 3, pictures) == {}
    assert said_by_columns(pd.DataFrame({"source": sources}), labels, 3, pictures)[2] == "WhatsApp Chat - six"
