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
from explorer.config import is_given
from explorer.encoders import is_here
from explorer.errors import ExplorerError
from explorer.ui.encoderwords import by_edges
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

LINE, SAMPLE = "preview-takes", "sample"
SAMPLED = 20_000
MOST_VALUES = 100
"""Values of a column, at most, whose shares a part is offered to keep."""


def told(services: Services, dataset: Mapping[str, Any] | None, encoder: str) -> dict[str, Any] | None:
    """Return what a map takes with an encoder; None while none is named, or where it does not read the items."""
    if dataset is None or not encoder:
        return None
    try:
        return services.runs.estimate(str(dataset["dataset"]), encoder)
    except ExplorerError:  # what is wrong with a name is said by the run that asks for it
        return None


def line(services: Services, record: Mapping[str, Any] | None, told: Mapping[str, Any] | None) -> list[Any]:
    """Return what the preview says of an estimate, with the offer of a part; nothing where there is none."""
    if record is None or told is None:
        return []
    return [_line(told, record), *_offer(services, record, str(told["encoder"]))]


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
    made = services.versions.sample(str(action["key"]), SAMPLED, by=str(action.get("name", "")) or None)
    return str(made["dataset"])


def _line(told: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    given, called = is_given(str(told["encoder"])), encoder_called(told["encoder"])
    own = "by its edges" if by_edges(record) else "by the vectors that came with the data"
    by = own if given else f"with {called}"
    said = f"A map takes {told['words']} here, {by}{_first(told)}."
    return html.P(said, className=LINE, **{"data-testid": LINE})


def beside(told: Mapping[str, Any] | None) -> list[Any]:
    """Return what is said of an estimate below the encoder in the settings; nothing where there is none."""
    return [] if told is None else [html.Div(f"Takes {told['words']} here{_first(told)}.")]


def _first(told: Mapping[str, Any]) -> str:
    """Return what comes before, in time that nobody can tell: the weights of an encoder that is not here."""
    return "" if is_here(str(told["encoder"])) else ", once its weights are downloaded"
