"""A mistake: a change of a program. Statements go in and statements come out, so it works on any network.

A mistaken program has the operations of the right one under the same names, perhaps in a different order, so that the
two can be laid side by side. What it changes has no stable formula, and neither has what jumps over it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from backprop_tui.engine.statements.derived_again import derived_again, is_model
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable, Variables
from backprop_tui.engine.training.update_statements import STAGE
from backprop_tui.engine.training.written_steps import in_one_line
from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import contains, rewrite
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, Number, Tree, names, substitute
from backprop_tui.formula.values.element import Shapes, shape

Change = Callable[[Statement, "Around"], Tree | None]
Start = Callable[[Mapping[str, Any], Variables], dict[str, Any]]  # what of the start is changed

# what a sentence calls the weights and the argument of an activation, in layers and in a model
IN_LAYERS = {"matrix": "W", "z": "z"}
IN_MODELS = {"matrix": "a matrix", "z": "its argument"}


class Where(msgspec.Struct, frozen=True):
    """Which variables a mistake is made in: those of some roles and, where kinds are named, of those kinds; without
    either, all. `of_parameters` restricts them to those that belong to a parameter.
    """

    roles: tuple[Role, ...] = ()
    kinds: tuple[str, ...] = ()
    of_parameters: bool = False

    def __call__(self, variable: Variable) -> bool:
        """Whether a variable is one of them."""
        return (
            (not self.roles or variable.role in self.roles)
            and (not self.kinds or variable.kind in self.kinds)
            and (not self.of_parameters or bool(variable.parameter))
        )


class Around(msgspec.Struct, frozen=True):
    """What a change can see beside its statement: all statements, their shapes, and the decimals that are kept."""

    found: Sequence[Statement]
    shapes: Shapes
    digits: int

    @property
    def local(self) -> frozenset[str]:
        """The names of the local derivatives."""
        return frozenset(s.name for s in self.found if s.variable.role is Role.LOCAL_DERIVATIVE)

    def tree(self, name: str) -> Tree | None:
        """The formula of a variable, None where no statement writes it."""
        return next((statement.tree for statement in self.found if statement.name == name), None)

    def layer(self, statement: Statement) -> dict[str, Tree]:
        """What a statement may be put together from: its own formula (`own`, `stable`), the variable that it writes
        (`self`) and its parameter (`param`); of its layer the `weights`, what these are multiplied by (`into`), the
        weighted `sum`, the `output` and its derivative (`local`).
        """
        own = statement.variable
        found: dict[str, Tree] = {
            "own": statement.tree,
            "self": Name(statement.name),
            "param": Name(own.parameter or statement.name),
            "digits": Number(float(self.digits)),
        }
        if statement.stable is not None:
            found["stable"] = statement.stable
        for other in self.found if own.block else ():
            variable = other.variable
            if variable.block != own.block:
                continue
            if variable.role is Role.WEIGHTED_SUM:
                found["sum"] = Name(other.name)
                match other.tree:
                    case Call("matmul", (weights, into)) | Call("add", (Call("matmul", (weights, into)), _)):
                        found |= {"weights": weights, "into": into}
            elif variable.role is Role.ACTIVATION:
                found["output"] = Name(other.name)
            elif variable.role is Role.LOCAL_DERIVATIVE:
                found["local"] = Name(other.name)
        return found

    def has(self, at: Where, find: str) -> bool:
        """Whether a pattern fits in a statement that writes one of the variables `at`."""
        return any(at(s.variable) and contains(s.tree, parse(find)) for s in self.found)


class Replace(msgspec.Struct, frozen=True):
    """In statements that write one of the variables `at`, `put` wherever `find` fits.

    `put` may also use `self` (the variable that is written), `param` (the parameter that it belongs to) and `digits`.
    With `whole`, the pattern has to fit the whole formula. `given` names other statements and a pattern that has to fit
    there too. With `stable`, the stable formula is searched if the pattern is not in the textbook one.
    """

    at: Where
    find: str
    put: str
    whole: bool = False
    given: tuple[Where, str] | None = None
    stable: bool = False

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The statement's formula with the mistake in it, None where there is nothing to change."""
        if not self.at(statement.variable):
            return None
        if self.given and not around.has(*self.given):
            return None
        more: dict[str, Tree] = {
            "self": Name(statement.name),
            "param": Name(statement.variable.parameter or statement.name),
            "digits": Number(float(around.digits)),
        }
        for tree in (statement.tree, statement.stable if self.stable else None):
            if tree is not None:
                found = rewrite(tree, parse(self.find), parse(self.put), more, around.local, whole=self.whole)
                if found != tree:
                    return found
        return None


