"""Rows that nobody has heard of on the screen: a network made of them, a plot, and a command that a key does."""

import pytest

from backprop_tui.debugger.expressions.quantity import read_quantity
from backprop_tui.scenario import parse
from backprop_tui.tui.config import Config
from backprop_tui.tui.dialogs.views import plot_view
from backprop_tui.tui.dialogs.views.plot_view import Plot
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key
from tests.engine.tables.new_rows import FILE, added
from tests.tui.harness import asynchronous, opened


@asynchronous
async def test_a_network_of_new_rows_is_stepped_through() -> None:
    with added():
        async with opened(parse(FILE.encode(), "new.toml")) as s:
            assert "lion" in s.text
            await s.press("1", "6", "n")
            assert s.debugger.position == "1:c_W2"
            assert "c(W₂)" in s.status
            assert "a part of the update of W₂" in s.text
            await s.press("1", "6", "N")
            assert s.debugger.step == 0


@asynchronous
async def test_a_plot_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Plot("Bias", lambda session: (read_quantity("norm(b1)", session.debugger.program),))
    monkeypatch.setattr(plot_view, "PLOTS", (*plot_view.PLOTS, row))
    async with opened() as s:
        await s.press("p", "shift+tab")
        assert "[Bias]" in s.status
        await s.wait_for(lambda: "norm(b" in s.text)


@asynchronous
async def test_a_key_is_a_row_beside_its_function() -> None:
    def greet(desk: DeskScreen, count: Count) -> None:
        desk.say(f"hello, {int(count)}")
        desk.show()

    row = Key("greet", ("ctrl+g",), "say hello", "Other", greet, counted=True)
    async with opened(config=Config(rows=(*KEYS, row))) as s:
        s.screen.perform("greet", 3)
        await s.settle()
        assert "hello, 3" in s.text
        await s.press("question_mark", "end")
        assert "say hello" in s.text
