"""Cards of pictures and sounds show what their table says of them in words, and no name of a cluster in its place."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from explorer.ui.cards import item_card, with_values
from explorer.ui.markup import markup
from explorer.ui.stores import Place


@pytest.mark.parametrize("seed", range(8))
def test_a_hit_shows_its_caption_once_beside_what_else_cards_show(seed: int) -> None:
    chance = random.Random(seed)
    said = ["coffee with Anna", "first coffee of the day, blurred", "IMG 1234", "Milan", None, "12 34 56"]
    rows = [chance.choice(said) for _ in range(12)]
    table = pd.DataFrame({"file": [f"IMG_{at}.jpg" for at in range(12)], "note": rows, "place": ["in Rome"] * 12})

    def cells(_run: str, wanted: list[int], names: list[str]) -> list[dict[str, Any]]:
        return [{name: table[name][row] for name in names} for row in wanted]

    columns = SimpleNamespace(cells=cells)
    services: Any = SimpleNamespace(
        columns=columns, run=lambda _key: SimpleNamespace(dataset=SimpleNamespace(table=table))
    )
    items = [
        {
            "row": at,
            "cluster": 0,
            "cluster_name": "espresso",
            **({"path": f"IMG_{at}.jpg", "thumbnail": "t"} if at % 3 else {"text": "x"}),
        }
        for at in range(12)
    ]
    for place in (Place("ab12"), Place("ab12", color="column:note"), Place("ab12", cards='["place", "note"]')):
        told = with_values(services, "ab12", items, place)
        for item, text in zip(told, rows, strict=True):
            shown = markup(item_card(item, place, score=0.5, label="score"))
            is_caption = text in said[:2]
            if item.get("path") and is_caption:
                assert shown.count(str(text)) == 1
            if not item.get("path") and place == Place("ab12"):
                assert "card-values" not in shown, "texts say themselves what they are"
            if item.get("path") and not is_caption and place == Place("ab12"):
                assert "card-values" not in shown
            if place.cards:
                assert "in Rome" in shown
