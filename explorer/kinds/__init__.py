"""The kinds of item, one file a kind: how it is hashed, opened, stored and shown, and what it may be searched with.

Here is nothing of any one screen, document or encoder: kinds hand out plain values that others render.
"""

from explorer.kinds.exif import CAMERA_FIELDS, told_by_camera
from explorer.kinds.files import MAX_BYTES, FileRef, close_archives, open_archive, read_bytes
from explorer.kinds.kind import DIGEST_BYTES, LENGTH, Columns, Kind, Media, Move
from explorer.kinds.mel import BANDS, HOP, RATE, drawn, log_mel
from explorer.kinds.picture import ImageRef, decode, open_image, pages_of, size_of
from explorer.kinds.pixels import BITS, picture_type
from explorer.kinds.registry import (
    BUILT_IN,
    added,
    asked,
    by_kind,
    described_by_words_near,
    each,
    kind_named,
    kind_of,
    nouns_of,
    packed,
    reads_words,
    register,
    unpacked,
    which,
)
from explorer.kinds.rowfiles import BYTES, MOST_INSIDE, RowFile, has_rows, member_of
from explorer.kinds.sound import SoundRef, heard, length_in_words
from explorer.kinds.tars import TAR_SUFFIXES, Member, Tar, is_tar
from explorer.kinds.text import padded
from explorer.kinds.waves import LISTENED, Wave, decoded, is_sound
