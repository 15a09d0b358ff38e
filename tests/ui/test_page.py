"""What the page is made of, without a browser: places, markup, settings, colours, handlers."""

import ast
import asyncio
import dataclasses
import json
import pkgutil
import re
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from dash import ALL, Dash, Input, Output, State, html, no_update

from explorer.config import AUTO, default_min_cluster_size
from explorer.description import colors_by_place
from explorer.embedding.encoding import _Meter
from explorer.encoders import is_pattern, list_encoders
from explorer.errors import BadSetting, NotFound, NotReady
from explorer.questions import columns
from explorer.server.firstrows import said
from explorer.types import Dataset, Progress
from explorer.ui import cards, encoderwords, figures, form, ids, panels, preview, registration
from explorer.ui.encoderwords import encoder_options, encoder_words, unreadable
from explorer.ui.markup import markup
from explorer.ui.neighborhood import neighborhood
from explorer.ui.panels import choices, clusters, inspector, progress, settings
from explorer.ui.panels import map as panels_map
from explorer.ui.panels.stability import sweep_chart
from explorer.ui.payloads import fault_in
from explorer.ui.stores import Place
from tests.report.small import small_run


def test_a_call_of_a_callback_with_a_pattern_has_what_the_pattern_stands_for() -> None:
    app = Dash()
    pattern = {"type": "choice", "name": ALL}
    app.callback(Output("a", "data"), Input(pattern, "value"), State("b", "data"))(lambda *_: no_update)

    def fault(*inputs: Any) -> str:
        state, output = {"id": "b", "property": "data", "value": 1}, {"id": "a", "property": "data"}
        call = {"output": "a.data", "outputs": output, "inputs": list(inputs), "state": [state], "changedPropIds": []}
        return fault_in(json.dumps(call).encode(), app)

    def one(**other: Any) -> dict[str, Any]:
        return {"id": {"type": "choice", "name": "sheet"}, "property": "value", "value": "Data", **other}

    assert fault([]) == fault([one(), one(id={"type": "choice", "name": "header"})]) == ""
    strange = ({"type": "other", "name": "x"}, {"type": "choice"}, {"type": "choice", "name": 1}, "choice", None)
    wrong = [one(), [one(property="data")], [None], None, *([one(id=id)] for id in strange)]
    assert [given for given in wrong if fault(given) != "the call has other inputs than its callback"] == []
    assert fault([one()], [one()])
    assert fault()


def test_a_call_that_goes_to_a_pattern_names_what_the_pattern_stands_for() -> None:
    app = Dash()
    app.callback(Output({"type": "note", "name": ALL}, "children"), Input("a", "data"))(lambda *_: no_update)
    asked = {"inputs": [{"id": "a", "property": "data"}], "state": [], "changedPropIds": []}

    def fault(outputs: Any) -> str:
        call = {**asked, "output": '{"name":["ALL"],"type":"note"}.children', "outputs": outputs}
        return fault_in(json.dumps(call).encode(), app)

    note = {"id": {"type": "note", "name": "price"}, "property": "children"}
    assert fault([]) == fault([note, note]) == ""
    strange = (note, [{**note, "property": "id"}], [{**note, "id": {"type": "other", "name": "x"}}], ["note"], None)
    assert [given for given in strange if fault(given) != "the call has other outputs than its callback"] == []


