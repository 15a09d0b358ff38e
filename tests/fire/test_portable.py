"""A saved dataset that somebody sent: nothing in it is believed, nothing leads out of it, a kill leaves it whole."""

import dataclasses
import functools
import io
import json
import os
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import UnreadableFile
from explorer.portable import export_dataset, import_dataset, is_portable, unpacking
from explorer.portable import manifest as judged
from explorer.types import Version
from explorer.workspace import Workspace
from tests.fire.test_deleted import API, serving
from tests.portable.made import ROWS, changed, npy, pictures, texts, with_run


class Runs:
    """What a pickle must not come to."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("was-run",)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `texts.zip`, which has a run, and `pictures.zip`."""
    home = tmp_path_factory.mktemp("portable")
    given = texts(home)
    with_run(home / "w", given)
    export_dataset(given, home / "texts.zip", workspace=home / "w")
    shown = pictures(home)
    Workspace(home / "w").datasets.keep(shown, origin=(str(home / "shapes"),))
    export_dataset(shown, home / "pictures.zip", workspace=home / "w")
    return home


def array(name: str, value: Any) -> Any:
    """Return a change of the array whose entry ends so."""

    def change(entries: dict[str, bytes]) -> None:
        entry = next(entry for entry in entries if entry.endswith(name))
        old = np.load(io.BytesIO(entries[entry]))
        entries[entry] = value if isinstance(value, bytes) else npy(value(old))

    return change


def record(name: str, edit: Any) -> Any:
    def change(entries: dict[str, bytes]) -> None:
        entry = next(entry for entry in entries if name in entry)
        told = json.loads(entries[entry])
        entries[entry] = json.dumps(edit(told) or told).encode()

    return change


def beyond(old: Any) -> Any:
    old[3] = 10**6
    return old


def promised(shape: str) -> bytes:
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head


