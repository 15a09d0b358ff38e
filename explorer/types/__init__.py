"""The nouns that every room shares, and the keys that name them: frozen, their shapes checked, their arrays read-only.

No behaviour but `registry` and `signs`.  n rows, d dimensions, k neighbours, c clusters; row i is row i of every array.
"""

from explorer.types.arrays import BoolArray, FloatArray, IntArray, frozen, sorted_unique, unknown, values_of
from explorer.types.asides import ABOVE, AGAIN, ATTACHMENT, BELOW, CHAT_LINE, COLUMN, DELETED, FOOT, LINK, PART, SHEET
from explorer.types.cache import cached_arrays
from explorer.types.clusters import (
    NOISE,
    REPEATS,
    SURE,
    UNSURE,
    Clustering,
    ClusterSummary,
    Enrichment,
    NamedGroup,
    Sureness,
    Title,
    numbered,
)
from explorer.types.cutting import NAME, cut, cut_at_word, cut_middle, told_apart
from explorer.types.items import Choice, Dataset, Example, Fault, OwnVectors, Rejected, items_of, let_go, through
from explorer.types.kept import TOGETHER, Item, KeptItems, KeptTable, Look, Reference, kind_name, spans
from explorer.types.keys import KEY_LENGTH, digest
from explorer.types.kindnames import IMAGE, SOUND, TEXT
from explorer.types.leftout import NOTE, count_notes, in_order, left_out, lost, said_left_out, said_short
from explorer.types.maps import Projection, Scores
from explorer.types.nothing import NEVER_AN_ANSWER, NOTHING
from explorer.types.places import ITEM, LINE, RECORD, ROW, Counted, Numbering, Places, in_words, places_of
from explorer.types.processor import command_of, limit_seconds, seconds_spent
from explorer.types.progress import Progress, Report, silent
from explorer.types.registry import Additions, Unfit, additions, made, needs, said
from explorer.types.run import Outcome, Run, said_draft
from explorer.types.shapes import is_of
from explorer.types.signs import capitalized, contained, visible
from explorer.types.vectors import COSINE, DOT, EUCLIDEAN, Codes, Embeddings, Encoder, Hits, KnnGraph, NeighborIndex
from explorer.types.version import Version
