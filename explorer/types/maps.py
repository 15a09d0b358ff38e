"""The map, and what is known of each row beside its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.types.arrays import FloatArray, check_shape, unknown


@dataclass(frozen=True)
class Projection:
    """float32 (n, 2 or 3) map coordinates (nan: row without a vector), and how faithful they are.

    Trustworthiness and continuity are 0…1 at *trust_k*, or None.  *preservation* is float32 (n,), 0…1: the share of a
    row's true nearest that are among its nearest on the map; nan where it cannot be said.
    """

    xy: FloatArray
    method: str
    trustworthiness: float | None = None
    trust_k: int = 15
    trust_rows: int = 0
    """How many rows the trustworthiness and the continuity were measured on."""
    continuity: float | None = None
    preservation: FloatArray = field(default_factory=lambda: unknown(0))

    def __post_init__(self) -> None:
        if self.xy.ndim != 2 or self.xy.shape[1] not in (2, 3):
            raise ValueError(f"map coordinates have shape {self.xy.shape}; expected (n, 2) or (n, 3)")
        if len(self.preservation) != len(self.xy):
            object.__setattr__(self, "preservation", unknown(len(self.xy)))


@dataclass(frozen=True)
class Scores:
    """What was computed of each row from its neighbours: float32 (n,) each, nan where it cannot be said.

    *outlier*: the local outlier factor, about 1 and up.  *density*: the mean cosine similarity to its nearest in the
    original space.
    """

    outlier: FloatArray
    density: FloatArray

    def __post_init__(self) -> None:
        check_shape("density", self.density, self.outlier.shape)

    @classmethod
    def unknown(cls, n: int) -> Scores:
        """Return the scores of n rows of which nothing is known."""
        return cls(unknown(n), unknown(n))
