"""Writes the tables of README.md and docs/ from the tables of the program; `--check` only says which are out of date.

A table stands between `<!-- NAME: … -->` and `<!-- /NAME -->`, NAME being one of TABLES.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import backprop_tui
from backprop_tui.cli import COMMANDS, Argument
from backprop_tui.debugger.breakpoints.named_events import ROWS as EVENTS
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.statements.derive import Shapes
from backprop_tui.engine.tables.activations import ACTIVATIONS, Activation
from backprop_tui.engine.tables.initializers import INITIALIZERS
from backprop_tui.engine.tables.losses import LOSSES, Loss
from backprop_tui.engine.tables.optimizers import OPTIMIZERS, Optimizer
from backprop_tui.engine.tables.settings import Value, defaults, variables
from backprop_tui.engine.training.update_statements import SCHEDULES, Schedule
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Name, Sum, Tree, names, substitute, walk
from backprop_tui.formula.values.element import shape
from backprop_tui.formula.writing.printer import source
from backprop_tui.formula.writing.symbols import GREEK, OF_PARAMETERS, Symbols
from backprop_tui.scenario import library
from backprop_tui.scenario.data.datasets import DATASETS
from backprop_tui.scenario.format.json_schema import schema
from backprop_tui.tui.main.actions.key_table import BY_ID, KEYS
from backprop_tui.tui.shared.keys import cap

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# What the README has of the keys: a screenful. Ids, and where a key goes forward, that of the key that goes back
FIRST_KEYS = (
    ("advance", "rewind"),
    ("into", "out-of"),
    ("finish", "unfinish"),
    ("later", "earlier"),
    ("resume", "resume-back"),
    ("break", "breakpoints"),
    ("goto", "jump-back"),
    ("why",),
    ("touches",),
    ("gradcheck",),
    ("last-change",),
    ("watches",),
    ("edit", "rerun"),
    ("undo", "redo"),
    ("code", "graph"),
    ("enlarge",),
    ("plot",),
    ("try",),
    ("audit",),
    ("predict",),
    ("present", "blank"),
    ("line", "search"),
    ("quit",),
)
SETTINGS = {name for row in ACTIVATIONS.values() for name in variables(defaults(row.settings))}
ARRAYS = Symbols(dict.fromkeys(("z", "f", "y", "y_hat"), (2, 2)) | dict.fromkeys(SETTINGS, ()))


def table(heading: str, rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown; a `|` in a cell is escaped."""
    columns = [column.strip() for column in heading.split("|")]
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in [tuple(columns), *rows]]
    lines.insert(1, " | ".join(["---"] * len(columns)))
    return "\n".join([*(f"| {line} |" for line in lines), ""])


