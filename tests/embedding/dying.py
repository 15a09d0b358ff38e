"""A process that encodes items into a folder until it is killed: `python -m tests.embedding.dying FOLDER NAME SHARE`.

The items are lines of standard input, texts or the paths of pictures.  With SHARE it kills itself within the batch
after which so many of them would have a vector.
"""

import hashlib
import os
import signal
import sys
from pathlib import Path

from explorer import encoders
from explorer.embedding import VectorFile, embed, item_hashes
from explorer.kinds import ImageRef


def items_of(lines):
    return [
        ImageRef(line, hashlib.sha256(Path(line).read_bytes()).hexdigest()) if line.endswith(".png") else line
        for line in lines
    ]


class Dying:
    """An encoder that ends its process by SIGKILL when it has seen so many items, its last batch encoded."""

    def __init__(self, encoder, most):
        self._encoder, self._left = encoder, most
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self.modalities, self.batch_size, self.truncates = encoder.modalities, lambda item: 8, encoder.truncates

    def encode(self, items):
        vectors = self._encoder.encode(items)
        self._left -= len(items)
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return vectors


def encode_into(folder, items, encoder):
    hashes = item_hashes(items)
    file = VectorFile(folder, dim=encoder.dim, hashes=hashes, fingerprint=encoder.fingerprint)
    embed(items, encoder, file, hashes=hashes)
    return file


if __name__ == "__main__":
    items = items_of(sys.stdin.read().splitlines())
    encoder = encoders.load_encoder(sys.argv[2], device="cpu")
    share = float(sys.argv[3])
    encode_into(Path(sys.argv[1]), items, Dying(encoder, share * len(items)) if share else encoder)
