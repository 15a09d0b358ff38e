"""Encoders behind an address: `openai:MODEL`, `cohere:MODEL`, `voyage:MODEL`, with a number of dimensions or another
address, as `openai:bge-m3@http://127.0.0.1:11434/v1`.

How they are asked says `wires`, with how much patience `session`.  Whether somebody agreed to it is not asked here.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from explorer.config import ENCODER_KEY, ENCODER_URLS
from explorer.encoders import configured
from explorer.encoders.parts import Part, tokens_in
from explorer.encoders.sentence import texts_of, unit
from explorer.encoders.session import Refused, Session
from explorer.encoders.transport import base_of, checked_key
from explorer.encoders.wires import DOCUMENT, QUERY, WIRES, Wire, read
from explorer.errors import BadReply, BadSetting, NoAnswer, UnknownEncoder
from explorer.types import TEXT, BoolArray, FloatArray, Item

VERSION = 1
"""To be raised when what is done to a text before it is sent, or to a vector that comes back, changes."""
AT_ONCE = 4
"""Requests under way at a time."""
LOOK_SECONDS = 0.2
"""Between two looks at whether the vectors are still wanted."""
LONGEST = 100_000
"""Characters of a text that are sent at most."""
_USELESS = 20
"""After so many texts in a row that are refused, and none that is taken, the fault is not the texts'."""
_HALVINGS = 6
_SHORT = 200
"""Tokens of a text that no model refuses for its length."""
MOST_DIMENSIONS = 20_000
_NAMED = re.compile(
    r"(?P<model>[^,@\s][^,\s]*?)(?:,dimensions=(?P<one>\d{1,6}))?"
    r"(?:@(?P<address>https?://[^,]*?))?(?:,dimensions=(?P<two>\d{1,6}))?",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True)
class Named:
    """What a name says: a model, at an address, asked for so many *dimensions* (None: as many as it has)."""

    wire: Wire
    model: str
    dimensions: int | None
    address: str

    @classmethod
    def of(cls, wire: Wire, rest: str) -> Named:
        """Return what the rest of a name says; raises UnknownEncoder, BadSetting."""
        found = _NAMED.fullmatch(rest)
        model = "" if found is None else found["model"]
        if found is None or len(model) > 200 or "://" in model or not model.isprintable():
            raise UnknownEncoder(
                f"the encoder {wire.prefix}:{rest[:60]!r} is not written as one is; write {wire.prefix}:MODEL, and "
                f"where it matters {wire.prefix}:MODEL,dimensions=512@http://127.0.0.1:8080/v1."
            )
        told = found["one"] or found["two"]
        dimensions = None if told is None else int(told)
        if dimensions is not None and not 1 <= dimensions <= MOST_DIMENSIONS:
            raise BadSetting(f"dimensions is {dimensions:,}; it must be a whole number from 1 to {MOST_DIMENSIONS:,}.")
        return cls(wire, model, dimensions, address_of(wire, found["address"] or wire.address))

    @property
    def rest(self) -> str:
        """The name after the prefix."""
        sized = f",dimensions={self.dimensions}" if self.dimensions else ""
        return f"{self.model}{sized}" + ("" if self.address == self.wire.address else f"@{self.address}")

    @property
    def name(self) -> str:
        """The full name of the encoder."""
        return f"{self.wire.prefix}:{self.rest}"

    @property
    def host(self) -> str:
        """Who gets the items: the name or number, and the port."""
        return urlsplit(self.address).netloc

    @property
    def fingerprint(self) -> str:
        """What identifies the vectors: protocol, address, model, dimensions; no key."""
        return f"{self.wire.prefix}:{VERSION}:{self.address}:{self.model}:{self.dimensions or ''}"

    def key(self) -> tuple[str, str]:
        """Return the key that goes to the address, "" for none, and the variable that it is in, or would be.

        The company's own goes to its own address alone; any other to the addresses that were named for it, in
        EXPLORER_ENCODER_URLS or in the file of encoders.  Raises BadSetting where the company's is missing.
        """
        told = key_variable(self)
        if told or self.address != self.wire.address:
            variable = told or ENCODER_KEY
            allowed = bool(told) or self.address in allowed_addresses()
            key = os.environ.get(variable, "").strip() if allowed else ""
            cure = variable if allowed else f"{ENCODER_KEY}, and the address in {ENCODER_URLS},"
            return checked_key(key, variable), cure
        key = os.environ.get(self.wire.key, "").strip()
        if not key:
            raise BadSetting(
                f"{self.wire.company} wants a key: set {self.wire.key} in the environment of the program and start it "
                "again."
            )
        return checked_key(key, self.wire.key), self.wire.key


