"""Writes small .xls and .xlsb spreadsheets, with nothing but the standard library."""

import struct
from collections.abc import Sequence

from tests.spreadsheets import PACKAGE, Cell, relation, zipped

ERRORS = {"#DIV/0!": 0x07, "#N/A": 0x2A, "#NAME?": 0x1D}
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_excel(name: str, rows: Sequence[Sequence[str | float | Cell | None]], *, small: bool = False) -> bytes:
    """Return an .xls of one sheet; *small*: its stream lies among the small ones, where it fits."""
    forms = _forms(rows)
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    for at, form in enumerate(forms):
        globals_ += _record(0x041E, struct.pack("<HHB", 164 + at, len(form), 1) + form.encode("utf-16-le"))
    for number in [0, *(164 + at for at in range(len(forms)))]:
        globals_ += _record(0x00E0, struct.pack("<HH", 0, number) + bytes(16))
    bound = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    start = len(globals_) + len(_record(0x0085, bytes(6) + bound)) + 4
    globals_ += _record(0x0085, struct.pack("<IBB", start, 0, 0) + bound) + _record(0x000A)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        sheet += b"".join(_old_cell(row, column, cell, forms) for column, cell in enumerate(cells))
    return _compound("Workbook", globals_ + sheet + _record(0x000A), small=small)


def binary_excel(name: str, rows: Sequence[Sequence[str | float | Cell | None]]) -> bytes:
    """Return an .xlsb of one sheet."""
    forms = _forms(rows)
    sheet = _part(129) + _part(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + _part(145)
    for row, cells in enumerate(rows):
        sheet += _part(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        sheet += b"".join(_new_cell(column, cell, forms) for column, cell in enumerate(cells))
    sheet += _part(146) + _part(130)
    styles = _part(278) + _part(615, struct.pack("<I", len(forms)))
    styles += b"".join(_part(44, struct.pack("<H", 164 + at) + _wide(form)) for at, form in enumerate(forms))
    styles += _part(616) + _part(617, struct.pack("<I", 1 + len(forms)))
    styles += b"".join(
        _part(47, struct.pack("<HH", 0, number) + bytes(12)) for number in [0, *(164 + at for at in range(len(forms)))]
    )
    styles += _part(618) + _part(279)
    book = _part(131) + _part(143) + _part(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)) + _part(144)
    related = relation("rId1", "worksheet", "worksheets/sheet1.bin") + relation("rId2", "styles", "styles.bin")
    whole = relation("rId1", "officeDocument", "xl/workbook.bin")
    return zipped(
        {
            "xl/workbook.bin": book + _part(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{whole}</Relationships>',
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": sheet,
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        }
    )


def _forms(rows: Sequence[Sequence[str | float | Cell | None]]) -> list[str]:
    used = (cell.form for row in rows for cell in row if isinstance(cell, Cell))
    return list(dict.fromkeys(form for form in used if form))


def _old_cell(row: int, column: int, cell: str | float | Cell | None, forms: Sequence[str]) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if cell is None:
        return b""
    if isinstance(cell, Cell) and cell.kind == "e":
        return _record(0x0205, place + struct.pack("<BB", ERRORS[cell.value], 1))
    if isinstance(cell, Cell):
        style = forms.index(cell.form) + 1
        return _record(0x0203, struct.pack("<HHHd", row, column, style, float(cell.value)))
    if isinstance(cell, str):
        return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", cell))


def _new_cell(column: int, cell: str | float | Cell | None, forms: Sequence[str]) -> bytes:
    if cell is None:
        return b""
    if isinstance(cell, Cell) and cell.kind == "e":
        return _part(3, struct.pack("<IIB", column, 0, ERRORS[cell.value]))
    if isinstance(cell, Cell):
        return _part(5, struct.pack("<IId", column, forms.index(cell.form) + 1, float(cell.value)))
    if isinstance(cell, str):
        return _part(6, struct.pack("<II", column, 0) + _wide(cell))
    return _part(5, struct.pack("<IId", column, 0, cell))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _part(kind: int, body: bytes = b"") -> bytes:
    return _seven(kind) + _seven(len(body)) + body


def _seven(number: int) -> bytes:
    made = bytearray()
    while number >= 0x80:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _compound(name: str, stream: bytes, *, small: bool) -> bytes:
    """Return a compound file with one stream, made of sectors of 512 bytes: the table, the directory, what it holds."""
    stream += bytes(0 if small else max(0, 4096 - len(stream)))  # less is small, whatever the file says
    size = len(stream)
    unit = 64 if small else 512
    stream += bytes(-len(stream) % unit)
    held = stream + bytes(-len(stream) % 512)
    sectors, pieces = len(held) // 512, len(stream) // unit
    tables = 1 + (sectors + 3) // 128
    links = [_TABLE] * tables + [_END]  # the tables and the directory
    begin = len(links)
    small_table = b""
    if small:
        small_table = struct.pack(f"<{pieces}I", *range(1, pieces), _END)
        small_table += b"\xff" * (-len(small_table) % 512)
        links += [begin + 1 + at for at in range(len(small_table) // 512 - 1)] + [_END]
    first = len(links)
    links += [first + 1 + at for at in range(sectors - 1)] + [_END]
    table = struct.pack(f"<{len(links)}I", *links) + b"\xff" * (4 * (128 * tables - len(links)))
    root = _entry("Root Entry", 5, child=1, start=first if small else _END, size=len(stream) if small else 0)
    entry = _entry(name, 2, child=_FREE, start=0 if small else first, size=size)
    directory = root + entry + _entry("", 0) * 2
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, tables, tables, 0, 4096)
    head += struct.pack("<II", begin if small else _END, len(small_table) // 512) + struct.pack("<II", _END, 0)
    head += struct.pack(f"<{tables}I", *range(tables)) + b"\xff" * (4 * (109 - tables))
    return head + table + directory + small_table + held


def _entry(name: str, kind: int, *, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    called = name.encode("utf-16-le")
    entry = called + bytes(64 - len(called)) + struct.pack("<HBB", len(called) + 2 if called else 0, kind, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)
    return entry
