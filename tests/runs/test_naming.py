"""Names by a language model: what is sent, what is kept, and that nothing it answers does harm."""

import json
import time
from email.utils import formatdate
from functools import partial

import pytest

from explorer.config import NAMES_KEY
from explorer.description import Asking
from explorer.encoders.transport import waits
from explorer.errors import BadSetting, Cancelled, NoAnswer, NotFound
from explorer.runs import Endpoint, names_by, open_run, use_names
from explorer.runs.endpoint import LONGEST_WAIT, MOST_BYTES, TRIES
from explorer.runs.naming import name_clusters, requests_of
from explorer.workspace.folder import Workspace
from tests.languagemodel import completion, counted, endless, language_model, named, status
from tests.synthetic import write_run

KEY = "sk-nobody-may-see-this"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    key = write_run(folder, 400, dim=16, clusters=6, scored=False)
    join(Workspace(folder), key, [(0, 1, 2), (3, 4), (5,)])
    return folder, key


def join(workspace, key, groups):
    """Give a run levels of names: groups of clusters above the clusters themselves."""
    plan = workspace.runs.record(key)["plan"]
    home = workspace.path / "stages" / f"describe-{plan['keys']['describe']}" / "record.json"
    record = json.loads(home.read_text())
    own = [{"name": s["name"], "size": s["size"], "clusters": [s["label"]]} for s in record["summaries"]]
    broad = [own[of[0]] if len(of) == 1 else {"name": f"broad {of}", "size": 9, "clusters": list(of)} for of in groups]
    home.write_text(json.dumps({**record, "levels": [broad, own]}))


@pytest.fixture
def run(made):
    """Return a workspace and the key of a run in it whose names are those of its words."""
    workspace = Workspace(made[0])
    (made[0] / "runs" / f"{made[1]}.titles").unlink(missing_ok=True)
    return workspace, made[1]


def ask(run, model, **more):
    return name_clusters(*run, Endpoint.at(model.address, "small", key=KEY), Asking(), **more)


def names(run):
    opened = open_run(run[1], workspace=run[0])
    return [summary.name for summary in opened.summaries], [[group.name for group in level] for level in opened.levels]


def test_every_cluster_and_what_joins_them_is_named_marked_and_can_be_taken_back(run):
    workspace, key = run
    before = names(run)
    with language_model() as model:
        named_run = names_by(key, model.address, model="small", workspace=workspace)
    opened = open_run(key, workspace=workspace)
    shown, levels = names(run)
    assert [s.name for s in named_run.summaries] == shown
    assert shown == [f"Group number {at}" for at in range(1, len(before[0]) + 1)]
    assert {title.model for title in opened.titles.values()} == {"small"}
    assert [opened.titles[at].before for at in range(len(shown))] == before[0]
    assert opened.titles[0].sentence == "The 1th."
    assert levels[0] == ["Group number 7", "Group number 8", "Group number 6"]
    assert levels[1] == shown
    assert all(len(set(level)) == len(level) for level in levels)
    use_names(key, used=False, workspace=workspace)
    assert names(run) == before
    use_names(key, workspace=workspace)
    assert names(run) == (shown, levels)


def test_the_request_holds_what_was_shown_and_the_key_is_in_its_header_alone(run, monkeypatch):
    workspace, key = run
    monkeypatch.setenv(NAMES_KEY, KEY)
    opened = open_run(key, workspace=workspace)
    asking = Asking(items=7, characters=25, prompt="Name it.")
    would = [request for _, request in requests_of(opened, asking)]
    with language_model() as model:
        names_by(key, model.address, model="small", items=7, characters=25, prompt="Name it.", workspace=workspace)
    assert model.requests[0] == {"model": "small", "messages": would[0], "stream": False}
    assert set(model.paths) == {"/v1/chat/completions"}
    told = model.told[0]["items"]
    own = [" ".join(item.split()) for item in opened.dataset.items]
    own = [item for item, label in zip(own, opened.clustering.labels, strict=True) if label == 0]
    assert len(told) == 7
    assert all(len(text) <= 25 and any(item.startswith(text[:-1]) for item in own) for text in told)
    assert {headers["Authorization"] for headers in model.headers} == {f"Bearer {KEY}"}
    kept = "".join(path.read_text() for path in (workspace.path / "runs").iterdir() if path.suffix != ".lock")
    assert "Group number 1" in kept
    assert KEY not in kept
    assert KEY not in repr(Endpoint.at(model.address, "small", key=KEY))
    assert KEY not in json.dumps(model.requests)


