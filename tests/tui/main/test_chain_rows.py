"""The chain rule under the status line: what is done, what is being done, what is to come."""

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.chain_rule import links
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import load
from backprop_tui.tui.main.chain_rows import chain_strips
from backprop_tui.tui.main.status_line import STAGES, status_runs
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import size
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.debugger.scenarios import training
from tests.engine.options import NETWORKS
from tests.tui.harness import asynchronous, opened

PAINT = styles(THEMES[0])
LESSONS = ("article", "mazur", "softmax-iris", "vanishing-gradient")
WIDTHS = (60, 80, 120)


def view_of(debugger: Debugger, *, ascii_only: bool = False) -> View:
    return View(debugger.moment(), Notation(debugger.program.symbols, ascii=ascii_only), PAINT)


def rows(debugger: Debugger, width: int = 80, *, ascii_only: bool = False) -> list[str]:
    return [strip.text.rstrip() for strip in chain_strips(view_of(debugger, ascii_only=ascii_only), width)]


@pytest.mark.parametrize(
    ("at", "above", "below"),
    [
        (0, "x ─W₁→ z₁ ─ReLU→ h ─W₂→ z₂ ─σ→ ŷ ─BCE→ L", "∂L/∂W₁ = (W₂ᵀ (∂L/∂ŷ ⊙ ∂ŷ/∂z₂) ⊙ f′(z₁))xᵀ"),
        ("L", "ŷ ─BCE→ L 1.4633", "∂L/∂W₁ = (W₂ᵀ (∂L/∂ŷ ⊙ ∂ŷ/∂z₂) ⊙ f′(z₁))xᵀ"),
        ("dy_hat_dz2", "L 1.4633", "∂L/∂W₂ = (−4.32 ⊙ ∂ŷ/∂z₂)hᵀ"),
        ("dL_dW2", "L 1.4633", "∂L/∂W₂ = (−4.32 ⊙ 0.178)hᵀ"),
        ("dL_dh1", "L 1.4633", "∂L/∂W₁ = (W₂ᵀ (−4.32 ⊙ 0.178) ⊙ f′(z₁))xᵀ"),
        ("delta1", "L 1.4633", "∂L/∂W₁ = ([0.5 −1]ᵀ (−4.32 ⊙ 0.178) ⊙ f′(z₁))xᵀ"),
        ("dL_dW1", "L 1.4633", "∂L/∂W₁ = ([0.5 −1]ᵀ (−4.32 ⊙ 0.178) ⊙ [0 1])xᵀ"),
        ("W1", "L 1.4633", "∂L/∂W₁ = ([0.5 −1]ᵀ (−4.32 ⊙ 0.178) ⊙ [0 1])[1 0.5 −1.5]ᵀ"),
    ],
)
def test_the_article(at: int | str, above: str, below: str) -> None:
    debugger = Debugger(load("article"))
    debugger.seek(at)
    found = rows(debugger)
    assert above in found[0]
    assert found[1].removesuffix("done·now·to come").strip() == below


@pytest.mark.parametrize(
    ("at", "marked"), [("dL_dW1", "W₁"), ("W2", "W₂"), ("delta1", "z₁"), ("b1", "z₁"), ("dL_dh1", "h")]
)
def test_what_is_differentiated_by_or_updated_is_marked(at: str, marked: str) -> None:
    debugger = Debugger(load("article"))
    debugger.seek(at)
    above = chain_strips(view_of(debugger), 80)[0]
    assert [segment.text for segment in above if segment.style and segment.style.reverse] == [marked]


def test_a_long_chain_is_folded_about_the_operation() -> None:
    debugger, below = Debugger(load("vanishing-gradient")), ""
    for at, seen in (("z1", "x ─W₁→ z₁ ─σ→ h₁"), ("h4", "z₄ ─σ→ h₄"), ("delta6", "z₆ ─σ→ h₆"), ("dL_dh1", "z₁ ─σ→ h₁")):
        debugger.seek(at)
        above, below = rows(debugger)
        assert seen in above
        assert above.strip().startswith("x ")
        assert "L" in above.split("BCE→")[1]
        assert "…" in above
        assert len(below) <= 80
    assert "(W₂ᵀ" in below  # the factor of this operation, and those before it as the gradient that they are
    assert "δ" in below


def test_what_is_done_what_is_being_done_and_what_is_to_come_look_different() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("dL_dh1")
    _, below = chain_strips(view_of(debugger), 80)
    looks = {segment.text.strip(): segment.style for segment in below if segment.style}
    assert looks["−4.32"] == looks["0.178"] == PAINT.drawing.delta
    assert looks["W₂"].reverse
    assert looks["f′(z₁)"] == looks["x"] == PAINT.muted


