"""Numbers of 16 and 32 bits are shown by the digits that they mean, wherever a cell is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.ingest import load
from explorer.server.firstrows import cells_of
from explorer.types import values_of


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_numbers_of_few_bits_have_no_digits_that_nobody_wrote(tmp_path: Path, bits: int) -> None:
    meant = [0.1, 2.5, 1e-3, 100.0, -0.7, None]
    column = pd.Series(np.array(meant, f"f{bits // 8}"))
    assert json.loads(json.dumps(values_of(column)[:-1])) == meant[:-1]
    if bits == 16:
        return  # pandas writes none
    path = tmp_path / "a.parquet"
    pd.DataFrame({"text": [f"the bus was late {at}" for at in range(6)], "n": column}).to_parquet(path)
    dataset = load(path)
    assert dataset.table["n"].dtype == column.dtype
    assert dataset.cells(0)["n"] == 0.1
    assert [row.get("n") for row in cells_of(dataset)[0]] == ["0.1", "2.5", "0.001", "100.0", "-0.7", ""]
