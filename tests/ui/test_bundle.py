"""Modules that become one file: each once, after what it imports; what could not be the same thing there is refused."""

import json
from pathlib import Path

import pytest

from explorer.ui.bundle import bundle
from tests.browser_units import node

SHELL = """/** @module */
export const HERE = "here";
const narrow = () => "shell's";
export async function late(x) {
  return x;
}
export class Lamp {
  name() {
    return narrow();
  }
}
"""
MAP = """import { HERE, late as later } from "../shell/dom.mjs";
import * as dom from "../shell/dom.mjs";
const narrow = () => "map's";
export function all(x) {
  return [HERE, narrow(), new dom.Lamp().name(), later(x)];
}
"""
MAIN = """import {
  all,
} from "./map/draw.mjs";
import { HERE } from "./shell/dom.mjs";
const [here, ours, theirs, late] = all("a");
late.then((x) => console.log(JSON.stringify([here === HERE, ours, theirs, x])));
"""


def put(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        path = folder / (name.replace("_", "/") + ".mjs")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def ran(path: Path) -> object:
    return json.loads(node.run(str(path)).stdout)


def test_one_file_does_what_the_modules_do(tmp_path: Path) -> None:
    folder = put(tmp_path / "apart", shell_dom=SHELL, map_draw=MAP, main=MAIN)
    whole = put(tmp_path / "whole", main=bundle(folder)) / "main.mjs"
    assert ran(whole) == ran(folder / "main.mjs") == [True, "map's", "shell's", "a"]
    text = whole.read_text(encoding="utf-8")
    assert text.count("// shell/dom.mjs") == 1
    assert text.index("// shell/dom.mjs") < text.index("// map/draw.mjs") < text.index("// main.mjs")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('import "./other.mjs";', "cannot be put into one file"),
        ('import whole from "./other.mjs";', "cannot be put into one file"),
        ('export { a } from "./other.mjs";', "cannot be put into one file"),
        ("export let a = 1;", "cannot be put into one file"),
        ("export default 1;", "cannot be put into one file"),
        ("const text = `\nexport default 1;`;", "cannot be put into one file"),
        ('import { a } from "./main.mjs";', "in a circle: main.mjs → main.mjs"),
    ],
)
def test_what_would_be_something_else_in_one_file_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        bundle(put(tmp_path, main=text + "\n", other="export const a = 1;\n"))