def test_softmax_multiplies_with_its_matrix() -> None:
    debugger = Debugger(load("softmax-iris"))
    debugger.seek("delta1")
    assert "∂L/∂W₁ = ((∂ŷ/∂z₁)ᵀ ∂L/∂ŷ)xᵀ" in rows(debugger)[1]


def test_a_norm_is_one_factor() -> None:
    debugger = Debugger(training(NETWORKS["layer norm"]))
    debugger.seek("dL_dW1")
    above, below = rows(debugger, 160)
    assert "─layer norm→" in above
    assert below.startswith(" ∂L/∂W₁ = ")


def test_what_is_to_be_predicted_is_not_told() -> None:
    debugger = Debugger(load("article"))
    quiz = debugger.predict()
    assert rows(debugger)[1]
    view = View(quiz.moment(), Notation(debugger.program.symbols), PAINT)
    above, below = chain_strips(view, 80)
    assert above.text.strip() == "x ─?→ z₁ ─?→ h ─?→ z₂ ─?→ ŷ ─?→ L"
    assert below.text.strip() == ""


@pytest.mark.parametrize("name", LESSONS)
def test_every_step_fits_and_in_ascii_is_ascii(name: str) -> None:
    debugger = Debugger(load(name))
    for step in range(0, debugger.timeline.length + 1, 3):
        debugger.seek(step)
        for ascii_only in (False, True):
            for width in WIDTHS:
                strips = chain_strips(view_of(debugger, ascii_only=ascii_only), width)
                assert [strip.cell_length for strip in strips] == [width, width]
                assert not ascii_only or all(strip.text.isascii() for strip in strips)


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_in_the_status_line_moves_from_step_to_step(name: str, width: int) -> None:
    debugger = Debugger(load(name))
    places = set()
    for step in (*range(0, debugger.timeline.length + 1, 3), 3 * debugger.timeline.length):
        debugger.seek(step)
        left, right, _ = status_runs(view_of(debugger), "", "", width)
        places.add((size(left), size(right)))
        words = "".join(text for text, _ in left)
        assert all(any(word in words for word in stage) for stage in STAGES.values())
    ((left_cells, right_cells),) = places
    assert width - left_cells - right_cells >= 10  # the line of steps


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("width", [*WIDTHS, 200])
def test_the_stage_we_are_in_touches_nothing(name: str, width: int) -> None:
    debugger = Debugger(load(name))
    for step in range(debugger.timeline.length + 1):
        debugger.seek(step)
        cells = [(c, style) for text, style in status_runs(view_of(debugger), "", "", width).left for c in text]
        box = [place for place, (_, style) in enumerate(cells) if style.reverse]
        assert not box or cells[box[0] - 1][0] in " ▸"


@pytest.mark.parametrize("name", [*LESSONS, "xor", "digits"])
@pytest.mark.parametrize("width", [*WIDTHS, 200])
def test_what_the_colours_mean_is_said_at_every_step(name: str, width: int) -> None:
    debugger = Debugger(load(name))
    said = set()
    for step in range(debugger.timeline.length + 1):
        debugger.seek(step)
        strip = chain_strips(view_of(debugger), width)[1]
        if not strip.text.strip():
            continue
        said.add(strip.text[strip.text.rindex("done") :])
        lit = [segment.text for segment in strip if segment.style and segment.style.reverse]
        operation = debugger.moment().operation
        on_the_way_back = operation is not None and operation.variable.phase is Phase.BACKWARD
        assert on_the_way_back or lit != ["now"]  # and nothing else
    assert len(said) == 1
    assert said <= {"done · now · to come ", "done·now·to come "}


@pytest.mark.parametrize("name", ["convolution", "gpt-block", "lstm", "digits", "spirals"])
def test_the_iteration_is_said_and_a_short_name_is_not_cut(name: str) -> None:
    debugger = Debugger(load(name))
    debugger.advance()
    said = status_runs(view_of(debugger), "", "", 80)
    seen = said if links(debugger.program) else said[:2]  # what there is no room for stands beside the chain
    assert "iteration 1" in "".join(text for part in seen for text, _ in part)
    left, _, _ = status_runs(view_of(debugger), "", "", 60 if len(name) < 8 else 80)
    assert left[0][0] == f" {name}"


@asynchronous
async def test_the_rows_are_there_from_80x24_on_and_only_for_a_chain() -> None:
    for cells, there in (((80, 24), 2), ((120, 36), 2), ((79, 24), 0), ((80, 23), 0)):
        async with opened(size=cells) as s:
            assert s.screen.chain.rows == there
            assert ("─BCE→" in s.text) == bool(there)
