"""Which encoders a page or a REST client may name: none that has this machine talk to whom its owner did not allow.

It agrees to nothing: that somebody does for each map (see `runs.sending`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer import encoders
from explorer.config import ENCODER_URLS, NO_MODEL, Settings, maker_of
from explorer.errors import BadSetting, ExplorerError


@dataclass(frozen=True)
class Allowing:
    """The encoders that a server's settings allow.

    One that sends items elsewhere may go to the addresses of EXPLORER_ENCODER_URLS and of the file of encoders; where
    the former is not set, whoever sits at this machine names any.  Code runs only where the file names it.
    """

    settings: Settings

    def __post_init__(self) -> None:
        self._addresses()  # here, where somebody sees what is wrong with it
        encoders.named_encoders()

    def check(self, name: str) -> None:
        """Raise BadSetting for an encoder that is not for a page to name.  Nothing is loaded and no code looked at."""
        if encoders.runs_code(name):
            if not self._is_named(name):
                raise BadSetting(
                    "a function is no encoder for a page: it would run code. Whoever starts the server can give it a "
                    "name in encoders.toml, or use the command line."
                )
            return
        address = encoders.address_of(name)
        if not address or self._is_named(name) or address in self._addresses():
            return
        if self.settings.encoder_urls or not self.settings.is_local:
            raise BadSetting(
                f"this server sends nothing to {encoders.sends_to(name)}; who starts it can allow that with "
                f"{ENCODER_URLS}, or with an entry in encoders.toml."
            )

    def names(self, name: str) -> bool:
        """Whether it is a name of the file: what it stands for, a folder too, is what the server was told of."""
        return any(one.name in (name, maker_of(name)) for one in encoders.named_encoders())

    def may(self, name: str) -> bool:
        """Whether an encoder may be named; also False for one that nobody knows."""
        try:
            self.check(name)
        except ExplorerError:
            return False
        return True

    def readers_of(self, kinds: Iterable[str], languages: Mapping[str, float]) -> list[encoders.EncoderSpec]:
        """Return the listed encoders that read these kinds and may be named; see `encoders.readers_of`."""
        return [spec for spec in encoders.readers_of(kinds, languages) if self.may(spec.name)]

    def listed(self) -> list[dict[str, Any]]:
        """Return the encoders to choose from."""
        specs = encoders.list_encoders()
        ours = {one.name for one in encoders.named_encoders()}
        return [spec.told() for spec in specs if spec.name in ours or not _asks(spec) or self._shows(spec.name)]

    def _shows(self, name: str) -> bool:
        """Whether an encoder that is asked elsewhere stands in the list: a pattern only where any may be named."""
        if encoders.is_pattern(name):
            return not encoders.runs_code(name) and self.settings.is_local and not self.settings.encoder_urls
        return self.may(name)

    def _is_named(self, name: str) -> bool:
        """Whether the file of encoders names it, under whatever name."""
        named, name = encoders.named_encoders(), maker_of(name) or name
        if any(name in (one.name, one.encoder) for one in named):
            return True
        return any(_full(one.encoder) == _full(name) for one in named if _kind(one.encoder) == _kind(name))

    def _addresses(self) -> frozenset[str]:
        given = self.settings.encoder_urls
        return frozenset() if given == NO_MODEL else encoders.allowed_addresses(given)


def _asks(spec: encoders.EncoderSpec) -> bool:
    return bool(spec.sends) or encoders.runs_code(spec.name)


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _full(name: str) -> str:
    """Return a name as it stands in records; of code without a look at it: its file by its whole path."""
    prefix, _, rest = name.partition(":")
    if not encoders.runs_code(name):
        return encoders.canonical(name)
    module, _, function = rest.rpartition(":")
    return f"{prefix}:{Path(module).expanduser().resolve() if module.endswith('.py') else module}:{function}"
