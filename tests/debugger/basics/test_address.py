"""Addresses of scalars: read as people type them, printed as the screen shows them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address, first, read_address
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.scenario import Scenario
from tests.debugger.scenarios import article, scenarios
from tests.engine.networks import Case

SYMBOLS = Program.of(article().network).symbols
BATCH = Program.of(Case(("relu", "tanh", "identity"), "half-squared-error", batch=5).network()).symbols
SHARES, MANY_SHARES = (
    Program.of(Case(("softmax",), "half-squared-error", batch=batch, units=(2,)).network()).symbols for batch in (1, 5)
)

# what is typed; the address; and as the screen writes it
READ = [
    (SYMBOLS, "W1[0,1]", Address("W1", (0, 1)), "W₁[0,1]"),
    (SYMBOLS, "W₁[0,1]", Address("W1", (0, 1)), "W₁[0,1]"),
    (SYMBOLS, " W1 [ 0 , 1 ] ", Address("W1", (0, 1)), "W₁[0,1]"),
    (SYMBOLS, "W1[1]", Address("W1", (1, 0)), "W₁[1,0]"),
    (SYMBOLS, "W1", Address("W1", (0, 0)), "W₁[0,0]"),
    (SYMBOLS, "h[1]", Address("h1", (1, 0)), "h[1]"),
    (SYMBOLS, "h1[1]", Address("h1", (1, 0)), "h[1]"),
    (SYMBOLS, "h[1,0]", Address("h1", (1, 0)), "h[1]"),
    (SYMBOLS, "x[2]", Address("x", (2, 0)), "x[2]"),
    (SYMBOLS, "L", Address("L"), "L"),
    (SYMBOLS, "loss", Address("L"), "L"),
    (SYMBOLS, "η", Address("eta"), "η"),
    (SYMBOLS, "ŷ", Address("y_hat", (0, 0)), "ŷ[0]"),
    (SYMBOLS, "δ₂[0]", Address("delta2", (0, 0)), "δ₂[0]"),
    (SYMBOLS, "∂L/∂W₁[1,2]", Address("dL_dW1", (1, 2)), "∂L/∂W₁[1,2]"),
    (SYMBOLS, "dW1[1,2]", Address("dL_dW1", (1, 2)), "∂L/∂W₁[1,2]"),
    (SYMBOLS, "f′(z₁)[1]", Address("dh1_dz1", (1, 0)), "f′(z₁)[1]"),
    (SYMBOLS, "∂ŷ/∂z₂[0]", Address("dy_hat_dz2", (0, 0)), "∂ŷ/∂z₂[0]"),
    (BATCH, "h₁[1,3]", Address("h1", (1, 3)), "h₁[1,3]"),
    (BATCH, "h2[1]", Address("h2", (1, 0)), "h₂[1,0]"),
    (BATCH, "b1[1]", Address("b1", (1, 0)), "b₁[1]"),
    (BATCH, "∂L/∂h₁[2,4]", Address("dL_dh1", (2, 4)), "∂L/∂h₁[2,4]"),
    (SHARES, "∂ŷ/∂z₁[0,1]", Address("dy_hat_dz1", (0, 0, 1)), "∂ŷ/∂z₁[0,1]"),
    (SHARES, "dy_hat_dz1[0,0,1]", Address("dy_hat_dz1", (0, 0, 1)), "∂ŷ/∂z₁[0,1]"),
    (SHARES, "dy_hat_dz1", Address("dy_hat_dz1", (0, 0, 0)), "∂ŷ/∂z₁[0,0]"),
    (MANY_SHARES, "∂ŷ/∂z₁[4,0,1]", Address("dy_hat_dz1", (4, 0, 1)), "∂ŷ/∂z₁[4,0,1]"),
    (MANY_SHARES, "dy_hat_dz1[4]", Address("dy_hat_dz1", (4, 0, 0)), "∂ŷ/∂z₁[4,0,0]"),
]

ERRORS = [
    ("", "not an expression"),
    ("\n", "not an expression"),
    ("nope", "there is no variable 'nope'"),
    ("W3[0,0]", "there is no variable"),
    ("1", "there is no variable '1'"),
    ("W1 + 1", "there is no variable 'W1 + 1'"),
    ("(W1\n+ 1)", r"there is no variable '(W1\n+ 1)'"),
    ("W1[0]\x0c+ 1", r"there is no variable 'W1[0]\x0c+ 1'"),
    ("W1[0][1]", "there is no variable"),
    ("W1[0,3]", "W1 is 2×3, and indices count from 0"),
    ("W1[2,0]", "W1 is 2×3, and indices count from 0"),
    ("W1[1e300]", "W1 is 2×3"),
    ("W1[-1,0]", "W1 has 2 indices, such as W1[0,0]"),
    ("W1[0.5,0]", "W1 has 2 indices, such as W1[0,0]"),
    ("W1[0,1,0]", "W1 has 2 indices, such as W1[0,0]"),
    ("W1[b1]", "W1 has 2 indices, such as W1[0,0]"),
    ("L[0]", "L is one number, and takes no index"),
    ("W1[0:1]", "not part of the language"),
    ("W1[True]", "not part of the language"),
    ("W1[0,", "not an expression"),
    ("W1[\x1b[2J]", "not an expression"),
    ("'\x1b[2J'", "not part of the language"),
    ("W1.T[0]", "there is no variable"),
    ("W1.tofile('x')", "not part of the language"),
    ("__import__('os')", "there is no function"),
    ("W1[" * 100, "not an expression"),
    ("x" * 501, "longer than 500 characters"),
]


@pytest.mark.parametrize(("symbols", "typed", "address", "shown"), READ)
def test_reading_and_showing(symbols: Symbols, typed: str, address: Address, shown: str) -> None:
    assert read_address(typed, symbols) == address
    assert address.shown(symbols) == shown


@pytest.mark.parametrize(("typed", "message"), ERRORS, ids=lambda part: repr(part)[:20])
def test_what_names_no_scalar_is_one_line(typed: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_address(typed, SYMBOLS)
    said = str(caught.value)
    assert message in said
    assert said.isprintable()
    assert len(said) < 150


@given(scenarios)
def test_every_scalar_can_be_written_and_read_back(scenario: Scenario) -> None:
    program = Program.of(scenario.network)
    for name, shape in program.shapes.items():
        assert first(name, shape).at == (0,) * len(shape)
        for at in product(*map(range, shape)):
            address = Address(name, at)
            for written in (str(address), address.shown(program.symbols), address.plain(program.symbols)):
                assert read_address(written, program.symbols) == address
            assert str(address).isascii()
            assert address.plain(program.symbols).isascii()


PARTS = [
    "W1",
    "W₁",
    "h",
    "∂L/∂W₁",
    "L",
    "[",
    "]",
    ",",
    "0",
    "1",
    "-",
    " ",
    "\n",
    "(",
    ")",
    ".T",
    "ᵀ",
    "²",
    "x",
    "'",
    "~",
]


@given(st.text(max_size=8) | st.lists(st.sampled_from(PARTS), max_size=7).map("".join))
def test_any_text_is_an_address_or_one_line(text: str) -> None:
    try:
        address = read_address(text, SYMBOLS)
    except ExpressionError as error:
        said = str(error)
    else:
        assert read_address(str(address), SYMBOLS) == address
        shape = SYMBOLS.shapes[address.name]
        assert all(place < extent for place, extent in zip(address.at, shape, strict=True))
        return
    assert said.isprintable()
