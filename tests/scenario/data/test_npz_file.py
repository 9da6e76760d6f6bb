"""Files of arrays, which may come from anybody."""

import io
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tui.scenario.data import npz_file
from backprop_tui.scenario.data.npz_file import NpzError, read_npz


class Exploding:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("it was unpickled",))


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(f"{name}.npy", data)
    return path


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def test_what_numpy_writes_is_read(tmp_path: Path) -> None:
    arrays = {
        "a": np.arange(6.0).reshape(2, 3),
        "fortran": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
        "scalar": np.array(3),
        "truth": np.array([True, False]),
        "big_endian": np.arange(3, dtype=">f8"),
        "names": np.array(["relu", "softmax"]),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
        found = read_npz(tmp_path / "a.npz")
        assert found.keys() == arrays.keys()
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), "W1: has Python objects, expected numbers"),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"), "ends before the last of its"),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"), "ends before"),
        (npy("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }"), "has values of type complex128"),
        (
            npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", b"12345678"),
            "ends before the last of its 3",
        ),
        (npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (3,), }"), ""),
        (npy("{" + " " * 60_000 + "}"), ""),
        (b"\x93NUMPY\x09\x00", "version 9.0 of the format"),
        (b"no array", "is not an array"),
        (b"", "is not an array"),
    ],
)
def test_what_is_hostile_is_one_line(tmp_path: Path, member: bytes, said: str) -> None:
    with pytest.raises(NpzError) as caught:
        read_npz(zipped(tmp_path / "a.npz", W1=member))
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([0.0]))
    header = npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", pickle.dumps(Exploding()))
    with pytest.raises(NpzError, match="Python objects"):
        read_npz(zipped(tmp_path / "a.npz", a=header))


def test_a_file_that_unpacks_to_more_than_fits_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz_file, "MOST_BYTES", 10_000)
    with pytest.raises(NpzError, match="MiB of arrays"):
        read_npz(zipped(tmp_path / "a.npz", W1=bytes(20_000)))
    monkeypatch.setattr(npz_file, "MOST_ARRAYS", 2)
    with pytest.raises(NpzError, match="has 3 arrays, expected at most 2"):
        read_npz(zipped(tmp_path / "a.npz", a=b"", b=b"", c=b""))


def test_what_is_no_such_file(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("text", "utf-8")
    for path, said in (
        (tmp_path / "text.npz", "is not an npz file"),
        (tmp_path / "absent.npz", "no such file"),
        (tmp_path, "is a directory"),
        (Path("a\0b"), "null"),
    ):
        with pytest.raises(NpzError, match=said):
            read_npz(path)
