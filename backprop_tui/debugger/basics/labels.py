"""What inputs and outputs are called: the names that a scenario gives, and the numbers of a run that they belong to."""

import re

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import Scenario

OF_INPUTS = ("x", "dL_dx")
OF_OUTPUTS = ("y", "y_hat", "dL_dy_hat")
# what has a row for each unit of a layer, and of weights a column for each of its inputs
OF_LAYER = re.compile(r"(?:\w+_d?)?(W|b|z|delta|scaled|scale|shift|z_hat|centered)(\d+)")


def output_names(scenario: Scenario) -> tuple[str, ...]:
    """A name for each output, if there are any; one that tells two classes apart is called by the second."""
    units = scenario.network.layers[-1].units
    found = scenario.classes[-1:] if units == 1 else scenario.classes
    return found if len(found) == units else ()


def names_at(scenario: Scenario, address: Address) -> tuple[str, ...]:
    """The names that a number has to do with: of an input, of an output, of where a weight comes from and leads to."""
    features, classes, layers = scenario.features, output_names(scenario), len(scenario.network.layers)
    found = OF_LAYER.fullmatch(address.name)
    kind, layer = (found[1], int(found[2])) if found else ("", 0)
    *_, row, column = (0, 0, *address.at)
    if kind == "W":
        source = features[column : column + 1] if layer == 1 else ()
        return (*source, *(classes[row : row + 1] if layer == layers else ()))
    if address.name in OF_INPUTS:
        return features[row : row + 1]
    if address.name in OF_OUTPUTS or layer == layers:
        by = classes[column : column + 1] if len(address.at) == 3 else ()
        return (*classes[row : row + 1], *by)
    return ()
