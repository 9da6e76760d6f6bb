"""Quantities that have a name, a row each: what is summed over the layers that it concerns."""

from collections.abc import Callable

from backprop_tui.engine.network.network import Layer
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.language.errors import ExpressionError

# name -> what a layer with output {h} adds, and which layers have it
QUANTITIES: dict[str, tuple[str, Callable[[Layer], bool]]] = {
    "dead units": ("sum(sum_samples({h}) == 0)", lambda layer: layer.activation == "relu"),
}


def outputs(program: Program, concerns: Callable[[Layer], bool]) -> list[str]:
    """The outputs, in order, of the layers that something concerns."""
    network = program.network
    names = [network.output_name(k) for k, layer in enumerate(network.layers, 1) if concerns(layer)]
    return [name for name in names if name in program.by_name]


def named(text: str, program: Program) -> str | None:
    """The formula of a name; None for what is no name. Raises ExpressionError where no layer has such a thing."""
    words = " ".join(text.split())
    if words not in QUANTITIES:
        return None
    each, concerns = QUANTITIES[words]
    terms = [each.format(h=name) for name in outputs(program, concerns)]
    if not terms:
        raise ExpressionError(f"no layer of this network has {words}")
    return " + ".join(terms)
