"""What a line of a model is, by its structure: a row for each kind, the first that fits.

What things are called says nothing: a softmax whose result weights other values is attention, a sigmoid whose result
multiplies something is a gate. A line of a loop is of one kind in all of its steps, that which the first row finds in
any of them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from backprop_tui.engine.model.reading import Line
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import match
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, children, names, walk
from backprop_tui.formula.values.element import Shape, shape

LOSS = "L"
GATES = ("keeps", "lets go", "gate")
LINES_OF_NORMS = ("mean", "centered", "variance", "deviation", "normalised", "stretched")
ROWS_AXIS, COLUMNS_AXIS = -2, -1
LOOKUPS = ("lookup", "lookup_rows", "lookup_each")
SOFTMAX = ("softmax", "softmax_rows")
LOGS = ("log_softmax", "log_softmax_rows")
# a softmax by hand, where `a` is what exp gives
SHARES = tuple(
    map(
        parse,
        (
            *("a / sum_units(a)", "a / sum_samples(a)", "a * sum_units(a) ** -1", "a * sum_samples(a) ** -1"),
            *("a * (1 / sum_units(a))", "a * (1 / sum_samples(a))"),
        ),
    )
)
MEANS = tuple(
    map(
        parse,
        (
            *("mean_units(a)", "mean_samples(a)", "1 / b * sum_units(a)", "1 / b * sum_samples(a)"),
            *("sum_units(a) / b", "sum_samples(a) / b"),
        ),
    )
)
DEVIATIONS = tuple(map(parse, ("sqrt(a)", "sqrt(a + b)", "(a + b) ** -0.5", "a ** -0.5")))
OTHERWISE = "read otherwise"
WRITTEN_OUT = 3  # how many lines deep a formula is written out to recognise what is done by hand


class Lines(msgspec.Struct, frozen=True, dict=True):
    """The lines of a model, and what can be asked about them."""

    lines: Sequence[Line]
    shapes: Mapping[str, Shape]
    parameters: frozenset[str]
    noise: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> dict[str, Line]:
        """The lines by what they write."""
        return {line.name: line for line in self.lines}

    @cached_property
    def readers(self) -> dict[str, list[Line]]:
        """The lines that read a variable."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            for name in names(line.tree):
                found.setdefault(name, []).append(line)
        return found

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """For each line its own name and those of the same line in other steps of its loop, in order."""
        found: dict[tuple[int, int, int], list[str]] = {}
        places: dict[str, tuple[int, int, int]] = {}
        for k, line in enumerate(self.lines):
            before = self.lines[k - 1] if k else None
            same = before is not None and (before.line, before.step) == (line.line, line.step)
            at = places[before.name][2] + 1 if same and before is not None else 0  # one line may write several
            places[line.name] = place = (line.line, line.column, at)
            found.setdefault(place, []).append(line.name)
        return {name: tuple(found[place]) for name, place in places.items()}

    def written_out(self, tree: Tree, deep: int = WRITTEN_OUT) -> Tree:
        """A formula with the formulas of the lines that it reads in place of their names, but for what exp gives."""
        match tree:
            case Name(name) if deep and name in self.by_name and _root(self.by_name[name].tree) != "exp":
                return self.written_out(self.by_name[name].tree, deep - 1)
            case Call(function, operands) if function != "exp":
                return Call(function, tuple(self.written_out(operand, deep) for operand in operands))
        return tree

    def is_power(self, tree: Tree) -> bool:
        """Whether a formula is what exp gives."""
        line = self.by_name.get(_named(tree))
        return "exp" in (_root(tree), _root(line.tree) if line else "")

    def is_parameter(self, tree: Tree) -> bool:
        """Whether a formula reads parameters and nothing else."""
        read = names(tree)
        return bool(read) and self.parameters.issuperset(read)

    def is_plain(self, tree: Tree) -> bool:
        """Whether a formula is a number that no parameter moves: a constant, a size, something given."""
        return shape(tree, self.shapes) == () and not any(
            n in self.by_name or n in self.parameters for n in names(tree)
        )

    def is_step_back(self, name: str, line: Line) -> bool:
        """Whether a line reads under a name what it wrote itself in another step: there, or in a step where it is
        told from what was there before the first.
        """
        here = [path for path, found in _paths(line.tree) if found == name]
        for other in self.groups[line.name]:
            tree = self.by_name[other].tree
            for path in here:
                at = _at(tree, path)
                if isinstance(at, Name) and at.name != other and at.name in self.groups[line.name]:
                    return True
        return False

    @cached_property
    def goes_on(self) -> frozenset[str]:
        """The lines that a later step of their loop reads, with those of the same line in other steps."""
        found: set[str] = set()
        for line in self.lines:
            for name in names(line.tree):
                own = self.by_name.get(name)
                if own is not None and own.step and line.step and own.step != line.step:
                    found |= {*self.groups[name]}
        return frozenset(found)

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for line in self.lines:
            read = names(line.tree)
            found[line.name] = frozenset(read).union(*(found.get(name, frozenset()) for name in read))
        return found

    def comes_from(self, tree: Tree, name: str) -> bool:
        """Whether a formula is computed from a variable, directly or through other lines."""
        return any(read == name or name in self._above.get(read, ()) for read in names(tree))


