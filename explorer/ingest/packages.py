"""Tells workbooks, documents and books, which are zip archives themselves, from archives of files, by what is in them.

It reads none of their parts but the one that says what they are.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

from explorer.ingest.edge import DAMAGED

ZIPPED = ".zip"
_PARTS = {
    "xl/workbook.xml": ".xlsx",
    "xl/workbook.bin": ".xlsb",
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "meta-inf/container.xml": ".epub",
}
"""The part that only such a file has."""
_TYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/epub+zip": ".epub",
}
_TYPE, _LONGEST_TYPE = "mimetype", 100
_OF_PROGRAMS = ("[content_types].xml", "content.xml", "_rels/", "xl/", "word/", "ppt/", "meta-inf/", "index/")
"""How names of parts begin that only programs give: what has one is no archive of somebody's files."""


def package_ending(path: Path | IO[bytes]) -> str:
    """Return the ending that a zipped file should have: ``.xlsx``, … or ``.zip``; "" of what is none, or damaged."""
    try:
        with zipfile.ZipFile(path) as package:
            infos = {info.filename.replace("\\", "/").casefold(): info for info in package.infolist()}
            if _TYPE in infos and infos[_TYPE].file_size < _LONGEST_TYPE:
                said = package.read(infos[_TYPE]).strip()
                return _TYPES.get(said, "")
    except (*DAMAGED, RuntimeError, ValueError):
        return ""
    found = next((ending for part, ending in _PARTS.items() if part in infos), "")
    return found or ("" if not infos or any(name.startswith(_OF_PROGRAMS) for name in infos) else ZIPPED)
