"""The derived text, pinned: a change of a rule shows here as the difference that a reader of the screen would see.

`UPDATE_GOLDEN=1 pytest tests/engine/program/test_golden.py` writes the files anew; look at what git then says.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backprop_tui.engine.program.program import Program
from tests.engine.networks import Case, article
from tests.engine.options import NETWORKS, everywhere

FOLDER = Path(__file__).with_name("golden")
GOLDEN = {
    "article": article,
    "three-layers-batch": Case(("tanh", "relu", "sigmoid"), "binary-cross-entropy", batch=5).network,
    "three-layers-sum": Case(("sigmoid", "identity", "tanh"), "half-squared-error", "sum", batch=5).network,
    "adam": lambda: NETWORKS["adam everything"],
    "clipped-penalised": lambda: NETWORKS["together"],
    "batch-norm": lambda: NETWORKS["batch norm at a stable loss"],
    "layer-norm-dropout": lambda: everywhere(norm="layer", hidden={"dropout": 0.2}),
    "softmax-classes": Case(("tanh", "softmax"), "categorical-cross-entropy", batch=5).network,
    "softmax-hidden": Case(("softmax", "log-softmax"), "output", batch=5).network,
    "one-layer-two-outputs": Case(("identity",), "half-squared-error").network,
}


def lines(program: Program) -> Iterator[str]:
    """Stages as headings; a line for each operation, in symbols and as code."""
    stage = ""
    for operation in program.operations:
        if operation.stage != stage:
            stage = operation.stage
            yield f"\n{stage}"
        yield f"  {operation.symbol} = {operation.formula}"
        if operation.computed_as:
            yield f"      computed as {operation.computed_as}"
        yield f"      {operation.code}{'  (when looked at)' if operation.lazy else ''}"


@pytest.mark.parametrize("name", GOLDEN)
def test_the_derived_text(name: str) -> None:
    text = "\n".join(lines(Program.of(GOLDEN[name]()))).strip() + "\n"
    file = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_file_is_left_over() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(GOLDEN)
