"""What packages add is listed, shown and used like our own; what is broken in them is told and harms nothing."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer import encoders, ingest
from explorer.contracts import __main__ as contracts
from explorer.server import checkup
from explorer.ui.panels import settings
from tests import additions
from tests.commands import commands
from tests.servers import Server, serving

SAYINGS = [f"{who} {what}\n-- {who}" for who in ("The cat", "A train", "Hot soup") for what in (
    "was late again today", "is better in the morning", "never asks for much", "has seen it all before",
    "will not wait for you", "likes rain on the roof", "sleeps until the evening", "comes and goes as it will",
)]  # fmt: skip
FORTUNES = "\n%\n".join([*SAYINGS, ""])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("additions") / "site"
    additions.install_fortunes(folder)
    additions.install_broken(folder)
    (folder.parent / "sayings.fortune").write_text(FORTUNES)
    (folder.parent / "example.fortune").write_text("One and one is two\n-- Anna\n%\nIt depends\n%\n...\n")
    return folder


def python(site: Path, *words: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [sys.executable, *words], cwd=site.parent, env=additions.environment(site),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done


Explorer = Callable[..., str]


@pytest.fixture(scope="module")
def explorer(site: Path) -> Iterator[Explorer]:
    """Return what gives a command in a process that has the packages, and returns what it printed."""
    with commands(site.parent, additions.environment(site)) as given:

        def asked(*words: str) -> str:
            done = given(*words, "--workspace", site.parent / "w")
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        yield asked


@pytest.fixture(scope="module")
def server(site: Path) -> Any:
    with serving(site.parent / "served", site.parent / "server.log", env=additions.environment(site)) as running:
        yield running


def test_added_encoders_and_formats_are_listed_after_ours_and_broken_ones_are_not(explorer: Explorer) -> None:
    listed = json.loads(explorer("encoders", "--json"))["encoders"]
    assert [one["name"] for one in listed] == [*(spec.name for spec in encoders.list_encoders()), "faulty", "letters"]
    assert listed[0]["summary"].startswith("Texts by meaning")
    assert "letters" in explorer("encoders")
    formats = json.loads(explorer("formats", "--json"))["formats"]
    assert [one["name"] for one in formats] == [
        *(one["name"] for one in ingest.list_formats()), "files that fail", "fortune files",
    ]  # fmt: skip
    assert ".fortune" in explorer("formats")


def test_doctor_names_what_is_added_and_what_is_broken_and_why(explorer: Explorer) -> None:
    told = explorer("doctor")
    lines = {line.split()[1]: line for line in told.split("added by other packages\n")[1].splitlines() if "1.0" in line}
    assert lines["letters"].endswith("ready, of fortunes 1.0")
    assert lines["fortunes"].startswith("  reader ")
    for name, reason in {
        "missing": "No module named 'no_such_module'",
        "nameless": "no attribute 'NO_SUCH_NAME'",
        "shapeless": "it has no 'prefix'",
        "twice": "the name 'minilm' is taken",
        "raising": "RuntimeError: it needs a licence",
        "unlisted": "OSError: the list of models is on a server that is down",
        "quitting": "SystemExit: this package ends the program",
        "taken": "the name '.csv' is taken",
        "picture": "its kind is 'picture'; it must be 'table' or 'items'",
        "odd": "its scheme is 'Odd Scheme'",
    }.items():
        assert f"not usable: {reason}" in lines[name] or reason in lines[name]
        assert lines[name].endswith("; mend or remove broken 1.0")
    assert "workspace" in told


def test_doctor_says_nothing_of_additions_where_there_are_none(tmp_path: Path) -> None:
    assert not any("added by" in line for line in checkup(tmp_path / "w"))


def test_a_run_uses_an_added_reader_and_an_added_encoder(explorer: Explorer) -> None:
    told = json.loads(explorer("run", "sayings.fortune", "--encoder", "letters", "--json"))
    assert (told["rows"], told["rejected"], told["encoder"], told["dim"]) == (24, 1, "letters", 256)
    assert "The cat" in explorer("neighbors", told["run"], "0", "--k", "3")
    assert "A train" in explorer("search", told["run"], "A train was late", "--k", "1")


def test_the_server_and_its_workers_use_them_too(server: Server) -> None:
    assert "letters" in [one["name"] for one in server.get("/encoders")["encoders"]]
    assert [".fortune"] in [one["suffixes"] for one in server.get("/formats")["formats"]]
    dataset = server.add("sayings.fortune", FORTUNES.encode())
    assert server.get(f"/datasets/{dataset}")["columns"] == ["text", "by"]
    run = server.start(dataset, encoder="letters")
    server.finish(run)
    assert server.get(f"/runs/{run}/search", q="The cat was late", k=1)["hits"][0]["text"].startswith("The cat")


def test_a_file_is_recognised_by_its_content_whatever_it_is_called(server: Server) -> None:
    dataset = server.add("sayings.csv", b"%%\n" + FORTUNES.encode())
    told = server.get(f"/datasets/{dataset}")
    assert (len(told["rows"]), told["columns"]) == (10, ["text", "by"])
    assert told["rejected"][0]["reason"] == "nothing is said"


def test_the_page_offers_them(server: Server) -> None:
    known = json.dumps(server.client.get("/_dash-layout").json())
    assert "files that fail, fortune files, a zip of pictures, or a tar of them" in known
    options = settings.encoder_options(server.get("/encoders")["encoders"])
    assert {"value": "letters", "label": "Texts by their letters (letters)"} in options


def test_a_reader_that_fails_is_that_files_fault_alone(server: Server) -> None:
    answer = server.client.post("/api/v1/datasets", files={"file": ("a.fails", b"some content")})
    assert answer.status_code == 422
    assert "the reader of files that fail failed (ZeroDivisionError: a fault in the reader)" in answer.json()["detail"]
    assert server.client.get("/api/v1/healthz").status_code == 200


def test_an_encoder_that_fails_fails_by_itself_and_is_told(server: Server) -> None:
    dataset = server.add("more.fortune", FORTUNES.encode())
    answer = server.client.post("/api/v1/runs", json={"dataset": dataset, "encoder": "faulty"})
    assert (answer.status_code, answer.json()["title"]) == (422, "FaultyPackage")
    assert "the encoder 'faulty' failed: KeyError: 'BROKEN_TOKEN'. Mend or remove" in answer.json()["detail"]


def test_ours_stay_ours_and_an_unknown_name_is_told_with_all_there_are(site: Path) -> None:
    (site.parent / "plain.csv").write_text("text,n\nsome words are here,1\nand some more there,2\n")
    code = """
