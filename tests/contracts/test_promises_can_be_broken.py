"""For every promise there is a family that breaks it, and is found out."""

import contextlib
import hashlib
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.contracts import CONTRACTS, ENCODER, ENGINE, INDEX, READER, DoesNotApply
from explorer.contracts.encoders import EncoderSubject
from explorer.contracts.engines import Processor
from explorer.contracts.readers import ReaderSubject
from explorer.errors import ContractBroken, UnreadableFile, WrongModality
from explorer.ingest.documents import TEXT_FILES as LINES
from explorer.kinds import ImageRef, SoundRef, open_image
from explorer.neighbors import list_indexes
from explorer.neighbors.exact import ExactIndex
from explorer.types import Hits
from tests.additions.fortunes import DIM, LETTERS, Letters

EXACT = list_indexes()[0]


class Pixels(Letters):
    """Reads pictures as well, by their pixels."""

    modalities = frozenset({"text", "image"})

    def pixels(self, ref):
        return np.asarray(open_image(ref).resize((8, 10)), np.float32).ravel()[:DIM]

    def encode(self, items):
        vectors = np.full((len(items), DIM), np.nan, np.float32)
        for row, item in enumerate(items):
            if isinstance(item, str):
                vectors[row] = super().encode([item])[0]
            elif not isinstance(item, ImageRef):
                raise WrongModality("it reads texts and pictures; choose another one.")
            elif "broken" not in item.path:
                seen = self.pixels(item)
                vectors[row, : len(seen)] = seen + 1
                vectors[row, len(seen) :] = 0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class OnBlack(Pixels):
    def pixels(self, ref):
        from PIL import Image

        return np.asarray(Image.open(ref.path).convert("RGBA").convert("RGB").resize((8, 10)), np.float32).ravel()[:DIM]


class Failing(Pixels):
    def encode(self, items):
        return super().encode([item for item in items if isinstance(item, str) or "broken" not in item.path])


class Tones(Letters):
    """Reads sounds, by how much there is of each of 256 frequencies."""

    modalities = frozenset({"sound"})

    def heard(self, path):
        with wave.open(path) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32)
        return np.abs(np.fft.rfft(samples))[: 31 * DIM].reshape(DIM, -1).sum(axis=1) + 1e-3

    def encode(self, items):
        vectors = np.full((len(items), DIM), np.nan, np.float32)
        for row, item in enumerate(items):
            if not isinstance(item, SoundRef):
                raise WrongModality("it reads sounds; choose another one.")
            with contextlib.suppress(wave.Error, EOFError):
                vectors[row] = self.heard(item.path)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Deafened(Tones):
    def encode(self, items):
        vectors = super().encode(items)
        return vectors[np.isfinite(vectors).all(axis=1)]


class ByBytes(Tones):
    def heard(self, path):
        seed = int.from_bytes(hashlib.blake2b(Path(path).read_bytes(), digest_size=8).digest())
        return np.random.default_rng(seed).normal(size=DIM)


def letters(**broken: Any) -> Letters:
    """Return a text encoder that is in order but for these members."""
    return type("Letters", (Letters,), broken)()


def encode(change: Any) -> Any:
    return lambda self, items: change(Letters.encode(self, items), items)


def all_the_same(vectors, items):
    return vectors[:1] + 0 * vectors


def all_too_long(self, items):
    return np.ones(len(items), np.bool_)


