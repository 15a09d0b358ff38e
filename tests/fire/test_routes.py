"""Junk over every route of the OpenAPI document and over Dash's own: nothing is a 500, nothing leaves a traceback."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer.errors import BadSetting
from explorer.server import without_places
from explorer.server.api.downloads import download
from explorer.server.edge import LARGEST_BODY, Unforeseen
from explorer.server.uploads.filenames import clean_name
from explorer.ui import ids
from explorer.ui.faults import MOST, Faults
from explorer.ui.shapes import check_values, hints_of
from explorer.ui.stored import STORES
from tests.fire.asking import Connection

REQUESTS_A_ROUTE = 12
DASH_REQUESTS = 120
DEEP = "[" * 50_000
WORDS = ["", "0", "-1", "17", "1e400", "nan", "9" * 400, "../../etc/passwd", "a" * 300, "𝔨" * 64, "𝔨" * 63,
         "\x00", "\ud800", "é", "%", "null", "st:/proc", "{}", DEEP[:3_000], "a/b",
         "..", "NUL", "/".join(["n" * 200] * 24)]  # fmt: skip
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    10**400,
    2**64,
    -(2**63),
    1.5,
    "",
    "𝔨" * 64,
    "x" * 500,
    [],
    {},
    [[]],
    {"a": {"b": []}},
    "st:/proc",
]
BODIES = [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"x"', DEEP.encode(), b'{"name": "\\ud800"}', b"0" * 5_000, b"{}"]


def value(chance: random.Random) -> Any:
    return chance.choice(VALUES)


def escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def junk_of(schema: dict[str, Any], run: str, chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    """Yield method, address and body of junk for each operation of an OpenAPI document."""
    for path, operations in schema["paths"].items():
        for method, told in operations.items():
            for _ in range(REQUESTS_A_ROUTE):
                address, query = path, []
                for one in told.get("parameters", ()):
                    known = {"key": run, "row": "3"}.get(one["name"]) if chance.random() < 0.7 else None
                    word = known or chance.choice(WORDS)
                    if one["in"] == "path":
                        address = address.replace(f"{{{one['name']}}}", escaped(word))
                    elif chance.random() < 0.6:
                        query.append(f"{one['name']}={escaped(word)}")
                yield method.upper(), f"{address}?{'&'.join(query)}", body_of(told, schema, chance)


def body_of(told: dict[str, Any], schema: dict[str, Any], chance: random.Random) -> bytes:
    """Return a body: of no form at all, or with the fields that are asked for and values that are not."""
    if "requestBody" not in told:
        return b""
    kinds = told["requestBody"].get("content", {})
    named = json.dumps(kinds).split("#/components/schemas/")
    if len(named) < 2 or chance.random() < 0.4:
        return chance.choice(BODIES)
    fields = schema["components"]["schemas"][named[1].split('"')[0]].get("properties", {})
    return json.dumps({name: value(chance) for name in fields if chance.random() < 0.8}).encode()


def call_of(one: dict[str, Any], values: Callable[[], Any]) -> dict[str, Any]:
    """Return a whole call of a callback with the values given."""
    outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names_of(one["output"])]
    if one["output"].startswith("{"):
        outputs = [[{**outputs[0], "id": part} for part in of(outputs[0]["id"])]]
    return {
        "output": one["output"],
        "outputs": outputs if one["output"].startswith("..") else outputs[0],
        "inputs": [part_of(given, values) for given in one["inputs"]],
        "state": [part_of(given, values) for given in one["state"]],
        "changedPropIds": [],
    }


def part_of(given: dict[str, Any], values: Callable[[], Any]) -> Any:
    """Return an input or a state of a call; of a pattern two that it stands for, which know their ids."""
    if not given["id"].startswith("{"):
        return {**given, "value": values()}
    return [{**given, "id": one, "value": one if given["property"] == "id" else values()} for one in of(given["id"])]


def of(pattern: str) -> list[dict[str, str]]:
    """Return parts of the page that a pattern stands for."""
    return [
        {part: name if kind == ["ALL"] else kind for part, kind in json.loads(pattern).items()} for name in ("x", "y")
    ]


def names_of(output: str) -> list[str]:
    return output.strip(".").split("...")


def dash_junk(callbacks: list[dict[str, Any]], chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    """Yield calls that are none: a real one with a part taken out or replaced, or something else altogether."""
    for body in BODIES:
        yield "POST", "/_dash-update-component", body
    for _ in range(DASH_REQUESTS):
        call = call_of(chance.choice(callbacks), lambda: None)
        part = chance.choice(list(call))
        call[part] = chance.choice([value(chance), [value(chance)], [[value(chance)]], {"id": value(chance)}])
        if chance.random() < 0.2:
            del call[part]
        yield "POST", "/_dash-update-component", json.dumps(call).encode()
    for word in WORDS:
        yield "GET", f"/_dash-component-suites/{escaped(word)}/{escaped(word)}", b""
        yield "GET", f"/_dash-component-suites/dash/{escaped(word)}", b""
        yield "POST", f"/_dash-layout?{escaped(word)}", b"{}"
        yield "GET", f"/{escaped(word)}", b""


async def answers(address: str, junk: list[tuple[str, str, bytes]]) -> list[tuple[int, str, bytes]]:
    """Return status, request and body of every answer; a connection that the server has closed is made anew."""
    said, connection = [], await Connection.to(address)
    for method, path, body in junk:
        try:
            status, told = await asyncio.wait_for(connection.ask(method, path, body), 60)
        except (EOFError, ConnectionError):
            connection = await Connection.to(address)
            status, told = await asyncio.wait_for(connection.ask(method, path, body), 60)
        said.append((status, f"{method} {path[:200]} {body[:200]!r}", told))
    return said


def check(said: list[tuple[int, str, bytes]], server: Any) -> None:
    wrong = [(status, asked, told[:300]) for status, asked, told in said if status >= 500]
    assert not wrong, wrong[:5]
    places = [asked for _, asked, told in said if str(server.workspace).encode() in told]
    assert not places, places[:5]
    log = server.log.read_text()
    assert "Traceback" not in log, log[:4000]


def test_junk_over_every_route_is_refused_or_answered(served):
    server, run = served
    schema = server.client.get("/openapi.json").json()
    junk = list(junk_of(schema, run, random.Random(11)))
    assert len(junk) > 300
    said = asyncio.run(answers(server.address, [one for one in junk if one[0] != "DELETE"]))
    check(said, server)
    assert {status for status, *_ in said} >= {200, 404, 422}
    assert server.get(f"/runs/{run}")["state"] == "done"


def test_junk_over_dashs_own_routes_is_a_400_and_what_is_whole_is_answered(served):
    server, _ = served
    callbacks = [one for one in server.client.get("/_dash-dependencies").json() if not one["clientside_function"]]
    said = asyncio.run(answers(server.address, list(dash_junk(callbacks, random.Random(5)))))
    check(said, server)
    assert all(status == 400 for status, asked, _ in said if "_dash-update" in asked and "output" not in asked)
    assert sum(status == 400 for status, *_ in said) > DASH_REQUESTS / 3


def test_whole_calls_with_junk_in_them_are_answered_and_harm_nothing(served):
    server, _ = served
    callbacks = [one for one in server.client.get("/_dash-dependencies").json() if not one["clientside_function"]]
    chance = random.Random(6)
    calls = [call_of(one, lambda: chance.choice(VALUES)) for one in callbacks for _ in range(6)]
    junk = [("POST", "/_dash-update-component", json.dumps(call).encode()) for call in calls]
    said = asyncio.run(answers(server.address, junk))
    check(said, server)
    assert {status for status, *_ in said} >= {200, 422}
    assert server.get("/datasets")["datasets"]


DOES = "rename describe delete delete-now undelete resume open deleted ask-paste revise place sample hide x".split()  # noqa: SIM905
NAMED = (None, 5, [], {}, "", "{", "[]", '{"removed": [1e400], "edited": 5}', "../x", "\ud800\u202e", "x" * 1_000_000)


def whole(kind: Any, chance: random.Random) -> Any:
    """Return a value as a store holds it, of words that are none."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return whole(chance.choice(inner), chance)
    if is_typeddict(kind):
        return {name: whole(one, chance) for name, one in get_type_hints(kind).items()}
    if origin is list:
        return [whole(inner[0], chance) for _ in range(2)]
    if origin is dict:
        return {"x": whole(inner[1], chance)}
    plain = {str: NAMED, int: [3, 2**62, -1], float: [1e300, -1, 0.5], bool: [True]}.get(kind, [None])
    return chance.choice(inner if origin is Literal else [one for one in plain if kind is not str or type(one) is str])