class Derivative(msgspec.Struct, frozen=True):
    """Local derivatives taken at the activation's value where they need its argument, or the reverse."""

    at_output: bool

    def __call__(self, statement: Statement, around: Around) -> Tree | None:
        """The derivative at the wrong place; None if the statement is not the derivative of an activation."""
        own = statement.variable
        forward = around.tree(own.of) if own.role is Role.LOCAL_DERIVATIVE else None
        if forward is None:
            return None
        output, argument = Name(own.of), Name(own.by)
        if not self.at_output:
            return substitute(statement.tree, {output.name: argument})
        again = substitute(forward, {argument.name: output})
        return put_in(statement.tree, {argument.name: output, output.name: again})


class Swap(msgspec.Struct, frozen=True):
    """Two variables, each in the place of the other, in the statements that write the variables `at`."""

    one: str
    other: str
    at: Where

    def __call__(self, statement: Statement, _: Around) -> Tree | None:
        """The formula with the two swapped."""
        if not self.at(statement.variable):
            return None
        return substitute(statement.tree, {self.one: Name(self.other), self.other: Name(self.one)})


class Reading(msgspec.Struct, frozen=True):
    """Every read of a computed value, wrapped in `put`, a formula of `a` and `digits`."""

    put: str

    def __call__(self, statement: Statement, around: Around) -> Tree:
        """The formula with each such name wrapped."""
        digits = Number(float(around.digits))
        computed = {s.name for s in around.found}
        wrapped = {
            name: put_in(parse(self.put), {"a": Name(name), "digits": digits})
            for name in names(statement.tree)
            if name in computed
        }
        return substitute(statement.tree, wrapped)


class Way(NamedTuple):
    """Another way to make a mistake: what was done, what becomes of the formulas or of the start, and whether the
    backward half of a model is derived from them.
    """

    when: str
    replace: tuple[Change, ...] = ()
    derived: bool = False
    start: Start | None = None


class Mistake(msgspec.Struct, frozen=True):
    """A row. `when` finishes the sentence 'that is what you get when …' and may say {digits}, {weights} and
    {matrix};
    `where` says what it can be made in.

    `replace` changes formulas one by one; `reorder` moves statements; `persist` says which variables are added up from
    one iteration to the next; `dtype` is that of every number. `digits` are the numbers of decimals that it is tried
    with; the first is the default. `together` marks changes that make sense only all at once. `start` gives what of the
    start is changed. `ways` are others to make the same mistake, each like `replace` and with words of its own.

    With `derived`, the backward half of a model is that which follows from the changed lines, as a library derives it.
    """

    name: str
    when: str
    where: str
    replace: tuple[Change, ...] = ()
    reorder: Callable[[Sequence[Statement]], list[Statement]] | None = None
    persist: Where | None = None
    dtype: str = "float64"
    digits: tuple[int, ...] = (0,)
    together: bool = False
    start: Start | None = None
    ways: tuple["Way", ...] = ()
    derived: bool = False

    def starting(self, way: int) -> Start | None:
        """What one way to make it makes of the start."""
        return self.ways[way - 1].start if way else self.start

    @property
    def in_general(self) -> str:
        """`when`, of no program in particular."""
        return self.when.format(digits=self.digits[0], weights="the output weights", **IN_LAYERS)

    @property
    def is_local(self) -> bool:
        """Whether it only changes the formulas of operations, so that it can be made in one operation alone."""
        return self.keeps_order and not (self.together or self.start)

    @property
    def keeps_order(self) -> bool:
        """Whether it leaves the operations in their order and what they carry on as it is."""
        return not (self.reorder or self.persist or self.dtype != "float64")

    def has_sites(self, way: int) -> bool:
        """Whether somebody may have made it, in one of its ways, in one place and not everywhere."""
        return self.keeps_order and not (self.together or self.starting(way)) and self.digits == (0,)

    def persists(self, variable: Variable) -> bool:
        """Whether a variable is added up from one iteration to the next."""
        return self.persist is not None and self.persist(variable)

    def made(
        self,
        found: Sequence[Statement],
        shapes: Shapes,
        *,
        digits: int | None = None,
        at: Callable[[Statement], bool] = lambda _: True,
        way: int = 0,
        by_hand: bool = False,
    ) -> list[Statement] | None:
        """The statements with the mistake made wherever `at` allows it; None if nothing is changed.

        A change of the start alone leaves them as they are, and what a parameter changes by is changed as its update.
        With `by_hand`, what follows from the changed statements is not derived from them.
        """
        kept = self.digits[0] if digits is None else digits
        made = in_one_line(found, lambda whole: self._made(whole, Around(whole, shapes, kept), at, way))
        derived = self.ways[way - 1].derived if way else self.derived
        if made is None or by_hand or not derived or not is_model(found):
            return made
        return [
            new if new.tree != old.tree else old for new, old in zip(derived_again(made, shapes), found, strict=True)
        ]

    def _made(
        self, found: list[Statement], around: Around, at: Callable[[Statement], bool], way: int
    ) -> list[Statement] | None:
        changed = {}
        for statement in found:
            tree = self.tree(statement, around, way) if at(statement) else None
            if tree is not None:
                changed[statement.name] = tree
        result = [_changed(statement, changed) for statement in found]
        if self.reorder is not None:
            result = self.reorder(result)
        differs = changed or self.starting(way) is not None or [s.name for s in result] != [s.name for s in found]
        return result if differs else None

    def tree(self, statement: Statement, around: Around, way: int = 0) -> Tree | None:
        """A statement's formula with the mistake in it, by the first change that fits; None where nothing is changed.

        A change that would alter the shape is not made: NumPy would have raised an error.
        """
        for found in self._changed(statement, around, way):
            if found is not None and found != statement.tree and _fits(found, statement, around.shapes):
                return found
        return None

    def _changed(self, statement: Statement, around: Around, way: int) -> Iterator[Tree | None]:
        if self.persists(statement.variable):
            yield put_in(parse("self + a"), {"self": Name(statement.name), "a": statement.tree})
        changes = self.ways[way - 1].replace if way else self.replace
        yield from (change(statement, around) for change in changes)


