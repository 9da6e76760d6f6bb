"""The library: the scenarios that come with the program."""

import tomllib
from pathlib import Path

from backprop_tui.text import clean

SUFFIX, LECTURE = ".toml", ".demo"
PACKAGE = Path(__file__).parents[1]
# The path to learn along, in groups: each needs what is before it. A file that is in none of them comes last.
GROUPS: dict[str, tuple[str, ...]] = {
    "1. Numbers: one derivative after the other": ("cs231n-circuit", "micrograd"),
    "2. One neuron": ("cs231n-neuron", "tanh-neuron", "linear-regression", "logistic-regression"),
    "3. A network, number by number": ("article", "mazur", "wrong-on-purpose"),
    "4. Deeper, and what goes wrong there": (
        "xor",
        "saturation",
        "dead-relu",
        "vanishing-gradient",
        "vanishing-cure",
        "residual-block",
        "exploding-gradient",
        "clipping",
    ),
    "5. Training: data in batches": ("spirals", "softmax-iris", "minibatch", "digits"),
    "5. Training: better steps": ("momentum", "rmsprop", "adam", "batch-norm"),
    "5. Training: smaller weights": ("regularisation", "adamw", "adam-vs-l2"),
    "6. Images, words, and chance": ("convolution", "word2vec", "makemore", "vae"),
    "7. Sequences": ("rnn-through-time", "lstm", "gru"),
    "8. Attention": ("attention", "attention-unscaled", "multi-head-attention", "gpt-block"),
}
MORE = "More"


def folder() -> Path:
    """Where the library is: inside an installed package, or beside the package in a checkout."""
    shipped = PACKAGE / "scenarios"
    return shipped if shipped.is_dir() else PACKAGE.parent / "scenarios"


def names() -> list[str]:
    """The names of the bundled scenarios, sorted, but with `article` first: it is the one to begin with."""
    found = [entry.name.removesuffix(SUFFIX) for entry in folder().iterdir() if entry.name.endswith(SUFFIX)]
    return sorted(found, key=lambda name: (name != "article", name))


def find(name: str) -> Path | None:
    """The file of a bundled scenario."""
    return folder() / f"{name}{SUFFIX}" if name in names() else None


def lectures() -> list[str]:
    """The names of the bundled lectures, files of commands that go with a scenario, sorted."""
    return sorted(entry.name for entry in folder().iterdir() if entry.name.endswith(LECTURE))


def find_lecture(name: str) -> Path | None:
    """The file of a bundled lecture, by its name with or without its suffix."""
    full = name if name.endswith(LECTURE) else f"{name}{LECTURE}"
    return folder() / full if full in lectures() else None


def bundled() -> list[tuple[str, str]]:
    """Name and title of every bundled scenario."""
    files = ((name, folder() / f"{name}{SUFFIX}") for name in names())
    return [(name, clean(tomllib.loads(file.read_text("utf-8")).get("title", name))) for name, file in files]


def lessons() -> dict[str, list[tuple[str, str]]]:
    """Name and title of every bundled scenario in the order in which to learn from them, by group."""
    titles = dict(bundled())
    grouped = {group: [name for name in names if name in titles] for group, names in GROUPS.items()}
    known = {name for names in grouped.values() for name in names}
    grouped[MORE] = [name for name in titles if name not in known]
    return {group: [(name, titles[name]) for name in names] for group, names in grouped.items() if names}


def scenarios() -> dict[str, str]:
    """The bundled scenarios: the title of each by its name, which `load` takes."""
    return dict(bundled())


def starter() -> str:
    """A commented scenario to begin one's own from."""
    return (PACKAGE / "scenario" / "starter.toml").read_text("utf-8")
