"""Embedding with an encoder that counts what it is asked, and the vectors on disk."""

import hashlib

import numpy as np
import pytest

from explorer.embedding.encoding import embed, item_hashes
from explorer.embedding.vectors import KnownVectors, VectorFile
from explorer.errors import Cancelled, WrongModality
from explorer.kinds import ImageRef


class Counting:
    """Gives a text the vector that its hash says, and remembers every text it saw."""

    name, fingerprint, dim = "counting", "counting:1", 8
    modalities = frozenset({"text"})

    def __init__(self, *, blind=()):
        self.seen, self.blind = [], blind

    def batch_size(self, item):
        return 4

    def encode(self, items):
        self.seen += items
        return np.stack([self.vector(item) for item in items])

    def vector(self, text):
        if text in self.blind:
            return np.full(self.dim, np.nan, np.float32)
        raw = np.frombuffer(hashlib.sha256(text.encode()).digest()[: self.dim], np.uint8).astype(np.float32) - 127.5
        return raw / np.linalg.norm(raw)

    def truncates(self, items):
        return np.array([len(item) > 20 for item in items], np.bool_)


def open_file(folder, items, encoder):
    return VectorFile(folder, dim=encoder.dim, hashes=item_hashes(items), fingerprint=encoder.fingerprint)


def run(folder, items, encoder, **more):
    file = open_file(folder, items, encoder)
    embed(items, encoder, file, hashes=item_hashes(items), **more)
    return file


TEXTS = [f"text number {i}" for i in range(50)]


def test_every_item_gets_its_own_vector_in_row_order(tmp_path):
    encoder = Counting()
    file = run(tmp_path / "a", TEXTS, encoder)
    np.testing.assert_array_equal(file.vectors, np.stack([encoder.vector(text) for text in TEXTS]))


def test_equal_items_are_encoded_once_and_share_the_vector(tmp_path):
    encoder = Counting()
    items = ["one", "two", "one", "three", "two", "one"]
    file = run(tmp_path / "a", items, encoder)
    assert sorted(encoder.seen) == ["one", "three", "two"]
    np.testing.assert_array_equal(file.vectors[0], file.vectors[5])
    np.testing.assert_array_equal(file.vectors[1], encoder.vector("two"))


def test_long_texts_are_marked(tmp_path):
    file = run(tmp_path / "a", ["short", "a text with more than twenty characters"], Counting())
    assert file.truncated.tolist() == [False, True]


def test_an_item_that_cannot_be_encoded_is_zero_and_not_ok(tmp_path):
    file = run(tmp_path / "a", ["good", "bad", "fine"], Counting(blind=("bad",)))
    assert not file.vectors[1].any()
    assert (file.state == 3).tolist() == [False, True, False]


def test_after_a_kill_only_what_came_after_the_checkpoint_is_encoded_again(tmp_path):
    items = [f"row {i}" for i in range(5000)]
    first = Counting()

    def stop_late(progress):
        if progress.done >= 3000:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        run(tmp_path / "a", items, first, progress=stop_late)
    again = Counting()
    file = run(tmp_path / "a", items, again)
    assert len(again.seen) <= 5000 - 2048
    assert not set(again.seen) & set(first.seen[:2048])
    np.testing.assert_array_equal(file.vectors, np.stack([again.vector(text) for text in items]))
    assert int((file.state == 2).sum()) == 5000 - len(again.seen)


class Sociable(Counting):
    """Its vectors depend a little on their company, as those of a network in bf16 do."""

    def batch_size(self, item):
        return max(1, 30 // len(item))

    def encode(self, items):
        vectors = super().encode(items) + np.float32(1e-3) * np.mean([self.vector(item) for item in items], axis=0)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_kill_leaves_no_trace_in_the_vectors(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.embedding.encoding.CHECKPOINT_SECONDS", 0.0)
    items = [f"row {'x' * (i % 7)}{i % 4000}" for i in range(5000)]
    whole = run(tmp_path / "a", items, Sociable())

    def stop_late(progress):
        if progress.done >= 2500:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        run(tmp_path / "b", items, Sociable(), progress=stop_late)
    encoder = Sociable()
    resumed = run(tmp_path / "b", items, encoder)
    assert 0 < len(encoder.seen) < len(set(items))
    np.testing.assert_array_equal(resumed.vectors, whole.vectors)


def test_vectors_of_another_dataset_are_taken_for_equal_items(tmp_path):
    run(tmp_path / "a", ["one", "two", "three"], Counting())
    encoder = Counting()
    known = KnownVectors([tmp_path / "a"], fingerprint=encoder.fingerprint)
    file = run(tmp_path / "b", ["zero", "three", "one"], encoder, known=known)
    assert encoder.seen == ["zero"]
    np.testing.assert_array_equal(file.vectors, np.stack([encoder.vector(t) for t in ("zero", "three", "one")]))
    assert int((file.state == 2).sum()) == 2


def test_vectors_of_another_encoder_are_not_taken(tmp_path):
    run(tmp_path / "a", ["one"], Counting())
    assert not KnownVectors([tmp_path / "a"], fingerprint="other:1")(item_hashes(["one"]))[0].any()


def test_failed_rows_are_tried_again_and_not_handed_on(tmp_path):
    run(tmp_path / "a", ["bad"], Counting(blind=("bad",)))
    known = KnownVectors([tmp_path / "a"], fingerprint="counting:1")
    assert not known(item_hashes(["bad"]))[0].any()
    encoder = Counting()
    run(tmp_path / "a", ["bad"], encoder)
    assert encoder.seen == ["bad"]


def test_an_encoder_that_cannot_read_the_items_is_refused_before_any_work(tmp_path):
    encoder = Counting()
    items = ["text", ImageRef("a.png", "00" * 32)]
    with pytest.raises(WrongModality, match="reads no images, but 1 items are; choose conse"):
        run(tmp_path / "a", items, encoder)
    assert encoder.seen == []


def test_progress_ends_at_the_total_and_never_falls(tmp_path):
    told = []
    run(tmp_path / "a", TEXTS, Counting(), progress=told.append)
    dones = [progress.done for progress in told]
    assert dones == sorted(dones)
    assert (told[-1].done, told[-1].total) == (50, 50)


def test_the_time_left_is_told_only_after_the_first_batches(tmp_path):
    seen = []
    run(tmp_path, [f"text number {i}" for i in range(300)], Counting(), progress=seen.append)
    told = [p.eta_s is not None for p in seen if 0 < p.done < p.total]
    assert told == sorted(told)
    assert not any(told[:3])
    assert told[-1]
