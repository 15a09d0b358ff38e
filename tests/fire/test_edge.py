"""What stands around all routes: hosts, policies, HEAD, and questions to a workspace that cannot be written."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer.config import Settings
from explorer.server import SameOrigin, open_services
from explorer.server.api import mount
from explorer.workspace import Workspace
from tests.fire.asking import Connection
from tests.servers import serving
from tests.synthetic import write_run

CROSS = ("cross-origin-opener-policy", "cross-origin-resource-policy")
POLICIES = ("permissions-policy", "content-security-policy", *CROSS)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("edge")
    run = write_run(home / "workspace", 60, dim=8, clusters=3)
    with serving(home / "workspace", home / "server.log") as server:
        yield server, run


def test_a_host_that_readers_disagree_about_is_refused(served):
    server, _ = served
    own = server.address.removeprefix("http://")
    lines = {
        own: 200,
        "evil\\@127.0.0.1": 400,
        "evil@127.0.0.1": 400,
        "127.0.0.1:80:80": 400,
        "127.0.0.1/x": 400,
        "127.0.0.1#x": 400,
        "[::1]": 200,
        "": 400,
        f"{own}\r\nHost: {own}": 400,
        f"{own}\r\nHost: evil.example": 400,
        f"evil.example\r\nHost: {own}": 400,
    }

    async def status(host: str) -> int:
        connection = await Connection.to(server.address)
        return (await connection.send(f"GET /api/v1/healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()))[0]

    assert {host: asyncio.run(status(host)) for host in lines} == lines


def test_every_answer_has_the_policies(served):
    server, _ = served
    for path in ("/", "/_dash-layout", "/api/v1/healthz", "/api/v1/nosuch", "/_dash-component-suites/x/y", "/docs"):
        assert set(POLICIES) <= set(server.client.get(path).headers), path
    for policy in CROSS:
        assert server.client.get("/").headers[policy] == "same-origin"


def test_head_answers_as_get_does_without_a_body(served):
    server, run = served
    paths = ["/", "/_dash-layout", "/openapi.json", *(f"/api/v1{rest}" for rest in (
        "/healthz", "/runs", "/datasets", f"/runs/{run}", f"/runs/{run}/points", f"/runs/{run}/report.csv",
        f"/runs/{run}/neighbors/3", f"/runs/{run}/neighbors/999", "/runs/nosuch", "/nosuch"))]  # fmt: skip
    plain = {
        "Accept-Encoding": "identity"
    }  # in Dash's page is a random word, which is packed now more, now less tightly
    for path in paths:
        got, headed = (ask(path, headers=plain) for ask in (server.client.get, server.client.head))
        assert headed.status_code == got.status_code, path
        assert headed.content == b"", path
        assert headed.headers["content-type"] == got.headers["content-type"], path
        assert headed.headers["content-length"] == got.headers["content-length"], path
    upload = server.client.post("/api/v1/uploads").json()["upload"]
    assert server.client.head(f"/api/v1/uploads/{upload}/file", params={"name": "a"}).headers["upload-offset"] == "0"
    assert server.client.head(f"/api/v1/runs/{run}/job").status_code == 405


def test_the_guard_refuses_by_itself_what_names_no_host():
    app = FastAPI()
    app.add_middleware(SameOrigin, settings=Settings(Path("x")))
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 400


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes whatever is read-only")
def test_a_run_in_a_folder_that_cannot_be_written_is_asked_and_reported(tmp_path):
    run = write_run(tmp_path / "workspace", 60, dim=8, clusters=3)
    workspace = Workspace(tmp_path / "workspace")
    services = open_services(workspace, Settings(workspace.path))
    app = FastAPI()
    mount(app, services)
    folders = [workspace.path, *(path for path in workspace.path.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        client = TestClient(app)
        for rest in ("neighbors/3", "items/3", "clusters", "points", "columns/kind", "report.html", "report.zip"):
            assert client.get(f"/api/v1/runs/{run}/{rest}").status_code == 200, rest
    finally:
        for folder in folders:
            folder.chmod(stat.S_IRWXU)
        services.jobs.close()
