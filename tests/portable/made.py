"""Small workspaces to save from: one with a run whose parts are of today, made without computing anything."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import explorer as ex
from explorer.config import RunConfig
from explorer.embedding import item_hashes
from explorer.runs import facts_of, make_plan
from explorer.runs.pipeline import open_record
from explorer.types import Dataset
from explorer.workspace import Workspace
from tests.synthetic import labels_of, places, scores_of, write_stages, write_vectors

ROWS = 60
CSV = "id,text,stars\n" + "".join(f"00{i},about thing {i % 7} and number {i},{i % 5}\n" for i in range(ROWS)) + "x,,3\n"


def with_run(folder: Path, dataset: Dataset, *, encoder: str = "minilm") -> str:
    """Write a finished run of a dataset that is loaded, as if it had been computed, and return its key."""
    workspace, rng = Workspace(folder), np.random.default_rng(0)
    workspace.datasets.keep(dataset)
    labels = labels_of(len(dataset), 3, rng)
    plan = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": encoder}))
    open_record(workspace, plan)
    write_vectors(workspace, plan, labels, 8, rng)
    embedded = workspace.results.folder("embed", plan.keys["embed"])
    np.save(embedded / "hashes.npy", item_hashes(dataset.items))
    about = {"fingerprint": plan.fingerprint, "dim": 8, "rows": len(dataset)}
    (embedded / "about.json").write_text(json.dumps(about))
    write_stages(workspace, plan, labels, {"xy": places(labels, rng), **scores_of(labels, rng)}, rng)
    workspace.runs.update(plan.run, state="done")
    return plan.run


def texts(folder: Path) -> Dataset:
    (folder / "reviews.csv").write_text(CSV)
    return ex.load(folder / "reviews.csv")


def pictures(folder: Path) -> Dataset:
    """Twelve pictures in a folder, and one file that is none."""
    (folder / "shapes" / "inner").mkdir(parents=True)
    for number in range(12):
        image = Image.new("RGB", (16, 12), (20 * number, 90, 10))
        image.save(folder / "shapes" / ("inner" if number % 2 else "") / f"{number}.png")
    (folder / "shapes" / "broken.png").write_bytes(b"no picture")
    return ex.load(folder / "shapes")


Change = Callable[[dict[str, bytes]], None]


def changed(path: Path, new: Path, change: Change, *, sums: bool = True) -> Path:
    """Write a saved dataset anew with other entries, its checksums made anew too."""
    import hashlib

    with zipfile.ZipFile(path) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    told: dict[str, Any] = json.loads(entries.pop("embedding-explorer.json"))
    del entries["checksums.txt"]
    change(entries)
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in entries.items()).encode()
    if sums:
        told["checksums"] = hashlib.sha256(listed).hexdigest()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**entries, "checksums.txt": listed}.items():
            archive.writestr(name, content)
        archive.writestr("embedding-explorer.json", json.dumps(told))
    return new


def npy(array: Any, *, pickled: bool = False) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=pickled)
    return out.getvalue()