ENCODERS = {
    "it_says_what_it_is": letters(dim=0),
    "its_family_says_the_same_before_it_is_loaded": letters(fingerprint="letters:2"),
    "vectors_are_float32_of_unit_length_and_the_promised_size": letters(encode=encode(lambda v, _: 2 * v)),
    "a_vector_depends_on_its_item_alone": letters(encode=encode(lambda v, _: np.roll(v, len(v), axis=1))),
    "different_items_have_different_vectors_and_equal_ones_the_same": letters(encode=encode(all_the_same)),
    "no_items_give_no_vectors": letters(encode=encode(lambda v, _: v if len(v) else v[:, :1])),
    "it_says_how_many_items_are_best_encoded_at_once": letters(batch_size=lambda self, item: len(item)),
    "texts_that_are_read_whole_are_not_called_too_long": letters(truncates=all_too_long),
    "a_picture_that_cannot_be_opened_is_nan_and_the_others_are_not": Failing(),
    "a_transparent_picture_is_encoded_on_white": OnBlack(),
    "a_sound_that_cannot_be_decoded_is_nan_and_the_others_are_not": Deafened(),
    "a_sound_as_loud_as_half_is_nearly_the_same": ByBytes(),
    "half_a_surrogate_pair_is_encoded": letters(encode=encode(lambda v, items: [i.encode() for i in items] and v)),
    "it_refuses_what_it_does_not_read": letters(encode=lambda self, items: np.zeros((len(items), DIM))),
}


class Reading:
    """A reader of lines that changes something on the way."""

    name, suffixes, summary, kind = LINES.name, LINES.suffixes, LINES.summary, LINES.kind
    recognises = LINES.recognises

    def read(self, source, advance, *, limit=None):
        return LINES.read(source, advance, limit=limit)


def reading(read: Any = None, **broken: Any) -> Reading:
    if read is not None:
        broken["read"] = lambda self, source, advance, *, limit=None: read(source, advance, limit)
    return type("Reading", (Reading,), broken)()


def deaf(source, advance, limit):
    try:
        return LINES.read(source, advance, limit=limit)
    except Exception:  # noqa: BLE001 - that is the fault
        return LINES.read(source, lambda seen: None, limit=limit)


def silent(source, advance, limit):
    return LINES.read(source, lambda seen: None, limit=limit)


def from_the_end(source, advance, limit):
    whole = LINES.read(source, advance)
    return replace(whole, items=whole.items[-(limit or 9) :])


def strict(source, advance, limit):
    with source.open() as file:
        file.read().decode("utf-8")
    return LINES.read(source, advance, limit=limit)


TIMES = iter(range(1000))
READERS = {
    "it_says_what_it_reads": reading(suffixes=(".TXT",)),
    "it_recognises_or_does_not_and_never_fails": reading(recognises=lambda self, head, name: head[0] == 37),
    "it_reads_its_example": reading(lambda source, advance, limit: LINES.read(source, advance, limit=0)),
    "reading_twice_gives_the_same": reading(
        lambda source, advance, limit: replace(LINES.read(source, advance), items=[str(next(TIMES))])
    ),
    "a_limit_reads_the_beginning": reading(from_the_end),
    "it_tells_how_far_it_is": reading(
        lambda source, advance, limit: LINES.read(source, lambda seen: None, limit=limit)
    ),
    "it_stops_when_it_is_told_to": reading(deaf),
    "an_empty_file_is_empty": reading(
        lambda source, advance, limit: replace(LINES.read(source, advance), items=["something"])
    ),
    "a_damaged_file_is_rejected_with_a_reason": reading(strict),
    "it_reads_the_same_from_an_archive": reading(
        lambda source, advance, limit: LINES.read(replace(source, member=""), advance, limit=limit)
    ),
}


class Indexing(ExactIndex):
    """An index that changes what it finds."""

    change: Any = None

    def search(self, queries, k):
        hits = super().search(queries, k)
        return Hits(*self.change(hits.rows.copy(), hits.scores.copy(), queries))


def indexing(change: Any) -> Any:
    return replace(EXACT, make=type("Indexing", (Indexing,), {"change": staticmethod(change)}))


def writes(rows, scores, queries):
    queries[:] = 0
    return rows, scores