def address_of(wire: Wire, address: str) -> str:
    """Return an address as it stands in names.  Raises BadSetting."""
    base = base_of(address, ends=wire.path, what="an encoder", key=ENCODER_KEY, path=wire.root)
    scheme, _, after = base.partition("://")
    host, slash, path = after.partition("/")
    return f"{scheme}://{host.lower()}{slash}{path}"


def allowed_addresses(urls: str | None = None) -> frozenset[str]:
    """Return the addresses of *urls*, or of EXPLORER_ENCODER_URLS, which pages may name.  Raises BadSetting."""
    given = re.split(r"[\s,]+", (os.environ.get(ENCODER_URLS, "") if urls is None else urls).strip())
    return frozenset(_plain(address) for address in given if address and address != "off")


def _plain(address: str) -> str:
    base = base_of(address, ends="/embeddings", what="an encoder", key=ENCODER_KEY)
    scheme, _, after = base.removesuffix("/embed").partition("://")
    host, slash, path = after.partition("/")
    return f"{scheme}://{host.lower()}{slash}{path}"


def key_variable(named: Named) -> str:
    """Return the variable whose key the file of encoders sends to an address, "" for none."""
    for one in configured.named_encoders():
        prefix, _, rest = one.encoder.partition(":")
        wire = next((wire for wire in WIRES if wire.prefix == prefix), None)
        if one.key and wire is not None and Named.of(wire, rest).address == named.address:
            return one.key
    return ""


