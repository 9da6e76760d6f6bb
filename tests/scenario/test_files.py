"""The scenarios of tests/data: each valid one loads, each invalid one says exactly what its .txt says.

Adding a pair of files adds a test. A file's name is that of the rule it breaks, or of what it shows.
"""

from pathlib import Path

import numpy as np
import pytest

from backprop_tui.debugger.meaning.sentence import row_of
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.scenario import ScenarioError, load, parse
from backprop_tui.scenario.checking import rules
from backprop_tui.scenario.format.conformance import BOUNDS
from backprop_tui.scenario.format.problem import listing
from backprop_tui.scenario.format.schema import NAMES

DATA = Path(__file__).parents[1] / "data"
VALID = sorted((DATA / "valid").glob("*.toml"))
INVALID = sorted((DATA / "invalid").glob("*.toml"))


def expected(path: Path) -> str:
    """What a file's .txt says; `{activations}` stands there for the names in that table, and so on, `{before hinge}`
    for the activations that a loss takes."""
    text = path.with_suffix(".txt").read_text("utf-8")
    for table, rows in NAMES.items():
        text = text.replace(f"{{{table}}}", listing(rows))
    for loss in LOSSES.values():
        text = text.replace(f"{{before {loss.name}}}", listing(loss.takes))
    return text


EXPECTED = {path.stem: expected(path) for path in INVALID}


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", VALID, ids=by_name)
def test_a_valid_file_loads(path: Path) -> None:
    scenario = load(path)
    assert scenario.name == path.stem
    assert scenario.path == path
    assert scenario.network.layers
    program = Program.of(scenario.network)
    for event in run(program, 2):
        assert np.isfinite(event.value).all()
        assert row_of(event.operation), event.name


@pytest.mark.parametrize("path", INVALID, ids=by_name)
def test_an_invalid_file_says_what_is_wrong(path: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        parse(path.read_bytes(), path.name, path)
    assert f"{raised.value}\n" == EXPECTED[path.stem]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_an_invalid_file(rule: rules.Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule, some file says less than it should."""
    monkeypatch.setattr(rules, "RULES", [other for other in rules.RULES if other is not rule])
    assert any(problems(path) != EXPECTED[path.stem] for path in INVALID)


@pytest.mark.parametrize("word", BOUNDS)
def test_every_bound_has_an_invalid_file(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(BOUNDS, word)
    assert any(problems(path) != EXPECTED[path.stem] for path in INVALID)


def problems(path: Path) -> str:
    try:
        parse(path.read_bytes(), path.name, path)
    except ScenarioError as error:
        return f"{error}\n"
    except Exception as error:  # noqa: BLE001  a file that loads without a rule may break what follows
        return repr(error)
    return ""
