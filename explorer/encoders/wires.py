"""How encoders behind an address are asked and how they answer: one `Wire` a protocol.

It sends nothing: `remote` does.  Sources: https://platform.openai.com/docs/api-reference/embeddings (Ollama, vLLM, TEI
and llama.cpp speak it too), https://docs.cohere.com/reference/embed, https://docs.voyageai.com/reference/embeddings-api
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.errors import BadReply
from explorer.types import FloatArray

DOCUMENT, QUERY = "document", "query"
"""What a text is to an encoder that tells them apart: one of many to be found, or what is looked for."""
Body = dict[str, Any]


@dataclass(frozen=True)
class Wire:
    """A protocol: where its company's server is, how a request looks, how many texts and tokens it may have.

    *longest*: the tokens that its models read of a text as a rule.
    """

    prefix: str
    company: str
    address: str
    path: str
    key: str
    """The variable of the environment that holds the company's key."""
    most: int
    tokens: int
    longest: int
    body: Callable[[str, Sequence[str], str, int | None], Body]
    """Returns a request of a model for texts, which are DOCUMENT or QUERY, and a number of dimensions."""
    listed: Callable[[Any], Any]
    """Returns the vectors within an answer, raising LookupError, TypeError or AttributeError where it has none."""
    models: tuple[tuple[str, int, str], ...]
    """Models of the company to choose from: name, dimensions, what it is good for."""
    packs: bool = True
    """Whether it may be asked to send numbers packed (base64), a quarter of their size as text."""

    @property
    def root(self) -> str:
        """The path of an address that is given without one."""
        return "/" + self.address.rpartition("/")[2]


def read(wire: Wire, body: bytes, count: int) -> FloatArray:
    """Return the float32 (count, d) vectors of an answer, in the order of the texts.  Raises BadReply."""
    try:
        listed = list(wire.listed(json.loads(body)))
        vectors = [_vector(one) for one in _in_order(listed)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as exc:
        raise BadReply("no vectors are in its answer") from exc
    if len(vectors) != count:
        raise BadReply(f"it gave {len(vectors):,} vectors for {count:,} texts")
    if len({len(vector) for vector in vectors}) > 1 or not len(vectors[0]):
        raise BadReply("it gave vectors of several lengths, or of none")
    return np.stack(vectors)


def _in_order(listed: list[Any]) -> list[Any]:
    """Return the vectors by their `index` where each has one; raises ValueError where these are not 0, 1, 2, …"""
    if not listed or not all(isinstance(one, dict) for one in listed):
        return listed
    if not all("index" in one for one in listed):
        return [one["embedding"] for one in listed]
    if sorted(one["index"] for one in listed) != list(range(len(listed))):
        raise ValueError("indices are missing or twice there")
    return [one["embedding"] for one in sorted(listed, key=lambda one: int(one["index"]))]


def _vector(told: Any) -> FloatArray:
    """Return a vector that is told as numbers, or as their bytes in base64."""
    if isinstance(told, str):
        try:
            return np.frombuffer(base64.b64decode(told, validate=True), "<f4").astype(np.float32)
        except binascii.Error as exc:
            raise ValueError("no base64") from exc
    if not isinstance(told, list):
        raise TypeError("no vector")
    vector: FloatArray = np.asarray([np.nan if one is None else one for one in told], np.float32)
    if vector.ndim != 1:
        raise ValueError("no vector")
    return vector


def _openai(model: str, texts: Sequence[str], _role: str, dimensions: int | None) -> Body:
    return {"model": model, "input": list(texts), **({"dimensions": dimensions} if dimensions else {})}


def _voyage(model: str, texts: Sequence[str], role: str, dimensions: int | None) -> Body:
    asked = {"model": model, "input": list(texts), "input_type": role, "truncation": True}
    return {**asked, **({"output_dimension": dimensions} if dimensions else {})}


def _cohere(model: str, texts: Sequence[str], role: str, dimensions: int | None) -> Body:
    asked = {"model": model, "texts": list(texts), "input_type": f"search_{role}", "embedding_types": ["float"]}
    return {**asked, "truncate": "END", **({"output_dimension": dimensions} if dimensions else {})}


OPENAI = Wire(
    "openai",
    "OpenAI",
    "https://api.openai.com/v1",
    "/embeddings",
    "OPENAI_API_KEY",
    most=128,
    tokens=60_000,
    longest=8_191,
    body=_openai,
    listed=lambda answer: answer["data"],
    models=(
        ("text-embedding-3-small", 1536, "many languages, cheap"),
        ("text-embedding-3-large", 3072, "many languages, the better one"),
    ),
)
COHERE = Wire(
    "cohere",
    "Cohere",
    "https://api.cohere.com/v2",
    "/embed",
    "COHERE_API_KEY",
    most=96,
    tokens=60_000,
    longest=128_000,
    body=_cohere,
    listed=lambda answer: answer["embeddings"]["float"],
    models=(("embed-v4.0", 1536, "many languages, searches"),),
    packs=False,
)
VOYAGE = Wire(
    "voyage",
    "Voyage AI",
    "https://api.voyageai.com/v1",
    "/embeddings",
    "VOYAGE_API_KEY",
    most=128,
    tokens=60_000,
    longest=32_000,
    body=_voyage,
    listed=lambda answer: answer["data"],
    models=(("voyage-3.5", 1024, "many languages, searches"),),
)
WIRES = (OPENAI, COHERE, VOYAGE)
