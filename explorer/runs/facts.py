"""What a plan has to know of a dataset and of its encoder, before either is opened.

It makes no plan: `plan` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.config import AUTO, GIVEN, is_given, maker_of
from explorer.errors import BadSetting, ExplorerError
from explorer.kinds import described_by_words_near, kind_named
from explorer.types import Dataset


@dataclass(frozen=True)
class Facts:
    """What a plan needs to know of a dataset; `facts_of` reads it from a record, without opening the dataset."""

    key: str
    items_key: str
    rows: int
    kinds: frozenset[str]
    readings: Mapping[str, str] = field(default_factory=dict)
    given: str = ""
    """The digest of the vectors that came with the items; "" where none did."""
    dim: int = 0
    """How many numbers each of these has."""
    languages: Mapping[str, float] = field(default_factory=dict)
    """The shares of the languages of its texts, as far as these were told."""


def facts_of(dataset: Dataset | Mapping[str, Any]) -> Facts:
    """Return the facts of a dataset, or of its record in the workspace."""
    if isinstance(dataset, Dataset):
        from explorer import ingest

        given = dataset.given
        own, dim = (given.key, int(given.array.shape[1])) if given is not None else ("", 0)
        told = (own, dim, ingest.languages_of(dataset.items))
        return Facts(dataset.key, dataset.items_key, len(dataset), dataset.modalities, dataset.readings, *told)
    kinds, readings = frozenset(dataset["modalities"]), dataset.get("readings", {})
    own = dataset.get("given", {})
    told = (own.get("key", ""), own.get("dim", 0), dataset.get("languages", {}))
    return Facts(dataset["dataset"], dataset["items_key"], dataset["rows"], kinds, readings, *told)


def fingerprint_of(encoder: str, dataset: Facts) -> str:
    """Return what identifies the vectors that a dataset has by an encoder, beside its items."""
    from explorer import encoders

    made = encoders.fingerprint(encoder)
    return f"{made}:{dataset.given}" if is_given(encoder) else made


def check_drafts(encoder: str, kinds: frozenset[str]) -> None:
    """Raise BadSetting where the vectors of such items by an encoder cannot be drafted."""
    from explorer import encoders

    others = sorted(kind for kind in kinds if not kind_named(kind).has_words)
    if others:
        raise BadSetting(f"only texts can be drafted, and some items are {others[0]}s; leave draft out.")
    if is_given(encoder) or encoders.sends_to(encoder) or encoders.word_pieces(encoder) is None:
        raise BadSetting(
            f"the vectors of {encoder} cannot be drafted: that takes an encoder whose word pieces are on this machine, "
            "such as minilm. Choose one, or leave draft out."
        )


def fingerprint_of_maker(encoder: str) -> str:
    """Return what identifies the encoder that is named as the one that made given vectors; "" where none is."""
    from explorer import encoders

    maker = maker_of(encoder)
    return encoders.fingerprint(maker) if maker else ""


def check_maker(encoder: str, given: int, makes: int | None = None) -> None:
    """Raise BadSetting where the encoder that is named *makes* vectors of another length than the *given* numbers.

    *makes* None: what is known of it before it is loaded.
    """
    from explorer import encoders

    maker = maker_of(encoder)
    if maker and makes is None:
        makes = next((spec.dim for spec in encoders.list_encoders() if spec.name == maker), None)
    if maker and makes and makes != given:
        raise BadSetting(
            f"the encoder {maker} did not make the vectors that came with the data: its vectors have {makes:,} "
            f"numbers, those have {given:,}. Name another one, or leave it out: {GIVEN} alone maps them as they are."
        )


def encoder_for(
    named: str, kinds: frozenset[str], *, own: bool = False, languages: Mapping[str, float] | None = None
) -> str:
    """Return the full name of an encoder for items of these kinds, of AUTO that of their default one.

    *own*: vectors came with the items; then AUTO takes these.  *languages* are the shares of those of the texts.
    Raises UnknownEncoder, WrongModality, BadSetting.
    """
    from explorer import encoders

    if own and named in (AUTO, GIVEN):
        return GIVEN
    encoder = encoders.canonical(encoders.default_encoder(kinds, languages or {}) if named == AUTO else named)
    if is_given(encoder) and not own:
        raise BadSetting("no vectors came with these data: choose the column that holds them when the file is read.")
    check_reads(encoder, kinds)
    return encoder


def check_reads(encoder: str, kinds: frozenset[str]) -> None:
    """Raise WrongModality for an encoder that does not read items of all these kinds."""
    from explorer import encoders
    from explorer.errors import WrongModality

    unread = kinds - encoders.modalities_of(encoder)
    if unread:
        ours = dict.fromkeys(spec.name.partition(":")[0] for spec in encoders.readers_of(kinds))
        cure = " or ".join(list(ours)[:2]) or "one that does"
        raise WrongModality(f"the encoder {encoder} reads no {'s or '.join(sorted(unread))}s; choose {cure}.")


def words_for(encoder: str, kinds: frozenset[str]) -> tuple[str, ...] | None:
    """Return the words that items of these kinds are described with; None where they have words of their own."""
    from explorer import encoders

    if encoder == GIVEN:  # nothing encodes words
        return None
    return vocabulary_words(encoder) if described_by_words_near(kinds, read=encoders.modalities_of(encoder)) else None


def vocabulary_words(encoder: str) -> tuple[str, ...]:
    """Return the words that pictures, or sounds, may be described with; for conse also what its network can name.

    On the 444 sample pictures the first word then names the subject of 32 of 35 clusters, 27 without the latter.
    """
    from explorer.description import load_vocabulary
    from explorer.encoders import modalities_of

    encoder = maker_of(encoder) or encoder
    try:
        kinds = [kind_named(name) for name in modalities_of(encoder)]
    except ExplorerError:  # the package that added it is gone: its maps are there still
        kinds = []
    lists = {kind.described_by for kind in kinds if not kind.has_words} or {"things"}
    words = [word for name in sorted(lists, reverse=True) for word in load_vocabulary(name)]
    return tuple(dict.fromkeys([*words, *general_words(encoder)]))


def general_words(encoder: str) -> dict[str, tuple[str, ...]]:
    """Return what conse's network can name, in general terms and class by class, with the classes that each holds."""
    from explorer.encoders import class_names, general_terms

    return {**{name: (name,) for name in class_names()}, **general_terms()} if encoder == "conse" else {}
