"""Functions as encoders: `own:MODULE:FUNCTION`, or `own:FILE.py:FUNCTION`, from a list of items to an array.

A text comes as `str`, a picture as a PIL image.  The function may have attributes: *reads*, the kinds of item ("text",
which is the default, "image"); *version*, to be changed when its vectors change by what is not in its file.
It runs code: whoever asks for it on a page is refused (`folders`, `server`).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from explorer.encoders.family import EncoderSpec, Weights
from explorer.encoders.guarded import Guarded, faulty
from explorer.encoders.sentence import unit
from explorer.errors import ExplorerError, UnknownEncoder, UnreadableFile, WrongModality
from explorer.kinds import kind_named, kind_of, nouns_of
from explorer.types import IMAGE, TEXT, BoolArray, Encoder, FloatArray, Item, digest, said

PREFIX = "own"
AT_ONCE = 32
_NAMED = re.compile(r"(?P<module>[^:\0]+(?:\.py)?):(?P<function>[A-Za-z_]\w*)")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class FunctionEncoder:
    """A function's arrays as vectors of unit length; what it cannot take is a row of nan only if it gives that."""

    def __init__(self, name: str, function: Callable[[list[Any]], Any], fingerprint: str) -> None:
        self.name, self.fingerprint, self._function = name, fingerprint, function
        self.modalities = reads_of(function)
        self.dim = self._called([self._example()]).shape[1]

    def batch_size(self, item: Item) -> int:
        """Return how many items it is given at once."""
        text = kind_of(item).words(item) or ""
        return max(1, AT_ONCE // max(1, len(text) // 2_000))

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim) unit vectors; a row of nan for a picture that cannot be opened."""
        strange = {kind_of(item).name for item in items} - self.modalities
        if strange:
            nouns = nouns_of(sorted(strange))[1]
            raise WrongModality(f"the encoder {self.name} reads no {nouns}; choose one that does.")
        opened = [self._opened(item) for item in items]
        rows = [row for row, one in enumerate(opened) if one is not None]
        vectors = np.full((len(items), self.dim), np.nan, np.float32)
        if rows:
            vectors[rows] = self._called([opened[row] for row in rows])
        return vectors

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,), all False: what a function reads of an item, it alone knows."""
        return np.zeros(len(items), np.bool_)

    def _called(self, items: list[Any]) -> FloatArray:
        made: FloatArray = np.asarray(self._function(items), dtype=np.float32)
        if made.ndim != 2 or len(made) != len(items) or not made.shape[1]:
            raise faulty(self.name, f"it made an array of {made.shape} of {len(items)} items, not one row for each")
        if made.shape[1] != getattr(self, "dim", made.shape[1]):
            raise faulty(self.name, f"it made vectors of {made.shape[1]} numbers, and before of {self.dim}")
        return unit(made)

    def _opened(self, item: Item) -> Any:
        kind = kind_of(item)
        if not kind.has_picture:
            return kind.words(item) or ""
        try:
            return kind.picture(item)
        except UnreadableFile:
            return None

    def _example(self) -> Any:
        """Return an item by which it shows how long its vectors are."""
        if TEXT in self.modalities:
            return "a"
        from PIL import Image

        return Image.new("RGB", (64, 64), "white")


def reads_of(function: Any) -> frozenset[str]:
    """Return the kinds of item that a function reads: those of its attribute `reads`, texts without one."""
    told = getattr(function, "reads", (TEXT,))
    kinds = frozenset((told,) if isinstance(told, str) else told)
    for kind in kinds:
        kind_named(kind)  # raises UnknownKind
    return kinds


class OwnFamily:
    """`own:MODULE:FUNCTION`, the functions of whoever starts the program."""

    prefix = PREFIX
    forms = (f"{PREFIX}:MODULE:FUNCTION",)

    def specs(self) -> Sequence[EncoderSpec]:
        """Return the pattern that stands for all."""
        summary = "Your own function from a list of items to an array; not from a page."
        needs = "a module that can be imported, or a file: own:./mine.py:embed"
        kinds = frozenset({TEXT, IMAGE})
        return (EncoderSpec(self.forms[0], summary, kinds, None, 0, "yours", offline=True, needs=needs),)

    def canonical(self, rest: str) -> str:
        """Return the rest, with the whole path of a file; raises UnknownEncoder for what is not there."""
        module, function = _split(rest)
        if module.endswith(".py"):
            path = Path(module).expanduser().resolve()
            if not path.is_file():
                raise UnknownEncoder(f"there is no file {module} with a function {function}; mend its path.")
            return f"{path}:{function}"
        _found(module)
        return f"{module}:{function}"

    def modalities(self, rest: str) -> frozenset[str]:
        """Return the kinds of item that it reads; its module is imported."""
        return reads_of(function_of(rest))

    def fingerprint(self, rest: str) -> str:
        """Return what identifies its vectors: its name, what is in its file, and its `version`."""
        module, function = _split(rest)
        source = Path(module) if module.endswith(".py") else _found(module)
        content = hashlib.sha256(source.read_bytes()).hexdigest() if source is not None and source.is_file() else ""
        made = digest(source.name if source else module, function, content)
        return f"{PREFIX}:1:{made}:{getattr(function_of(rest), 'version', '')}"

    def is_here(self, _rest: str) -> bool:
        """Return True."""
        return True

    def load(self, rest: str, _device: str) -> Encoder:
        """Return it ready to use; raises UnknownEncoder, FaultyPackage."""
        name, function = f"{self.prefix}:{rest}", function_of(rest)
        try:
            return Guarded(name, FunctionEncoder(name, function, self.fingerprint(rest)))
        except ExplorerError:
            raise
        except Exception as exc:
            raise faulty(name, said(exc)) from exc

    def weights(self) -> Sequence[Weights]:
        """Return none."""
        return ()


def function_of(rest: str) -> Callable[[list[Any]], Any]:
    """Return the function, its module imported.  Raises UnknownEncoder."""
    name, wanted = _split(rest)
    try:
        module = _from_file(Path(name)) if name.endswith(".py") else importlib.import_module(name)
    except Exception as exc:
        raise UnknownEncoder(f"{name} cannot be imported: {said(exc)}. Mend it, and ask again.") from exc
    function = getattr(module, wanted, None)
    if not callable(function):
        raise UnknownEncoder(f"{name} has no function {wanted}; mend the name, which is own:MODULE:FUNCTION.")
    return function  # type: ignore[no-any-return]


def _from_file(path: Path) -> ModuleType:
    """Return the module of a file, imported once while it does not change."""
    name = f"own_{digest(str(path), path.stat().st_mtime_ns)}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _found(module: str) -> Path | None:
    """Return the file of a module; raises UnknownEncoder where there is none."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        spec = None
    if spec is None:
        raise UnknownEncoder(
            f"there is no module {module}; give its file, as in own:./{module.split('.')[-1]}.py:embed, or put its "
            "folder into PYTHONPATH."
        )
    return Path(spec.origin) if spec.origin else None


def _split(rest: str) -> tuple[str, str]:
    found = _NAMED.fullmatch(rest)
    if found is None or not (found["module"].endswith(".py") or _DOTTED.fullmatch(found["module"])):
        raise UnknownEncoder(f"own:{rest[:60]} is not written as own:MODULE:FUNCTION or own:FILE.py:FUNCTION.")
    return found["module"], found["function"]


OWN_FUNCTIONS = OwnFamily()
