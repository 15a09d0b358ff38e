"""The knobs of a run, and the settings of a server.

It does not apply them: stages read the configs, the server reads `Settings`.  A config with None in it is
*open*; `RunConfig.resolved` closes it from the data's size, so that a run's key never depends on a default.
"""

from __future__ import annotations

import dataclasses
import gc
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.errors import BadSetting

LATER = "later"
"""In a dataclass field's metadata: the field came later; at its default keys leave it out, so that older ones stay."""
QUIET = "quiet"
"""In a dataclass field's metadata: at its default `RunConfig.told` leaves it out, so that older reports stay."""

AUTO = "auto"
GIVEN = "given"
"""The encoder of data that came with vectors of their own, which are taken as they are.

Behind a colon may stand which encoder made them: ``given:minilm``.  Words are then encoded by that one.
"""
NO_DRAFT, DRAFT_ONLY, DRAFT_FIRST = "no", "only", "first"
DRAFTS = (NO_DRAFT, DRAFT_FIRST, DRAFT_ONLY)
"""Whether texts get draft vectors, from a table fitted to those of a sample, before the encoder has read them all."""
METRICS = ("cosine", "euclidean", "dot")
"""As `types.vectors` names them."""
AS_MAP = "map"
"""In the place of a metric: that of the map."""
SPACES = ("map", "umap")
DENSITY, COMMUNITIES = "density", "communities"
METHODS = (DENSITY, COMMUNITIES)
"""How clusters are found: HDBSCAN among the points of a space, or Louvain in the graph of neighbours."""
DEVICES = (AUTO, "cuda", "mps", "cpu")
CPU_ENGINE, CUML_ENGINE = "cpu", "cuml"
ENGINES = (CPU_ENGINE, CUML_ENGINE)
"""What lays out the map and builds the tree of clusters: our loops and hdbscan, or cuML on an NVIDIA GPU."""


def is_given(encoder: str) -> bool:
    """Whether a run's encoder is the vectors that came with the data, whoever made them."""
    return encoder.partition(":")[0] == GIVEN


def maker_of(encoder: str) -> str:
    """Return the encoder that is named as the one that made the vectors which came with the data; "" for none."""
    prefix, _, maker = encoder.partition(":")
    return maker if prefix == GIVEN else ""


@dataclass(frozen=True)
class EmbedConfig:
    """Which encoder; "auto" picks the default for the kinds of item in the data.

    *draft* is of texts: "only" makes a map of draft vectors, which takes a fraction of the time; "first" makes that
    one first and lays the map of the encoder's vectors out from where the draft stood.
    """

    encoder: str = AUTO
    draft: str = field(default=NO_DRAFT, metadata={LATER: True, QUIET: True})


@dataclass(frozen=True)
class ProjectConfig:
    """UMAP: neighbours looked at, how tightly points pack, the distance, the seed (None: a new one each time).

    *engine* computes both it and the tree of clusters.
    """

    n_neighbors: int | None = None
    min_dist: float = 0.1
    metric: str = "cosine"
    seed: int | None = 42
    dims: int = 2
    engine: str = field(default=CPU_ENGINE, metadata={LATER: True})


@dataclass(frozen=True)
class ClusterConfig:
    """HDBSCAN: the smallest cluster, how conservative, and whether it sees the map or the graph of neighbours.

    With *groups* its clusters are joined, the nearest first, until there are at most so many.  With *method*
    "communities" Louvain finds them in the graph of neighbours; *detail* then says how many, and is all that it asks
    for.
    """

    min_cluster_size: int | None = None
    min_samples: int | None = None
    space: str | None = None
    method: str = field(default=DENSITY, metadata={LATER: True, QUIET: True})
    detail: int | None = field(default=None, metadata={LATER: True, QUIET: True})
    groups: int | None = field(default=None, metadata={LATER: True, QUIET: True})

    def resolved(self, n: int) -> ClusterConfig:
        """Return the config with every setting of its method closed for *n* rows, those of the other one None."""
        if self.method == COMMUNITIES:
            return ClusterConfig(method=COMMUNITIES, detail=self.detail or DEFAULT_DETAIL)
        return ClusterConfig(
            min_cluster_size=self.min_cluster_size or default_min_cluster_size(n),
            min_samples=self.min_samples or default_min_samples(n),
            space=self.space or DEFAULT_SPACE,
            groups=self.groups,
        )


