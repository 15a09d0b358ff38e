"""A process that encodes and is killed outright: what it had is there, and at most one batch is encoded again."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer import encoders
from explorer.embedding import KnownVectors, VectorFile, item_hashes
from explorer.encoders.remote import AT_ONCE
from tests.embedding.dying import encode_into, items_of
from tests.vectorserver import texts_in, vector_server

ROOT = Path(__file__).resolve().parents[2]
BATCH = 8


class Counting:
    """Counts what it is asked to encode."""

    def __init__(self, encoder):
        self._encoder, self.seen = encoder, 0
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self.modalities, self.batch_size, self.truncates = encoder.modalities, lambda item: BATCH, encoder.truncates

    def encode(self, items):
        self.seen += len(items)
        return self._encoder.encode(items)


def start(folder, encoder, lines, share):
    command = [sys.executable, "-m", "tests.embedding.dying", str(folder), encoder, str(share)]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, text=True)
    started.stdin.write("\n".join(lines))
    started.stdin.close()
    return started


@pytest.fixture
def painter(tmp_path):
    """A function of the user's own that looks at pictures."""
    path = tmp_path / "painter.py"
    path.write_text(
        textwrap.dedent("""
            import numpy as np
            def embed(pictures):
                return np.stack([np.asarray(one.resize((4, 4)), np.float32).ravel() + 1 for one in pictures])
            embed.reads = "image"
        """)
    )
    return f"own:{path}:embed"


def lines_of(kind, folder):
    if kind == "text":
        return [f"the text of number {at}" for at in range(100)]
    for at in range(100):
        Image.new("RGB", (20, 20), (at, 2 * at, 255 - at)).save(folder / f"{at}.png")
    return [str(folder / f"{at}.png") for at in range(100)]


@pytest.mark.parametrize("kind", ["text", "image"])
def test_a_kill_at_sixty_percent_costs_one_batch(tmp_path, kind, painter):
    name, lines = {"text": "minilm", "image": painter}[kind], lines_of(kind, tmp_path)
    assert start(tmp_path / "vectors", name, lines, 0.6).wait(60) == -signal.SIGKILL
    items = items_of(lines)
    encoder = Counting(encoders.load_encoder(name, device="cpu"))
    again = encode_into(tmp_path / "vectors", items, encoder)
    assert encoder.seen <= 0.4 * len(items) + BATCH
    assert again.state.all()
    whole = encode_into(tmp_path / "whole", items, Counting(encoders.load_encoder(name, device="cpu")))
    np.testing.assert_array_equal(again.vectors, whole.vectors)


def test_a_kill_amid_requests_costs_those_under_way_and_nothing_that_came(tmp_path):
    lines = [f"the text of number {at}" for at in range(128 * 20)]
    with vector_server(after=13, pause=threading.Event()) as server:
        name = f"openai:m@{server.address}"
        started = start(tmp_path / "vectors", name, lines, 0)
        while len(server.requests) < 13 + AT_ONCE and started.poll() is None:
            time.sleep(0.02)
        time.sleep(0.2)  # the last answers are on their way
        os.kill(started.pid, signal.SIGKILL)
        assert started.wait(30) == -signal.SIGKILL
        server.pause.set()
        before = len(server.requests)
        assert before == 13 + AT_ONCE
        file = encode_into(tmp_path / "vectors", lines, encoders.load_encoder(name))
        assert file.state.all()
        again = sum(len(texts_in(asked)) for asked in server.requests[before + 1 :])
        assert again == len(lines) - 12 * 128
        sent = len(server.texts)
        assert sent == len(lines) + AT_ONCE * 128
        known = KnownVectors([tmp_path / "vectors"], fingerprint=encoders.fingerprint(name))
        assert known(item_hashes(lines[:50]))[0].all()
        encode_into(tmp_path / "vectors", lines, encoders.load_encoder(name))
        assert len(server.texts) == sent


def test_a_vector_that_the_disk_lost_when_the_machine_stopped_is_computed_again(tmp_path):
    items, encoder = ["one", "two", "three"], Counting(encoders.load_encoder("minilm", device="cpu"))
    file = VectorFile(tmp_path / "a", dim=384, hashes=item_hashes(items), fingerprint=encoder.fingerprint)
    file.vectors[:] = encoder.encode(items)
    file.state[:], file.truncated[:] = 1, [False, True, False]
    file.keep(np.arange(3))
    file.vectors[2, 100:] = 0  # half of it
    del file
    again = VectorFile(tmp_path / "a", dim=384, hashes=item_hashes(items), fingerprint=encoder.fingerprint)
    assert again.state.tolist() == [2, 2, 0]
    assert again.truncated.tolist() == [False, True, False]
