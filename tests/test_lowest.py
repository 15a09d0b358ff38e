"""Every dependency has a lower bound, and `make lowest` knows it."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from tests.lowest import constraints, lowest

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))


def test_what_is_installed_is_at_least_the_lowest_that_is_allowed():
    pairs = dict(one.split("==") for one in constraints(PROJECT))
    assert {name for name, least in pairs.items() if Version(version(name)) < Version(least)} == set()
    assert Version(pairs["sentence-transformers"]) >= Version("6")  # below, a folder's own Python was run


def test_a_dependency_without_a_bound_is_told():
    assert lowest("dash[fastapi]>=4.4.1,<5") == "dash==4.4.1"
    with pytest.raises(ValueError, match="no lower bound"):
        lowest("numpy")
