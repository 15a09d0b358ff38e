"""What leaves this machine for a map: told before, agreed to, and nowhere else than allowed; the key is nowhere."""

import dataclasses
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from explorer.config import ENCODER_KEY, ENCODER_URLS, RunConfig, Settings
from explorer.encoders import canonical
from explorer.errors import BadSetting, NotAgreed
from explorer.ingest import load
from explorer.questions import search
from explorer.runs import open_run, run, sending_of
from explorer.server import open_services
from explorer.ui import create_app
from explorer.workspace import Workspace
from tests.languagemodel import status
from tests.vectorserver import vector_server

API = "/api/v1"
LINES = [f"a line about {('soup', 'trains', 'money')[at % 3]} number {at}" for at in range(60)]


@pytest.fixture
def server():
    with vector_server() as made:
        yield made


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


def dataset_of(tmp_path, workspace, lines=LINES, name="lines.txt"):
    path = tmp_path / name
    path.write_text("\n".join(lines))
    dataset = load([path])
    workspace.datasets.add(dataset)
    return dataset


@contextmanager
def client(workspace, **settings):
    services = open_services(workspace, Settings(workspace.path, warm=False, **settings))
    try:
        with TestClient(create_app(services).server, base_url="http://127.0.0.1") as made:
            made.services = services
            yield made
    finally:
        services.readers.close()
        services.jobs.close()


def ended(made, key):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = made.get(f"{API}/runs/{key}").json()
        if told["state"] not in ("queued", "running"):
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def test_nothing_is_sent_before_somebody_agrees_and_a_map_then_takes_each_text_once(tmp_path, workspace, server):
    dataset, encoder = dataset_of(tmp_path, workspace, [*LINES, *LINES[:20]]), f"openai:m@{server.address}"
    with pytest.raises(NotAgreed, match=rf"60 items with .* are sent to 127.0.0.1:{server.port}; what that costs"):
        run(dataset, encoder=encoder, workspace=workspace)
    told = sending_of(dataset, encoder, workspace=workspace)
    assert (told.items, told.rows, told.known, told.price) == (60, 80, 0, None)
    assert told.characters == sum(map(len, LINES))
    assert not server.requests
    made = run(dataset, encoder=encoder, workspace=workspace, send=True)
    assert sorted(server.requests[1]["input"]) == sorted(LINES)  # the first asks for the vector of a letter
    assert made.agreed
    before = len(server.requests)
    run(dataset, encoder=encoder, workspace=workspace, min_cluster_size=7)  # the same vectors: nobody has to agree anew
    assert not set(LINES) & {text for asked in server.requests[before:] for text in asked["input"]}


def test_another_dataset_that_shares_rows_pays_for_the_others_alone_also_after_a_map_is_deleted(
    tmp_path, workspace, server
):
    encoder = f"openai:m@{server.address}"
    first = run(dataset_of(tmp_path, workspace), encoder=encoder, workspace=workspace, send=True)
    workspace.delete_run(first.key)
    assert workspace.vectors.size() > 0
    more = [f"a new line number {at}" for at in range(7)]
    second, before = dataset_of(tmp_path, workspace, [*LINES, *more], "more.txt"), len(server.texts)
    told = sending_of(second, encoder, workspace=workspace)
    assert (told.items, told.known) == (7, 60)
    run(second, encoder=encoder, workspace=workspace, send=True)
    assert not set(LINES) & set(server.texts[before:])
    assert set(more) <= set(server.texts[before:])
    workspace.delete_dataset(first.dataset.key)
    assert not list(workspace.vectors.path.glob("embed-*"))


