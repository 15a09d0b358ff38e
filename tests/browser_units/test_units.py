"""The parts of the browser's code that need no page, under Node's own test runner; each file of tests is one case."""

import re

import pytest

from tests.browser_units import node

FILES = sorted(path.name for path in node.HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("name", FILES)
def test_the_browsers_code(name: str) -> None:
    done = node.run("--test", "--test-reporter=spec", "--test-timeout=60000", f"tests/browser_units/{name}")
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^ℹ pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 0, done.stdout
    print(f"{name}: {passed[1]} passed")
