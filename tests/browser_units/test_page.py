"""How the page loads the modules: all in one file, which is kept until one of them changes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.ui import modules
from explorer.workspace import shipped
from tests.servers import Server, serving

ASSETS = shipped("assets").resolve()
ALL = sorted(path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.mjs"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("page")
    with serving(home / "workspace", home / "server.log", "--no-warm") as running:
        yield running


def test_the_page_loads_one_module_that_has_all_others_in_it_once(server: Server) -> None:
    page = server.client.get("/").text
    at = "/" + modules.Kept(ASSETS).address + "/"
    scripts = [src.split("?")[0] for src in re.findall(r'<script[^>]* src="([^"]+)"', page) if at in src]
    assert scripts == [at + "shell/first.js", at + "main.mjs"]
    assert len(re.findall(r'(?:src|href)="[^"]+\.mjs', page)) == 1
    whole = server.client.get(at + "main.mjs").text
    beside = server.client.get(at + modules.BESIDE).text
    held = [re.findall(r"^// (\S+\.mjs)$", one, re.MULTILINE) for one in (whole, beside)]
    assert sorted(held[0]) == [name for name in ALL if not name.startswith("beside/")]
    assert {*held[0], *held[1]} == set(ALL)
    assert len(held[1]) == len(set(held[1]))
    assert not re.findall(r"^(?:import|export)\b.*", whole + beside, re.MULTILINE)


def test_every_style_sheet_is_in_the_one_of_the_page_the_ground_first(server: Server) -> None:
    sheets = re.findall(r'<link rel="stylesheet" href="(/assets/[^"]+)"', server.client.get("/").text)
    assert sheets == [f"/{modules.Kept(ASSETS).address}/style.css"]
    answer = server.client.get(sheets[0])
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.text.startswith((ASSETS / "base.css").read_text(encoding="utf-8"))
    assert all(path.read_text(encoding="utf-8") in answer.text for path in ASSETS.rglob("*.css"))


def test_modules_are_scripts_to_be_kept_under_an_address_of_their_content(server: Server) -> None:
    address = f"/{modules.Kept(ASSETS).address}/map/camera.mjs"
    for encoding in ("gzip", "identity"):
        answer = server.client.get(address, headers={"Accept-Encoding": encoding})
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert answer.text == (ASSETS / "map" / "camera.mjs").read_text(encoding="utf-8")


def test_what_else_is_in_the_folder_is_served_and_kept_too(server: Server) -> None:
    answer = server.client.get(f"/{modules.Kept(ASSETS).address}/favicon.ico")
    assert answer.content == (ASSETS / "favicon.ico").read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert server.client.get(f"/{modules.Kept(ASSETS).address}/map/nosuch.mjs").status_code == 404
    assert server.client.get(f"/{modules.Kept(ASSETS).address}/%2e%2e/pyproject.toml").status_code == 404
    assert server.client.get(f"/assets/{'0' * 16}/main.mjs").status_code == 404  # of a page of before


def test_another_content_has_another_address(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    for entry in modules.ENTRIES:
        (tmp_path / entry).parent.mkdir(exist_ok=True)
        (tmp_path / entry).write_text("")
    (tmp_path / "map" / "a.mjs").write_text("export const a = 1;")
    first = modules.Kept(tmp_path).address
    (tmp_path / "map" / "a.mjs").write_text("export const a = 2;")
    assert modules.Kept(tmp_path).address != first
    assert re.fullmatch(r"assets/[0-9a-f]{16}", first)


def test_the_lock_file_names_packages_by_their_content_and_no_registry() -> None:
    lock = json.loads((Path(__file__).parent / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in one and "resolved" not in one for one in packages.values())