def spoilt(value: Any, chance: random.Random) -> Any:
    """Return a value with one thing in it of another kind, or gone."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        return {one: spoilt(own, chance) if one == name else own for one, own in value.items()
                if one != name or chance.random() < 0.9}  # fmt: skip
    if isinstance(value, list) and value and chance.random() < 0.7:
        return [spoilt(value[0], chance), *value[1:]]
    return chance.choice(VALUES)


def stored(name: str, chance: random.Random) -> Any:
    """Return what may be in a store: all that its schema tells with words that are none, spoilt at one place or not."""
    value = whole(STORES[name], chance)
    if "do" in value:
        value |= {"do": chance.choice(DOES), "kind": chance.choice(["dataset", "run", "x"])}
        value["name"] = chance.choice(NAMED)
    return spoilt(value, chance) if chance.random() < 0.6 else value


def test_stores_with_words_that_are_none_are_answered_with_a_sentence(served):
    """Whole values alone come as far as the handlers, and what is whole but at one place as far as the schema."""
    server, run = served
    dataset = server.get("/datasets")["datasets"][0]["dataset"]
    callbacks = [one for one in server.client.get("/_dash-dependencies").json() if not one["clientside_function"]]
    chance, calls = random.Random(7), []
    for one in callbacks:
        names = {given["id"] for given in (*one["inputs"], *one["state"])} & set(STORES)
        for _ in range(40 * len(names) if "library-action" in names else 12 * len(names)):
            call = call_of(one, lambda: chance.choice([None, None, *VALUES]))
            for given in (*call["inputs"], *call["state"]):
                if isinstance(given, dict) and given["id"] in STORES:
                    given["value"] = stored(given["id"], chance)
                elif isinstance(given, dict) and given["id"] in (ids.RUN_KEY, ids.SHOWN, ids.CHOSEN_DATASET):
                    given["value"] = chance.choice([run, dataset, "x", None])
            calls.append(("POST", "/_dash-update-component", json.dumps(call).encode()))
    said = asyncio.run(answers(server.address, calls))
    check(said, server)
    assert sum(status == 200 for status, *_ in said) > len(said) / 10
    wrong = [(asked, told[:300]) for _, asked, told in said if b"Something went wrong" in told]
    assert not wrong, wrong[:3]


def test_a_call_with_parts_that_another_page_has_is_refused(served):
    server, _ = served
    callbacks = [one for one in server.client.get("/_dash-dependencies").json() if not one["clientside_function"]]
    [note] = [one for one in callbacks if "column-note" in one["output"]]
    whole_call = call_of(note, lambda: None)
    (at,) = [i for i, one in enumerate(whole_call["state"]) if isinstance(one, list)]
    listed = whole_call["state"][at]
    for wrong in (listed[:1], [], listed * 2, listed[::-1], [{**one, "value": None} for one in listed]):
        call = {**whole_call, "state": [wrong if i == at else one for i, one in enumerate(whole_call["state"])]}
        assert server.client.post("/_dash-update-component", json=call).status_code == 400
    assert server.client.post("/_dash-update-component", json=whole_call).status_code == 200


def test_calls_and_fields_that_are_nested_deeply_are_refused(served):
    server, _ = served
    call = call_of(next(one for one in server.client.get("/_dash-dependencies").json() if one["inputs"]), lambda: 7)
    for levels in (120, 960, 990, 1_010, 1_030, 50_000):
        body = json.dumps(call).replace("7", f'{{"a": {"[" * levels}{"]" * levels}}}', 1)
        told = server.client.post("/_dash-update-component", content=body)
        assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json"), levels
        field = {"choices": "[" * levels + "]" * levels}
        told = server.client.post("/api/v1/datasets", files={"file": ("a.csv", b"text\none")}, data=field)
        assert told.status_code in (400, 413, 422), levels
    assert "Traceback" not in server.log.read_text()


def test_a_name_is_as_long_as_a_name_may_be_whoever_gives_it(served):
    server, run = served
    dataset = server.get("/datasets")["datasets"][0]["dataset"]
    action = next(one for one in server.client.get("/_dash-dependencies").json()
                  if any(given["id"] == "library-action" for given in one["inputs"]))  # fmt: skip
    for kind, key, listed in (("run", run, "runs"), ("dataset", dataset, "datasets")):
        for name in ("n" * 200_000, "A plain name"):
            call = call_of(action, lambda: None)
            call["inputs"][0]["value"] = {"do": "rename", "kind": kind, "key": key, "name": name}
            server.client.post("/_dash-update-component", json=call)
            assert "nnn" not in json.dumps(server.get(f"/{listed}"))
        assert "A plain name" in json.dumps(server.get(f"/{listed}"))


def test_the_name_of_a_download_is_no_longer_than_disks_take():
    told = download(b"", "text/csv", f"{'né' * 5_000}-items.csv").headers["content-disposition"]
    assert len(told) < 2_000
    assert ".csv" in told


def test_a_handler_gets_what_a_page_sends_and_nothing_of_another_kind():
    def handler(
        _run: str | None, _place: dict[str, Any] | None, _clicks: int, _wide: float | None, *_given: Any
    ) -> None:
        pass

    hints, names = hints_of(handler, 6), ["run-key", ids.PLACE, "x", "y", "z", ids.SEARCH_ASKED]
    asked = {"run": "r", "words": "w"}
    for values in (["r", {"run": "r", "row": 3, "k": 9}, 0, 0.5, [], asked], [None] * 6, ["", {}, -1, 1, {}, {}]):
        check_values(names, hints, values)
    for at, junk in enumerate([[1, [], {}, True], ["x", [1], {"a": 1}, {"row": "3"}], ["1", [], True], ["0", {}], [],
                               ["w", [1], {"run": "r"}, {"run": "r", "words": 17}]]):  # fmt: skip
        for value in junk:
            with pytest.raises(BadSetting, match="reload"):
                check_values(names, hints, [*[None] * at, value, *[None] * (5 - at)])


def test_what_fails_again_and_again_does_not_fill_the_log(caplog):
    faults, names = Faults(), set()
    for number in range(5_000):
        try:
            raise KeyError("\x1b]0;owned" * number)
        except KeyError as error:
            names.add(faults.log("the handler x", error))
    assert len(caplog.text) < 20_000
    assert caplog.text.count("Traceback") == 1
    assert len(names) == MOST
    assert all(name in caplog.text for name in names)
    assert "\x1b" not in "".join(record.getMessage() for record in caplog.records)


def test_a_body_that_is_too_large_is_told_so_before_it_is_read(served):
    server, run = served
    large = b'{"text": "' + b"a" * LARGEST_BODY + b'"}'
    for path in ("/api/v1/datasets/text", "/api/v1/runs", f"/api/v1/runs/{run}/selection", "/_dash-update-component"):
        status, body = asyncio.run(answers(server.address, [("POST", path, large)]))[0][::2]
        assert (status, json.loads(body)["status"]) == (413, 413), path


def test_what_nobody_foresaw_is_answered_with_the_id_under_which_it_is_logged(caplog):
    app = FastAPI()
    app.add_middleware(Unforeseen)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text
    (record,) = caplog.records
    assert record.args[0] in answer.json()["detail"]


def test_a_sentence_does_not_say_where_the_workspace_is(tmp_path):
    text = f"the result x is not in {tmp_path}/stages/x-1; see {tmp_path} and {Path.home()}/models/my."
    said = without_places(text, tmp_path)
    assert str(tmp_path) not in said
    assert str(Path.home()) not in said.replace("/", " /") or str(Path.home()) == "/"
    assert said.startswith("the result x is not in the workspace; see the workspace and a folder of the server")


def test_what_somebody_typed_is_said_as_he_typed_it(tmp_path):
    said = without_places(f"the encoder 'st:{tmp_path}/model' is not in {tmp_path}/models.", tmp_path)
    assert said == f"the encoder 'st:{tmp_path}/model' is not in the workspace."


def test_a_path_of_many_long_names_is_cut_to_what_a_disk_takes():
    kept = clean_name("/".join(["n" * 200] * 23 + ["last.csv"]))
    assert len(kept.encode()) <= 1_000
    assert kept.endswith("/last.csv")
