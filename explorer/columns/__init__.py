"""What the columns of a table are – numbers, dates, categories, texts, ids – as people write them, values as numbers.

A recognised kind is a view: the table keeps what the file had.  Nothing here colours, sorts or stores a column.
"""

from explorer.columns import longcells
from explorer.columns.cells import answered, as_written, filled, in_full, truths
from explorer.columns.clocks import are_of_a_day
from explorer.columns.clocks import written as clock
from explorer.columns.codes import first_few
from explorer.columns.dates import MONTHS
from explorer.columns.labels import as_labels, as_said, in_order, on_scale, spellings
from explorer.columns.nouns import CATEGORY, CLOCK, DATE, NUMBER, UNTOLD, Reading, Seen, parse_reading
from explorer.columns.reading import read, readings, surveyed
from explorer.columns.sorts import types_of
from explorer.columns.strings import are_strings, only_stands_for_none, says_nothing
from explorer.columns.surroundings import decimal_of
from explorer.columns.ticked import Ticked, ticked

__all__ = [
    "CATEGORY", "CLOCK", "DATE", "NUMBER", "UNTOLD", "Reading", "Seen", "Ticked", "answered", "are_of_a_day",
    "are_strings", "as_labels", "as_said", "as_written", "clock", "decimal_of", "filled", "first_few", "in_full",
    "in_order", "longcells", "on_scale", "only_stands_for_none", "parse_reading", "read", "readings", "says_nothing",
    "spellings", "surveyed", "ticked", "types_of",
]  # fmt: skip
from explorer.columns.linked import EDGES, LINKED_FROM, LINKS, LINKS_TO, WEIGHT, linked, told_edges
