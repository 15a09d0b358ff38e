import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import until

CHILD = """
import ctypes, sys, time
from explorer.runs import tie
tie(sys.argv[1])
print("tied", flush=True)
ctypes.PyDLL(None).sleep(600)  # PyDLL keeps Python's lock, as HDBSCAN does
"""
PARENT = f"""
import subprocess, sys, time
from explorer.runs import start_tied
child, line = start_tied([sys.executable, "-c", {CHILD!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the end of the other process on Linux only")
def test_a_tied_process_ends_with_its_parent_amid_c_code_that_keeps_pythons_lock():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    ours, theirs = (int(Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in (parent.pid, child))
    assert theirs >= max(ours, 500)  # when memory runs out, the server is not what ends
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    until(lambda: not running(child), 5, "the child to end")


def running(pid):
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")
