"""The end of an iteration: schedule, clipping, and the optimizer's equations for every trained parameter."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import chain

from msgspec import Struct

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.engine.tables.optimizers import OPTIMIZERS, Optimizer
from backprop_tui.engine.tables.settings import Setting, Settings, Value, defaults, variables
from backprop_tui.formula.language.algebra import at_zero, build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, names, number

STAGE = "update"


class Schedule(Struct, frozen=True):
    """A row: the learning rate of iteration t (from 1), as a formula of `eta0`, the scenario's, and of the settings.

    `torch` names PyTorch's class that takes the same settings, where there is one.
    """

    formula: str
    settings: dict[str, Setting] = {}
    torch: str = ""


FACTOR, ABOVE_0, FROM_1 = "what the schedule multiplies the learning rate by", {"exclusiveMinimum": 0}, {"minimum": 1}
SCHEDULES: dict[str, Schedule] = {
    "step": Schedule(
        "eta0 * gamma ** floor((t - 1) / step_size)",
        {
            "gamma": Setting(0.1, "what η is multiplied by (default 0.1)", FACTOR, bounds=ABOVE_0),  # PyTorch's default
            "step_size": Setting(
                None,
                "iterations between two changes",
                "after how many iterations the schedule takes its next step",
                whole=True,
                bounds=FROM_1,
            ),
        },
    ),
    "exponential": Schedule(
        "eta0 * gamma ** (t - 1)",
        {"gamma": Setting(None, "what η is multiplied by", FACTOR, bounds=ABOVE_0)},
        "torch.optim.lr_scheduler.ExponentialLR",
    ),
    "cosine": Schedule(
        "eta0 * (1 + cos(3.141592653589793 * (t - 1) / t_max)) / 2",
        {
            "t_max": Setting(
                None,
                "iterations down to the lowest η",
                "after how many iterations the learning rate is lowest",
                whole=True,
                bounds=FROM_1,
            )
        },
    ),
    "warmup": Schedule(
        "eta0 * min(1, t / steps)",
        {
            "steps": Setting(
                None,
                "iterations up to the full η",
                "how many iterations the schedule warms up for",
                whole=True,
                bounds=FROM_1,
            )
        },
    ),
}


def updates(
    optimizer: str, settings: Mapping[str, Value], parameters: Mapping[str, Variable], gradients: dict[str, str]
) -> list[Statement]:
    """The equations for some parameters, in order; the parameters come with their records, and `gradients` maps each to
    the variable that holds its gradient.
    """
    row = OPTIMIZERS[optimizer]
    steps = (_update(row, settings, name, gradients[name], own) for name, own in parameters.items())
    return list(chain(*steps))


def _update(
    row: Optimizer, settings: Mapping[str, Value], parameter: str, gradient: str, record: Variable
) -> list[Statement]:
    equations = row.equations
    values: dict[str, Tree] = {"w": Name(parameter), "g": Name(gradient), **idle(row.settings, settings)}
    for equation in equations:
        if not equation.when or settings.get(equation.when):
            values.setdefault(equation.target, Name(f"{equation.target}_{parameter}"))
    found = []
    for equation in equations:
        if equation.when and not settings.get(equation.when):
            values[equation.target] = values.get(equation.otherwise, Name(equation.otherwise))
            continue
        tree = put_in(parse(equation.formula), values)
        if equation.target not in row.starts:
            tree = without_first(tree, f"{equation.target}_{parameter}")
        if equation.target == "w":
            found.append(Statement(parameter, tree, STAGE, variable=record))
            continue
        step = Variable(Role.STEP, equation.target, record.block, parameter, means=equation.means)
        found.append(Statement(f"{equation.target}_{parameter}", tree, STAGE, variable=step))
    return found


def idle(row: Settings, settings: Mapping[str, Value]) -> dict[str, Tree]:
    """The settings that are at a default of 0 or 1, as numbers by the names that formulas read: put in, they fold away.

    So what runs is what people write who leave such a setting alone, m = μm + g, to the last bit.
    """
    unset = {name: value for name, value in defaults(row).items() if settings.get(name) == value}
    return {name: number(value) for name, value in variables(unset).items() if value in (0, 1)}


def without_first(tree: Tree, slot: str) -> Tree:
    """A formula with a case of its own for the first iteration, without it where the slot's start at 0 comes to the
    same.
    """
    match tree:
        case Call("where", (Call("eq", (Name("t"), Number(1.0))), first, later)):
            return later if at_zero(later, frozenset({slot})) == first else tree
    return tree


def slots(statements: Sequence[Statement], known: Sequence[str]) -> list[str]:
    """The variables of an update that it reads before it writes them."""
    written, found = set(known), []
    for statement in statements:
        if statement.stage == STAGE:
            found += [name for name in names(statement.tree) if name not in written and name not in found]
        written.add(statement.name)
    return found


Parameters = Mapping[str, Variable]
Clipped = tuple[list[Statement], dict[str, str]]

LENGTH = Meaning(
    Row(
        "how long all gradients are together, as one vector",
        one=(
            Case("ans > max_norm", "all gradients together are longer than allowed, so they will be clipped"),
            Case("ans <= max_norm", "all gradients together are no longer than allowed"),
        ),
    ),
    "how long all gradients are together, as one vector",
)
SCALE = Meaning(
    Row(
        "what gradients are multiplied by so that they are no longer than allowed: 1 where they are not",
        one=(
            Case("ans == 1", "the gradients are no longer than allowed, so nothing is clipped"),
            Case("ans < 1", "the gradients are longer than allowed, so all are scaled to {value} of their length"),
        ),
    ),
    "what clipping multiplies all gradients by, 1 where nothing is clipped",
)
SCALED = Meaning(
    Row(
        "the gradient scaled with all others: shorter, in the same direction",
        cases=(Case("clip_scale == 1", "nothing was clipped, so this is the unchanged gradient"),),
        one=(
            Case("clip_scale == 1", "nothing was clipped, so {ans} is the unchanged gradient"),
            Case("clip_scale < 1", "{ans} is the gradient scaled down with all others"),
        ),
    )
)
BOUNDED = Meaning(
    Row(
        "the gradient with every number kept within the bounds",
        cases=(
            Case("all(ans == g)", "no number lies outside the bounds, so nothing is clipped"),
            Case("any(ans != g)", "{which} {is} cut to the bounds", which="ans != g"),
        ),
        one=(
            Case("ans == g", "{ans} lies within the bounds and is unchanged"),
            Case("ans != g", "{ans} was outside the bounds and is cut"),
        ),
    )
)


def _of_all(name: str, formula: Tree, means: Meaning) -> Statement:
    """A number that clipping makes of all gradients together."""
    return Statement(name, formula, STAGE, variable=Variable(Role.CLIPPING, name, means=means))


def _of_each(
    formula: str, gradients: dict[str, str], parameters: Parameters, means: Meaning
) -> tuple[list[Statement], dict[str, str]]:
    """Every gradient after clipping, from a formula of the gradient `{g}`."""
    found = [
        Statement(
            f"c_{parameter}",
            parse(formula.format(g=gradient)),
            STAGE,
            variable=Variable(Role.CLIPPING, "c", parameters[parameter].block, parameter, of=gradient, means=means),
        )
        for parameter, gradient in gradients.items()
    ]
    return found, {parameter: statement.name for parameter, statement in zip(gradients, found, strict=True)}


CLIP_SCALE = parse("min(1, max_norm / (grad_norm + 1e-06))")
# Formulas that others write in another way, which gives nearly the same: neither is wrong.
AS_OTHERS_HAVE_IT = {CLIP_SCALE: parse("min(1, max_norm / grad_norm)")}


def clipped_by_norm(gradients: dict[str, str], parameters: Parameters) -> Clipped:
    """All gradients scaled together so that their common norm is at most `max_norm`; ε is PyTorch's, 1e-6.

    Source: Pascanu, Mikolov & Bengio 2013, who have no ε (`AS_OTHERS_HAVE_IT`).
    """
    squares = [parse(f"sum({name} ** 2)") for name in gradients.values()]
    length = _of_all("grad_norm", build("sqrt", reduce(lambda left, right: build("add", left, right), squares)), LENGTH)
    scale = _of_all("clip_scale", CLIP_SCALE, SCALE)
    clipped, names_of = _of_each("clip_scale * {g}", gradients, parameters, SCALED)
    return [length, scale, *clipped], names_of


def clipped_by_value(gradients: dict[str, str], parameters: Parameters) -> Clipped:
    """Every entry of a gradient kept between −max_value and max_value."""
    return _of_each("max(-max_value, min(max_value, {g}))", gradients, parameters, BOUNDED)


class Clip(Struct, frozen=True):
    """A row: the function that gives the statements and what takes the place of each gradient; and its one setting, a
    variable called `max_` and the name of the row. `torch` names PyTorch's function, where there is one.
    """

    clipped: Callable[[dict[str, str], Parameters], Clipped]
    setting: Setting
    torch: str = ""


CLIPS: dict[str, Clip] = {
    "norm": Clip(
        clipped_by_norm,
        Setting(
            None,
            "The largest norm of all gradients together.",
            "how long all gradients together may be",
            bounds=ABOVE_0,
        ),
        "torch.nn.utils.clip_grad_norm_",
    ),
    "value": Clip(
        clipped_by_value,
        Setting(
            None,
            "The largest size of any number of a gradient.",
            "how large any number of a gradient may be",
            bounds=ABOVE_0,
        ),
        "torch.nn.utils.clip_grad_value_",
    ),
}
