"""The command line through a real process, but where only what a command says counts."""

import contextlib
import importlib
import importlib.abc
import io
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from explorer.cli import main
from explorer.config import RunConfig
from tests.commands import commands
from tests.languagemodel import counted, language_model, status
from tests.server.test_rest import table


def signed(n):
    """Return the table with letters in its first row that ASCII has not."""
    return table(n).replace(b" number 0", " naïve café 日本語".encode(), 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "themes.csv").write_bytes(signed(60) + b",nobody,7\n")
    return folder


def explorer(place, *words, check=True, **more):
    command = [sys.executable, "-m", "explorer", *map(str, words), "--workspace", str(place / "w")]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300, check=False, **more)
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def given(place):
    """A process in which one command is given after another."""
    with commands(place) as given:
        yield given


@pytest.fixture(scope="module")
def asked(place, given):
    """Return what gives a command of the workspace there, and says what it printed."""
    return lambda *words: given(*words, "--workspace", place / "w")


def printed(place, *words):
    """Return what a command prints in this process, which spares it what a new one loads."""
    with contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()) as out:
        assert main([*map(str, words), "--workspace", str(place / "w")]) == 0
    return out.getvalue()


@pytest.fixture(scope="module")
def run(asked):
    done = asked("run", "themes.csv", "--text", "message", "--min-cluster-size", 8, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ctrl_c_while_libraries_load_is_no_traceback(monkeypatch, capsys):
    class Interrupted(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            if name == "explorer.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "explorer.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    assert importlib.import_module("explorer.__main__").main() == 130
    assert capsys.readouterr().err.endswith("stopped before it began.\n")


def test_a_host_that_no_machine_can_have_is_told(place):
    done = explorer(place, "serve", "--no-browser", "--host", os.fsdecode(b"\xff"), check=False)
    assert done.returncode == 1
    assert "is not to be had" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_is_the_only_thing_on_stdout_and_has_every_figure(run):
    assert {
        "run",
        "dataset",
        "rows",
        "rejected",
        "reused",
        "clusters",
        "encoder",
        "dim",
        "noise",
        "trustworthiness",
        "continuity",
    } <= set(run)
    assert (run["rows"], run["rejected"], run["reused"], run["encoder"], run["dim"]) == (60, 1, 0, "minilm", 384)
    assert set(run["timings"]) == {"embed", "neighbors", "project", "cluster", "describe"}


def test_the_same_command_again_is_the_same_run_and_reuses_every_row(asked, run):
    again = json.loads(asked("run", "themes.csv", "--text", "message", "--min-cluster-size", 8, "--json").stdout)
    assert again["run"] == run["run"]
    assert again["reused"] == 60


def test_vectors_of_known_texts_are_reused_in_another_dataset(place, asked, run):
    (place / "more.csv").write_bytes(signed(70))
    more = json.loads(asked("run", "more.csv", "--json").stdout)
    assert more["reused"] == 60


def test_neighbors_and_search_print_the_rest_objects(asked, run):
    near = json.loads(asked("neighbors", run["run"], 3, "--k", 4, "--json").stdout)
    assert near["row"] == 3
    assert len(near["neighbors"]) == 4
    assert 3 not in [n["row"] for n in near["neighbors"]]
    found = json.loads(asked("search", run["run"][:8], "a meal", "--k", 3, "--json").stdout)
    assert found["query"] == "a meal"
    assert all("soup" in hit["text"] for hit in found["hits"])


def test_two_maps_of_the_same_rows_are_compared_in_words_and_as_json(place, asked, run):
    other = json.loads(asked("run", "themes.csv", "--text", "message", "--min-cluster-size", 20, "--json").stdout)
    told = json.loads(asked("compare", run["run"], other["run"], "--json").stdout)
    assert (told["rows"], told["k"], told["agreement"], told["moved"]) == (60, 10, 1.0, [])
    assert [told[side]["called"] for side in ("a", "b")] == ["min cluster size 8", "min cluster size 20"]
    assert [one["column"] for one in told["columns"]] == ["theme"]
    said = asked("compare", run["run"], other["run"], "--out", "both.html").stdout
    assert "min cluster size 20" in (place / "both.html").read_text(encoding="utf-8")
    assert told["said"][0] in said
    assert "theme" in said
    assert asked("compare", run["run"], "nothing").returncode == 1


def test_a_report_goes_to_a_folder_or_to_one_file(place, asked, run):
    assert asked("report", run["run"], "--out", "all").returncode == 0
    names = {path.name for path in (place / "all").iterdir()}
    assert {"report.html", "report.json", "items.csv", "items.parquet", "clusters.csv", "vectors.npy"} <= names
    printed(place, "report", run["run"], "--out", "only", "--format", "csv")
    assert {path.name for path in (place / "only").iterdir()} == {"clusters.csv", "items.csv", "faults.csv"}
    printed(place, "report", run["run"], "--out", "one.parquet")
    items = pd.read_parquet(place / "one.parquet")
    assert list(items.columns) == [
        "row", "text", "theme", "when", "x", "y", "cluster", "cluster_name", "strength", "place_in_file"
    ]  # fmt: skip
    assert items["row"].tolist() == list(range(60))
    assert np.load(place / "all" / "vectors.npy").shape == (60, 384)
    printed(place, "report", run["run"], "--out", "strict.json", "--near-duplicate", 1)
    assert json.loads((place / "strict.json").read_text())["near_duplicates"]["threshold"] == 1
    refused = asked("report", run["run"], "--out", "x.html", "--near-duplicate", 0)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "above 0 and at most 1" in refused.stderr


def test_a_dataset_goes_to_another_workspace_as_one_file(place, run, tmp_path):
    assert printed(place, "export", "themes.csv", "--out", tmp_path / "t.zip").strip() == str(tmp_path / "t.zip")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["import", str(tmp_path / "t.zip"), "--workspace", str(tmp_path / "w"), "--json"]) == 0
    told = json.loads(out.getvalue())
    assert (told["dataset"], told["rows"], told["left_out"]) == (run["dataset"], 60, [])
    assert run["run"] in told["runs"]
    asked = ["neighbors", run["run"], "3", "--json"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main([*asked, "--workspace", str(tmp_path / "w")]) == 0
    assert out.getvalue() == printed(place, *asked)


def test_a_note_is_kept_with_a_dataset_and_printed_as_text(place, run):
    printed(place, "describe", "themes.csv", "--note", "  from the attic\n\x1b[31mred\u202e  ")
    told = json.loads(printed(place, "describe", run["run"], "--json"))
    assert told == {
        "dataset": run["dataset"],
        "name": "themes.csv",
        "rows": 60,
        "note": "from the attic\n[31mred\u202e",
    }
    assert printed(place, "describe", "themes.csv").endswith("from the attic\n[31mredU+202E\n")
    printed(place, "report", run["run"], "--out", "noted.html")
    assert "<p>from the attic<br>[31mred" in (place / "noted.html").read_text()
    printed(place, "describe", "themes.csv", "--note", "")
    assert json.loads(printed(place, "describe", "themes.csv", "--json"))["note"] == ""


def test_a_seedless_run_is_another_run(asked, run):
    other = json.loads(asked("run", "themes.csv", "--min-cluster-size", 8, "--seed", "none", "--json").stdout)
    assert other["run"] != run["run"]
    assert other["reused"] == 60


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "nosuch.csv"], "nosuch.csv"),
        (["run", "themes.csv", "--text", "nosuch"], "columns are message, theme, when"),
        (["run", "themes.csv", "--read", "nosuch=1"], "nothing of themes.csv can be read by “nosuch”"),
        (["run", "themes.csv", "--encoder", "nosuch"], "there is no encoder"),
        (["run", "themes.csv", "--n-neighbors", "1"], "from 2 to 200"),
        (["report", "nosuch", "--out", "x.html"], "there is no run 'nosuch'"),
        (["neighbors", "nosuch", "1"], "there is no run"),
        (["describe", "themes.csv", "--note", "x" * 10_001], "the note has 10,001 characters; it may have 10,000"),
        (["export", "nosuch", "--out", "x.zip"], "there is no dataset 'nosuch'"),
        (["import", "nosuch.zip"], "nosuch.zip does not exist"),
        (["import", "themes.csv"], "themes.csv cannot be taken in as a saved dataset"),
        (["serve", "nosuch.csv", "--no-browser"], "nosuch.csv does not exist"),
        (["serve", "--port", "99999", "--no-browser"], "--port"),
    ],
)
def test_a_mistake_is_one_sentence_on_stderr_and_status_1(asked, run, words, said):
    done = asked(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_seed_that_is_no_number_is_told(asked):
    done = asked("run", "themes.csv", "--seed", "abc")
    assert done.returncode == 2
    assert done.stderr.endswith("argument --seed: 'abc' is neither a whole number nor none\n")


@pytest.mark.parametrize(("row", "said"), [("60", "rows of this run are 0 to 59"), ("-1", "0 to 59")])
def test_a_row_that_is_not_there_is_told(place, given, run, row, said):
    done = given("neighbors", run["run"], "--workspace", place / "w", "--", row)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_terminal_that_knows_ascii_alone_gets_question_marks(place, asked, run):
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    again = explorer(place, "run", "themes.csv", "--text", "message", "--min-cluster-size", 8, "--json", env=plain)
    assert json.loads(again.stdout)["run"] == run["run"]
    assert "na?ve caf? ???" in explorer(place, "neighbors", run["run"], 0, env=plain).stdout
    assert "naïve café" in asked("neighbors", run["run"], 0).stdout


def test_a_reader_that_goes_away_is_no_error(place, run):
    command = [sys.executable, "-m", "explorer", "encoders"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_estimate_is_told_for_each_encoder_before_anything_is_kept(place):
    told = json.loads(printed(place, "estimate", "themes.csv", "--json"))["estimates"]
    assert [one["encoder"] for one in told][:3] == ["minilm", "muse", "conse"]
    assert all(one["seconds"] > 0 and one["memory"] > 0 and one["rows"] == 60 for one in told)
    assert printed(place, "estimate", "themes.csv", "--encoder", "minilm", "--rows", "20").startswith("minilm")


def test_encoders_formats_and_doctor_tell_what_is_here(place, asked, run):
    assert "conse" in printed(place, "encoders")
    assert printed(place, "formats").startswith(".csv .tsv ")
    assert "--read items, passage size, overlap" in printed(place, "formats")
    listed = json.loads(printed(place, "formats", "--json"))["formats"]
    assert [one["name"] for one in listed][:4] == ["CSV, TSV", "spreadsheets", "JSON", "JSON lines"]
    assert listed[3]["suffixes"] == [".jsonl", ".ndjson"]
    told = asked("doctor").stdout
    assert "verified" in told
    assert run["run"] in told
    assert str(place / "w") in told


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms' torch has no libgomp")
def test_waiting_threads_leave_the_cores_to_others_soon(place):
    told = explorer(place, "doctor", env={**os.environ, "OMP_DISPLAY_ENV": "verbose"}).stderr
    assert "GOMP_SPINCOUNT = '3000'" in told


def test_a_workspace_that_cannot_be_written_is_told(place, given):
    refused = given("run", "themes.csv", "--workspace", place / "themes.csv")
    assert refused.returncode == 1
    assert "cannot hold a workspace" in refused.stderr


def test_every_setting_of_a_run_is_an_option_of_run():
    from explorer.cli.main import _parser

    given = vars(_parser().parse_args(["run", "a.csv", "--dims", "3", "--seed", "none"]))
    assert set(RunConfig().flat()) <= set(given)
    assert given["dims"] == 3


def test_a_report_has_the_names_of_a_language_model_and_one_that_fails_still_writes_it(place, run, capsys):
    prompt = place / "prompt.txt"
    prompt.write_text("Name it in JSON.")
    words = ["--names-model", "small", "--names-items", 2, "--names-characters", 30, "--names-prompt", prompt]
    report = ["report", run["run"], "--out", "named", "--format", "csv"]
    with language_model(counted, status(403)) as model, contextlib.chdir(place):
        told = [*report, "--names-by", model.address, *words, "--workspace", place / "w"]
        assert main([str(word) for word in told]) == 1
    said = capsys.readouterr()
    assert "does not let this key ask small" in said.err
    assert "2 items of each cluster, cut to 30 characters" in said.err
    table = pd.read_csv(place / "named" / "clusters.csv", keep_default_na=False)
    assert table["named_by"].tolist() == ["small", *[""] * (len(table) - 1)]
    with language_model() as model:
        printed(place, *report, "--names-by", model.address, *words)
    table = pd.read_csv(place / "named" / "clusters.csv")
    assert set(table["named_by"]) == {"small"}
    assert {request["messages"][0]["content"] for request in model.requests} == {"Name it in JSON."}
    with language_model() as model:
        again = printed(place, "run", "themes.csv", "--text", "message", "--min-cluster-size", 8, "--json",
                        "--names-by", model.address, "--names-model", "small")  # fmt: skip
    assert json.loads(again)["run"] == run["run"]
    assert model.requests


def test_rows_are_added_removed_and_edited_as_new_versions(place, run, asked):
    (place / "more.csv").write_bytes(table(4))
    told = json.loads(printed(place, "add-rows", "themes.csv", "more.csv", "--json"))
    assert told | {"dataset": "", "parent": ""} == {
        **{"dataset": "", "name": "themes.csv, version 2", "rows": 64, "parent": ""},
        **{"added": 4, "removed": 0, "edited": 0},
    }
    assert told["parent"] == run["dataset"]
    removed = json.loads(
        printed(place, "remove-rows", run["run"], "--rows", "0,3-5", "--where", "theme=pets", "--json")
    )
    assert (removed["removed"], removed["rows"]) == (22, 38)
    done = asked("edit-rows", "themes.csv", "--set", "2=Nobody came = at all", "--json")
    assert json.loads(done.stdout)["edited"] == 1  # of a process of its own, whose answer goes to standard output
    for words, said in (
        (("remove-rows", "themes.csv", "--rows", "x"), "no row numbers"),
        (("remove-rows", "themes.csv", "--rows", "5-2"), "runs backwards"),
        (("remove-rows", "themes.csv", "--where", "nr"), "COLUMN=VALUE"),
        (("edit-rows", "themes.csv", "--set", "two=x"), "ROW=TEXT"),
        (("edit-rows", "themes.csv", "--set", "2=x", "--set", " 2=y"), "two texts"),
        (("add-rows", told["dataset"], "more.csv", "--onto"), "no map of that dataset"),
    ):
        done = io.StringIO()
        with contextlib.chdir(place), contextlib.redirect_stderr(done):
            assert main([*words, "--workspace", str(place / "w")]) == 1
        assert said in done.getvalue()


def test_vectors_that_came_and_are_not_taken_are_told_with_how_they_are(tmp_path, capsys):
    from explorer.cli.commands import _say_guesses
    from explorer.ingest import load

    texts = [f"a text of some words, number {row}" for row in range(6)]
    pd.DataFrame({"text": texts, "embedding": list(np.eye(6))}).to_parquet(tmp_path / "a.parquet")
    _say_guesses(load(tmp_path / "a.parquet"))
    said = "the vectors of the column embedding are not used; --read vectors=embedding takes them."
    assert said in capsys.readouterr().err
    _say_guesses(load(tmp_path / "a.parquet", choices={"vectors": "embedding"}))
    assert capsys.readouterr().err == ""
