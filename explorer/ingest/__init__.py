"""Files, folders and pasted text to a Dataset, with every rejected row and why.

It computes nothing on the items: embedding and everything after it live elsewhere.
"""

from explorer.ingest.images import open_image, read_bytes
from explorer.ingest.loading import load, load_text
from explorer.ingest.previewing import Preview, preview
from explorer.ingest.sources import SUFFIXES

__all__ = ["SUFFIXES", "Preview", "load", "load_text", "open_image", "preview", "read_bytes"]
