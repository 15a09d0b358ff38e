"""Tar archives, packed or not: read like a folder; links, devices, hostile headers and torn ends cost no good row."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from explorer.errors import UnreadableFile
from explorer.ingest import archives, load, preview
from explorer.kinds import close_archives, open_archive, open_image, tars
from tests.ingest.test_pictures import encoded, reasons, refs

RED, BLUE = encoded(color="red"), encoded(color="blue")
FILES = {"photos/a.png": RED, "photos/b.png": BLUE, "photos/metadata.csv": b"file_name,n\na.png,007\nb.png,1.10\n"}


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(content, asbytes=True)
    return packed


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
    ".tar.zst": zstd,
}


def tarred(
    files: Mapping[str, bytes], *more: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT, by: str = "utf-8"
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=by) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("suffix", PACKERS)
def test_pictures_and_the_table_beside_them_are_read_from_every_packing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"all{suffix}"
    path.write_bytes(PACKERS[suffix](tarred(FILES)))
    dataset = load(path)
    assert [ref.name for ref in refs(dataset)] == ["photos/a.png", "photos/b.png"]
    assert dataset.table["n"].tolist() == ["007", "1.10"]
    assert dataset.rejected == ()
    close_archives()
    assert open_image(refs(dataset)[1]).getpixel((0, 0)) == (0, 0, 255)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert preview(path).rows[0]["name"] == "photos/a.png"


def test_tables_and_texts_are_read_too_packed_within_or_not(tmp_path: Path) -> None:
    table = b"text,n\nthe first text of it,1\nand the second text,2\n"
    (tmp_path / "a.tar").write_bytes(tarred({"x.csv": table, "y.csv.gz": gzip.compress(table), "z.txt": b"a line\n"}))
    dataset = load(tmp_path / "a.tar")
    assert len(dataset) == 5
    assert dataset.table["source"].unique().tolist() == ["x.csv", "y.csv.gz", "z.txt"]


def test_links_devices_and_names_that_climb_out_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(RED)
    more = [
        entry("soft.png", tarfile.SYMTYPE, "../secret.png"),
        entry("hard.png", tarfile.LNKTYPE, "/etc/passwd"),
        entry("pipe.png", tarfile.FIFOTYPE),
        entry("disk.png", tarfile.CHRTYPE),
        entry("folder", tarfile.DIRTYPE),
    ]
    files = {"../../up.png": RED, "/root/abs.png": BLUE, ".DS_Store": b"x", "inner.tar.gz": b"x", "inner.zip": b"x"}
    (tmp_path / "a.tar").write_bytes(tarred(files, *more))
    dataset = load(tmp_path / "a.tar")
    assert [ref.name for ref in refs(dataset)] == ["root/abs.png", "up.png"]
    told = reasons(dataset)
    assert told.pop("soft.png") == told.pop("hard.png")
    assert told.pop("pipe.png") == told.pop("disk.png") == "it is no file but a device or the like"
    assert told.pop("inner.tar.gz") == "a tar archive inside a tar archive is not opened; load it by itself"
    assert told.pop("inner.zip").startswith("a zip archive inside a tar archive is not opened")
    assert told == {}


def test_of_two_entries_with_one_name_the_later_is_read_and_names_are_in_their_letters(tmp_path: Path) -> None:
    twice = tarred({"a.png": RED})[:1024] + tarred({"a.png": BLUE})
    (tmp_path / "a.tar").write_bytes(twice)
    dataset = load(tmp_path / "a.tar")
    assert open_image(refs(dataset)[0]).getpixel((0, 0)) == (0, 0, 255)
    assert reasons(dataset) == {"a.png": "a later entry of the archive has the same name"}
    old = tarred({"Gemälde/schöne Küche.png": RED}, form=tarfile.GNU_FORMAT, by="latin-1")
    (tmp_path / "old.tar").write_bytes(old)
    (ref,) = refs(load(tmp_path / "old.tar"))
    assert ref.name == "Gemälde/schöne Küche.png"
    assert open_image(ref).size == (8, 6)


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_a_torn_archive_keeps_its_good_entries_and_says_so(tmp_path: Path, suffix: str) -> None:
    noise = {f"{number}.png": encoded(color=(number, 9, 9), size=(90, 90)) + os.urandom(2000) for number in range(40)}
    whole = PACKERS[suffix](tarred(noise))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    dataset = load(path)
    assert 10 < len(dataset) < 40
    assert any("is not whole" in fault.reason or "ends within it" in fault.reason for fault in dataset.rejected)


def test_what_is_no_tar_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for name, content in (("a.tar", b"nothing of it" * 100), ("b.tar.gz", b"\x1f\x8bnothing"), ("c.tgz", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"not a whole tar archive|there is nothing to read"):
            load(tmp_path / name)


def test_a_header_without_an_end_and_too_many_entries_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = entry("long", b"x")
    huge.size = 2**33
    (tmp_path / "a.tar").write_bytes(huge.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))
    with pytest.raises(UnreadableFile, match="has a header of 8,589,934,592 bytes"):
        load(tmp_path / "a.tar")
    monkeypatch.setattr(tars, "MAX_MEMBERS", 3)
    (tmp_path / "b.tar").write_bytes(tarred({f"{number}.png": RED for number in range(4)}))
    with pytest.raises(UnreadableFile, match="more than 3 entries"):
        load(tmp_path / "b.tar")


def test_what_unpacks_to_far_more_than_it_is_or_than_there_is_room_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(4 * 2**20)))
    monkeypatch.setattr(tars, "RATIO_MATTERS", 2**20)
    with pytest.raises(UnreadableFile, match="unpacks to more than 500 times its size"):
        load(tmp_path / "a.tar.gz")
    monkeypatch.setattr(tars, "RATIO_MATTERS", 2**30)
    monkeypatch.setattr(tars, "ROOM_LEFT", 2**80)
    (tmp_path / "b.tar.gz").write_bytes(gzip.compress(bytes(65 * 2**20), 1))
    with pytest.raises(UnreadableFile, match="there is no room to unpack"):
        load(tmp_path / "b.tar.gz")


def test_an_archive_is_unpacked_once_for_all_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(tars, "_unpacker", lambda path, of=tars._unpacker: opened.append(path) or of(path))
    (tmp_path / "a.tar.gz").write_bytes(
        gzip.compress(tarred({f"{n}.png": encoded(color=(n, 0, 0)) for n in range(20)}))
    )
    for ref in refs(load(tmp_path / "a.tar.gz")):
        open_image(ref)
    close_archives()
    assert open_archive(tmp_path / "a.tar.gz").read("3.png")
    assert len(opened) == 1
    assert [entry.name for entry in archives.entries(tmp_path / "a.tar.gz")][:1] == ["0.png"]
