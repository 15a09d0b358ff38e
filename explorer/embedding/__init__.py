"""Vectors of a dataset's items: encoded in batches, checkpointed, looked up where they are known.

Not here: the encoders themselves (`encoders`) and the folder that keeps the vectors (`workspace`).
"""

from explorer.embedding.drafting import Pieces, Table, fit_table, recall_of
from explorer.embedding.encoding import DONE, FAILED, REUSED, TODO, by_content, distinct, embed, item_hashes
from explorer.embedding.vectors import KnownVectors, VectorFile
