"""Different values are found by a sort, everywhere: numpy's own way takes a hundred times as long for many of them."""

import ast
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.types import sorted_unique

SECOND = {"return_index", "return_inverse", "return_counts", "axis"}
"""With one of these numpy.unique sorts, too."""
BY_HASHES = {"np.union1d", "np.unique_values"}


@pytest.mark.parametrize("kind", [np.int32, np.int64, np.float32, np.float64, np.bool_, np.uint8])
def test_the_different_values_are_numpys(kind: type) -> None:
    rng = np.random.default_rng(0)
    for count in (0, 1, 2, 50, 3_000):
        for most in (1, 7, 10**6):
            values = rng.integers(-most, most, count).astype(kind)
            assert np.array_equal(sorted_unique(values), np.unique(values))
            assert sorted_unique(values).dtype == values.dtype
    assert sorted_unique(np.array([[2, 1], [1, 2]])).tolist() == [1, 2]


def test_nothing_asks_numpy_for_different_values_alone() -> None:
    found = []
    for file in Path(explorer.__file__).parent.rglob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            called = ast.unparse(call.func)
            alone = called == "np.unique" and not {word.arg for word in call.keywords} & SECOND
            if alone or called in BY_HASHES:
                found.append(f"{file.name}:{call.lineno}")
    assert found == [], "use explorer.types.sorted_unique"