def test_a_dataset_says_in_a_line_how_it_was_read_and_offers_what_could_be_else() -> None:
    def told(
        name: str, label: str, value: str, *options: str, sure: bool = True, asked: bool = False
    ) -> dict[str, Any]:
        listed = [{"value": one, "label": f"{one} – {label}"} for one in options]
        return {
            "name": name,
            "label": label,
            "value": value,
            "options": listed,
            "sure": sure,
            "why": "",
            "asked": asked,
        }

    plain = told("encoding", "Encoding", "utf-8", "utf-8", "cp1252")
    guess = told("encoding", "Encoding", "cp1252", "cp1252", "cp1250", sure=False)
    sheet = told("sheet", "Sheet", "May", "May", "June", asked=True)
    said = [[getattr(part, "children", part) for part in choices.line(one)] for one in ([plain], [guess, sheet])]
    assert said[0] == ["How it was read"]
    assert said[1] == ["How it was read", ": encoding cp1252, sheet May", " – ", "not sure, please check “Encoding”"]
    semicolon = told("delimiter", "Delimiter", "semicolon", "semicolon", "comma")
    semicolon["options"] = [{"value": "semicolon", "label": "semicolon (;)"}, {"value": "comma", "label": "comma"}]
    names = told("header", "Column names", "1", "1", "none")
    names["options"] = [{"value": "1", "label": "line 1: id;text"}, {"value": "none", "label": "none: x"}]
    assert choices.line([semicolon, names])[1].children == ": delimiter semicolon (;), column names line 1"
    [typed] = choices.fields([told("passage size", "Word pieces in a passage", "256")])
    assert (typed.value, hasattr(typed, "data")) == ("256", False)  # any number can be typed
    found, chosen = choices.fields([guess, sheet])
    assert [option["value"] for option in found.data] == ["cp1252", "cp1250"]
    assert [option["value"] for option in chosen.data] == [choices.FOUND, "May", "June"]  # it can be taken back
    assert choices.changed([guess, sheet], {"encoding": "cp1250", "sheet": "May", "x": "y"}) == {"encoding": "cp1250"}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", Place()),
        ("?run=ab12&row=17", Place("ab12", 17)),
        ("?run=ab12&row=17&k=25&metric=euclidean", Place("ab12", 17, 25, "euclidean")),
        ("?run=ab12&row=-1&k=500&metric=manhattan", Place("ab12", None, 100)),
        ("?run=ab12&row=x&k=0", Place("ab12", None, 1)),
        ("?run=ab12&take_in=0.35", Place("ab12", take_in=0.35)),
        ("?run=ab12&take_in=0", Place("ab12")),
        ("?run=ab12&take_in=much", Place("ab12")),
        ("?run=ab12&color=column%3Aoutlier_score", Place("ab12", color="column:outlier_score")),
        ("?run=ab12&color=computed:outlier_score", Place("ab12", color="computed:outlier_score")),
        ("?run=ab12&color=red", Place("ab12")),
        ("?run=ab12&color=column:a&picked=0.4.19", Place("ab12", color="column:a", picked="0.4.19")),
        ("?run=ab12&color=column:a&picked=12-200", Place("ab12", color="column:a", picked="12-200")),
        ("?run=ab12&color=column:a&picked=12-", Place("ab12", color="column:a")),
        ("?run=ab12&color=column:a&picked=1.2-3", Place("ab12", color="column:a")),
        ("?run=ab12&picked=1", Place("ab12")),
        ("?run=ab12&color=column:a&read_as=date:mdy", Place("ab12", color="column:a", read_as="date:mdy")),
        ("?run=ab12&color=column:a&read_as=date:ydm", Place("ab12", color="column:a")),
        ("?run=ab12&color=column:a&read_as=date:weekday", Place("ab12", color="column:a", read_as="date:weekday")),
        ("?run=ab12&color=column:a&read_as=date:clock:weekday", Place("ab12", color="column:a")),
        ("?run=ab12&color=column:a&has=Post%2C+mail", Place("ab12", color="column:a", has="Post, mail")),
        (f"?run=ab12&color=column:a&has={'x' * 201}", Place("ab12", color="column:a")),
        ("?run=ab12&has=Bus", Place("ab12")),
        ("?run=ab12&color=column:a&own=1-ff0000", Place("ab12", color="column:a", own="1-ff0000")),
        ("?run=ab12&color=column:a&palette=greys-r", Place("ab12", color="column:a", palette="greys-r")),
        ("?run=ab12&color=column:a&also=%5B%22b%22%5D", Place("ab12", color="column:a", also='["b"]')),
        ("?run=ab12&cards=%5B%22b%22%5D&also=%5B1%5D", Place("ab12", cards='["b"]')),
        ("?run=ab12&q=+late+%22train%22", Place("ab12", q='late "train"')),
        (f"?run=ab12&q={'x' * 1501}", Place("ab12")),
        ("?run=ab12&cluster=-1&lights=cluster.row", Place("ab12", cluster="-1", lights="cluster.row")),
        ("?run=ab12&cluster=1.-1&lights=row.row&tab=moon", Place("ab12")),
        ("?run=ab12&selected=box_0_-1.5_2e-7_3&tab=export", Place("ab12", selected="box_0_-1.5_2e-7_3", tab="export")),
        ("?run=ab12&selected=%3Cb%3E", Place("ab12")),
    ],
)
def test_an_address_is_read_and_nonsense_in_it_is_left_out(address: str, place: Place) -> None:
    assert Place.parse(address) == place


def test_a_place_and_its_address_are_the_same_thing() -> None:
    place = Place("ab12", 17, 25, "euclidean", 0.35, "column:a & b")
    assert place.address() == "/?run=ab12&row=17&k=25&metric=euclidean&take_in=0.35&color=column%3Aa+%26+b"
    assert Place.parse(place.address().removeprefix("/")) == place
    assert Place("ab12").address() == "/?run=ab12"
    asked = Place(
        "ab12", q='a "b" & c', cluster="1.4", selected="rows_AA-_", lights="cluster.hits.selection", tab="export"
    )
    assert Place.parse(asked.address().removeprefix("/")) == asked
    assert asked.of_row(3) == Place("ab12", 3)


@pytest.mark.parametrize(
    ("other", "selected", "kept"),
    [
        ("same map", "path_0_0_-3_AAECAw", "path_0_0_-3_AAECAw"),
        ("same map", "clusters_3", None),
        ("same file", "path_0_0_-3_AAECAw", None),
        ("same file", "bits_AA", "bits_AA"),
        ("same file", "here_9999.0a1b2c3d", "here_9999.0a1b2c3d"),
        ("another file", "bits_AA", None),
    ],
)
def test_another_map_of_the_same_file_keeps_what_is_true_there_too(other: str, selected: str, kept: str | None) -> None:
    files = {"shown": "a", "same map": "a", "same file": "a", "another file": "b"}
    runs = SimpleNamespace(
        all=lambda: [{"run": run, "dataset": file} for run, file in files.items()],
        map_key=lambda run: "one" if run in ("shown", "same map") else "two",
    )
    services: Any = SimpleNamespace(runs=runs)
    asked = {"q": "dogs", "lights": "hits.row", "color": "column:theme", "picked": "1.4", "cards": '["theme"]'}
    place = Place("shown", 17, 5, take_in=0.3, cluster="3", selected=selected, **asked)
    wanted = (
        Place("another file")
        if kept is None and other == "another file"
        else Place(other, 17, 5, selected=kept, **asked)
    )
    assert settings.onward(services, place, other) == wanted
    scored = Place("shown", 17, color="computed:outlier_score", picked="0-40")
    assert place.onward("x", same_map=False).picked == "1.4"
    assert scored.onward("x", same_map=False).picked is None