from explorer import encoders, ingest
assert 'sentence' in encoders.fingerprint('minilm')
assert ingest.load('plain.csv').items == ['some words are here', 'and some more there']
for name in ('qqqq', 'leters'):
    try:
        encoders.canonical(name)
    except encoders.registry.UnknownEncoder as exc:
        print(exc)
"""
    assert python(site, "-c", code).stdout.splitlines() == [
        "there is no encoder 'qqqq'; choose minilm, muse, conse, melstats, clip, clap, faulty, letters, "
        "clip:MODEL/PRETRAINED, clap:MODEL_OR_FOLDER, st:NAME, timm:NAME, static:FOLDER, words:FILE, openai:MODEL, "
        "cohere:MODEL, voyage:MODEL or own:MODULE:FUNCTION.",
        "there is no encoder 'leters'; did you mean letters?",
    ]


def test_nothing_is_looked_for_before_it_is_asked_for(site: Path) -> None:
    code = """
import sys, explorer
from explorer import cli, encoders, ingest, neighbors
encoders.fingerprint('minilm')
encoders.default_encoder({'image'})
try:
    cli.main(['--help'])
except SystemExit:
    pass
assert not {'fortunes', 'broken', 'broken_exit'} & set(sys.modules)
"""
    python(site, "-c", code)


def test_the_contracts_are_a_command(site: Path) -> None:
    told = python(site, "-m", "explorer.contracts", "reader", "fortunes:Fortunes", "example.fortune").stdout
    assert told.splitlines()[0].startswith("  yes  A reader has a name")
    assert told.splitlines()[-1] == "10 promises kept, 0 broken, 0 not asked"


@pytest.fixture
def beside(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)
    monkeypatch.chdir(site.parent)


@pytest.mark.usefixtures("beside")
def test_an_added_encoder_keeps_the_promises_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.main(["encoder", "fortunes:LETTERS"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 promises kept, 0 broken, 4 not asked"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["encoder", "broken:SHAPELESS"], "it has no 'prefix'"),
        (["encoder", "broken:TWICE"], "AttributeError"),
        (["encoder", "broken:NO_SUCH_NAME"], "cannot find 'broken:NO_SUCH_NAME'"),
        (["reader", "fortunes:Fortunes"], "no example is given"),
        (["reader", "broken:FAILING", "example.fortune"], "Seen: ZeroDivisionError: a fault in the reader"),
        (["index", "broken:ODD"], "its scheme is 'Odd Scheme'"),
    ],
)
@pytest.mark.usefixtures("beside")
def test_a_broken_promise_is_an_exit_status_and_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert contracts.main(words) == 1
    told = capsys.readouterr()
    assert said in told.out + told.err