def _paths(tree: Tree, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], str]]:
    if isinstance(tree, Name):
        yield path, tree.name
    for place, child in enumerate(children(tree)):
        yield from _paths(child, (*path, place))


def _at(tree: Tree, path: tuple[int, ...]) -> Tree | None:
    for place in path:
        below = children(tree)
        if place >= len(below):
            return None
        tree = below[place]
    return tree


def _root(tree: Tree) -> str:
    return tree.function if isinstance(tree, Call) else ""


def terms_of(tree: Tree) -> tuple[Tree, ...]:
    """The terms of a sum; of anything else that alone."""
    return tree.operands if isinstance(tree, Call) and tree.function == "add" else (tree,)


def _factors(tree: Tree) -> Iterator[Tree]:
    """What is multiplied number by number."""
    match tree:
        case Call("mul", (left, right)):
            yield from _factors(left)
            yield from _factors(right)
        case _:
            yield tree


def _products(tree: Tree, function: str) -> Iterator[Call]:
    return (node for node in walk(tree) if isinstance(node, Call) and node.function == function)


def _outermost(tree: Tree) -> Iterator[Call]:
    """The products of matrices that stand in no other."""
    if isinstance(tree, Call) and tree.function == "matmul":
        yield tree
    else:
        for child in children(tree):
            yield from _outermost(child)


def _straight(tree: Tree) -> Tree:
    """A formula without transposing."""
    return _straight(tree.operands[0]) if isinstance(tree, Call) and tree.function == "transpose" else tree


def _named(tree: Tree) -> str:
    tree = _straight(tree)
    return tree.name if isinstance(tree, Name) else ""


def _is_shares(line: Line, lines: Lines) -> bool:
    if _root(line.tree) in SOFTMAX:
        return True
    out = lines.written_out(line.tree) if _root(line.tree) in ("div", "mul") else line.tree
    found = (match(one, out) for one in SHARES)
    return any(bound is not None and lines.is_power(bound["a"]) for bound in found)


def shares_axis(tree: Tree, shapes: Mapping[str, Shape]) -> int:
    """The axis along which the shares that a formula gives add up to 1: that of the rows, in a softmax of columns."""
    functions = {node.function for node in walk(tree) if isinstance(node, Call)}
    if functions.intersection(SOFTMAX):
        return COLUMNS_AXIS if "softmax_rows" in functions else ROWS_AXIS
    if sums := functions & {"sum_units", "sum_samples"}:
        return COLUMNS_AXIS if "sum_samples" in sums else ROWS_AXIS
    divisors = (shapes[name] for name in names(tree))
    return ROWS_AXIS if any(len(own) > 1 and own[ROWS_AXIS] == 1 for own in divisors) else COLUMNS_AXIS


Finds = Callable[[Line, Lines], str | None]


def _part_of_loss(line: Line, lines: Lines) -> str | None:
    loss = lines.by_name.get(LOSS)
    alone = [reader.name for reader in lines.readers.get(line.name, [])] == [LOSS]
    if loss is None or not alone or lines.shapes[line.name] not in ((), (1, 1)):
        return None
    return LOSS if Name(line.name) in terms_of(loss.tree) and len(terms_of(loss.tree)) > 1 else None