def test_markup_escapes_texts_and_attributes() -> None:
    tree = html.A(["<b>&", None, 3, html.Img(alt='a "quote"')], className="card", href="/?a=1&b=2", **{"data-row": "3"})
    assert markup(tree) == (
        '<a class="card" href="/?a=1&amp;b=2" data-row="3">&lt;b&gt;&amp;3<img alt="a &quot;quote&quot;"></a>'
    )


def test_markup_writes_styles_and_lists() -> None:
    assert markup([html.I(style={"width": "3%", "--chip": "#fff"}), "x"]) == '<i style="width:3%;--chip:#fff"></i>x'


def test_an_item_card_names_its_row_and_keeps_the_way_of_finding_neighbours() -> None:
    item = {"row": 5, "kind": "text", "text": "<script>", "cluster": -1, "cluster_name": ""}
    text = markup(cards.item_card(item, Place("ab12", 1, 25), score=0.5, label="cosine similarity", rank=2))
    assert 'href="/?run=ab12&amp;row=5&amp;k=25"' in text
    assert 'data-row="5"' in text
    assert "&lt;script&gt;" in text
    assert "In no cluster" in text
    assert "0.500" in text


def test_a_minus_distance_has_no_bar() -> None:
    assert cards.bar(-2.5) is None
    assert markup(cards.bar(0.25)) == '<div class="bar" aria-hidden="true"><div style="width:25.0%"></div></div>'


def test_counts_and_shares_read_as_people_write_them() -> None:
    assert [cards.count_of(n, "row") for n in (0, 1, 12345)] == ["0 rows", "1 row", "12,345 rows"]
    assert [cards.percent(share) for share in (0, 0.0712, 0.5, 1)] == ["0 %", "7.1 %", "50 %", "100 %"]
    assert [cards.file_size(n) for n in (12, 15_400_000, 2.5e9)] == ["12 bytes", "15.4 MB", "2.5 GB"]
    assert [progress.duration(s) for s in (0.2, 40, 200, 7200)] == ["1 s", "40 s", "3 min", "2 h 0 min"]


FORM = ("minilm", "", "auto", 15, 0.1, "cosine", True, 42, 5, 5, "umap", "cpu", "density", 12)


def test_a_page_that_opens_has_the_form_that_belongs_to_no_dataset() -> None:
    """It asks the server for nothing of it: what a default is is said once."""
    services = SimpleNamespace(encoders=lambda: [spec.told() for spec in list_encoders()])
    parts = {getattr(part, "id", None): part for part in settings.layout(services)._traverse()}
    shown = tuple(getattr(parts[name], prop, None) for name, prop in form.FIELDS)
    assert shown == form.defaults(None)
    assert parts[ids.SET_ENCODER].data == encoder_options(services.encoders())
    assert parts[ids.SET_ENCODER_HINT].children == encoder_words(AUTO, services.encoders(), None)


def test_an_empty_number_means_its_default_and_no_seed_is_said() -> None:
    plain = form.settings_of(*FORM)
    assert plain["seed"] == 42
    assert plain["min_cluster_size"] == 5
    emptied = form.settings_of(*FORM[:6], False, 42, "", None, "map", "cpu", "density", 12)
    assert emptied["seed"] is None
    assert emptied["space"] == "map"
    assert not {"min_cluster_size", "min_samples"} & set(emptied)


def test_only_the_settings_of_the_chosen_method_are_sent() -> None:
    sent = form.settings_of(*FORM[:-2], "communities", 7)
    assert (sent["method"], sent["detail"]) == ("communities", 7)
    assert not {"min_cluster_size", "min_samples", "space"} & set(sent)
    assert "detail" not in form.settings_of(*FORM)
    shown = form.filled({"method": "communities", "detail": 7, "min_samples": None, "space": None}, None, [])
    assert shown[-2:] == ("communities", 7)


def test_an_encoder_by_name_must_be_named() -> None:
    assert form.settings_of("other", " st:x ", *FORM[2:])["encoder"] == "st:x"
    with pytest.raises(BadSetting, match="no encoder is named"):
        form.settings_of("other", " ", *FORM[2:])


def test_the_form_shows_the_settings_of_the_run_on_screen() -> None:
    dataset = {"dataset": "d", "rows": 4000}
    given = {
        "encoder": "st:x",
        "n_neighbors": 30,
        "min_dist": 0.0,
        "metric": "euclidean",
        "seed": None,
        "space": "map",
        "min_samples": 7,
    }
    filled = form.filled(given, dataset, [{"name": "minilm"}])
    assert filled == (
        "other",
        "st:x",
        "auto",
        30,
        0.0,
        "euclidean",
        False,
        42,
        default_min_cluster_size(4000),
        7,
        "map",
        "cpu",
        "density",
        12,
    )


