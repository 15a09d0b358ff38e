"""What every encoder promises.

Not how good its vectors are: that is measured elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.contracts.contract import Contract, DoesNotApply, checks_in, promised
from explorer.encoders import Family, check_family
from explorer.errors import ContractBroken, WrongModality
from explorer.kinds import kind_named
from explorer.types import IMAGE, SOUND, TEXT, Encoder, Item

TEXTS = (
    "The parcel came two days late.",
    "Where is my order?",
    "A recipe for lentil soup with lemon",
    "soup",
    "The train to Lyon leaves at nine.",
)
_RATE = 16_000
DRAWN = (("red", "ellipse"), ("blue", "rectangle"), ("green", "line"), ("black", "arc"))


@dataclass
class EncoderSubject:
    """A loaded encoder, the family and the rest of the name that it was loaded by, and a folder to draw in."""

    encoder: Encoder
    family: Family
    rest: str
    folder: Path

    @cached_property
    def pictures(self) -> list[Item]:
        """Four pictures that differ."""
        return [_drawn(self.folder / f"{at}.png", *one, size=(80 + 30 * at, 90)) for at, one in enumerate(DRAWN)]

    @cached_property
    def sounds(self) -> list[Item]:
        """Four sounds that differ: a low and a high tone, noise, clicks."""
        return [_sounding(self.folder / f"{at}.wav", samples) for at, samples in enumerate(_made())]

    @cached_property
    def items(self) -> list[Item]:
        """Some items of every kind that it reads."""
        return [item for kind, items in self.examples().items() if self.reads(kind) for item in items]

    def examples(self) -> dict[str, list[Item]]:
        """Return some items of each kind."""
        return {TEXT: list(TEXTS), IMAGE: self.pictures, SOUND: self.sounds}

    def reads(self, kind: str) -> bool:
        """Whether it reads this kind of item."""
        return kind in self.encoder.modalities

    def must_read(self, kind: str) -> None:
        """Raise DoesNotApply unless it reads this kind of item."""
        if not self.reads(kind):
            raise DoesNotApply(f"it reads no {kind}")


def check_it_says_what_it_is(subject: EncoderSubject) -> None:
    """An encoder has a name, a fingerprint, a number of dimensions and the kinds of item that it reads."""
    encoder = subject.encoder
    for name in ("name", "fingerprint"):
        value = getattr(encoder, name)
        promised(isinstance(value, str) and value, f"{name} is {value!r}")
    promised(isinstance(encoder.dim, int) and encoder.dim > 0, f"dim is {encoder.dim!r}")
    kinds = encoder.modalities
    promised(isinstance(kinds, frozenset) and kinds, f"modalities is {kinds!r}")


def check_its_family_says_the_same_before_it_is_loaded(subject: EncoderSubject) -> None:
    """Its family knows its full name, its fingerprint and its kinds of item without loading it."""
    family, rest, encoder = subject.family, subject.rest, subject.encoder
    promised(family.canonical(rest) == rest, f"canonical({rest!r}) is {family.canonical(rest)!r}")
    full = f"{family.prefix}:{rest}" if rest else family.prefix
    promised(encoder.name in (full, f"{family.prefix}:{rest}"), f"it is called {encoder.name!r}, not {full!r}")
    said = family.fingerprint(rest)
    promised(said == encoder.fingerprint, f"{said!r} before, {encoder.fingerprint!r} after")
    kinds = family.modalities(rest)
    promised(kinds == encoder.modalities, f"{sorted(kinds)} before, {sorted(encoder.modalities)} after")
    listed = [spec for spec in family.specs() if spec.name == full and spec.dim is not None]
    promised(all(spec.dim == encoder.dim for spec in listed), f"it lists {listed}, but dim is {encoder.dim}")


def check_vectors_are_float32_of_unit_length_and_the_promised_size(subject: EncoderSubject) -> None:
    """Vectors are float32 (m, dim) and of unit length."""
    vectors = subject.encoder.encode(subject.items)
    promised(vectors.dtype == np.float32, f"they are {vectors.dtype}")
    promised(vectors.shape == (len(subject.items), subject.encoder.dim), f"their shape is {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1)
    promised((np.abs(lengths - 1) < 1e-4).all(), f"their lengths are {lengths.tolist()}")


def check_a_vector_depends_on_its_item_alone(subject: EncoderSubject) -> None:
    """A vector depends on its item alone: not on those beside it, nor on their order."""
    together = subject.encoder.encode(subject.items)
    alone = np.concatenate([subject.encoder.encode([item]) for item in reversed(subject.items)])[::-1]
    worst = (together * alone).sum(axis=1).min()
    promised(worst > 0.999, f"a cosine of {worst:.4f} between together and alone")


def check_different_items_have_different_vectors_and_equal_ones_the_same(subject: EncoderSubject) -> None:
    """Different items have different vectors, and equal ones the same."""
    vectors = subject.encoder.encode([*subject.items, subject.items[0]])
    similar = vectors @ vectors.T
    promised(similar[0, -1] > 0.9999, f"a cosine of {similar[0, -1]:.5f} between equal items")
    others = similar[:-1, :-1][~np.eye(len(subject.items), dtype=bool)]
    promised(others.max() < 0.9995, f"a cosine of {others.max():.5f} between different items")


def check_no_items_give_no_vectors(subject: EncoderSubject) -> None:
    """No items give no vectors, (0, dim), and are not too long."""
    shape = subject.encoder.encode([]).shape
    promised(shape == (0, subject.encoder.dim), f"the shape is {shape}")
    flags = subject.encoder.truncates([])
    promised(flags.shape == (0,), f"the shape of truncates is {flags.shape}")


def check_it_says_how_many_items_are_best_encoded_at_once(subject: EncoderSubject) -> None:
    """Of every item it says how many like it are best encoded at once: one or more, and of long texts no more."""
    sizes = [subject.encoder.batch_size(item) for item in subject.items]
    promised(all(isinstance(size, int) and size >= 1 for size in sizes), f"it says {sizes}")
    if subject.reads(TEXT):
        short, long = (subject.encoder.batch_size("word " * count) for count in (1, 400))
        promised(short >= long >= 1, f"{short} of short texts, {long} of long ones")


def check_texts_that_are_read_whole_are_not_called_too_long(subject: EncoderSubject) -> None:
    """Which items are longer than it reads is a flag each, and never set for a short one."""
    flags = subject.encoder.truncates(subject.items)
    promised(flags.dtype == np.bool_ and flags.shape == (len(subject.items),), f"{flags.dtype} {flags.shape}")
    promised(not flags.any(), f"the flags are {flags.tolist()}")


def check_a_picture_that_cannot_be_opened_is_nan_and_the_others_are_not(subject: EncoderSubject) -> None:
    """A picture that cannot be opened is a row of nan, and the others are as they would be."""
    subject.must_read(IMAGE)
    broken = subject.folder / "broken.png"
    broken.write_bytes(b"no picture at all")
    one, other = subject.pictures[:2]
    lost = np.isnan(subject.encoder.encode([one, _picture(broken), other])).all(axis=1)
    promised(lost.tolist() == [False, True, False], f"rows of nan: {lost.tolist()}")


def check_a_transparent_picture_is_encoded_on_white(subject: EncoderSubject) -> None:
    """A transparent picture is encoded as on white."""
    from PIL import Image

    subject.must_read(IMAGE)
    clear, white = subject.folder / "see-through.png", subject.folder / "white.png"
    Image.new("RGBA", (60, 40), (255, 0, 0, 0)).save(clear)
    Image.new("RGB", (60, 40), "white").save(white)
    both = subject.encoder.encode([_picture(clear), _picture(white)])
    promised(both[0] @ both[1] > 0.9999, f"a cosine of {both[0] @ both[1]:.5f} to white")


def check_a_sound_that_cannot_be_decoded_is_nan_and_the_others_are_not(subject: EncoderSubject) -> None:
    """A sound that cannot be decoded is a row of nan, and the others are as they would be."""
    subject.must_read(SOUND)
    broken = subject.folder / "broken.wav"
    broken.write_bytes(b"RIFF\0\0\0\0WAVE and no sound at all")
    one, other = subject.sounds[:2]
    vectors = subject.encoder.encode([one, _sound(broken), other])
    lost = np.isnan(vectors).all(axis=1)
    promised(lost.tolist() == [False, True, False], f"rows of nan: {lost.tolist()}")
    apart = float((vectors[[0, 2]] * subject.encoder.encode([one, other])).sum(axis=1).min())
    promised(apart > 0.999, f"a cosine of {apart:.4f} beside a broken one")


def check_a_sound_as_loud_as_half_is_nearly_the_same(subject: EncoderSubject) -> None:
    """A sound that is half as loud is nearer to itself than to any other."""
    subject.must_read(SOUND)
    quiet = [_sounding(subject.folder / f"quiet-{at}.wav", 0.5 * one) for at, one in enumerate(_made())]
    similar = subject.encoder.encode(quiet) @ subject.encoder.encode(subject.sounds).T
    promised((similar.argmax(axis=1) == np.arange(len(quiet))).all(), f"cosines: {similar.round(3).tolist()}")


def check_half_a_surrogate_pair_is_encoded(subject: EncoderSubject) -> None:
    """Half a surrogate pair in a text, as JSON may hold it, is encoded like another character."""
    subject.must_read(TEXT)
    vectors = subject.encoder.encode(["soup \ud83d", "soup ?"])
    promised(np.isfinite(vectors).all(), "a row of nan")
    flags = subject.encoder.truncates(["soup \ud83d"])
    promised(flags.tolist() == [False], f"truncates says {flags.tolist()}")


def check_it_refuses_what_it_does_not_read(subject: EncoderSubject) -> None:
    """It raises WrongModality for a kind of item that it does not read."""
    unread = {kind: items for kind, items in subject.examples().items() if not subject.reads(kind)}
    if not unread:
        raise DoesNotApply("it reads texts, pictures and sounds")
    for kind, items in unread.items():
        try:
            vectors = subject.encoder.encode(items)
        except WrongModality:
            continue
        raise ContractBroken(f"{vectors.shape} vectors of items of the kind {kind}")


def subjects(family: Any, rests: Sequence[str], folder: Path) -> list[EncoderSubject]:
    """Return the family's encoders of these rests of names, or the one without any."""
    check_family(family)
    if not rests and family.prefix not in family.forms:
        raise ContractBroken(f"{family.prefix!r} is no name by itself; say what follows it, as in {family.forms[0]}.")
    full = [family.canonical(rest) for rest in rests or ("",)]
    return [EncoderSubject(family.load(rest, "cpu"), family, rest, folder) for rest in full]


