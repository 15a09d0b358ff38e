"""Networks that OpenVINO computes on a CPU: functions of torch, converted once and kept in the user's cache folder.

As many batches as there are cores are computed at once, each by one of them: where another program keeps a core busy,
its share of one batch waits, and not all cores at every product, as with torch.  Nothing is sent anywhere: OpenVINO
tells its makers of its use where it finds a package for that, and is not shown it.
It knows no encoder: each hands it a function and an example of what that takes.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from queue import LifoQueue
from tempfile import mkdtemp
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.config import cache_folder
from explorer.encoders import hardware
from explorer.types import digest

log = logging.getLogger(__name__)

VERSION = 1
"""To be raised when what is converted, or how, changes."""
KEPT_SECONDS = 30 * 86_400
LARGEST = 1_000_000_000
"""Bytes of a network that is kept: a larger one is converted each time that it is loaded."""
ALIKE = {"f32": 0.9999, "bf16": 0.99}
"""The least cosine between what torch and what OpenVINO makes of items; below it torch computes."""

Arrays: TypeAlias = Sequence[NDArray[Any]]


class Compiled:
    """A network ready to compute on the CPU: arrays in, arrays out, by any number of threads at once.

    Each core computes a batch of its own; *alone*: all cores one batch after the other.
    """

    def __init__(self, network: Any, precision: str, *, alone: bool = False) -> None:
        cores, streams = hardware.cores(), 1 if alone else hardware.cores()
        self._network = _core().compile_model(
            network,
            "CPU",
            {
                "NUM_STREAMS": streams,
                "INFERENCE_NUM_THREADS": cores,
                "INFERENCE_PRECISION_HINT": precision,
                "ENABLE_CPU_PINNING": False,  # the cores are others' too
            },
        )
        self._free: LifoQueue[Any] = LifoQueue()
        for _ in range(streams):
            self._free.put(self._network.create_infer_request())

    def __call__(self, *arrays: NDArray[Any]) -> list[NDArray[Any]]:
        """Return what the network makes of the arrays, as it was converted with them."""
        request = self._free.get()
        try:
            request.infer(list(arrays))
            return [np.array(request.get_output_tensor(at).data) for at in range(len(self._network.outputs))]
        finally:
            self._free.put(request)

    def each(self, batches: Iterable[Arrays]) -> Iterator[list[NDArray[Any]]]:
        """Yield what the network makes of each batch, in their order; as many at once as there are cores."""
        with ThreadPoolExecutor(hardware.cores()) as pool:
            yield from pool.map(lambda arrays: self(*arrays), batches)


def compiled(
    name: str,
    depends: tuple[Any, ...],
    function: Callable[[], Callable[..., Any]],
    example: Arrays,
    check: Arrays,
    *,
    precise: bool = False,
    alone: bool = False,
) -> Compiled | None:
    """Return what *function* returns, a function of torch tensors such as the *example*, computed by OpenVINO.

    The first dimension of all that it takes may have any size, and so may all that are 9 long in the example; *check*
    has other sizes, and what becomes of it is compared with what torch makes of it.  *name* and *depends* say what it
    is: under these it is kept, and *function* is not asked where it is known.  *precise*: in fp32 also where the CPU
    multiplies bf16.  *alone*: as `Compiled` has it.

    None where OpenVINO is not to be used, where it cannot convert the function, and where it computes something else
    than torch does: the log says why.
    """
    if not hardware.engine():
        return None
    precision = "f32" if precise else hardware.precision()
    folder = cache_folder() / "networks" / f"{name}-{digest((VERSION, _release(), depends))}"
    with _ONE_AT_A_TIME:
        try:
            kept = _kept(folder, check, precision, alone)
            return kept if kept is not None else _made(folder, function(), example, check, precision, alone)
        except Exception as exc:  # noqa: BLE001 - whatever it is, torch computes it too
            log.warning("%s is computed by torch, not OpenVINO: %s", name, _first_line(exc))
            return None


def _first_line(fault: Exception) -> str:
    return (str(fault).strip() or type(fault).__name__).splitlines()[0][:200]


_ONE_AT_A_TIME = threading.Lock()
"""Held until a network has computed what it is checked by.

