"""Typed expressions over a program's variables, read and checked before anything runs.

The fixed list of functions is here. A number and a truth value are different kinds: `-(x > 0)` is refused, and
`sum(x > 0)` counts.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Literal
from unicodedata import normalize

import msgspec

from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.language.tree import Call, ExpressionError, Index, Name, Number, Sum, Tree, names, substitute
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, shape
from backprop_tui.formula.writing.printer import source
from backprop_tui.formula.writing.symbols import Symbols, beyond
from backprop_tui.text import clean

Kind = Literal["number", "truth", "shape"]
LIMITS = Limits()
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")  # `h₁` where the screen shows h
CALLED = "abs log exp sqrt min max sum mean norm any all isfinite"  # as a message lists them

# function -> the kind of its operands (countable: numbers, or truth values as 0 and 1), and of its result
Row = tuple[str, Kind]
FUNCTIONS: dict[str, Row] = {
    **dict.fromkeys(("add", "sub", "mul", "div", "neg", "pow", "matmul", "transpose"), ("number", "number")),
    **dict.fromkeys(("abs", "log", "exp", "sqrt", "min", "max", "amin", "amax", "norm"), ("number", "number")),
    **dict.fromkeys(("sum", "mean"), ("countable", "number")),
    **dict.fromkeys(("gt", "ge", "lt", "le", "eq", "ne", "isfinite"), ("number", "truth")),
    **dict.fromkeys(("and", "or", "not", "any", "all"), ("truth", "truth")),
    "shape": ("number", "shape"),
}
OF_ROWS: dict[str, Row] = {
    **dict.fromkeys(("sum_samples", "max_units", "max_samples"), ("number", "number"))
}  # what the tables of named events and quantities have besides


class Expression(msgspec.Struct, frozen=True):
    """An expression that fits a program: its text as typed, its tree with names resolved, what it gives."""

    text: str
    tree: Tree
    shape: Shape
    kind: Kind

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that it reads, in order of first appearance."""
        return names(self.tree)

    def function(self, keys: Mapping[str, str] | None = None) -> Callable[[Mapping[str, Any]], Any]:
        """The expression as a function of a mapping of variables to arrays; `keys` as for `compiled`."""
        return compiled(self.tree, keys)


def read_expression(text: str, symbols: Symbols, *, row: bool = False, more: Mapping[str, Shape] = {}) -> Expression:
    """An expression as people type it: names, short forms and symbols. A `row` of our own tables has more functions,
    and may read the variables `more`.

    Raises ExpressionError, one line, if the text is not an expression, a name does not exist, or shapes do not fit.
    """
    if len(text) > LIMITS.characters:
        raise ExpressionError(f"longer than {LIMITS.characters} characters")
    typed = normalize("NFC", text).strip()
    if not typed:
        raise ExpressionError("an expression is missing, such as loss < 0.5")
    plain = symbols.ascii(typed).translate(DIGITS)
    try:
        tree, kind = _Checker(symbols, {**symbols.shapes, **more}, row=row).check(parse(plain))
    except ExpressionError as error:
        if error.column is None or plain == text:
            raise
        raise ExpressionError(str(error).partition(": ")[2]) from None  # the columns count in a different text
    return Expression(clean(typed), tree, shape(tree, {**symbols.shapes, **more}), kind)


def read_condition(text: str, symbols: Symbols, *, row: bool = False, more: Mapping[str, Shape] = {}) -> Expression:
    """An expression that is true or false. Raises ExpressionError as `read_expression` does, and if it is not."""
    found = read_expression(text, symbols, row=row, more=more)
    if found.kind != "truth":
        raise ExpressionError(f"a condition is true or false, such as {_start(found.text)} > 0")
    if prod(found.shape) != 1:
        raise ExpressionError(f"{_start(found.text)} is {_by(found.shape)} truth values: use any(…) or all(…)")
    return found


