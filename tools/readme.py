"""Writes the README's tables from the tables of the program; `--check` says whether they are fresh."""

import re
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from backprop_tui.debugger.line.words import WORDS
from backprop_tui.engine.activations import ACTIVATIONS, Activation
from backprop_tui.engine.losses import LOSSES, Loss
from backprop_tui.engine.mistakes import ROWS
from backprop_tui.engine.optimizers import OPTIMIZERS, Optimizer, Setting
from backprop_tui.engine.update import SCHEDULES, schedule_defaults, settings_of
from backprop_tui.formula.parse import parse
from backprop_tui.formula.primitives import PRIMITIVES
from backprop_tui.formula.render import source
from backprop_tui.formula.symbols import GREEK, OF_PARAMETERS, Symbols
from backprop_tui.formula.tree import Name, Sum, Tree, names, substitute, walk
from backprop_tui.scenario.library import bundled
from backprop_tui.tui.keys import KEYS, cap

# what PyTorch calls the slots, in the state of an optimizer
SLOTS = {
    "sgd": {"m": "momentum_buffer"},
    "adagrad": {"v": "sum"},
    "rmsprop": {"v": "square_avg", "a": "grad_avg", "m": "momentum_buffer"},
    "adadelta": {"v": "square_avg", "u": "acc_delta"},
    "adam": {"m": "exp_avg", "v": "exp_avg_sq", "s": "max_exp_avg_sq"},
    "adamw": {"m": "exp_avg", "v": "exp_avg_sq", "s": "max_exp_avg_sq"},
    "nadam": {"m": "exp_avg", "v": "exp_avg_sq", "p": "mu_product"},
}
NUMBERS = {"eta", "eta0", "t", "momentum", "dampening", "weight_decay", "beta1", "beta2", "eps", "alpha", "rho", "rate"}
NUMBERS |= {"lr_decay", "momentum_decay", "mu", "mu_next", "p", "gamma", "step_size", "t_max", "steps"}
README = Path(__file__).parents[1] / "README.md"
ARRAYS = Symbols(dict.fromkeys(("z", "f", "y", "y_hat"), (2, 2)) | {"slope": ()})


def keys() -> str:
    """The keys, a table under each heading."""
    lines = []
    for group, rows in groupby(KEYS, key=lambda row: row.group):
        lines += [f"| {group} | |", "| --- | --- |"]
        lines += [f"| {' '.join(f'`{cap(key)}`' for key in row.keys)} | {row.text} |" for row in rows]
        lines.append("")
    return "\n".join(lines).replace("```", "`` ` ``")


def words() -> str:
    """The commands of the `:` line as Markdown."""
    lines = ["| command | short | what |", "| --- | --- | --- |"]
    for row in WORDS.rows:
        usage, text = row.synopsis.replace("|", "\\|"), row.text.replace("|", "\\|")
        lines.append(f"| `{usage}` | {' '.join(f'`{name}`' for name in row.names[1:])} | {text} |")
    return "\n".join([*lines, ""])


def formula(text: str) -> str:
    """A formula of a row in symbols, or where it has indices as the language writes it."""
    tree = substitute(parse(text), {"a": Name("z"), "ans": Name("f")})
    indexed = any(isinstance(node, Sum) for node in walk(tree))
    return source(tree) if indexed else ARRAYS.text(tree).replace("|", "\\|")


def activation(row: Activation) -> str:
    """Its f, its derivative or Jacobian, and what that is at a kink."""
    own = PRIMITIVES[row.primitive]
    f = formula(row.f or own.element) if row.f or own.element else f"{row.name}(z)"
    return f"| `{row.name}` | {f} | {formula(row.derivative or row.jacobian)} | {row.kink} |"


def activations() -> str:
    """The activations; `f` in a derivative is the value of the activation."""
    head = "| `activation` | f(z) | f′(z), or for a sample ∂f/∂z | at a kink |"
    return "\n".join([head, "| --- | --- | --- | --- |", *map(activation, ACTIVATIONS.values()), ""])


def loss(row: Loss) -> str:
    """Its formula, what `mean` divides by, its targets, the outputs that it takes, and its derivative at a kink."""
    formulas = " or ".join(dict.fromkeys(map(reduced, row.behind.values() or (row.formula,))))
    over = {"elements": "samples × outputs", "samples": "samples"}[row.over]
    wanted = "a class by its number, or one-hot" if row.one_hot else row.wanted if row.targets or row.among else "any"
    takes = ", ".join(row.behind) or (f"{row.outputs[0]:g} to {row.outputs[1]:g}" if row.outputs else "any")
    return f"| `{row.name}` | {formulas} | {over} | {wanted if row.has_targets else 'none'} | {takes} | {row.kink} |"


