"""Which device computes, by torch or OpenVINO, and in which precision: bf16 where the CPU has it, half on CUDA.

It loads no model.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from explorer.config import AUTO, DEVICES, loading
from explorer.errors import BadSetting

OPENVINO = "openvino"
SWITCH = "EXPLORER_OPENVINO"
"""A variable of the environment: 0 has torch compute everything."""
_GPUS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}


def pick_device(wanted: str = AUTO) -> str:
    """Return the device to use: cuda, else mps, else cpu.  Raises BadSetting for one that is not here."""
    if wanted == "cpu":
        return wanted  # always here: no need to load torch to say so
    if wanted not in DEVICES:
        raise BadSetting(f"there is no device {wanted!r}; choose from {', '.join(DEVICES)}.")
    here = devices()
    if wanted == AUTO:
        return here[0]
    if wanted not in here:
        raise BadSetting(f"the device {wanted!r} is not available here; choose from {', '.join([AUTO, *here])}.")
    return wanted


@lru_cache(maxsize=1)
def devices() -> tuple[str, ...]:
    """Return the usable devices, the fastest first; imports torch."""
    with loading():
        import torch

    cuda = ("cuda",) if torch.cuda.is_available() else ()
    mps = ("mps",) if torch.backends.mps.is_available() else ()
    return (*cuda, *mps, "cpu")


@lru_cache(maxsize=1)
def has_bf16() -> bool:
    """Whether this CPU multiplies bf16 in hardware; without it autocast is slower than fp32."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False  # macOS, Windows: fp32, which is safe
    flags = next((line for line in text.splitlines() if line.startswith(("flags", "Features"))), "")
    return bool(_BF16_FLAGS & set(flags.split()))


def precision() -> str:
    """Return "bf16" or "f32": what texts are computed in on this CPU."""
    return "bf16" if has_bf16() else "f32"


@lru_cache(maxsize=1)
def engine() -> str:
    """Return what computes networks on this machine: ":openvino-f32", ":openvino-bf16", or "" for torch.

    It is a part of the fingerprints of vectors.  Torch does where there is a GPU, where OpenVINO is not installed, and
    where EXPLORER_OPENVINO is 0.  Neither is loaded to say so.
    """
    off = os.environ.get(SWITCH, "").strip().lower() in ("0", "no", "off", "false")
    gpu = sys.platform == "darwin" or any(Path(device).exists() for device in _GPUS)
    return "" if off or gpu or find_spec(OPENVINO) is None else f":{OPENVINO}-{precision()}"


def same_but_engine(one: str, other: str) -> bool:
    """Whether two fingerprints are of one encoder, whatever computes it: their vectors may be compared."""
    bare = [re.sub(rf":{OPENVINO}-(f32|bf16)", "", fingerprint) for fingerprint in (one, other)]
    return bare[0] == bare[1]


def one_team() -> None:
    """Let no thread of a parallel loop start threads of its own, in the thread that calls this; torch is loaded.

    The loops that numba compiles allow it to all that share their OpenMP, to torch too where they came first.  Its
    attention then starts threads for every small product: 128 short texts took 9.6 s instead of 0.09.
    """
    for limit in _limits():
        limit(1)


@lru_cache(maxsize=1)
def _limits() -> tuple[Any, ...]:
    """Return the functions of the loaded OpenMP libraries that say how deep parallel loops may lie in each other."""
    from threadpoolctl import threadpool_info

    loaded = [ctypes.CDLL(one["filepath"]) for one in threadpool_info() if one["user_api"] == "openmp"]
    return tuple(found for one in loaded if (found := getattr(one, "omp_set_max_active_levels", None)) is not None)


def fast_precision(device: str) -> AbstractContextManager[Any]:
    """Return the autocast context for a device, which does nothing where fp32 is best; on a CPU `one_team` too."""
    import torch

    if device == "cpu":
        one_team()
    if device == "cuda":
        return torch.autocast("cuda", dtype=torch.float16)
    if device == "cpu" and has_bf16():
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
