"""The derivation on programs that hypothesis makes: right, complete, and nothing too much."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings

from backprop_tui.engine.statements.derive import Derivation
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, ExpressionError, Name, call, names, number, walk
from backprop_tui.formula.values.element import shape
from backprop_tui.formula.writing.printer import source
from tests.engine.differences import Values, assert_slopes, execute, slopes
from tests.engine.programs import FITTED, USABLE, RandomProgram, applied, programs


def derive(program: RandomProgram) -> list[Statement]:
    shapes = {name: np.shape(v) for name, v in program.values.items()}
    return Derivation(program.statements, "L", program.leaves, shapes).run()


def written(text: str, leaves: Iterable[str], **start: object) -> RandomProgram:
    """A program from lines of `name = formula`."""
    statements = [Statement(n.strip(), parse(f)) for n, _, f in (line.partition("=") for line in text.split(";"))]
    values: Values = {name: np.asarray(value, dtype=float) for name, value in start.items()}
    return RandomProgram(statements, tuple(leaves), execute(statements, values))


COLUMN, MATRIX = [[0.3], [-0.7]], [[0.5, -0.2], [1.1, 0.4]]
DEAD = written("v0 = exp(u0); L = sum(u0)", ["u0"], u0=COLUMN)
SAME_NAME = written("L = exp(u0)", ["u0"], u0=0.5)
SIGNS = written("v0 = sign(u0); v1 = v0 * u1; L = sum(v1) + sum(u1)", ["u0", "u1"], u0=COLUMN, u1=COLUMN)
NOTHING_FLOWS = written("v0 = sign(u0); L = sum(v0)", ["u0"], u0=COLUMN)
TWO_MINUSES = written("v0 = -(-u0 * -u1); L = -sum(v0)", ["u0", "u1"], u0=COLUMN, u1=COLUMN)
UNREAD = written("L = sum(u0)", ["u0", "u1"], u0=COLUMN, u1=MATRIX)
SHADOWED = written("v0 = sum(u0); v1 = v0 * u0; L = mean(v1)", ["u0"], u0=MATRIX)
BENT = written("v0 = u0 - u0; v1 = elu(v0); v2 = elu(v1); L = sum(v2)", ["u0"], u0=MATRIX)  # at 0 the curvature jumps
WITH_THREE_AXES = written("v0 = abs(diag(u0)); v1 = abs(v0); L = norm(v1 - 3)", ["u0"], u0=MATRIX)
INNER = written("v0 = u0 * u0; v1 = exp(v0); L = sum(v1) + sum(v0)", ["v0", "u0"], u0=COLUMN)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs())
@example(DEAD)
@example(SAME_NAME)
@example(SIGNS)
@example(NOTHING_FLOWS)
@example(TWO_MINUSES)
@example(UNREAD)
@example(SHADOWED)
@example(INNER)
@example(BENT)
@example(WITH_THREE_AXES)
def test_gradients_are_slopes_and_no_more_is_computed(program: RandomProgram) -> None:
    statements = derive(program)
    check_form(program, statements)
    values = execute(statements, program.values)
    gradients = {f"dL_d{leaf}": leaf for leaf in program.leaves}
    gradients |= {f"dL_d{s.name}": s.name for s in program.statements}
    assume(all(np.abs(values[name]).max() < 1e3 for name in gradients if name in values))
    for name, variable in gradients.items():
        if name in values:
            assert_slopes(values[name], slopes(program.statements, program.values, variable), name, 1e-5)


def test_what_is_repeated_along_a_stack_has_the_sum_of_what_flows_there() -> None:
    program = written("v0 = diag(abs(u0)); v1 = abs(diag(u0.T)); L = norm(v0 + v1 - 3)", ["u0"], u0=COLUMN)
    values = execute(derive(program), program.values)
    assert_slopes(values["dL_du0"], slopes(program.statements, program.values, "u0"), "u0")


@pytest.mark.parametrize("name", sorted(FITTED))
def test_each_primitive_that_needs_operands_of_its_own(name: str) -> None:
    """On its example, beside what reads its operands otherwise; and on a stack of such operands."""
    row = PRIMITIVES[name]
    stacks: list[tuple[int, ...]] = [()]
    if not row.flat and "sum_" not in name and "put" not in name and "each" not in name:
        stacks.append((2,))
    for stack in stacks:
        start: dict[str, Any] = {}
        for place, one in enumerate(row.example):
            if isinstance(one, tuple):
                random = np.random.default_rng(place + 7)
                start[f"u{place}"] = random.normal(size=(*stack, *one) if place == 0 or not stack else one)
        ids = CLASSES.get(name)
        if ids is not None:
            start[f"u{ids}"] = np.random.default_rng(3).integers(0, 3, start[f"u{ids}"].shape).astype(float)
        operands = (Name(f"u{k}") if isinstance(one, tuple) else number(one) for k, one in enumerate(row.example))
        tree = Call(name, tuple(operands))
        try:
            shape(tree, {key: np.shape(value) for key, value in start.items()})
        except ExpressionError:
            continue
        leaves = tuple(key for place, key in enumerate(start) if place != ids)
        squares = [parse(f"sum({key} ** 2)") for key in start]
        statements = [
            Statement("v0", tree),
            Statement("L", call("add", parse("sum(v0 ** 3)"), *squares or [number(0)])),
        ]
        program = RandomProgram(statements, leaves, execute(statements, start))
        values = execute(derive(program), program.values)
        for variable in leaves:
            expected = slopes(statements, program.values, variable)
            assert_slopes(values[f"dL_d{variable}"], expected, f"{name}: {variable}")


CLASSES = {
    **dict.fromkeys(("lookup", "put", "lookup_rows", "put_rows", "lookup_each", "put_each"), 1),
    **dict.fromkeys(("hot", "hot_rows"), 0),
}


def check_form(program: RandomProgram, statements: list[Statement]) -> None:
    """One gradient per variable, each leaf's among them; written once and read after; of its shape; nothing in vain."""
    all_names = [*program.values, *(s.name for s in statements)]
    assert len(set(all_names)) == len(all_names), "single assignment"
    shapes = {name: np.shape(v) for name, v in program.values.items()}
    for statement in statements:
        assert set(names(statement.tree)) <= shapes.keys(), "read before it is written"
        shapes[statement.name] = shape(statement.tree, shapes)
        variable = statement.name.removeprefix("dL_d")
        if statement.name.startswith("dL_d") and variable in program.values:
            assert shapes[statement.name] == np.shape(program.values[variable])
    wanted = {f"dL_d{leaf}" for leaf in program.leaves}
    assert wanted <= shapes.keys(), "a leaf without a gradient"
    for statement in reversed(statements):
        assert statement.name in wanted, f"{statement.name} reaches no leaf"
        wanted |= set(names(statement.tree))


