"""A process that decodes documents: ``python -m explorer.ingest.documents.worker``.

It takes a line of json and so many bytes on its standard input, prints a line of json, and ends when nothing more
comes.  Who asks, and what becomes of one that crashes, `decoding` says.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

from explorer.config import READING_MEMORY, gigabytes
from explorer.ingest.documents.document import Document, Refused
from explorer.ingest.documents.headings import unmarked
from explorer.ingest.documents.mail import read_mail
from explorer.ingest.documents.office import read_slides, read_word
from explorer.ingest.documents.openbook import read_epub, read_opentext
from explorer.ingest.documents.passages import divided, laid
from explorer.ingest.documents.pdf import read_edges, read_pdf
from explorer.ingest.documents.richtext import read_rich_text
from explorer.ingest.documents.webpage import read_page
from explorer.ingest.documents.webtables import read_page_table
from explorer.types import limit_seconds

MEMORY = 2 * 2**30
"""Bytes that it may take, where no setting says so."""
DECODERS: Mapping[str, Callable[[bytes, int], Document]] = {
    "pdf": read_pdf,
    "edges": read_edges,
    "word": read_word,
    "slides": read_slides,
    "page": read_page,
    "table": read_page_table,
    "mail": read_mail,
    "book": read_epub,
    "opentext": read_opentext,
    "richtext": read_rich_text,
    "whole mail": partial(read_mail, whole=True),
    "plain": lambda content, _most: Document([content.decode()], wraps=True),
}


def main() -> None:
    """Answer the requests on standard input."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks, and the end of the input follows it
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _limit_memory()
    for line in iter(sys.stdin.buffer.readline, b""):
        request = json.loads(line)
        limit_seconds(request["seconds"])
        out.write(json.dumps(_answer(request, sys.stdin.buffer)).encode() + b"\n")
        out.flush()


def _answer(request: dict[str, Any], file: IO[bytes]) -> dict[str, Any]:
    content = file.read(request["bytes"])
    try:
        shared = request["shared"]
        decode = partial(read_pdf, shared=shared) if shared else DECODERS[request["decoder"]]
        document = decode(content, request["most"])
        document.pages, found = unmarked(document.pages)
        document.headings = laid(document.pages, found)
        spans = _spans(document, request)
        return {"document": dataclasses.asdict(document), "spans": spans}
    except Refused as exc:
        return {"refused": str(exc)}
    except MemoryError:
        return {"refused": "reading it takes more memory than it may. Split it into parts"}
    except RecursionError:
        return {"refused": "its parts are nested too deeply. Save its text as .txt"}
    except Exception as exc:  # noqa: BLE001 - whatever a decoder makes of a damaged file is that file's fault
        return {"refused": f"it is damaged ({type(exc).__name__}: {str(exc)[:200]}). Write it again"}


def _spans(document: Document, request: dict[str, Any]) -> list[tuple[int, int]]:
    """Return where its passages stand; of the whole document none."""
    size, parts = request["size"], request["parts"]
    if not size and not parts:
        return []
    return divided(document.pages, size, request["overlap"], headings=document.headings, apart=document.is_apart)


def _limit_memory() -> None:
    """Have allocations fail beyond what there is now and what a document may take; Linux keeps to it."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + (gigabytes(READING_MEMORY) or MEMORY)
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        allowed = [value for value in (soft, hard, most) if value >= 0]
        resource.setrlimit(resource.RLIMIT_AS, (min(allowed), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
