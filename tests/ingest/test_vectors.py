"""Vectors beside what they stand for: not read yet as they are, and said so with what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.errors import NothingUsable, UnreadableFile
from explorer.ingest import load
from tests.ingest.test_beside import folder
from tests.ingest.test_pictures import encoded, refs

VECTORS = np.random.default_rng(0).normal(size=(40, 16))
TSV = "\n".join("\t".join(f"{value:.6g}" for value in row) for row in VECTORS).encode() + b"\n"
WORDS = "\n".join(["word\tcount", *(f"a few words about thing {row}\t{row}" for row in range(40))]).encode()


def test_of_a_projector_pair_the_texts_are_read_and_the_vectors_named_with_the_cure(tmp_path: Path) -> None:
    dataset = load(folder(tmp_path, {"vectors.tsv": TSV, "metadata.tsv": WORDS}))
    assert len(dataset) == 40
    (fault,) = dataset.rejected
    assert fault.source == "vectors.tsv"
    assert "it holds vectors, which are read as they are from a column of a table alone" in fault.reason
    with pytest.raises(NothingUsable, match="holds nothing but vectors"):
        load(tmp_path / "vectors.tsv")


def test_arrays_of_numpy_beside_a_table_or_pictures_are_named_with_the_cure(tmp_path: Path) -> None:
    np.save(tmp_path / "emb.npy", VECTORS)
    (tmp_path / "a.png").write_bytes(encoded())
    (tmp_path / "b.pkl").write_bytes(b"x")
    dataset = load(tmp_path)
    assert len(refs(dataset)) == 1
    told = {fault.source: fault.reason for fault in dataset.rejected}
    assert told["emb.npy"].startswith("the type .npy is not read; it holds vectors, which are read as")
    assert "may run code" in told["b.pkl"]
    with pytest.raises(UnreadableFile, match="it holds vectors"):
        load(tmp_path / "emb.npy")


def test_a_table_of_few_numbers_is_no_file_of_vectors(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "\n".join(f"{row}.5,{row}" for row in range(30)))
    with pytest.raises(NothingUsable, match=r"no column of a\.csv reads like text"):
        load(tmp_path / "a.csv")
