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
        sums = method != "__call__" or ufunc is np.matmul
        return self._run(getattr(ufunc, method), inputs, keywords, sums=sums, each=not sums)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return self._run(function, args, keywords, sums=function is np.einsum, each=False)

    def as_held(self) -> "Shaken":
        """The same as another type may have held it; whole numbers are the same in all of them."""
        plain = _plain(self)
        return shaken(np.where(_is_whole(plain), plain, self._moved(plain)), self.random)

    def _run(self, function: Any, args: Any, keywords: Any, *, sums: bool, each: bool) -> Any:
        """What a function gives, rounded at random; `each` says that a number of it is made of one of each operand."""
        plain = _plain(args)
        named = {name: _plain(one) for name, one in keywords.items()}
        if _whole(plain) and _whole(exact := function(*plain, **named)):
            return shaken(exact, self.random)
        if sums:
            plain = tuple(map(self._moved, plain))
        result = function(*plain, **named)
        moved = self._moved(result)
        if each and moved is not result:
            exact_too = np.logical_and.reduce(np.broadcast_arrays(*map(_is_whole, (*plain, result))))
            moved = np.where(exact_too, result, moved)
        return shaken(moved, self.random)

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


def _whole(value: Any) -> bool:
    """Whether all numbers are whole."""
    return all(map(_whole, value)) if isinstance(value, tuple | list) else bool(np.all(_is_whole(value)))


def _is_whole(value: Any) -> Any:
    """Which numbers are whole, and small enough to be exact; none of those that Python's own functions make."""
    if not isinstance(value, np.ndarray | float | np.floating):
        return True
    if isinstance(value, np.ndarray) and value.dtype.kind != "f":
        return np.full(value.shape, value.dtype.kind in "biu")
    return (value == np.round(value)) & (np.abs(value) < LARGEST)


def _plain(value: Any) -> Any:
    if type(value) is Shaken:
        return value.view(np.ndarray)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value