def code(text: str) -> str:
    """Text as code in Markdown, a backtick too."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def caps(name: str) -> str:
    """The keys of a row, as they are printed."""
    return " ".join(code(cap(key)) for key in BY_ID[name].keys)


def first_keys() -> str:
    """The keys to begin with: of each row the first key."""

    def cells(names: tuple[str, ...]) -> tuple[str, str]:
        rows = [BY_ID[name] for name in names]
        return " ".join(code(cap(row.keys[0])) for row in rows), "; ".join(row.text for row in rows)

    return table("key | what it does", [cells(names) for names in FIRST_KEYS])


def keys() -> str:
    """All keys, a table under each heading."""
    groups = groupby(KEYS, key=lambda row: row.group)
    return "\n".join(
        table(f"{group} | | id", [(caps(row.id), row.text, code(row.id)) for row in rows]) for group, rows in groups
    )


def words() -> str:
    """The commands of the `:` line."""
    return table(
        "command | also | what it does",
        [(code(row.synopsis), " ".join(map(code, row.names[1:])), row.text) for row in WORDS.rows],
    )


def events() -> str:
    """The named events, which breakpoints can stop at."""

    def threshold(number: float | None) -> str:
        return "" if number is None else written(number)

    return table(
        "event | it happens where | threshold", [(code(row.name), row.says, threshold(row.threshold)) for row in EVENTS]
    )


def commands() -> str:
    """The commands of the program, and their arguments."""
    return "\n".join(
        f"### {name}\n\n{what[0].upper()}{what[1:]}.\n\n    backprop-tui {' '.join([name, *map(usage, arguments)])}\n"
        + (
            "\n"
            + table("argument | what it says", [(code(usage(one).strip("[]")), one[1]["help"]) for one in arguments])
            if arguments
            else ""
        )
        for name, (what, _, arguments) in COMMANDS.items()
    )


def usage(argument: Argument) -> str:
    """How an argument is written in a call."""
    flag, options = argument
    value = "|".join(options.get("choices", ())) or str(options.get("metavar", ""))
    if not flag.startswith("--"):
        value = flag.upper()
    written_so = {"?": f"[{value}]", "+": f"{value} …"}.get(str(options.get("nargs")), value)
    return f"[{f'{flag} {written_so}'.strip()}]" if flag.startswith("--") else written_so


def file_keys() -> str:
    """Every key of a scenario file, as its schema has it: a section for each table of the file."""
    kinds: dict[str, Any] = schema()["$defs"]
    tables = {"network": "[network]", "layers": "[[network.layers]]", "published": "[[published]]", "note": "[[note]]"}

    def sections(heading: str, kind: str) -> Iterator[str]:
        node, rows, inside = kinds[kind], [], []
        for name, one in node["properties"].items():
            if found := kind_in(one):
                inside.append((tables.get(name, f"[{name}]"), found))
            else:
                given = "required" if name in node.get("required", ()) else default(one)
                rows.append((code(name), one["description"], given))
        yield f"### {heading}\n\n{node['description']}\n\n" + table("key | what it says | without it", rows)
        for place, found in inside:
            yield from sections(f"`{place}`", found)

    return "\n".join(sections("At the top of the file", "File"))


def kind_in(node: dict[str, Any]) -> str | None:
    """The kind of table, or of the tables in a list, that a key of the schema holds; None for a plain value."""
    for one in (node, node.get("items", {}), *node.get("anyOf", ())):
        if "$ref" in one:
            return str(one["$ref"]).rpartition("/")[2]
    return None


def default(node: dict[str, Any]) -> str:
    """What a key that may be left out is then."""
    found = node.get("default")
    return "" if found in (None, "", []) else code(str(found).lower())


def api() -> str:
    """What `import backprop_tui` gives, with the first paragraph that each says of itself."""
    found = {name: getattr(backprop_tui, name) for name in backprop_tui.__all__}
    return table("name | what it is", [(code(name), first_paragraph(one)) for name, one in found.items()])


def first_paragraph(one: object) -> str:
    return " ".join((one.__doc__ or "").strip().partition("\n\n")[0].split())


def formula(text: str) -> str:
    """A formula of a row in symbols, or where it has indices as the language writes it."""
    tree = substitute(parse(text), {"a": Name("z"), "ans": Name("f")})
    indexed = any(isinstance(node, Sum) for node in walk(tree))
    return source(tree) if indexed else ARRAYS.text(tree)


def activation(row: Activation) -> tuple[str, ...]:
    """Its f, its derivative or Jacobian, and what that is at a kink."""
    own = PRIMITIVES[row.primitive]
    f = formula(row.f or own.element) if row.f or own.element else f"{row.name}(z)"
    return code(row.name), f, formula(row.derivative or row.jacobian), row.kink


def activations() -> str:
    """The activations; `f` in a derivative is the value of the activation."""
    return table(
        "`activation` | f(z) | f′(z), or for a sample ∂f/∂z | at a kink", [*map(activation, ACTIVATIONS.values())]
    )


def loss(row: Loss) -> tuple[str, ...]:
    """Its formula, what `mean` divides by, its targets, the outputs that it takes, and its derivative at a kink."""
    formulas = " or ".join(dict.fromkeys(map(reduced, row.behind.values() or (row.formula,))))
    over = {"elements": "samples × outputs", "samples": "samples"}[row.over]
    wanted = "a class by its number, or one-hot" if row.one_hot else row.wanted if row.targets or row.among else "any"
    takes = ", ".join(row.behind) or (f"{row.outputs[0]:g} to {row.outputs[1]:g}" if row.outputs else "any")
    return code(row.name), formulas, over, wanted if row.has_targets else "none", takes, row.kink


def reduced(text: str) -> str:
    """The formula with a sum where the reduction is."""
    return formula(text.replace("reduce(", "sum("))


def losses() -> str:
    """The losses, before the reduction divides their sum."""
    heading = "`[loss] name` | summed | `mean` divides by | targets | outputs | ∂L/∂ŷ at a kink"
    return table(heading, [*map(loss, LOSSES.values())])


def initializers() -> str:
    """The first weights of a layer."""
    return table("`init` | weights", [(code(row.name), row.shown) for row in INITIALIZERS.values()])


def optimizer(row: Optimizer) -> tuple[str, ...]:
    """Its settings with their defaults, the equations of an update in order, and the slots."""
    lines = []
    off: dict[str, Tree] = {}
    shapes = shapes_in(row)
    for equation in row.equations:
        if equation.when and equation.when not in row.defaults:  # never on
            off[equation.target] = Name(equation.otherwise)
            continue
        tree = substitute(parse(equation.formula), off)
        when = f" (`{equation.when}`, else {letter(equation.otherwise)})" if equation.when else ""
        lines.append(f"{letter(equation.target)} = {letters(tree, shapes)}{when}")
    settings = ", ".join(f"`{name}` {written(value)}" for name, value in row.defaults.items())
    slots = ", ".join(f"{letter(ours)} `{theirs}`" for ours, theirs in slots_of(row).items())
    return code(row.name), settings, "<br>".join(lines), slots


def slots_of(row: Optimizer) -> dict[str, str]:
    """The slots that PyTorch has too, with what they are called there."""
    return {equation.target: equation.torch for equation in row.equations if equation.torch}


def shapes_in(row: Optimizer) -> Shapes:
    """The shapes of what the equations of an update write and read: of an array, or of one number."""
    found: Shapes = dict.fromkeys(("w", "g"), (2, 2)) | dict.fromkeys((*variables(row.defaults), "eta", "t"), ())
    targets = {equation.target for equation in row.equations}
    found |= {name: () for name, start in row.starts.items() if isinstance(start, float)}
    for equation in row.equations:
        tree = parse(equation.formula)
        read = {name: (2, 2) for name in names(tree) if name in targets}  # a slot is like the parameter
        found.setdefault(equation.target, shape(tree, read | found))
    return found


def letter(name: str) -> str:
    """A variable of an update, as the screen writes it for a parameter."""
    return OF_PARAMETERS.get(name) or GREEK.get(name, name)


def letters(tree: Tree, shapes: Shapes) -> str:
    """A formula of an update or a schedule, for any parameter."""
    found = names(tree)
    text = Symbols(shapes).text(tree)
    for name in sorted({*OF_PARAMETERS} & {*found}, key=len, reverse=True):
        text = text.replace(name, OF_PARAMETERS[name])
    return text


def written(value: Value) -> str:
    """A setting's value, as a scenario has it."""
    match value:
        case bool():
            return str(value).lower()
        case (first, second):
            return f"[{first:g}, {second:g}]"
    return f"{value:g}".replace("e-0", "e-")


