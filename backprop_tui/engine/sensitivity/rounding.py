"""Arrays with which the same formulas run again, with every operation rounded differently.

Monte Carlo arithmetic (D. S. Parker, 1997): each result, and each term of a sum, is off by a random part of the
largest error that a float64 can have. The spread of a few such runs estimates the error of the one run, cancellation
included, wherever in the formulas it comes from.
"""

from typing import Any

import numpy as np

RUNS = 8  # the chance that all of them show far less than the typical error is about one in a hundred thousand
PART = float(np.finfo(float).eps)  # twice the largest error of + or ×, and about the largest of exp, log or tanh

LARGEST = 2.0**53  # whole numbers up to it are exact


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

    def as_held(self) -> "Shaken":
        """The same as another type may have held it; whole numbers are the same in all of them."""
        plain = _plain(self)
        return shaken(np.where(plain == np.round(plain), plain, self._moved(plain)), self.random)

    def _run(self, function: Any, args: Any, keywords: Any, *, sums: bool) -> Any:
        plain = _plain(args)
        named = {name: _plain(one) for name, one in keywords.items()}
        if _is_whole(plain) and _is_whole(exact := function(*plain, **named)):
            return shaken(exact, self.random)
        if sums:
            plain = tuple(map(self._moved, plain))
        return shaken(self._moved(function(*plain, **named)), self.random)

    def _moved(self, value: Any) -> Any:
        if not isinstance(value, np.ndarray | np.floating) or value.dtype.kind not in "fO":
            return value
        return value * (1 - PART + 2 * PART * self.random.random(value.shape))


def shaken(value: Any, random: "np.random.Generator") -> Shaken:
    """A value whose further operations are rounded at random; the value itself is unchanged.

    Whole numbers that are made of whole numbers are exact, and stay so: a step of a schedule is none too early.
    """
    if type(value) is Shaken:
        return value
    array = np.asarray(value).view(Shaken)
    array.random = random
    return array


def _is_whole(value: Any) -> bool:
    """Whether all numbers are whole, and small enough to be exact."""
    if isinstance(value, tuple | list):
        return all(map(_is_whole, value))
    if isinstance(value, np.ndarray | float | np.floating):
        return bool(np.all((value == np.round(value)) & (np.abs(value) < LARGEST)))
    return True


def _plain(value: Any) -> Any:
    if type(value) is Shaken:
        return value.view(np.ndarray)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value
