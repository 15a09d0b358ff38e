"""Parses the XML of packages – documents, books, spreadsheets –: no entity is resolved, and nothing is fetched.

It opens no package, and bounds no size: who does that knows how large a part may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any


def parsed_xml(content: bytes) -> Any:
    """Return the root element, without comments and instructions.  Raises SyntaxError for what is no XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(content, parser)


def streamed_xml(file: IO[bytes], *tags: str) -> Iterator[tuple[bool, Any]]:
    """Yield where elements with these tags begin (True) and end (False), as they are read.

    Raises SyntaxError for what is no XML.
    """
    from lxml import etree

    found = etree.iterparse(
        file, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True, remove_comments=True
    )
    for event, element in found:
        yield event == "start", element
