"""How well `melstats` hears: `python -m tests.bench melstats [FOLDER]`; with `--fix` its means and units are made anew.

Prints the share of the ten nearest neighbours that are of the same kind, of made sounds of six kinds, and of sounds in
one folder a kind where a folder is named; what noise, another loudness, rate and form of file change; and its speed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer import encoders, ingest
from explorer.encoders import melstats
from explorer.kinds import RATE, decoded, log_mel
from tests import sounds

EACH = 40


def same_kind(vectors: np.ndarray, kinds: np.ndarray, k: int = 10) -> float:
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -9)
    return float((kinds[np.argsort(-similar, axis=1)[:, :k]] == kinds[:, None]).mean())


def of_many_kinds(count: int) -> np.ndarray:
    """Return float32 (count, m): what made sounds are measured by, alone and mixed, dull and bright, long and short."""
    rows = []
    for number in range(count):
        chance = np.random.default_rng([77, number])
        rate, seconds = int(chance.choice([16_000, 32_000])), float(chance.uniform(0.3, 6))
        names = chance.choice(sorted(sounds.KINDS), size=chance.choice([1, 1, 2]), replace=False)
        made = sum(
            chance.uniform(0.2, 1) * sounds.made(str(name), 1000 + number, rate=rate, seconds=seconds) for name in names
        )
        made = made + chance.normal(size=len(made)) * 10 ** chance.uniform(-5, -1.5)
        spectrum, hertz = np.fft.rfft(made), np.fft.rfftfreq(len(made), 1 / rate)
        made = np.fft.irfft(spectrum * (1 + hertz / 200) ** chance.uniform(-0.8, 0.5), len(made))
        wave = decoded(sounds.encoded(0.5 * made / np.abs(made).max(), rate=rate), RATE)
        rows.append(melstats.measured(log_mel(wave.samples)))
    return np.stack(rows)


def fix(count: int = 600) -> None:
    measured = of_many_kinds(count)
    lines = [
        f"{mean:.4g},{max(spread, 1e-3):.4g}" for mean, spread in zip(measured.mean(0), measured.std(0), strict=True)
    ]
    melstats._FIXED.write_text("\n".join(["mean,unit", *lines]) + "\n", encoding="ascii")
    melstats._fixed.cache_clear()


def write(
    folder: Path, *, suffix: str = ".wav", rate: int = sounds.RATE, gain: float = 1.0, noise: float = 0.0
) -> Path:
    for kind in sounds.KINDS:
        (folder / kind).mkdir(parents=True)
        for number in range(EACH):
            seconds = 0.5 + 3 * np.random.default_rng(number).random()
            made = gain * sounds.made(kind, number, rate=rate, seconds=seconds)
            made = made + noise * np.random.default_rng([1, number]).normal(size=len(made))
            (folder / kind / f"{number}{suffix}").write_bytes(sounds.encoded(made, suffix, rate))
    return folder


def vectors_of(folder: Path) -> tuple[np.ndarray, np.ndarray, float, float]:
    found = ingest.load(folder)
    encoder = encoders.load_encoder("melstats")
    began, wall = time.process_time(), time.perf_counter()
    vectors = encoder.encode(found.items)
    spent = time.process_time() - began, time.perf_counter() - wall
    return vectors, found.table["folder"].to_numpy(), float(found.table["length (s)"].sum()), spent[0]


def main(arguments: Sequence[str]) -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", nargs="?")
    asked.add_argument("--fix", action="store_true")
    told = asked.parse_args(arguments)
    if told.fix:
        fix()
    figures = {}
    with tempfile.TemporaryDirectory() as home:
        plain, kinds, seconds, spent = vectors_of(write(Path(home) / "plain"))
        figures["same kind"] = same_kind(plain, kinds)
        for kind in sounds.KINDS:
            similar = plain @ plain.T
            np.fill_diagonal(similar, -9)
            own = kinds == kind
            figures[f"same kind, {kind}"] = float((kinds[np.argsort(-similar[own], axis=1)[:, :10]] == kind).mean())
        figures["seconds of sound in a core's second"] = seconds / spent
        for name, how in {
            "a tenth as loud": {"gain": 0.1}, "as MP3": {"suffix": ".mp3"}, "as Ogg": {"suffix": ".ogg"},
            "with noise (-40 dB)": {"noise": 0.005},
        }.items():  # fmt: skip
            other, *_ = vectors_of(write(Path(home) / name, **how))
            figures[f"cosine to itself {name}"] = float((plain * other).sum(1).mean())
            figures[f"nearest is itself {name}"] = float(((other @ plain.T).argmax(1) == np.arange(len(plain))).mean())
    if told.folder:
        vectors, kinds, *_ = vectors_of(Path(told.folder))
        figures[f"same kind, {told.folder}"] = same_kind(vectors, kinds)
    for name, value in figures.items():
        print(f"{name:44} {value:.4g}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