@pytest.mark.parametrize("form", ["a statement", "nested"])
@pytest.mark.parametrize("name", USABLE)
def test_each_primitive_beside_what_is_broadcast_against_it(name: str, form: str) -> None:
    """So that none depends on hypothesis coming across it."""
    rest = parse("sum(u0 * u1)")
    checked = 0
    for own in (0.9, [[0.9]], COLUMN, [[0.8, -0.6]], [[0.35, -0.3], [0.9, 0.7]]):
        operands = (Name("u1"), Name("u0"), Name("u1"))[-max(1, len(PRIMITIVES[name].parameters)) :]
        start = {"u0": np.array(MATRIX), "u1": np.array(own)}
        tree = applied(name, *operands)
        try:
            shape(tree, {key: np.shape(value) for key, value in start.items()})
        except ExpressionError:
            continue
        checked += 1
        if form == "nested":
            statements = [Statement("L", call("add", call("mean", tree), rest))]
        else:
            statements = [Statement("v0", tree), Statement("L", call("add", parse("sum(v0 * v0)"), rest))]
        program = RandomProgram(statements, ("u0", "u1"), execute(statements, start))
        found = derive(program)
        check_form(program, found)
        values = execute(found, program.values)
        for variable in ("u0", "u1"):
            expected = slopes(statements, program.values, variable)
            assert not np.isnan(expected).any()
            assert_slopes(values[f"dL_d{variable}"], expected, f"{name}: {variable}")
    assert checked


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        (DEAD, ["dL_du0 = fill(1, u0)"]),
        (SAME_NAME, ["dL_du0 = L"]),
        (NOTHING_FLOWS, ["dL_du0 = fill(0, u0)"]),
        (UNREAD, ["dL_du0 = fill(1, u0)", "dL_du1 = fill(0, u1)"]),
        (SHADOWED, ["dL_dv1 = fill(1 / size(v1), v1)", "dL_dv0 = sum(dL_dv1 * u0)", "dL_du0 = dL_dv0 + dL_dv1 * v0"]),
        (
            written("z = W @ x + b; h = tanh(z); L = sum(h) / samples(h)", ["W", "b"], W=MATRIX, x=MATRIX, b=COLUMN),
            [
                "dL_dh = fill(1 / samples(h), h)",
                "dh_dz = 1 - h ** 2",
                "dL_dz = dL_dh * dh_dz",
                "dL_dW = dL_dz @ x.T",
                "dL_db = sum_samples(dL_dz)",
            ],
        ),
        (
            written("z = W * x; L = sum(z) + 2 * sum(W ** 2)", ["W"], W=COLUMN, x=MATRIX),
            ["dL_dz = fill(1, z)", "dL_dW = sum_samples(dL_dz * x) + 4 * W"],
        ),
    ],
)
def test_how_a_gradient_is_written(program: RandomProgram, lines: list[str]) -> None:
    assert [f"{s.name} = {source(s.tree)}" for s in derive(program)] == lines


def test_the_rules_name_their_operands_and_primitives() -> None:
    for row in PRIMITIVES.values():
        for text in (*row.vjp, row.derivative, row.jacobian):
            if not text:
                continue
            read = {*names(parse(text))}
            assert read <= {"g", "ans", *row.parameters}, row.name
            assert not {n.function for n in walk(parse(text)) if isinstance(n, Call)} & {"reduce"}
        assert len(row.vjp) in (0, len(row.parameters)), row.name
        assert not (row.vjp and row.derivative), f"{row.name}: one or the other"


def test_every_primitive_has_a_rule() -> None:
    without = {name for name, row in PRIMITIVES.items() if not (row.vjp or row.derivative)}
    assert without <= {"reduce"}