def _embedding(line: Line, lines: Lines) -> str | None:
    for term in terms_of(line.tree):
        if _root(term) in LOOKUPS and isinstance(term, Call) and lines.is_parameter(term.operands[0]):
            return _named(term.operands[0])
    return None


def _attention(line: Line, lines: Lines) -> str | None:
    if not _is_shares(line, lines):
        return None
    for reader in lines.readers.get(line.name, []):
        for product in _products(reader.tree, "matmul"):
            for one, other in (product.operands, product.operands[::-1]):
                if _named(one) == line.name and not lines.is_parameter(other):
                    return _named(other)
    return None


def _shares(line: Line, lines: Lines) -> str | None:
    return "" if _is_shares(line, lines) else None


def _mixed(line: Line, lines: Lines) -> str | None:
    for product in _products(line.tree, "matmul"):
        for one, other in (product.operands, product.operands[::-1]):
            found = lines.by_name.get(_named(one))
            if found is not None and not lines.is_parameter(other) and _attention(found, lines) is not None:
                return found.name
            if _root(_straight(one)) in SOFTMAX and not lines.is_parameter(other):
                return ""
    return None


def _scores(line: Line, lines: Lines) -> str | None:
    """How well things fit each other: what a softmax is taken of, or a log of one."""
    is_product = any(not any(map(lines.is_parameter, product.operands)) for product in _outermost(line.tree))
    for reader in lines.readers.get(line.name, []):
        if is_product and _root(reader.tree) in SOFTMAX and Name(line.name) in children(reader.tree):
            return reader.name
    return None


def _logits(line: Line, lines: Lines) -> str | None:
    for reader in lines.readers.get(line.name, []):
        for node in walk(reader.tree):
            if _root(node) in LOGS and Name(line.name) in children(node):
                return reader.name
    return None


def _gated(line: Line, lines: Lines, which: str) -> str | None:
    """What a gate multiplies in the lines that read it; `which` says in which of the ways: what the reading line wrote
    itself a step before, multiplied by the gate or by one minus the gate, or anything.
    """
    if _root(line.tree) != "sigmoid":
        return None
    gate, closed = Name(line.name), Call("sub", (Number(1.0), Name(line.name)))
    for reader in lines.readers.get(line.name, []):
        for product in _products(reader.tree, "mul"):
            factors = [*_factors(product)]
            for of, way in ((gate, "keeps"), (closed, "lets go")):
                if of not in factors:
                    continue
                others = [factor for factor in factors if factor != of]
                other = _named(others[0]) if len(others) == 1 else ""
                if not others or all(lines.is_plain(factor) for factor in others):
                    continue
                if which == way and other and lines.is_step_back(other, reader):
                    return other
                if which == "anything" and way == "keeps":
                    return other
    return None


def _keeps(line: Line, lines: Lines) -> str | None:
    return _gated(line, lines, "keeps")


def _lets_go(line: Line, lines: Lines) -> str | None:
    return _gated(line, lines, "lets go")


def _gate(line: Line, lines: Lines) -> str | None:
    return _gated(line, lines, "anything")


def _convolution(line: Line, lines: Lines) -> str | None:
    for term in terms_of(line.tree):
        node = term.operands[0] if isinstance(term, Call) and term.function == "every" else term
        if isinstance(node, Call) and node.function == "conv" and lines.is_parameter(node.operands[1]):
            return _named(node.operands[1])
    return None


def _pool(line: Line, _: Lines) -> str | None:
    match line.tree:
        case Call("max_pool" | "pool_sum", (of, _)) | Call("div", (Call("pool_sum", (of, _)), _)):
            return _named(of)
    return None


def _mean(line: Line, lines: Lines) -> str | None:
    """A mean that is taken out of what it is the mean of."""
    for pattern in MEANS:
        bound = match(pattern, line.tree)
        if bound is None or not isinstance(of := bound["a"], Name) or not lines.is_plain(bound.get("b", Number(1.0))):
            continue
        taken_out = Call("sub", (of, Name(line.name)))
        if any(reader.tree == taken_out for reader in lines.readers.get(line.name, [])):
            return of.name
    return None


