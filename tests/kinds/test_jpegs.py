"""What the head of a JPEG says by itself is what opening it says."""

import io
import random

import pytest
from PIL import ExifTags, Image

from explorer.errors import UnreadableFile
from explorer.kinds import decode, picture
from explorer.kinds.jpegs import jpeg_head


def jpeg(mode: str = "RGB", **how: object) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((50, 30), 90).convert(mode).save(kept, "JPEG", **how)
    return kept.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_usual_jpeg_is_gone_over_once_and_one_in_steps_is_not(mode: str) -> None:
    head = jpeg_head(jpeg(mode))
    assert head is not None
    assert (head.width, head.height, head.has_exif, head.is_gone_over_once) == (50, 30, False, True)
    steps = jpeg_head(jpeg(mode, progressive=True))
    assert steps is not None
    assert not steps.is_gone_over_once


def test_a_head_with_exif_is_opened_to_know_its_size() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    turned = jpeg(exif=exif)
    head = jpeg_head(turned)
    assert head is not None
    assert head.has_exif
    assert picture.size_of(turned) == (30, 50) == decode(turned).size
    assert picture.size_of(jpeg()) == (50, 30)


def test_colours_in_scans_of_their_own_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = jpeg()
    at = content.index(b"\xff\xda")
    parts = content[:at] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + content[at:]
    head = jpeg_head(parts)
    assert head is not None
    assert not head.is_gone_over_once
    monkeypatch.setattr(picture, "MOST_SCANNED", 2 * 50 * 30 - 1)
    with pytest.raises(UnreadableFile, match="stored in 2 steps"):
        decode(parts)


def test_a_damaged_head_says_nothing_and_ends() -> None:
    content, chance = jpeg(), random.Random(0)
    for _ in range(2000):
        cut = bytearray(content[: chance.randrange(3, len(content))])
        for _ in range(chance.randrange(4)):
            cut[chance.randrange(2, len(cut))] = chance.randrange(256)
        jpeg_head(bytes(cut))
    assert jpeg_head(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 100_000) is None
    assert jpeg_head(b"\x89PNG") is None
