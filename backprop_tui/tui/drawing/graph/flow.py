"""The nodes of a graph: what an iteration starts from and what it computes, and what each is computed from."""

from collections.abc import Container, Iterable, Sequence
from enum import IntEnum

from msgspec import Struct

from backprop_tui.engine.network.update import STAGE
from backprop_tui.engine.program.program import AFTER, Operation, Program

OUTPUT = "L"


class Lane(IntEnum):
    """The part of an iteration that a node belongs to."""

    FORWARD = 0
    BACKWARD = 1
    UPDATE = 2


class Node(Struct, frozen=True):
    """A value of an iteration, under its key in a frame.

    `index` is that of the operation that computes it, −1 where the iteration starts from it. `reads` are the keys of
    other nodes, `settings` the names of plain numbers. A gradient is `of` a node; it is a sum where more than one
    operation reads that.
    """

    key: str
    lane: Lane
    index: int = -1
    reads: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    of: str = ""
    is_sum: bool = False

    @property
    def name(self) -> str:
        """The variable."""
        return self.key.removesuffix(AFTER)


class Flow(Struct, frozen=True, eq=False):
    """All nodes, each after what it reads; and by key who reads it."""

    nodes: dict[str, Node]
    readers: dict[str, tuple[Node, ...]]

    @classmethod
    def of(cls, program: Program) -> "Flow":
        """The graph of a program; settings and counters are no nodes, because nearly everything reads them."""
        numbers = {name for name, value in program.constants.items() if value.shape == ()}
        return flow(program.operations, {*numbers, *program.counters})


def flow(operations: Sequence[Operation], settings: Container[str]) -> Flow:
    """The graph of operations; the ones up to L are the forward half, those of the stage `update` come last."""
    output = next(operation.index for operation in operations if operation.name == OUTPUT)
    nodes: dict[str, Node] = {}
    readers: dict[str, list[Node]] = {}
    for operation in operations:
        lane = Lane.FORWARD if operation.index <= output else Lane.UPDATE if operation.stage == STAGE else Lane.BACKWARD
        keys = [
            operation.keys[name] for name in operation.reads if name not in settings or operation.keys[name] in nodes
        ]
        nodes |= {key: Node(key, Lane.FORWARD) for key in keys if key not in nodes}
        node = Node(
            key=operation.key,
            lane=lane,
            index=operation.index,
            reads=tuple(keys),
            settings=tuple(name for name in operation.reads if operation.keys[name] not in keys),
            of=operation.variable.wrt,
            is_sum=len(_forward(readers.get(operation.variable.wrt, ()))) > 1,
        )
        nodes[node.key] = node
        for key in dict.fromkeys(keys):
            readers.setdefault(key, []).append(node)
    return Flow(nodes, {key: tuple(found) for key, found in readers.items()})


def _forward(nodes: Iterable[Node]) -> list[Node]:
    return [node for node in nodes if node.lane is Lane.FORWARD]
