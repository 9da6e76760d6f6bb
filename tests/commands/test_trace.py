"""What trace and gradcheck answer where numbers are at the ends of their range, or where there are very many."""

import pytest

from backprop_tui.commands import FINE, FOUND
from tests.test_cli import ROOT, called

EXTREME = ROOT / "tests" / "data" / "extreme"
AGREES = "every gradient agrees"
# The files of that folder: the exit status of trace, a line of it, and the last line of gradcheck.
SMALL = {
    "denormal": (FINE, "      W₁ = 4.940656458e-324", AGREES),
    "explode": (FOUND, "   9  W₁ = W₁ − η ∂L/∂W₁ = -inf", f"{AGREES}, as far as can be told"),
    "nanstage": (FOUND, "   3  L = (ŷ − y)² = inf", f"{AGREES}, as far as can be told"),
    "gradcheck-bce": (FINE, "   6  δ₁ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₁ = [3.15255838e-16 0.0146561154]", AGREES),
}
LARGE = {
    "many-samples": "   5  L = −mean(y log ŷ + (1 − y) log(1 − ŷ)) = 0.6567067057",
    "wide-20000": "  10  ∂L/∂b₂ = Σ δ₂ = -0.0028473734",
}


@pytest.mark.parametrize("name", SMALL)
def test_numbers_at_the_ends_of_their_range(name: str) -> None:
    wanted, line, last = SMALL[name]
    file = str(EXTREME / f"{name}.toml")
    status, out, err = called("trace", file, "--iterations", "1")
    assert (status, err) == (wanted, "")
    assert line in out.splitlines()
    status, out, err = called("gradcheck", file)
    assert (status, err) == (FINE, "")
    assert out.splitlines()[-1] == last


@pytest.mark.parametrize("name", LARGE)
def test_very_many_numbers(name: str) -> None:
    status, out, err = called("trace", str(EXTREME / f"{name}.toml"), "--iterations", "1")
    assert (status, err) == (FINE, "")
    assert LARGE[name] in out.splitlines()


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LARGE)
def test_gradients_of_very_many_numbers(name: str) -> None:
    status, out, err = called("gradcheck", str(EXTREME / f"{name}.toml"))
    assert (status, err) == (FINE, "")
    assert out.splitlines()[-1] == AGREES


def test_each_file_is_tried() -> None:
    assert {path.stem for path in EXTREME.iterdir()} == {*SMALL, *LARGE}
