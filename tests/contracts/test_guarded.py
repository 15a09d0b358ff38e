"""What an added encoder, reader or package does wrong is told as its own fault, in a sentence that names it."""

from array import array
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.encoders.guarded import Guarded
from explorer.errors import FaultyPackage, UnreadableFile
from explorer.ingest import registry
from explorer.ingest.reader import ITEMS, TABLE, Content, FileReader, Source, Table
from explorer.types import Rejected, Unfit, additions


class Plain:
    """An encoder in order; each test breaks one thing."""

    name, dim, modalities, fingerprint = "plain", 4, frozenset({"text"}), "plain:1"

    def batch_size(self, item: Any) -> Any:
        return 8

    def encode(self, items: Any) -> Any:
        return np.eye(4, dtype=np.float32)[: len(items)]

    def truncates(self, items: Any) -> Any:
        return np.zeros(len(items), np.bool_)


def quitting(_items: Any) -> Any:
    raise SystemExit(0)


class Speechless(Exception):
    def __str__(self) -> str:
        raise ValueError


def speechless(_items: Any) -> Any:
    raise Speechless


WRONG = {
    "a longer vector": ("encode", lambda items: np.full((len(items), 4), 50.0), "length 100"),
    "one vector for all": ("encode", lambda items: np.eye(4)[:1], r"array of \(1, 4\) of 2 items"),
    "another size": ("encode", lambda items: np.eye(5)[: len(items)], "its dim is 4"),
    "no numbers": ("encode", lambda items: ["a", "b"], "could not convert"),
    "it ends the program": ("encode", quitting, "SystemExit: 0"),
    "an error without words": ("encode", speechless, "failed: Speechless"),
    "no batch": ("batch_size", lambda item: 0, "its batch_size is 0"),
    "a flag for all": ("truncates", lambda items: True, "not a bool each"),
    "a dim that is none": ("dim", "4", "its dim is '4'"),
}


def use(guarded: type[Guarded]) -> None:
    model = guarded("plain", Plain())
    model.batch_size("a")
    model.encode(["a", "b"])
    model.truncates(["a", "b"])


@pytest.mark.parametrize("name", WRONG)
def test_what_an_encoder_does_wrong_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    member, value, told = WRONG[name]
    monkeypatch.setattr(Plain, member, staticmethod(value) if callable(value) else value)
    with pytest.raises(FaultyPackage, match=told) as caught:
        use(Guarded)
    assert "'plain'" in str(caught.value)
    assert "Mend or remove the package" in str(caught.value)


def test_one_in_order_is_left_as_it_is() -> None:
    model = Guarded("plain", Plain())
    np.testing.assert_array_equal(model.encode(["a", "b"]), Plain().encode(["a", "b"]))
    unopened = np.array([[np.nan] * 4, [1, 0, 0, 0]], np.float32)
    Plain.encode, kept = lambda _self, _items: unopened, Plain.encode
    try:
        np.testing.assert_array_equal(model.encode(["a", "b"]), unopened)
    finally:
        Plain.encode = kept


def uneven() -> Content:
    content = Content(["a", "b"])
    content.columns = {"n": [1]}
    return content


def columns(*values: Any) -> Table:
    import pyarrow as pa

    return Table("x", {"text": pa.array(values)}, array("q", [0]))


@pytest.mark.parametrize(
    ("kind", "made", "told"),
    [
        (ITEMS, uneven, "2 rows but 1 values"),
        (ITEMS, lambda: Content([1, 2]), "no kind of item 'int'"),
        (ITEMS, lambda: Content(["a"], ["not a rejection"]), "is no Rejected"),
        (TABLE, lambda: columns("a", "b"), "1 rows but 2 values"),
    ],
)
def test_what_an_added_reader_gives_is_checked(tmp_path: Path, kind: str, made: Any, told: str) -> None:
    path = tmp_path / "a.odd"
    path.write_bytes(b"odd")
    reader = FileReader(name="odd files", suffixes=(".odd",), summary="", kind=kind, read=lambda *_, **__: made())
    with pytest.raises(UnreadableFile, match=told):
        registry.read(Source("a.odd", path, reader, 3), lambda seen: None)
    fine = FileReader(
        name="odd files", suffixes=(".odd",), summary="", kind=ITEMS,
        read=lambda *_, **__: Content(["a"], [Rejected("a.odd", 1, "it is odd")]),
    )  # fmt: skip
    assert len(registry.read(Source("a.odd", path, fine, 3), lambda seen: None).items) == 1


def test_a_reader_that_takes_every_file_is_refused() -> None:
    class Greedy(FileReader):
        def recognises(self, _head: bytes, _name: str) -> bool:
            return True

    greedy = Greedy(name="greedy", suffixes=(".greedy",), summary="", kind=ITEMS, read=lambda *_, **__: None)
    with pytest.raises(Unfit, match="take every file"):
        registry.check_reader(greedy)


def test_a_package_whose_list_cannot_be_read_is_named_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, lines in {"sound": "fine = builtins:len", "torn": "this line has no sign"}.items():
        record = tmp_path / f"{name}-1.0.dist-info"
        record.mkdir()
        (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (record / "entry_points.txt").write_text(f"[a.group]\n{lines}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Exception):  # noqa: B017, PT011 - what the library itself raises is not our business
        list(metadata.entry_points(group="a.group"))
    found = additions("a.group", check=lambda _family: None, names=lambda _family: (), taken=())
    assert [added.name for added in found.usable] == ["fine"]
    assert [fault.package for fault in found.broken] == ["torn 1.0"]


def test_an_endless_list_of_endings_is_no_endless_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "suffixes", lambda: tuple(f".e{n}" for n in range(100_000)))
    assert len(registry.unknown_type("a.unknown")) < 1_000
