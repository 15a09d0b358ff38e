"""Pictures that are small and make a library say much."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

from PIL import Image


def lying(tags: int) -> bytes:
    """Return a TIFF whose directory has so many tags that are longer than the file."""
    entries = b"".join(struct.pack("<HHII", at + 1, 1, 2**28, 8) for at in range(1_000, 1_000 + tags))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", tags) + entries + bytes(4)


def test_a_picture_has_no_log_written_of_it(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for at in range(3):
        (tmp_path / "pictures" / f"{at}.tif").write_bytes(lying(5_000) + bytes([at]))
    good = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(good, "PNG")
    (tmp_path / "pictures" / "good.png").write_bytes(good.getvalue())
    code = f"from explorer.ingest import load; print(len(load({str(tmp_path / 'pictures')!r})))"
    done = subprocess.run([sys.executable, "-W", "default::UserWarning", "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"1"]
    assert len(done.stderr) < 2_000, done.stderr[:2_000]
