"""Outside `explorer/kinds/` nobody asks of which kind an item is: the source says so."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "explorer"
HOME, READERS = PACKAGE / "kinds", PACKAGE / "ingest"
REFERENCES = {"ImageRef", "SoundRef", "FileRef"}
CLASSES = {"str", "Reference", *REFERENCES}
NO_ITEMS = {"part", "source", "value", "cell", "name", "modality", "output", "id", "of"}
"""Names of what may be a text but is no item: a part of a key, a path, a cell of a table, a name, an id of Dash."""
KINDS = {"IMAGE", "SOUND", "TEXT"}
NAMES = {"image", "sound", "text"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if HOME not in path.parents)


def breaches(source: str, *, reader: bool = False) -> list[str]:
    """Return the places where source code tells kinds of item apart; a *reader* may name the references it makes."""
    found = []
    for node in ast.walk(ast.parse(source)):
        told = set(_told(node, reader))
        found += [f"line {getattr(node, 'lineno', '?')}: {what}" for what in sorted(told)]
    return found


def _told(node: ast.AST, reader: bool) -> Iterator[str]:
    if not reader and _name(node) in REFERENCES:
        yield _name(node)
    if isinstance(node, ast.Call) and _name(node.func) in ("isinstance", "issubclass"):
        what, classes = node.args
        if CLASSES & set(_names(classes)) and not (isinstance(what, ast.Name) and what.id in NO_ITEMS):
            yield ast.unparse(node)
    if isinstance(node, ast.MatchClass) and _name(node.cls) in CLASSES:
        yield ast.unparse(node)
    if isinstance(node, ast.Compare) and not reader:
        sides = [node.left, *node.comparators]
        if any(_is_kind(side) for side in sides) or any(_is_type(side) for side in sides):
            yield ast.unparse(node)
    if isinstance(node, ast.MatchValue) and _is_kind(node.value):
        yield ast.unparse(node)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.alias):
        return node.name
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _names(node: ast.AST) -> list[str]:
    return [_name(part) for part in ast.walk(node)]


def _is_kind(node: ast.AST) -> bool:
    parts = node.elts if isinstance(node, ast.Set | ast.List | ast.Tuple) else [node]
    return any(_name(part) in KINDS or (isinstance(part, ast.Constant) and part.value in NAMES) for part in parts)


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) == "type" and len(node.args) == 1


def test_no_file_outside_the_kinds_tells_them_apart() -> None:
    found = []
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        if path == PACKAGE / "__init__.py":
            source = source.replace("from explorer.kinds import ImageRef, SoundRef", "pass")  # it hands the names on
        found += [f"{path.name}: {breach}" for breach in breaches(source, reader=READERS in path.parents)]
    assert not found, "; ".join(found) + ": ask the item's kind (explorer/kinds/kind.py)"


@pytest.mark.parametrize(
    "source",
    [
        "isinstance(item, str)",
        "isinstance(items[0], (int, str))",
        "isinstance(one, ImageRef | None)",
        "from explorer.kinds import ImageRef",
        "kinds.ImageRef(path, '')",
        "kinds.SoundRef(path, '')",
        "kind == SOUND",
        "type(item) is str",
        "kind == IMAGE",
        "IMAGE in dataset.modalities",
        "'image' in dataset['modalities']",
        "kinds == {'text'}",
        "item['kind'] != 'image'",
        "match item:\n    case str(): pass",
        "match kind:\n    case 'image': pass",
    ],
)
def test_telling_kinds_apart_is_found(source: str) -> None:
    assert breaches(source)


@pytest.mark.parametrize("source", ["isinstance(cell, str)", "rows.get(IMAGE, ())", "frozenset({TEXT, IMAGE})"])
def test_what_only_names_a_kind_is_not(source: str) -> None:
    assert not breaches(source)
