"""Tree -> text, with as few brackets as its operators need.

The same walk writes the language itself, NumPy, and what the screen shows; the three differ only in the templates of
the rows and in how a leaf is written. What is shown comes as pieces, because a matrix put in for a name is taller than
a line.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from math import pi, sqrt
from typing import Literal

import msgspec

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import ATOM, POWER, PRIMITIVES, PRODUCT, SIGN, Primitive
from backprop_tui.formula.language.tree import Call, Index, Name, Number, Sum, Tree, substitute

Form = Literal["source", "numpy", "stacked", "shown"]
HOLE = re.compile(r"""\{(\w+)(['"^+!~]?)\}""")
JOIN = "×"
NUMPY = ("numpy", "stacked")
PYTHON = ("add", "sub", "mul", "div", "neg", "pow", "gt", "ge", "lt", "le", "eq", "ne")  # operators on its numbers
RAISING = ("div", "pow")
OPENS = ("(", "[", "|", "‖", ", ")
# numbers of textbooks, as the screen writes them
CONSTANTS = {pi: "π", sqrt(2): "√2", sqrt(2 * pi): "√(2π)", sqrt(2 / pi): "√(2/π)"}
SUPERSCRIPTS = str.maketrans("0123456789.−", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")


class Piece(msgspec.Struct, frozen=True):
    """A run of text that stays together. `rows` takes its place where there is room for a matrix, and `mark` is the
    range of characters in each row that stands out.
    """

    text: str
    level: int = ATOM
    rows: tuple[str, ...] = ()
    leaf: Tree | None = None
    mark: tuple[int, int] = (0, 0)


class Writer(msgspec.Struct, frozen=True):
    """How leaves are written: a piece for a name, an element or a number; with `turns` for a transposed name, too."""

    form: Form
    leaf: Callable[[Tree], Piece]
    is_scalar: Callable[[str], bool] = lambda _: False
    numeric: bool = False
    turns: bool = False


def plain_number(value: float) -> str:
    """The shortest text that reads back as the same float64; whole numbers without a point."""
    return str(int(value)) if value.is_integer() and value < 1e15 else repr(value)


def _plain_leaf(tree: Tree) -> Piece:
    match tree:
        case Number(value):
            return Piece(plain_number(value))
        case Name(name):
            return Piece(name)
    raise TypeError(tree)


SOURCE = Writer("source", _plain_leaf)


def source(tree: Tree) -> str:
    """The formula in the expression language: `parse(source(tree)) == tree`."""
    return text(tree, SOURCE)


def numpy_source(tree: Tree, leaf: Callable[[str], str] = str, *, stacked: bool = False) -> str:
    """The NumPy expression that a formula runs as; `leaf` gives the text by which a variable is reached. `stacked`
    is for variables of more than two axes; what is written then is true of matrices too.

    Constants are written as floats, which NumPy handles faster than whole numbers.
    """

    def write(tree: Tree) -> Piece:
        match tree:
            case Name(name):
                return Piece(leaf(name))
            case Number(value):
                return Piece(repr(value))
        return _plain_leaf(tree)

    written = text(tree, Writer("stacked" if stacked else "numpy", write))
    return f"np.float64({written})" if is_python(tree) else written


def is_python(tree: Tree) -> bool:
    """Whether a formula gives a number of Python's own, which has no methods and raises where NumPy's is inf or nan."""
    match tree:
        case Number():
            return True
        case Call("size" | "samples" | "units" | "depth", _):
            return True
        case Call(function, operands):
            if PRIMITIVES[function].definition:
                return is_python(defined(tree))
            return function in PYTHON and all(map(is_python, operands))
    return False


def text(tree: Tree, writer: Writer) -> str:
    """The formula on one line."""
    return "".join(piece.text for piece in pieces(tree, writer))


def pieces(tree: Tree, writer: Writer) -> list[Piece]:
    """The formula as a sequence of pieces."""
    found = _write(tree, 0, writer)
    return _bracket_signs(found) if writer.numeric else found


def _write(tree: Tree, need: int, writer: Writer) -> list[Piece]:
    match tree:
        case Call(function, operands):
            row = PRIMITIVES[function]
            template = row.spelling(writer.form)
            turned = writer.turns and function == "transpose" and isinstance(operands[0], Name)
            if writer.numeric and (row.part or turned or "{" not in template):
                return [writer.leaf(tree)]
            if template == "{a}":  # a row that is not visible, such as fill
                return _write(operands[0], need, writer)
            if writer.form in NUMPY and row.definition:
                return _write(defined(tree), need, writer)
            level = row.level if writer.form == "shown" or row.source else ATOM
            written = _fill(row, template, operands, writer)
            return _brackets(written) if level < need else written
        case Sum(body, over, by):
            loop = f" for {', '.join(over)} in all)"
            return [Piece("max(" if by == "max" else "sum("), *_write(body, 0, writer), Piece(loop)]
        case Index(of, at) if writer.form != "shown" and not writer.numeric:
            inside: list[Piece] = []
            for place in at:  # a place is a whole number, never a float
                inside += [Piece(", "), *_write(place, 0, SOURCE if isinstance(place, Number) else writer)]
            return [*_write(of, ATOM, writer), Piece("["), *inside[1:], Piece("]")]
    piece = writer.leaf(tree)
    return _brackets([piece]) if piece.level < need else [piece]


def defined(tree: Call) -> Tree:
    """The definition of a primitive that has one, with its operands put in."""
    row = PRIMITIVES[tree.function]
    return substitute(parse(row.definition), dict(zip(row.parameters, tree.operands, strict=True)))


def _brackets(inside: list[Piece]) -> list[Piece]:
    return [Piece("("), *inside, Piece(")")]


@cache
def _template(template: str) -> tuple[tuple[str, str, str], ...]:
    """A template as (text before, operand, mark), the last with no operand."""
    parts = HOLE.split(template)
    return tuple((parts[i], *(parts[i + 1 : i + 3] or ("", ""))) for i in range(0, len(parts), 3))


def _fill(row: Primitive, template: str, operands: Sequence[Tree], writer: Writer) -> list[Piece]:
    parts = list(_template(template))
    if row.variadic:  # the last operand's part is repeated for each further operand
        parts[2:2] = [parts[1]] * (len(operands) - 2)
    marks = {"": row.level, "'": row.level + 1, '"': SIGN, "+": PRODUCT, "^": POWER, "!": ATOM, "~": 0}
    written: list[Piece] = []
    order = {name: place for place, name in enumerate(row.parameters)}
    for position, (before, name, mark) in enumerate(parts):
        if not name:
            written += [Piece(before)] if before else []
            continue
        operand = operands[position if row.variadic else order[name]]
        inner = _write(operand, marks[mark], writer)
        if mark == "!" and writer.form == "source" and inner[-1].text.isdigit():  # 3.T is not Python
            inner = _brackets(inner)
        needs_numpy = is_python(operand) if mark == "!" else row.name in RAISING and all(map(is_python, operands))
        if writer.form in NUMPY and needs_numpy:
            inner = [Piece("np.float64("), *_write(operand, 0, writer), Piece(")")]
        if before.endswith("^") and inner[0].text.isdigit() and len(inner) == 1:
            inner = [Piece(inner[0].text.translate(SUPERSCRIPTS))]
            before = before[:-1]
        if before == JOIN and writer.form == "shown":
            written, inner = _factors(row, operands, written, inner)
            before = _join(written, inner, operands, row, writer)
        if before.endswith(" ") and before[:-1].isalnum() and inner[0].text == "(":
            before = before[:-1]
        written += [Piece(before), *inner] if before else inner
    return written


def _factors(
    row: Primitive, operands: Sequence[Tree], left: list[Piece], right: list[Piece]
) -> tuple[list[Piece], list[Piece]]:
    """Two factors, in brackets where what stands between them would be read as something else."""
    if right[0].text.startswith(("−", "-")) and right[0].leaf is None:  # a sign would subtract
        right = _brackets(right)
    if isinstance(operands[0], Call) and operands[0].function == "div" and row.name == "matmul":
        left = _brackets(left)  # a divisor would go on
    return left, right


def _join(left: list[Piece], right: list[Piece], operands: Sequence[Tree], row: Primitive, writer: Writer) -> str:
    """What stands between two factors: ⊙ between arrays, nothing or a space between symbols, · between numbers."""
    arrays = [isinstance(o, Name) and not writer.is_scalar(o.name) for o in operands]
    if row.name == "mul" and all(arrays):
        return " ⊙ "
    ends, begins = left[-1].text, right[0].text
    if writer.numeric or begins[:1].isdigit() or _is_prefix(operands[0]) or isinstance(operands[1], Index):
        return "·"
    if begins[:1] in "√Σ‖" or begins.startswith("log") or _is_word(begins) or (_is_word(ends) and begins != "("):
        return " "
    if "/" in begins or (left[-1].leaf is not None and "/" in left[-1].text) or (ends[-1:] == "ᵀ" and begins == "("):
        return " "
    return ""


def _is_word(text: str) -> bool:
    return len(text) > 1 and text.isascii() and text[0].isalpha()


def _is_prefix(tree: Tree) -> bool:
    return isinstance(tree, Call) and PRIMITIVES[tree.function].level == POWER and tree.function != "pow"


def _bracket_signs(found: list[Piece]) -> list[Piece]:
    """A negative number stands in brackets unless it comes first, there or within others."""
    result: list[Piece] = []
    for piece in found:
        first = not result or result[-1].text.endswith(OPENS)
        if piece.leaf is not None and not piece.rows and piece.text.startswith(("−", "-")) and not first:
            piece = msgspec.structs.replace(piece, text=f"({piece.text})")
        result.append(piece)
    return result
