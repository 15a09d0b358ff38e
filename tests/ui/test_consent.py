"""What the page shows before items leave this machine, and of vectors that are kept."""

import json

from plotly.utils import PlotlyJSONEncoder

from explorer.ui import consent, kept
from explorer.ui.encoderwords import encoder_options, encoder_words

TOLD = {
    "to": "api.openai.com", "items": 1200, "known": 300, "characters": 40_000, "tokens": 12_345, "phrases": 4000,
    "cost": "about 0.25 EUR", "agreed": False, "key": "k",
}  # fmt: skip


def text_of(parts: object) -> str:
    found = []

    def walk(one: object) -> None:
        if isinstance(one, dict):
            for value in one.values():
                walk(value)
        elif isinstance(one, list):
            for value in one:
                walk(value)
        elif isinstance(one, str):
            found.append(one)

    walk(json.loads(json.dumps(parts, cls=PlotlyJSONEncoder)))
    return " ".join(found)


class Services:
    """Tells what would be sent, and counts who asks."""

    def __init__(self, told: dict | None) -> None:
        self.consent, self.told, self.asked = self, told, 0

    def sending(self, dataset: str, encoder: str) -> dict | None:
        self.asked += 1
        return self.told


def test_what_would_be_sent_is_told_with_whom_how_much_and_the_price() -> None:
    said = text_of(consent.words(TOLD))
    for part in ("1,200 items would be sent to api.openai.com", "300 whose vectors are here", "40,000 characters",
                 "about 12,345 tokens", "About 0.25 EUR", "search for on the map"):  # fmt: skip
        assert part in said


def test_nothing_is_asked_of_encoders_that_send_nothing_nor_twice() -> None:
    services = Services(TOLD)
    for name in (None, "", "auto", "given", "minilm", "st:a/b", "own:a:b"):
        assert consent.due(services, "d", name) is None
    assert services.asked == 0
    assert consent.due(services, "d", "openai:m") == TOLD
    assert consent.due(Services({**TOLD, "agreed": True}), "d", "openai:m") is None
    assert consent.due(Services(None), "d", "openai:m") is None


def test_the_list_says_which_encoder_sends_what_it_reads() -> None:
    spec = {
        "name": "openai:text-embedding-3-small", "summary": "Texts by meaning.", "modalities": ["text"], "dim": 1536,
        "download_mb": 0, "offline": False, "sends": "api.openai.com", "languages": [], "licence": "", "needs": "a key",
    }  # fmt: skip
    assert any("sends items to api.openai.com" in one["label"] for one in encoder_options([spec]))
    assert "sends what it reads to api.openai.com, once you agree" in text_of(encoder_words(spec["name"], [spec], None))


def test_kept_vectors_are_told_with_their_limit_and_can_be_removed() -> None:
    said = text_of(kept.line({"size": 12_000_000, "limit": 4 * 10**9}))
    assert "12.0 MB of 4.0 GB at most" in said
    assert "clear-vectors" in said
    assert kept.line({"size": 0, "limit": 4 * 10**9}) == []
