"""The chain rule of a program: the way from the input to L, and the product that a gradient of a parameter is.

Both are read off the operations. A gradient's formula reads the gradient behind it, whose formula reads the one behind
that: put into each other, they are the product that is computed, its factors in their order, transposed where they are.
Where a formula reads two gradients, as a norm's does, the product begins with what that formula gives.
"""

from functools import cached_property, lru_cache

import msgspec

from backprop_tui.engine.program.chain import chain_of
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import UNKNOWN, Phase, Role
from backprop_tui.formula.language.tree import Name, names, walk


class Link(msgspec.Struct, frozen=True):
    """A variable on the way from the input to L, and what leads to it: weights, or an operation of a kind."""

    name: str
    weights: str = ""
    kind: Role = Role.VALUE
    layer: int = 0


class Product(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The gradient `of` a leaf as a product: operations from the first factor, a gradient that reads no other, to the
    one that gives the gradient itself.
    """

    of: str
    operations: tuple[Operation, ...]

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """All that its operations give or read."""
        given = (operation.name for operation in self.operations)
        return tuple(
            dict.fromkeys([*given, *(name for operation in self.operations for name in names(operation.tree))])
        )

    def enters(self, name: str) -> Operation:
        """The operation that multiplies with a factor; for the first factor, the one that computes it."""
        if name == self.operations[0].name:
            return self.operations[0]
        return next((o for o in self.operations[1:] if name in o.reads), self.operations[-1])


@lru_cache(maxsize=8)
def links(program: Program) -> tuple[Link, ...]:
    """The way from the input to L; empty where the program is not a chain."""
    chain = chain_of(program)
    if chain is None:
        return ()
    found = [Link(chain.input)]
    for layer, block in enumerate(chain.blocks, 1):
        found.append(Link(block.weighted_sum, block.weights, Role.WEIGHTED_SUM, layer))
        if block.argument != block.weighted_sum:
            found.append(Link(block.argument, kind=Role.NORMALISATION, layer=layer))
        found.append(Link(block.activation, kind=Role.ACTIVATION, layer=layer))
        if block.dropped and layer < len(chain.blocks):
            found.append(Link(block.dropped, kind=Role.DROPOUT, layer=layer))
    return (*found, Link(chain.loss, kind=Role.LOSS))


@lru_cache(maxsize=8)
def products(program: Program) -> tuple[Product, ...]:
    """All that a program builds; none where it is not a chain."""
    return tuple(_product(program, leaf) for leaf in _leaves(program)) if chain_of(program) is not None else ()


@lru_cache(maxsize=64)
def product(program: Program, index: int) -> Product | None:
    """The product that the operation at an index (-1: before the first) has a part in; None where there is none.

    On the way back it is the next gradient of a leaf that comes from the operation, in an update that of the parameter
    which is updated. Before that it is the longest, which is the last.
    """
    leaves = _leaves(program)
    chain = chain_of(program)
    if chain is None or not leaves:
        return None
    operation = program.operations[index] if index >= 0 else None
    if operation is None or operation.variable.phase is Phase.FORWARD:
        weights = {block.weights for block in chain.blocks}
        return _product(program, ([leaf for leaf in leaves if leaf.variable.of in weights] or leaves)[-1])
    if operation.variable.phase is Phase.UPDATE:
        own = [leaf for leaf in leaves if leaf.variable.parameter == operation.variable.parameter]
        return _product(program, (own or leaves)[-1])
    for leaf in leaves:
        if leaf.index >= index and operation.name in program.above([leaf.name], carried=False):
            found = _product(program, leaf)
            if operation in found.operations or any(operation.name in o.reads for o in found.operations):
                return found
    return None


def _leaves(program: Program) -> list[Operation]:
    return [operation for operation in program.operations if _is_of_leaf(operation, program)]


def _is_of_leaf(operation: Operation, program: Program) -> bool:
    own = operation.variable
    of = program.variables.get(own.of, UNKNOWN).role
    return own.role is Role.GRADIENT and of in (Role.PARAMETER, Role.INPUT)


def _product(program: Program, leaf: Operation) -> Product:
    operations = [leaf]
    while (before := _gradient_in(program, operations[-1])) is not None:
        operations.append(before)
    return Product(leaf.name, tuple(reversed(operations)))


def _gradient_in(program: Program, operation: Operation) -> Operation | None:
    """The only gradient that an operation's formula reads, in one place; None if it reads none, or several."""
    read = [n for n in names(operation.tree) if program.variables.get(n, UNKNOWN).role is Role.GRADIENT]
    if len(read) != 1 or sum(isinstance(node, Name) and node.name == read[0] for node in walk(operation.tree)) != 1:
        return None
    return program.by_name.get(read[0])