OpenVINO makes some tables when it is first used; two threads that do so at once wait for each other forever (2026.4).
"""


def _kept(folder: Path, check: Arrays, precision: str, alone: bool) -> Compiled | None:
    """Return the network in a folder; None where there is none that computes what it did when it was made."""
    with suppress(Exception):
        expected = np.load(folder / "expected.npy", allow_pickle=False)
        found = Compiled(_core().read_model(folder / "network.xml"), precision, alone=alone)
        if _least_cosine(found(*check)[0], expected) >= ALIKE[precision]:
            with suppress(OSError):
                os.utime(folder)
            return found
    return None


def _made(
    folder: Path, function: Callable[..., Any], example: Arrays, check: Arrays, precision: str, alone: bool
) -> Compiled:
    import torch

    openvino = _openvino()
    tensors, others = (tuple(torch.from_numpy(array) for array in arrays) for arrays in (example, check))
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes that were constant once, of a way to convert that torch will drop
        seen = function(*others)
        first = seen[0] if isinstance(seen, tuple) else seen
        network = openvino.convert_model(_module(function), example_input=tensors)
    _free_sizes(network, example)
    found, expected = Compiled(network, precision, alone=alone), first.float().numpy()
    if (least := _least_cosine(found(*check)[0], expected)) < ALIKE[precision]:
        raise ValueError(f"its vectors have a cosine of {least:.4f} to those of torch")
    if _keep(folder, network, expected):  # what is read may differ in its last bits, and is what comes of it next time
        return Compiled(_core().read_model(folder / "network.xml"), precision, alone=alone)
    return found


def _module(function: Callable[..., Any]) -> Any:
    import torch

    class Function(torch.nn.Module):
        def forward(self, *tensors: Any) -> Any:
            return function(*tensors)

    return Function().eval()


ANY = 9
"""A length in an example that stands for any."""


def _free_sizes(network: Any, example: Arrays) -> None:
    """Have the network take arrays of any first length, and of any length where the example has `ANY`."""
    shapes = {}
    for given, array in zip(network.inputs, example, strict=True):
        shapes[given] = [-1 if at == 0 or size == ANY else size for at, size in enumerate(array.shape)]
    network.reshape(shapes)


def _keep(folder: Path, network: Any, expected: NDArray[Any]) -> bool:
    """Keep a network in the cache folder, whole or not at all, and say which; what nobody used for a month goes."""
    with suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for old in folder.parent.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        new = Path(mkdtemp(dir=folder.parent))
        try:
            _openvino().save_model(network, new / "network.xml", compress_to_fp16=False)
            np.save(new / "expected.npy", expected)
            if sum(file.stat().st_size for file in new.iterdir()) <= LARGEST:
                shutil.rmtree(folder, ignore_errors=True)
                new.rename(folder)
                return True
        except (OSError, RuntimeError) as exc:
            log.info("a converted network is not kept: %s", exc)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return False


def _least_cosine(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return the least cosine between rows of two arrays of one shape; -1 where they have others."""
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return -1.0
    flat, also = (array.reshape(len(array), -1).astype(np.float64) for array in (one, other))
    lengths = np.linalg.norm(flat, axis=1) * np.linalg.norm(also, axis=1)
    cosines = np.divide((flat * also).sum(axis=1), lengths, out=np.ones(len(flat)), where=lengths > 0)
    return float(cosines.min(initial=1.0))


def _release() -> str:
    from importlib.metadata import version

    return version(hardware.OPENVINO)


def _openvino() -> Any:
    """Return OpenVINO, which finds no package to tell of its use with."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


@lru_cache(maxsize=1)
def _core() -> Any:
    return _openvino().Core()
