"""What may be given: a mapping of names to arrays, a module of PyTorch's with gradients, or an .npz file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.arrays.given_error import GivenError
from backprop_tui.scenario.data.npz_file import KINDS, NpzError, read_npz
from backprop_tui.text import a_type, clean

OF_MODULE = re.compile(r"(.+)\.(weight|bias)(?:\.grad)?")  # what PyTorch calls a parameter
LARGEST = 100_000_000  # numbers of an array


class Values(NamedTuple):
    """Arrays by the names that they have, and what there is to say of them.

    `rows_of_units` says that matrices are known to have a row per unit. `written` has what was printed as `Decimal`,
    with the digits that it was printed with.
    """

    arrays: dict[str, np.ndarray]
    said: tuple[str, ...] = ()
    rows_of_units: bool = False
    written: Mapping[str, np.ndarray] = {}


def values_of(given: Any) -> Values:
    """The arrays that are given: by name, in an .npz file, or as `.grad` of a module's parameters.

    A list under a name has an array for each layer: `dW` is dW1, dW2, …. Raises GivenError.
    """
    if isinstance(given, str | PathLike):
        try:
            return Values(read_npz(given))  # type: ignore[arg-type]
        except NpzError as error:
            raise GivenError(str(error)) from None
    if callable(getattr(given, "named_parameters", None)):
        return _of_module(given)
    if not isinstance(given, Mapping):
        kinds = "a dict of arrays by name, the path of an .npz file, or a torch module with gradients"
        raise GivenError(f"given is {kinds}, not {a_type(given)}")
    if given and all(OF_MODULE.fullmatch(str(name)) for name in given):
        return _of_parameters({str(name): value for name, value in given.items()})
    return Values({name: array_of(value, name) for name, value in _by_name(given)})


def array_of(value: Any, name: str) -> np.ndarray:
    """A value as an array of numbers. Raises GivenError."""
    for step in ("detach", "cpu", "numpy"):  # a tensor of PyTorch's, which may have a gradient and lie elsewhere
        if hasattr(value, step) and not isinstance(value, np.ndarray):
            value = getattr(value, step)()
    try:
        array = np.asarray(value)
    except ValueError:
        raise GivenError(f"{clean(name, 60)}: has rows of different lengths") from None
    if array.dtype.kind not in KINDS or array.dtype.itemsize > np.dtype(np.float64).itemsize:
        if array.dtype != object:
            what = f"values of type {array.dtype}"
        else:
            what = "objects that are not numbers" if array.ndim else f"{a_type(value)} in place of an array"
        raise GivenError(f"{clean(name, 60)}: has {what}, expected numbers of at most 64 bits")
    if array.size > LARGEST or array.size == 0:
        raise GivenError(f"{clean(name, 60)}: has {array.size:,} numbers, expected 1 to {LARGEST:,}")
    return array


def _by_name(given: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        if isinstance(value, Sequence) and value and all(isinstance(one, np.ndarray) for one in value):
            yield from ((f"{key}{place}", one) for place, one in enumerate(value, 1))
        else:
            yield str(key), value


def _of_parameters(given: Mapping[str, Any]) -> Values:
    """Gradients by the names of a module's parameters, `0.weight` and `fc1.bias`, in the order of its layers."""
    prefixes: dict[str, int] = {}
    arrays = {}
    for name, value in given.items():
        found = OF_MODULE.fullmatch(name)
        layer = prefixes.setdefault(found[1] if found else "", len(prefixes) + 1)
        arrays[f"d{'W' if found and found[2] == 'weight' else 'b'}{layer}"] = array_of(value, name)
    said = ", ".join(f"{clean(prefix, 30)} is layer {layer}" for prefix, layer in prefixes.items())
    return Values(arrays, (f"taken for gradients: {said}",), rows_of_units=True)


def _of_module(module: Any) -> Values:
    """The gradients of a module's parameters, named by the layer that they belong to, in order.

    A matrix opens a layer; the vector behind it is its bias. What has a vector named `weight` is a norm of that layer.
    """
    arrays: dict[str, np.ndarray] = {}
    without: list[str] = []
    layer, norm = 0, False
    for name, parameter in module.named_parameters():
        dimensions, last = len(parameter.shape), name.rpartition(".")[2]
        if dimensions == 2:
            layer, norm = layer + 1, False
        elif dimensions == 1 and last == "weight":
            norm = True
        elif dimensions != 1:
            raise GivenError(f"{clean(name, 60)}: is {_shape(parameter.shape)}, and only dense layers are compared")
        kind = "W" if dimensions == 2 else ("shift" if norm else "b") if last != "weight" else "scale"
        if parameter.grad is not None:
            arrays[f"d{kind}{layer}"] = array_of(parameter.grad, name)
        elif parameter.requires_grad:
            without.append(clean(name, 60))
    if not arrays:
        raise GivenError("the module has no gradients: call backward() on the loss first")
    said = (f"without a gradient, and not compared: {', '.join(without)}",) if without else ()
    return Values(arrays, said, rows_of_units=True)


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))
