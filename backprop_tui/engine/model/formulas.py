"""One formula of a model: from what Python's parser read to a tree, with names looked up and shapes checked.

A loop's variable and a size between brackets are numbers, `h[t-1]` is a member of a family, and the functions of
`functions.py` are written out. What does not fit is told at its column, with the transpose that would.
"""

import ast
import re
from collections.abc import Collection, Container, Mapping
from difflib import get_close_matches
from math import prod
from typing import NamedTuple

from backprop_tui.engine.model.axes_so_far import AxesSoFar
from backprop_tui.engine.model.functions import functions, primitive, settings_of
from backprop_tui.engine.model.layout import RANGE, Piece, Wrong
from backprop_tui.engine.tables.noises import Drawn
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.other_words import of_function, of_syntax
from backprop_tui.formula.language.parse import OPERATORS
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, Number, Tree, call, walk
from backprop_tui.formula.values.element import Shape, shape
from backprop_tui.text import clean

MOST_NODES = 300
MOST_WRITTEN_OUT = 5000  # with the sums over a loop written out
MOST_NUMBERS = 10_000_000
MOST_AXES = 5
COMPARISONS = {"gt", "ge", "lt", "le", "eq", "ne"}
OF_TRUTH = {"where", "indicator"}  # functions whose first operand is a comparison
ROWS, COLUMNS = -2, -1
MEMBER = re.compile(r"\d+(_\d+)*$")  # how the name of a member of a family ends


class Refused(Exception):  # noqa: N818 - it carries what is wrong to where it is noted
    """A formula that cannot be read; `wrong` is None if it only reads what another wrong line should have written."""

    def __init__(self, wrong: Wrong | None) -> None:
        super().__init__(wrong)
        self.wrong = wrong


class Known(NamedTuple):
    """What is known where a formula stands. `shapes` has every variable so far, `families` the names that have members,
    `lost` the names that a wrong line should have written, `classes` how many classes the numbers of an input are of,
    `features` the axis of a variable that its features lie along, and `drawn` the noise that functions ask for.
    """

    sizes: Mapping[str, int]
    loops: Mapping[str, int]
    shapes: dict[str, Shape]
    families: Collection[str]
    lost: set[str]
    classes: Mapping[str, int]
    parameters: Container[str]
    features: dict[str, int]
    axes: AxesSoFar
    drawn: dict[str, Drawn]
    given: Collection[str]  # the inputs
    rows: bool
    bounded: bool  # whether formulas may be only so large