def test_vectors_that_belong_to_no_map_are_pruned_by_least_use(tmp_path, workspace, server, monkeypatch):
    encoder, kept = f"openai:m@{server.address}", []
    for number in range(3):
        lines = [f"{line} of {number}" for line in LINES]
        made = run(
            dataset_of(tmp_path, workspace, lines, f"{number}.txt"), encoder=encoder, workspace=workspace, send=True
        )
        workspace.delete_run(made.key)
        kept += [path for path in workspace.vectors.path.glob("embed-*") if path not in kept]
        os.utime(kept[-1] / "about.json", (1000 + number, 1000 + number))
    (workspace.vectors.path / "texts.sqlite").unlink()
    one = workspace.vectors.size() // 3
    workspace.vectors.used(kept[0])
    workspace.vectors.prune(to=2 * one + 100)
    assert sorted(workspace.vectors.path.glob("embed-*")) == sorted([kept[0], kept[2]])
    monkeypatch.setenv("EXPLORER_CACHE_GB", "0")
    workspace.sweep()
    assert workspace.vectors.size() == 0


def test_the_price_is_told_where_somebody_said_it_and_not_guessed(tmp_path, workspace, monkeypatch):
    file = tmp_path / "encoders.toml"
    file.write_text('[ours]\nencoder = "openai:m"\nprice = 100\ncurrency = "EUR"\n')
    monkeypatch.setenv("EXPLORER_ENCODERS", str(file))
    dataset = dataset_of(tmp_path, workspace)
    told = sending_of(dataset, "ours", workspace=workspace)
    assert told.price == pytest.approx(told.tokens / 1e4)
    assert f"about {told.price:.2f} EUR" in told.words()
    assert "not known" in sending_of(dataset, "cohere:m", workspace=workspace).words()


def test_over_rest_a_run_is_asked_for_with_the_field_that_agrees(tmp_path, workspace, server):
    dataset, encoder = dataset_of(tmp_path, workspace), f"openai:m@{server.address}"
    with client(workspace) as made:
        told = made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": encoder}).json()["sending"]
        assert (told["items"], told["to"], told["agreed"]) == (60, f"127.0.0.1:{server.port}", False)
        refused = made.post(f"{API}/runs", json={"dataset": dataset.key, "encoder": encoder})
        assert refused.status_code == 428
        assert "60 items" in refused.json()["detail"]
        assert not server.requests
        key = made.post(f"{API}/runs", json={"dataset": dataset.key, "encoder": encoder, "send": True}).json()["run"]
        assert ended(made, key)["state"] == "done"
        assert set(LINES) <= set(server.texts)
        before = len(server.texts)
        hits = made.get(f"{API}/runs/{key}/search", params={"q": LINES[5]}).json()
        assert hits["hits"][0]["row"] == 5
        assert LINES[5] in server.texts[before:]
        before = len(server.texts)
        made.get(f"{API}/runs/{key}/search", params={"q": LINES[5]})
        assert len(server.texts) == before
        told = made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": encoder}).json()["sending"]
        assert (told["items"], told["known"], told["agreed"]) == (0, 60, True)
        assert made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": "minilm"}).json()["sending"] is None


def test_a_page_names_no_address_that_the_servers_owner_did_not_allow(tmp_path, workspace, server):
    dataset, other = dataset_of(tmp_path, workspace), "openai:m@http://169.254.169.254/v1"
    for settings in ({"allowed_hosts": ("example.org",)}, {"encoder_urls": server.address}, {"encoder_urls": "off"}):
        with client(workspace, **settings) as made:
            body = {"dataset": dataset.key, "encoder": other, "send": True}
            assert made.post(f"{API}/runs", json=body).status_code == 422
            asked = made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": other})
            assert "sends nothing to 169.254.169.254" in asked.json()["detail"]
            own = f"openai:m@{server.address}"
            allowed = settings.get("encoder_urls") == server.address
            asked = made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": own})
            assert (asked.status_code == 200) == allowed
            listed = {one["name"] for one in made.get(f"{API}/encoders").json()["encoders"]}
            assert not {"openai:MODEL", "own:MODULE:FUNCTION", "openai:text-embedding-3-small"} & listed
            assert "minilm" in listed
    assert not server.requests


