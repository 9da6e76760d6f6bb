"""The end of an iteration: schedule, clipping, and the optimizer's equations for every trained parameter."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.optimizers import OPTIMIZERS, Equation, Setting
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Name, Tree, names

STAGE = "update"
# name -> the learning rate of an iteration from that of the scenario, `eta0`
SCHEDULES = {
    "step": "eta0 * gamma ** floor((t - 1) / step_size)",
    "exponential": "eta0 * gamma ** (t - 1)",
    "cosine": "eta0 * (1 + cos(3.141592653589793 * (t - 1) / t_max)) / 2",
    "warmup": "eta0 * min(1, t / steps)",
}
LEFT_OUT = {"step": {"gamma": 0.1}}  # what PyTorch takes for a setting that is not given


def settings_of(schedule: str) -> list[str]:
    """The settings that a schedule wants, in the order of its formula."""
    return [name for name in names(parse(SCHEDULES[schedule])) if name not in ("eta0", "t")]


def schedule_defaults(schedule: str) -> dict[str, float]:
    """The settings that a schedule may be given without, PyTorch's."""
    return LEFT_OUT.get(schedule, {})


def updates(
    optimizer: str, settings: dict[str, Setting], parameters: Mapping[str, Variable], gradients: dict[str, str]
) -> list[Statement]:
    """The equations for parameters in order, which come with their records; `gradients` has the variable that each
    one's gradient is in.
    """
    equations = OPTIMIZERS[optimizer].equations
    steps = (_update(equations, settings, name, gradients[name], own) for name, own in parameters.items())
    return list(chain(*steps))


def _update(
    equations: Sequence[Equation], settings: dict[str, Setting], parameter: str, gradient: str, record: Variable
) -> list[Statement]:
    values: dict[str, Tree] = {"w": Name(parameter), "g": Name(gradient)}
    for equation in equations:
        if not equation.when or settings.get(equation.when):
            values.setdefault(equation.target, Name(f"{equation.target}_{parameter}"))
    found = []
    for equation in equations:
        if equation.when and not settings.get(equation.when):
            values[equation.target] = values.get(equation.otherwise, Name(equation.otherwise))
            continue
        tree = put_in(parse(equation.formula), values)
        if equation.target == "w":
            found.append(Statement(parameter, tree, STAGE, variable=record))
            continue
        step = Variable(Role.STEP, equation.target, record.block, parameter, means=equation.means)
        found.append(Statement(f"{equation.target}_{parameter}", tree, STAGE, variable=step))
    return found


def slots(statements: Sequence[Statement], known: Sequence[str]) -> list[str]:
    """The variables of an update that it reads before it writes them."""
    written, found = set(known), []
    for statement in statements:
        if statement.stage == STAGE:
            found += [name for name in names(statement.tree) if name not in written and name not in found]
        written.add(statement.name)
    return found


def _clipped(tree: Tree, gradient: str, parameter: str, parameters: Mapping[str, Variable]) -> Statement:
    """A gradient after clipping, of a parameter."""
    variable = Variable(Role.CLIPPING, "c", parameters[parameter].block, parameter, of=gradient)
    return Statement(f"c_{parameter}", tree, STAGE, variable=variable)


def clipped_by_norm(
    gradients: dict[str, str], parameters: Mapping[str, Variable]
) -> tuple[list[Statement], dict[str, str]]:
    """All gradients scaled together so that their common norm is `max_norm` at the most (PyTorch's ε of 1e-6)."""
    squares = [parse(f"sum({name} ** 2)") for name in gradients.values()]
    total = reduce(lambda left, right: build("add", left, right), squares)
    found = [
        Statement("grad_norm", build("sqrt", total), STAGE, variable=Variable(Role.CLIPPING, "grad_norm")),
        Statement(
            "clip_scale",
            parse("min(1, max_norm / (grad_norm + 1e-06))"),
            STAGE,
            variable=Variable(Role.CLIPPING, "clip_scale"),
        ),
    ]
    clipped = {p: _clipped(parse(f"clip_scale * {g}"), g, p, parameters) for p, g in gradients.items()}
    return [*found, *clipped.values()], {p: statement.name for p, statement in clipped.items()}


def clipped_by_value(
    gradients: dict[str, str], parameters: Mapping[str, Variable]
) -> tuple[list[Statement], dict[str, str]]:
    """Every entry of a gradient kept between −max_value and max_value."""
    clipped = {
        p: _clipped(parse(f"max(-max_value, min(max_value, {g}))"), g, p, parameters) for p, g in gradients.items()
    }
    return [*clipped.values()], {p: statement.name for p, statement in clipped.items()}


CLIPS = {"norm": clipped_by_norm, "value": clipped_by_value}
