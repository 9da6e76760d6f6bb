"""What holds for every program: its order, single assignment, read-only values, and one way to run it."""

import warnings
from collections.abc import Callable
from functools import cache, partial
from string import ascii_letters
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.on_demand import on_demand, textbook
from backprop_tui.engine.program.operation import AFTER, Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.timeline.edited_program import edited_program
from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.writing.definitions import definitions
from backprop_tui.formula.writing.printer import source
from tests.engine.networks import CASES, Case, article
from tests.engine.options import NETWORKS
from tests.sampled import some

UNLIMITED = Limits(100_000, 10_000, 1_000)
DEEP = Case(("tanh", "relu", "tanh", "sigmoid"), "binary-cross-entropy", batch=5)
PROGRAMS: dict[str, Callable[[], Any]] = {name: case.network for name, case in CASES.items()}
PROGRAMS |= {"article": article, "deep": DEEP.network} | {name: partial(NETWORKS.get, name) for name in NETWORKS}


@cache
def made(name: str) -> Program:
    return Program.of(PROGRAMS[name]())


@pytest.fixture(params=[*some(CASES, 24), "article", "deep", *some(NETWORKS, 40)])
def program(request: pytest.FixtureRequest) -> Program:
    return made(request.param)


def bits(value: Any) -> bytes:
    """All of a value, so that −0 and 0 differ and a NaN is itself."""
    return np.asarray(value).tobytes()


def test_every_variable_is_written_once_and_read_after(program: Program) -> None:
    known = {*program.start, *program.counters}
    for operation in program.operations:
        assert operation.key not in known
        assert {*operation.keys.values()} <= known
        known.add(operation.key)
    assert len({operation.name for operation in program.operations}) == len(program.operations)


def test_updates_come_last_and_everything_before_reads_the_values_of_before(program: Program) -> None:
    stages = [operation.stage for operation in program.operations]
    first = len(stages) - stages.count("update")
    updated = program.network.trained() or any(layer.norm == "batch" for layer in program.network.layers)
    assert {*stages[first:]} == ({"update"} if updated else set())
    for operation in program.operations[:first]:
        assert not any(key.endswith(AFTER) for key in operation.keys.values())


def test_the_stages_go_down_the_layers(program: Program) -> None:
    network = program.network
    leaves = [*network.trained(), *(["x1"] if network.input_gradient else [])]
    trained = {int(name.lstrip(ascii_letters)) for name in leaves}
    backward = [
        f"{stage}{k}"
        for k in range(
            len(network.layers), min(trained, default=99) - 1, -1
        )  # no further down than something is trained
        for stage in ("delta", "gradients")
        if stage == "delta" or k in trained
    ]
    assert program.stages == ("forward", "loss", *backward, *(["update"] if network.trained() or program.slots else []))


def test_every_parameter_has_one_gradient_and_one_update(program: Program) -> None:
    for name in program.network.trained():
        start = program.parameters[name]
        gradient, update = program.by_name[f"dL_d{name}"], program.by_name[name]
        assert gradient.shape == update.shape == start.shape
        assert update.key == name + AFTER


def test_the_formulas_read_back(program: Program) -> None:
    for operation in program.operations:
        assert parse(source(operation.tree), UNLIMITED) == operation.tree
        if operation.stable is not None:
            assert parse(source(operation.stable), UNLIMITED) == operation.stable


def test_arrays_are_read_only_float64_of_the_shape_foretold(program: Program) -> None:
    for event in run(program, 2):
        for name, value in [(event.name, event.value), *event.inputs.items()]:
            assert value.dtype == np.float64
            assert value.shape == program.shapes[name]
            assert value.ndim == 0 or not value.flags.writeable
            with pytest.raises((ValueError, TypeError)):
                value[...] = 0


def test_what_was_given_is_copied() -> None:
    network = article()
    before = list(run(Program.of(network), 1))
    program = Program.of(network)
    network.x[...] = network.layers[0].weights[...] = 99
    for event, other in zip(before, run(program, 1), strict=True):
        assert bits(event.value) == bits(other.value)


def test_the_whole_iteration_is_its_operations_one_by_one(program: Program) -> None:
    frame = program.first()
    for _ in range(3):
        values = dict(frame)
        for operation in program.operations:
            values[operation.key] = operation.run(values)
        program.fill(frame)
        for operation in program.operations:
            assert bits(frame[operation.key]) == bits(values[operation.key]), operation.name
        frame = program.following(frame)


def test_a_lazy_value_is_what_its_formula_gives(program: Program) -> None:
    eager = program.fill(program.first())
    for operation in lazy(program):
        assert operation.key not in eager
        value = eager[operation.key]
        assert bits(value) == bits(operation.run(eager))
        assert eager[operation.key] is value


