"""The components of the page: those that it uses are loaded, the others where somebody asks for one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.ui.mantine import COMPONENTS, PACKAGE

UI = Path(__file__).resolve().parents[2] / "explorer" / "ui"

ASKED = """
from explorer.ui.mantine import dmc
import sys
there = [name for name in sys.modules if name.startswith("dash_mantine_components.")]
assert not hasattr(dmc, "Spoon"), "there is none"
print(len(there), dmc.Accordion._js_dist == dmc.Badge._js_dist != [], dmc.Badge("a")._namespace)
"""

OTHERWISE = """
from explorer.ui import mantine
import sys
for name in [name for name in sys.modules if name.split(".")[0] == mantine.PACKAGE]:
    del sys.modules[name]
mantine.COMPONENTS = ("Accordion", "Spoon")
dmc = mantine._loaded()
left = [one for one in sys.meta_path if type(one).__name__ == "_Few"]
print("Accordion" in dmc.__all__, len(dmc.__all__) > 100, left)
"""


def said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_the_components_that_are_loaded_are_those_that_the_page_uses() -> None:
    used = {
        node.attr
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "dmc"
    }
    assert used == set(COMPONENTS)


@pytest.mark.parametrize(("program", "told"), [(ASKED, ""), (OTHERWISE, "True True []")])
def test_another_component_is_loaded_when_it_is_asked_for_and_all_where_one_is_missing(program: str, told: str) -> None:
    assert PACKAGE == "dash_mantine_components"
    answer = said(program)
    if told:
        assert answer == told
        return
    loaded, same, namespace = answer.split()
    assert int(loaded) < 40
    assert (same, namespace) == ("True", PACKAGE)