@dataclass(frozen=True)
class RunConfig:
    """All the choices that decide a run's result."""

    embed: EmbedConfig = field(default_factory=EmbedConfig)
    project: ProjectConfig = field(default_factory=ProjectConfig)
    cluster: ClusterConfig = field(default_factory=ClusterConfig)

    @classmethod
    def from_flat(cls, settings: Mapping[str, Any]) -> RunConfig:
        """Build from one flat mapping such as ``{"encoder": "minilm", "n_neighbors": 15}``.

        Raises BadSetting for an unknown name or a value outside its range.
        """
        parts: dict[str, dict[str, Any]] = {"embed": {}, "project": {}, "cluster": {}}
        owner = {f.name: part for part, kind in _PARTS.items() for f in dataclasses.fields(kind)}
        for name, value in settings.items():
            if name not in owner:
                raise BadSetting(f"there is no setting {name!r}; the settings are {', '.join(sorted(owner))}.")
            parts[owner[name]][name] = value
        config = cls(
            EmbedConfig(**parts["embed"]), ProjectConfig(**parts["project"]), ClusterConfig(**parts["cluster"])
        )
        config.check()
        return config

    def flat(self) -> dict[str, Any]:
        """Return the settings as one flat mapping, the inverse of `from_flat`."""
        return {
            name: value
            for part in (self.embed, self.project, self.cluster)
            for name, value in dataclasses.asdict(part).items()
        }

    def told(self) -> dict[str, Any]:
        """Return the settings that a report tells: those of the other method of clustering are left out."""
        fields = dataclasses.fields(ClusterConfig)
        parts = ((self.embed, dataclasses.fields(EmbedConfig)), (self.cluster, fields))
        quiet = ((part, f) for part, all_of_it in parts for f in all_of_it if f.metadata.get(QUIET))
        unused = {f.name for part, f in quiet if getattr(part, f.name) == f.default}
        if self.cluster.method == COMMUNITIES:
            unused |= {f.name for f in fields if getattr(self.cluster, f.name) is None}
        return {name: value for name, value in self.flat().items() if name not in unused}

    def unused(self) -> str:
        """Return a sentence that says which settings are of the other method of clustering, "" for none."""
        density = self.cluster.method == DENSITY
        others = ("detail",) if density else ("min_cluster_size", "min_samples", "space", "groups")
        given = [name for name in others if getattr(self.cluster, name) is not None]
        if not given:
            return ""
        method, other = (DENSITY, COMMUNITIES) if density else (COMMUNITIES, DENSITY)
        verb = "has" if len(given) == 1 else "have"
        return f"{' and '.join(given)} {verb} no effect: clusters are found by {method}, and that is for {other}."

    def check(self) -> None:
        """Raise BadSetting for a value outside its range."""
        for name, value in self.flat().items():
            rule = _RANGES.get(name)
            if rule is not None and not rule.accepts(value):
                raise BadSetting(f"{name} is {value!r}; it must be {rule.words}.")

    def resolved(self, n: int, *, encoder: str) -> RunConfig:
        """Return the config with every open setting closed for *n* rows and the named encoder."""
        neighbors = self.project.n_neighbors or DEFAULT_N_NEIGHBORS
        project = dataclasses.replace(self.project, n_neighbors=neighbors)
        return RunConfig(dataclasses.replace(self.embed, encoder=encoder), project, self.cluster.resolved(n))


DEFAULT_N_NEIGHBORS = 15
DEFAULT_MIN_SAMPLES = 5
DEFAULT_SPACE = "umap"
"""Chosen by the sweep tests/bench/defaults.py; its table is in docs/defaults.md."""

