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
    part: float

    def __array_finalize__(self, source: Any) -> None:
        if isinstance(source, Shaken):
            self.random, self.part = source.random, source.part

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        # a sum of many terms is as exact as they are, not as it is
        return self._run(getattr(ufunc, method), inputs, keywords, sums=method != "__call__" or ufunc is np.matmul)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return self._run(function, args, keywords, sums=function is np.einsum)

    def _run(self, function: Any, args: Any, keywords: Any, *, sums: bool) -> Any:
        plain = _plain(args)
        named = {name: _plain(one) for name, one in keywords.items()}
        if _is_whole(plain) and _is_whole(exact := function(*plain, **named)):
            return shaken(exact, self.random, self.part)
        if sums:
            plain = tuple(map(self._moved, plain))
        return shaken(self._moved(function(*plain, **named)), self.random, self.part)

    def _moved(self, value: Any) -> Any:
        if not isinstance(value, np.ndarray | np.floating) or value.dtype.kind not in "fO":
            return value
        return value * (1 - self.part + 2 * self.part * self.random.random(value.shape))


def shaken(value: Any, random: "np.random.Generator", part: float = PART) -> Shaken:
    """A value whose further operations are rounded at random, by up to a `part` of them; the value itself is unchanged.

    Whole numbers that are made of whole numbers are exact, and stay so: a step of a schedule is none too early.
    """
    if type(value) is Shaken:
        return value
    array = np.asarray(value).view(Shaken)
    array.random, array.part = random, part
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