def _centered(line: Line, lines: Lines) -> str | None:
    match line.tree:
        case Call("sub", (Name(of), Name(mean))) if mean in lines.by_name:
            return of if _mean(lines.by_name[mean], lines) == of else None
    return None


def _variance(line: Line, lines: Lines) -> str | None:
    """A mean of squares of what has no mean any more."""
    for pattern in MEANS:
        bound = match(pattern, line.tree)
        if bound is None or not lines.is_plain(bound.get("b", Number(1.0))):
            continue
        square = bound["a"]
        if isinstance(square, Name) and square.name in lines.by_name:
            square = lines.by_name[square.name].tree
        match square:
            case Call("pow", (Name(centered), Number(2.0))) if centered in lines.by_name:
                return _centered(lines.by_name[centered], lines)
    return None


def _deviation(line: Line, lines: Lines) -> str | None:
    for pattern in DEVIATIONS:
        bound = match(pattern, line.tree)
        if bound is not None and isinstance(of := bound["a"], Name) and of.name in lines.by_name:
            return _variance(lines.by_name[of.name], lines)
    return None


def _normalised(line: Line, lines: Lines) -> str | None:
    match line.tree:
        case Call("div" | "mul", (Name(centered), Name(deviation))) if {centered, deviation} <= lines.by_name.keys():
            of = _centered(lines.by_name[centered], lines)
            return of if of and _deviation(lines.by_name[deviation], lines) == of else None
    return None


def _stretched(line: Line, lines: Lines) -> str | None:
    """What was normalised, stretched and shifted by parameters."""
    bound = match(parse("a * b + c"), line.tree) or match(parse("a * b"), line.tree)
    if bound is None or not lines.is_parameter(bound.get("c", bound["a"])):
        return None
    for one, other in ((bound["a"], bound["b"]), (bound["b"], bound["a"])):
        if lines.is_parameter(one):
            inner = lines.by_name[other.name] if isinstance(other, Name) and other.name in lines.by_name else None
            return _normalised(inner or Line("", other), lines)
    return None


def _residual(line: Line, lines: Lines) -> str | None:
    """A sum in which something goes past what is made of it; what a loop carries on by a product is no such sum."""
    terms = terms_of(line.tree)
    products = [factor for product in _products(line.tree, "mul") for factor in _factors(product)]
    if any(lines.is_step_back(_named(factor), line) for factor in products if _named(factor)):
        return None
    for term in terms if len(terms) > 1 and lines.shapes[line.name] else ():
        if not isinstance(term, Name) or lines.is_parameter(term) or lines.shapes[term.name] != lines.shapes[line.name]:
            continue
        if any(other != term and lines.comes_from(other, term.name) for other in terms):
            return term.name
    return None


def _weighted(line: Line, lines: Lines) -> str | None:
    """What parameters weight, added up; with biases, which are added."""
    terms = terms_of(line.tree)
    weighted = [_weights(term, lines) for term in terms]
    found = [name for name in weighted if name]
    rest = [term for term, name in zip(terms, weighted, strict=True) if not name]
    return found[0] if found and all(map(lines.is_parameter, rest)) else None


def _weights(term: Tree, lines: Lines) -> str:
    match term:
        case Call("matmul" | "mul", (left, right)):
            for one, other in ((left, right), (right, left)):
                if lines.is_parameter(one) and _named(one) and not lines.is_parameter(other) and names(other):
                    return _named(one)
    return ""


def _drawn(line: Line, lines: Lines) -> str | None:
    """Something with noise added, which is scaled first."""
    terms = terms_of(line.tree)
    for one in terms if len(terms) > 1 else ():
        rest = [term for term in terms if term != one]
        scaled = any(_named(factor) in lines.noise for term in rest for factor in _factors(term))
        if isinstance(one, Name) and one.name in lines.by_name and scaled:
            return one.name
    return None


MASK = parse("where(a >= b, 1, 0)")
LEFT = parse("a * c / (1 - b)")  # of `c`


def _mask(line: Line, lines: Lines) -> str | None:
    """1 where noise is at least a share, and 0 elsewhere: what stays of something."""
    bound = match(MASK, line.tree)
    return _named(bound["a"]) if bound and _named(bound["a"]) in lines.noise else None


