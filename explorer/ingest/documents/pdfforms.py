"""Puts what was filled in in the forms of a PDF, and typed on top of its pages, among their texts.

Scripts of a form are not run: PDFium is built without them.  It is run by `worker` alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

_MOST_MARKS = 10_000
"""Fields and other marks of a page that are looked at."""
_LONGEST = 2**20
"""Bytes of a value that are read."""


def prepared(pdf: Any) -> Any:
    """Return a document whose form, where it has one, can be read."""
    if pdf.get_formtype():
        pdf.init_forms()
    return pdf


def filled_in(pdf: Any, page: Any) -> list[str] | None:
    """Make what was typed into the fields of a page, and on top of it, a part of it, and return the fields' values.

    None where there is nothing of the kind; else the page has to be opened anew.
    """
    import pypdfium2.raw as pdfium

    kinds: set[int] = set()
    values: list[str] = []
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_MARKS)):
        mark = pdfium.FPDFPage_GetAnnot(page, number)
        try:
            kinds.add(pdfium.FPDFAnnot_GetSubtype(mark))
            values += _values(pdf, mark)
        finally:
            pdfium.FPDFPage_CloseAnnot(mark)
    if not kinds & {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT}:
        return None
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    return values


def _values(pdf: Any, mark: Any) -> Iterator[str]:
    """Yield what stands in a field for text, or was chosen in a list."""
    import pypdfium2.raw as pdfium

    typed = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
    if pdf.formenv is None or pdfium.FPDFAnnot_GetFormFieldType(pdf.formenv, mark) not in typed:
        return
    size = pdfium.FPDFAnnot_GetFormFieldValue(pdf.formenv, mark, None, 0)
    if 2 < size <= _LONGEST:
        kept = ctypes.create_string_buffer(size)
        place = ctypes.cast(kept, ctypes.POINTER(ctypes.c_ushort))
        pdfium.FPDFAnnot_GetFormFieldValue(pdf.formenv, mark, place, size)
        value = kept.raw.decode("utf-16-le", "replace").rstrip("\0").strip()
        if value:
            yield value