def test_broad_groups_are_named_by_the_new_names_of_their_parts(run):
    with language_model() as model:
        ask(run, model)
    joins = [told["groups_that_it_joins"] for told in model.told if "groups_that_it_joins" in told]
    assert joins
    assert all(name.startswith("Group number") for parts in joins for name in parts)


def test_what_is_interrupted_keeps_its_names_and_goes_on_where_it_was(run):
    before = names(run)[0]
    with language_model(counted, counted, status(418)) as model, pytest.raises(NoAnswer, match=r"418.*Ask again to go"):
        ask(run, model)
    assert names(run)[0] == ["Group number 1", "Group number 2", *before[2:]]
    with language_model(counted, counted, status(418), counted) as model:
        with pytest.raises(NoAnswer):
            ask(run, model)
        ask(run, model)
    assert len(model.requests) == 9
    assert names(run)[0] == [f"Group number {at}" for at in (1, 2, 4, 5, 6, 7)]


def test_what_was_asked_in_the_same_way_is_not_asked_again_unless_that_is_wished(run):
    with language_model() as model:
        first = ask(run, model)
        sent = len(model.requests)
        assert ask(run, model) == {"named": 0, "unusable": 0, "reasons": []}
        assert len(model.requests) == sent == first["named"]
        assert ask(run, model, again=True)["named"] == sent


def test_stopping_gives_up_the_answer_that_is_waited_for_and_keeps_those_that_came(run):
    def progress(told):
        if told.done == 2:
            raise Cancelled("stopped.")

    with language_model(counted, counted, endless(0.1)) as model, pytest.raises(Cancelled):
        ask(run, model, progress=progress)
    assert names(run)[0][:2] == ["Group number 1", "Group number 2"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (status(401), f"wants another key: set {NAMES_KEY}"),
        (status(403), "does not let this key ask small"),
        (status(404), "has no model small"),
        (status(400, json.dumps({"error": {"message": f"no\x1b[31m <b>{KEY}</b>"}}).encode()), r"400: no \[31m …\)"),
        (status(429, Retry_After="3600"), r"takes no more for now \(in 3,600 s"),
        (status(307, Location="http://127.0.0.1:1/v1/chat/completions"), "another address; give that one"),
        (status(200, b"<html>Welcome</html>"), "no answer of a language model"),
        (status(200, b"[" * 100_000), "no answer of a language model"),
        (status(200, b"{}", Content_Encoding="gzip"), "is packed"),
        (endless(0, b" " * 65_536), "larger than 1 MiB"),
        (endless(0.05), "did not finish an answer in 1 s"),
        (lambda request, asked: request.wfile.write(b"no http\r\n\r\n"), "does not speak HTTP"),
        (lambda request, asked: request.connection.close(), "does not speak HTTP"),
        ("I'd rather talk about the weather.", "without the JSON object"),
        (named(""), "it gave no name"),
        (named("I'm sorry, I can't help with that"), "it refused"),
        (named("long " * 40), "more than 60"),
        ('{"name": ["a"], "summary": 3}', "it gave no name"),
        ('{"name":' * 5_000, "without the JSON object"),
        (status(200, completion(None, refusal="no")), "it refused"),
        (status(200, completion(None)), "it answered nothing"),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_leaves_the_names_and_is_said_in_a_sentence(run, answer, sentence):
    before = names(run)
    with language_model(answer) as model, pytest.raises(NoAnswer, match=sentence) as told:
        ask(run, model, seconds=1)
    assert names(run) == before
    assert KEY not in str(told.value)
    assert str(told.value).endswith((".", ").", "stay."))
    assert MOST_BYTES < 2**21


def test_a_server_that_is_not_there_is_said_so(run):
    with language_model() as model:
        gone = model.address
    with pytest.raises(NoAnswer, match=r"cannot be reached\. Start it"):
        name_clusters(*run, Endpoint.at(gone, "small"), Asking())


def test_a_server_that_is_busy_for_a_moment_is_asked_again(run):
    with language_model(status(429, Retry_After="0"), status(503, Retry_After="0"), counted) as model:
        ask(run, model)
    assert names(run)[0][0] == "Group number 3"


def test_retry_after_is_kept_to_whatever_it_says():
    wait = partial(waits, longest=LONGEST_WAIT)
    assert [wait(429, said, tried=1) for said in ("7", "0", None, "soon", "9999", "-3")] == [7, 0, 2, 2, None, 2]
    assert 50 < wait(503, formatdate(time.time() + 57, usegmt=True), tried=0) <= 58
    assert [wait(code, None, tried=2) for code in (500, 502, 504, 401, 200)] == [4, 4, 4, None, None]
    assert TRIES > 2


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (named("<script>alert(1)</script> Lost\u202e cards\x00\n"), "alert(1) Lost cards"),
        (f"<think>maybe {named('No')} or so</think>\n{named('“Lost cards.”')} That is it.", "Lost cards"),
        (named("挂失银行卡"), "挂失银行卡"),
        (named("نامه‌ها"), "نامه‌ها"),
        (named("**Lost cards**"), "Lost cards"),
    ],
)
def test_a_name_is_plain_text(run, said, name):
    with language_model(said, counted) as model:
        ask(run, model)
    assert names(run)[0][0] == name


