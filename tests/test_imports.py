"""The page's first answer does not wait for pandas; whatever plotly's encoder writes does."""

import asyncio
import sys

import pytest

from explorer.ui import imports


@pytest.fixture
def events(monkeypatch):
    """Return what happens in order: the import, and each answer; nothing has imported pandas yet."""
    told = []

    def imported():
        told.append("pandas")
        monkeypatch.setitem(sys.modules, "pandas", object())

    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    monkeypatch.setattr(imports, "import_what_json_looks_at", imported)
    monkeypatch.setattr(imports, "import_soon", lambda: told.append("soon"))
    return told


def ask(app, path):
    asyncio.run(app({"type": "http", "path": path}, None, None))


def late(told):
    async def answer(scope, receive, send):
        told.append(scope["path"])

    return imports.ImportsLate(answer)


def test_the_page_comes_first_and_what_is_encoded_waits(events):
    app = late(events)
    for path in ("/", "/_dash-component-suites/dash/x.js", "/_dash-layout", "/_dash-dependencies"):
        ask(app, path)
    assert events == [
        "/",
        "soon",
        "/_dash-component-suites/dash/x.js",
        "pandas",
        "/_dash-layout",
        "/_dash-dependencies",
    ]


def test_nothing_is_answered_while_somebody_imports_half_of_it(events):
    app = late(events)
    sys.modules["pandas"] = object()
    ask(app, "/")
    assert events == ["pandas", "/", "soon"]
