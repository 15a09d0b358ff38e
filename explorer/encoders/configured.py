"""Encoders with names and settings of somebody's own: the file `encoders.toml` of a workspace, or one that is named.

    [our-small]
    encoder = "openai:text-embedding-3-small"   # any name of an encoder
    dimensions = 512                             # these two only where it is asked at an address
    address = "https://gateway.example.org/v1"
    key = "OUR_GATEWAY_KEY"                      # the variable of the environment that holds the key of that address
    price = 0.02                                 # for a million tokens
    currency = "USD"
    requests = 8                                 # under way at a time
    about = "Our gateway."

It is read again when it changes.  Whoever may write it decides where items and keys go: no page can.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from explorer.config import ENCODERS_FILE
from explorer.errors import BadSetting

FILE = "encoders.toml"
OF_WORKSPACE = "EXPLORER_ENCODERS_OF_WORKSPACE"
"""Handed down to the processes of a workspace: the file in it."""
_NAME = re.compile(r"[A-Za-z][\w.-]{0,60}", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,100}", re.ASCII)
USUAL_NAMES = dict.fromkeys(("all-minilm-l6-v2", "sentence-transformers/all-minilm-l6-v2"), "minilm")
"""The names in small letters by which encoders are known elsewhere that are here under another one."""
_MOST_BYTES = 2**20
_FIELDS: dict[str, tuple[tuple[type, ...], str]] = {
    "encoder": ((str,), "the name of an encoder, as in openai:text-embedding-3-small"),
    "dimensions": ((int,), "a whole number"),
    "address": ((str,), "an address, as http://127.0.0.1:11434/v1"),
    "key": ((str,), "the name of a variable of the environment; the key itself has no place in a file"),
    "price": ((int, float), "a number: what a million tokens cost"),
    "currency": ((str,), "a few letters, as EUR"),
    "requests": ((int,), "a whole number from 1 to 64"),
    "about": ((str,), "a text"),
}


@dataclass(frozen=True)
class Configured:
    """An encoder that the file names: *encoder* is the full name of what it stands for, as far as the file says it.

    *price* is that of a million tokens, None: not known; *key* the variable that holds the key, "": the usual one.
    """

    name: str
    encoder: str
    price: float | None = None
    currency: str = "USD"
    key: str = ""
    requests: int | None = None
    about: str = ""


def use_workspace(folder: Path) -> None:
    """Have this process, and those that it starts, take the file in a workspace, unless another one is named."""
    os.environ[OF_WORKSPACE] = str(folder / FILE)


def file_of() -> Path | None:
    """Return the file that is in use, None for none.  Raises BadSetting for one that is named and is not there."""
    named = os.environ.get(ENCODERS_FILE, "").strip()
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise BadSetting(f"{ENCODERS_FILE} names {path}, where there is no file; mend it or leave it out.")
        return path
    here = os.environ.get(OF_WORKSPACE, "")
    return Path(here) if here and os.path.isfile(here) else None  # noqa: PTH113 - it takes any name


def named_encoders() -> tuple[Configured, ...]:
    """Return the encoders of the file, in its order.  Raises BadSetting, one sentence with the line that is wrong."""
    path = file_of()
    if path is None:
        return ()
    try:
        told = path.stat()
        return _read(path, told.st_mtime_ns, told.st_size)
    except OSError as exc:
        raise BadSetting(f"{path} cannot be read: {exc.strerror or exc}.") from exc


def resolved(name: str) -> str:
    """Return what a name of the file stands for, or one by which others know an encoder of ours; any other as it is.

    Raises BadSetting.
    """
    if ":" in name:
        return name
    usual = USUAL_NAMES.get(name.casefold(), name)
    return next((one.encoder for one in named_encoders() if one.name == name), usual)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, size: int) -> tuple[Configured, ...]:
    if size > _MOST_BYTES:
        raise BadSetting(f"{path} has {size:,} bytes; a file of encoders is smaller.")
    text = path.read_bytes().decode("utf-8-sig", "replace")
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise BadSetting(f"{path.name} is no TOML: {str(exc)[:200] or 'nested too deep'}.") from exc
    return tuple(_Section(path.name, text, name, value).read() for name, value in told.items())


@dataclass(frozen=True)
class _Section:
    """One table of the file, and what is needed to say where it is wrong."""

    file: str
    text: str
    name: str
    told: Any

    def read(self) -> Configured:
        """Return the encoder that it names.  Raises BadSetting."""
        if not isinstance(self.told, dict):
            raise self._wrong(self.name, f"{self.name!r} stands alone; begin each encoder with [its-name]")
        if not _NAME.fullmatch(self.name):
            raise self._wrong("", f"{self.name[:60]!r} is no name; take letters, digits, '-', '_' and '.'")
        for field, value in self.told.items():
            self._check(field, value)
        encoder = self.told.get("encoder", "")
        if not encoder.strip():
            raise self._wrong("", f"[{self.name}] needs encoder = {_FIELDS['encoder'][1]}")
        more = {name: value for name, value in self.told.items() if name not in ("encoder", "dimensions", "address")}
        return Configured(self.name, self._full(encoder.strip()), **more)

    def _full(self, encoder: str) -> str:
        """Return the encoder's name with the dimensions and the address that stand beside it."""
        size, address = self.told.get("dimensions"), self.told.get("address")
        return encoder + (f",dimensions={size}" if size else "") + (f"@{address.strip()}" if address else "")

    def _check(self, field: str, value: Any) -> None:
        if field not in _FIELDS:
            raise self._wrong(field, f"there is no setting {field[:60]!r}; the settings are {', '.join(_FIELDS)}")
        kinds, words = _FIELDS[field]
        fits = isinstance(value, kinds) and not isinstance(value, bool)
        if field == "key":
            fits = fits and _VARIABLE.fullmatch(value) is not None  # what is no name might be a key: it is not repeated
            value = "something else"
        elif field == "requests":
            fits = fits and 1 <= value <= 64
        elif field == "price":
            fits = fits and 0 <= value < 1e9
        elif field == "dimensions":
            fits = fits and 1 <= value <= 20_000
        elif field == "address":
            fits = fits and len(value) <= 500
            value = "something else"
        if not fits:
            raise self._wrong(field, f"{field} is {str(value)[:60]!r}; it must be {words}")

    def _wrong(self, field: str, why: str) -> BadSetting:
        return BadSetting(f"{self.file}, line {self._line(field)}: {why}.")

    def _line(self, field: str) -> int:
        """Return the line of a field of the section, or of its head."""
        lines, at = self.text.split("\n"), 0
        for number, line in enumerate(lines, 1):
            bare = line.strip()
            if bare.startswith("[") and bare.strip("[]").strip().strip("\"'") == self.name:
                at = number
                if not field:
                    break
            elif at and bare.startswith("["):
                break
            elif field and (at or field == self.name) and bare.split("=")[0].strip().strip("\"'") == field:
                return number
        return at or 1