class Reader:
    """Reads one formula. `lines` has the lines that come before it, with the names that they write."""

    def __init__(self, piece: Piece, known: Known, target: str) -> None:
        self.piece = piece
        self.known = known
        self.target = target
        self.lines: list[tuple[str, Tree]] = []
        self.spans: dict[Tree, ast.expr] = {}
        self.rows = known.rows
        self._call: ast.expr | None = None

    def read(self) -> Tree:
        """The tree, whose shape is known. Raises Refused."""
        bounded = self.known.bounded
        if bounded and sum(1 for _ in ast.walk(self.piece.node)) > 4 * MOST_NODES:
            raise Refused(self.piece.wrong(f"has more than {MOST_NODES} terms: split this line"))
        tree = self._read(self.piece.node)
        if bounded and sum(1 for _ in walk(tree)) > MOST_WRITTEN_OUT:
            raise Refused(
                self.piece.wrong(
                    f"has more than {MOST_WRITTEN_OUT:,} terms when its sums are written out: split this line"
                )
            )
        self.check(tree)
        return tree

    def check(self, tree: Tree) -> Shape:
        """The shape of a tree. Raises Refused where operands do not fit, or the result is too large."""
        try:
            own = shape(tree, self.known.shapes)
        except ExpressionError:
            from backprop_tui.engine.model.misfits import misfit

            node, message = misfit(tree, self.known.shapes, self.spans, self.piece)
            raise Refused(self.piece.wrong(message, node)) from None
        if len(own) > MOST_AXES:
            raise Refused(self.piece.wrong(f"has {len(own)} axes, expected at most {MOST_AXES}"))
        if self.known.bounded and prod(own) > MOST_NUMBERS:
            raise Refused(self.piece.wrong(f"has {prod(own):,} numbers, expected at most {MOST_NUMBERS:,}"))
        return own

    # ---- what functions ask

    def shape(self, tree: Tree) -> Shape:
        return self.check(tree)

    def line(self, kind: str, tree: Tree) -> Tree:
        name = self._new(kind)
        self.wrote(name, tree, self.check(tree))
        self.lines.append((name, tree))
        return Name(name)

    def noise(self, kind: str, like: Tree) -> Tree:
        name = self._new("noise")
        own = self.known.shapes[name] = self.check(like)
        self.known.features[name] = self.features(like)
        self.known.drawn[name] = Drawn(kind, own, self.known.axes.of_samples(like))
        self.known.axes.drawn(name, self.known.drawn[name].axis)
        return Name(name)

    def wrote(self, name: str, tree: Tree, own: Shape) -> None:
        """Take note of a line."""
        self.known.shapes[name] = own
        self.known.features[name] = self.features(tree)
        self.known.axes.wrote(name, tree)

    def _new(self, kind: str) -> str:
        """A name for what a function needs besides."""
        name, count = f"{kind}_{self.target}", 1
        while name in self.known.shapes:
            count += 1
            name = f"{kind}{count}_{self.target}"
        return name

    def static(self, tree: Tree) -> Tree:
        sizes = self.known.sizes
        return Number(float(sizes[tree.name])) if isinstance(tree, Name) and tree.name in sizes else tree

    def refuse(self, message: str) -> Exception:
        return Refused(self.piece.wrong(message, self._call))

    def classes(self, tree: Tree) -> int:
        return self.known.classes.get(tree.name, 0) if isinstance(tree, Name) else 0

    def has_samples(self, tree: Tree) -> bool:
        return len(self.check(tree)) > 2 and self.known.axes.of_samples(tree) == 0

    def features(self, tree: Tree) -> int:
        """Along which axis features lie: that which a product with a parameter makes, else as its operands have it."""
        match tree:
            case Name(name):
                return self.known.features.get(name, COLUMNS if self.rows else ROWS)
            case Call("matmul", (left, right)):
                if self._is_parameter(right):
                    return COLUMNS
                if self._is_parameter(left):
                    return ROWS
                return COLUMNS if self.features(right) == COLUMNS else ROWS
            case Call("transpose", (of,)):
                return ROWS + COLUMNS - self.features(of)
            case Call("lookup_rows" | "lookup_each", _):
                return COLUMNS
            case Call(_, operands):
                own = shape(tree, self.known.shapes)
                like = [o for o in operands if shape(o, self.known.shapes) == own]
                return self.features((like or list(operands))[0])
        return ROWS

    def _is_parameter(self, tree: Tree) -> bool:
        read = [node.name for node in walk(tree) if isinstance(node, Name)]
        return bool(read) and all(name in self.known.parameters for name in read)

    # ---- from Python's nodes to ours

    def _read(self, node: ast.expr, *, truth: bool = False) -> Tree:
        tree = self._tree(node)
        if (isinstance(tree, Call) and tree.function in COMPARISONS) != truth:
            message = "a condition is a comparison, such as a > b" if truth else "a comparison stands only in where(…)"
            raise Refused(self.piece.wrong(message, node))
        self.spans.setdefault(tree, node)
        return tree

    def _tree(self, node: ast.expr) -> Tree:
        match node:
            case ast.Constant(int() | float() as value) if not isinstance(value, bool) and abs(value) < 1e300:
                return Number(float(value))
            case ast.Name(name):
                return self._name(name, node)
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                return call(OPERATORS[type(operator)], self._read(left), self._read(right))
            case ast.UnaryOp(ast.USub(), operand):
                inner = self._read(operand)
                return build("neg", inner) if isinstance(inner, Number) else Call("neg", (inner,))
            case ast.Compare(left, [operator], [right]) if type(operator) in OPERATORS:
                return Call(OPERATORS[type(operator)], (self._read(left), self._read(right)))
            case ast.Attribute(value, "T"):
                return Call("transpose", (self._read(value),))
            case ast.Subscript(value, index):
                return self._subscript(value, index, node)
            case ast.Call(ast.Name("sum"), [ast.GeneratorExp(body, [loop])], []):
                return self._sum(body, loop, node)
            case ast.Call(ast.Name(name), arguments, keywords):
                return self._function(name, arguments, keywords, node)
        of_list = " (a list of numbers has a name, under [model.given])" if isinstance(node, ast.List) else ""
        hint = of_list or of_syntax(node, functions())
        message = f"'{clean(self.piece.written(node), 40)}' is not part of a formula{hint}"
        raise Refused(self.piece.wrong(message, node))

    def _name(self, name: str, node: ast.expr) -> Tree:
        known = self.known
        if name in known.loops:
            return Number(float(known.loops[name]))
        if name in known.shapes:
            return Name(name)
        if known.lost.intersection((name, MEMBER.sub("", name))):
            raise Refused(None)
        if name in known.families:
            raise Refused(self.piece.wrong(f"'{name}' has members, {name}[…]: say which", node))
        close = get_close_matches(name, [*known.shapes, *known.families], 1)
        what = "is a function, and stands before brackets" if name in functions() else ""
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise Refused(self.piece.wrong(f"'{name}' {what}" if what else f"there is no '{name}'{hint}", node))

    def member(self, name: str, at: tuple[int, ...], node: ast.expr | None = None) -> str:
        """The name of a member of a family."""
        if any(place < 0 for place in at):
            index = ", ".join(map(str, at))
            raise Refused(self.piece.wrong(f"{name}[{index}]: there is no such member, they count from 0", node))
        return name + "_".join(map(str, at))

    def _subscript(self, value: ast.expr, index: ast.expr, node: ast.expr) -> Tree:
        places = index.elts if isinstance(index, ast.Tuple) else [index]
        if isinstance(value, ast.Name) and value.id in self.known.families:
            if any(isinstance(place, ast.Slice) for place in places):
                raise Refused(self.piece.wrong(f"'{value.id}' has members, {value.id}[…], and cannot be sliced", node))
            at = tuple(whole(self.piece, place, self.known) for place in places)
            name = self.member(value.id, at, node)
            if name in self.known.shapes:
                return Name(name)
            if name in self.known.lost:
                raise Refused(None)
            written = f"{value.id}[{', '.join(map(str, at))}]"
            if value.id in self.known.lost:
                raise Refused(None)
            if members := self._members_of_input(value.id):
                raise Refused(self.piece.wrong(f"there is no {written}: {value.id} has {members}", node))
            raise Refused(self.piece.wrong(f"there is no {written} yet, and {name} is not given", node))
        of = self._read(value)
        return self._cut(of, places, node)

    def _members_of_input(self, name: str) -> str:
        """The members of an input that is read by an index, where it is one: they count from 1."""
        own = [int(key[len(name) :]) for key in self.known.given if re.fullmatch(rf"{name}\d+", key)]
        return f"{name}[1] to {name}[{max(own)}]" if own else ""

    def _place(self, node: ast.expr) -> int:
        """A place along an axis."""
        if isinstance(node, ast.Name) and node.id in self.known.classes:
            message = f"{node.id} has classes: pick(a, {node.id}) takes the number of each one's class"
            raise Refused(self.piece.wrong(message, node))
        return whole(self.piece, node, self.known)

    def _cut(self, of: Tree, places: list[ast.expr], node: ast.expr) -> Tree:
        """A slice of rows, of columns, or of both."""
        own = self.check(of)
        if len(own) < 2:
            raise Refused(self.piece.wrong(f"{self.piece.written(node)} slices a number", node))
        if len(places) > 2:
            raise Refused(self.piece.wrong("a slice is of rows, a[1:3], or of columns, a[:, 1:3]", node))
        for place, function, extent in zip(places, ("rows", "columns"), own[-2:], strict=False):
            match place:
                case ast.Slice(None, None, None):
                    continue
                case ast.Slice(lower, upper, None):
                    first = whole(self.piece, lower, self.known) if lower else 0
                    last = whole(self.piece, upper, self.known) if upper else extent
                case ast.Slice():
                    raise Refused(self.piece.wrong("a slice has no step", node))
                case _:
                    first = self._place(place)
                    last = first + 1
            if not 0 <= first < last <= extent:
                what = f"there are {extent} {function}, and they count from 0"
                raise Refused(self.piece.wrong(f"{self.piece.written(node)}: {what}", node))
            if (first, last) != (0, extent):
                of = Call(function, (of, Number(float(first)), Number(float(last))))
        if not any(isinstance(place, ast.Slice) for place in places) and len(places) == 2:
            of = Call("only", (of,)) if len(own) == 2 else of
        return of

    def _sum(self, body: ast.expr, loop: ast.comprehension, node: ast.expr) -> Tree:
        """`sum(l[t] for t in 1..T)`, written out."""
        match loop:
            case ast.comprehension(ast.Name(variable), ast.BinOp(_, ast.LShift(), _) as between, [], 0):
                first, last = limits(self.piece, between, self.known)
            case _:
                raise Refused(self.piece.wrong("a sum runs 'for t in 1..T'", node))
        terms = []
        for value in range(first, last + 1):
            inner = self.known._replace(loops={**self.known.loops, variable: value})
            self.known, outer = inner, self.known
            try:
                terms.append(self._read(body))
            finally:
                self.known = outer
        if not terms:
            raise Refused(self.piece.wrong("adds up nothing", node))
        return terms[0] if len(terms) == 1 else call("add", *terms)

    def _function(self, name: str, arguments: list[ast.expr], keywords: list[ast.keyword], node: ast.expr) -> Tree:
        table = functions()
        row = table.get(name)
        if row is None and not self.known.bounded:  # a row of a table may have any
            row = primitive(name)
        if row is None:
            message = f"there is no function '{clean(name, 40)}'{of_function(name, table)}"
            raise Refused(self.piece.wrong(message, node))
        if not row.least <= len(arguments) <= row.most:
            count = str(row.least) if row.least == row.most else f"{row.least} to {row.most}"
            many = "" if count == "1" else "s"
            settings_ = (
                f" (a setting has its name: {', '.join(f'{key}=' for key in row.keywords)})" if row.keywords else ""
            )
            message = f"{name} takes {count} operand{many}, not {len(arguments)}"
            raise Refused(self.piece.wrong(message + settings_ * (len(arguments) > row.most), node))
        operands = tuple(
            self._read(argument, truth=name in OF_TRUTH and not place) for place, argument in enumerate(arguments)
        )
        settings: dict[str, int] = {}
        for keyword in keywords:
            if keyword.arg is None or keyword.arg not in row.keywords:
                has = f"it has {', '.join(row.keywords)}" if row.keywords else "it has none"
                raise Refused(
                    self.piece.wrong(f"{name} has no setting '{clean(keyword.arg or '**', 40)}' ({has})", node)
                )
            allowed = row.keywords[keyword.arg]
            value = self._setting(keyword.value, operands, is_axis=bool(allowed))
            if value not in allowed if allowed else value < 0:
                wanted = " or ".join(map(str, allowed[:2])) if allowed else "at least 0"
                raise Refused(self.piece.wrong(f"{keyword.arg} is {value}, expected {wanted}", keyword.value))
            settings[keyword.arg] = value
        self._call = node
        for operand, argument in zip(operands, arguments, strict=True):
            self.spans.setdefault(operand, argument)
        tree = row.make(self, operands, settings)
        for inside in walk(tree):  # what a function is made of stands where the function does
            self.spans.setdefault(inside, node)
        if name not in OF_TRUTH:
            self.check(tree)
        return tree

    def _setting(self, node: ast.expr, operands: tuple[Tree, ...], *, is_axis: bool) -> int:
        """A whole number; or an axis of the first operand, by its name. Raises Refused."""
        if is_axis and isinstance(node, ast.Name):
            place = self.known.axes.called(node.id, operands[0])
            if not isinstance(place, str):
                return place
            if node.id not in {*self.known.loops, *self.known.sizes}:
                raise Refused(self.piece.wrong(place, node))
        return whole(self.piece, node, self.known)