def test_a_page_runs_no_code_that_the_servers_owner_did_not_name(tmp_path, workspace, monkeypatch):
    mine, touched = tmp_path / "mine.py", tmp_path / "touched"
    mine.write_text(f"open({str(touched)!r}, 'w')\ndef embed(texts): return [[len(t), 1.0] for t in texts]\n")
    dataset = dataset_of(tmp_path, workspace)
    with client(workspace) as made:
        for name in (f"own:{mine}:embed", "own:os:system", "own:nowhere:embed"):
            assert made.post(f"{API}/runs", json={"dataset": dataset.key, "encoder": name}).status_code == 422
            assert made.get(f"{API}/datasets/{dataset.key}/sending", params={"encoder": name}).status_code == 422
        assert not touched.exists()
        (workspace.path / "encoders.toml").write_text(f'[mine]\nencoder = "own:{mine}:embed"\n')
        assert "mine" in {one["name"] for one in made.get(f"{API}/encoders").json()["encoders"]}
        key = made.post(f"{API}/runs", json={"dataset": dataset.key, "encoder": "mine"}).json()["run"]
        assert ended(made, key)["state"] == "done"
    assert touched.exists()


def test_a_map_from_elsewhere_is_not_searched_before_somebody_agrees(tmp_path, workspace, server):
    dataset, encoder = dataset_of(tmp_path, workspace), f"openai:m@{server.address}"
    made = run(dataset, encoder=encoder, workspace=workspace, send=True)
    record = workspace.runs.record(made.key)
    workspace.runs.write({name: value for name, value in record.items() if name != "agreed"})  # as one that is imported
    before = len(server.requests)
    with pytest.raises(NotAgreed, match="would be sent to 127"):
        search(open_run(made.key, workspace=workspace), "soup")
    with client(workspace) as page:
        assert page.get(f"{API}/runs/{made.key}/search", params={"q": "soup"}).status_code == 428
    assert len(server.requests) == before


def test_the_key_appears_nowhere(tmp_path, server, monkeypatch):
    secret = "sk-very-secret-key-12345"
    environment = {**os.environ, ENCODER_KEY: secret, ENCODER_URLS: server.address, "OPENAI_API_KEY": secret}
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(LINES))
    server.answers.extend([None, status(500, secret.encode()), status(429, secret.encode(), Retry_After="0")])
    ours = [sys.executable, "-m", "explorer"]
    within = ["--workspace", str(tmp_path / "w")]
    command = [*ours, "run", str(path), "--encoder", f"openai:m@{server.address}", "--yes", *within]
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    listed = []
    while started.poll() is None:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has ended
                listed.append(file.read_bytes())
        time.sleep(0.5)
    said = started.stdout.read()
    assert started.returncode == 0, said
    assert server.headers[-1]["Authorization"] == f"Bearer {secret}"
    run_key = said.decode().split("run ")[1].split(":")[0]
    report = [*ours, "report", run_key, "--out", str(tmp_path / "report.html"), *within]
    subprocess.run(report, env=environment, check=True, capture_output=True)
    everything = [said, *listed, *(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())]
    assert not any(secret.encode() in some for some in everything)


def test_an_agreement_is_of_a_dataset_and_an_encoder_and_of_nothing_else(tmp_path, workspace, server):
    dataset, encoder = dataset_of(tmp_path, workspace), f"openai:m@{server.address}"
    run(dataset, encoder=encoder, workspace=workspace, send=True)
    with pytest.raises(NotAgreed):
        run(dataset, encoder=encoder.replace("openai:m", "openai:n"), workspace=workspace)
    with pytest.raises(NotAgreed):
        run(dataset_of(tmp_path, workspace, ["other", *LINES], "other.txt"), encoder=encoder, workspace=workspace)


def test_settings_that_are_no_addresses_are_said_when_a_server_starts(workspace):
    with pytest.raises(BadSetting, match="address of an encoder"):
        open_services(workspace, dataclasses.replace(Settings(workspace.path, warm=False), encoder_urls="nonsense"))
    assert canonical("openai:m") == "openai:m"
    assert RunConfig.from_flat({"encoder": "openai:m"}).embed.encoder == "openai:m"
