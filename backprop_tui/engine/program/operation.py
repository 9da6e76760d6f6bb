"""An operation: a statement made ready to run, with the keys of a frame that it reads and writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import UNKNOWN, Role, Variable
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.definitions import identifier
from backprop_tui.formula.writing.printer import numpy_source
from backprop_tui.formula.writing.symbols import Symbols

AFTER = "′"
QUIET = np.errstate(all="ignore")  # used as a decorator, which costs half of what a `with` does


class Operation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One line of a program: it reads some variables and writes one.

    `keys` maps each variable that either formula reads to its key in a frame. `index` counts from 0. `lazy` marks an
    operation that stable formulas jump over and that nothing else reads: it is computed only when it is looked at.
    `variable` is the record of what it writes. `is_stacked` says that a variable in it has more than two axes, apart
    from a matrix for each sample. `gains` says what the stable formula is for.
    """

    index: int
    name: str
    symbol: str
    stage: str
    tree: Tree
    stable: Tree | None
    jumps: tuple[str, ...]
    key: str
    keys: Mapping[str, str]
    shape: Shape
    symbols: Symbols
    lazy: bool = False
    variable: Variable = UNKNOWN
    is_stacked: bool = False
    gains: str = ""

    @cached_property
    def run(self) -> Callable[[Mapping[str, Any]], Any]:
        """The operation alone, as a function of a frame; compiled when it is first needed."""
        return QUIET(compiled(self.stable or self.tree, self.keys, stacked=self.is_stacked))

    def compute(self, frame: dict[str, Any]) -> Any:
        """Run, store the result in a frame, read-only, and return it."""
        value = self.run(frame)
        value.setflags(False)
        frame[self.key] = value
        return value

    @cached_property
    def formula(self) -> str:
        """The textbook formula in symbols."""
        return self.symbols.text(self.tree)

    @cached_property
    def computed_as(self) -> str | None:
        """The stable formula in symbols, where one is run."""
        return None if self.stable is None else self.symbols.text(self.stable)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The variables of the textbook formula in order of first appearance."""
        return names(self.tree)

    @cached_property
    def code(self) -> str:
        """The line of NumPy that is run."""
        line = numpy_source(self.stable or self.tree, identifier, stacked=self.is_stacked)
        return f"{identifier(self.name)} = {line}"


def operations(
    found: Sequence[Statement], start: Mapping[str, Any], shapes: Mapping[str, Shape], symbols: Symbols
) -> Iterable[Operation]:
    """Statements as operations; a variable that is written and also in `start` has a value before and one after."""
    lazy = _unread(found)
    matrices = {s.name for s in found if s.variable.role is Role.LOCAL_DERIVATIVE}
    written: set[str] = set()
    for index, statement in enumerate(found):
        read = (*names(statement.tree), *names(statement.stable or statement.tree))
        keys = {name: name + AFTER if name in written and name in start else name for name in read}
        yield Operation(
            index=index,
            name=statement.name,
            symbol=symbols.symbol(statement.name),
            stage=statement.stage,
            tree=statement.tree,
            stable=statement.stable,
            jumps=statement.jumps,
            key=statement.name + AFTER if statement.name in start else statement.name,
            keys=keys,
            shape=shapes[statement.name],
            symbols=symbols,
            lazy=statement.name in lazy,
            variable=statement.variable,
            is_stacked=any(len(shapes[name]) > 2 and name not in matrices for name in (statement.name, *read)),
            gains=statement.gains,
        )
        written.add(statement.name)


def _unread(found: Sequence[Statement]) -> set[str]:
    """What stable formulas jump over and nothing that is run reads, whether directly or through others of them."""
    jumped = {name for statement in found for name in statement.jumps} - {"L"}
    if not jumped:
        return jumped
    unread: set[str] = set()
    while True:
        read = {n for s in found if s.name not in unread for n in names(s.stable or s.tree)}
        more = {name for name in jumped if name not in read}
        if more == unread:
            return unread
        unread = more
