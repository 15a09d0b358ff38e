"""Long texts in an Arrow table: found without being read, and replaced by something short.

It does not choose which are long, nor by what they are replaced: whoever asks is given a text's UTF-8 bytes, which lie
where the table has them, and answers with what stands for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import NAME, cut, told_apart

_CELL, _LETTERS = 8, 8


def replaced(table: Any, most: int, by: Callable[[Any], str]) -> Any:
    """Return an Arrow table whose texts of more than *most* bytes are what *by* makes of their bytes, a buffer."""
    import pyarrow as pa

    if not table.num_columns:
        return table
    return pa.Table.from_arrays([_replaced(one, most, by) for one in table.columns], schema=table.schema)


def row_bytes(table: Any) -> NDArray[np.int64]:
    """Return about how many bytes each row of an Arrow table takes, int64 (n,); O(cells), no text is read."""
    sizes = np.zeros(len(table), np.int64)
    for column in table.columns:
        sizes += cell_bytes(column)
    return sizes


def cell_bytes(column: Any) -> NDArray[np.int64]:
    """Return about how many bytes each cell of an Arrow column takes, int64 (n,); of what is no text a share of all."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type) and are_texts(column):
        parts = [cell_bytes(chunk.dictionary).take(_indices(chunk)) for chunk in column.chunks]
        return np.concatenate([np.empty(0, np.int64), *parts])
    if not are_texts(column):
        nested = pa.types.is_nested(column.type) and len(column)
        return np.full(len(column), column.nbytes // len(column) if nested else _CELL, np.int64)
    return np.asarray(pc.fill_null(pc.binary_length(column), 0).to_numpy(zero_copy_only=False), np.int64) + _CELL


def are_texts(column: Any) -> bool:
    """Whether an Arrow column is of strings, each written out or a number in a list of them."""
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def beginnings(chars: int) -> Callable[[Any], Any]:
    """Return a look at rows: their texts cut to so many characters, an ellipsis where something is left out."""
    return partial(replaced, most=chars, by=partial(_beginning, chars=chars))


def first_letters(table: Any) -> Any:
    """Return an Arrow table of whose texts a few letters are left: enough where only their types are asked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not table.num_columns:
        return table
    written = [are_texts(one) and not pa.types.is_dictionary(one.type) for one in table.columns]
    columns = [
        pc.utf8_slice_codeunits(one, 0, _LETTERS) if is_text else one
        for one, is_text in zip(table.columns, written, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=table.schema)


def values_told_apart(table: Any) -> Any:
    """Return an Arrow table with its long texts replaced by what tells them apart from others."""
    return replaced(table, NAME, told_apart)


def _beginning(buffer: Any, chars: int) -> str:
    most = 4 * chars
    return cut(bytes(memoryview(buffer)[: most + 4]).decode("utf-8", "ignore"), chars)


def _replaced(column: Any, most: int, by: Callable[[Any], str]) -> Any:
    import pyarrow as pa

    if not are_texts(column):
        return column
    return pa.chunked_array([_of_chunk(chunk, most, by) for chunk in column.chunks], column.type)


def _of_chunk(chunk: Any, most: int, by: Callable[[Any], str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(chunk.type):
        used = pc.unique(chunk.indices).drop_null()
        places = pc.index_in(chunk.indices, used).cast(chunk.type.index_type)
        words = _of_chunk(chunk.dictionary.take(used), most, by)
        return pa.DictionaryArray.from_arrays(places, words, ordered=chunk.type.ordered)
    long = pc.fill_null(pc.greater(pc.binary_length(chunk), most), False)
    places = np.flatnonzero(long.to_numpy(zero_copy_only=False)).tolist()
    if not places:
        return chunk
    return pc.replace_with_mask(chunk, long, pa.array([by(chunk[at].as_buffer()) for at in places], chunk.type))


def _indices(chunk: Any) -> NDArray[np.int64]:
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(chunk.indices, 0).to_numpy(zero_copy_only=False), np.int64)
