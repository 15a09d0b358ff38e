"""Networks that OpenVINO computes: the vectors that torch makes, or torch makes them."""

import logging
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from explorer.encoders import compiled, hardware, load_encoder, same_but_engine, weights
from explorer.encoders.compiled import ANY
from explorer.encoders.hardware import SWITCH, engine
from explorer.encoders.librarymodel import compile_words
from explorer.encoders.minilm import CompiledMiniLM, MiniLM, of_this_machine

pytestmark = pytest.mark.skipif(not engine(), reason="torch computes here: there is a GPU, or no OpenVINO")

TEXTS = [
    "a boat on a lake",
    "",
    "who can see my letters? " * 200,
    "Überraschung",
    *(f"{'bridge ' * n}end" for n in range(40)),
]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    return tmp_path / "networks"


@pytest.fixture
def alike(monkeypatch):
    """Fp32 on every machine: what is compared is the conversion."""
    monkeypatch.setattr(hardware, "precision", lambda: "f32")


def doubled():
    return lambda numbers: numbers * 2 + 1


NUMBERS = np.arange(ANY, dtype=np.float32)[None]
OTHERS = np.arange(2 * 31, dtype=np.float32).reshape(2, 31)


def test_minilm_is_what_torch_makes_of_it_in_any_order_and_company(alike, cache):
    folder = weights.minilm_folder()
    fast, exact = of_this_machine(folder, "test", "cpu"), MiniLM(folder, "cpu")
    assert isinstance(fast, CompiledMiniLM)
    found = fast.encode(TEXTS, 64)
    np.testing.assert_allclose(found, exact.encode(TEXTS, 64), atol=2e-5)
    order = np.random.default_rng(0).permutation(len(TEXTS))
    np.testing.assert_allclose(fast.encode([TEXTS[at] for at in order], 64), found[order], atol=2e-5)
    again = of_this_machine(folder, "test", "cpu").encode(TEXTS, 64)  # from the cache
    np.testing.assert_array_equal(again, found)
    assert fast.encode([], 64).shape == (0, 384)


def test_many_threads_compute_at_once(alike, cache):
    network = compiled.compiled("twice", (), doubled, (NUMBERS,), (OTHERS,))
    found = {}

    def work(at):
        found[at] = [network(np.full((3, at + 1), at, np.float32))[0] for _ in range(20)]

    threads = [threading.Thread(target=work, args=(at,)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {at: float(one[-1][0, 0]) for at, one in found.items()} == {at: 2.0 * at + 1 for at in range(6)}
    seen = list(network.each((np.full((1, 4), at, np.float32),) for at in range(9)))
    assert [float(one[0, 0]) for (one,) in seen] == [2.0 * at + 1 for at in range(9)]


def test_what_is_torn_in_the_cache_is_made_again(alike, cache):
    asked = []

    def function():
        asked.append(1)
        return doubled()

    for damaged in ("", "network.xml", "network.bin", "expected.npy"):
        if damaged:
            file = next(cache.glob("*")) / damaged
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        network = compiled.compiled("twice", (), function, (NUMBERS,), (OTHERS,))
        np.testing.assert_array_equal(network(OTHERS)[0], OTHERS * 2 + 1)
    assert len(asked) == 4
    compiled.compiled("twice", (), function, (NUMBERS,), (OTHERS,))
    assert len(asked) == 4
    assert not [left for left in cache.iterdir() if not left.name.startswith("twice-")]


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(alike, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path / "file")
    network = compiled.compiled("twice", (), doubled, (NUMBERS,), (OTHERS,))
    np.testing.assert_array_equal(network(OTHERS)[0], OTHERS * 2 + 1)


@pytest.mark.parametrize("fault", ["sizes", "raises", "nan"])
def test_what_openvino_cannot_compute_alike_torch_computes(alike, cache, caplog, fault):
    def function():
        if fault == "raises":
            raise RuntimeError("no such layer")
        if fault == "nan":
            return lambda numbers: numbers / 0
        return lambda numbers: numbers * (1 if numbers.shape[1] == ANY else -1)  # a branch that a trace does not see

    with caplog.at_level(logging.WARNING):
        assert compiled.compiled("odd", (fault,), function, (NUMBERS,), (OTHERS,)) is None
    assert "odd is computed by torch, not OpenVINO: " in caplog.text
    assert not cache.exists() or not list(cache.glob("odd-*"))


def test_a_model_of_sentence_transformers_keeps_what_is_around_its_transformer(alike, cache):
    from explorer.encoders import sentence

    exact, fast = (sentence._model(str(weights.minilm_folder()), "cpu", local=True) for _ in range(2))
    assert compile_words(fast, "test")
    made = [model.encode(TEXTS, batch_size=7, convert_to_numpy=True) for model in (exact, fast)]
    np.testing.assert_allclose(made[1], made[0], atol=2e-5)


def test_the_engine_is_in_fingerprints_and_one_encoder_is_known_by_both(monkeypatch):
    by_openvino = load_encoder("minilm", device="cpu").fingerprint
    script = "from explorer import encoders; print(encoders.fingerprint('minilm'), encoders.fingerprint('conse'))"
    environment = {**os.environ, SWITCH: "0"}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    by_torch, conse = told.stdout.split()
    assert "openvino" in by_openvino
    assert "openvino" not in by_torch + conse
    assert by_openvino != by_torch
    assert same_but_engine(by_openvino, by_torch)
    assert not same_but_engine(by_openvino, conse)


def test_nothing_tells_openvinos_makers_of_its_use_and_torch_stays_unloaded():
    script = (
        "import sys; from explorer.encoders import load_encoder; e = load_encoder('minilm', device='cpu');"
        "e.encode(['a']); print([name for name in sys.modules if 'telemetry' in name and sys.modules[name] is not None"
        " and not name.startswith('openvino.')], 'torch' in sys.modules)"
    )
    load_encoder("minilm", device="cpu")  # it is in the cache then
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[0] == "[] False"
