"""Hands on dash-mantine-components with the components that the page uses, not the two hundred that it would load.

Each is a class with a hundred documented arguments: all take 0.18 s of the processor, these 0.03.  Any other is loaded
when it is asked for, and all at once where the package is put together in another way than it was.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

PACKAGE = "dash_mantine_components"
COMPONENTS = (
    "Accordion", "AccordionControl", "AccordionItem", "AccordionPanel", "Button", "Group", "MantineProvider", "Modal",
    "MultiSelect", "NotificationContainer", "NumberInput", "SegmentedControl", "Select", "Slider", "Stack", "Switch",
    "Tabs", "TabsList", "TabsPanel", "TabsTab", "TextInput", "Textarea",
)  # fmt: skip
_LIST = f"{PACKAGE}._imports_"


class _Few(MetaPathFinder, Loader):
    """Finds, instead of the module in which the package imports all of its components, one that imports these."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of that one module, None for every other."""
        return ModuleSpec(name, self) if name == _LIST else None

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module; raises ImportError where a component is not where it was."""
        for name in COMPONENTS:
            setattr(module, name, getattr(import_module(f"{PACKAGE}.{name}"), name))
        module.__dict__["__all__"] = list(COMPONENTS)


def _loaded() -> Any:
    """Return the package: with few components, unless it is there already or cannot be had so."""
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    few = _Few()
    sys.meta_path.insert(0, few)
    try:
        package = import_module(PACKAGE)
    except (ImportError, AttributeError, KeyError):
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]
        sys.meta_path.remove(few)
        return import_module(PACKAGE)
    sys.meta_path.remove(few)
    package.__dict__["__getattr__"] = _another
    return package


def _another(name: str) -> Any:
    """Return a component that the page does not use; raises AttributeError for what is none."""
    if not name[:1].isupper():
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}")
    try:
        component = getattr(import_module(f"{PACKAGE}.{name}"), name)
    except ImportError as exc:
        raise AttributeError(f"module {PACKAGE!r} has no attribute {name!r}") from exc
    setattr(dmc, name, component)  # where the import has put the module
    for files in ("_js_dist", "_css_dist"):
        if hasattr(dmc, files):
            setattr(component, files, getattr(dmc, files))
    return component


dmc = _loaded()
