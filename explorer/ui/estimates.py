"""What a map will take on this machine: a line in the preview, and one below the encoder in the settings.

Of many rows a part is offered beside it.

It estimates nothing itself (`runs` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from explorer import ingest
from explorer.columns import CATEGORY
from explorer.config import AUTO
from explorer.encoders import default_encoder, readers_of
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

LINE, SAMPLE = "preview-takes", "sample"
SAMPLED = 20_000
MOST_VALUES = 100
"""Values of a column, at most, whose shares a part is offered to keep."""


def line(services: Services, record: Mapping[str, Any]) -> list[Any]:
    """Return what a map takes with the encoder that is taken where no other is chosen; nothing if none reads it."""
    readers = readers_of(record["modalities"])
    if not readers:
        return []
    told = services.runs.estimate(str(record["dataset"]), readers[0].name)
    return [_line(told), *_offer(services, record, readers[0].name)]


def _offer(services: Services, record: Mapping[str, Any], encoder: str) -> list[Any]:
    """Return the buttons that take a part of very many rows: any, or so that a column's values keep their shares."""
    if int(record["rows"]) < ingest.LARGE:
        return []
    key = str(record["dataset"])
    part = services.runs.estimate(key, encoder, rows=SAMPLED)
    looked = services.datasets.looked_at(key)
    columns = [
        str(one["column"]) for one in looked if one["type"] == CATEGORY and 1 < int(one["distinct"]) <= MOST_VALUES
    ]
    wanted = [(f"Take {SAMPLED:,} of the rows", ""), *((f"… with the shares of {name}", name) for name in columns[:3])]
    said = f"{SAMPLED:,} of the {int(record['rows']):,} rows take {part['words']}; the whole stays where it is."
    return [
        html.P(said, className=LINE, **{"data-testid": "sample-offer"}),
        html.Div([_button(key, words, column) for words, column in wanted], className="buttons"),
    ]


def _button(key: str, words: str, column: str) -> Any:
    held = {"data-library": SAMPLE, "data-kind": "dataset", "data-key": key, "data-name": column}
    return html.Button(words, className="ghost", title=words, **held, **{"data-testid": "take-sample"})


def sampled(services: Services, action: Mapping[str, Any]) -> str:
    """Return the key of the part of a dataset that a press takes.  Raises what `Versions.sample` raises."""
    made = services.versions.sample(str(action["key"]), SAMPLED, by=str(action["name"]) or None)
    return str(made["dataset"])


def _line(first: Mapping[str, Any]) -> Any:
    said = f"A map takes {first['words']} here, with {encoder_called(first['encoder'])}."
    return html.P(said, className=LINE, **{"data-testid": LINE})


def of_encoder(services: Services, dataset: Mapping[str, Any] | None, encoder: str) -> list[Any]:
    """Return what a map with an encoder takes here; nothing of one that is not listed, or does not read the items."""
    if dataset is None:
        return []
    asked = default_encoder(dataset["modalities"]) if encoder == AUTO else encoder
    if asked not in {spec.name for spec in readers_of(dataset["modalities"])}:
        return []
    return [html.Div(f"Takes {services.runs.estimate(dataset['dataset'], asked)['words']} here.")]
