"""The equations of an update: settings at their defaults fold away, and what is left gives the same numbers."""

import numpy as np
import pytest

from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, variables
from backprop_tui.engine.training import update_statements
from backprop_tui.engine.training.update_statements import slots, updates
from backprop_tui.formula.values.element import evaluate
from backprop_tui.formula.writing.printer import source as source_of

W = {"W": Variable(Role.PARAMETER, "W", 1, "W")}


def equations(optimizer: str, **settings: Value) -> dict[str, str]:
    found = updates(optimizer, OPTIMIZERS[optimizer].defaults | settings, W, {"W": "g"})
    return {statement.name: source_of(statement.tree) for statement in found}


def test_momentum_is_what_textbooks_write() -> None:
    assert equations("sgd", momentum=0.9) == {"m_W": "momentum * m_W + g", "W": "W - eta * m_W"}


def test_a_setting_that_is_not_at_its_default_stays() -> None:
    found = equations("sgd", momentum=0.9, dampening=0.5)["m_W"]
    assert found == "where(t == 1, g, momentum * m_W + (1 - dampening) * g)"


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_folded_gives_the_same_bits(optimizer: str, momentum: float, monkeypatch: pytest.MonkeyPatch) -> None:
    row = OPTIMIZERS[optimizer]
    settings = row.defaults | ({"momentum": momentum} if "momentum" in row.settings else {})
    folded = updates(optimizer, settings, W, {"W": "g"})
    monkeypatch.setattr(update_statements, "idle", lambda *_: {})
    monkeypatch.setattr(update_statements, "without_first", lambda tree, _: tree)
    whole = updates(optimizer, settings, W, {"W": "g"})
    assert [one.name for one in folded] == [one.name for one in whole]

    random = np.random.default_rng(7)
    known = ("W", "g", "t", *variables(settings), "eta")
    starts = {name: row.starts.get(name.split("_")[0], 0.0) for name in slots(whole, known)}
    kept = {name: np.full((2, 3), 0.0 if isinstance(start, str) else start) for name, start in starts.items()}
    for t in (1, 2, 3):
        numbers = variables(settings) | {"eta": 0.1, "t": float(t)}
        values = {name: np.array(number) for name, number in numbers.items()} | kept
        values |= {"W": random.normal(size=(2, 3)), "g": random.normal(size=(2, 3))}
        both = [dict(values), dict(values)]
        for ours, theirs in zip(folded, whole, strict=True):
            for run, statement in zip(both, (ours, theirs), strict=True):
                run[statement.name] = evaluate(statement.tree, run)
            assert np.array_equal(both[0][ours.name], both[1][ours.name])
        kept = {name: both[1][name] for name in kept}
