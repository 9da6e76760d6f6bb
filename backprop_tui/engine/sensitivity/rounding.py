"""Arrays with which the same formulas run again, with every operation rounded differently.

Monte Carlo arithmetic (D. S. Parker, 1997): each result, and each term of a sum, is off by a random part of the
largest error that a float64 can have. The spread of a few such runs estimates the error of the one run, cancellation
included, wherever in the formulas it comes from.
"""

from typing import Any

import numpy as np

RUNS = 8  # the chance that all of them show far less than the typical error is about one in a hundred thousand
PART = float(np.finfo(float).eps)  # twice the largest error of + or ×, and about the largest of exp, log or tanh


class Shaken(np.ndarray):
    """An array with which every operation is rounded at random."""

    random: "np.random.Generator"

    def __array_finalize__(self, source: Any) -> None:
        if isinstance(source, Shaken):
            self.random = source.random

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        # a sum of many terms is as exact as they are, not as it is
        return self._run(getattr(ufunc, method), inputs, keywords, sums=method != "__call__" or ufunc is np.matmul)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return self._run(function, args, keywords, sums=function is np.einsum)

    def _run(self, function: Any, args: Any, keywords: Any, *, sums: bool) -> Any:
        plain = _plain(args)
        if sums:
            plain = tuple(map(self._moved, plain))
        result = function(*plain, **{name: _plain(one) for name, one in keywords.items()})
        return shaken(self._moved(result), self.random)

    def _moved(self, value: Any) -> Any:
        if not isinstance(value, np.ndarray | np.floating) or value.dtype.kind not in "fO":
            return value
        return value * (1 - PART + 2 * PART * self.random.random(value.shape))


def shaken(value: Any, random: "np.random.Generator") -> Shaken:
    """A value whose further operations are rounded at random; the value itself is unchanged."""
    if type(value) is Shaken:
        return value
    array = np.asarray(value).view(Shaken)
    array.random = random
    return array


def _plain(value: Any) -> Any:
    if type(value) is Shaken:
        return value.view(np.ndarray)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value
