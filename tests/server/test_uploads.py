"""Uploads in pieces: names, offsets, limits, restarts, memory."""

import asyncio
import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from explorer.errors import CannotWrite, NotFound, NotReady, ServerBusy, UploadRefused
from explorer.server.uploads import incoming, left, limits, writer
from explorer.server.uploads.filenames import clean_name
from explorer.server.uploads.incoming import OffsetMismatch, Uploads
from explorer.server.uploads.limits import Planned
from explorer.server.uploads.writer import BLOCK

MB = 2**20


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads", limit_bytes=32 * MB, keep_free=0)


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def kept(uploads: Uploads, key: str) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in uploads.files(key)}


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("reviews.csv", "reviews.csv"),
        ("a b/../évil.csv", "a b/évil.csv"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\photos\\cat.jpg", "photos/cat.jpg"),
        ("\\\\server\\share\\cat.jpg", "server/share/cat.jpg"),
        ("photos//./cat.jpg", "photos/cat.jpg"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("a\x00b\nc\x7f.txt", "abc.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("half\ud800.txt", "half.txt"),
        ('what? "this": <a|b>*.csv', "what_ _this__ _a_b__.csv"),
        ("con", "_con"),
        ("photos/LPT1.jpg", "photos/_LPT1.jpg"),
        ("console.csv", "console.csv"),
        ("trailing. . /x.csv ", "trailing/x.csv"),
        (".hidden", ".hidden"),
        ("猫/😀.png", "猫/😀.png"),
        ("", "unnamed"),
        ("../..", "unnamed"),
        (" \x07 ", "unnamed"),
        ("x" * 400 + ".parquet", "x" * 192 + ".parquet"),
        ("é" * 150 + ".csv", "é" * 98 + ".csv"),
        ("/".join("abcdefghijklmnopqrstuvwxyz"), "/".join("cdefghijklmnopqrstuvwxyz")),
    ],
)
def test_a_name_is_made_safe_segment_by_segment(given: str, safe: str) -> None:
    assert clean_name(given) == safe


def test_pieces_join_into_the_file_that_was_sent(uploads: Uploads) -> None:
    key = uploads.create()
    assert len(key) == 32
    assert uploads.append(key, "a.csv", offset=0, chunks=[b"te", b"xt\n"]) == 5
    assert uploads.append(key, "a.csv", offset=5, chunks=[b"one\n"]) == 9
    assert kept(uploads, key) == {"a.csv": b"text\none\n"}
    assert uploads.size(key) == 9


def test_an_asynchronous_stream_is_kept_byte_for_byte(uploads: Uploads) -> None:
    key = uploads.create()
    chunks = [bytes([i]) * (i * 997 + 1) for i in range(200)] + [b"z" * (3 * BLOCK + 5)]
    sent = b"".join(chunks)
    half = len(chunks) // 2
    size = asyncio.run(uploads.append_stream(key, "a.bin", offset=0, stream=stream(*chunks[:half])))
    assert asyncio.run(uploads.append_stream(key, "a.bin", offset=size, stream=stream(*chunks[half:]))) == len(sent)
    assert kept(uploads, key) == {"a.bin": sent}


@pytest.mark.parametrize("offset", [0, 2, 4, 2**40])
def test_a_piece_out_of_step_writes_nothing_and_says_where_to_go_on(uploads: Uploads, offset: int) -> None:
    key = uploads.create()
    uploads.append(key, "a.csv", offset=0, chunks=[b"abc"])
    with pytest.raises(OffsetMismatch, match="send from 3") as caught:
        uploads.append(key, "a.csv", offset=offset, chunks=[b"xyz"])
    assert caught.value.offset == 3
    assert caught.value.status == 409
    assert kept(uploads, key) == {"a.csv": b"abc"}


def test_what_arrived_before_the_line_broke_stays(uploads: Uploads) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x" * (BLOCK + 1)
        yield b"y" * BLOCK
        raise ConnectionResetError

    key = uploads.create()
    with pytest.raises(ConnectionResetError):
        asyncio.run(uploads.append_stream(key, "a.bin", offset=0, stream=breaks()))
    arrived = uploads.offset(key, "a.bin")
    assert arrived == 2 * BLOCK + 1
    assert uploads.append(key, "a.bin", offset=arrived, chunks=[b"!"]) == arrived + 1


def test_a_second_writer_of_the_same_file_is_told_to_wait(uploads: Uploads) -> None:
    key = uploads.create()

    def second() -> AsyncIterator[bytes]:
        with pytest.raises(OffsetMismatch, match="still being written"):
            uploads.append(key, "a.csv", offset=0, chunks=[b"no"])
        return stream(b"yes")

    async def first() -> AsyncIterator[bytes]:
        async for chunk in second():
            yield chunk

    asyncio.run(uploads.append_stream(key, "a.csv", offset=0, stream=first()))
    assert kept(uploads, key) == {"a.csv": b"yes"}


def test_a_cancelled_request_leaves_the_file_free_for_the_next(uploads: Uploads) -> None:
    key = uploads.create()

    async def cancelled() -> None:
        async def hangs() -> AsyncIterator[bytes]:
            yield b"a" * (BLOCK + 1)
            started.set()
            await asyncio.Event().wait()

        started = asyncio.Event()
        task = asyncio.create_task(uploads.append_stream(key, "a.bin", offset=0, stream=hangs()))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    size = uploads.offset(key, "a.bin")
    assert size == BLOCK + 1
    assert uploads.append(key, "a.bin", offset=size, chunks=[b"b"]) == BLOCK + 2


def test_an_empty_file_is_a_file(uploads: Uploads) -> None:
    key = uploads.create()
    assert asyncio.run(uploads.append_stream(key, "empty.csv", offset=0, stream=stream())) == 0
    assert kept(uploads, key) == {"empty.csv": b""}


def test_a_restarted_server_goes_on_where_the_last_one_stopped(uploads: Uploads) -> None:
    key = uploads.create()
    uploads.append(key, "a:b.csv", offset=0, chunks=[b"123456"])
    uploads.append(key, "a?b.csv", offset=0, chunks=[b"other"])
    with (uploads.folder / key / "names.jsonl").open("a") as journal:
        journal.write('\n["torn')
    again = Uploads(uploads.folder, limit_bytes=12, keep_free=0)
    assert (again.offset(key, "a:b.csv"), again.offset(key, "a?b.csv"), again.offset(key, "torn")) == (6, 5, 0)
    assert again.append(key, "a:b.csv", offset=6, chunks=[b"7"]) == 7
    assert again.append(key, "a|b.csv", offset=0, chunks=[]) == 0
    again = Uploads(uploads.folder, limit_bytes=12, keep_free=0)
    assert kept(again, key) == {"a_b.csv": b"1234567", "a_b (2).csv": b"other", "a_b (3).csv": b""}
    with pytest.raises(UploadRefused, match="this upload is larger than 12 bytes"):
        again.append(key, "a:b.csv", offset=7, chunks=[b"8"])


def test_names_that_become_one_are_kept_apart(uploads: Uploads) -> None:
    key = uploads.create()
    for name in ("a", "a/b", "a/c", "x/y", "x", "A//B"):
        uploads.append(key, name, offset=0, chunks=[name.encode()])
    found = kept(uploads, key)
    assert sorted(found.values()) == sorted([b"a", b"a/b", b"a/c", b"x/y", b"x", b"A//B"])
    assert found["a (2)/b"] == b"a/b"
    assert found["a (2)/c"] == b"a/c"
    assert found["x (2)"] == b"x"


def test_files_are_listed_by_name_whatever_came_first(uploads: Uploads) -> None:
    key = uploads.create()
    for name in ("b/2.jpg", "a.csv", "b/1.jpg"):
        uploads.append(key, name, offset=0, chunks=[b"."])
    assert [file.name for file in uploads.files(key)] == ["a.csv", "b/1.jpg", "b/2.jpg"]


def test_a_link_out_of_the_upload_is_not_followed(uploads: Uploads, tmp_path: Path) -> None:
    key = uploads.create()
    (uploads.folder / key / "files" / "way").symlink_to(tmp_path)
    with pytest.raises(UploadRefused, match="leads out of the upload"):
        uploads.append(key, "way/out.txt", offset=0, chunks=[b"x"])
    assert not (tmp_path / "out.txt").exists()


def test_a_file_beyond_the_limit_is_refused_before_it_is_written(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, limit_bytes=5 * MB, file_limit_bytes=2 * MB, keep_free=0)
    key = uploads.create()
    with pytest.raises(UploadRefused, match=r"'big.bin' is larger than 2 MB, the most for one file here\."):
        uploads.append(key, "big.bin", offset=0, chunks=[b"x" * MB] * 3)
    assert uploads.offset(key, "big.bin") == 2 * MB
    uploads.append(key, "b.bin", offset=0, chunks=[b"x" * MB] * 2)
    with pytest.raises(UploadRefused, match="this upload is larger than 5 MB"):
        uploads.append(key, "c.bin", offset=0, chunks=[b"x" * MB, b"y"])
    assert uploads.size(key) == 5 * MB


def test_too_many_files_are_refused(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILES", 2)
    key = uploads.create()
    for name in ("a", "b", "a"):
        uploads.append(key, name, offset=0, chunks=[])
    with pytest.raises(UploadRefused, match="more than 2 files"):
        uploads.append(key, "c", offset=0, chunks=[])


def test_a_disk_without_room_is_a_sentence(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, limit_bytes=2**40, keep_free=2**60)
    key = uploads.create()
    with pytest.raises(CannotWrite, match=r"disk has only .* left, too little for 'a.csv'"):
        uploads.append(key, "a.csv", offset=0, chunks=[b"x"])
    assert uploads.offset(key, "a.csv") == 0


def test_a_disk_that_fills_up_in_the_middle_is_a_sentence(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(writer.FileIO):
        def write(self, _block: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer, "FileIO", Full)
    key = uploads.create()
    with pytest.raises(CannotWrite, match=r"disk is full, 'a\.csv' is not complete"):
        uploads.append(key, "a.csv", offset=0, chunks=[b"x"])


@pytest.mark.parametrize("key", ["", "nosuch", "0" * 32, "../uploads", "A" * 32])
def test_an_unknown_upload_is_not_found(uploads: Uploads, key: str) -> None:
    uploads.create()
    for act in (
        lambda: uploads.append(key, "a", offset=0, chunks=[]),
        lambda: uploads.offset(key, "a"),
        lambda: uploads.files(key),
    ):
        with pytest.raises(NotFound, match="no upload"):
            act()


def test_a_removed_upload_is_gone_with_its_files(uploads: Uploads) -> None:
    key, other = uploads.create(), uploads.create()
    uploads.append(key, "a.csv", offset=0, chunks=[b"x"])
    uploads.remove(key)
    uploads.remove(key)
    assert [path.name for path in uploads.folder.iterdir()] == [other]
    with pytest.raises(NotFound):
        uploads.append(key, "a.csv", offset=1, chunks=[b"y"])
    with pytest.raises(NotFound):
        uploads.remove("../other")


def test_sweeping_takes_what_is_idle_and_leaves_the_rest(uploads: Uploads) -> None:
    old, fresh = uploads.create(), uploads.create()
    uploads.append(old, "a.csv", offset=0, chunks=[b"x"])
    before = time.time() - 3600
    for path in (uploads.folder / old).rglob("*"):
        os.utime(path, (before, before))
    os.utime(uploads.folder / old, (before, before))
    assert uploads.sweep(7200) == 0
    assert uploads.sweep(1800) == 1
    assert [path.name for path in uploads.folder.iterdir()] == [fresh]
    assert Uploads(uploads.folder / "nosuch", limit_bytes=1).sweep(0) == 0


def test_the_event_loop_answers_while_a_block_is_written(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    class Slow(writer.FileIO):
        def write(self, block: bytes) -> int:
            assert released.wait(10), "nobody released the disk: the event loop was blocked"
            return super().write(block)

    monkeypatch.setattr(writer, "FileIO", Slow)
    key = uploads.create()

    async def both() -> int:
        writing = asyncio.create_task(uploads.append_stream(key, "a", offset=0, stream=stream(b"x" * 2 * BLOCK)))
        while not (writing.done() or (key in uploads._open and uploads._open[key].busy)):
            await asyncio.sleep(0)
        released.set()
        return await writing

    assert asyncio.run(both()) == 2 * BLOCK


@pytest.mark.skipif(sys.platform == "win32", reason="reads the peak memory of a process the Unix way")
def test_a_large_file_does_not_raise_memory(tmp_path: Path) -> None:
    program = """
import asyncio, resource, sys
from pathlib import Path
from explorer.server.uploads import Uploads
async def stream():
    for _ in range(int(sys.argv[2])):
        yield bytes(65536)
uploads = Uploads(Path(sys.argv[1]), limit_bytes=2**40, keep_free=0)
asyncio.run(uploads.append_stream(uploads.create(), "a.bin", offset=0, stream=stream()))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

    def peak(pieces: int) -> int:
        command = [sys.executable, "-c", program, str(tmp_path), str(pieces)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    unit = 1 if sys.platform == "darwin" else 1024
    assert (peak(4096) - peak(16)) * unit < 20 * 2**20


def test_an_upload_is_not_read_while_a_file_of_it_is_being_sent_nor_sent_to_while_it_is_read(uploads: Uploads) -> None:
    key = uploads.create()
    under_way, go_on = threading.Event(), threading.Event()

    def pieces():
        yield b"a first half, "
        under_way.set()
        assert go_on.wait(20)
        yield b"and the second"

    sending = threading.Thread(target=lambda: uploads.append(key, "a.txt", offset=0, chunks=pieces()))
    sending.start()
    assert under_way.wait(20)
    with pytest.raises(NotReady, match="still being sent"), uploads.complete(key):
        pass
    go_on.set()
    sending.join()
    with uploads.complete(key):
        with pytest.raises(NotReady, match="read already"), uploads.complete(key):
            pass
        with pytest.raises(NotReady, match="is being read"):
            uploads.append(key, "a.txt", offset=28, chunks=[b" and a third"])
        assert kept(uploads, key) == {"a.txt": b"a first half, and the second"}
    assert uploads.append(key, "a.txt", offset=28, chunks=[b"!"]) == 29


def test_what_cannot_be_taken_is_refused_before_a_byte_is_sent(uploads: Uploads, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILES", 9)
    few = Uploads(uploads.folder, limit_bytes=9 * MB, file_limit_bytes=MB, keep_free=0)
    full = Uploads(uploads.folder, limit_bytes=2**60, keep_free=2**40)
    for kept, planned, error, said in (
        (few, Planned(10, 10, 1), UploadRefused, "more than 9 files"),
        (few, Planned(1, 2 * MB, 2 * MB), UploadRefused, "a file of 2 MB is larger than 1 MB"),
        (few, Planned(9, 9 * MB + 1, MB), UploadRefused, "larger than 9 MB, the most for one upload"),
        (full, Planned(1, 2**50, 2**50), CannotWrite, "too little for these 1.05e\\+06 GB; free some space"),
    ):
        with pytest.raises(error, match=said):
            kept.create(planned=planned)
    assert not uploads.folder.exists()
    assert few.create(planned=Planned(9, 9 * MB, MB))


def test_half_of_what_was_planned_never_becomes_a_dataset(uploads: Uploads) -> None:
    key = uploads.create(planned=Planned(2, 8, 4))
    uploads.append(key, "a.txt", offset=0, chunks=[b"aaaa"])
    again = Uploads(uploads.folder, limit_bytes=MB, keep_free=0)  # a restarted server knows it too
    for said in ("only 1 of 2 files", "only 2 of 2 files are here, 6 bytes of 8 bytes"):
        with pytest.raises(limits.Incomplete, match=said), again.complete(key):
            pass
        at = again.offset(key, "b.txt")
        again.append(key, "b.txt", offset=at, chunks=[b"bb"])
    assert again.sizes(key) == {"a.txt": 4, "b.txt": 4}
    with again.complete(key):
        pass


def test_too_many_open_uploads_are_refused_and_empty_ones_make_room(uploads: Uploads, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MOST_OPEN", 2)
    held, empty = uploads.create(), uploads.create()
    uploads.append(held, "a", offset=0, chunks=[b"x"])
    with pytest.raises(ServerBusy, match="2 uploads are under way here already; finish or cancel one"):
        uploads.create()
    aged(uploads, held, left.EMPTY_SECONDS)
    aged(uploads, empty, left.EMPTY_SECONDS)
    new = uploads.create()
    assert {path.name for path in uploads.folder.iterdir()} == {held, new}


def test_of_too_many_that_somebody_began_the_one_that_is_idle_for_longest_makes_room_after_an_hour(
    uploads: Uploads, monkeypatch
) -> None:
    monkeypatch.setattr(limits, "MOST_OPEN", 3)
    begun = [uploads.create() for _ in range(3)]
    for key in begun:
        uploads.append(key, "a", offset=0, chunks=[b"x"])
        aged(uploads, key, left.IDLE_SECONDS - 60)
    with pytest.raises(ServerBusy):
        uploads.create()
    aged(uploads, begun[0], left.IDLE_SECONDS)
    aged(uploads, begun[1], left.IDLE_SECONDS + 60)
    new = uploads.create()
    assert {path.name for path in uploads.folder.iterdir()} == {begun[0], begun[2], new}


def test_parts_that_nobody_finishes_go_after_a_day_while_the_server_runs(uploads: Uploads, monkeypatch) -> None:
    held = uploads.create()
    uploads.append(held, "a", offset=0, chunks=[b"x"])
    monkeypatch.setattr(incoming, "SWEPT_SECONDS", 0)
    aged(uploads, held, incoming.KEPT_SECONDS - 60)
    new = uploads.create()
    assert {path.name for path in uploads.folder.iterdir()} == {held, new}
    aged(uploads, held, incoming.KEPT_SECONDS)
    uploads.create()
    assert held not in {path.name for path in uploads.folder.iterdir()}


def aged(uploads: Uploads, key: str, seconds: float) -> None:
    before = time.time() - seconds - 1
    root = uploads.folder / key
    for path in (root, *root.rglob("*")):
        os.utime(path, (before, before))


def test_a_sender_that_fell_silent_leaves_its_file_to_the_next_request(uploads: Uploads, monkeypatch) -> None:
    monkeypatch.setattr(incoming, "PATIENCE_SECONDS", 0.05)

    async def silent() -> AsyncIterator[bytes]:
        yield b"what came"
        await asyncio.Event().wait()

    key = uploads.create()
    with pytest.raises(incoming.Stalled, match="go on with it"):
        asyncio.run(uploads.append_stream(key, "a", offset=0, stream=silent()))
    assert uploads.append(key, "a", offset=9, chunks=[b" stays"]) == 15


def test_a_piece_is_on_the_disk_before_it_is_answered(uploads: Uploads, monkeypatch) -> None:
    key, synced = uploads.create(), []
    monkeypatch.setattr(writer.os, "fsync", lambda file: synced.append(os.fstat(file).st_size))
    uploads.append(key, "a", offset=0, chunks=[b"x" * 5])
    asyncio.run(uploads.append_stream(key, "a", offset=5, stream=stream(b"y" * 7)))
    assert synced == [5, 12]


def test_of_many_appends_at_one_offset_one_wins(uploads: Uploads) -> None:
    key, start = uploads.create(), threading.Barrier(8)

    def append(content: bytes) -> bool:
        start.wait(20)
        try:
            return uploads.append(key, "a", offset=0, chunks=[content] * 4) == 4 * BLOCK
        except OffsetMismatch:
            return False

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(append, [bytes([i]) * BLOCK for i in range(8)]))
    assert won.count(True) == 1
    assert kept(uploads, key) == {"a": bytes([won.index(True)]) * 4 * BLOCK}
