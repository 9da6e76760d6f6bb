"""What is private of Textual and textual-plot is used in one file each, which says what version that was tried with."""

import ast
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import walk_packages
from types import FunctionType, ModuleType

import pytest

from backprop_tui import tui
from backprop_tui.tui.terminal import textual_plot_private, textual_private

PRIVATE = (textual_private, textual_plot_private)
OTHERS = {"_exit", "_replace"}  # of os, and of named tuples: both are documented


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def modules() -> Iterator[ModuleType]:
    """All that may use nothing private."""
    found = (import_module(one.name) for one in walk_packages(tui.__path__, f"{tui.__name__}."))
    return (module for module in found if module not in PRIVATE)


@pytest.mark.parametrize(("library", "module"), zip(("textual", "textual-plot"), PRIVATE, strict=True))
def test_the_version_that_is_installed_was_tried(library: str, module: ModuleType) -> None:
    tried = module.TRIED_WITH
    assert version(library).startswith(f"{tried}."), f"look through {module.__name__}, and then change TRIED_WITH"
    assert f"{tried};" in (module.__doc__ or "")


def test_private_names_are_our_own() -> None:
    """A private name that is used is made in the package, and none is imported from Textual."""
    made, used = set(OTHERS), {}
    for module in modules():
        for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8"))):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    made.add(name)
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    made.add(name)
                case ast.Attribute(attr=name) if is_private(name):
                    used[name] = module.__name__
                case ast.ImportFrom(module=str(source), names=names) if source.startswith("textual"):
                    assert not [one.name for one in names if is_private(one.name)], module.__name__
    assert not {name: where for name, where in used.items() if name not in made}


def test_nothing_private_of_theirs_is_overridden() -> None:
    """Not even by chance, by a name of ours that they have too."""
    for module in modules():
        for own in vars(module).values():
            if isinstance(own, type) and own.__module__ == module.__name__:
                theirs = {name for base in own.__mro__ if base.__module__.startswith("textual") for name in vars(base)}
                ours = {name for name, made in vars(own).items() if is_private(name) and isinstance(made, FunctionType)}
                assert not ours & theirs, own
