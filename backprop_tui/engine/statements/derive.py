"""The backward half of a program, derived from its forward half by the rules of the primitives.

Reverse mode over statements: they are visited last to first, and a variable's gradient is the sum of what every
statement that reads it contributes. The result is statements again, so a gradient is printed, run and differentiated
like anything else.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from math import prod

import numpy as np
from msgspec import Struct, structs

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import UNKNOWN, Role, Variable, Variables, gradient_of
from backprop_tui.formula.language.algebra import build, constant, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, names, rebuild, walk
from backprop_tui.formula.values.element import Shape, shape

Shapes = dict[str, Shape]
Contribution = tuple[Tree, Tree]  # what flows to a variable, and the scalar that divides it
ONE = Number(1.0)
LARGEST_JACOBIAN = 100_000  # numbers over all samples: 800 kB in one operation
SUM_STACK = {3: "sum_stack", 4: "sum_stacks", 5: "sum_stacks_of_stacks"}  # by the number of axes
SUM_FRONT = {-3: "sum_depth", -4: "sum_front", -5: "sum_outermost"}  # by the axis, which is kept
MEANS = {"mean": "size", "mean_samples": "samples", "mean_units": "units"}  # each mean, and what it divides by


class Arrangement(Struct, frozen=True):
    """How gradients are arranged in a program: the name and the stage of each, by the variable that it belongs to.

    `after` maps a leaf to the statement whose turn it waits for, where that is not its first reader. `variables` has
    the records of what the statements read and write.

    With `every`, each variable that is computed has a gradient, also a plain number and one that no leaf moves; what a
    step of a loop adds to the gradient of a leaf that several steps share is a line of its own, and so is what flows
    into the argument of a function and on to several variables.
    """

    name: Callable[[str], str] = "dL_d{}".format
    stage: Callable[[str], str] = lambda _: "backward"
    after: Mapping[str, str] = {}
    variables: Variables = {}
    every: bool = False


class Derivation:
    """The gradients of the scalar `output` with respect to some leaves of a list of statements.

    `shapes` holds the shapes of all variables; those of the new ones are added to it.
    """

    def __init__(
        self,
        statements: Sequence[Statement],
        output: str,
        leaves: Iterable[str],
        shapes: Shapes,
        arrangement: Arrangement = Arrangement(),  # noqa: B008 - immutable
    ) -> None:
        self.statements = statements
        self.output = output
        self.leaves = tuple(leaves)
        self.shapes = shapes
        self.name, self.stage = arrangement.name, arrangement.stage
        self.after, self.variables = arrangement.after, arrangement.variables
        self.every = arrangement.every
        self.steps = {s.name: s.variable.step if self.every else "" for s in statements}
        self.shared = self._shared()
        self.active = self._active()
        self.contributions: dict[str, dict[str, list[Contribution]]] = {}  # by variable, then by its reader
        self.reader = ""
        self.result: list[Statement] = []
        self.computed = {statement.tree: statement.name for statement in statements}

    def run(self) -> list[Statement]:
        """The statements that compute every leaf's gradient, in the order of the chain rule: per statement first the
        leaves that it reads, then what it was computed from.
        """
        first, waiting = self._turns()
        for statement in reversed(self.statements):
            if self.reader and self.steps[self.reader] != self.steps[statement.name]:
                self._close(self.steps[self.reader])
            if statement.name == self.output and statement.name in self.active:
                self._visit(statement, ONE)
            elif statement.name in self.contributions:
                self._visit(statement, self._constant(statement.name) or self._emit(statement.name))
            if statement is self.statements[0]:
                self._close(self.steps[statement.name])
            for leaf in first[statement.name]:
                self._emit(leaf)
        for leaf in waiting:
            self._emit(leaf)
        return self.result

    def _turns(self) -> tuple[dict[str, list[str]], dict[str, None]]:
        """The leaves whose gradient comes after each statement, and those that no statement reads."""
        waiting = dict.fromkeys(self.leaves)
        for statement in self.statements:  # what is computed gets its gradient on the way
            waiting.pop(statement.name, None)
        first: dict[str, list[str]] = {s.name: [] for s in self.statements}  # the leaves that none before it reads
        for statement in self.statements:
            for leaf in names(statement.tree):
                if waiting.pop(leaf, leaf) is None:
                    first[self.after.get(leaf, statement.name)].append(leaf)
        if self.every:  # what several blocks share comes after what is one block's own
            for leaves in first.values():
                leaves.sort(key=lambda leaf: not self.variables[leaf].section)
        return first, waiting

    def _active(self) -> set[str]:
        """The variables that move when a leaf moves; the others need no gradient."""
        active = set(self.leaves) | ({s.name for s in self.statements} if self.every else set())
        for statement in self.statements:
            if self._reaches(statement.tree, active):
                active.add(statement.name)
        return active

    def _shared(self) -> set[str]:
        """The leaves that several steps of a loop read."""
        found: dict[str, set[str]] = {}
        for statement in self.statements:
            for name in names(statement.tree):
                found.setdefault(name, set()).add(self.steps[statement.name])
        return {leaf for leaf in self.leaves if len(found.get(leaf, set()) - {""}) > 1}

    def _close(self, step: str) -> None:
        """Write what a step adds to the gradients of the leaves that several steps share."""
        for leaf in self.leaves if step else ():
            readers = self.contributions.get(leaf, {})
            ours = [reader for reader in readers if self.steps.get(reader) == step]
            if leaf not in self.shared or not ours:
                continue
            parts = [part for reader in reversed(ours) for part in readers.pop(reader)]
            name = f"{self.name(leaf)}@{step}"
            record = structs.replace(gradient_of(leaf, self.variables), role=Role.PART, step=step)
            record = structs.replace(record, section=self.variables.get(ours[-1], UNKNOWN).section)
            total = self._write(name, self._total(leaf, parts), self.stage(ours[-1]), record)
            readers[name] = [(total, ONE)]

    def _reaches(self, tree: Tree, active: Container[str]) -> bool:
        """Whether a gradient flows from a formula to an active variable."""
        match tree:
            case Name(name):
                return name in active
            case Call():
                return any(vjp and self._reaches(operand, active) for operand, vjp in _rules(tree))
        return False

    def _constant(self, variable: str) -> Tree | None:
        """The gradient of a term of the output, if it is a plain number, which is not worth an operation."""
        match [*chain(*self.contributions[variable].values())]:
            case [(tree, divisor)] if (
                not self.every and divisor == ONE and constant(tree) is not None and self.shapes[variable] == ()
            ):
                return tree
        return None

    def _emit(self, variable: str) -> Tree:
        """Write a variable's gradient as the sum of its contributions, from its first reader on; return its name."""
        found = list(chain(*reversed(self.contributions.pop(variable, {}).values())))  # visited last to first
        tree = self._total(variable, found)
        return self._write(self.name(variable), tree, self.stage(variable), gradient_of(variable, self.variables))

    def _total(self, variable: str, found: list[Contribution]) -> Tree:
        """The sum of what flows to a variable, in its shape."""
        divisors = {divisor for _, divisor in found}
        if not found:
            tree: Tree = Number(0.0)
        elif len(divisors) == 1:  # divide once
            tree = build("div", build("add", *(tree for tree, _ in found)), divisors.pop())
        else:
            tree = build("add", *(build("div", *contribution) for contribution in found))
        own = self.shapes[variable]
        if shape(tree, self.shapes) != own:
            tree = Call("fill", (tree, Name(variable)))
        return tree

    def _write(self, name: str, tree: Tree, stage: str, variable: Variable) -> Tree:
        tree = self._refer(tree)
        self.shapes[name] = shape(tree, self.shapes)
        self.result.append(Statement(name, tree, stage, variable=variable))
        self.computed.setdefault(tree, name)
        return Name(name)

    def _refer(self, tree: Tree) -> Tree:
        """The tree with what is computed already referred to by its name."""
        if isinstance(tree, Call) and tree in self.computed:
            return Name(self.computed[tree])
        return rebuild(tree, self._refer)

    def _visit(self, statement: Statement, gradient: Tree) -> None:
        self.reader = statement.name
        local = None if gradient == ONE else local_derivative(statement, self.shapes)
        if local is None or is_left_out(local, self.shapes):
            self._flow(statement.tree, gradient, ONE, Name(statement.name))
            return
        (operand,) = names(statement.tree)[:1]
        record = structs.replace(local.variable, section=self.variables.get(operand, UNKNOWN).section)
        factor = self._write(local.name, local.tree, self.stage(operand), record)
        by_sample = len(self.shapes[local.name]) > len(self.shapes[statement.name])  # a Jacobian
        self._contribute(operand, Call("vjp", (factor, gradient)) if by_sample else build("mul", gradient, factor), ONE)

    def _flow(self, tree: Tree, gradient: Tree, divisor: Tree, answer: Tree | None = None) -> None:
        """Carry `gradient / divisor`, the gradient of the value of `tree`, on to the variables in it."""
        own = shape(tree, self.shapes)
        if isinstance(tree, Name):
            if tree.name in self.active:
                self._contribute(tree.name, gradient, divisor)
            return
        if not isinstance(tree, Call):
            return
        row = PRIMITIVES[tree.function]
        if self._divides_by_extent(tree):
            self._flow(tree.operands[0], gradient, build("mul", divisor, tree.operands[1]))
            return
        if tree.function in MEANS:
            extent = Call(MEANS[tree.function], (self._like(tree.operands[0]),))
            self._flow(tree.operands[0], gradient, build("mul", divisor, extent))
            return
        if shape(gradient, self.shapes) != own and not row.is_term_by_term:
            gradient = Call("fill", (gradient, self._like(tree)))
        self._apply(tree, gradient, divisor, answer)

    def _apply(self, tree: Call, gradient: Tree, divisor: Tree, answer: Tree | None) -> None:
        """Carry what flows to the value of a primitive on to its operands, by its rules."""
        row = PRIMITIVES[tree.function]
        values = dict(zip(row.parameters, tree.operands, strict=False)) | {"ans": answer or tree}
        for operand, vjp in _rules(tree):
            if not (vjp and self._reaches(operand, self.active)):
                continue
            flowing = put_in(parse(vjp), values | {"g": gradient})
            flowing = self._without_fills(flowing) if self.every else flowing
            flowing = self._fit(flowing, operand, tree) if row.is_term_by_term else self._unstacked(flowing, operand)
            if answer is not None and (divisor, gradient != ONE) == (ONE, True):
                flowing = self._delta(tree, operand, flowing)
            self._flow(operand, flowing, divisor)

    def _without_fills(self, tree: Tree) -> Tree:
        """The tree with a number in place of an array full of it, where it is multiplied by one as large."""
        match tree:
            case Call("mul", (Call("fill", (value, _)) as full, other)) if constant(value) is not None:
                other = self._without_fills(other)
                own = shape(other, self.shapes)
                if np.broadcast_shapes(shape(full, self.shapes), own) == own:
                    return build("mul", value, other)
                return Call("mul", (full, other))
            case Call(function, operands):
                return build(function, *map(self._without_fills, operands))
        return tree

    def _delta(self, tree: Call, operand: Tree, flowing: Tree) -> Tree:
        """What flows into the argument of a function: a line of its own where it flows on to several variables."""
        row = PRIMITIVES[tree.function]
        bends = row.derivative or row.jacobian or (row.vjp and "ans" in row.vjp[0])
        moved = [name for name in names(operand) if name in self.active]
        if not (self.every and bends and len(moved) > 1):
            return flowing
        record = structs.replace(self.variables.get(self.reader, UNKNOWN), role=Role.DELTA, kind="", of=self.reader)
        return self._write(f"delta_{self.reader}", flowing, self.stage(self.reader), record)

    def _divides_by_extent(self, tree: Call) -> bool:
        """Whether this is the division of a mean, which is done last."""
        divisor = tree.operands[-1]
        return tree.function == "div" and isinstance(divisor, Call) and divisor.function in MEANS.values()

    def _fit(self, flowing: Tree, operand: Tree, tree: Tree) -> Tree:
        """Sum what flows to an operand over the axes along which it was broadcast."""
        target, own = shape(operand, self.shapes), shape(tree, self.shapes)
        if target == own:
            return flowing
        if shape(flowing, self.shapes) != own:
            flowing = Call("fill", (flowing, self._like(tree)))
        if target == ():
            return build("sum", flowing)
        flowing = self._unstacked(flowing, operand)
        for axis, reduction in ((-1, "sum_samples"), (-2, "sum_units")):
            if target[axis] != own[axis]:
                flowing = build(reduction, flowing)
        return flowing

    def _unstacked(self, flowing: Tree, operand: Tree) -> Tree:
        """Sum what flows to an operand over the axes of a stack that all share it."""
        target, own = shape(operand, self.shapes), shape(flowing, self.shapes)
        while 2 <= len(target) < len(own):
            flowing = build(SUM_STACK[len(own)], flowing)
            own = own[1:]
        for axis, reduction in SUM_FRONT.items():
            if len(target) == len(own) >= -axis and target[axis] == 1 != own[axis]:
                flowing = build(reduction, flowing)
        return flowing

    def _like(self, tree: Tree) -> Tree:
        """Something of the same shape, a variable rather than a formula."""
        own = shape(tree, self.shapes)
        inside = [node for node in walk(tree) if isinstance(node, Name)]
        return next((node for node in inside if self.shapes[node.name] == own), tree)

    def _contribute(self, variable: str, gradient: Tree, divisor: Tree) -> None:
        if constant(gradient) == 0:
            return
        self.contributions.setdefault(variable, {}).setdefault(self.reader, []).append((gradient, divisor))


