"""Draw the sample pictures: `python sample_data/make_images.py [OUT.zip]` writes drawn_scenes.zip again.

It holds the list of subjects and packs the archive; how each subject looks is in the modules imported here.
The same versions of numpy and Pillow give the same bytes; others may differ in the last bit of a few pixels.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import fruit_and_balls
import nature
import patterns
import scenes
import things
from brush import Canvas
from PIL import Image

HERE = Path(__file__).resolve().parent
EACH = 12  # pictures of a subject
SUBJECTS: dict[str, Callable[[Canvas], None]] = {
    subject: painter
    for module in (fruit_and_balls, nature, patterns, scenes, things)
    for subject, painter in module.SUBJECTS.items()
}


def draw(subject: str, number: int) -> Image.Image:
    """Draw one picture; the same subject and number always give the same one."""
    canvas = Canvas([number, *subject.encode()])
    SUBJECTS[subject](canvas)
    return canvas.finish()


def as_jpeg(picture: Image.Image) -> bytes:
    """Return the picture as the bytes that go into the archive."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=84, optimize=True)
    return buffer.getvalue()


def pack(path: Path) -> int:
    """Write all pictures into a zip archive, a folder a subject, and return how many there are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for subject in sorted(SUBJECTS):
            for number in range(EACH):
                entry = zipfile.ZipInfo(f"{subject}/{subject}-{number:02}.jpg", date_time=(2026, 1, 1, 0, 0, 0))
                archive.writestr(entry, as_jpeg(draw(subject, number)))
    return EACH * len(SUBJECTS)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "drawn_scenes.zip"
    print(f"{pack(target)} pictures in {target}")
