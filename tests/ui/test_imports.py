"""The page's first answer does not wait for pandas; whatever else needs plotly does, and never meets half of it."""

import asyncio
import threading

import pytest

import explorer
from explorer.ui import imports


@pytest.fixture
def events(monkeypatch):
    """Return what happens in order: the import, and each answer."""
    told = []
    monkeypatch.setattr(imports, "import_what_plotly_looks_at", lambda: told.append("pandas"))
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
    plain = "/_dash-component-suites/dash/x.js"
    for path in ("/api/v1/healthz", "/", plain, "/_dash-layout", "/_dash-dependencies", "/"):
        ask(app, path)
    assert events == ["/api/v1/healthz", "/", "soon", plain, "pandas", "/_dash-layout", "/_dash-dependencies", "/"]


@pytest.mark.parametrize(
    "first", ["/api/v1/datasets", "/_dash-update-component", "/_dash-component-suites/x.js", "/elsewhere"]
)
def test_what_comes_before_the_page_and_may_import_it_waits_too(events, first):
    app = late(events)
    for path in (first, "/"):
        ask(app, path)
    assert events == ["pandas", first, "/"]


def test_it_is_around_everything_that_dash_has_put_around_its_own_answers(tmp_path):
    from explorer.config import Settings
    from explorer.server.services import open_services
    from explorer.ui.app import create_app
    from explorer.workspace.folder import Workspace

    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    assert create_app(services).server.user_middleware[0].cls is imports.ImportsLate
    services.jobs.close()


def test_a_second_page_waits_while_the_first_is_written(events):
    app = late(events)

    async def both():
        await asyncio.gather(*(app({"type": "http", "path": "/"}, None, None) for _ in range(2)))

    asyncio.run(both())
    assert sorted(events) == ["/", "/", "pandas", "soon"]
    assert events.index("pandas") < len(events) - 1 - events[::-1].index("/")


def test_nobody_imports_it_while_the_first_page_is_written():
    begun, done = [], []

    async def answer(scope, receive, send):
        begun.append(threading.Thread(target=lambda: (imports.import_what_plotly_looks_at(), done.append("pandas"))))
        begun[0].start()
        await asyncio.sleep(0.05)
        done.append("page")

    ask(imports.ImportsLate(answer), "/")
    begun[0].join()
    assert done == ["page", "pandas"]


def test_a_page_that_fails_lets_the_others_in():
    async def fails(scope, receive, send):
        raise RuntimeError("the page")

    app = imports.ImportsLate(fails)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(app, "/")


def test_what_the_package_offers_is_found_by_a_completing_shell():
    assert set(explorer.__all__) <= set(dir(explorer))
