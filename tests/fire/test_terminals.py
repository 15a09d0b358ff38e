"""Texts, names and columns that would order a terminal or a page about: they are shown, and obeyed by nothing."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from dash import html

import explorer.cli
from explorer.cli import commands
from explorer.cli.main import main
from explorer.types import contained, visible
from explorer.ui.markup import markup
from explorer.workspace import Workspace
from tests.synthetic import write_run

NASTY = "a\x1b]0;owned\x07\x9b31m\u202egnp\u2066\u200b\u2028\x85z"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("w")
    run = write_run(folder, 60, dim=8, clusters=3, seed=1)
    Workspace(folder).runs.update(run, name=NASTY)
    return folder, run


def test_signs_are_written_out_for_a_terminal_and_words_of_any_script_stay():
    assert visible(NASTY) == r"a\x1b]0;owned\x07\x9b31mU+202EgnpU+2066U+200BU+2028\x85z"
    for words in ("naïve café – “x”", "地図を見る", "שלום עולם", "สวัสดี", "👩🏽\ufe0f", "a\tb\u00a0c", ""):
        assert visible(words) == words == contained(words)


def test_whatever_a_command_says_goes_through_one_door():
    printed = []
    for file in Path(explorer.cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in ("print", "sys.stdout.write", "sys.stderr.write"):
                printed.append(file.name)
    assert printed == ["printing.py"] * 2  # for people, and json for programs


@pytest.mark.parametrize("words", [["neighbors", "nobody", "1"], ["columns", "nobody"], ["search", NASTY + "!", "x"]])
def test_an_error_that_names_a_run_is_harmless(made, capsys, words):
    assert main([*words, "--workspace", str(made[0])]) == 1
    told = capsys.readouterr()
    assert made[1] in told.err
    assert OBEYED.search(told.out + told.err.rstrip("\n")) is None


def test_a_file_that_is_not_there_is_named_harmlessly(tmp_path, capsys):
    assert main(["run", str(tmp_path / NASTY), "--workspace", str(tmp_path)]) == 1
    assert OBEYED.search(capsys.readouterr().err.rstrip("\n")) is None


@pytest.mark.parametrize("as_json", [False, True])
def test_columns_are_printed_harmlessly_and_exactly_as_json(made, capsys, monkeypatch, as_json):
    told = [{"column": NASTY, "kind": "category", "type": "text", "read_as": "category", "unread": 0, "sure": True}]
    told[0]["choices"] = []
    monkeypatch.setattr("explorer.questions.columns_of", lambda _dataset: told)
    words = SimpleNamespace(workspace=made[0], run=made[1], set=[], json=as_json)
    commands.columns(words)
    out = capsys.readouterr().out.rstrip("\n")
    assert json.loads(out)["columns"] == told if as_json else OBEYED.search(out) is None


def test_a_text_turns_nothing_that_stands_around_it_on_a_page():
    for text in (NASTY, "\u202aab", "a\u2069\u202cb", "\u2067a\u202bb\u2069c", "\u202b" * 9):
        shown = contained(text)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]", shown)
        turned = [sign for sign in shown if sign in "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"]
        while turned:
            end = next(at for at, sign in enumerate(turned) if sign in "\u202c\u2069")
            assert turned[end - 1] in ("\u202a\u202b" if turned[end] == "\u202c" else "\u2066\u2067\u2068")
            del turned[end - 1 : end + 1]
    shown = markup(html.P([NASTY, html.Span("x", title=NASTY, **{"data-name": "\u202e"})]))
    assert shown.count("\u202e") == 1  # what a script reads is exact


def test_a_report_of_such_names_is_harmless(made, tmp_path):
    assert main(["report", made[1], "--out", str(tmp_path / "r.html"), "--workspace", str(made[0])]) == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "owned" in page
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]", page)
    title = re.search("<title>(.*)</title>", page)[1]
    assert title.count("\u2066") == title.count("\u2069")
