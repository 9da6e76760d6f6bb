"""How many threads BLAS computes with: a replay is the same to the last bit only with as many."""

import ctypes
import os
from functools import cache
from pathlib import Path

import numpy as np

CALLS = ("scipy_openblas_get_num_threads64_", "scipy_openblas_get_num_threads", "openblas_get_num_threads")
# a part of the library's name -> what sets its threads, the first that is set
SETTINGS = {
    "mkl": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "accelerate": ("VECLIB_MAXIMUM_THREADS",),
    "blis": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
    "": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
}


@cache
def threads() -> int:
    """As many as the library that NumPy brought says; from any other, as many as the environment asks for."""
    return _asked() or _from_environment()


def _asked() -> int:
    """What an OpenBLAS that lies beside NumPy answers; 0 where there is none. It is loaded already."""
    package = Path(np.__file__).parent
    for place in (package.parent / "numpy.libs", package / ".dylibs", package / ".libs"):
        for file in sorted(place.glob("*openblas*")):
            try:
                library = ctypes.CDLL(str(file))
            except OSError:
                continue
            for name in CALLS:
                if hasattr(library, name):
                    return int(getattr(library, name)())
    return 0


def _from_environment() -> int:
    config = np.show_config(mode="dicts") or {}
    library = str(config.get("Build Dependencies", {}).get("blas", {}).get("name", "")).lower()
    for name in next(names for part, names in SETTINGS.items() if part in library):
        if (value := os.environ.get(name, "")).isdecimal() and int(value):
            return int(value)
    return os.cpu_count() or 1
