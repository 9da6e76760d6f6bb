"""What a command does not need, it does not import."""

import subprocess
import sys

import pytest


def packages_imported_by(*arguments: str) -> set[str]:
    """The top-level names that `backprop-tui ARGUMENTS` imports in a Python of its own."""
    command = [sys.executable, "-X", "importtime", "-m", "backprop_tui", *arguments]
    run = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    # import time:       113 |        113 |   collections.abc
    modules = [line.rpartition("|")[2].strip() for line in run.stderr.splitlines()]
    packages = {module.partition(".")[0] for module in modules}
    assert "backprop_tui" in packages
    return packages


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_neither_numpy_nor_textual(option: str) -> None:
    assert packages_imported_by(option) & {"msgspec", "numpy", "rich", "textual"} == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["trace", "article"],
        ["trace", "article", "--format", "jsonl"],
        ["gradcheck", "article"],
        ["scenarios"],
        ["schema"],
    ],
    ids=" ".join,
)
def test_commands_without_a_screen_import_no_textual(arguments: list[str]) -> None:
    assert packages_imported_by(*arguments) & {"rich", "textual"} == set()


def test_the_package_imports_no_textual() -> None:
    code = "import sys, backprop_tui as bt; bt.Debugger; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert set(run.stdout.split()) & {"rich", "textual"} == set()


def test_random_numbers_wait_until_something_is_drawn() -> None:
    code = "import sys, backprop_tui as bt; bt.Debugger(bt.load('article')).moment(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert not {module for module in run.stdout.split() if module.startswith("numpy.random")}


FIRST_KEY = """
import asyncio, gc, sys
from backprop_tui.scenario import load
from backprop_tui.tui.app import BackpropApp

async def steps():
    app = BackpropApp(load("article"))
    async with app.run_test(size=(120, 36)) as pilot:
        while not gc.get_freeze_count():  # the last thing that it does
            await pilot.pause(0.01)
        before = {*sys.modules}
        await pilot.press("n", "n")
        await app.workers.wait_for_complete()
        print(*sorted(name for name in {*sys.modules} - before if name.startswith("backprop_tui")))

asyncio.run(steps())
"""


def test_the_first_key_imports_nothing() -> None:
    """What it needs is imported when the first frame is there: a key would wait for it."""
    run = subprocess.run([sys.executable, "-c", FIRST_KEY], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []


FIRST_FRAME = """
import asyncio, sys
from backprop_tui.scenario import load
from backprop_tui.tui.app import NEEDED, BackpropApp

async def start():
    app = BackpropApp(load("article"))
    frames, display = [], app._display

    def _display(screen, update):
        if update is not None and not app._batch_count:
            frames.append({*NEEDED} & {*sys.modules})
        display(screen, update)

    app._display = _display
    async with app.run_test(size=(120, 36)) as pilot:
        while "backprop_tui.debugger.audit.audit" not in sys.modules:  # when it rests, long after
            await pilot.pause(0.01)
        print(len(frames), *sorted(frames[0]))

asyncio.run(start())
"""


def test_the_first_frame_is_drawn_once_and_waits_for_nothing_that_only_a_key_needs() -> None:
    run = subprocess.run([sys.executable, "-c", FIRST_FRAME], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["1"]
