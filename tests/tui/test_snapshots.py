"""What the screens look like. `make snapshots` accepts what they look like now."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from backprop_tui.scenario import load
from backprop_tui.tui.app import BackpropApp
from tests.tui.harness import Session, network
from tools.picture import self_contained

Compare = Callable[..., bool]


class Pictured(BackpropApp):
    """The application, whose pictures ask for no font of the web."""

    def export_screenshot(self, **options: Any) -> str:
        return self_contained(super().export_screenshot(**options))


def keys(*names: str) -> Callable[[Pilot[int]], Any]:
    """Press keys before the picture is taken."""

    async def press(pilot: Pilot[int]) -> None:
        assert isinstance(pilot.app, Pictured)
        session = Session(pilot.app, pilot)
        await session.settle()
        await session.press(*names)

    return press


@pytest.mark.parametrize("step", [0, 8, 19])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=["80x24", "120x36", "200x60"])
def test_article(snap_compare: Compare, size: tuple[int, int], step: int) -> None:
    before = keys(*str(step), "n") if step else keys()
    assert snap_compare(Pictured(load("article")), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=["80x24", "120x36", "200x60"])
def test_mistaken(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = Pictured(load("article"), mistake="updates-first")
    assert snap_compare(app, terminal_size=size, run_before=keys("1", "4", "n"))


OTHERS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "ascii": ({"ascii_only": True}, ("8", "n", "b", "tab")),
    "light": ({"theme": "textual-light"}, ("8", "n", "b", "tab")),
    "high-contrast": ({"theme": "high-contrast"}, ("8", "n", "b", "tab")),
    "selected": ({}, ("g", *"W1", "enter", "tab", "tab", "tab", "tab", "5", "j", "j")),
    "into": ({}, ("g", *"dL_dW1", "enter", "4", "s")),
    "why": ({}, ("end", "g", *"dL_dW1", "enter", "4", "s", "enter", "l", "j", "l", "j", "j")),
    "code": ({}, ("5", "n", "v", "2", "d", "1", "2")),
    "help": ({}, ("question_mark",)),
    "audit": ({}, ("8", "n", "A")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other(snap_compare: Compare, name: str) -> None:
    options, pressed = OTHERS[name]
    theme = options.get("theme")
    app = Pictured(load("article"), **{key: value for key, value in options.items() if key != "theme"})
    if theme:
        app.theme = theme
    assert snap_compare(app, terminal_size=(120, 36), run_before=keys(*pressed))


def test_picker(snap_compare: Compare) -> None:
    assert snap_compare(Pictured(None), terminal_size=(80, 24), run_before=keys())


def test_a_batch_in_a_larger_network(snap_compare: Compare) -> None:
    app = Pictured(network(6, 12, 5, 3, batch=4))
    assert snap_compare(app, terminal_size=(120, 36), run_before=keys("8", "n"))
