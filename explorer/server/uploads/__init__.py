"""Uploads on their way: files that arrive in pieces, where each is to go on, and what their names may be.

Not here: the routes (`api`), and reading what has arrived (`reading`).
"""

from explorer.server.uploads.became import Became
from explorer.server.uploads.incoming import KEPT_SECONDS, OffsetMismatch, Uploads, in_time
from explorer.server.uploads.limits import Planned
