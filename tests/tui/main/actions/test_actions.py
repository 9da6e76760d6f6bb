"""The commands of the screen: each is a function that a row names, and everything that asks for one finds it."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import backprop_tui
from backprop_tui.tui import app
from backprop_tui.tui.config import Config
from backprop_tui.tui.dialogs.typing.goto_prompt import GotoScreen
from backprop_tui.tui.main.actions.key_table import BY_ID, KEYS, WITHOUT_KEY
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.main_screen import DebuggerScreen, binding
from backprop_tui.tui.shared.keys import Count, Key
from tests.tui.harness import asynchronous, opened

PACKAGE = Path(backprop_tui.__file__).parent


@pytest.mark.parametrize("row", KEYS, ids=lambda row: row.id)
def test_a_row_names_a_function_that_takes_what_it_is_given(row: Key) -> None:
    assert len(inspect.signature(row.do).parameters) == 1 + row.counted


def test_ids_are_distinct() -> None:
    assert len(BY_ID) == len(KEYS)
    assert not BY_ID.keys() & WITHOUT_KEY.keys()


def asked_for() -> Iterator[tuple[str, str]]:
    """The names of commands that dialogs and the `:` line ask for, and where."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="perform"), args=[ast.Constant(value=str(name)), *_]):
                    yield name, file.name
                case ast.Call(func=ast.Name(id="Reply"), keywords=keywords):
                    for keyword in keywords:
                        if keyword.arg == "key" and isinstance(keyword.value, ast.Constant):
                            yield str(keyword.value.value), file.name


def test_what_is_asked_for_by_name_is_there() -> None:
    found = set(asked_for())
    assert {"compare", "open-page", "autoplay", "plot"} <= {name for name, _ in found}
    assert not [(name, where) for name, where in found if name not in BY_ID.keys() | WITHOUT_KEY.keys()]


@asynchronous
async def test_a_command_that_is_asked_for_by_name_takes_its_own_count_alone() -> None:
    async with opened() as s:
        await s.press("9")
        s.screen.perform("advance", 3)
        s.screen.perform("advance")
        assert s.debugger.step == 4
        s.screen.perform("goto")  # which opens a dialog, and so takes a while
        await s.wait_for(lambda: isinstance(s.app.screen, GotoScreen))
        with pytest.raises(KeyError):
            s.screen.perform("fly")


@asynchronous
async def test_a_key_that_takes_no_count_drops_it_and_what_was_said() -> None:
    async with opened() as s:
        await s.press("up", "3", "v")
        assert not s.screen.pending
        await s.press("n")
        assert s.debugger.step == 1


@asynchronous
async def test_a_row_is_all_that_a_key_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is put in the table is in the footer, the help and the palette, and takes its count."""
    done: list[tuple[int, bool]] = []

    def greet(desk: DeskScreen, count: Count) -> None:
        done.append((count, count.typed))
        desk.say("good morning")
        desk.show()

    row = Key("greet", ("H",), "say good morning", "Other", greet, "greet", counted=True)

    class Greeting(DebuggerScreen):
        BINDINGS = [binding(row)]  # noqa: RUF012

    monkeypatch.setattr(app, "DebuggerScreen", Greeting)
    async with opened(size=(200, 100), config=Config(rows=(*KEYS, row))) as s:
        assert "H greet" in s.footer
        await s.press("H")
        await s.press("1", "2", "H")
        assert done == [(1, False), (12, True)]
        assert "good morning" in s.footer
        await s.press("question_mark")
        assert "say good morning" in s.text
        await s.press("escape")
        found = {command.title: command for command in s.app.get_system_commands(s.app.screen)}
        assert found[row.text].help == "key H"
        found[row.text].callback()
        assert done[2:] == [(1, False)]


def test_no_class_has_more_than_two_bases_of_ours() -> None:
    for found in walk_packages(backprop_tui.__path__, "backprop_tui."):
        if not found.name.endswith("__main__"):
            for own in vars(import_module(found.name)).values():
                if isinstance(own, type) and own.__module__ == found.name:
                    ours = [base for base in own.__bases__ if base.__module__.startswith("backprop_tui")]
                    assert len(ours) <= 2, own