def test_lazy_is_what_nothing_that_runs_reads(program: Program) -> None:
    jumped = {name for operation in program.operations for name in operation.jumps}
    assert {operation.name for operation in lazy(program)} <= jumped
    values = dict(program.first())  # a dictionary that knows nothing of lazy values
    for operation in program.operations:
        if not operation.lazy:
            values[operation.key] = operation.run(values)


def lazy(program: Program) -> list[Operation]:
    return [operation for operation in program.operations if operation.lazy]


def test_two_runs_are_the_same_to_the_last_bit(program: Program) -> None:
    again = Program.of(program.network)
    for event, other in zip(run(program, 3), run(again, 3), strict=True):
        assert event.name == other.name
        assert bits(event.value) == bits(other.value)


def test_an_iteration_starts_from_what_the_last_one_ended_with(program: Program) -> None:
    frame = program.fill(program.first())
    following = program.following(frame)
    assert following.keys() == program.start.keys() | {*program.counters}
    for name in program.carried:
        assert following[name] is frame[name + AFTER]
    for name in program.constants.keys() - program.entering(2).keys():
        assert following[name] is program.start[name]


def test_a_key_is_where_a_value_lies_at_that_moment(program: Program) -> None:
    last = len(program.operations) - 1
    for operation in program.operations:
        before = program.key(operation.name, operation.index - 1)
        assert before == (operation.name if operation.name in program.start else None)
        assert program.key(operation.name, operation.index) == program.key(operation.name, last) == operation.key
    assert program.key("x", -1) is None
    assert program.key("x", 0) == "x"
    if "eta" in program.constants:
        assert program.key("eta", -1) == "eta"
    assert program.key("nothing", last) is None


def test_every_line_of_code_runs_on_its_own(program: Program) -> None:
    """The lines of the listing, in their order after `import numpy as np`, are the iteration."""
    namespace: dict[str, Any] = dict(program.first()) | {"np": np}
    exec("\n".join(definitions(operation.code for operation in program.operations)), namespace)
    frame = program.fill(program.first())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in program.operations:
            exec(operation.code, namespace)
            assert bits(namespace[operation.name]) == bits(frame[operation.key]), operation.code


def variants(program: Program) -> dict[str, Program]:
    """The article's program in every other form."""
    edits = [(0, Edit(1, "z1", (0, 0), 1.0))]
    return {
        "on demand": on_demand(program),
        "some on demand": on_demand(program, but=program.above(program.carried)),
        "textbook": textbook(program),
        "mistaken": Mistaken.of(program, Slip.of(MISTAKES["bias-left-out"])).program,
        "edited": edited_program(program, edits),
        "given": edited_program(program, (), ["y"]),
    }


def test_a_variant_is_made_of_the_same_parts_and_leaves_the_program_alone() -> None:
    program = Program.of(article())
    program.fill(program.first())  # all that is worked out once is
    before = {o.key: (o.tree, o.stable, o.keys, o.lazy) for o in program.operations}
    for name, variant in variants(program).items():
        for part in ("network", "shapes", "variables", "symbols", "parameters", "slots", "constants", "feed"):
            assert getattr(variant, part) is getattr(program, part), (name, part)
        assert (variant.by_name.keys(), variant.carried) == (program.by_name.keys(), program.carried)
        assert all(variant.by_key[o.key] is variant.by_name[o.name] is o for o in variant.operations)
        assert variant.following(variant.fill(variant.first())).program is variant.plain
        with pytest.raises(AttributeError):
            variant.operations = ()  # type: ignore[misc]
    assert before == {o.key: (o.tree, o.stable, o.keys, o.lazy) for o in program.operations}


def test_what_a_variant_differs_in() -> None:
    program = Program.of(article())
    found = variants(program)
    assert {name for name, one in found.items() if one.versions} == {"edited"}
    assert {name for name, one in found.items() if one.plain is program} == {"edited", "given"}
    assert {name for name, one in found.items() if one.statements != program.statements} == {"mistaken"}
    assert not any(o.stable for o in found["textbook"].operations)
    eager = [o.name for o in found["some on demand"].operations if not o.lazy]
    assert eager == [o.name for o in program.operations if not o.lazy and o.name != "L"]
    (version,) = found["edited"].versions
    assert found["edited"].key("z1", 0) == version.key
    assert found["edited"].fill(found["edited"].first())[version.key][0, 0] == 1.0
    assert program.key("z1", 0) == version.old == "z1"


def test_settings_are_variables_and_no_number_of_them_is_in_a_formula() -> None:
    found, *_ = article().statements()
    assert not any("0.1" in source(statement.tree) for statement in found)
    assert "eta" in Program.of(article()).start