def _dropped(line: Line, lines: Lines) -> str | None:
    """What a mask leaves, divided by the share that it keeps."""
    bound = match(LEFT, line.tree)
    mask = lines.by_name.get(_named(bound["a"])) if bound else None
    if bound is None or mask is None or _mask(mask, lines) is None:
        return None
    share = match(MASK, mask.tree)
    return _named(bound["c"]) if share and share["b"] == bound["b"] else None


def _similarity(line: Line, lines: Lines) -> str | None:
    """How much two things have in common: their numbers multiplied in pairs and added up."""
    match line.tree:
        case Call("sum" | "sum_units" | "sum_samples", (Call("mul", (Name(one), Name(other))),)) if (
            one in lines.by_name and other in lines.by_name
        ):
            return other
    return None


def _state(line: Line, lines: Lines) -> str | None:
    return "" if line.name in lines.goes_on else None


ROWS: tuple[tuple[str, Finds], ...] = (
    ("part of L", _part_of_loss),
    ("embedding", _embedding),
    ("attention", _attention),
    ("shares", _shares),
    ("residual", _residual),
    ("mixed", _mixed),
    ("scores", _scores),
    ("logits", _logits),
    ("keeps", _keeps),
    ("lets go", _lets_go),
    ("gate", _gate),
    ("convolution", _convolution),
    ("pool", _pool),
    ("mean", _mean),
    ("centered", _centered),
    ("variance", _variance),
    ("deviation", _deviation),
    ("normalised", _normalised),
    ("stretched", _stretched),
    ("drawn", _drawn),
    ("mask", _mask),
    ("dropped", _dropped),
    ("similarity", _similarity),
    ("state", _state),
    ("weighted", _weighted),
)


def line_kinds(
    lines: Sequence[Line], shapes: Mapping[str, Shape], parameters: Iterable[str], noise: Iterable[str] = ()
) -> dict[str, tuple[str, str]]:
    """For each line its kind and what that is about, such as what a gate lets through; ("", "") where no row fits.
    `noise` are variables that are drawn anew in each iteration.
    """
    all_lines = Lines(lines, shapes, frozenset(parameters), frozenset(noise))
    order = [kind for kind, _ in ROWS]
    own: dict[str, tuple[str, str]] = {}
    for line in lines:
        found = ((kind, finds(line, all_lines)) for kind, finds in ROWS)
        own[line.name] = next(((kind, about) for kind, about in found if about is not None), ("", ""))
    result = {}
    for name, (kind, about) in own.items():
        kinds = {own[other][0] for other in all_lines.groups[name]} - {""}
        best = min(kinds, key=order.index, default="")
        result[name] = (kind, about) if kind == best else (best, "")
    return result


def parameter_kinds(
    lines: Sequence[Line], parameters: Sequence[str], kinds: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """What each parameter is for, as the lines read it; nothing where they read it in several ways."""
    found: dict[str, set[str]] = {name: set() for name in parameters}
    for line in lines:
        for term, way in _reads(line, kinds[line.name][0], found.keys()):
            if (name := _named(term)) in found:
                found[name].add(way)
    return {name: next(iter(ways)) if len(ways) == 1 and ways != {OTHERWISE} else "" for name, ways in found.items()}


def _reads(line: Line, kind: str, parameters: Collection[str]) -> Iterator[tuple[Tree, str]]:
    """Every place in which a line reads a variable, with what that says of it."""
    if kind == "stretched":
        for term in terms_of(line.tree):
            yield from ((factor, "stretch") for factor in _factors(term) if term is not factor)
            yield term, "shift"
        return
    for node in walk(line.tree):
        match node:
            case Call("matmul" | "mul" | "add" | "sub" as function, operands):
                alone = {_named(operand) for operand in operands} <= {*parameters}
                way = OTHERWISE if alone else "weights" if function in ("matmul", "mul") else "bias"
                yield from ((operand, way) for operand in operands)
            case Call("lookup" | "lookup_rows" | "lookup_each", (table, _)):
                yield table, "table"
            case Call("conv", (_, kernel)):
                yield kernel, "kernel"
            case Call(_, operands):
                yield from ((operand, OTHERWISE) for operand in operands if isinstance(operand, Name))
