"""What inputs and outputs are called: the names that a scenario gives, and the numbers of a run that they belong to."""

from backprop_tui.debugger.basics.address import Address
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import UNKNOWN, Role
from backprop_tui.scenario import Scenario


def output_names(scenario: Scenario) -> tuple[str, ...]:
    """A name for each output, if there are any; one that tells two classes apart is called by the second."""
    if not isinstance(scenario.network, Network):
        return ()
    units = scenario.network.layers[-1].units
    found = scenario.classes[-1:] if units == 1 else scenario.classes
    return found if len(found) == units else ()


def names_at(scenario: Scenario, address: Address, program: Program) -> tuple[str, ...]:
    """The names that concern a number: an input's, an output's, those of a weight's two ends."""
    if not isinstance(scenario.network, Network):
        return ()
    features, classes, layers = scenario.features, output_names(scenario), scenario.network.layers
    variables, shape = program.variables, program.shapes.get(address.name, ())
    own = variables.get(address.name, UNKNOWN)
    subject = variables.get(own.parameter or own.wrt, own)  # a gradient or a step has the labels of its variable
    *_, row, column = (0, 0, *address.at)
    if subject.role is Role.INPUT:
        return features[row : row + 1]
    is_last = subject.block == len(layers) or subject.role is Role.TARGET
    if subject.role is Role.PARAMETER and subject.kind == "W":
        source = features[column : column + 1] if subject.block == 1 else ()
        return (*source, *(classes[row : row + 1] if is_last else ()))
    if not is_last or shape[-2:-1] != (layers[-1].units,):  # a single number for all outputs belongs to none of them
        return ()
    by = classes[column : column + 1] if len(shape) == 3 else ()
    return (*classes[row : row + 1], *by)
