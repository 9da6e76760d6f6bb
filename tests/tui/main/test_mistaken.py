"""A mistaken run on the screen, beside the right one: both values where they differ, and the first that does."""

import re

import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis
from tests.sampled import crossed
from tests.tui.harness import Session, asynchronous, network, opened

SIZES = [(80, 24), (120, 36), (200, 60)]


def words(text: str) -> str:
    return " ".join(text.split())


async def typed(s: Session, line: str) -> None:
    await s.press("colon", *line, "enter")


@pytest.mark.parametrize("size", SIZES)
@asynchronous
async def test_both_values_where_they_differ(size: tuple[int, int]) -> None:
    async with opened(mistake="updates-first", size=size) as s:
        assert "≠ updates-first" in s.status
        assert "beside it runs the same with a mistake: the output weights are" in words(s.pane("equation"))
        await s.press("1", "1", "n")
        said = words(s.pane("equation"))
        assert "≠ updates-first: ∂L/∂h = W₂ᵀδ₂ = [−0.3843 0.6858], with the new W₂" in said
        line = next(row for row in s.pane("program").splitlines() if "▶11" in row)
        assert "≠ [−0.38" in line
        assert "0.7685 ≠ 0.6858" in s.pane("network")


@asynchronous
async def test_the_first_number_that_differs_is_marked() -> None:
    async with opened(mistake="updates-first") as s:
        await s.press("1", "0", "n")
        assert "◆" not in s.text
        assert "updates-first: the same formula, the same here" in words(s.pane("equation"))
        await s.press("n")
        assert "◆ first differs here: ∂L/∂h[1] 0.7685 ≠ 0.6858" in words(s.pane("equation"))
        await s.press("n")
        assert "◆11" in s.pane("program")
        await s.press("f")
        assert "◆ first differs at step 11: ∂L/∂h[1]" in words(s.pane("equation"))
        await s.press("i")
        assert "◆" not in s.pane("program")  # it was an iteration ago


@pytest.mark.parametrize(("size", "ascii_only"), crossed(3, SIZES, (False, True)))
@asynchronous
async def test_the_graph_marks_it_too(size: tuple[int, int], ascii_only: bool) -> None:
    """At the node that it is a number of; both values of what differs stand there, or a mark where room is short."""
    first, other = ("# dL_dh1[1]", "!") if ascii_only else ("◆ ∂L/∂h[1]", "≠")
    async with opened(mistake="updates-first", size=size, ascii_only=ascii_only) as s:
        await s.press("V", "1", "0", "n")
        before = s.pane("network")
        assert first not in before
        assert other not in before
        await s.press("3", "n")
        graph = s.pane("network")
        assert graph.count(first) == 1
        assert size == (80, 24) or other in graph
        if size == (200, 60):
            assert f"0.7685{other}0.6858" in graph
        await s.press("3", "N")
        assert s.pane("network") == before
        await s.press("2", "i", "3", "n")
        assert first not in s.pane("network")  # it was in another iteration
        assert size == (80, 24) or other in s.pane("network")


@asynchronous
async def test_a_parameter_in_the_graph_is_another_after_its_update() -> None:
    async with opened(mistake="gradient-ascent", size=(200, 60), at="1:b2") as s:
        await s.press("V")
        assert "● W₂ [0.5 −1] " in s.pane("network")
        assert "◆ W₂[0,1] −0.8924≠−1.1076" in s.pane("network")
        assert "b₂ 0.2769≠0.1231" in s.pane("network")


@asynchronous
async def test_a_sample_that_a_short_batch_lacks_is_no_trouble_to_the_graph() -> None:
    async with opened("minibatch", mistake="two-left-out", size=(200, 60), at="2:z1") as s:
        short = next(i for i in range(1, 9) if s.debugger.program.shapes_at(i) != s.debugger.program.shapes)
        s.screen.select(Address("z1", (0, s.debugger.program.feed.size - 1)))
        await s.press("V", "g", *f"{short}:z1", "enter")
        assert "≠" in s.pane("network")


