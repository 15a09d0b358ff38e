"""The kinds of item, one file a kind: how it is hashed, opened, stored and shown, and what it may be searched with.

Here is nothing of any one screen, document or encoder: kinds hand out plain values that others render.
"""

from explorer.kinds.picture import decode, open_archive, open_image, read_bytes
