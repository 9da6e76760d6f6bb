"""Reading .npz files, which may come from anybody: plain numbers only, and no more of them than fit.

The headers are read before any number is, and nothing is unpickled (numpy.lib.format describes the format).
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from backprop_tui.text import clean

MOST_ARRAYS = 1000
MOST_BYTES = 512 * 2**20  # of all arrays together, unpacked
LONGEST_HEADER = 10_000  # characters: that of an array of numbers has about a hundred
KINDS = "fiub"  # floats, whole numbers, truth values
TEXT = "U"
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class NpzError(ValueError):
    """A file that cannot be read as arrays; the message begins with its name."""


def read_npz(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of a file by name, of numbers or (names of activations) of texts. Raises NpzError."""
    name = clean(str(path))
    try:
        with zipfile.ZipFile(path) as file:
            return dict(_arrays(file, name))
    except zipfile.BadZipFile:
        raise NpzError(f"{name}: is not an npz file (numpy.savez writes one)") from None
    except (OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile) as error:
        if isinstance(error, NpzError):
            raise
        raise NpzError(f"{name}: {_why(error)}") from None


def _arrays(file: zipfile.ZipFile, name: str) -> Iterator[tuple[str, np.ndarray]]:
    members = file.infolist()
    if len(members) > MOST_ARRAYS:
        raise NpzError(f"{name}: has {len(members):,} arrays, expected at most {MOST_ARRAYS:,}")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise NpzError(f"{name}: has {total / 2**20:,.0f} MiB of arrays, expected at most {MOST_BYTES // 2**20}")
    for member in members:
        key = clean(member.filename.removesuffix(".npy"), 60)
        with file.open(member) as stream:
            yield key, _array(stream, member.file_size, f"{name}: {key}")


def _array(stream: IO[bytes], size: int, name: str) -> np.ndarray:
    try:
        version = npy.read_magic(stream)
    except ValueError:
        raise NpzError(f"{name}: is not an array") from None
    if version not in HEADERS:
        raise NpzError(f"{name}: is written in version {version[0]}.{version[1]} of the format, which is not read")
    shape, by_columns, dtype = HEADERS[version](stream, max_header_size=LONGEST_HEADER)
    if dtype.hasobject or dtype.kind not in KINDS + TEXT or dtype.itemsize == 0:
        holds = "Python objects" if dtype.hasobject else f"values of type {clean(str(dtype), 40)}"
        raise NpzError(f"{name}: has {holds}, expected numbers")
    count = 1
    for extent in shape:
        count *= extent
    if count < 0 or count * dtype.itemsize > size:
        raise NpzError(f"{name}: ends before the last of its {max(count, 0):,} numbers")
    data = stream.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:
        raise NpzError(f"{name}: ends before the last of its {count:,} numbers")
    flat = np.frombuffer(data, dtype, count)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a directory"
    text: Any = getattr(error, "strerror", None) or str(error).splitlines()[0] if str(error) else type(error).__name__
    return clean(str(text), 120)
