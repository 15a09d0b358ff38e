"""Puts the modules of `assets/` into one: a browser asks for one file in place of a hundred, each of which takes 3 ms.

Each becomes a function that is called once, after those of the modules that it imports, and returns what it exports.
That is the same thing as long as modules import in no circle, name what they import, and export nothing that changes
later; `tests/browser_units/imports.test.mjs` holds the first, and what is written in another way is refused here.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath

MAIN = "main.mjs"
_IMPORT = re.compile(r'^import (?:\* as (?P<whole>\w+)|\{(?P<names>[\w\s,]*)\}) from "(?P<at>\.{1,2}/[^"]+)";$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (?P<name>\w+)\b)", re.M)
_RENAMED = re.compile(r"\b(\w+)\s+as\s+(\w+)")
_OTHER = re.compile(r"^(?:import|export)\b.*", re.M)


def bundle(folder: Path, main: str = MAIN) -> str:
    """Return the text of the one module that is *folder*'s *main* with all that it imports.

    Raises:
        ValueError: if a module imports or exports in a way that is not known here, or modules import in a circle.
        OSError: if a module that is imported is not there.
    """
    made: dict[str, str] = {}
    _add(folder, main, made, ())
    return "".join(f"// {name}\n{text}" for name, text in made.items())


def _add(folder: Path, name: str, made: dict[str, str], path: tuple[str, ...]) -> None:
    """Add a module to those *made*, after all that it imports; *path* has led to it."""
    if name in path:
        raise ValueError(f"modules import in a circle: {' → '.join([*path, name])}")
    if name in made:
        return
    text = (folder / name).read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        _add(folder, _named(name, found["at"]), made, (*path, name))
    made[name] = _wrapped(name, text)


def _wrapped(name: str, text: str) -> str:
    """Return a module as a function that was called, under a name made of its path."""
    body = _IMPORT.sub(lambda found: _taken(name, found), text)
    exported = [found["name"] for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    other = _OTHER.search(body)
    if other:
        raise ValueError(f"{name}: “{other[0]}” is written in a way that cannot be put into one file")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def _taken(name: str, found: re.Match[str]) -> str:
    """Return the declaration that an import becomes."""
    of = _variable(_named(name, found["at"]))
    if found["whole"]:
        return f"const {found['whole']} = {of};"
    names = _RENAMED.sub(r"\1: \2", found["names"]).strip()
    return f"const {{ {names} }} = {of};"


def _named(name: str, at: str) -> str:
    """Return what is imported by a module *at* a relative address, by its path from the folder."""
    return normpath(join(dirname(name), at))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".mjs"))
