"""A batch, sample by sample: every pane shows the one that is asked for."""

import re

import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from tests.debugger.samples.test_epochs import FIVE
from tests.debugger.scenarios import training
from tests.sampled import crossed
from tests.tui.harness import DATA, Session, asynchronous, network, opened


def underlined(s: Session, pane: str) -> list[str]:
    """The texts in a pane that are underlined."""
    region = s.panes[pane].content_region
    found = []
    for row in s.cells()[region.y : region.bottom]:
        text = "".join(c if style.underline else "|" for c, style in row[region.x : region.right])
        found += [part.strip() for part in text.split("|") if part.strip()]
    return found


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-")) for text in texts]


@asynchronous
async def test_its_column_stands_out_in_matrices() -> None:
    async with opened(network(3, 2, 1, batch=4), size=(200, 60)) as s:
        for sample in (0, 1, 3):
            s.debugger.show_sample(sample)
            await s.press("N", "n")
            x, z = s.debugger["x"][:, sample], s.debugger["z1"][:, sample]
            assert sorted(numbers(underlined(s, "equation"))) == pytest.approx(sorted([*x, *z]), abs=1e-3)
    async with opened(network(3, 2, 1)) as s:
        await s.press("n")
        assert underlined(s, "equation") == []


@asynchronous
async def test_a_column_beyond_the_corner_is_shown() -> None:
    async with opened(network(3, 2, 1, batch=30), size=(200, 60)) as s:
        await s.press("n", "2", "0", "greater_than_sign")
        z = s.debugger["z1"][:, 20]
        assert numbers(underlined(s, "equation"))[-2:] == pytest.approx(z, abs=1e-3)


@asynchronous
async def test_selecting_moves_the_sample_and_the_sample_moves_the_selection() -> None:
    async with opened(network(3, 2, 1, batch=4)) as s:
        await s.press("n")
        s.screen.select(Address("z1", (1, 2)))
        await s.settle()
        assert "sample 3/4" in s.status
        await s.press("less_than_sign")
        assert s.debugger.selection == Address("z1", (1, 1))
        assert "sample 2/4" in s.status


@asynchronous
async def test_what_a_sample_adds_to_a_gradient() -> None:
    async with opened(network(3, 2, 1, batch=4), size=(200, 60)) as s:
        s.debugger.seek("1:delta2")
        await s.press("n", "greater_than_sign")
        found = s.debugger.per_sample("dL_dW2")
        shown = s.pane("equation")
        assert "sample 2/4 adds δ₂[:,1]h[:,1]ᵀ = " in shown
        for value in found[1].ravel():
            assert s.screen.notation.number(float(value)) in shown
    async with opened(network(3, 2, 1), size=(200, 60)) as s:
        s.debugger.seek("1:dL_dW2")
        await s.press("N", "n")
        assert "adds" not in s.pane("equation")


@asynchronous
async def test_the_numbers_put_in_for_a_samples_part_are_its_own() -> None:
    async with opened(network(3, 12, 12, 1, batch=3), size=(120, 60)) as s:
        s.debugger.seek("1:dL_db2")
        await s.press("N", "n")
        _, _, part = s.pane("equation").partition("sample 1/3 adds ")
        assert "δ₂[:,0]" in part
        shown = re.findall(r"⎡ *([^ ⎤]+) *⎤", part)
        assert shown == [s.screen.notation.number(float(s.debugger["delta2"][0, 0]))] * 2


@asynchronous
async def test_a_penalty_is_no_samples_and_a_batch_norm_ties_them() -> None:
    async with opened(load(DATA / "norm-batch.toml"), size=(200, 60)) as s:
        s.debugger.seek("1:dL_dW1")
        await s.press("N", "n")
        assert "a batch norm ties the samples together" in s.pane("equation")
    async with opened(load(DATA / "regularization.toml"), size=(200, 60)) as s:
        s.debugger.seek("1:dL_dW1")
        await s.press("N", "n")
        several = s.debugger.moment().samples > 1
        assert ("belongs to no sample" in s.pane("equation")) == several


@asynchronous
async def test_masks_are_rows_of_the_table() -> None:
    async with opened(load(DATA / "dropout.toml"), size=(200, 60)) as s:
        s.debugger.seek("1:h1")
        await s.press("n")
        for sample in range(s.debugger.moment().samples):
            for unit, kept in enumerate(s.debugger["mask1"][:, sample]):
                assert re.search(rf"mask₁\[{unit},{sample}\] +{kept:.4f}", s.pane("parameters"))
            await s.press("greater_than_sign")


@asynchronous
async def test_running_statistics_are_rows_of_the_table() -> None:
    async with opened(load(DATA / "norm-batch.toml"), size=(200, 60)) as s:
        s.debugger.seek("1:running_mu1")
        await s.press("N", "n")
        value = float(s.debugger["running_mu1"][0, 0])
        assert re.search(rf"running\(μ₁\)\[0\] .*{value:.4f}".replace("-", "−"), s.pane("parameters"))


@pytest.mark.parametrize(("size", "ascii_only"), crossed(3, [(60, 15), (80, 24), (120, 36)], (False, True)))
@asynchronous
async def test_a_short_batch_shows_what_it_has(size: tuple[int, int], ascii_only: bool) -> None:
    async with opened(training(FIVE, 9), size=size, ascii_only=ascii_only) as s:
        await s.press("greater_than_sign")
        for _ in range(3 * s.debugger.timeline.length):
            await s.press("n")
            moment = s.debugger.moment()
            assert moment.sample == min(1, moment.samples - 1)
            shown = f"sample {moment.sample + 1}/{moment.samples}"
            assert shown in s.frame_below("network")
        assert np.isfinite(s.debugger["W1"]).all()
