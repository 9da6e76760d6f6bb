"""Text -> tree. Python's own parser and a whitelist; anything outside it is refused with its column."""

import ast
import math
import warnings
from functools import lru_cache, partial, reduce

from msgspec import Struct

from backprop_tui.formula.language.other_words import of_syntax
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, ExpressionError, Index, Name, Number, Sum, Tree, call
from backprop_tui.text import clean

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.MatMult: "matmul",
    ast.Pow: "pow",
    ast.USub: "neg",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.And: "and",
    ast.Or: "or",
    ast.Not: "not",
}
ATTRIBUTES = {"T": "transpose", "shape": "shape"}
METHODS = {"max": "amax", "min": "amin", "sum": "sum", "mean": "mean"}  # of arrays, without arguments
OF_ONE = {"max": "amax", "min": "amin"}  # what a function of two operands means with one
BLANKS = str.maketrans("\n\r\t\f\v", "     ")


class Limits(Struct, frozen=True):
    """How large an expression may be: characters, nodes of the tree, depth of nesting."""

    characters: int = 500
    nodes: int = 100
    depth: int = 25


@lru_cache(maxsize=1024)  # the rows of the tables are read again and again
def parse(text: str, limits: Limits | None = None) -> Tree:
    """Read an expression.

    Raises ExpressionError if the text is not an expression, uses a form that the language lacks, or exceeds the limits.
    """
    limits = limits or Limits()
    if len(text) > limits.characters:
        raise ExpressionError(f"longer than {limits.characters} characters")
    text = text.translate(BLANKS)  # so that all is on one line
    lead = len(text) - len(text.lstrip())
    try:
        with warnings.catch_warnings():  # Python warns of an odd literal, and such a thing is refused below
            warnings.simplefilter("ignore")
            body = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError("not an expression", lead + error.offset if error.offset else len(text) + 1) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("not an expression") from None
    return _Reader(limits, text, lead).read(body, 1)


class _Reader:
    """Turns Python's nodes into ours, counting them."""

    def __init__(self, limits: Limits, text: str, lead: int) -> None:
        self.limits = limits
        self.text = text
        self.lead = lead
        self.nodes = 0

    def read(self, node: ast.expr, depth: int) -> Tree:  # noqa: C901, PLR0912 - a case per form of the language
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise self._error(f"more than {self.limits.nodes} terms", node)
        if depth > self.limits.depth:
            raise self._error(f"nested deeper than {self.limits.depth}", node)
        deeper = depth + 1
        match node:
            case ast.Constant(int() | float() as value) if not isinstance(value, bool):
                return self._number(value, node)
            case ast.Name(name):
                return Name(name)
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                return call(OPERATORS[type(operator)], self.read(left, deeper), self.read(right, deeper))
            case ast.UnaryOp(operator, operand) if type(operator) in OPERATORS:
                return call(OPERATORS[type(operator)], self.read(operand, deeper))
            case ast.BoolOp(operator, values):
                read = [self.read(value, deeper) for value in values]
                return reduce(partial(call, OPERATORS[type(operator)]), read)
            case ast.Compare(left, [operator], [right]) if type(operator) in OPERATORS:
                return call(OPERATORS[type(operator)], self.read(left, deeper), self.read(right, deeper))
            case ast.Attribute(value, attribute) if attribute in ATTRIBUTES:
                return call(ATTRIBUTES[attribute], self.read(value, deeper))
            case ast.Subscript(value, ast.Tuple([_, *_] as at)):
                return Index(self.read(value, deeper), tuple(self.read(i, deeper) for i in at))
            case ast.Subscript(value, index):
                return Index(self.read(value, deeper), (self.read(index, deeper),))
            case ast.Call(ast.Name("sum" | "max" as by), [ast.GeneratorExp(body, [loop])], []):
                return Sum(self.read(body, deeper), self._bound(loop), "add" if by == "sum" else by)
            case ast.Call(ast.Name(name), arguments, []):
                return self._function(name, arguments, node, deeper)
            case ast.Call(ast.Attribute(value, method), [], []) if method in METHODS:
                return call(METHODS[method], self.read(value, deeper))
            case ast.Compare():
                raise self._error("compare two at a time: a < b and b < c", node)
        start, end = self._span(node)
        hint = of_syntax(node, {*PRIMITIVES, *OF_ONE})
        raise self._error(f"'{clean(self.text[start:end], 40)}' is not part of the language{hint}", node)

    def _span(self, node: ast.expr) -> tuple[int, int]:
        """Where in the text a node stands; Python counts bytes."""
        line = self.text[self.lead :].encode(errors="replace")
        start, end = (line[:count] for count in (node.col_offset, node.end_col_offset))
        return self.lead + len(start.decode(errors="replace")), self.lead + len(end.decode(errors="replace"))

    def _error(self, message: str, node: ast.expr) -> ExpressionError:
        return ExpressionError(message, self._span(node)[0] + 1)

    def _number(self, value: float, node: ast.expr) -> Tree:
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
        if not math.isfinite(result):
            raise self._error("a number too large for a float64", node)
        return Number(result)

    def _function(self, name: str, arguments: list[ast.expr], node: ast.expr, depth: int) -> Tree:
        if len(arguments) == 1 and name in OF_ONE:
            return Call(OF_ONE[name], (self.read(arguments[0], depth),))
        row = PRIMITIVES.get(name)
        if row is None or row.source:
            raise self._error(f"there is no function '{clean(name, 40)}'", node)
        if len(arguments) != len(row.parameters):
            count = len(row.parameters)
            raise self._error(f"{name} takes {count} operand{'s' if count > 1 else ''}, not {len(arguments)}", node)
        return Call(name, tuple(self.read(argument, depth) for argument in arguments))

    def _bound(self, loop: ast.comprehension) -> tuple[str, ...]:
        """The indices of `for k, l in all`."""
        match loop:
            case ast.comprehension(target, ast.Name("all"), [], 0):
                targets = target.elts if isinstance(target, ast.Tuple) else [target]
                found = tuple(target.id for target in targets if isinstance(target, ast.Name))
                if found and len(found) == len(targets):
                    return found
        raise self._error("a sum runs 'for k in all'", loop.target)