def whole(piece: Piece, node: ast.expr, known: Known) -> int:
    """The value of an index: whole numbers, sizes and loop variables, with + − and *. Raises Refused."""
    match node:
        case ast.Constant(value) if settings_of(value) is not None and abs(value) < MOST_NUMBERS:  # type: ignore[arg-type]
            return int(value)  # type: ignore[arg-type]
        case ast.Name(name) if name in known.loops:
            return known.loops[name]
        case ast.Name(name) if name in known.sizes:
            return known.sizes[name]
        case ast.Name(name):
            close = get_close_matches(name, [*known.loops, *known.sizes], 1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise Refused(piece.wrong(f"'{name}' is neither a size nor a loop's variable{hint}", node))
        case ast.UnaryOp(ast.USub(), operand):
            return -whole(piece, operand, known)
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as operator, right):
            a, b = whole(piece, left, known), whole(piece, right, known)
            found = a + b if isinstance(operator, ast.Add) else a - b if isinstance(operator, ast.Sub) else a * b
            if abs(found) < MOST_NUMBERS:
                return found
    raise Refused(
        piece.wrong(f"'{clean(piece.written(node), 40)}' is not a whole number of sizes with + - and *", node)
    )


def limits(piece: Piece, node: ast.expr, known: Known) -> tuple[int, int]:
    """The first and the last value of a range `1..T`. Raises Refused."""
    match node:
        case ast.BinOp(first, ast.LShift(), last):
            return whole(piece, first, known), whole(piece, last, known)
    shown = clean(piece.text.replace(RANGE, ".."), 40)
    raise Refused(piece.wrong(f"'{shown}' is not a range, such as 1..T"))
