"""What is shown as NumPy runs when it is pasted after `import numpy as np`."""

import inspect
import warnings
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.writing.definitions import DEFINED, definitions
from backprop_tui.scenario import bundled, load

VALUES = np.array([[0.0, -1.2345678, 2.5], [0.5, 30.0, -0.0]])


def bits(value: Any) -> tuple[tuple[int, ...], bytes]:
    return np.shape(value), np.asarray(value).tobytes()


def pasted(lines: tuple[str, ...]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec("\n".join(("import numpy as np", *lines)), namespace)
    return namespace


@pytest.mark.parametrize("name", [name for name, _ in bundled()])
def test_every_operation_of_every_bundled_scenario(name: str) -> None:
    program = Program.of(load(name).network)
    frame = program.fill(program.first())
    namespace = pasted(definitions(operation.code for operation in program.operations))

    def run(operation: Operation) -> Any:
        scope = namespace | {name.replace("@", "_at_"): frame[key] for name, key in operation.keys.items()}
        exec(operation.code, scope)
        return scope[operation.name.replace("@", "_at_")]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in program.operations:
            assert bits(run(operation)) == bits(frame[operation.key]), operation.code


@pytest.mark.parametrize("name", DEFINED)
def test_a_definition_alone_is_the_function_that_is_run(name: str) -> None:
    function = DEFINED[name]
    own = pasted(definitions([f"y = {name}(a)"]))[name]
    row = PRIMITIVES[name]
    if row.example:
        operands: list[Any] = [np.ones(one) if isinstance(one, tuple) else one for one in row.example]
    else:
        operands = [VALUES, 3 + 0 * VALUES][: len(inspect.signature(function).parameters)]
    with np.errstate(all="ignore"):
        assert bits(own(*operands)) == bits(function(*operands))


def test_a_variable_called_as_what_the_code_needs_is_written_in_another_way() -> None:
    model = """
np = a + b
ratio = exp(np) / (1 + exp(np))
spread = -mean(a * log(ratio) + (1 - a) * log(1 - ratio))
np_ = spread * float
L = sum(np_)
"""
    parameters = {"a": [0.5, 0.25], "b": [2.0, 1.0], "float": 2.0}
    program = Program.of(
        load(
            {
                "format": 1,
                "model": {"forward": model, "parameters": parameters},
                "optimizer": {"name": "sgd", "learning_rate": 0.1},
            }
        ).network
    )
    frame = program.fill(program.first())
    codes = [operation.code for operation in program.operations]
    scope = pasted(definitions(codes)) | {"a": frame["a"], "b": frame["b"], "float_": frame["float"], "eta": 0.1}
    exec("\n".join(codes), scope)
    assert bits(scope["np__"]) == bits(frame["np_"])
    assert bits(scope["a"]) == bits(frame[program.by_name["a"].key])


def test_there_are_none_where_none_is_needed_and_each_once() -> None:
    assert definitions(["y = np.exp(a)", "z = y @ W1"]) == ()
    twice = definitions(["y = softmax(a)", "z = ratio(-y, softmax(b))"])
    assert [line for line in twice if line.startswith("def ")] == ["def softmax(a):", "def ratio(a, b):"]