INDEXES = {
    "it_finds_what_brute_force_finds": indexing(lambda rows, scores, _: (rows, scores - 1e-3)),
    "shapes_types_and_order_are_the_same_for_all": indexing(lambda rows, scores, _: (rows.astype(np.int32), scores)),
    "more_hits_than_rows_are_filled_with_minus_one_and_nan": indexing(lambda rows, scores, _: (np.abs(rows), scores)),
    "no_rows_no_queries_and_no_hits_are_all_fine": indexing(lambda rows, scores, _: (rows[:, :1], scores[:, :1])),
    "copies_of_a_vector_are_found_with_similarity_one_lower_rows_first": indexing(
        lambda rows, scores, _: (rows[:, ::-1], scores)
    ),
    "euclidean_search_takes_vectors_of_any_length": indexing(lambda rows, scores, _: (rows + 1, scores)),
    "it_leaves_vectors_and_queries_as_they_are": indexing(writes),
}


def engine(**broken: Any) -> Processor:
    return type("Engine", (Processor,), broken)()


def join(change: Any) -> Any:
    return lambda self, points, samples: change(Processor.single_linkage(self, points, samples).copy())


def same_twice(tree):
    tree[-1, 0] = tree[0, 0]
    return tree


ENGINES = {
    "it_says_what_it_is": engine(is_here=lambda self: None),
    "places_are_float32_one_a_row": engine(lay_out=lambda self, start, edges, **_: start.astype(float)),
    "what_hangs_together_lies_together": engine(lay_out=lambda self, start, edges, **_: start),
    "the_tree_has_the_heights_of_the_usual_one": engine(single_linkage=join(lambda tree: 1.01 * tree)),
    "the_tree_joins_each_group_before_it_joins_groups": engine(single_linkage=join(same_twice)),
    "copies_are_no_trouble": engine(single_linkage=join(lambda tree: tree + np.array([0, 0, 1e-6, 0]))),
}
BROKEN = {"encoder": ENCODERS, "reader": READERS, "index": INDEXES, "engine": ENGINES}
FOUND = (ContractBroken, UnreadableFile, IndexError, ValueError)
"""All but the first come from the families themselves, and count as broken promises, too."""
CASES = [(kind, check) for kind, contract in CONTRACTS.items() for check in contract.checks]


def subject(kind: str, family: Any, folder: Path) -> Any:
    if kind == "encoder":
        spec = replace(LETTERS.spec, modalities=family.modalities)
        return EncoderSubject(family, replace(LETTERS, spec=spec), "", folder)
    if kind == "reader":
        example = folder / "example.txt"
        example.write_text("a line\nanother line\nwith ä and ö\n", encoding="utf-8")
        return ReaderSubject(family, example, folder / "scratch")
    return family


@pytest.mark.parametrize(("kind", "check"), CASES, ids=lambda case: getattr(case, "__name__", case))
def test_a_broken_promise_is_found(kind: str, check: Any, tmp_path: Path) -> None:
    broken = BROKEN[kind][check.__name__.removeprefix("check_")]
    with pytest.raises(FOUND):
        check(subject(kind, broken, tmp_path))


@pytest.mark.parametrize(
    ("contract", "kind", "sound"),
    [
        (ENCODER, "encoder", letters()),
        (ENCODER, "encoder", Pixels()),
        (ENCODER, "encoder", Tones()),
        (READER, "reader", reading()),
        (INDEX, "index", indexing(lambda rows, scores, _: (rows, scores))),
        (ENGINE, "engine", engine()),
    ],
    ids=["letters", "pixels", "tones", "reader", "index", "engine"],
)
def test_the_same_without_the_fault_keeps_them_all(contract: Any, kind: str, sound: Any, tmp_path: Path) -> None:
    for check in contract.checks:
        with contextlib.suppress(DoesNotApply):
            check(subject(kind, sound, tmp_path))


def test_pictures_are_drawn_where_none_are_given(tmp_path: Path) -> None:
    drawn = EncoderSubject(Pixels(), LETTERS, "", tmp_path).pictures
    assert all(isinstance(picture, ImageRef) and Path(picture.path).is_file() for picture in drawn)
