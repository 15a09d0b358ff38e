"""What every encoder, reader, neighbour index and engine promises, as functions that a third party can run, too.

    python -m explorer.contracts encoder MODULE:NAME          a family, as an entry point names it
    embedding-explorer check-encoder NAME                     an encoder that has a name

One file a seam; a promise is a function whose docstring is the promise.  Not here: what a single family promises beyond
that (its own tests), and nothing that the app needs while it runs.
"""

from explorer.contracts.contract import Contract, DoesNotApply
from explorer.contracts.encoders import ENCODER
from explorer.contracts.engines import ENGINE
from explorer.contracts.holding import check_named
from explorer.contracts.indexes import INDEX
from explorer.contracts.readers import READER

CONTRACTS = {"encoder": ENCODER, "reader": READER, "index": INDEX, "engine": ENGINE}
