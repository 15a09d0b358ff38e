"""The families of encoders behind an address: what is listed of them, and how they are asked for by name.

They ask nothing themselves: `remote` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from explorer.encoders import configured
from explorer.encoders.family import EncoderSpec, Weights
from explorer.encoders.remote import AT_ONCE, Named, RemoteEncoder
from explorer.encoders.wires import COHERE, OPENAI, VOYAGE, Wire
from explorer.types import TEXT, Encoder

_TEXTS = frozenset({TEXT})


class RemoteFamily:
    """`PREFIX:MODEL`, `PREFIX:MODEL,dimensions=N`, and either with `@ADDRESS` behind it, by one protocol."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.prefix, self.forms = wire.prefix, (f"{wire.prefix}:MODEL",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the company's models of note, and the pattern that stands for all."""
        wire = self._wire
        listed = [
            EncoderSpec(
                f"{wire.prefix}:{model}",
                f"Texts by meaning: {model}, by {wire.company}.",
                _TEXTS,
                dim,
                0,
                f"see {wire.company}",
                offline=False,
                needs=f"a key in {wire.key}",
                good_for=good_for,
                longest=f"{wire.longest:,} tokens",
                sends=Named.of(wire, model).host,
            )
            for model, dim, good_for in wire.models
        ]
        return (*listed, self._pattern())

    def _pattern(self) -> EncoderSpec:
        wire = self._wire
        own = wire is OPENAI
        others = "OpenAI, or any server that speaks its protocol: Ollama, vLLM, TEI, llama.cpp"
        return EncoderSpec(
            self.forms[0],
            f"Any model of {others if own else wire.company}.",
            _TEXTS,
            None,
            0,
            "see the model",
            offline=False,
            needs=f"a key in {wire.key}, or an address: {wire.prefix}:MODEL,dimensions=512@http://127.0.0.1:8080/v1",
            sends=f"{Named.of(wire, 'a').host}, or the address in its name",
        )

    def canonical(self, rest: str) -> str:
        """Return the rest as it is written in keys.  Raises UnknownEncoder, BadSetting."""
        return Named.of(self._wire, rest).rest

    def modalities(self, _rest: str) -> frozenset[str]:
        """Return that it reads texts."""
        return _TEXTS

    def sends(self, rest: str) -> str:
        """Return who gets the items."""
        return Named.of(self._wire, rest).host

    def address(self, rest: str) -> str:
        """Return the address that they are sent to."""
        return Named.of(self._wire, rest).address

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors."""
        return Named.of(self._wire, rest).fingerprint

    def is_here(self, _rest: str) -> bool:
        """Return True: it downloads nothing."""
        return True

    def load(self, rest: str, _device: str) -> Encoder:
        """Return it ready to use, after a request for the vector of one letter.  Raises NoAnswer, BadSetting."""
        named = Named.of(self._wire, rest)
        told = (one.requests for one in configured.named_encoders() if one.requests and same(one.encoder, named))
        return RemoteEncoder(named, requests=next(told, AT_ONCE))

    def weights(self) -> Sequence[Weights]:
        """Return none."""
        return ()


def same(encoder: str, named: Named) -> bool:
    """Whether a name in the file of encoders is that of this encoder."""
    prefix, _, rest = encoder.partition(":")
    return prefix == named.wire.prefix and Named.of(named.wire, rest) == named


REMOTE = tuple(RemoteFamily(wire) for wire in (OPENAI, COHERE, VOYAGE))
