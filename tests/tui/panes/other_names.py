"""Programs whose variables and stages are called otherwise: every letter is the next one of the alphabet.

What a pane shows of such a program is what it shows of the usual one, with the other names; whatever reads a name to
learn what it is gives itself away.
"""

import re
from collections.abc import Iterable, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Any, TypeVar

from msgspec.structs import replace

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Variable
from backprop_tui.engine.training.training import Statements
from backprop_tui.formula.language.tree import Name, substitute
from backprop_tui.scenario import Scenario

T = TypeVar("T")
NEXT = str.maketrans(
    ascii_lowercase + ascii_uppercase,
    ascii_lowercase[1:] + ascii_lowercase[0] + ascii_uppercase[1:] + ascii_uppercase[0],
)
KEPT = {"", "x", "L", "t", "epoch"}  # what a run itself asks for by name


def other(name: str) -> str:
    """What a variable is called instead."""
    return name if name in KEPT else name.translate(NEXT)


def keyed(values: Mapping[str, T]) -> dict[str, T]:
    """Values under the other names."""
    return {other(name): value for name, value in values.items()}


class Renamed(Network, frozen=True, eq=False):
    """A network whose variables have the other names."""

    def parameters(self) -> dict[str, Any]:
        return keyed(super().parameters())

    def masks(self, iteration: int, samples: int) -> dict[str, Any]:
        return keyed(super().masks(iteration, samples))

    def constants(self) -> dict[str, Any]:
        return keyed(self.usual.constants())

    def statements(self) -> Statements:
        return renamed_statements(self)

    @property
    def usual(self) -> Network:
        """The same network under the usual names."""
        return Network(**{name: getattr(self, name) for name in Network.__struct_fields__})


def renamed_statements(network: Renamed) -> Statements:
    """The statements of a network under the other names."""
    found, shapes, variables, slots = network.usual.statements()
    names: dict[str, Any] = {name: Name(other(name)) for name in shapes}

    def statement(usual: Statement) -> Statement:
        return Statement(
            other(usual.name),
            substitute(usual.tree, names),
            usual.stage.translate(NEXT),
            None if usual.stable is None else substitute(usual.stable, names),
            tuple(map(other, usual.jumps)),
            record(usual.variable),
            re.sub(r"{(\w+)}", lambda found: f"{{{other(found[1])}}}", usual.gains),
        )

    def record(usual: Variable) -> Variable:
        return replace(usual, parameter=other(usual.parameter), of=other(usual.of), by=other(usual.by))

    records = keyed({name: record(own) for name, own in variables.items()})
    return Statements([*map(statement, found)], keyed(shapes), records, keyed(slots))


def renamed(scenario: Scenario) -> Scenario:
    """The scenario with a network whose variables have the other names."""
    network = Renamed(**{name: getattr(scenario.network, name) for name in Network.__struct_fields__})
    return replace(scenario, network=network, notes=(), published=())


def in_other_names(text: str, names: Iterable[str]) -> str:
    """A text with the other names in place of these."""
    known = {name: name.translate(NEXT) for name in names if name not in KEPT}
    return re.sub(r"\w+", lambda word: known.get(word[0], word[0]), text)
