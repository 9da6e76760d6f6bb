"""Trying an input of one's own: what is typed is evaluated, and beside it stands what training computes."""

import re

import pytest
from rich.cells import cell_len

from backprop_tui.formula.writing.numbers import format_number
from backprop_tui.scenario import Scenario, parse
from backprop_tui.tui.shared.scroll_area import Area
from tests.sampled import crossed
from tests.scenario.data.test_datasets import FILE
from tests.tui.harness import asynchronous, opened
from tests.tui.hostile import HOSTILE

DATA = """
dataset = "iris"
held_out = 0.2
[training]
batch_size = 10
epochs = 20
shuffle = true
"""


def iris(layer: str = 'norm = "batch"\ndropout = 0.2') -> Scenario:
    """A network with a batch norm and dropout in front of three outputs."""
    hidden = f'[[network.layers]]\nunits = 5\nactivation = "relu"\ninit = "he-normal"\n{layer}\n[[network.layers]]'
    text = FILE.format(data=DATA, inputs=4, outputs=3, activation="sigmoid", loss="binary-cross-entropy")
    return parse(text.replace("[[network.layers]]", hidden, 1).encode(), "iris.toml")


@asynchronous
async def test_it_begins_with_the_sample_that_is_shown() -> None:
    async with opened(iris()) as s:
        await s.press("9", "n", "t")
        x = s.debugger["x"][:, 0]
        assert f"x = {' '.join(f'{value:g}' for value in x)} = " in s.text
        assert "sample 1/10" in s.text
        found = s.debugger.evaluate(x)
        assert all(format_number(value) in s.text for value in found.y_hat[:, 0])


@asynchronous
async def test_what_differs_from_training_is_said() -> None:
    async with opened(iris()) as s:
        await s.press("f", "t")
        assert "μ₁ = mean(z₁)  only in training" in s.text
        assert "c₁ = z₁ − running(μ₁)" in s.text
        assert "in training z₁ − μ₁ = [" in s.text
        assert "drop₁ = mask₁ ⊙ h/(1 − p₁)  only in training" in s.text
        assert "in training W₂drop₁ + b₂ = [" in s.text
        assert "the forward half, nothing dropped, with running statistics" in s.text
    async with opened("xor") as s:  # which has neither
        await s.press("f", "t")
        assert "the forward half " in s.text
        assert "nothing dropped" not in s.text
        assert "running statistics" not in s.text


@asynchronous
async def test_where_nothing_differs_nothing_is_said() -> None:
    async with opened("xor") as s:
        await s.press("f", "t")
        assert "σ(z₂)" in s.text
        assert "in training" not in s.text


@asynchronous
async def test_after_the_update_training_is_of_other_parameters() -> None:
    async with opened(iris()) as s:
        s.debugger.seek("1:y_hat")
        await s.press("t")
        assert "in training = [" in s.text
        await s.press("escape", "end", "t")
        assert "the forward half, with the new parameters, nothing dropped" in s.text
        assert "in training z₁ − μ₁" in s.text
        assert "in training = [" not in s.text


@asynchronous
async def test_own_inputs() -> None:
    async with opened(iris()) as s:
        await s.press("t")
        await s.type("5.1 3.5 1.4 0.2")  # in the place of the sample that is shown
        found = s.debugger.evaluate([5.1, 3.5, 1.4, 0.2])
        assert "what was typed" in s.text
        assert f"{found.y_hat[0, 0]:.4f}" in s.text
        assert "which is right" not in s.text
        predicted = s.debugger.scenario.classes[int(found.y_hat[:, 0].argmax())]
        await s.type(f" = {predicted}")
        assert f"predicted {predicted}, which is right, L = " in s.text


@asynchronous
async def test_what_is_wrong_is_said_and_what_was_right_stays() -> None:
    async with opened(iris()) as s:
        await s.press("t")
        before = s.text.splitlines()[1:5]
        await s.press("end")
        await s.type(" rose")
        assert "there is no class" in s.text
        assert s.text.splitlines()[1:5] == before
        await s.press("ctrl+u")
        await s.type("1 2 x")
        assert "x has 3 numbers, expected 4 (the inputs)" in s.text
        await s.press("escape")
        assert not s.in_dialog


@asynchronous
async def test_it_ends_what_is_under_way() -> None:
    async with opened(iris()) as s:
        await s.press("9", "9", "9", "9", "9", "c", "t")
        step = s.debugger.step
        assert not s.travelling
        await s.press("a")
        assert s.debugger.step == step < 99999 * s.debugger.timeline.length


@asynchronous
async def test_accuracy_and_confusion_of_what_is_held_out() -> None:
    async with opened(iris()) as s:
        await s.press("c")
        await s.wait_for(lambda: s.debugger.step == s.debugger.last_step)
        await s.press("t")
        held_out = s.debugger.evaluate_held_out()
        assert held_out.accuracy is not None
        assert held_out.confusion is not None
        right = round(30 * held_out.accuracy)
        assert f"{right} of 30 right ({100 * right / 30:.1f}%)" in s.text
        for name, counts in zip(s.debugger.scenario.classes, held_out.confusion.tolist(), strict=True):
            assert re.search(rf"{name} +{' +'.join(map(str, counts))}\b", s.text)


@pytest.mark.parametrize(("size", "ascii_only"), crossed(2, [(60, 15), (80, 24), (120, 36), (200, 60)], (False, True)))
@asynchronous
async def test_at_every_size_all_can_be_reached(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(iris(), size=size, ascii_only=ascii_only) as s:
        await s.press("5", "n", "t")
        seen = ""
        for _ in range(8):
            assert all(cell_len(row) == size[0] for row in s.rows)
            assert not ascii_only or s.text.isascii()
            seen += s.text
            await s.press("pagedown")
        assert "held out: L = " in seen
        assert "L = -mean(" in seen.replace("−", "-")
        area = s.app.screen.query_one(Area)
        assert area.top == max(0, len(area.strips) - area.size.height)
        await s.resize(100, 30)
        await s.press("up", "down")
        assert all(cell_len(row) == 100 for row in s.rows)


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE)
@asynchronous
async def test_hostile_classes_are_shown_as_text(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    cell = '"' + text.replace('"', '""').replace("\x00", "") + 'x"'
    (folder / "a.csv").write_text(f"{cell},b,c\n1,2,{cell}\n2,1,ok\n", "utf-8", "surrogatepass")
    data = FILE.format(data='csv = "a.csv"', inputs=2, outputs=2, activation="sigmoid", loss="binary-cross-entropy")
    async with opened(parse(data.encode(), "a.toml", folder / "a.toml")) as s:
        await s.press("t", "down", "escape", "n")
        for row in s.rows:
            assert cell_len(row) == 120
            assert row.isprintable()


@asynchronous
async def test_without_targets_there_are_none_to_type() -> None:
    text = FILE.format(data="x = [1, 2]", inputs=2, outputs=1, activation="tanh", loss="output")
    async with opened(parse(text.encode(), "output.toml")) as s:
        await s.press("n", "t")
        assert "x = 1 2 " in s.text
        found = s.debugger.evaluate([1, 2])
        assert f"ŷ = {format_number(float(found.y_hat[0, 0]))}" in s.text
