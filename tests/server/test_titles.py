"""Names by a language model over REST: nobody has the server call an address of their own, and none sees the key."""

import json
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from explorer.config import LOOPBACK, NAMES_KEY, NO_MODEL, Settings
from explorer.description import PROMPT
from explorer.errors import BadSetting
from explorer.runs.namings import WORKING
from explorer.server import open_services
from explorer.server.api import mount
from explorer.ui.markup import markup
from explorer.ui.panels import search, titles
from explorer.workspace.folder import Workspace
from tests.languagemodel import counted, endless, language_model, status
from tests.servers import until
from tests.synthetic import write_run

KEY = "sk-nobody-may-see-this"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    return folder, write_run(folder, 300, dim=8, clusters=5, scored=False)


@contextmanager
def serving(made, **settings):
    folder, key = made
    (folder / "runs" / f"{key}.titles").unlink(missing_ok=True)
    app, services = FastAPI(), open_services(Workspace(folder), Settings(folder, **settings))
    mount(app, services)
    client = TestClient(app, base_url="http://127.0.0.1:8050/api/v1")
    client.services, client.names = services, f"/runs/{key}/names"
    yield client
    services.jobs.close()


def ended(client):
    def look():
        state = client.get(client.names).json()
        return None if state["state"] in WORKING else state

    return until(look, 20, "the names")


def shown(client):
    return [c["name"] for c in client.get(client.names.replace("names", "clusters")).json()["clusters"]]


def test_names_are_previewed_asked_for_followed_and_taken_back(made):
    with serving(made) as client, language_model() as model:
        before = shown(client)
        asked = {"address": model.address, "model": "small", "items": 3}
        would = client.post(f"{client.names}/preview", json=asked).json()
        assert not model.requests
        assert would["requests"] == len(before)
        state = client.get(client.names).json()
        assert {name: state[name] for name in ("state", "named", "used", "allowed", "takes_address", "items")} == {
            "state": "none", "named": 0, "used": False, "allowed": True, "takes_address": True, "items": 8,
        }  # fmt: skip
        assert client.post(client.names, json=asked).status_code == 202
        state = ended(client)
        assert (state["state"], state["named"], state["used"], state["model"]) == ("done", 5, True, "small")
        assert model.requests[0]["messages"] == would["first"][0]["messages"]
        assert would["first"][0]["messages"][0]["content"] == PROMPT
        assert (
            abs(would["tokens"] * 4 - sum(len(json.dumps(r["messages"])) for r in model.requests))
            < 0.3 * 4 * would["tokens"]
        )
        first = client.get(client.names.replace("names", "clusters")).json()["clusters"][0]
        assert (first["name"], first["named_by"], first["name_before"]) == ("Group number 1", "small", before[0])
        client.put(f"{client.names}/used", json={"used": False})
        assert shown(client) == before
        client.put(f"{client.names}/used", json={"used": True})
        assert shown(client)[0] == "Group number 1"


def test_a_naming_is_stopped_and_what_came_stays(made):
    with serving(made) as client, language_model(counted, endless(0.05)) as model:
        asked = {"address": model.address, "model": "small"}
        client.post(client.names, json=asked)
        until(lambda: len(model.requests) > 1, 20, "the second request")
        client.post(client.names, json=asked)  # once is enough
        assert client.delete(client.names).status_code == 204
        state = ended(client)
        assert (state["state"], state["named"]) == ("cancelled", 1)
        client.services.jobs.namings.cancel(made[1], wait=20)
        assert len(model.requests) == 2
        assert shown(client)[0] == "Group number 1"


def test_a_failure_is_a_sentence_that_says_the_cure(made):
    with serving(made) as client, language_model(status(401)) as model:
        client.post(client.names, json={"address": model.address, "model": "small"})
        state = ended(client)
        assert (state["state"], state["named"]) == ("failed", 0)
        assert NAMES_KEY in state["error"]
        assert NAMES_KEY in markup(titles.state_of(state))