@asynchronous
async def test_an_edited_number_that_is_given_may_be_the_first_that_differs() -> None:
    async with opened("mazur", mistake="float32", size=(200, 60), at="1:z1") as s:
        await s.press("V")
        s.debugger.assign("b2", 0.1)
        s.screen.show()
        await s.press("n", "n")
        assert s.pane("network").count("◆") == 1


@asynchronous
async def test_the_loss_with_the_new_parameters_is_written_in_full() -> None:
    async with opened(mistake="updates-first", ascii_only=True, at="b1") as s:
        line = next(row for row in s.pane("program").splitlines() if "1.0792" in row)
        assert line.split() == ["L", "after", "it", "1.4633", "->", "1.0792", "!", "1.1012"]


@asynchronous
async def test_the_table_has_a_column_more() -> None:
    async with opened(mistake="updates-first", size=(200, 60), at="W1") as s:
        rows = {line.split()[0]: line for line in s.pane("parameters").replace("▸", " ").splitlines() if line.strip()}
        assert rows["value"].split() == ["value", "gradient", "change", "after", "printed", "mistaken"]
        assert "≠ 0.6314" in rows["W₁[1,0]"]
        assert rows["W₁[0,0]"].split()[-3:] == ["0.2", "✓", "="]
        assert "≠ ∂0.6858" in rows["b₁[1]"]
        await s.press("n")
        assert "≠ 1.4633 → 1.1012 with the mistake" in words(s.pane("equation"))
        assert "1.4633 → 1.0792 ≠ 1.1012" in words(s.pane("program"))


@asynchronous
async def test_what_a_mistaken_run_has_keeps_its_digits_in_a_narrow_table() -> None:
    async with opened(mistake="updates-first", size=(120, 36), at="dL_dW1") as s:
        assert "≠ ∂−1.0288" in s.pane("parameters")


@asynchronous
async def test_the_wrong_formula_is_shown() -> None:
    async with opened(mistake="bias-sign-flipped", at="z2", size=(200, 60)) as s:
        assert "≠ bias-sign-flipped: z₂ = W₂h − b₂ = −2" in words(s.pane("equation"))


def warned(s: Session, pane: str) -> list[str]:
    """The numbers of a pane that are in the colour of what is wrong."""
    wrong = s.screen.paint.bad.color
    found: list[str] = [""]
    for line in s.cells(s.panes[pane]):
        for character, style in line:
            if style.color == wrong and character not in "│┃":
                found[-1] += character
            elif found[-1]:
                found.append("")
        found.append("")
    return [text.strip() for text in found if re.search(r"\d", text)]


@pytest.mark.parametrize(("size", "wrong"), [((120, 36), "0.6858"), ((200, 60), "0.6858")])
@asynchronous
async def test_only_what_is_mistaken_is_in_the_colour_of_what_is_wrong(size: tuple[int, int], wrong: str) -> None:
    async with opened(mistake="updates-first", at="1:dL_dh1", size=size) as s:
        assert f"0.7685 ≠ {wrong}" in s.pane("network")
        weights = {"−1", "−1.0", "−0.5"}  # the labels of negative weights have the same colour
        assert set(warned(s, "network")) - weights == {wrong}
        assert set(warned(s, "equation")) == {wrong}
        assert {float(text) for text in warned(s, "program")} <= {0.6858, 0.686}
        assert warned(s, "program")
        cells = [cell for line in s.cells(s.panes["network"]) for cell in line]
        text = "".join(c for c, _ in cells)
        right = cells[text.index(f"0.7685 ≠ {wrong}")][1]
        assert right == s.screen.paint.drawing.delta_chips[Emphasis.FRESH]
        await s.press("V")
        assert all(float(text) == pytest.approx(0.6858, abs=5e-3) for text in warned(s, "network"))


