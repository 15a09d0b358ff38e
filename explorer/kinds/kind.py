"""What a kind of item is: everything in which texts, pictures and whatever else is explored differ.

It knows no rows, vectors or clusters and renders nothing: others ask it, and get plain values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from explorer.types import Item

if TYPE_CHECKING:
    from PIL.Image import Image


DIGEST_BYTES = 16
LENGTH = "length"
"""What a card calls how long an item is."""
Columns: TypeAlias = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Media:
    """A file that a browser plays: its type, its bytes, and what gives those from one place to before another."""

    form: str
    size: int
    part: Callable[[int, int], Iterator[bytes]]


Move: TypeAlias = Callable[[str], str]
"""From the path of a file to where it lies once the dataset is kept, or back."""


class Kind(Protocol):
    """One kind of item; inherit from it and write over what is different.  Each method is given items of its kind.

    The items are `str`, or instances of a small frozen class with the kind's name as `kind: ClassVar[str]`.
    """

    name: str
    """What ``dataset.json``, the REST API and an encoder's `modalities` call it."""
    nouns: tuple[str, str]
    """What one item and many items are called."""
    columns: tuple[str, ...]
    """Where its items lie in a dataset's ``items.parquet``; the first is its own, and null for no item of the kind."""
    has_words: bool = False
    """Whether its items say what they are about; others are described by words that lie near them."""
    has_picture: bool = False
    """Whether its items can be seen: they have a thumbnail, stand on the map and in the report as pictures."""
    has_sound: bool = False
    """Whether its items can be heard: a player plays what `media` returns."""
    compared_by: str = "what they mean"
    """What puts its items near each other, in a few words."""
    near_in: str = "in meaning"
    """In what two of its items are near, behind “near”."""
    described_by: str = "things"
    """Which words lie near items that say nothing themselves: “things” or “sounds”."""
    sent_as: str = ""
    """The type of the files that may be sent to search with, as browsers call it before the slash: “image”."""
    decodes_files: bool = False
    """Whether its pictures are decoded from files that somebody sent: a server has that done in another process."""
    cure: str = "use another one."
    """What to do instead of a search with an item that cannot be opened."""

    @property
    def mark(self) -> bytes:
        """What tells its content from the same bytes of another kind in the key of a dataset; without a digit."""
        return self.name.encode()

    def content(self, item: Any) -> bytes:
        """Return what makes the item what it is, as it goes into keys: its bytes, or a digest of them."""
        ...

    def digest(self, item: Any) -> bytes:
        """Return 16 bytes that equal items share, and no others; none where the content is not known."""
        return hashlib.blake2b(self.mark + b":" + self.content(item), digest_size=DIGEST_BYTES).digest()

    def is_true(self, item: Any) -> bool:
        """Return whether the file that it refers to is the one that it names; one without a file names itself.

        Raises UnreadableFile when the file is gone.
        """
        return True

    def thumbnail(self, item: Any) -> str:
        """Return the name under which its thumbnail is kept, without an ending: letters and digits."""
        return self.digest(item).hex()

    def stored(self, items: Sequence[Any], move: Move) -> Columns:
        """Return the items as they are kept, by column; a path in them is the one that *move* returns."""
        ...

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return the items that `stored` gave as *columns*."""
        ...

    def text(self, item: Any) -> str | None:
        """Return what it reads as, on cards and in files; None for one that is known by its `path`."""
        return None

    def exact(self, item: Any) -> str | None:
        """Return the same to the last blank, as its file has it: what tables of the items say."""
        return self.text(item)

    def path(self, item: Any) -> str | None:
        """Return the path inside the upload, as the user knows it; None for one that did not come as a file."""
        return None

    def words(self, item: Any) -> str | None:
        """Return the text that keywords are counted in; None where it has none."""
        return self.text(item) if self.has_words else None

    def label(self, item: Any) -> str:
        """Return what it is called where it is not shown itself: below its picture, to a screen reader."""
        return self.path(item) or self.text(item) or ""

    def record(self, item: Any) -> dict[str, str]:
        """Return its text or its path, or both, by these names: what files for programs say of it."""
        found = {"text": self.text(item), "path": self.path(item)}
        return {name: value for name, value in found.items() if value is not None}

    def card(self, item: Any) -> dict[str, str]:
        """Return the same as a card shows it, and the *length* of what takes time, in words."""
        return self.record(item)

    def picture(self, item: Any, *, size: int | None = None) -> Image:
        """Return what it looks like, as RGB; with *size* its shorter side may be as small as that.

        Raises UnreadableFile, as every kind does without `has_picture`.
        """
        from explorer.errors import UnreadableFile

        raise UnreadableFile(f"a {self.nouns[0]} has no picture.")

    def media(self, item: Any) -> Media:
        """Return the file that a browser plays.

        Raises UnreadableFile, as every kind does without `has_sound`.
        """
        from explorer.errors import UnreadableFile

        raise UnreadableFile(f"a {self.nouns[0]} is not heard.")

    def sent(self, path: Path) -> Item | None:
        """Return the item to search with when somebody sends this file; None when it is none of its files."""
        return None
