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
from backprop_tui.formula.parse import parse
from backprop_tui.formula.primitives import PRIMITIVES
from backprop_tui.formula.render import source
from backprop_tui.formula.symbols import Symbols
from backprop_tui.formula.tree import Name, Sum, substitute, walk
from backprop_tui.tui.keys import KEYS, cap

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
