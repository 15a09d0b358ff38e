"""What every encoder, reader, neighbour index and engine promises, as functions that a third party can run, too.

    python -m explorer.contracts encoder MODULE:NAME

One file a seam; a promise is a function whose docstring is the promise.  Not here: what a single family promises beyond
that (its own tests), and nothing that the app needs while it runs.
"""

from explorer.contracts.contract import Contract, DoesNotApply
from explorer.contracts.encoders import ENCODER
from explorer.contracts.engines import ENGINE
from explorer.contracts.indexes import INDEX
from explorer.contracts.readers import READER

CONTRACTS = {"encoder": ENCODER, "reader": READER, "index": INDEX, "engine": ENGINE}