class _Checker:
    """Resolves names, completes indices, and checks that every operand is of the kind that is needed."""

    def __init__(self, symbols: Symbols, shapes: Mapping[str, Shape], *, row: bool) -> None:
        self.symbols = symbols
        self.shapes = shapes
        self.functions = {**FUNCTIONS, **OF_ROWS} if row else FUNCTIONS

    def check(self, tree: Tree) -> tuple[Tree, Kind]:
        match tree:
            case Name(name):
                return Name(self._variable(name)), "number"
            case Index(of, at):
                return self._index(of, at), "number"
            case Call(function, operands) if function in self.functions:
                wanted, result = self.functions[function]
                read = tuple(self._operand(operand, wanted) for operand in operands)
                if function == "transpose" and not shape(read[0], self.shapes):
                    raise ExpressionError(f"{_start(source(tree))}: a number has no .T")
                match function, read:
                    case "sum", (Call("indicator", counted),):
                        return Call("count", counted), result
                return Call(function, read), result
            case Call(function, _):
                raise ExpressionError(f"there is no function '{function}' here; there is {CALLED}")
            case Sum():
                raise ExpressionError(f"{_start(source(tree))}: write sum(x)")
        return tree, "number"

    def _operand(self, tree: Tree, wanted: str) -> Tree:
        checked, kind = self.check(tree)
        if kind == wanted or (wanted == "countable" and kind == "number"):
            return checked
        if wanted == "countable" and kind == "truth":
            return Call("indicator", (checked,))
        shown = _start(source(tree))
        if kind == "shape":
            raise ExpressionError(f"{shown} is several numbers: take one, {shown}[0]")
        if wanted == "truth":
            raise ExpressionError(f"{shown} is a number, not true or false: compare it, {shown} > 0")
        raise ExpressionError(f"{shown} is true or false, not a number: sum({shown}) counts")

    def _variable(self, typed: str) -> str:
        found = typed if typed in self.shapes else self.symbols.resolve(typed)
        if typed in self.symbols.left_out:
            raise ExpressionError(f"{typed} has too many numbers to keep: take one sample's, {typed}[0]")
        if found is None:
            raise ExpressionError(self.symbols.unknown(typed))
        return found

    def _index(self, of: Tree, at: Sequence[Tree]) -> Tree:
        """One element. The index of an only sample may be left out, and -1 is the last. Where there is a matrix for
        each sample, a single index gives one matrix.
        """
        if isinstance(of, Name) and of.name in self.symbols.left_out:
            checked, at = self._of_sample(self.symbols.left_out[of.name], at[0]), at[1:]
            if not at:
                return checked
        else:
            checked, kind = self.check(of)
            if kind == "truth":
                raise ExpressionError(f"{_start(source(of))} is true or false, and has no elements")
        own, shown = shape(checked, self.shapes), _start(source(of))
        places = [_whole(place) for place in at]
        if len(places) == 1 and len(own) == 2 and own[1] == 1:
            places.append(0)
        if len(places) == 2 and len(own) == 3 and own[0] == 1:
            places.insert(0, 0)
        if len(places) != len(own) and (len(places), len(own)) != (1, 3):
            example = f", such as {shown}[{','.join('0' * len(own))}]" if own else ": it is one number"
            raise ExpressionError(f"{shown} has {len(own) or 'no'} {'index' if len(own) == 1 else 'indices'}{example}")
        if any(not -extent <= place < extent for place, extent in zip(places, own, strict=False)):
            raise ExpressionError(beyond(shown, own))
        counted = (place % extent for place, extent in zip(places, own, strict=False))
        return Index(checked, tuple(Number(float(place)) for place in counted))

    def _of_sample(self, tree: Tree, at: Tree) -> Tree:
        """A formula too large to be a variable, for one sample alone: with that sample's columns put in."""
        read = names(tree)
        samples, place = self.shapes[read[0]][1], _whole(at)
        if not -samples <= place < samples:
            raise ExpressionError(f"there are {samples} samples, and they count from 0")
        column = Number(float(place % samples))
        return Index(substitute(tree, {name: Call("column", (Name(name), column)) for name in read}), (Number(0.0),))


def _whole(place: Tree) -> int:
    match place:
        case Number(value) if value.is_integer():
            return int(value)
        case Call("neg", (Number(value),)) if value.is_integer():
            return -int(value)
    raise ExpressionError(f"an index is a whole number, not {_start(source(place))}")


def _by(own: Shape) -> str:
    return "×".join(map(str, own))


def _start(text: str) -> str:
    """As much of an expression as a message has room for."""
    return clean(text, 40)
