"""What leaves this machine for a map: to whom, how much, what it costs, and whether somebody agreed to it.

It sends nothing: encoders do, once `agreed` says so.  An agreement is of a dataset and an encoder; it stands in the
record of the run that it was given for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.config import AUTO, default_workspace, is_given, maker_of
from explorer.embedding import KnownVectors, item_hashes
from explorer.errors import NotAgreed, NotFound
from explorer.kinds import kind_of
from explorer.runs.facts import encoder_for, facts_of, fingerprint_of
from explorer.runs.plan import Plan
from explorer.runs.vouching import rows_checked
from explorer.types import Dataset, digest
from explorer.workspace import Workspace

MOST_PHRASES = 4_000
"""Phrases with a vector: 3 s on two cores, and enough for the finest level of names (400 groups, ten each)."""
_PHRASE_TOKENS = 3
AGREED = "agreed"
"""In a run's record: what the items of its dataset may be sent to, the fingerprint of an encoder."""


@dataclass(frozen=True)
class Sending:
    """What a map would have sent: *items* of *rows* to *to*, their *characters* and about how many *tokens*.

    Those are counted once that are twice there, and not at all whose vectors are *known*: computed before, here.
    *phrases* short ones of the same texts go there too, at most, to name clusters by; the tokens of these are among
    them.  *price* is what that costs, about; None: nobody said what a million tokens cost.
    """

    encoder: str
    to: str
    rows: int
    items: int
    known: int
    characters: int
    tokens: int
    phrases: int
    price: float | None = None
    currency: str = ""

    @property
    def key(self) -> str:
        """What is agreed to: this much, to them, and nothing else."""
        return digest("sending", self.encoder, self.to, self.items, self.characters)

    def cost(self) -> str:
        """Return what it costs in words; what nobody said is not guessed."""
        if self.price is None:
            return "what that costs is not known here: the price of a million tokens can be set in encoders.toml"
        least = 0.01
        said = f"{self.price:,.2f}" if self.price >= least else f"less than {least}"
        return f"about {said} {self.currency}"

    def words(self) -> str:
        """Return all of it in a sentence or two."""
        known = f" (the vectors of {self.known:,} are here already)" if self.known else ""
        if not self.items:
            return f"All vectors are here already; nothing goes to {self.to} but words that clusters may be named by."
        return (
            f"{self.items:,} items{known} with {self.characters:,} characters, about {self.tokens:,} tokens, are sent "
            f"to {self.to}; {self.cost()}. Up to {self.phrases:,} short phrases of these texts go there too, to name "
            "clusters by, and so does whatever is searched for on the map."
        )


def sending_of(
    dataset: Dataset | str, encoder: str = AUTO, *, workspace: Workspace | Path | str | None = None
) -> Sending | None:
    """Return what a map of a dataset, or of the one with that key, by an encoder would have sent; None for nothing.

    Raises NotFound, UnknownEncoder, WrongModality.  O(n): all items are looked at.
    """
    from explorer import encoders

    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    facts = facts_of(dataset if isinstance(dataset, Dataset) else workspace.datasets.record(dataset))
    name = encoder_for(encoder, facts.kinds, own=bool(facts.given))
    to = encoders.sends_to(name)
    if not to:
        return None
    opened = dataset if isinstance(dataset, Dataset) else workspace.datasets.open(dataset, on_disk=True)
    if is_given(name):  # a few items, to see whether it made the vectors that are here
        known, texts = np.zeros(0, np.bool_), [_words(opened, row) for row in rows_checked(opened).tolist()]
    else:
        hashes, first = np.unique(item_hashes(opened.items), axis=0, return_index=True)
        known = KnownVectors(workspace.vectors.folders(), fingerprint=fingerprint_of(name, facts))(hashes)[0]
        texts = [_words(opened, int(row)) for row in first[~known]]
    tokens = sum(map(encoders.tokens_in, texts))
    tokens += min(MOST_PHRASES * _PHRASE_TOKENS, tokens)
    said = next(
        (one for one in encoders.named_encoders() if encoders.canonical(one.encoder) == (maker_of(name) or name)), None
    )
    price = None if said is None or said.price is None else said.price * tokens / 1e6
    return Sending(
        name,
        to,
        len(opened),
        len(texts),
        int(known.sum()),
        sum(map(len, texts)),
        tokens,
        MOST_PHRASES,
        price,
        "" if said is None else said.currency,
    )


def _words(dataset: Dataset, row: int) -> str:
    item = dataset.items[row]
    return kind_of(item).words(item) or ""


def asks_first(encoder: str) -> bool:
    """Whether an encoder is used only where somebody agreed: it sends items away, or runs somebody's own code."""
    from explorer import encoders

    return encoders.runs_code(encoder) or bool(encoders.sends_to(encoder))


def is_agreed(workspace: Workspace, plan: Plan) -> bool:
    """Whether the encoder of a plan may be used: nothing has to be agreed, or somebody did for a run of these data."""
    if not asks_first(plan.config.embed.encoder):
        return True
    if _agrees(_record(workspace, plan.run), plan):
        return True
    return any(_agrees(record, plan) for record in workspace.runs.records() if record["dataset"] == plan.dataset)


def agree(workspace: Workspace, plan: Plan) -> None:
    """Note that somebody agreed to a plan's encoder.  Raises NotFound where the run has no record yet."""
    if asks_first(plan.config.embed.encoder):
        workspace.runs.update(plan.run, **{AGREED: plan.asked})


def check_agreed(workspace: Workspace, plan: Plan, *, how: str = "") -> None:
    """Raise NotAgreed where something would leave this machine, or code be run, to which nobody agreed; *how* to."""
    if is_agreed(workspace, plan):
        return
    told = sending_of(plan.dataset, plan.config.embed.encoder, workspace=workspace)
    raise not_agreed(plan.config.embed.encoder, told, how=how)


def not_agreed(encoder: str, told: Sending | None, *, how: str = "") -> NotAgreed:
    """Return the error that says to what nobody agreed, and how one does."""
    what = f"the encoder {encoder} runs code" if told is None else f"nothing was sent yet. {told.words()}"
    return NotAgreed(f"{what.rstrip('.')}. To agree, {how or 'make the map of these data with it anew'}.")


def _agrees(record: Mapping[str, Any], plan: Plan) -> bool:
    return record.get(AGREED) == plan.asked


def _record(workspace: Workspace, run: str) -> Mapping[str, Any]:
    try:
        return workspace.runs.record(run)
    except NotFound:
        return {}
