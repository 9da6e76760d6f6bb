"""Where a mistake may have been made, if not everywhere: in one operation, or in several that belong together."""

from collections.abc import Mapping
from typing import NamedTuple

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.engine.training.written_steps import is_change
from backprop_tui.formula.language.tree import Call

# places that are more than one operation
PLACES = {
    "W": "the weights",
    "b": "the biases",
    "weights": "the weights",
    "bias": "the biases",
    "kernel": "the kernels",
    "table": "the tables",
    "stretch": "the stretches of the norms",
    "shift": "the shifts of the norms",
    "gradients": "the gradients",
    "m_hat": "the first moment",
    "v_hat": "the second moment",
    "forward": "the forward half",
    "backward": "the way back",
    "update": "the update",
    "hidden-layers": "the hidden layers",
}
HIDDEN, OF_FUNCTION = "hidden-layers", "-layers"


class Layers(NamedTuple):
    """The layers of a program: the number of the output's, 0 if there are none, and each one's activation by number."""

    last: int
    functions: Mapping[int, str]

    @classmethod
    def of(cls, program: Program) -> "Layers":
        """Those of a program."""
        functions = {
            statement.variable.block: statement.tree.function.replace("_", "-")
            for statement in program.statements
            if statement.variable.role is Role.ACTIVATION and isinstance(statement.tree, Call)
        }
        return cls(max((variable.block for variable in program.variables.values()), default=0), functions)


def sites(statement: Statement, layers: Layers) -> list[str]:
    """The places that a statement belongs to, of a mistake made in it: itself, its kind, half, and layer or block, the
    hidden layers together, and the layers with its activation.
    """
    own = statement.variable
    kind = "gradients" if own.role is Role.GRADIENT else own.kind
    found = [statement.name] if own.role not in (Role.STEP, Role.CLIPPING) else []
    if own.parameter and not is_change(statement):
        found += filter(None, dict.fromkeys([kind, own.kind]))
    half = ["forward", "backward"][own.phase] if own.phase < Phase.UPDATE else "update"
    return [*found, half, *_layers(statement, layers), *filter(None, [own.section])]


def sites_of_parts(statement: Statement, layers: Layers) -> list[str]:
    """The same of another way to make a mistake, whose parts go together: its layers, and of a gradient itself and its
    kind.
    """
    own = statement.variable
    alone = [statement.name, *([own.kind] if own.parameter else [])] if own.role is Role.GRADIENT else []
    return [*alone, *_layers(statement, layers)]


def _layers(statement: Statement, layers: Layers) -> list[str]:
    block = statement.variable.block
    hidden = [HIDDEN] if 0 < block < layers.last else []
    function = [layers.functions[block] + OF_FUNCTION] if block in layers.functions else []
    return [*hidden, *([f"layer{block}"] if block else []), *function]


def in_words(site: str, program: Program) -> str:
    """A place as sentences have it."""
    return PLACES.get(site) or _layer(site) or _function(site) or _block(site, program) or program.symbols.symbol(site)


def _layer(site: str) -> str:
    """A layer in words; empty if a site is none."""
    return f"layer {site[len('layer') :]}" if site.startswith("layer") else ""


def _function(site: str) -> str:
    """The layers with an activation in words; empty if a site is none."""
    return f"the layers with {site.removesuffix(OF_FUNCTION)}" if site.endswith(OF_FUNCTION) else ""


def _block(site: str, program: Program) -> str:
    """A block or a step of a model in words; empty if a site is none."""
    if site in program.by_name or site not in program.sections:
        return ""
    return f"the step {site}" if "=" in site.rpartition(" ")[2] else f"the block {site}"
