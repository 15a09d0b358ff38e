"""Files of word vectors: how they are known by their content, and what stands in them, a piece at a time.

Nothing is made of the words here: `ingest` makes items of them, `encoders` vectors of texts.
"""

from explorer.kinds.wordvectors.layout import Layout, are_words, fault_of, layout_of
from explorer.kinds.wordvectors.piecewise import Piece, pieces
