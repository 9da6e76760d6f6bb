"""Quantities that have a name, a row each: what is summed over the layers that it concerns."""

from collections.abc import Callable, Iterator

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.activations import Activation, activation_of
from backprop_tui.formula.language.tree import ExpressionError

# name -> what a layer with output {h} adds, and which activations it concerns
QUANTITIES: dict[str, tuple[str, Callable[[Activation], bool]]] = {
    "dead units": ("sum(sum_samples({h}) == 0)", lambda row: row.off),
}


def activations(program: Program) -> Iterator[tuple[str, Activation]]:
    """What the activations of a program write, in order, each with the row of the function."""
    for operation in program.operations:
        row = activation_of(operation.tree) if operation.variable.role is Role.ACTIVATION else None
        if row is not None:
            yield operation.name, row


def outputs(program: Program, concerns: Callable[[Activation], bool]) -> list[str]:
    """What the activations write, in order, whose function is one that something concerns."""
    return [name for name, row in activations(program) if concerns(row)]


def named(text: str, program: Program) -> str | None:
    """The formula of a name; None for anything else. Raises ExpressionError where no layer has such a thing."""
    words = " ".join(text.split())
    if words not in QUANTITIES:
        return None
    each, concerns = QUANTITIES[words]
    terms = [each.format(h=name) for name in outputs(program, concerns)]
    if not terms:
        raise ExpressionError(f"'{words}' are counted in layers that can be off, and there are none here")
    return " + ".join(terms)
