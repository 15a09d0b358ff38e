"""Sounds from files, folders and archives, and what lies beside them: what is opened, what is rejected and why."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from explorer.errors import NothingUsable
from explorer.ingest import load, preview
from explorer.ingest.sounds import SOUNDS
from explorer.kinds import RATE, SoundRef, decoded, heard, kind_of, log_mel, read_bytes
from tests import sounds
from tests.ingest.test_pictures import encoded as picture
from tests.ingest.test_pictures import reasons


def write(folder: Path, *names: str) -> Path:
    """Write a chord of its own under each name."""
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        made = sounds.made("chord", number, seconds=0.3 + 0.1 * number)
        (folder / name).write_bytes(sounds.encoded(made, Path(name).suffix))
    return folder


def test_a_folder_of_sounds_has_what_each_is_as_columns(tmp_path: Path) -> None:
    write(tmp_path / "s", "birds/a.wav", "birds/b.flac", "bells/c.ogg")
    stereo = np.stack([sounds.made("tone", 0, rate=44_100), sounds.made("tone", 1, rate=44_100)], axis=1)
    (tmp_path / "s/bells/d.mp3").write_bytes(
        sounds.encoded(stereo, ".mp3", 44_100, title="Evening bell", artist="A. N.")
    )
    dataset = load(tmp_path / "s")
    assert dataset.modalities == {"sound"}
    assert [kind_of(item).path(item) for item in dataset.items] == [
        "bells/c.ogg", "bells/d.mp3", "birds/a.wav", "birds/b.flac",
    ]  # fmt: skip
    assert list(dataset.table.columns) == ["folder", "length (s)", "sample rate (Hz)", "channels", "title", "artist"]
    assert dataset.table["folder"].tolist() == ["bells", "bells", "birds", "birds"]
    assert dataset.table["length (s)"].tolist() == [0.5, 1.5, 0.3, 0.4]
    assert dataset.table["sample rate (Hz)"].tolist() == [16_000, 44_100, 16_000, 16_000]
    assert dataset.table["channels"].tolist() == [1, 2, 1, 1]
    assert dataset.table["title"].fillna("").tolist() == ["", "Evening bell", "", ""]
    assert not dataset.rejected
    assert [kind_of(item).label(item) for item in dataset.items][:2] == ["bells/c.ogg, 500 ms", "bells/d.mp3, 1.5 s"]


def test_an_archive_or_a_single_file_has_the_same_sounds(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", "a.wav", "b/b.ogg")
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as packed, tarfile.open(tmp_path / "s.tar.gz", "w:gz") as tar:
        for path in sorted(folder.rglob("*.*")):
            packed.write(path, path.relative_to(folder))
            tar.add(path, path.relative_to(folder).as_posix())
    whole = load(folder)
    for other in (load(tmp_path / "s.zip"), load(tmp_path / "s.tar.gz")):
        assert other.items_key == whole.items_key
        for here, there in zip(whole.items, other.items, strict=True):
            assert kind_of(here).media(here).size == kind_of(there).media(there).size
            assert np.array_equal(heard(here, RATE).samples, heard(there, RATE).samples)
    (alone,) = load(folder / "a.wav").items
    assert alone == SoundRef(str(folder / "a.wav"), alone.sha256, name="a.wav", seconds=0.3)  # type: ignore[union-attr]


def test_a_table_beside_sounds_joins_them_and_names_those_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path, "clips/a.wav", "clips/b.wav")
    (tmp_path / "clips.csv").write_text("file,place\nclips/a.wav,garden\nclips/b.wav,street\nclips/c.wav,hall\n")
    (tmp_path / "clips/b.txt").write_text("a bell, twice")
    dataset = load(tmp_path)
    assert dataset.table["place"].tolist() == ["garden", "street"]
    assert dataset.table["caption"].fillna("").tolist() == ["", "a bell, twice"]
    (missing,) = dataset.rejected
    assert missing.reason == "its sound, clips/c.wav, is not here; add it, or correct its name"
    seen = preview(tmp_path)
    assert seen.kind == "sounds"
    assert seen.rows[0] == {"name": "clips/a.wav", "file": "clips/a.wav", "place": "garden", "caption": ""}


def test_of_sounds_and_pictures_the_more_numerous_are_read(tmp_path: Path) -> None:
    write(tmp_path / "album", "1.mp3", "2.mp3")
    (tmp_path / "album/cover.png").write_bytes(picture())
    dataset = load(tmp_path / "album")
    assert dataset.modalities == {"sound"}
    assert reasons(dataset) == {"cover.png": "it lies among sounds and is not one; load it by itself to read it"}
    for name in ("back.png", "leaf.png"):
        (tmp_path / "album" / name).write_bytes(picture(size=(9, ord(name[0]))))
    assert load(tmp_path / "album").modalities == {"image"}


def test_voice_messages_of_a_chat_are_named_by_it_and_its_texts_are_read(tmp_path: Path) -> None:
    write(tmp_path, "PTT-20240102-WA0001.ogg")
    lines = [
        f"02/01/2024, 10:0{n} - {who}: {said}"
        for n, (who, said) in enumerate(
            [("Ann", "are you there?"), ("Ben", "PTT-20240102-WA0001.ogg (file attached)")] * 3
        )
    ]
    (tmp_path / "WhatsApp Chat with Ann.txt").write_text("\n".join(lines))
    dataset = load(tmp_path)
    assert dataset.modalities == {"text"}
    told = {fault.source: fault.reason for fault in dataset.rejected}
    assert told["PTT-20240102-WA0001.ogg"].startswith("it lies among texts or tables and is a sound")


def wav(samples: int = 1600, **head: int) -> bytes:
    """Return a WAV file whose head says something else than it is."""
    content = bytearray(sounds.encoded(sounds.made("tone", 0, seconds=1)[:samples]))
    places = {"size": (40, "<I"), "rate": (24, "<I"), "channels": (22, "<H")}
    for name, value in head.items():
        struct.pack_into(places[name][1], content, places[name][0], value)
    return bytes(content)


def flac(seconds: float, rate: int = 48_000, channels: int = 1, *, level: float = 0.0) -> bytes:
    samples = np.zeros((int(seconds * rate), channels), np.float32)
    samples[:: rate // 10] = level
    return sounds.encoded(samples, ".flac", rate)


BROKEN = {
    "empty.wav": (b"", "the file is empty"),
    "words.mp3": (
        b"these are words and no sound " * 99,
        "the content is not a WAV, FLAC, Ogg, Opus, MP3 or AIFF sound",
    ),
    "picture.flac": (picture(), "the content is not a WAV"),
    "cut.flac": (flac(3, level=0.5)[:60], "the content is not a WAV"),
    "none.wav": (wav(0), "the sound has no samples: its length is 0"),
    "silent.wav": (sounds.encoded(np.zeros(800)), "it is silent: no sample is louder than -80 dB"),
    "hush.flac": (flac(1, level=5e-5), "it is silent"),
    "slow.wav": (wav(rate=1), "it says that it has 1 samples a second; what can be read has from 1,000 to 768,000"),
    "fast.wav": (wav(rate=2**31 - 1), "it says that it has 2,147,483,647 samples a second"),
    "frames.mp3": (b"\xff\xfb\x90\x00" + bytes(5_000), "the content is not a WAV"),
    "random.ogg": (b"OggS" + np.random.default_rng(0).bytes(9_000), "the content is not a WAV"),
}


def test_each_broken_sound_is_one_rejected_file_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, "good.wav")
    for name, (content, _) in BROKEN.items():
        (tmp_path / name).write_bytes(content)
    dataset = load(tmp_path)
    assert len(dataset) == 1
    assert all(fault.noun == "sound" for fault in dataset.rejected)
    told = reasons(dataset)
    assert set(told) == set(BROKEN)
    for name, (_, reason) in BROKEN.items():
        assert told[name].startswith(reason), (name, told[name])


def test_what_a_file_says_of_its_length_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "endless.wav").write_bytes(wav(size=2**32 - 1))
    (tmp_path / "four.wav").write_bytes(wav(size=4_000_000_000))
    whole = sounds.encoded(sounds.made("speech", 0, seconds=4), ".mp3")
    (tmp_path / "torn.mp3").write_bytes(whole[: len(whole) // 2])
    dataset = load(tmp_path)
    assert dataset.table["length (s)"].tolist()[:2] == [0.1, 0.1]
    assert 1 < dataset.table["length (s)"].tolist()[2] < 3
    (torn,) = dataset.rejected
    assert (torn.source, torn.noun) == ("torn.mp3", "part of a file")
    assert torn.reason.startswith("it ends after 1.")


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff"])
def test_a_sound_whose_end_is_missing_is_heard_as_far_as_it_goes_and_listed(tmp_path: Path, suffix: str) -> None:
    chance = np.random.default_rng(len(suffix))
    whole = sounds.encoded(sounds.made("speech", 0, seconds=6), suffix)
    shares = [1.0, *chance.uniform(0.6, 0.97, 3)]
    for at, share in enumerate(shares):
        (tmp_path / f"{at}{suffix}").write_bytes(whole[: int(share * len(whole))])
    dataset = load(tmp_path)
    told = reasons(dataset)
    for at, share in enumerate(shares):
        seconds = dataset.table["length (s)"][at]
        if share == 1.0:
            assert f"{at}{suffix}" not in told
            assert seconds == pytest.approx(6, abs=0.1)
            continue
        reason = told[f"{at}{suffix}"]
        assert reason.startswith(f"it ends after {seconds:.1f} s, ")
        assert ("it lasts 6.0 s" in reason) is (suffix not in (".ogg", ".opus"))
        assert seconds < 6
        assert seconds == pytest.approx(6 * share, abs=0.15) or suffix not in (".wav", ".aiff")


def test_a_pair_of_seconds_that_reads_alike_is_told_with_more_digits(tmp_path: Path) -> None:
    whole = sounds.encoded(sounds.made("tone", 0, seconds=2))
    (tmp_path / "a.wav").write_bytes(whole[:-1000])
    (cut,) = load(tmp_path / "a.wav").rejected
    assert "it ends after 1.97 s, though it says that it lasts 2.00 s" in cut.reason


def test_no_number_that_is_none_and_none_without_bound_gets_into_the_samples() -> None:
    import soundfile

    samples = sounds.made("tone", 0).copy()
    samples[100:110] = np.nan
    samples[200] = np.inf
    samples[300] = 1e30
    out = io.BytesIO()
    soundfile.write(out, samples, 16_000, format="WAV", subtype="FLOAT")
    wave = decoded(out.getvalue(), RATE)
    assert np.isfinite(wave.samples).all()
    assert np.isfinite(log_mel(wave.samples)).all()


def test_channels_that_cancel_each_other_out_are_heard() -> None:
    one = sounds.made("noise", 0)
    wave = decoded(sounds.encoded(np.stack([one, -one], axis=1)), RATE)
    assert np.abs(wave.samples).max() > 0.3
    both = decoded(sounds.encoded(np.stack([one, one], axis=1)), RATE)
    assert np.abs(both.samples - wave.samples).max() < 1e-3


def test_more_than_ten_minutes_are_not_decoded_and_the_length_is_that_of_all() -> None:
    content = flac(1_300, 8_000, level=0.5)
    wave = decoded(content, 8_000)
    assert len(wave.samples) == 600 * 8_000
    assert wave.seconds == 1_300


def test_so_many_channels_that_nobody_could_read_them_are_refused() -> None:
    from explorer.errors import UnreadableFile

    content = flac(30, 192_000, 8, level=0.5)
    with (
        mock.patch("explorer.kinds.waves.MOST_VALUES", 10**7),
        pytest.raises(UnreadableFile, match="the sound is huge"),
    ):
        decoded(content, RATE)


def test_without_its_packages_a_sound_says_how_to_have_them(tmp_path: Path) -> None:
    write(tmp_path, "a.wav")
    with mock.patch.dict(sys.modules, {"soxr": None}), pytest.raises(NothingUsable) as told:
        load(tmp_path / "a.wav")
    assert "install them: pip install 'embedding-explorer[sound]'" in str(told.value)


def test_a_damaged_mp3_writes_no_log(tmp_path: Path) -> None:
    whole = bytearray(sounds.encoded(sounds.made("speech", 0, seconds=9), ".mp3"))
    for at in range(900, len(whole), 700):
        whole[at : at + 90] = np.random.default_rng(at).bytes(90)
    (tmp_path / "a.mp3").write_bytes(whole)
    code = f"import os; from explorer.ingest import load; load({str(tmp_path)!r}); os.write(2, b'and this is heard')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr == b"and this is heard"


def test_what_is_no_sound_by_its_ending_says_what_to_save_it_as(tmp_path: Path) -> None:
    write(tmp_path, "a.wav")
    (tmp_path / "b.m4a").write_bytes(b"....ftypM4A ")
    assert reasons(load(tmp_path))["b.m4a"] == "the type .m4a is not read; save it as WAV, FLAC or MP3"


@pytest.mark.parametrize("suffix", SOUNDS.suffixes)
def test_every_form_is_decoded_to_the_same_sound(suffix: str) -> None:
    rate = 48_000 if suffix == ".opus" else 16_000
    made = sounds.made("chord", 3, rate=rate, seconds=1)
    wave, plain = (decoded(sounds.encoded(made, form, rate), 16_000) for form in (suffix, ".wav"))
    assert wave.seconds == pytest.approx(1, abs=0.05)
    apart = np.abs(log_mel(wave.samples)[:40].mean(axis=0) - log_mel(plain.samples)[:40].mean(axis=0))
    assert np.median(apart) < 3


def test_the_picture_of_a_sound_shows_pitch_upwards_and_time_to_the_right(tmp_path: Path) -> None:
    t = np.arange(16_000) / 16_000
    (tmp_path / "rise.wav").write_bytes(sounds.encoded(0.5 * np.sin(2 * np.pi * (200 * t + 2_000 * t**2))))
    (item,) = load(tmp_path).items
    image = kind_of(item).picture(item, size=160)
    assert (image.mode, image.size) == ("RGB", (512, 384))
    light = np.asarray(image.convert("L"), np.float64)
    first, last = (light[:, columns].mean(axis=1).argmax() for columns in (slice(20, 60), slice(-60, -20)))
    assert first > last + 100
    assert light.max() > 200
    assert read_bytes(item)  # type: ignore[arg-type]
