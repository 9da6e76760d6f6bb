"""What TOML is refused, where, and what is said of values as Python and NumPy print them."""

import pytest

from backprop_tui.scenario.format.toml_reader import DOTS, MOST, TomlError, read_toml


@pytest.mark.parametrize("sign", MOST)
def test_what_takes_too_long_is_refused_at_once(sign: str) -> None:
    with pytest.raises(TomlError, match=f"^has more than {MOST[sign][0]:,} {MOST[sign][1]}") as raised:
        read_toml(sign * (MOST[sign][0] + 1))
    assert raised.value.place.line >= 1


@pytest.mark.parametrize("form", ["b{}.c.d.e.f = 1\n", "[b{}.c.d.e.f]\n", "x{} = {{a.b.c.d.e = 1}}\n"])
def test_tables_that_dotted_keys_make_have_a_limit(form: str) -> None:
    with pytest.raises(TomlError, match=f"^has more than {DOTS:,} dots in its keys") as raised:
        read_toml("".join(form.format(i) for i in range(DOTS // 4 + 1)))
    assert raised.value.place.line == DOTS // 4 + 1
    assert read_toml("a = [" + "1.25, " * 1000 + "]\nb.c.d = '" + "x.y.z" * DOTS + "'\n")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[0. 1.5]", "expected [0.0, 1.5]"),
        ("[[0. 1.]\n [2. 3.]]", "expected [[0.0, 1.0], [2.0, 3.0]]"),
        ("np.array([1, 2], dtype=float32)", "expected [1, 2]"),
        ("[1. 2. ... 9.]", "left out by NumPy"),
        ("1.e-03", "expected 1.0e-03"),
        ("True", "expected true"),
        ("[0.\x1f1]", "expected , or ]"),
        ("[1\x1e2]", "expected , or ]"),
        ("[1, 2\n[next]", "is never closed"),
        ("[1, [2]", "is never closed"),
        ("[1 x]", "expected , or ]"),
        ("2,5", "expected 2.5"),
        ("1/3", "has to be worked out"),
        ("10^-3", "has to be worked out"),
        ("[0.5, \u22120.5]", "has \u2212 before a number"),
        ("\u201cx\u201d", 'has \u201c, expected "'),
        ("hello", "is not a value: text stands in quotes, and it is 0.5 and true, not .5 and True"),
    ],
)
def test_a_value_as_it_was_printed(value: str, message: str) -> None:
    with pytest.raises(TomlError) as raised:
        read_toml(f"a = {value}\n")
    assert message in raised.value.message
    assert raised.value.message.isprintable()
