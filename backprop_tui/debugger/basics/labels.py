"""What inputs, outputs and axes are called: the names that a scenario gives, and the numbers that they belong to.

Samples and the matrices of a stack are counted from 1, as "sample 2 of 4" says; rows and columns from 0, as in an
address.
"""

from collections.abc import Iterator

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.focus import MATRIX
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.axis_labels import SAMPLE
from backprop_tui.engine.statements.variable import UNKNOWN, Role
from backprop_tui.formula.language.tree import Call, Name, walk
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Scenario

LOOKUPS = {"lookup": -1, "lookup_rows": -2, "lookup_each": -2}  # the axis of a table that numbers of classes look up in


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


def matrix_shown(moment: Moment, name: str, own: Shape, *, short: bool = False) -> str:
    """Which matrix of a stack is shown: `sample 2 of 4, head 1 of 2`; `short`, without how many there are."""
    return ", ".join(_front(moment, name, moment.matrix_of(name, own), own, short=short))


def _front(moment: Moment, name: str, at: Shape, own: Shape, *, short: bool) -> Iterator[str]:
    program = moment.program
    labels = program.labels.get(name, ("",) * len(own))
    for axis, (place, extent) in enumerate(zip(at, own[:-MATRIX], strict=False)):
        if extent > 1:
            label = SAMPLE if axis == program.sample_axes.get(name) else labels[axis] or "matrix"
            yield f"{label} {place + 1}" if short else f"{label} {place + 1} of {extent:,}"


def place_names(moment: Moment, address: Address) -> tuple[str, ...]:
    """What concerns a number, to be joined by arrows: names as `names_at` has them, or its place along named axes."""
    program, network = moment.program, moment.scenario.network
    if isinstance(network, Network):
        return names_at(moment.scenario, address, program)
    own = moment.shapes.get(address.name, ())
    labels = program.labels.get(address.name, ())
    if len(address.at) < MATRIX or len(labels) != len(address.at) or not any(labels):
        return ()
    front = list(_front(moment, address.name, address.at, own, short=True))
    of_sample, found = program.sample_axes.get(address.name), []
    for axis in range(len(own) - MATRIX, len(own)):
        place = address.at[axis]
        if axis == of_sample:
            front += [f"{SAMPLE} {place + 1}"] if own[axis] > 1 else []
        elif labels[axis] and own[axis] > 1:
            found.append((labels[axis], named_place(moment, labels[axis], place)))
    texts = [text for _, text in found]
    if len(found) == MATRIX and found[0][0] == found[1][0]:
        return ", ".join([*front, texts[0]]), texts[1]
    return (", ".join([*front, *texts]),) if front or texts else ()


def named_place(moment: Moment, label: str, place: int) -> str:
    """`token 2`, or `token "sat"` where the classes of an input have names."""
    program, classes = moment.program, getattr(moment.scenario.network, "classes", {})
    for name, names in classes.items():
        labels, value = program.labels.get(name, ()), moment.shown(name)
        if value is None:
            continue
        if label in labels and label != SAMPLE:
            at = [moment.sample if axis == program.sample_axes.get(name) else 0 for axis in range(len(labels))]
            at[labels.index(label)] = place
            if all(index < extent for index, extent in zip(at, np.shape(value), strict=True)):
                return f'{label} "{names[int(value[tuple(at)])]}"'
        if label in _looked_up(program, name) and place < len(names):
            return f'{label} "{names[place]}"'
    return f"{label} {place}"


def _looked_up(program: Program, name: str) -> set[str]:
    """What the axes are called along which the classes of an input are looked up in tables."""
    calls = (node for o in program.operations for node in walk(o.tree) if isinstance(node, Call))
    tables = [call for call in calls if call.function in LOOKUPS and call.operands[1] == Name(name)]
    return {
        program.labels[call.operands[0].name][LOOKUPS[call.function]]
        for call in tables
        if isinstance(call.operands[0], Name) and call.operands[0].name in program.labels
    }
