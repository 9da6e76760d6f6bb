"""Names and symbols: what is shown can be typed, and is understood."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.writing.symbols import Symbols

COLUMN = (2, 1)


def net(layers: int) -> Symbols:
    """The variables of a net with so many layers."""
    found: dict[str, tuple[int, ...]] = {"x": COLUMN, "y": COLUMN, "eta": (), "L": (), "dL_dy_hat": COLUMN}
    for k in range(1, layers + 1):
        output = "y_hat" if k == layers else f"h{k}"
        matrices = (f"W{k}", f"dL_dW{k}")
        columns = (f"b{k}", f"dL_db{k}", f"z{k}", f"delta{k}", output, f"dL_d{output}", f"d{output}_dz{k}")
        found |= dict.fromkeys(matrices, (2, 2)) | dict.fromkeys(columns, COLUMN)
    return Symbols(found)


ONE, TWO, TWELVE = net(2), net(3), net(12)
NETS = {"one hidden layer": ONE, "two hidden layers": TWO, "ten layers and more": TWELVE}
nets = pytest.mark.parametrize("symbols", [pytest.param(s, id=name) for name, s in NETS.items()])


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("x", "x"),
        ("y_hat", "ŷ"),
        ("W1", "W₁"),
        ("z2", "z₂"),
        ("L", "L"),
        ("eta", "η"),
        ("dL_dy_hat", "∂L/∂ŷ"),
        ("dy_hat_dz2", "∂ŷ/∂z₂"),
        ("delta2", "δ₂"),
        ("dL_dW2", "∂L/∂W₂"),
        ("h1", "h"),
        ("dL_dh1", "∂L/∂h"),
        ("dh1_dz1", "f′(z₁)"),
        ("dL_dx", "∂L/∂x"),
        ("m_W1", "m(W₁)"),
    ],
)
def test_the_symbols_of_the_contract(name: str, symbol: str) -> None:
    assert ONE.symbol(name) == symbol


def test_with_two_hidden_layers_none_of_them_is_h() -> None:
    assert [TWO.symbol(name) for name in ("h1", "dL_dh2", "dh2_dz2")] == ["h₁", "∂L/∂h₂", "f′(z₂)"]
    assert [TWO.resolve(typed) for typed in ("h", "dh", "dL_dh", "∂L/∂h")] == [None] * 4
    assert TWELVE.symbol("dL_dW12") == "∂L/∂W₁₂"


@nets
def test_every_name_and_symbol_resolves_to_its_variable(symbols: Symbols) -> None:
    assert len({symbols.symbol(name) for name in symbols.shapes}) == len(symbols.shapes)
    for name in symbols.shapes:
        assert symbols.resolve(name) == name
        assert symbols.resolve(f" {symbols.symbol(name)} ") == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("loss", "L"),
        ("dW1", "dL_dW1"),
        ("db1", "dL_db1"),
        ("dh1", "dL_dh1"),
        ("dh", "dL_dh1"),
        ("h", "h1"),
        ("dL_dh", "dL_dh1"),
        ("dy_hat", "dL_dy_hat"),
        ("dh_dz1", "dh1_dz1"),
        ("dloss_dW1", "dL_dW1"),
        ("dW3", None),
        ("W", None),
        ("d", None),
        ("", None),
        ("dL_d", None),
        ("dd", None),
        ("None", None),
        ("dNone_dx", None),
    ],
)
def test_short_forms(typed: str, name: str | None) -> None:
    assert ONE.resolve(typed) == name


@given(st.text(max_size=40) | st.text("d_LWh1z₁∂/", max_size=40))
@example("d" * 100_000)
@example("da_" * 30_000)
@example("da_d" * 30_000 + "-")
def test_anything_may_be_asked_for(typed: str) -> None:
    assert ONE.resolve(typed) in {None, *ONE.shapes}


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("W₁[0,1]", "W1[0,1]"),
        ("δ₂", "delta2"),
        ("abs(δ₁) > η·2", "abs(delta1) > eta*2"),
        ("W₁ᵀ @ x", "W1.T @ x"),
        ("∂L/∂W₂ − ∂ŷ/∂z₂", "dL_dW2 - dy_hat_dz2"),
        ("∂L/∂h ⊙ f′(z₁)", "dL_dh1 * dh1_dz1"),
        ("ŷ²", "y_hat**2"),
        ("W1[0, 1] + delta2", "W1[0, 1] + delta2"),
    ],
)
def test_symbols_are_turned_into_names(typed: str, expression: str) -> None:
    assert ONE.ascii(typed) == expression
    parse(ONE.ascii(typed))


@nets
def test_every_symbol_can_stand_in_an_expression(symbols: Symbols) -> None:
    for name in symbols.shapes:
        read = names(parse(symbols.ascii(f"3 * {symbols.symbol(name)} + 1")))
        assert tuple(map(symbols.resolve, read)) == (name,)


@pytest.mark.parametrize(
    ("name", "at", "address"),
    [("W1", (0, 1), "W₁[0,1]"), ("x", (2, 0), "x[2]"), ("h1", (1, 0), "h[1]"), ("L", (), "L")],
)
def test_addresses(name: str, at: tuple[int, ...], address: str) -> None:
    assert ONE.address(name, at) == address


def test_a_batch_adds_the_sample_to_an_address() -> None:
    assert Symbols({"h1": (4, 5), "h2": (4, 5)}).address("h1", (1, 3)) == "h₁[1,3]"


def test_names_that_people_give() -> None:
    own = ("W_h", "h1", "a2_1", "alpha", "beta_t", "W_long", "y_hat", "s", "logit_maxes")
    shapes = dict.fromkeys((*own, "dL_dW_h", "dL_dW_h@2", "delta_h1", "m_W_h"), (2, 2))
    symbols = Symbols(shapes, own=own, slots={"m_W_h": ("m", "W_h")})
    assert [symbols.symbol(name) for name in own] == ["Wₕ", "h₁", "a₂¸₁", "α", "βₜ", "W_long", "ŷ", "s", "logit_maxes"]
    parts = {"dL_dW_h@2": "∂L/∂Wₕ|₂", "delta_h1": "δ(h₁)", "m_W_h": "m(Wₕ)", "dL_dW_h": "∂L/∂Wₕ"}
    for name, symbol in parts.items():
        assert symbols.symbol(name) == symbol
        assert symbols.resolve(symbol) == symbols.resolve(name) == name
    assert symbols.symbol("abs(dL_dW_h@2) > 0") == "abs(dL_dW_h@2) > 0"
    assert symbols.resolve(symbols.ascii("∂L/∂Wₕ|₂")) == "dL_dW_h@2"
