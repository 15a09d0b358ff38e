"""Models named by a folder: none of the workspace, none by the page unless the server was told, no code of theirs."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from explorer import encoders, ingest, run
from explorer.config import RunConfig, Settings
from explorer.errors import BadSetting, ExplorerError, MissingWeights, UnknownEncoder
from explorer.server import open_services
from explorer.workspace import Workspace


def model_in(folder: Path, *, type: str = "intruder.Module") -> Path:
    """Write what sentence-transformers takes for a model whose module is Python beside it, which leaves a mark."""
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": type}]))
    (folder / "config.json").write_text("{}")
    (folder / "intruder.py").write_text(f"open({str(folder / 'ran')!r}, 'w').close()\nclass Module: pass\n")
    return folder


@pytest.fixture
def served(tmp_path: Path) -> Any:
    workspace = Workspace(tmp_path / "workspace")
    allowed = tmp_path / "models"
    services = open_services(workspace, Settings(workspace.path, model_folders=(allowed,)))
    dataset = services.datasets.add_text("one line\nanother line\n", "two")["dataset"]
    yield services, dataset, allowed
    services.jobs.close()


@pytest.mark.parametrize("form", ["st:{}", "clip:local-dir:{}"])
def test_a_page_names_no_folder_but_those_the_server_was_told_of(served, tmp_path, form):
    services, dataset, allowed = served
    uploaded = model_in(services.workspace.path / "datasets" / "x" / "source" / "model")
    elsewhere = model_in(tmp_path / "elsewhere")
    told = model_in(allowed / "mine")
    (allowed / "link").symlink_to(uploaded, target_is_directory=True)
    (allowed / "away").symlink_to(elsewhere, target_is_directory=True)
    refused = [uploaded, elsewhere, allowed / "link", allowed / "away", allowed / ".." / "elsewhere", "/proc", "~", "."]
    for place in refused:
        with pytest.raises(BadSetting):
            services.runs.start(dataset, {"encoder": form.format(place)})
    with pytest.raises(
        (MissingWeights, UnknownEncoder)
    ):  # told of, but none that is loaded: it would bring its own code
        services.runs.start(dataset, {"encoder": form.format(told)})
    assert services.runs.all() == []
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize(
    "name", ["st:" + "a" * 256, "st:" + "𝔨" * 64, "clip:MODEL/" + "b" * 5_000, "st:" + "a/" * 1_500]
)
def test_a_name_that_is_longer_than_a_folder_may_have_is_told_shortly(served, name):
    services, dataset, _ = served
    with pytest.raises(UnknownEncoder) as told:
        services.runs.start(dataset, {"encoder": name})
    assert len(str(told.value)) < 400


UNREADABLE = [
    "/x\0y",
    "/proc/1/root",
    "/proc/1/cwd/x",
    "~nobodyatall/x",
    "\ud800/x",
    "a\nb/c/d",
    "\x1b]0;x\x07/y",
    "/" + "../" * 400,
]


@pytest.mark.parametrize("form", ["st:{}", "clip:local-dir:{}"])
def test_a_name_that_no_file_system_takes_or_lets_us_see_is_refused_by_each_that_asks(served, monkeypatch, form):
    services, dataset, _ = served
    asks = [encoders.modalities_of, encoders.fingerprint, encoders.is_here, lambda name: encoders.unread(name, ["a"])]
    real = Path.stat

    def stat(path: Path, **options: Any) -> Any:
        if str(path).startswith("/proc/1/"):  # also where root runs the tests
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    for name in map(form.format, UNREADABLE):
        with pytest.raises((BadSetting, UnknownEncoder)):
            services.runs.start(dataset, {"encoder": name})
        for ask in asks:
            with suppress(ExplorerError):
                ask(name)


@pytest.mark.parametrize("name", ["st:https://huggingface.co/a/b", "st:file:///tmp", "clip:local-dir:s3://b/c"])
def test_an_address_is_told_to_be_one(served, tmp_path, name):
    services, dataset, _ = served
    with pytest.raises(BadSetting, match=r"is an address, .* name a model of the hub"):
        services.runs.start(dataset, {"encoder": name})
    with pytest.raises(BadSetting, match="is an address, "):
        run(ingest.load_text("one\ntwo\n", name="x"), encoder=name, workspace=tmp_path / "other")


def test_a_refusal_does_not_tell_what_lies_in_the_workspace(served):
    services, dataset, _ = served
    said = set()
    with (services.workspace.path / "records.lock").open("a") as ours, Path(__file__).open() as other:
        for place in (f"/dev/fd/{ours.fileno()}", f"/dev/fd/{other.fileno()}", services.workspace.path, "/nowhere"):
            with pytest.raises(BadSetting) as told:
                services.runs.start(dataset, {"encoder": f"st:{place}"})
            said.add(str(told.value).replace(str(place), ""))
    assert len(said) == 1


def test_a_command_names_no_folder_in_its_workspace(tmp_path):
    workspace = Workspace(tmp_path / "workspace")
    uploaded = model_in(workspace.path / "uploads" / "model")
    with pytest.raises(BadSetting, match="workspace"):
        run(ingest.load_text("one\ntwo\n", name="x"), encoder=f"st:{uploaded}", workspace=workspace)
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize("type", ["intruder.Module", "os.system", "sentence_transformers_evil.X", ""])
def test_code_that_comes_with_a_model_is_not_run(tmp_path, type):
    folder = model_in(tmp_path / "model", type=type)
    with pytest.raises(MissingWeights, match="never run"):
        encoders.load_encoder(f"st:{folder}", device="cpu")
    assert not list(tmp_path.rglob("ran"))


def test_the_library_itself_refuses_such_a_model(tmp_path):
    from sentence_transformers import SentenceTransformer

    folder = model_in(tmp_path / "model")
    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert not list(tmp_path.rglob("ran"))


def test_a_folder_that_is_no_model_is_not_read_through(tmp_path, monkeypatch):
    monkeypatch.setattr(encoders.weights, "folder_digest", lambda _folder: pytest.fail("all of it was read"))
    (tmp_path / "data.bin").write_bytes(b"much")
    for place in (tmp_path, "/proc"):
        with pytest.raises(ExplorerError):
            encoders.fingerprint(f"st:{place}")


def test_which_names_are_folders():
    assert encoders.registry.folder_of("st:all-mpnet-base-v2") is None
    assert encoders.registry.folder_of("st:owner/model.v2") is None
    assert encoders.registry.folder_of("clip:ViT-B-32/openai") is None
    assert encoders.registry.folder_of(RunConfig().embed.encoder) is None
    for name in ("st:/proc", "st:~", "st:.", "st:../x", "st:a/b/c", "st:C:\\x", "clip:local-dir:x"):
        assert encoders.registry.folder_of(name) is not None
