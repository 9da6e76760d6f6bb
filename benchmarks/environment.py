"""The environment that figures hold in: one BLAS thread, and a malloc that keeps its pages.

Without the latter glibc's page faults are measured: the same line of NumPy takes 1.83 ms or 0.8.
"""

import os
import sys

NEEDED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TOP_PAD_": "67108864",
}


def ensure() -> None:
    """Start again with what is missing set: malloc and BLAS read it before any Python runs."""
    missing = {name: value for name, value in NEEDED.items() if os.environ.get(name) != value}
    if not missing:
        return
    print("starting again with", *(f"{name}={value}" for name, value in missing.items()), flush=True)
    os.execve(  # never returns
        sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]], {**os.environ, **missing}
    )
