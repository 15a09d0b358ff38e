"""Benchmarks are run by hand; at least they keep up with what they measure."""

import importlib
import pkgutil

import pytest

from tests import bench


@pytest.mark.parametrize("name", [name for _, name, _ in pkgutil.iter_modules(bench.__path__) if name != "__main__"])
def test_a_benchmark_finds_all_that_it_imports(name: str) -> None:
    importlib.import_module(f"tests.bench.{name}")
