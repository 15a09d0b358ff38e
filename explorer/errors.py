"""Every exception of the package; each message says what happened, the value seen and the cure.

It does not decide how an error is shown: the command line prints the message, the REST API
turns it into problem+json with the class's ``status``, and the page shows it as a notice.

    ExplorerError
    ├── UnreadableFile      a file or folder that cannot be read at all
    │   ├── ReadingEnded    a reading that took too much, or whose process was killed
    │   └── BadChoice       a way to read a file that is none of those in which it can be read
    ├── NothingUsable       a source with no usable item in it
    ├── UnknownColumn       a column that the table does not have
    ├── UnknownEncoder      an encoder name that the registry does not know
    ├── UnknownKind         items of a kind that nothing installed here knows
    ├── MissingWeights      an encoder whose weights are neither here nor reachable
    ├── WrongModality       an encoder asked for a kind of item that it cannot read
    ├── NoEncoder           something to encode among vectors that came with the data
    ├── TooFewRows          a stage asked for more rows than there are
    ├── TooManyRows         more rows than an answer can be given for
    ├── BadSetting          a setting outside its range
    ├── NotAgreed           something that would leave this machine, or code that would run, to which nobody agreed
    ├── NotFound            a dataset, run, row or upload that does not exist
    ├── NotReady            a run whose results are not there yet
    ├── WorkspaceBusy       a workspace that another server writes
    ├── WorkspaceUnusable   a folder that cannot hold a workspace
    ├── CannotWrite         a workspace on a full disk, or one that may only be read
    ├── UploadRefused       an upload beyond the limits or out of step
    ├── WorkerDied          a worker process that ended in the middle of its work
    ├── ServerBusy          more asked at once than a server answers
    ├── NoAnswer            a language model that is not reached, refuses, or does not answer as it should
    │   └── BadReply        an answer of it that holds no name
    ├── FaultyPackage       an encoder that another package adds and that fails
    ├── ContractBroken      a family that does not keep a promise of its seam
    └── Cancelled           work that was asked to stop
"""


class ExplorerError(Exception):
    """Base of all errors that a user can cause and cure; ``status`` is the HTTP status it maps to.

    ``on_page`` is what the page says in place of the message, where whoever looks at a page has another cure.
    """

    status = 400
    on_page = ""


class UnreadableFile(ExplorerError):
    """A file or folder cannot be read at all."""

    status = 422


class ReadingEnded(UnreadableFile):
    """Reading took too much memory or time, or its process was killed; what was uploaded can be read again.

    *at* is that one of several files which was being read when the process ended by itself, or the pictures that were
    being decoded.
    """

    at: tuple[str, ...] = ()


class BadChoice(UnreadableFile):
    """A file cannot be read in the way that somebody chose; what was uploaded can be read in another."""


class NothingUsable(ExplorerError):
    """A source was read but holds no usable item."""

    status = 422


class UnknownColumn(ExplorerError):
    """A named column is not in the table."""

    status = 422


class UnknownEncoder(ExplorerError):
    """No encoder goes by this name."""

    status = 422


class UnknownKind(ExplorerError):
    """Nothing installed here knows items of this kind."""

    status = 422


class MissingWeights(ExplorerError):
    """An encoder's weights are neither cached nor reachable, or fail their checksum."""

    status = 422


class WrongModality(ExplorerError):
    """An encoder was given items of a kind that it cannot read."""

    status = 422


class NoEncoder(ExplorerError):
    """Something was to be encoded where the vectors came with the data, and nobody knows by what they were made."""

    status = 422


class TooFewRows(ExplorerError):
    """There are fewer rows than the request needs."""

    status = 422


class TooManyRows(ExplorerError):
    """There are more rows than an answer can be given for."""

    status = 422


class BadSetting(ExplorerError):
    """A setting is outside its range."""

    status = 422


class NotAgreed(ExplorerError):
    """Something would leave this machine, or somebody's code be run, to which nobody agreed yet."""

    status = 428


class NotFound(ExplorerError):
    """A dataset, run, row or upload does not exist."""

    status = 404


class NotReady(ExplorerError):
    """A run exists but its results are not computed yet."""

    status = 409


class WorkspaceBusy(ExplorerError):
    """Another server writes this workspace."""

    status = 409


class WorkspaceUnusable(ExplorerError):
    """A folder cannot hold a workspace."""

    status = 503


class CannotWrite(ExplorerError):
    """The disk takes nothing more, or the workspace may only be read."""

    status = 507


class UploadRefused(ExplorerError):
    """An upload is beyond the limits or out of step."""

    status = 413


class WorkerDied(ExplorerError):
    """A worker process ended in the middle of its work."""

    status = 503


class ServerBusy(ExplorerError):
    """More is asked at once than a server answers; after *retry_seconds* it may have come to it."""

    status = 429

    def __init__(self, text: str, *, retry_seconds: int = 2) -> None:
        super().__init__(text)
        self.retry_seconds = retry_seconds


class NoAnswer(ExplorerError):
    """A language model, or an encoder elsewhere, is not reached, refuses, or does not answer as it should."""

    status = 502


class BadReply(NoAnswer):
    """A language model answered, but with no name that can be used."""


class FaultyPackage(ExplorerError):
    """An encoder that another package adds fails when it is asked for."""

    status = 422


class ContractBroken(ExplorerError):
    """A family of encoders, readers, indexes or engines does not keep a promise."""


class Cancelled(ExplorerError):
    """The work was asked to stop."""

    status = 409