def _drawn(path: Path, color: str, shape: str, *, size: tuple[int, int]) -> Item:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, "white")
    box = (size[0] // 5, size[1] // 5, 4 * size[0] // 5, 4 * size[1] // 5)
    draw = ImageDraw.Draw(image)
    if shape == "arc":
        draw.arc(box, 20, 300, fill=color, width=9)
    elif shape == "line":
        draw.line(box, fill=color, width=15)
    else:
        getattr(draw, shape)(box, fill=color)
    image.save(path)
    return _picture(path)


def _made() -> list[NDArray[np.float64]]:
    """Return float64 (16,000,) each: a second of sounds that differ."""
    chance, t = np.random.default_rng(0), np.arange(_RATE) / _RATE
    clicks = np.zeros(_RATE)
    clicks[:: _RATE // 8] = 1
    return [
        0.4 * np.sin(2 * np.pi * 220 * t),
        0.4 * np.sin(2 * np.pi * 3_000 * t),
        chance.normal(0, 0.1, _RATE),
        clicks,
    ]


def _sounding(path: Path, samples: NDArray[np.float64]) -> Item:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, _RATE, 0, "NONE", "NONE"))
        file.writeframes((samples.clip(-1, 1) * 32_767).astype("<i2").tobytes())
    return _sound(path)


def _sound(path: Path) -> Item:
    item = kind_named(SOUND).sent(path)
    assert item is not None
    return item


def _picture(path: Path) -> Item:
    item = kind_named(IMAGE).sent(path)
    assert item is not None
    return item


ENCODER = Contract(subjects, checks_in(globals()), "what follows the prefix, for a family of many")