def reduced(text: str) -> str:
    """The formula with a sum where the reduction is."""
    return formula(text.replace("reduce(", "sum("))


def losses() -> str:
    """The losses, before the reduction divides their sum."""
    head = "| `[loss] name` | summed | `mean` divides by | targets | outputs | ∂L/∂ŷ at a kink |"
    return "\n".join([head, "| --- | --- | --- | --- | --- | --- |", *map(loss, LOSSES.values()), ""])


def optimizer(row: Optimizer) -> str:
    """Its settings with their defaults, the equations of an update in order, and the slots."""
    lines = []
    off: dict[str, Tree] = {}
    for equation in row.equations:
        if equation.when and equation.when not in row.defaults:  # never on
            off[equation.target] = Name(equation.otherwise)
            continue
        tree = substitute(parse(equation.formula), off)
        when = f" (`{equation.when}`, else {letter(equation.otherwise)})" if equation.when else ""
        lines.append(f"{letter(equation.target)} = {letters(tree)}{when}")
    settings = ", ".join(f"`{name}` {written(value)}" for name, value in row.defaults.items())
    slots = ", ".join(f"{letter(ours)} `{theirs}`" for ours, theirs in SLOTS[row.name].items())
    return f"| `{row.name}` | {settings} | {'<br>'.join(lines)} | {slots} |"


def letter(name: str) -> str:
    """A variable of an update, as the screen writes it for a parameter."""
    return OF_PARAMETERS.get(name) or GREEK.get(name, name)


def letters(tree: Tree) -> str:
    """A formula of an update or a schedule, for any parameter."""
    found = names(tree)
    shapes = {name: () if name in NUMBERS else (2, 2) for name in found}
    text = Symbols(shapes).text(tree)
    for name in sorted({*OF_PARAMETERS} & {*found}, key=len, reverse=True):
        text = text.replace(name, OF_PARAMETERS[name])
    return text.replace("|", "\\|")


def written(value: Setting) -> str:
    """A setting's value, as a scenario has it."""
    match value:
        case bool():
            return str(value).lower()
        case (first, second):
            return f"[{first:g}, {second:g}]"
    return f"{value:g}".replace("e-0", "e-")


def optimizers() -> str:
    """The optimizers; `w` is a parameter and `g` its gradient."""
    head = "| `[optimizer] name` | settings and their defaults | an update of w, gradient g | slots: ours, PyTorch's |"
    return "\n".join([head, "| --- | --- | --- | --- |", *map(optimizer, OPTIMIZERS.values()), ""])


def schedules() -> str:
    """The learning rate of an iteration, and what a schedule is given."""
    lines = ["| `[schedule] name` | η in iteration t | settings |", "| --- | --- | --- |"]
    for name, text in SCHEDULES.items():
        defaults = schedule_defaults(name)
        settings = (
            f"`{one}`{f' ({defaults[one]:g} without it)' if one in defaults else ''}" for one in settings_of(name)
        )
        lines.append(f"| `{name}` | {letters(parse(text))} | {', '.join(settings)} |")
    return "\n".join([*lines, ""])


def lessons() -> str:
    """The bundled scenarios as a Markdown table."""
    lines = ["| lesson | what it shows |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{name}` | {title} |" for name, title in bundled()), ""])


def mistakes() -> str:
    """The classic mistakes as a Markdown table."""
    lines = ["| mistake | what is done | in |", "| --- | --- | --- |"]
    for row in ROWS:
        done = row.when.format(digits=row.digits[0], weights="the output weights")
        lines.append(f"| `{row.name}` | {done} | {row.where} |")
    return "\n".join([*lines, ""])


TABLES: dict[str, Callable[[], str]] = {
    "keys": keys,
    "words": words,
    "activations": activations,
    "losses": losses,
    "optimizers": optimizers,
    "schedules": schedules,
    "lessons": lessons,
    "mistakes": mistakes,
}


def fresh(text: str) -> str:
    """The README with the tables put in."""
    for name, table in TABLES.items():
        found = re.search(rf"<!-- {name}: .*? -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
        if found:
            text = f"{text[: found.start(1)]}\n{table()}\n{text[found.end(1) :]}"
    return text


def main() -> int:
    """Write, or with `--check` compare."""
    text = README.read_text("utf-8")
    if "--check" in sys.argv:
        return int(fresh(text) != text)
    README.write_text(fresh(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