MOST_DETAIL, DEFAULT_DETAIL = 20, 12
"""Steps from the fewest communities to the most; the default is Louvain's resolution 2, see docs/defaults.md."""


def default_min_cluster_size(n: int) -> int:
    """Return the smallest group that counts as a cluster among *n* rows: half the root of n, from 3 to 200.

    That is 12 for 600 rows and 50 for 10,000; a share of n would be too coarse for large sets, too fine for small.
    """
    return min(max(3, round(math.sqrt(n) / 2)), 200)


def default_min_samples(n: int) -> int:
    """Return DEFAULT_MIN_SAMPLES, less below 30 rows, where it would call everything noise."""
    return min(DEFAULT_MIN_SAMPLES, max(2, n // 6))


@dataclass(frozen=True)
class _Range:
    words: str
    kinds: tuple[type, ...]
    low: float = float("-inf")
    high: float = float("inf")
    members: tuple[str, ...] = ()
    optional: bool = False

    def accepts(self, value: Any) -> bool:
        if value is None:
            return self.optional
        if isinstance(value, bool) or not isinstance(value, self.kinds):
            return False
        if self.members:
            return value in self.members
        return isinstance(value, int | float) and self.low <= value <= self.high


_PARTS: dict[str, type[Any]] = {"embed": EmbedConfig, "project": ProjectConfig, "cluster": ClusterConfig}
_RANGES = {
    "draft": _Range("no, first or only", (str,), members=DRAFTS),
    "n_neighbors": _Range("a whole number from 2 to 200", (int,), 2, 200, optional=True),
    "min_dist": _Range("a number from 0 to 1", (int, float), 0.0, 1.0),
    "metric": _Range("cosine, euclidean or dot", (str,), members=METRICS),
    "seed": _Range("a whole number from 0 to 4294967295, or none", (int,), 0, 2**32 - 1, optional=True),
    "dims": _Range("2 or 3", (int,), 2, 3),
    "engine": _Range("cpu or cuml", (str,), members=ENGINES),
    "min_cluster_size": _Range("a whole number from 2 up", (int,), 2, optional=True),
    "min_samples": _Range("a whole number from 1 to 200", (int,), 1, 200, optional=True),
    "space": _Range("map or umap", (str,), members=SPACES, optional=True),
    "method": _Range("density or communities", (str,), members=METHODS),
    "groups": _Range("a whole number from 2 up", (int,), 2, optional=True),
    "detail": _Range(f"a whole number from 1 to {MOST_DETAIL}", (int,), 1, MOST_DETAIL, optional=True),
}


READING_MEMORY = "EXPLORER_READING_GB"
NAMES_KEY = "EXPLORER_NAMES_KEY"
"""The variable that holds the key of the language model: it is read when it is sent, and kept nowhere."""
NO_MODEL = "off"
ENCODER_URLS, ENCODER_KEY = "EXPLORER_ENCODER_URLS", "EXPLORER_ENCODER_KEY"
"""The variables that hold the addresses of encoders that pages may name, and the key that goes to these alone."""
CACHE_MEMORY = "EXPLORER_CACHE_GB"
"""The variable that says how many GiB vectors may have that belong to no map."""
ENCODERS_FILE = "EXPLORER_ENCODERS"
"""The variable that holds the path of a file of named encoders; without it, it is `encoders.toml` in the workspace."""
PORTABLE = "embedding-explorer.json"
"""The entry of a zip by which it is known for a dataset that was saved as one file."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """What a server is told from outside: where it listens, where it keeps things, how much it accepts."""

    workspace: Path
    host: str = "127.0.0.1"
    port: int = 8050
    device: str = AUTO
    allowed_hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 20 * 2**30
    model_folders: tuple[Path, ...] = ()
    """Folders whose models a page may name, as `st:FOLDER` or `clip:local-dir:FOLDER`."""
    warm: bool = True
    """Whether the processes that compute load their models before anybody asks."""
    names_url: str = ""
    """The one language model that may be asked for names; "": who is at this machine names it; NO_MODEL: none."""
    names_model: str = ""
    encoder_urls: str = ""
    """The addresses of encoders that a page may name, "" where whoever is at this machine names any; NO_MODEL: none."""

    @property
    def is_local(self) -> bool:
        """Whether nobody but who is at this machine is expected: it may then be told addresses to connect to."""
        return self.host in LOOPBACK and not self.allowed_hosts

    @classmethod
    def from_env(cls, *, workspace: Path | None = None, **given: Any) -> Settings:
        """Read EXPLORER_WORKSPACE, _DEVICE, _ALLOWED_HOSTS, _MAX_UPLOAD_GB, _MODEL_FOLDERS and _NAMES_….

        They are variables of the environment; arguments win.  Raises BadSetting for what they cannot be.
        """
        env = os.environ
        gigabytes(READING_MEMORY)  # here, where somebody sees what is wrong with it
        hosts = tuple(h.strip() for h in env.get("EXPLORER_ALLOWED_HOSTS", "").split(",") if h.strip())
        folders = (Path(p).expanduser() for p in env.get("EXPLORER_MODEL_FOLDERS", "").split(os.pathsep) if p.strip())
        settings: dict[str, Any] = {
            "model_folders": tuple(folders),
            "workspace": workspace or default_workspace(),
            "device": _device(env.get("EXPLORER_DEVICE", AUTO)),
            "allowed_hosts": hosts,
            "max_upload_bytes": gigabytes("EXPLORER_MAX_UPLOAD_GB") or 20 * 2**30,
            "names_url": env.get("EXPLORER_NAMES_URL", "").strip(),
            "names_model": env.get("EXPLORER_NAMES_MODEL", "").strip(),
            "encoder_urls": env.get(ENCODER_URLS, "").strip(),
        }
        return cls(**{**settings, **{k: v for k, v in given.items() if v is not None}})


def gigabytes(variable: str) -> int | None:
    """Return the bytes that a variable of the environment says in GiB; None: it says nothing.  Raises BadSetting."""
    said = os.environ.get(variable, "").strip()
    if not said:
        return None
    try:
        bytes_ = float(said) * 2**30
    except ValueError:
        bytes_ = math.nan
    if not 2**20 <= bytes_ < 2**60:
        raise BadSetting(f"{variable} is {said!r}; give a number of gigabytes, as 4 or 0.5.")
    return int(bytes_)


def _device(name: str) -> str:
    if name not in DEVICES:
        raise BadSetting(f"EXPLORER_DEVICE is {name!r}; it is one of {', '.join(DEVICES)}.")
    return name


def default_workspace() -> Path:
    """Return EXPLORER_WORKSPACE, else the platform's folder for user data."""
    chosen = os.environ.get("EXPLORER_WORKSPACE")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("embedding-explorer", appauthor=False))


def cache_folder() -> Path:
    """Return the platform's folder for what this user's processes can make anew at any time."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("embedding-explorer", appauthor=False))


def share_cores() -> None:
    """Let threads that wait for each other sleep soon; call it before torch, faiss and numpy are loaded.

    By default they spin for milliseconds, which costs others their cores and, where there are more threads than cores,
    most of one's own time.  Source: 1,280 texts encoded on two cores, wall seconds, alone and beside two busy
    threads: 3.9 and 12.3 by default, 3.7 and 7.7 with 3,000 turns, 4.0 and 8.2 with none (libgomp).  40 products of
    500 × 384 × 2,000, a sort after each, processor seconds: 1.0 by default, 0.7 with 2 to the 18th cycles (OpenBLAS).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "18")


@contextmanager
def loading() -> Iterator[None]:
    """Let the garbage collector rest while large libraries and models are loaded: next to none of that is garbage.

    Source: of 8.9 processor seconds that sentence-transformers takes to load, it took 1.3, of 8.2 of the map 1.0.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
