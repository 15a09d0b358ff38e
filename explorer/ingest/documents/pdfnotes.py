"""Takes from the pages of a PDF what people have written onto them: typed texts are drawn, comments are returned.

It is run by `worker` alone, by way of `pdf`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

MOST = 2_000
"""Annotations of a page, at most, that are looked at."""


def _written(page: Any) -> tuple[list[str], list[str]]:
    """Return the comments on an open page, and what was typed onto it."""
    import pypdfium2.raw as pdfium

    said, typed = list[str](), list[str]()
    for annotation in _annotations(page):
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in (pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_LINK):
            continue
        words = _contents(annotation).strip()
        if kind == pdfium.FPDF_ANNOT_FREETEXT:
            typed.append(words)
        elif words:
            said.append(words)
    return said, typed


def _annotations(page: Any) -> Iterator[Any]:
    import pypdfium2.raw as pdfium

    for at in range(min(MOST, pdfium.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if annotation:
            try:
                yield annotation
            finally:
                pdfium.FPDFPage_CloseAnnot(annotation)


def _contents(annotation: Any) -> str:
    """Return what an annotation says."""
    import ctypes

    import pypdfium2.raw as pdfium

    size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if not 2 < size < 2**20:
        return ""
    held = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), size)
    return held.raw[: size - 2].decode("utf-16-le", "replace")


def drawn(pdf: Any, at: int) -> tuple[list[str], list[str]]:
    """Draw onto a page what was typed or filled in there; return the comments on it, and what was typed."""
    import pypdfium2.raw as pdfium

    with closing(pdf[at]) as page:
        said, typed = _written(page)
        if typed or pdf.formenv is not None:
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    return said, typed


def with_typed(text: str, typed: list[str]) -> str:
    """Return the text of a page with what was typed onto it behind, where that could not be drawn; O(length)."""
    there = "".join(text.split())
    missing = [words for words in typed if words and "".join(words.split()) not in there]
    return "\n".join([text, *missing]) if missing else text
