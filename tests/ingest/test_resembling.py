"""Pictures that look alike are counted among the faults, whatever their files are; none is dropped."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from explorer.ingest import Change, load
from explorer.ingest.faults import ALIKE
from explorer.ingest.resembling import SIGN_BYTES, resembling
from explorer.kinds import ImageRef, kind_of
from explorer.runs import make_version
from explorer.types import Fault
from explorer.workspace import Workspace


def photo(seed: int) -> Image.Image:
    """Return a picture of soft blots of colour."""
    grain = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(grain).resize((320, 240), Image.Resampling.BICUBIC)


def kept(image: Image.Image, kind: str, **how: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def alike(folder: Path) -> list[Fault]:
    return [fault for fault in load(folder).faults if fault.kind == ALIKE]


def test_one_picture_saved_again_scaled_and_in_other_formats_is_found_with_its_first(tmp_path: Path) -> None:
    for seed in range(20):
        (tmp_path / f"{seed:02d}.png").write_bytes(kept(photo(seed), "PNG"))
    first = (tmp_path / "03.png").read_bytes()
    assert alike(tmp_path) == []
    (tmp_path / "a copy.png").write_bytes(first)  # to the byte: another fault
    assert alike(tmp_path) == []
    (tmp_path / "b packed.jpg").write_bytes(kept(photo(3), "JPEG", quality=50))
    (tmp_path / "c small.webp").write_bytes(kept(photo(3).resize((200, 150)), "WEBP", quality=70))
    (fault,) = alike(tmp_path)
    assert fault.count == 2
    assert [(one.item, one.value) for one in fault.examples] == [
        (21, "b packed.jpg is like 03.png"),
        (22, "c small.webp is like 03.png"),
    ]
    assert len(load(tmp_path)) == 23


@pytest.mark.parametrize("colours", [("white", "black"), ("black", "white"), ("grey", "red")])
def test_drawings_that_differ_in_a_stroke_or_a_colour_are_no_such(tmp_path: Path, colours: tuple[str, str]) -> None:
    ground, stroke = colours
    for number in range(12):
        image = Image.new("RGB", (160, 160), ground)
        ImageDraw.Draw(image).line((10, 12 * number + 8, 150, 150 - 12 * number), stroke, 12)
        (tmp_path / f"{number}.png").write_bytes(kept(image, "PNG"))
    (tmp_path / "even.png").write_bytes(kept(Image.new("RGB", (160, 160), ground), "PNG"))
    (tmp_path / "other.png").write_bytes(kept(Image.new("RGB", (160, 160), stroke), "PNG"))
    assert alike(tmp_path) == []


def test_very_many_that_are_alike_and_very_many_that_are_not_take_seconds_at_most() -> None:
    count = 20_000
    items = [ImageRef("p", str(row)) for row in range(count)]
    even = {str(row).encode(): bytes(SIGN_BYTES) for row in range(count)}
    found = resembling(items, even)
    assert len(found) == count - 1
    signs = np.random.default_rng(0).integers(0, 256, (count, SIGN_BYTES), np.uint8)
    assert resembling(items, {str(row).encode(): sign.tobytes() for row, sign in enumerate(signs)}) == []


def test_what_looks_alike_is_counted_again_in_versions(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    for seed in range(4):
        (tmp_path / "old" / f"{seed}.png").write_bytes(kept(photo(seed), "PNG"))
    (tmp_path / "old" / "like 0.jpg").write_bytes(kept(photo(0), "JPEG", quality=50))
    (tmp_path / "new" / "like 1.jpg").write_bytes(kept(photo(1), "JPEG", quality=50))
    workspace = Workspace(tmp_path / "w")
    first = workspace.datasets.keep(load(tmp_path / "old"))

    def told(key: str) -> list[str]:
        faults = workspace.datasets.open(key).faults
        return [one.value for fault in faults if fault.kind == ALIKE for one in fault.examples]

    assert told(first) == ["like 0.jpg is like 0.png"]
    more = make_version(workspace, first, Change(), [tmp_path / "new"])
    assert told(more) == ["like 0.jpg is like 0.png", "like 1.jpg is like 1.png"]
    rows = [kind_of(item).path(item) for item in workspace.datasets.open(more).items]
    less = make_version(workspace, more, Change(removed=(rows.index("like 0.jpg"),)))
    assert told(less) == ["like 1.jpg is like 1.png"]
    assert told(make_version(workspace, less, Change(removed=(0,)))) == ["like 1.jpg is like 1.png"]
