"""How long a text may be, as it is written and unrolled."""

import pytest

from backprop_tui.engine.model.layout import MOST_LINES
from backprop_tui.engine.model.model import Model
from backprop_tui.scenario import ScenarioError, parse


def text(count: int) -> bytes:
    """A text of so many lines."""
    lines = [f"a{k} = a{k - 1} + 1" for k in range(1, count)]
    return (
        "format = 1\n[model]\nforward = '''\n" + "\n".join([*lines, f"L = a{count - 1}"]) + "\n'''\n"
        "[model.parameters]\na0 = 1.0\n[optimizer]\nname = 'sgd'\nlearning_rate = 0.1\n"
    ).encode()


def test_a_text_has_a_thousand_lines() -> None:
    model = parse(text(MOST_LINES), "text.toml").network
    assert isinstance(model, Model)
    assert len(model.lines) == MOST_LINES
    with pytest.raises(
        ScenarioError, match=r"^text.toml:1004:1: model.forward: is one line too many: a model has at most 1,000"
    ):
        parse(text(MOST_LINES + 1), "text.toml")


def test_and_as_many_where_a_loop_writes_them() -> None:
    loop = "format = 1\n[model]\nforward = '''\nfor t in 1..T:\n    a[t] = a[t-1] + w\nL = a[T]\n'''\n"
    rest = "[model.parameters]\nw = 1.0\n[model.given]\na0 = 0.0\n[optimizer]\nname = 'sgd'\nlearning_rate = 0.1\n"
    parse(f"{loop}sizes = {{ T = {MOST_LINES - 1} }}\n{rest}".encode(), "text.toml")
    with pytest.raises(ScenarioError, match="makes more than 1,000 lines when its loops"):
        parse(f"{loop}sizes = {{ T = {MOST_LINES + 1} }}\n{rest}".encode(), "text.toml")
