"""The nodes of a graph: what an iteration starts from and what it computes, and what each is computed from."""

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec import Struct

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase


class Node(Struct, frozen=True):
    """A value of an iteration, under its key in a frame, and the name of the variable that has it.

    `index` is that of the operation that computes it, −1 where the iteration starts from it. `reads` are the keys of
    other nodes, `settings` the names of plain numbers. A gradient is `of` a node; it is a sum where more than one
    operation reads that.

    A folded `block` is one node of several operations, its `members`, from the one at `first` to the one at `index`;
    others read those that are `leaving`.
    """

    key: str
    name: str
    phase: Phase
    index: int = -1
    reads: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    of: str = ""
    is_sum: bool = False
    block: str = ""
    members: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    first: int = -1

    @property
    def is_carried(self) -> bool:
        """Whether it is the next value of a variable that has one before."""
        return not self.block and self.key != self.name

    def is_of(self, index: int) -> bool:
        """Whether the operation at an index computes it, or is one of those that do."""
        return index >= 0 and (self.first <= index <= self.index if self.block else index == self.index)


class Flow(Struct, frozen=True, eq=False):
    """All nodes, each after what it reads; and by key who reads it. `home` has the nodes of folded blocks, by the keys
    of what they stand for.
    """

    nodes: dict[str, Node]
    readers: dict[str, tuple[Node, ...]]
    home: Mapping[str, str] = {}

    @classmethod
    def of(cls, program: Program) -> "Flow":
        """The graph of a program; settings and counters are not nodes, because nearly everything reads them."""
        numbers = {name for name, value in program.constants.items() if value.shape == ()}
        return flow(program.operations, {*numbers, *program.counters})


def flow(operations: Sequence[Operation], settings: Container[str]) -> Flow:
    """The graph of operations; `settings` are not among its nodes."""
    nodes: dict[str, Node] = {}
    readers: dict[str, list[Node]] = {}
    for operation in operations:
        read = {name: operation.keys[name] for name in operation.reads}
        read = {name: key for name, key in read.items() if name not in settings or key in nodes}
        nodes |= {key: Node(key, name, Phase.FORWARD) for name, key in read.items() if key not in nodes}
        node = Node(
            key=operation.key,
            name=operation.name,
            phase=operation.variable.phase,
            index=operation.index,
            reads=tuple(read.values()),
            settings=tuple(name for name in operation.reads if name not in read),
            of=operation.variable.wrt,
            is_sum=len(_forward(readers.get(operation.variable.wrt, ()))) > 1,
        )
        nodes[node.key] = node
        for key in dict.fromkeys(read.values()):
            readers.setdefault(key, []).append(node)
    return Flow(nodes, {key: tuple(found) for key, found in readers.items()})


def _forward(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.phase is Phase.FORWARD]