@asynchronous
async def test_a_right_value_keeps_its_own_colour() -> None:
    async with opened(mistake="bias-left-out", at="1:z1", size=(200, 60)) as s:
        await s.press("2", "N", "n")
        cells = [cell for line in s.cells(s.panes["network"]) for cell in line]
        at = "".join(c for c, _ in cells).index("1.4000 ≠ ")
        assert cells[at][1] == s.screen.paint.drawing.chips[Emphasis.FRESH]
        assert cells[at + len("1.4000 ≠ ")][1].color == s.screen.paint.drawing.odd.color


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@asynchronous
async def test_what_differs_never_reads_the_same(size: tuple[int, int]) -> None:
    """With fewer digits than it takes to tell two numbers apart, no two equal ones stand beside a ≠."""
    async with opened("mazur", mistake="updates-first", at="30", size=size) as s:
        assert "≠ …" in s.pane("network")
        assert "0.2835471 ≠ 0.2835474" in words(s.pane("program"))
        for key in ("plus", "tab"):
            assert re.search(r"(\S+) ≠ \1(?!\S)", s.text) is None
            await s.press(key)
        assert re.search(r"(\S+) ≠ \1(?!\S)", s.text) is None
    async with opened(mistake="gradients-kept", at="1:b1", size=size) as s:  # which begins in the next iteration
        assert "L with the new parameters 1.4633 → 1.0792" in words(s.pane("program"))
        assert "1.0792 ≠" not in words(s.text)
        assert "≠ 1.4633" not in words(s.text)


@asynchronous
async def test_what_differs_in_its_last_digits() -> None:
    async with opened(mistake="float32", at="z1", size=(200, 60)) as s:
        assert "−0.05 ≠ −0.050000004" in words(s.pane("equation"))
        assert "≠ Δ" in s.pane("parameters")


@asynchronous
async def test_a_matrix_is_told_by_its_first_number_where_there_is_no_room() -> None:
    async with opened(network(4, 5, 3, 2, batch=3), mistake="gradient-ascent", at="1:") as s:
        lines = [line for line in s.pane("program").splitlines() if "≠" in line]
        assert lines
        for line in lines[:-1]:
            before, _, after = line.partition(" ≠ ")
            assert after.strip() not in before, line


@asynchronous
async def test_both_losses_are_plotted() -> None:
    async with opened(mistake="updates-first") as s:
        await s.press("i", "i", "i", "p")
        assert "L, updates-first" in s.text
        await s.press("tab")
        assert "|∂L/∂W₁|, updates-first" in s.text
        await s.press("escape")
        await typed(s, "mistake off")
        await s.press("p")
        assert "updates-first" not in s.text


@asynchronous
async def test_the_word_turns_it_on_and_off() -> None:
    async with opened(at="L") as s:
        before = s.text
        await typed(s, "mistake bias-left-out")
        assert "beside it: the bias is left out (bias-left-out)" in s.footer
        assert "≠ bias-left-out" in s.status
        assert "≠ 1.8" in words(s.pane("program"))  # the formula has the first claim on the line
        await typed(s, "mistake bias-left-ou")
        assert "did you mean" in s.text
        await s.press("escape")
        await typed(s, "mistake off")
        assert "the right run alone" in s.footer
        await s.press("N", "n")
        assert s.text == before


@asynchronous
async def test_in_ascii() -> None:
    async with opened(mistake="updates-first", at="delta1", ascii_only=True) as s:
        assert s.text.isascii()
        assert "! updates-first" in s.status
        assert "# first differs at step 11: dL_dh1[1] 0.7685 ! 0.6858" in words(s.pane("equation"))


@asynchronous
async def test_a_mistake_that_a_picked_scenario_cannot_have() -> None:
    async with opened(None, mistake="betas-swapped") as s:
        s.app.open("article")
        await s.settle()
        assert "betas-swapped changes nothing here" in s.text
        assert load("article").title


@asynchronous
async def test_steps_go_on_as_ever() -> None:
    async with opened(mistake="gradient-ascent") as s:
        await s.press("3", "0", "i", "c", "C", "G", "f", "N", "home", "end")
        assert "≠ gradient-ascent" in s.status