def _fits(tree: Tree, statement: Statement, shapes: Shapes) -> bool:
    if not shapes.keys() >= set(names(tree)):  # it would read a variable that this program lacks
        return False
    try:
        return shape(tree, shapes) == shapes[statement.name]
    except ExpressionError:
        return False


def _changed(statement: Statement, changed: dict[str, Tree]) -> Statement:
    """A statement in a program where others changed too. The loss does not count as jumped over: nothing reads it."""
    if statement.name in changed:
        return msgspec.structs.replace(statement, tree=changed[statement.name], stable=None, jumps=())
    if statement.stable is not None and not changed.keys().isdisjoint({*statement.jumps} - {"L"}):
        return msgspec.structs.replace(statement, stable=None, jumps=())
    return statement


WEIGHTS, MOMENTUM = Where((Role.PARAMETER,), ("W",)), Where((Role.STEP,), ("m",))


def updated_first(found: Sequence[Statement]) -> list[Statement]:
    """Each weight's update moved to before the weight is read on the way back, unless it needs something later."""
    result = list(found)
    for update in found:
        if not WEIGHTS(update.variable):
            continue
        reader = next((place for place, s in enumerate(result) if _goes_back_through(update.name, s)), len(result))
        needed = _needed(update, result[reader:])
        if all(statement.stage == STAGE for statement in needed):
            result = [*result[:reader], *needed, *(s for s in result[reader:] if s not in needed)]
    return result


def before_their_momentum(found: Sequence[Statement]) -> list[Statement]:
    """Each parameter that a momentum buffer moves, updated before the buffer is."""
    result = list(found)
    for update in found:
        own = update.variable
        buffer = next((s for s in found if MOMENTUM(s.variable) and s.variable.parameter == own.parameter), None)
        if own.role is Role.PARAMETER and buffer is not None and buffer.name in names(update.tree):
            result.remove(update)
            result.insert(result.index(buffer), update)
    return result


def _goes_back_through(weight: str, statement: Statement) -> bool:
    """Whether a gradient is multiplied by the transpose of a weight."""
    is_backward = statement.variable.role is Role.GRADIENT
    return is_backward and weight in names(statement.tree) and contains(statement.tree, parse("a.T @ b"))


def _needed(last: Statement, among: Sequence[Statement]) -> list[Statement]:
    """A statement with those of some statements that it is computed from, in their order."""
    wanted = {last.name}
    found: list[Statement] = []
    for statement in reversed(among):
        if statement.name in wanted and (statement.name != last.name or statement == last):
            found.insert(0, statement)
            wanted |= {*names(statement.tree)} - {statement.name}
    return found
