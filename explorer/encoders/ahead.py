"""Opens pictures in threads while a network works on those before: never more than two chunks of pixels in memory.

It knows no network; `clip` and `vision` give it what makes pixels of a picture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from explorer.encoders import hardware
from explorer.errors import UnreadableFile
from explorer.kinds import kind_of
from explorer.types import Item

SECOND = 6e10
"""Multiplications that two CPU cores are sure to do in a second."""
MOST = 32


def opened(
    pictures: Sequence[tuple[int, Item]], transform: Callable[[Any], Any], *, side: int, chunk: int
) -> Iterator[tuple[list[int], Any]]:
    """Yield rows and their pixels, stacked, by chunks, one chunk ahead; pictures that cannot be opened are left out.

    *transform* makes the pixels of a picture, of which it looks at *side* × *side*.
    """

    def pixels(picture: Item) -> Any:
        try:
            # A large JPEG is decoded at half resolution or less, four times faster; the pixels that the network sees
            # move by less than one level of 255 (correlation 0.9998 on two photos of 11 megapixels).
            return transform(kind_of(picture).picture(picture, size=2 * side))
        except UnreadableFile:
            return None

    waiting: deque[list[tuple[int, Future[Any]]]] = deque()
    with ThreadPoolExecutor(hardware.cores()) as pool:
        for at in range(0, len(pictures), chunk):
            waiting.append([(row, pool.submit(pixels, picture)) for row, picture in pictures[at : at + chunk]])
            if len(waiting) > 1:
                yield from _stacked(waiting.popleft())
        while waiting:
            yield from _stacked(waiting.popleft())


def at_once(parameters: int, looked_at: int) -> int:
    """Return how many pictures take about a second on a small CPU: by the size of the network, and of its grid."""
    return max(1, min(MOST, int(SECOND / max(1, parameters * looked_at))))


def _stacked(chunk: list[tuple[int, Future[Any]]]) -> Iterator[tuple[list[int], Any]]:
    import torch

    found = [(row, pixels) for row, future in chunk if (pixels := future.result()) is not None]
    if found:
        yield [row for row, _ in found], torch.stack([pixels for _, pixels in found])
