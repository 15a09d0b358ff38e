"""Texts are read as fast in a process that has made a map as in a new one."""

import subprocess
import sys

CODE = """
import time
from explorer.neighbors import warm_up
warm_up()
from explorer.encoders import load_encoder
encoder = load_encoder("minilm", device="cpu")
texts = [f"{'some words of a line ' * (1 + at % 3)}{at}" for at in range(64)]
encoder.encode(texts)
began = time.process_time()
encoder.encode(texts)
print(time.process_time() - began)
"""


def test_loops_of_numba_before_torch_cost_it_nothing() -> None:
    seconds = float(subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True).stdout)
    assert seconds < 2.5  # on two cores 0.15; with threads within threads 8