def test_the_same_name_for_two_is_asked_for_once_more_and_then_told_apart(run):
    before = names(run)[0]
    with language_model(named("Cards")) as model:
        ask(run, model)
    shown, levels = names(run)
    assert len(set(shown)) == len(shown)
    assert shown[:2] == ["Cards", f"Cards ({before[1]})"]
    assert "Cards" in model.told[2]["names_of_other_groups"]
    assert all(len(set(level)) == len(level) for level in levels)


def test_a_name_that_a_cluster_without_one_has_already_is_told_apart(run):
    before = names(run)[0]
    with language_model(named(before[3].upper()), status(401)) as model, pytest.raises(NoAnswer):
        ask(run, model)
    shown = names(run)[0]
    assert len({name.casefold() for name in shown}) == len(shown)
    assert shown[3] == before[3]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"),
        (" https://models.test/v1/ ", "https://models.test/v1"),
        ("https://models.test/openai/v1/chat/completions", "https://models.test/openai/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_an_address_may_be_given_as_people_give_it(given, address):
    assert Endpoint.at(given, "m").address == address


@pytest.mark.parametrize(
    "address",
    ["", "models.test/v1", "file:///etc/passwd", "ftp://a/v1", "http://", "http://[", "http://a:99999/v1",
     "http://a b/v1", "http://a/\r\nX: y", "https://user:secret@a/v1", "https://a/v1?key=secret", "https://a/v1#secret",
     "http://" + "a" * 600],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_repeated(address):
    with pytest.raises(BadSetting) as told:
        Endpoint.at(address, "m")
    assert "secret" not in str(told.value)


def test_a_key_that_no_header_takes_and_a_model_without_a_name_are_refused():
    for key in ("two words", "ünï", "a\nb"):
        with pytest.raises(BadSetting, match=NAMES_KEY) as told:
            Endpoint.at("http://a/v1", "m", key=key)
        assert key not in str(told.value)
    with pytest.raises(BadSetting, match="which model"):
        Endpoint.at("http://a/v1", " ")


@pytest.mark.parametrize("settings", [{"items": 0}, {"items": 51}, {"characters": True}, {"prompt": " "}])
def test_what_cannot_be_asked_is_refused_before_a_byte_leaves(run, settings):
    with language_model() as model, pytest.raises(BadSetting):
        name_clusters(*run, Endpoint.at(model.address, "small"), Asking(**settings))
    assert not model.requests


def test_names_go_with_their_run_and_a_damaged_file_of_names_costs_nothing_else(tmp_path):
    key = write_run(tmp_path, 60, dim=8, clusters=3, scored=False)
    workspace = Workspace(tmp_path)
    with pytest.raises(NotFound):
        use_names(key, workspace=workspace)
    with language_model() as model:
        names_by(key, model.address, model="small", workspace=workspace)
    kept = tmp_path / "runs" / f"{key}.titles"
    kept.write_text("{")
    assert not open_run(key, workspace=workspace).titles
    workspace.delete_run(key)
    assert not kept.exists()
    with pytest.raises(NotFound):
        workspace.runs.keep_titles(key, {})
    kept.write_text("{}")
    assert workspace.leftovers() == [kept]
