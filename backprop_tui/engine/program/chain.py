"""What a program's records and formulas say about it as a whole: the variable of a role, and the chain of its layers.

In a chain, every layer is a sum weighted by a parameter of its own and then an activation, and reads only what the
layer before it ends with; a norm may stand between the two, and dropout behind them. The diagram of units and weights
is true only for a chain: where two paths meet, or weights are used twice, it would leave out something that is read.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache

import msgspec

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import UNKNOWN, Phase, Role
from backprop_tui.formula.language.tree import Call, Tree, names, walk

LAYERED = {Role.WEIGHTED_SUM, Role.NORMALISATION, Role.ACTIVATION, Role.DROPOUT}


class Block(msgspec.Struct, frozen=True):
    """One layer of a chain, by the names of its variables; a name is empty where the layer lacks that variable.

    `reads` is what the weights are multiplied by, `argument` what the activation is computed from: the weighted sum, or
    what a norm makes of it. `function` is the primitive of the activation, where that is a single primitive.
    """

    reads: str
    weights: str
    weighted_sum: str
    argument: str = ""
    activation: str = ""
    function: str = ""
    dropped: str = ""
    mask: str = ""
    bias: str = ""

    @property
    def end(self) -> str:
        """What the next layer reads."""
        return self.dropped or self.activation

    @property
    def values(self) -> tuple[str, ...]:
        """The forward variables that have a number for each unit of the layer, in the order of computation."""
        found = (self.weighted_sum, self.argument, self.activation, self.dropped)
        return tuple(dict.fromkeys(name for name in found if name))


class Chain(msgspec.Struct, frozen=True, dict=True):
    """The layers of a program, from its input to its output, and the loss that reads it; `target` is what the output is
    compared with, empty where it is compared with nothing.
    """

    input: str
    blocks: tuple[Block, ...]
    loss: str = ""
    target: str = ""

    @cached_property
    def output(self) -> str:
        """The prediction, which the loss reads."""
        return self.blocks[-1].activation


@lru_cache(maxsize=8)  # programs; an edit makes a new one
def chain_of(program: Program) -> Chain | None:
    """The chain that a program forms; None if it does not form one."""
    links = _Links(program)
    forward = [operation for operation in program.operations if operation.variable.phase is Phase.FORWARD]
    return links.chain if all(map(links.takes, forward)) else None


def name_of(program: Program, role: Role, kind: str = "") -> str:
    """The first variable of a role, or of a kind within that role; empty if there is none."""
    return _first(program).get((role, kind), "")


@lru_cache(maxsize=8)
def _first(program: Program) -> dict[tuple[Role, str], str]:
    """The first variable of every role, and of every kind."""
    found: dict[tuple[Role, str], str] = {}
    for name, own in program.variables.items():
        for kind in ("", own.kind):
            found.setdefault((own.role, kind), name)
    return found


class _Links:
    """Finds the layers of a program by going through its operations in order."""

    def __init__(self, program: Program) -> None:
        self.variables = program.variables
        self.input = ""
        self.blocks: list[Block] = []
        self.number = 0  # of the current layer, in the records
        self.inside: set[str] = set()  # what the current layer has computed
        self.penalties: set[str] = set()
        self.loss = self.target = ""
        self.ended = False

    @property
    def chain(self) -> Chain | None:
        """What was found, once the loss has read it."""
        return Chain(self.input, tuple(self.blocks), self.loss, self.target) if self.ended else None

    def takes(self, operation: Operation) -> bool:
        """Add an operation; return whether what there is so far is a chain."""
        role, reads = operation.variable.role, set(self._computed(operation))
        if role is Role.PENALTY:
            self.penalties.add(operation.name)
            return not reads
        if role is Role.LOSS:
            self.ended = bool(self.blocks) and reads - self.penalties == {self.blocks[-1].activation}
            self.loss, self.target = operation.name, self._of_role(operation, Role.TARGET)
            return self.ended
        if self.ended or role not in LAYERED:
            return False
        if role is Role.WEIGHTED_SUM:
            return self._opens(operation, reads)
        if not self.blocks or operation.variable.block != self.number or not reads or not reads <= self.inside:
            return False
        self.inside.add(operation.name)
        return self._extends(operation, reads)

    def _computed(self, operation: Operation) -> Iterator[str]:
        """What an operation reads apart from parameters, settings, masks and targets."""
        given = (Role.PARAMETER, Role.SETTING, Role.COUNTER, Role.MASK, Role.TARGET)
        return (name for name in operation.reads if self._role(name) not in given)

    def _role(self, name: str) -> Role:
        return self.variables.get(name, UNKNOWN).role

    def _of_role(self, operation: Operation, role: Role) -> str:
        """The first variable of a role that an operation reads; empty if it reads none."""
        return next((name for name in operation.reads if self._role(name) is role), "")

    def _opens(self, operation: Operation, reads: set[str]) -> bool:
        """Begin a layer with its weighted sum."""
        weights, before = product(operation.tree)
        weights = [name for name in weights if self._role(name) is Role.PARAMETER]
        if not self.blocks:
            is_next = len(before) == 1 and self._role(before[0]) is Role.INPUT
        else:
            last = self.blocks[-1]
            is_next = bool(last.activation) and before == [last.end]
        used = {block.weights for block in self.blocks}
        if not is_next or len(weights) != 1 or weights[0] in used or reads != {*before}:
            return False
        self.input = self.input or before[0]
        self.number, self.inside = operation.variable.block, {operation.name}
        added = [n for n in operation.reads if self._role(n) is Role.PARAMETER and n != weights[0]]
        self.blocks.append(Block(before[0], weights[0], operation.name, bias=added[0] if len(added) == 1 else ""))
        return True

    def _extends(self, operation: Operation, reads: set[str]) -> bool:
        """Add what follows in a layer to it."""
        block, changes = self.blocks[-1], dict[str, str]()
        match operation.variable.role:
            case Role.ACTIVATION:
                if block.activation or len(reads) != 1:
                    return False
                function = operation.tree.function if isinstance(operation.tree, Call) else ""
                changes = {"argument": reads.pop(), "activation": operation.name, "function": function}
            case Role.DROPOUT:
                if block.dropped or reads != {block.activation}:
                    return False
                changes = {"dropped": operation.name, "mask": self._of_role(operation, Role.MASK)}
            case Role.NORMALISATION if block.activation:
                return False
        self.blocks[-1] = msgspec.structs.replace(block, **changes)
        return True


def product(tree: Tree) -> tuple[list[str], list[str]]:
    """The variables on either side of the only matrix product in a formula; empty unless there is exactly one."""
    found = [node for node in walk(tree) if isinstance(node, Call) and node.function == "matmul"]
    if len(found) != 1:
        return [], []
    left, right = found[0].operands
    return [*names(left)], [*names(right)]