@pytest.mark.parametrize(
    "settings",
    [{"host": "0.0.0.0"}, {"host": "192.168.1.5"}, {"host": "::"}, {"allowed_hosts": ("explore.test",)},
     {"names_url": NO_MODEL}, {"names_url": "http://127.0.0.1:9/v1"},
     {"host": "0.0.0.0", "names_url": "http://127.0.0.1:9/v1"}],
    ids=str,
)  # fmt: skip
def test_no_visitor_has_the_server_call_an_address_of_theirs(made, settings, monkeypatch):
    monkeypatch.setenv(NAMES_KEY, KEY)
    with serving(made, **settings) as client, language_model() as model:
        for address in (model.address, model.address + "/", "http://169.254.169.254/v1"):
            answer = client.post(client.names, json={"address": address, "model": "small"})
            assert answer.status_code == 422
            assert client.get(client.names).json()["state"] == "none"
        assert client.services.titles.takes_address is False
        assert not model.requests


@pytest.mark.parametrize("host", LOOPBACK)
def test_who_is_at_this_machine_names_the_model_but_the_key_stays(made, host, monkeypatch):
    monkeypatch.setenv(NAMES_KEY, KEY)
    with serving(made, host=host) as client, language_model() as model:
        client.post(client.names, json={"address": model.address, "model": "small"})
        assert ended(client)["state"] == "done"
        assert all("Authorization" not in headers for headers in model.headers)


def test_the_key_goes_to_the_address_of_the_settings_and_to_nobody_else(made, monkeypatch):
    monkeypatch.setenv(NAMES_KEY, KEY)
    with (
        language_model() as model,
        serving(made, host="0.0.0.0", names_url=model.address, names_model="small") as client,
    ):
        client.post(client.names, json={})
        assert ended(client)["state"] == "done"
        assert {headers["Authorization"] for headers in model.headers} == {f"Bearer {KEY}"}
        answers = [client.get(client.names), client.get("/runs"), client.post(f"{client.names}/preview", json={})]
        assert all(KEY not in answer.text for answer in answers)
        assert KEY not in repr(client.services.settings)


@pytest.mark.parametrize(
    ("address", "key"), [("models.test", ""), ("https://user:pw@models.test/v1", ""), ("https://models.test/v1", "ünï")]
)
def test_settings_that_cannot_be_are_told_when_the_server_starts(made, address, key, monkeypatch):
    monkeypatch.setenv(NAMES_KEY, key)
    with pytest.raises(BadSetting), serving(made, names_url=address):
        pass


@pytest.mark.parametrize(
    "junk",
    [{"items": 0}, {"items": "many"}, {"prompt": ""}, {"characters": 10**9}, {"host": "x"}, {"model": ["a"]}, {}],
)
def test_junk_is_refused_with_a_sentence(made, junk):
    with serving(made) as client, language_model() as model:
        answer = client.post(client.names, json={"address": model.address, **junk})
        assert answer.status_code == 422
        assert answer.json()["detail"]
        assert not model.requests
    with serving(made) as client:
        assert client.get("/runs/0123456789abcdef/names").status_code == 404
        assert client.put(f"{client.names}/used", json={"used": True}).status_code == 404


def test_hits_that_the_browser_keeps_are_shown_under_the_names_that_clusters_have_now():
    hits = [{"row": 3, "cluster": 0, "cluster_name": "old"}, {"row": 4, "cluster": -1, "cluster_name": "noise"}]
    answer = {"clusters": [{"cluster": 0, "name": "new"}]}
    assert [hit["cluster_name"] for hit in search.called(hits, answer)] == ["new", "noise"]


def test_the_page_shows_what_would_be_sent_word_by_word_before_send_can_be_pressed(made):
    with serving(made) as client:
        answer = client.services.titles.preview(made[1], {"items": 2})
        text = markup(titles.preview(answer, "models.test", "small"))
        assert "5 requests, about" in text
        assert "to models.test, model small: up to 2 items" in text
        assert "frequent_words" in text
        assert "The first 3 of 5, word by word" in text
        assert text.count("names-request") == 3
        fewer = {**answer, "requests": 3}
        assert "All 3, word by word" in markup(titles.preview(fewer, "models.test", "small"))
        hidden = markup(titles.layout(client.services))
        assert 'id="names-ask" class="hidden"' in hidden or 'class="hidden" id="names-ask"' in hidden
    with serving(made, host="0.0.0.0", names_url="http://127.0.0.1:9/v1") as client:
        layout = titles._form(client.services)[0]
        assert layout.className == "hidden"