def optimizers() -> str:
    """The optimizers; `w` is a parameter and `g` its gradient."""
    heading = "`[optimizer] name` | settings and their defaults | an update of w, gradient g | slots: ours, PyTorch's"
    return table(heading, [*map(optimizer, OPTIMIZERS.values())])


def datasets() -> str:
    """The data sets that a scenario can name."""
    rows = [(code(name), row.about, row.called) for name, row in DATASETS.items()]
    return table("`dataset` | inputs | classes", rows)


def schedules() -> str:
    """The learning rate of an iteration, and what a schedule is given."""

    def settings(row: Schedule) -> Iterator[str]:
        for name, setting in row.settings.items():
            default = setting.default
            yield f"`{name}`{'' if default is None else f' (default {default:g})'}"

    def formula_of(row: Schedule) -> str:
        tree = parse(row.formula)
        return letters(tree, dict.fromkeys(names(tree), ()))

    return table(
        "`[schedule] name` | η in iteration t | settings",
        [(code(name), formula_of(row), ", ".join(settings(row))) for name, row in SCHEDULES.items()],
    )


def lessons() -> str:
    """The bundled scenarios in learning order, a table for each group."""
    return "\n\n".join(
        f"{group}:\n\n" + table("lesson | what it shows", [(code(name), title) for name, title in found])
        for group, found in library.lessons().items()
    )


def mistakes() -> str:
    """The classic mistakes."""
    return table(
        "mistake | what is done | where it can be made",
        [(code(row.name), row.in_general, row.where) for row in ROWS],
    )


def folders() -> str:
    """Every folder of the code with what it says of itself, from the bottom up, as the import contracts order them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    order = {c["containers"][0]: c["layers"] for c in contracts if c["type"] == "layers"}

    def lines(package: str, depth: int) -> Iterator[str]:
        names = [name for layer in reversed(order.get(package, ())) for name in layer.split(" | ")]
        folder = ROOT.joinpath(*package.split("."))
        inside = [name for name in names if (folder / name).is_dir()]
        more = [path.name for path in sorted(folder.iterdir()) if (path / "__init__.py").is_file()]
        for name in dict.fromkeys([*inside, *more]):
            said = ast.get_docstring(ast.parse((folder / name / "__init__.py").read_text("utf-8"))) or ""
            yield f"{'  ' * depth}- **{name}**: {' '.join(said.partition(chr(10) * 2)[0].split())}"
            yield from lines(f"{package}.{name}", depth + 1)

    return "\n".join(lines("backprop_tui", 0))


TABLES: dict[str, Callable[[], str]] = {
    "folders": folders,
    "first-keys": first_keys,
    "keys": keys,
    "words": words,
    "events": events,
    "commands": commands,
    "file-keys": file_keys,
    "activations": activations,
    "losses": losses,
    "initializers": initializers,
    "optimizers": optimizers,
    "schedules": schedules,
    "datasets": datasets,
    "lessons": lessons,
    "mistakes": mistakes,
    "api": api,
}
PLACE = re.compile(r"(<!-- ([a-z-]+): .*? -->\n).*?(<!-- /\2 -->)", re.DOTALL)


def fresh(text: str) -> str:
    """A page with its tables put in."""
    return PLACE.sub(lambda place: f"{place[1]}\n{TABLES[place[2]]()}\n{place[3]}", text)


def main() -> int:
    """Write, or with `--check` say what is out of date."""
    made = {page: fresh(page.read_text("utf-8")) for page in PAGES}
    old = [page for page, text in made.items() if page.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for page in old:
            print(f"{page.relative_to(ROOT)} is out of date; run: ./dev python tools/docs.py")
        return int(bool(old))
    for page in old:
        page.write_text(made[page], "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