PARTS = {
    "neighbours that there are not": array("rows.npy", beyond),
    "groups that there are not": array("labels.npy", lambda old: old + 10**6),
    "negative groups": array("labels.npy", lambda old: old - 5),
    "a map of fewer rows": array("xy.npy", lambda old: old[1:]),
    "a map of another kind": array("xy.npy", lambda old: old.astype(np.float64)),
    "vectors of other items": array("hashes.npy", lambda old: old[::-1].copy()),
    "vectors of one dimension": array("vectors.npy", lambda old: old[:, 0].copy()),
    "an array that runs when it is opened": array("xy.npy", npy(np.array([Runs()], object), pickled=True)),
    "an array of more than there is": array("xy.npy", promised("(60, 10000000000)")),
    "an array of no size": array("xy.npy", promised("(60, -2)")),
    "a header without end": array("xy.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 70_000),
    "a tree in a circle": array("tree.npy", lambda old: np.full((ROWS - 1, 4), 2 * ROWS - 2, float)),
    "an array more": lambda entries: entries.update(
        {next(e for e in entries if "stages/cluster" in e).rsplit("/", 1)[0] + "/more.npy": npy(np.zeros(3))}
    ),
    "examples that there are not": record("stages/describe", lambda t: t["summaries"][0].update(exemplars=[10**6])),
    "a name that is none": record("stages/describe", lambda t: t["summaries"][0].update(name={"a": 1})),
    "fewer descriptions": record("stages/describe", lambda t: t["summaries"].pop()),
    "a setting that is none": record("runs/", lambda t: t["plan"]["settings"].update(n_neighbors="x")),
    "parts that lead elsewhere": record("runs/", lambda t: t["parts"].update(embed="embed-../../x")),
    "a record of no form": record("runs/", lambda t: {"name": []}),
    "a record that is too deep": lambda e: e.update({next(n for n in e if n.startswith("runs/")): b"[" * 100_000}),
    "vectors of another encoder": record("about.json", lambda t: t.update(fingerprint="x")),
}


@pytest.mark.parametrize("what", PARTS)
def test_a_run_with_parts_that_lie_is_left_out_and_the_rows_come(home, tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    there = Workspace(tmp_path / "there")
    got = import_dataset(changed(home / "texts.zip", tmp_path / "c.zip", PARTS[what]), workspace=there)
    assert got.runs == ()
    assert "was left out: " in got.left_out[0]
    assert len(there.datasets.open(got.dataset)) == ROWS
    assert (there.runs.records(), there.leftovers(), list((there.path / "stages").iterdir())) == ([], [], [])
    assert not (tmp_path / "was-run").exists()


def items(edit: Any) -> Any:
    def change(entries: dict[str, bytes]) -> None:
        table = pd.read_parquet(io.BytesIO(entries["dataset/items.parquet"]))
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(edit(table), preserve_index=False), out)
        entries["dataset/items.parquet"] = out.getvalue()

    return change


WHOLES = {
    "a path that leads out": lambda e: e.update({"dataset/source/../../evil": b"x"}),
    "a path from the root": lambda e: e.update({"/evil": b"x"}),
    "a path with a backslash": lambda e: e.update({"dataset/source/..\\..\\evil": b"x"}),
    "a file in no place": lambda e: e.update({"writers/x.lock": b"x"}),
    "a result in no place": lambda e: e.update({"stages/embed-x/../../y.npy": b"x"}),
    "no rows": lambda e: e.pop("dataset/items.parquet"),
    "rows that are no table": lambda e: e.update({"dataset/items.parquet": b"PAR1" + b"x" * 100}),
    "fewer rows": items(lambda table: table[1:]),
    "a record of no form": record("dataset/dataset.json", lambda t: {**t, "columns": "x"}),
    "a fault that is a number": record("dataset/dataset.json", lambda t: t["faults"].__setitem__(0, 7)),
    "examples that are a number": record("dataset/dataset.json", lambda t: t["faults"][0].update(examples=5)),
    "an example that is a number": record("dataset/dataset.json", lambda t: t["faults"][0].update(examples=[1])),
    "a reason that is a list": record("dataset/dataset.json", lambda t: t["rejected"][0].update(reason=[1])),
    "a kind that there is not": record("dataset/dataset.json", lambda t: {**t, "modalities": ["nosuch"]}),
    "a picture of the server": items(lambda table: table.assign(path="/etc/hostname")),
    "a picture above": items(lambda table: table.assign(path="source/../../../x.png")),
}  # fmt: skip


@pytest.mark.parametrize("what", WHOLES)
def test_a_file_that_lies_is_refused_in_one_sentence_and_leaves_nothing(home, tmp_path, what):
    there = Workspace(tmp_path / "there")
    bad = changed(home / "pictures.zip", tmp_path / "c.zip", WHOLES[what])
    with pytest.raises(Exception, match=r"^[^\n]+\.$") as said:
        import_dataset(bad, workspace=there)
    assert said.type.__module__ == "explorer.errors"
    assert str(tmp_path) not in str(said.value)
    assert (there.datasets.records(), there.leftovers()) == ([], [])
    assert not list(tmp_path.rglob("*evil*"))


WRONG: tuple[Any, ...] = (None, 7, -1, True, "x", 1.5, [], [1], [None], [[]], {}, {"a": 1}, {"a": None})


def places(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value within what json holds."""
    if path:
        yield path
    for at in told if isinstance(told, dict) else range(len(told)) if isinstance(told, list) else ():
        yield from places(told[at], (*path, at))


def kind_of(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


def test_a_record_of_which_any_part_is_of_another_kind_is_none(home):
    with zipfile.ZipFile(home / "texts.zip") as archive:
        whole = json.loads(archive.read("dataset/dataset.json"))
    whole = {name: value for name, value in whole.items() if name in unpacking._READ}
    whole["version"] = dataclasses.asdict(Version("p", "second", "first", 2, files=("a.csv",)))
    whole.update(languages={"de": 0.5}, readings={"stars": "number"}, unread={"minilm": 0.1}, names=["a name"])
    whole["asked"], whole["columns"] = {"sheet": "Data"}, whole["columns"][:1]
    unpacking._check_record(whole)
    taken = set()
    for path in places(whole):
        *way, last = path
        for value in WRONG:
            lie = json.loads(json.dumps(whole))
            within = functools.reduce(lambda told, at: told[at], way, lie)
            before, within[last] = kind_of(within[last]), value
            try:
                unpacking._check_record(lie)
            except ValueError:
                continue
            taken.add((path[0], before, kind_of(value)))
    others = {one for one in taken if one[1] != one[2]}
    may_be_none = {("text_column", "str"), ("version", "dict"), ("version", "str"), ("faults", "number")}
    assert {one for one in others if one[2] == "NoneType"} <= {(*one, "NoneType") for one in may_be_none}
    of_none = {("faults", "NoneType", "number"), ("version", "NoneType", "str")}
    assert {one for one in others if one[2] != "NoneType"} <= of_none
    assert ("name", "str", "str") in taken


def test_a_picture_that_is_another_one_is_not_shown_as_the_one_it_names(home, tmp_path):
    def another(entries):
        entries[next(name for name in entries if name.endswith("/3.png"))] = b"another"

    there = Workspace(tmp_path / "there")
    got = import_dataset(changed(home / "pictures.zip", tmp_path / "c.zip", another), workspace=there)
    taken = there.datasets.open(got.dataset)
    assert len(taken) == 12
    assert [item.name for item in taken.items if not Path(item.path).exists()] == ["inner/3.png"]
    assert got.left_out == ("the picture 'inner/3.png' is not the one that was mapped; it was left out.",)
    assert there.datasets.record(got.dataset)["imported"]["left_out"] == list(got.left_out)


def test_sizes_are_judged_before_anything_is_unpacked(home, tmp_path, monkeypatch):
    there = Workspace(tmp_path / "there")
    bomb = changed(home / "texts.zip", tmp_path / "b.zip", lambda e: e.update({"dataset/source/b": bytes(2**26)}))
    monkeypatch.setattr(judged, "RATIO_MATTERS", 2**20)
    monkeypatch.setattr(judged, "MOST_RATIO", 50)
    with pytest.raises(UnreadableFile, match="times its size; the limit is 50 times"):
        import_dataset(bomb, workspace=there)
    monkeypatch.setattr(judged, "MOST_ENTRIES", 10)
    with pytest.raises(UnreadableFile, match="the limit is 10"):
        import_dataset(home / "texts.zip", workspace=there)


def test_an_entry_that_is_packed_wrongly_is_refused_or_left_out_with_its_run(home, tmp_path):
    whole = (home / "texts.zip").read_bytes()
    with zipfile.ZipFile(home / "texts.zip") as archive:
        entries = [entry for entry in archive.infolist() if entry.compress_type == zipfile.ZIP_DEFLATED]
    assert entries
    for entry in entries:
        lengths = struct.unpack_from("<HH", whole, entry.header_offset + 26)
        start = entry.header_offset + 30 + sum(lengths)
        bad = tmp_path / "bad.zip"
        bad.write_bytes(whole[:start] + b"\xff" + whole[start + 1 :])  # no kind of block that there is
        if is_portable(bad):
            with suppress(UnreadableFile):  # or the run with it is left out
                import_dataset(bad, workspace=tmp_path / "w")


@pytest.mark.parametrize("manifest", [b"[" * 100_000, b'"x"', b"\xff", b"{}", b" " * (judged.MOST_TOLD + 1)])
def test_a_zip_whose_manifest_is_none_is_a_zip_like_others(tmp_path, manifest):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(judged.MANIFEST, manifest)
    assert not is_portable(tmp_path / "a.zip")
    with pytest.raises(UnreadableFile, match="Save it anew"):
        import_dataset(tmp_path / "a.zip", workspace=tmp_path / "w")


def test_what_claims_the_key_of_another_dataset_does_not_get_it(home, tmp_path):
    there = Workspace(tmp_path / "there")
    lie = changed(home / "texts.zip", tmp_path / "c.zip", items(lambda table: table.assign(text="other words")))
    claimed = json.loads(zipfile.ZipFile(lie).read(judged.MANIFEST))["dataset"]
    got = import_dataset(lie, workspace=there)
    assert got.dataset != claimed
    assert not there.datasets.has(claimed)
    assert import_dataset(home / "texts.zip", workspace=there).dataset == claimed
    assert import_dataset(lie, workspace=there).dataset == got.dataset
    assert len(there.datasets.records()) == 2


def test_a_saved_dataset_goes_through_the_server_and_a_lying_one_is_an_answer(home, tmp_path):
    with serving(tmp_path / "w") as client:
        client.services.readers.warm()
        sent = client.post(f"{API}/datasets", files={"file": ("t.zip", (home / "texts.zip").read_bytes())})
        assert sent.status_code == 201, sent.text
        key, (run,) = sent.json()["dataset"], sent.json()["imported"]["runs"]
        assert client.get(f"{API}/runs/{run}").json()["state"] == "done"
        for said, status in (
            ({"note": "a\r\nb\x00"}, 200),
            ({}, 422),
            ({"note": "x" * 10_001}, 422),
            ({"name": ""}, 422),
        ):
            assert client.patch(f"{API}/datasets/{key}", json=said).status_code == status
        assert client.get(f"{API}/datasets/{key}").json()["note"] == "a\nb"
        got = client.get(f"{API}/datasets/{key}/dataset.zip")
        assert got.headers["content-disposition"].startswith('attachment; filename="reviews.csv.zip"')
        assert zipfile.ZipFile(io.BytesIO(got.content)).testzip() is None
        lie = changed(home / "texts.zip", tmp_path / "c.zip", PARTS["neighbours that there are not"])
        assert client.delete(f"{API}/datasets/{key}").status_code == 204
        told = client.post(f"{API}/datasets", files={"file": ("t.zip", lie.read_bytes())}).json()["imported"]
        assert (told["runs"], len(told["left_out"])) == ([], 1)
        bad = changed(home / "pictures.zip", tmp_path / "d.zip", WHOLES["a picture of the server"])
        refused = client.post(f"{API}/datasets", files={"file": ("t.zip", bad.read_bytes())})
        assert (refused.status_code, "refers to a file" in refused.json()["detail"]) == (422, True)
        assert client.get(f"{API}/datasets/nosuch/dataset.zip").status_code == 404
        client.services.readers.close()
        client.services.workspace.sweep()
        assert client.services.workspace.leftovers() == []


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize("at", [1, 4, 9])
def test_an_export_that_is_killed_leaves_what_was_there_and_goes_on_the_next_time(home, tmp_path, at):
    workspace, target = Workspace(home / "w"), tmp_path / "out.zip"
    key = next(one["dataset"] for one in workspace.datasets.records() if one["name"] == "reviews.csv")
    target.write_bytes(b"before")
    child = os.fork()
    if not child:
        count = 0

        def look(event: str, _args: Any) -> None:
            nonlocal count
            count += event in ("open", "os.rename")
            if count >= at * 5:
                os._exit(9)

        try:
            sys.addaudithook(look)
            export_dataset(key, target, workspace=workspace)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert target.read_bytes() == b"before"
    for left in tmp_path.glob(".out.zip.*"):
        os.utime(left, (time.time() - 120,) * 2)
    export_dataset(key, target, workspace=workspace)
    assert is_portable(target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]
