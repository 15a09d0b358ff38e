"""Families of which each is wrong in another way."""

from explorer.encoders import EncoderSpec, OneEncoder
from explorer.ingest import ITEMS, FileReader
from explorer.neighbors import IndexFamily

SPEC = EncoderSpec("minilm", "Not the one.", frozenset({"text"}), 3, 0, "MIT", offline=True)

SHAPELESS = object()
TWICE = OneEncoder(SPEC, identify=lambda: "not the one", open=lambda device: None)


def no_fingerprint():
    raise KeyError("BROKEN_TOKEN")


FAULTY = OneEncoder(
    EncoderSpec("faulty", "Fails when it is used.", frozenset({"text"}), 3, 0, "MIT", offline=True),
    identify=no_fingerprint,
    open=lambda device: None,
)


class Raising:
    """Cannot even be made."""

    def __init__(self):
        raise RuntimeError("it needs a licence")


class Unlisted:
    """Fails when its encoders are listed."""

    prefix = "unlisted"
    forms = ("unlisted",)

    def specs(self):
        raise OSError("the list of models is on a server that is down")

    def canonical(self, rest):
        return rest

    modalities = fingerprint = is_here = load = weights = canonical


def fail(source, advance, *, limit=None):
    raise ZeroDivisionError("a fault in the reader")


TAKEN = FileReader(name="another CSV", suffixes=(".csv",), summary="Not the one.", kind=ITEMS, read=fail)
PICTURE = FileReader(name="odd pictures", suffixes=(".odd",), summary="A picture.", kind="picture", read=fail)
FAILING = FileReader(name="files that fail", suffixes=(".fails",), summary="Nothing.", kind=ITEMS, read=fail)
ODD = IndexFamily("Odd Scheme", "Not an address.", lambda vectors, metric: None)
