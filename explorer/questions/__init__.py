"""What one asks of a finished run: neighbours, searches, selections, columns, views; answers are plain values.

`answers`, `axes`, `columns`, `cuts` and `sums` are handed on whole, for their verbs read with the room's noun before
them: `answers.item(run, row)`.  Nothing is computed for later or kept here, and nothing is known of pages or routes.
"""

from explorer.questions import answers, axes, columns, cuts, sums
from explorer.questions.bynames import NAME, NAMED, OWN_NAMES, by_name, named_so, unread_by, with_names
from explorer.questions.chance import (
    LOOKED_THROUGH,
    NO_LIMITS,
    Limits,
    limits_of,
    limits_of_sum,
    measured_with,
    middle_of,
    remark_on,
)
from explorer.questions.columns import CATEGORIES, COMPUTED, columns_of
from explorer.questions.edges import is_graph
from explorer.questions.exact import mark_same, phrases_of
from explorer.questions.ofkind import OTHERS_SHOWN, of_kind
from explorer.questions.queries import (
    axis,
    check_agreed,
    encode_here,
    nearest_in_meaning,
    neighbors_of,
    rows_having,
    search,
    searched_with,
    sums_up,
    terms_for,
)
from explorer.questions.selection import rows_in, shape_of
from explorer.questions.sought import sought_words, stem_of
from explorer.questions.stamp import sketch
from explorer.questions.surroundings import parted, surroundings_of, with_others, without_copies
from explorer.questions.views import viewed
