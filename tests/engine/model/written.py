"""Models written in a few lines, to test with."""

from textwrap import dedent

from backprop_tui.scenario import Scenario, parse


def model(forward: str, parameters: str, inputs: str = "", data: str = "", more: str = "") -> Scenario:
    """The scenario of a model; `more` stands under `[model]`."""
    given = f"[model.inputs]\n{inputs}\n[data]\n{data}\n" if inputs else ""
    text = (
        f"format = 1\n[model]\n{more}\nforward = '''\n{dedent(forward).strip()}\n'''\n"
        f"[model.parameters]\n{parameters}\n{given}[optimizer]\nname = 'sgd'\nlearning_rate = 0.1\n"
    )
    return parse(text.encode(), "text.toml")
