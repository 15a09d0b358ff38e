"""What one asks of a finished run, or of two: neighbours, searches, selections, columns; answers are plain values.

Modules are handed on whole whose verbs read with a noun before.  Nothing is kept here, or known of pages and routes."""

from explorer.questions import answers, axes, columns, cuts, differences, sums
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
from explorer.questions.comparing import Comparison, compare
from explorer.questions.differences import write_comparison
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
