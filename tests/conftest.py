"""What holds for all tests: those that run side by side compute with one thread each."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    # Two processes that compute with two threads each on two cores wait for each other's: torch falls to a tenth.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