def _begun(text: str, longest: int) -> str:
    """Return as much of a text as has about so many tokens: of a longer one the whole request would be refused."""
    tokens = tokens_in(text)
    return text if tokens <= longest else text[: len(text) * longest // tokens]


class RemoteEncoder:
    """An encoder that answers requests at an address; texts alone.

    *refused* tells of the last texts that were not taken why.
    """

    modalities = frozenset({TEXT})

    def __init__(self, named: Named, *, requests: int = AT_ONCE, seconds: float | None = None) -> None:
        key, variable = named.key()
        self.name, self.fingerprint, self._named = named.name, named.fingerprint, named
        times = {} if seconds is None else {"seconds": seconds}
        self._session = Session(named.address + named.wire.path, key, variable, **times)
        self._requests, self._most, self._packed = requests, named.wire.most, named.wire.packs
        self.refused: deque[str] = deque(maxlen=5)
        self._taken, self._turned_away = 0, 0
        self.dim = self._looked_at()

    def batch_size(self, item: Item) -> int:
        """Return how many texts like this one are sent in one request."""
        return max(1, min(self._named.wire.most, self._named.wire.tokens // max(1, tokens_in(str(item)[:LONGEST]))))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for a text that is refused.  Raises NoAnswer."""
        return self._all(items, DOCUMENT)

    def encode_query(self, items: Sequence[Item]) -> FloatArray:
        """Return the same of what is looked for, which some encoders read otherwise than what is found."""
        return self._all(items, QUERY)

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts have more tokens, as far as these can be told, than its models read."""
        longest = self._named.wire.longest
        return np.array([len(str(item)) > LONGEST or tokens_in(str(item)) > longest for item in items], np.bool_)

    def stream(
        self, items: Sequence[Item], watch: Callable[[str], None] = lambda note: None, *, role: str = DOCUMENT
    ) -> Generator[Part, None, None]:
        """Yield the vectors of the items by parts, as they come; *watch* is called often with what is waited for.

        Whatever it raises gives up the requests that are under way.  Raises NoAnswer.
        """
        texts = [_begun(text, self._named.wire.longest) for text in texts_of(items, self.name, LONGEST)]
        left = deque(range(len(texts)))
        waiting: set[Future[list[Part]]] = set()
        try:
            while left or waiting:
                while left and len(waiting) < self._requests:
                    waiting.add(self._session.start(self._parts(texts, self._batch(texts, left), role)))
                done, waiting = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                for part in (part for one in done for part in one.result()):
                    yield Part(part.rows, part.vectors, part.cut | self.truncates([items[row] for row in part.rows]))
                watch(self._session.note)
        finally:
            for one in waiting:
                one.cancel()

    def _all(self, items: Sequence[Item], role: str) -> FloatArray:
        vectors = np.full((len(items), self.dim), np.nan, np.float32)
        for part in self.stream(items, role=role):
            vectors[part.rows] = part.vectors
        return vectors

    def _batch(self, texts: Sequence[str], left: deque[int]) -> list[int]:
        """Take as many texts as one request may have."""
        batch, tokens = [left.popleft()], 0
        tokens = tokens_in(texts[batch[0]])
        while left and len(batch) < self._most:
            tokens += tokens_in(texts[left[0]])
            if tokens > self._named.wire.tokens:
                break
            batch.append(left.popleft())
        return batch

    async def _parts(self, texts: Sequence[str], rows: list[int], role: str) -> list[Part]:
        """Return the vectors of some texts; those of a request that is refused are asked for by halves, and alone."""
        try:
            vectors = await self._vectors([texts[row] for row in rows], role)
        except Refused as exc:
            if len(rows) == 1:
                return [await self._alone(texts[rows[0]], rows[0], role, exc)]
            half = len(rows) // 2
            parts = [*await self._parts(texts, rows[:half], role), *await self._parts(texts, rows[half:], role)]
            if len(parts) == 2 and not any(part.cut.any() or np.isnan(part.vectors).any() for part in parts):
                self._most = min(self._most, max(1, half))  # each half was taken: they were too many together
            return parts
        return [Part(rows, vectors, np.zeros(len(rows), np.bool_))]

    async def _alone(self, text: str, row: int, role: str, refused: Refused) -> Part:
        """Return the vector of the beginning of a text that was refused, in case that it is too long; or nan."""
        for _ in range(_HALVINGS):
            if tokens_in(text) < _SHORT:
                break
            text = text[: len(text) // 2]
            try:
                return Part([row], await self._vectors([text], role), np.ones(1, np.bool_))
            except Refused as exc:
                refused = exc
        self._turned_away += 1
        self.refused.append(refused.said or f"error {refused.status}")
        if not self._taken and self._turned_away >= _USELESS:
            raise NoAnswer(f"{self._named.host} refuses every text: {self.refused[-1]}. Take another model.")
        return Part([row], np.full((1, self.dim), np.nan, np.float32), np.zeros(1, np.bool_))

    async def _vectors(self, texts: Sequence[str], role: str) -> FloatArray:
        """Return float32 (m, dim) unit vectors of one request.  Raises Refused, NoAnswer."""
        vectors = await self._asked(texts, role)
        if vectors.shape[1] != self.dim:
            raise NoAnswer(
                f"{self._named.host} gave vectors of {vectors.shape[1]:,} numbers, and before of {self.dim:,}. Take "
                "another model, or make the map anew."
            )
        self._taken += len(texts)
        vectors[~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)] = np.nan
        return unit(vectors)

    async def _asked(self, texts: Sequence[str], role: str) -> FloatArray:
        """Return the vectors that are answered, asked for once more where the first answer is none."""
        wire, fault = self._named.wire, BadReply("")
        for _ in range(2):
            asked: dict[str, Any] = wire.body(self._named.model, texts, role, self._named.dimensions)
            if self._packed:
                asked["encoding_format"] = "base64"
            try:
                return read(wire, await self._session.ask(asked), len(texts))
            except BadReply as exc:
                fault = exc
        raise NoAnswer(
            f"{self._named.host} does not answer as it should: {fault}. Take another model, or mend the address."
        )

    def _looked_at(self) -> int:
        """Return how many numbers a vector has, by asking for that of a letter: so a wrong setting is found first."""
        refused = Refused(0, "")
        for packed in (True, False) if self._packed else (False,):
            self._packed = packed
            try:
                found = self._session.start(self._asked(["a"], QUERY)).result()
            except Refused as exc:
                refused = exc
                continue
            if self._named.dimensions not in (None, found.shape[1]):
                raise BadSetting(
                    f"{self._named.host} gives vectors of {found.shape[1]:,} numbers, not "
                    f"{self._named.dimensions:,}: "
                    "leave the dimensions out, or take a model that can be asked for fewer."
                )
            return int(found.shape[1])
        said = f": {refused.said}" if refused.said else ""
        raise BadSetting(
            f"{self._named.host} does not take a request for {self._named.model}{said}. Change the model, its "
            "dimensions or the address."
        )
