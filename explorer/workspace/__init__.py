"""The folder on disk: datasets, results, run records, small pictures, and the locks on them; files that ship with us.

`sweeping` says what belongs to what in it.
Not here: what a result means or how it is computed (`runs`).
"""

from explorer.workspace.datafiles import (
    NOTHING_MORE,
    READ_BYTES,
    is_small,
    moved_items,
    read_came,
    read_dataset,
)
from explorer.workspace.datasets import names_of
from explorer.workspace.files import children, erase, is_whole, link, read_json, remove
from explorer.workspace.folder import Workspace, nothing
from explorer.workspace.frames import Frames, frames_after, shown_rows
from explorer.workspace.locks import alone, is_held
from explorer.workspace.looks import LOOK_CHARS
from explorer.workspace.results import Stored, result_in
from explorer.workspace.room import check_room, storing
from explorer.workspace.schema import SCHEMA
from explorer.workspace.shipped import is_sample, samples, shipped
from explorer.workspace.sprites import MOST_ROWS, SIDES, Sheet, rows_of, sheet
from explorer.workspace.standing import nouns_in
from explorer.workspace.sweeping import size_of
from explorer.workspace.thumbnails import Thumbnails, small_picture
from explorer.workspace.told import fault_from
from explorer.workspace.vectorcache import OF, CacheState
from explorer.workspace.writer import Writer, lives, owner_of
