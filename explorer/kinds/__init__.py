"""The kinds of item, one file a kind: how it is hashed, opened, stored and shown, and what it may be searched with.

Here is nothing of any one screen, document or encoder: kinds hand out plain values that others render.
"""

from explorer.kinds.kind import DIGEST_BYTES, Columns, Kind, Move
from explorer.kinds.picture import (
    ImageRef,
    close_archives,
    decode,
    open_archive,
    open_image,
    pages_of,
    read_bytes,
    size_of,
)
from explorer.kinds.pixels import BITS
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
from explorer.kinds.tars import TAR_SUFFIXES, Member, Tar, is_tar