def test_values_lumped_together_stay_in_the_background() -> None:
    table = pd.DataFrame({"kind": [f"kind {i % 25}" for i in range(100)]})
    run = dataclasses.replace(small_run(), dataset=Dataset("d", "d", ["t"] * 100, table))
    column = columns.column(run, "kind")
    assert column["values"][-1] == "5 others"
    light = figures.column_palette(column)["light"]
    assert len(light) == 21
    assert light[20] == "#b4bac4"
    asked = figures.column_palette(columns.column(run, "kind", also=["kind 9"]))["light"]
    assert (asked[20], len(asked), "#b4bac4" in asked[21:]) == ("#b4bac4", 22, False)
    alone = figures.column_palette({"kind": "category", "values": ["a", "7 others"], "others": 0})["light"]
    assert alone[1] != "#b4bac4"


def test_a_number_column_gets_a_ramp_and_no_more_traces_than_steps() -> None:
    palette = figures.column_palette({"kind": "number", "values": None})
    assert len(palette["light"]) == len(palette["dark"]) == figures.RAMP_STEPS
    many = colors_by_place([(float(i % 25), float(i // 25)) for i in range(500)])
    assert len(many) == 500
    assert len(set(many)) <= 39


def test_a_computed_column_and_one_of_the_table_with_its_name_are_told_apart() -> None:
    options = panels_map.color_choices(["outlier_score", "theme"])
    assert options[0] == {"value": "cluster", "label": "Clusters"}
    assert [option["group"] for option in options[1:]] == ["Computed of each row", "Columns of the table"]
    assert [item["label"] for item in options[1]["items"]] == [
        "Its neighbours are beside it", "How far it stands apart", "How many are like it", "How surely in its cluster",
        "How often it stayed",
    ]  # fmt: skip
    values = [item["value"] for option in options[1:] for item in option["items"]]
    assert {"computed:outlier_score", "column:outlier_score"} < set(values)
    assert len(values) == len(set(values)) == 7
    assert [option.get("group") for option in panels_map.color_choices([])] == [None, "Computed of each row"]


class Scored:
    """Questions of a run with one score and a column of the same name."""

    def column(self, _run: str, name: str, _read_as: str | None, _also: list[str]) -> dict[str, Any]:
        return {"column": name, "kind": "category", "values": ["a"], "others": 0, "codes": "AA=="}

    def choices(self, _run: str, _name: str) -> list[str]:
        return ["category"]

    def score(self, _run: str, name: str) -> dict[str, Any]:
        if name != "outlier_score":
            raise NotReady("“How many are like it” is not known here: an earlier version made this map.")
        return {"column": name, "kind": "number", "values": None, "codes": "AQ=="}


def test_a_score_that_is_not_known_is_a_sentence_and_no_failure() -> None:
    services: Any = SimpleNamespace(columns=Scored())
    both = [panels_map.colored(services, "ab12", f"{kind}:outlier_score") for kind in ("column", "computed")]
    assert [(one["choice"], one["codes"], len(one["colors"]["dark"])) for one in both] == [
        ("column:outlier_score", "AA==", 1),
        ("computed:outlier_score", "AQ==", figures.RAMP_STEPS),
    ]
    unknown = panels_map.colored(services, "ab12", "computed:local_density")
    assert (unknown["kind"], unknown["title"]) == ("unknown", "How many are like it")
    assert unknown["meaning"].startswith("“How many are like it” is not known here")
    assert "codes" not in unknown


def test_no_chart_is_ever_offered_for_upload() -> None:
    assert figures.map_config()["showSendToCloud"] is False


class OneRow:
    """Questions of a run with a single row."""

    def item(self, _run: str, row: int, *, take_in: float | None = None) -> dict[str, Any]:
        if row != 0:
            raise NotFound(f"there is no row {row}.")
        return {
            "row": 0,
            "place": "line 1",
            "kind": "text",
            "text": "alone",
            "cluster": -1,
            "cluster_name": "",
            "metadata": {},
        }

    def neighbors(
        self,
        _run: str,
        row: int,
        *,
        k: int,
        metric: str | None,
        take_in: float | None = None,
        dims: int = 2,
        **_asked: Any,
    ) -> dict[str, Any]:
        shown = {"near_ranks": k, "map_dims": dims, "neighbors": [], "only_on_map": []}
        return {"row": row, "k": k, "metric": metric or "cosine", **shown}


def test_a_row_without_neighbours_and_a_row_that_is_not_there_are_said_in_words() -> None:
    services: Any = SimpleNamespace(questions=OneRow())
    point, near, _ = inspector.inspection(services, Place("ab12", 0))
    assert "alone" in markup(point)
    assert "no neighbours" in markup(near)
    missing, _, controls = inspector.inspection(services, Place("ab12", 7))
    assert markup(missing) == '<div class="hint"><p>there is no row 7.</p></div>'
    assert "hidden" in controls


def test_neighbours_far_on_the_map_and_strangers_near_on_it_are_marked_in_words() -> None:
    def one(row: int, **given: Any) -> dict[str, Any]:
        text = {"row": row, "kind": "text", "text": f"row {row}", "cluster": 0, "cluster_name": "a"}
        return {**text, "similarity": 0.5, **given}

    near = one(4, map_rank=2, far_on_map=False), one(5, map_rank=1234, far_on_map=True)
    answer = {
        "metric": "cosine",
        "near_ranks": 20,
        "map_dims": 2,
        "neighbors": list(near),
        "only_on_map": [one(8), one(9)],
    }
    text = markup(neighborhood(answer, Place("ab12", 0, 2)))
    cards = text.split('data-testid="neighbor-card"')
    assert "The map has others nearer than one of them; a dashed line leads there." in text
    assert text.count(">others nearer on the map<") == 1
    assert "1,233 other rows are nearer to this point there (up to 20 counts as near)" in cards[2]
    assert text.count('data-testid="map-only-card"') == text.count(">far in truth<") == 2
    assert "Among the 2 nearest on the map, but not among the 20 nearest in meaning" in text
    plain = markup(neighborhood({**answer, "neighbors": [near[0]], "only_on_map": []}, Place("ab12", 0, 2)))
    assert "far" not in plain
    assert "details" not in plain


def registered(app: Dash, handler: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what `handle` gives to Dash."""
    given: list[Any] = []
    monkeypatch.setattr(app, "callback", lambda *_args, **_kwargs: given.append)
    registration.handle(app, Output("a", "data"), Input("b", "data"))(handler)
    return given[0]


def test_a_handler_runs_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    callback = registered(Dash("t"), lambda _value: threading.get_ident(), monkeypatch)
    assert asyncio.run(callback(1)) != threading.get_ident()


def test_an_error_of_ours_becomes_a_notice_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_value: int) -> None:
        raise NotFound("there is no run 'x'.")

    said: list[str] = []
    monkeypatch.setattr(registration, "notify", lambda text, **_kwargs: said.append(text))
    assert asyncio.run(registered(Dash("t"), fails, monkeypatch)(1)) is no_update
    assert said == ["there is no run 'x'."]


def test_texts_that_run_from_right_to_left_are_laid_out_so() -> None:
    item = {"row": 0, "place": "line 1", "kind": "text", "text": "שלום עולם", "cluster": 0, "cluster_name": "עולם"}
    assert '<div class="card-text" dir="auto">שלום עולם</div>' in markup(cards.content(item))
    assert '<span class="chip-name" dir="auto">עולם</span>' in markup(cards.cluster_chip(0, "עולם"))
    assert 'class="point-text" dir="auto"' in markup(inspector.point(item))


def test_a_scored_list_ranks_its_cards_by_the_named_field() -> None:
    items = [
        {"row": row, "kind": "text", "text": "a", "cluster": 0, "near": score} for row, score in ((7, 0.9), (3, 0.4))
    ]
    text = markup(cards.scored_list(items, Place("ab12"), by="near", label="score", testid="hit-card"))
    assert text.count('data-testid="hit-card"') == 2
    assert text.index('data-row="7"') < text.index('data-row="3"')
    assert 'data-score="0.900000"' in text


def test_every_panel_stands_in_the_one_list() -> None:
    modules = {name for _, name, _ in pkgutil.iter_modules(panels.__path__)}
    assert {panel.module.__name__.rpartition(".")[2] for panel in panels.PANELS} == modules


def test_the_map_has_one_set_of_buttons_and_sends_nothing_away() -> None:
    config = figures.map_config()
    assert config["displayModeBar"] is False
    assert config["showSendToCloud"] is False


def test_an_address_whose_map_is_gone_says_so_without_folders_and_commands() -> None:
    class Empty:
        def status(self, run: str) -> dict[str, Any]:
            raise NotFound(f"there is no run {run!r} in /home/ann/maps. List the runs with: embedding-explorer doctor")

    services: Any = SimpleNamespace(runs=Empty())
    status, stopped, text, view = progress.following(services, "<gone>", "another")
    assert (status, stopped, view) == ({"run": "<gone>", "state": "missing"}, True, None)
    assert "“&lt;gone&gt;”" in text
    assert "/home" not in text
    assert "doctor" not in text


@pytest.mark.parametrize("run", [None, "moving", "gone"])
def test_a_look_at_a_run_that_is_not_done_tells_the_map_that_nothing_is_shown_but_once(run: str | None) -> None:
    class One:
        def status(self, run: str) -> dict[str, Any]:
            if run == "gone":
                raise NotFound(f"there is no run {run!r}")
            return {"run": run, "state": "running", "stages": [], "progress": {}}

    services: Any = SimpleNamespace(runs=One())
    assert progress.following(services, run, "the run before")[3] is None
    assert progress.following(services, run, None)[3] is no_update


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted", "running"])
def test_a_run_that_ended_early_leads_back_to_the_maps_that_are_there(state: str) -> None:
    class Some:
        workspace = SimpleNamespace(runs=SimpleNamespace(record=lambda _run: {"state": "ended"}))

        def status(self, run: str) -> dict[str, Any]:
            return {"run": run, "dataset": "data", "state": state, "stages": [], "error": "it did not make them."}

        def all(self) -> list[dict[str, Any]]:
            told = {"name": "a map", "settings": {}, "encoder": "given", "created": 1.0, "dataset_name": "a"}
            runs = [("late", "data", state), ("here", "data", "done"), ("other", "elsewhere", "done")]
            return [{"run": run, "dataset": of, "state": how, **told} for run, of, how in runs]

    services: Any = SimpleNamespace(runs=Some())
    card = str(progress.following(services, "late", None)[2])
    assert ("run=here" in card) == (state != "running")
    assert "run=other" not in card


def test_patterns_are_no_encoders_to_choose():
    named = ["minilm", "clip:ViT-B-32/laion2b_s34b_b79k", "clip:EVA02-B-16/merged", "clip:RN50/openai", "st:all-MiniLM"]
    patterns = ["st:NAME_OR_FOLDER", "clip:MODEL/PRETRAINED", "clip:local-dir:PATH"]
    assert [spec.name for spec in list_encoders() if spec.dim is None] == [
        spec.name for spec in list_encoders() if is_pattern(spec.name)
    ]
    options = settings.encoder_options(
        [{"name": name, "summary": "Texts.", "offline": True} for name in named + patterns]
    )
    assert [option["value"] for option in options[1:-1]] == named


def test_a_line_of_the_list_of_clusters_quotes_an_example_and_not_its_name_again():
    cluster = {"cluster": 0, "name": "late parcel", "size": 9, "share": 0.9, "cohesion": 0.5}
    words = [{"word": "late", "score": 1.0}, {"word": "parcel", "score": 0.5}]
    texts = [{"row": 1, "text": "Where is\n my parcel? " + "It is late. " * 20}]
    shown = markup(
        clusters.cluster_list(
            {
                "clusters": [{**cluster, "keywords": words, "exemplars": texts}],
                "noise": {"size": 1, "share": 0.1},
            }
        )
    )
    assert "“Where is my parcel? It is late." in shown
    assert "late, parcel" not in shown
    pictures = {**cluster, "keywords": words, "exemplars": [{"row": 1, "path": "a.png"}]}
    assert "late, parcel" in markup(clusters.cluster_list({"clusters": [pictures], "noise": {"size": 1, "share": 0.1}}))


_YEARS = "the year 86 is taken as 1986, the year 01 is taken as 2001: the century is a guess"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["yes", "no", "no"] * 20, "2 categories"),
        ([None] * 60, "empty"),
        ([f"city {i % 30}" for i in range(90)], "30 categories, the commonest 20 in colours"),
        ([f"a text number {i}" for i in range(60)], "text, no value twice"),
        ([f"a text number {i % 58}" for i in range(60)], "text, hardly a value twice"),
        ([f"p{i % 40:03}" for i in range(60)], "text, 40 different values"),
        ([f"0{i}" for i in range(1000, 1060)], "ids, no value twice"),
        (list(range(11)) * 6, "scale of numbers"),
        ([f"{i}.{i},5 €" for i in range(100, 160)], "scale of numbers, with a decimal comma"),
        ([f"{1 + i % 28:02d}.03.2025 16:53" for i in range(60)], "dates, day first"),
        (
            ["01/02/2024", "03/04/2024", "05/06/2024"] * 20,
            "dates, day first (not sure: days and months may stand the other way round)",
        ),
        (["12/19/86", "1/2/01"] * 30, f"dates, month first (not sure: {_YEARS})"),
    ],
)
def test_the_preview_says_of_a_column_how_it_will_colour_the_map(values: list[Any], words: str) -> None:
    run = small_run()
    table = pd.DataFrame({"column": pd.Series(values)})
    dataset = dataclasses.replace(run.dataset, items=["x"] * len(values), table=table)
    (told,) = columns.columns_of(dataset)
    assert preview.coloured_as(told, rows=len(values)) == words
    long = preview.coloured_as(told, rows=1_000_000)
    assert long == ("categories, the commonest 20 in colours" if "30 categories" in words else long)
    assert "no value twice" not in long or "hardly" in long
    if told["type"] != "category" and "a text number" in str(values[0]):
        chosen = preview.coloured_as({**told, "set": True, "type": "category"}, rows=len(values))
        assert chosen.endswith("categories, the commonest 20 in colours")


def test_the_preview_says_what_is_not_of_a_columns_type_and_what_is_written_for_no_value() -> None:
    values = [*map(str, range(20)), "k. A.", "k. A.", "soon", None]
    dataset = dataclasses.replace(small_run().dataset, items=["x"] * 24, table=pd.DataFrame({"cost": values}))
    (told,) = columns.columns_of(dataset)
    held = {**told, "filled": 23, "coloured": preview.coloured_as(told, rows=24)}
    words = "scale of numbers · 1 is no number: “soon” · 3 missing, 2 of them written “k. A.”"
    assert preview.facts_of(held, 24) == words


def test_whole_numbers_of_a_preview_have_no_point_where_no_file_has_it() -> None:
    cells = (3.0, 4.5, -2.0, 1e300, True, "3.0")
    assert [said(cell, bare=True) for cell in cells] == ["3", "4.5", "-2", "1e+300", "true", "3.0"]
    assert [said(cell) for cell in cells] == ["3.0", "4.5", "-2.0", "1e+300", "true", "3.0"]


GROUNDS = {"light": "#fcfcfe", "dark": "#10141a"}
"""--map-ground of assets/base.css."""


def luminance(color: str) -> float:
    """Return the relative luminance of "#rrggbb" or "rgb(r, g, b)", as WCAG has it."""
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)] if color[0] == "#" else ast.literal_eval(color[3:])
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (p / 255 for p in parts))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", GROUNDS)
def test_every_colour_of_every_scale_is_seen_on_its_ground(theme: str) -> None:
    usual = figures.column_palette({"kind": "number"})
    for name, scale in {"usual": usual, **figures.ramp_palettes()}.items():
        for color in scale[theme]:
            darker, lighter = sorted((luminance(color), luminance(GROUNDS[theme])))
            assert (lighter + 0.05) / (darker + 0.05) > 1.2, f"{name}: {color} is lost on {theme}"


def text_of(parts: object) -> str:
    """Return what a reader sees of parts of the page."""
    return re.sub(r"<[^>]+>", " ", markup(parts))


def test_a_preview_shows_the_columns_beside_pictures_and_says_what_the_text_of_documents_is() -> None:
    record = {"rejected": 0, "rows": 1}
    rows = [{"path": "a.png", "width": "9", "height": "9", "label": "leaf"}]
    told = {"rows": rows, "count": 1, "text_column": None, "text_columns": [], "images": ["/a.webp"], "columns": []}
    told["modalities"] = ["image"]
    held = {name: {"type": "text", "filled": 1} for name in ("width", "height", "label")}
    shown = text_of(preview.look(record, told, [], held))
    assert "label" in shown
    assert shown.index("picture") < shown.index("leaf")
    assert "sound" in text_of(preview.look(record, {**told, "modalities": ["sound"]}, [], held))
    assert "label" not in text_of(preview.look(record, told, [], {"width": held["width"]}))
    mixed = {**told, "images": [], "text_column": "said", "columns": ["said"], "rows": [{"said": "hello"}]}
    shown = text_of(preview.look(record, {**mixed, "text_beside": True}, [], {}))
    assert "documents; of tables the column “said”" in shown


def test_a_large_upload_tells_its_first_rows_some_from_anywhere_and_what_its_columns_hold() -> None:
    look = {"rows": 1_500, "missing": 0, "distinct": 900, "shortest": 1, "longest": 5}
    looks = [
        {"name": "said", "kind": "text", **look, "shortest": 7, "longest": 7},
        {"name": "price", "kind": "number", **look, "missing": 3},
        {"name": "note", "kind": "empty", **look},
    ]
    row = {"price": "1.5", "said": "so much", "note": ""}
    told = {"name": "a.csv", "bytes": 3 * 2**29, "more_columns": 2, "text_column": "said", "looks": looks}
    shown = text_of(panels.early.early({**told, "rows": [row], "sample": [row, row]}))
    for words in (
        "1.5 GB, being read.",
        "The first 1 row; 2 more columns are not shown. What columns hold is told by 1,500 rows.",
        "text · none missing · 900 distinct · 7 characters",
        "number · 3 of 1,500 missing · 900 distinct · 1–5 characters",
        "no value in 1,500 rows",
        "2 rows from anywhere in it.",
    ):
        assert words in shown, words
    assert shown.index("so much") < shown.index("1.5 ", shown.index("so much"))  # the text column stands first


def test_a_row_in_no_cluster_is_called_so_whatever_the_api_calls_it() -> None:
    assert "noise" not in text_of(cards.cluster_chip(-1, "noise"))
    assert "In no cluster" in text_of(cards.cluster_chip(-1, "noise"))


JARGON = re.compile(r"\b(?:vectors?|encoders?|embed\w*|index|communit\w*|process|epochs?|stages?)\b", re.IGNORECASE)


def test_what_is_said_while_a_map_is_made_needs_no_glossary() -> None:
    words_said = [words for pair in progress._STAGE_WORDS.values() for words in pair]
    for path in sorted(Path(progress.__file__).parents[2].rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Progress":
                notes = [given.value for given in call.keywords if given.arg == "note"]
                words_said += [str(note.value) for note in notes if isinstance(note, ast.Constant)]
    assert len(words_said) > 15
    assert not [words for words in words_said if JARGON.search(words)]
    told: list[Progress] = []
    _Meter(256, 255, told.append)
    assert told[0].note == "255 of 256 rows were read before"


def test_vectors_that_came_with_the_data_can_be_chosen_and_are_told_for_those_alone() -> None:
    known = [
        {"name": "minilm", "summary": "Short texts: fast", "offline": True, "modalities": ["text"], "languages": []}
    ]
    plain: dict[str, Any] = {"modalities": ["text"], "languages": {}}
    own = {**plain, "given": {"column": "embedding", "dim": 384}}
    assert [one["value"] for one in encoder_options(known, plain)] == ["auto", "minilm", "other"]
    assert [one["value"] for one in encoder_options(known, own)] == [
        "auto",
        "given",
        "given:minilm",
        "minilm",
        "other",
    ]
    strange = {**own, "given": {"column": "embedding", "dim": 7}}
    assert encoderwords.makers([{**known[0], "dim": 384}], strange) == []
    assert "encoded by minilm, to see that it made them" in str(encoder_words("given:minilm", known, own))
    assert not unreadable("given:minilm", known, {**own, "languages": {"th": 1.0}})
    for name in ("auto", "given"):
        assert "the vectors of the column embedding, 384 numbers each" in str(encoder_words(name, known, own)[0])
        assert not unreadable(name, known, {**own, "languages": {"th": 1.0}})
    assert "offline" in str(encoder_words("minilm", known, own)[0])


def test_the_chart_of_other_sizes_says_what_its_columns_are() -> None:
    settings = [
        {"min_cluster_size": size, "clusters": 20 - size, "noise": 0.1, "agreement": 0.9, "repeated": None}
        for size in (5, 7)
    ]
    shown = str(sweep_chart({"settings": settings, "min_cluster_size": 7, "min_samples": 5}))
    assert "Smallest cluster: 7 now, the marked column. A cluster has at least so many rows" in shown
    assert "Caution" not in shown


def test_names_without_blanks_may_end_a_line_where_a_person_would_break_them() -> None:
    assert markup(cards.breakable("cifar10/dog_a-7.jpg")) == "cifar10/<wbr>dog_<wbr>a-<wbr>7.jpg"
    assert markup(cards.breakable("a <b> -- -0.5_")) == "a &lt;b&gt; -- -0.5_"
    said = markup(
        inspector.point(
            {"row": 3, "place": "line 4", "kind": "text", "cluster": -1, "text": "x", "metadata": {"k_k": "a_b"}}
        )
    )
    assert "a_<wbr>b" in said
    assert "k_<wbr>k" in said


def test_what_a_file_says_of_a_column_stands_beside_its_name() -> None:
    groups = panels_map.color_choices(
        ["Q1", "age"], {"Q1": "How satisfied are you with the library, all in all, this year and last?"}
    )
    [labels] = [
        [item["label"] for item in group["items"]] for group in groups if group.get("group", "").startswith("Col")
    ]
    assert labels == ["Q1 – How satisfied are you with the library, all in all, this ye…", "age"]
    asked = {"row": 3, "place": "line 4", "kind": "text", "cluster": -1, "text": "x", "metadata": {"Q1": "8"}}
    said = markup(inspector.point({**asked, "described": {"Q1": "How satisfied are you?"}}))
    assert "How satisfied are you?" in said
    assert "satisfied" not in markup(inspector.point(asked))


def test_a_place_that_begins_with_a_files_name_is_headed_by_that_as_it_is_written() -> None:
    places = ("line 12", "page 3 of a.pdf", "minutes_01.docx, under “Budget”", "lines.docx, the whole document")
    assert [inspector._heading(place) for place in places] == ["Line 12", "Page 3 of a.pdf", *places[2:]]


def test_a_point_shows_no_column_in_which_it_has_an_empty_list_and_breaks_names_at_their_dots() -> None:
    shown = str(inspector._metadata({"fields.status.name": "open", "labels": "[]", "tags": '["a", "b"]'}, [], {}))
    assert "labels" not in shown
    assert "'a, b'" in shown
    assert "'fields.', Wbr(None), 'status.', Wbr(None), 'name'" in shown


def test_a_table_without_texts_is_told_before_it_becomes_a_map() -> None:
    record = {"rows": 200, "text_column": "station"}
    copies = [{"kind": "copy of another row", "count": 198, "of": None}]
    (told,) = preview.little_to_read(record, copies)
    assert told.children.startswith("There is little to read: “station” has 2 different texts in 200 rows.")
    for other, faults in (
        (record, []),
        ({**record, "text_column": None}, copies),
        ({**record, "rows": 12}, [{**copies[0], "count": 10}]),
        (record, [{**copies[0], "count": 120}]),
    ):
        assert preview.little_to_read(other, faults) == []


def test_a_card_says_that_a_row_has_no_value_where_a_column_colours_the_map() -> None:
    found = [{"closed": "2023", "note": ""}, {"closed": None, "note": "x"}]
    services: Any = SimpleNamespace(columns=SimpleNamespace(cells=lambda *_: found))
    items = [{"row": 0}, {"row": 1}]
    coloured = cards.with_values(services, "r", items, Place(color="column:closed", cards="note"))
    shown = [markup(cards.values(one)) for one in coloured]
    assert "2023" in shown[0]
    assert "note" not in shown[0].replace('class="note"', "")
    assert "no value" in shown[1]
    plain = cards.with_values(services, "r", items, Place(cards="closed"))
    assert cards.values(plain[1]) is None or "no value" not in markup(cards.values(plain[1]))


def test_words_for_pictures_are_said_to_be_guesses() -> None:
    words = [{"word": "envelope", "score": 1.0}, {"word": "binder", "score": 0.9}]
    pictures = {"exemplars": [{"path": "a.png"}], "odd": [], "keywords": words}
    assert clusters._example(pictures) == "Words near these pictures: envelope, binder"
    assert clusters._has_no_words(pictures)
    assert not clusters._has_no_words({**pictures, "exemplars": [{"text": "a"}]})
    assert clusters._example({**pictures, "keywords": []}) == ""


def test_a_point_that_is_like_nothing_here_says_so_whatever_cluster_it_is_in() -> None:
    item = {"row": 1, "place": "row 2", "kind": "text", "text": "A swing is broken.", "cluster": 0, "strength": 1.0}
    said = "hardly anything here is like it"
    assert said in markup(inspector.point({**item, "outlier_score": 4.2, "local_density": 0.31}))
    assert said not in markup(inspector.point({**item, "outlier_score": 9.5, "local_density": 0.97}))  # amid equal ones
    assert said not in markup(inspector.point({**item, "outlier_score": 1.1, "local_density": 0.3}))
    assert said not in markup(inspector.point(item))


@pytest.mark.parametrize("strength", [0.0, 0.1, 0.3, 0.5, 0.8, 1.0])
def test_what_a_point_says_of_itself_does_not_contradict_itself(strength: float) -> None:
    item = {
        "row": 1,
        "place": "row 2",
        "kind": "text",
        "text": "A swing is broken.",
        "cluster": 0,
        "strength": strength,
    }
    apart = markup(inspector.point({**item, "outlier_score": 4.2, "local_density": 0.31}))
    assert "hardly anything here is like it" in apart
    assert not any(said in apart for said in ("in its core", "between core"))
    usual = markup(inspector.point({**item, "outlier_score": 1.0, "local_density": 0.9}))
    assert ("in its core" in usual.replace("100 % in its core", "")) == (strength >= 0.8)
