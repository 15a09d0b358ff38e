"""How much memory reading may take: by what the machine, or the container that it runs in, has free."""

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.config import READING_MEMORY
from explorer.server import limits

GIB = 2**30


def machine(root: Path, available: int | None, groups: dict[str, str], of: str = "") -> Path:
    """Make what a Linux machine tells of its memory under a folder: files of its control groups by path."""
    for name, told in {"proc/self/cgroup": of, **groups}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(told)
    if available is not None:
        (root / "proc/meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable: {available // 1024} kB\n")
    return root


def test_what_is_free_is_the_least_that_the_machine_and_each_group_have_left(tmp_path: Path) -> None:
    assert limits.memory_free(tmp_path) is None
    assert limits.memory_free(machine(tmp_path / "a", 9 * GIB, {})) == 9 * GIB
    unified = {
        "sys/fs/cgroup/memory.max": "max\n",
        "sys/fs/cgroup/memory.current": f"{6 * GIB}\n",
        "sys/fs/cgroup/memory.stat": "inactive_file 0\n",
        "sys/fs/cgroup/box/memory.max": f"{4 * GIB}\n",
        "sys/fs/cgroup/box/memory.current": f"{3 * GIB}\n",
        "sys/fs/cgroup/box/memory.stat": f"anon 5\ninactive_file {GIB}\n",
    }
    assert limits.memory_free(machine(tmp_path / "b", 9 * GIB, unified, "0::/box/inner\n")) == 2 * GIB
    assert limits.memory_free(machine(tmp_path / "c", 9 * GIB, unified, "0::/\n")) == 9 * GIB
    older = {
        "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{GIB}\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{2 * GIB}\n",
        "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 0\n",
    }
    assert limits.memory_free(machine(tmp_path / "d", 9 * GIB, older, "5:cpu:/x\n4:memory:/gone\n0::/\n")) == 0


def test_reading_may_take_half_of_what_is_free_and_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(READING_MEMORY, raising=False)
    for free, allowed in ((12 * GIB, 6 * GIB), (GIB, GIB), (0, GIB)):
        monkeypatch.setattr(limits, "memory_free", lambda free=free: free)
        assert limits.memory_allowed() == allowed
    monkeypatch.setenv(READING_MEMORY, "3")
    assert limits.memory_allowed() == 3 * GIB


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone keeps to the limit")
def test_a_limit_is_set_anew_for_each_reading_and_raised_again(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
from explorer.server import limits
for free in (0, 8 * 2**30):
    limits.memory_free = lambda: free
    limits.limit_memory()
    try:
        print(len(bytes(2 * 2**30)))
    except MemoryError:
        print("refused")
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["refused", str(2 * GIB)]