def local_name(of: str, by: str) -> str:
    """What the derivative of a variable with respect to the one that it is computed from is called."""
    return f"d{of}_d{by}"


def local_derivative(statement: Statement, shapes: Mapping[str, Shape]) -> Statement | None:
    """The derivative of a variable with respect to the one that it is computed from by a single function of the tables;
    None where its formula is anything more, or would have a matrix for each column of a stack.
    """
    match statement.tree:
        case Call(function, (Name(operand), *settings)):
            row = PRIMITIVES[function]
            values = dict(zip(row.parameters, (Name(operand), *settings), strict=False)) | {"ans": Name(statement.name)}
            jacobian = row.jacobian if len(shapes[operand]) == 2 else ""
            if rule := row.derivative or jacobian:
                own = statement.variable
                kind = "value" if own.role is Role.VALUE else ""
                record = structs.replace(own, role=Role.LOCAL_DERIVATIVE, kind=kind, of=statement.name, by=operand)
                record = structs.replace(record, parameter="", means=None, samples=None)
                return Statement(local_name(statement.name, operand), put_in(parse(rule), values), variable=record)
    return None


def is_left_out(local: Statement, shapes: Mapping[str, Shape]) -> bool:
    """Whether a local derivative has a matrix for each sample, and too many numbers in all to be worth an operation."""
    own = shape(local.tree, shapes)
    return len(own) == 3 and prod(own) > LARGEST_JACOBIAN


def too_large(statements: Iterable[Statement], shapes: Mapping[str, Shape]) -> list[Statement]:
    """The local derivatives of some statements that are left out for their size."""
    found = (local_derivative(statement, shapes) for statement in statements)
    return [local for local in found if local and local.name not in shapes and is_left_out(local, shapes)]


def left_out(statements: Iterable[Statement], shapes: Shapes) -> dict[str, Tree]:
    """The formulas of the local derivatives that are left out for their size, by name."""
    return {local.name: local.tree for local in too_large(statements, shapes)}


def _rules(tree: Call) -> Iterator[tuple[Tree, str]]:
    """Each operand with the text of what flows to it; a variadic primitive repeats its last text."""
    row = PRIMITIVES[tree.function]
    vjps = row.vjp or (f"g * ({row.derivative})", "")  # only the first operand is more than a setting
    return zip(tree.operands, chain(vjps, repeat(vjps[-1])), strict=False)
