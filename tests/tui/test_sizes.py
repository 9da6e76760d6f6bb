"""Every size of terminal, and resizing at any moment; and any keys in any order."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from rich.cells import cell_len
from textual.events import Paste

from backprop_tui.debugger.basics.address import Address
from backprop_tui.scenario import load
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.shared.pane_layout import PANES, SMALLEST, Arrangement, Rows, arrange
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, network, opened

SIZES = [(60, 15), (79, 24), (80, 23), (80, 24), (100, 30), (119, 40), (120, 29), (120, 30), (120, 36), (200, 60)]
TOO_SMALL = [(59, 15), (60, 14), (30, 3), (10, 40), (2, 2), (1, 1)]


def check_frame(s: Session, size: tuple[int, int]) -> None:
    """The screen is exactly as large as the terminal, and no pane leaves it or hides another."""
    strips = s.strips
    assert len(strips) == size[1]
    for strip in strips:
        assert cell_len(strip.text) == size[0], strip.text
    regions = list(s.screen.arrangement.regions.values())
    for place, region in enumerate(regions):
        assert s.screen.region.contains_region(region)
        assert not any(region.overlaps(other) for other in regions[place + 1 :])


def seen_at(width: int, height: int) -> int:
    """How many panes are seen: all of them, three, or one; none below the smallest size. Where there are three, a note
    may take the place of one.
    """
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return 0
    if width >= 120 and height >= 30:
        return 4
    return 3 if width >= 80 and height >= 24 else 1


@pytest.mark.parametrize("size", some(SIZES, 4))
@asynchronous
async def test_sizes(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        for step in range(21):
            check_frame(s, size)
            assert seen_at(*size) - len(s.seen()) in ((0, 1) if seen_at(*size) == 3 and s.notes else (0,))
            assert "article" in s.status
            assert f"step {step}" in s.status
            assert s.footer.rstrip().endswith(("? help", "q quit"))
            await s.press("n")


@pytest.mark.parametrize("size", some(SIZES, 4))
@asynchronous
async def test_every_pane_can_be_reached(size: tuple[int, int]) -> None:
    async with opened(size=size, at="8") as s:
        met = set(s.seen())
        for name in PANES:
            await s.press("tab")
            check_frame(s, size)
            assert s.app.focused is s.panes[name]
            assert name in s.seen()
            is_bare = name in s.screen.arrangement.bare
            assert is_bare or s.panes[name].title in s.frame(name)
            assert s.pane(name).strip()
            met |= set(s.seen())
            if seen_at(*size) < 4:
                deck = s.screen.arrangement.deck(name)
                assert is_bare or all(s.panes[other].title in s.frame(name) for other in deck)  # those behind it, too
        assert met == set(PANES)


@pytest.mark.parametrize("wanted", [4, 8, 14, 129])
def test_a_larger_terminal_shows_no_less_of_the_equation(wanted: int) -> None:
    """And what comes next stays beside a note wherever there are rows for it; the picture never moves."""
    for notes in range(4):
        found = [arranged(*size, notes, wanted) for size in ((80, 24), (100, 30), (119, 34))]
        equations = [each.regions["equation"].height for each in found]
        assert equations == sorted(equations)
        assert all("program" in each.regions for each in found[1:])
        assert "program" in found[0].regions or notes > (1 if wanted > 8 else 2)
        still = [arranged(*size, 0, wanted) for size in ((80, 24), (100, 30), (119, 34))]
        assert [each.regions["network"] for each in found] == [each.regions["network"] for each in still]


def arranged(width: int, height: int, notes: int, wanted: int) -> Arrangement:
    return arrange(width, height - 4 - notes, "network", beside=Rows(above=2, notes=notes), wanted=wanted)


def test_the_program_is_as_wide_and_as_high_as_it_needs() -> None:
    few, many = (arrange(200, 56, "network", listed=listed).regions for listed in (27, 60))
    assert few["program"].width == many["program"].width == 76
    assert few["program"].height == 29
    assert few["parameters"].x == few["program"].x
    assert few["parameters"].bottom == few["equation"].bottom == 56
    assert many["program"].height == 56
    assert many["parameters"].x == 0


@pytest.mark.parametrize("size", some(TOO_SMALL, 3))
@asynchronous
async def test_too_small_asks_for_more(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        sentence = "Please make the terminal at least 60×15."
        for keys in ("n", "tab", "g", "escape", "question_mark", "escape", "plus", "v", "P", "escape", "escape"):
            await s.press(keys)
        assert not s.in_dialog
        assert not s.seen()
        check_frame(s, size)
        text = " ".join(s.text.split())
        if size[0] > len(sentence):
            assert text == sentence
        else:
            assert sentence.startswith(text.rstrip("…").rstrip())
        await s.resize(120, 36)
        assert s.debugger.step == 1


@asynchronous
async def test_resizing_loses_nothing() -> None:
    async with opened() as s:
        await s.press("8", "n", "b", "n", "d", "v", "tab", "tab", "tab")
        s.screen.select(Address("W1", (1, 2)))
        await s.settle()
        before = [s.status, s.footer, *(s.pane(name) for name in ("network", "equation"))]
        state = (s.debugger.step, s.debugger.selection, s.screen.current, s.screen.notation)
        for size in (*SIZES, *TOO_SMALL, *reversed(SIZES)):
            await s.resize(*size)
            check_frame(s, size)
            assert state == (s.debugger.step, s.debugger.selection, s.screen.current, s.screen.notation)
            await s.resize(120, 36)
            assert before == [s.status, s.footer, *(s.pane(name) for name in ("network", "equation"))]
            assert s.marked("parameters") == ["W₁[1,2]"]
            assert s.app.focused is s.panes["program"]


@asynchronous
async def test_resizing_behind_a_dialog() -> None:
    for key in ("g", "question_mark", "P"):
        async with opened(at="8") as s:
            await s.press("plus", "plus")
            before = s.text
            await s.press(key)
            for size in ((80, 24), (30, 5), (200, 60), (60, 15), (120, 36)):
                await s.resize(*size)
                assert all(cell_len(row) == size[0] for row in s.rows)
            await s.close()
            assert s.text == before
            await s.press(key)
            await s.resize(80, 24)
            await s.close()
            check_frame(s, (80, 24))
            assert s.seen() == ("network", "equation", "program")  # of which a note leaves two lines
            assert s.notes
            assert s.screen.arrangement.regions["program"].height == 2


@asynchronous
async def test_an_enlarged_pane_stays_enlarged() -> None:
    async with opened() as s:
        await s.press("tab", "tab", "plus")
        for size in SIZES:
            await s.resize(*size)
            assert s.seen() == ("equation",)
            check_frame(s, size)
        await s.press("n", "tab")
        assert s.seen() == ("program",)
        await s.press("escape")
        assert len(s.seen()) == 4


def test_panes_never_overlap_whatever_the_size() -> None:
    for width in range(60, 260, 3):
        for height in range(13, 90):
            for current in PANES:
                taken = (width + height) % 4  # rows of watches or of notes
                beside = Rows(2 * (width % 2), taken, 0) if height % 2 else Rows(2 * (width % 2), 0, taken)
                found = arrange(width, height - taken, current, beside=beside)
                regions = list(found.regions.items())
                assert current in dict(regions)
                assert sum(region.area for _, region in regions) == width * (height - taken)
                for place, (name, region) in enumerate(regions):
                    assert min(region.size) > (1 if name in found.bare else 2)
                    assert not any(region.overlaps(other) for _, other in regions[place + 1 :])


def storm(random: Random) -> Iterable[str | tuple[int, int] | Paste]:
    """Keys, sizes and pastes in any order; dialogs, numbers, commands and what is not bound among them."""
    keys = [key for row in KEYS for key in row.keys if not row.id.startswith("quit")]
    others = [*"0123456789", *"KLadxcb=", "enter", "full_stop", "f7", "delete", "colon", "escape", "escape", "escape"]
    typed = (
        *("b L if loss < 1", "display loss", "set eta = 0.3", "watch W1[0,0]", "b delta1 log loss", "set x[0] = 2"),
        *("predict on", "predict 3", "branches main", "compare", "mistake gradient-ascent", "epoch 3", "evaluate"),
    )
    for _ in range(120):
        kind = random.random()
        if kind < 0.08:
            yield (random.randint(1, 220), random.randint(1, 64))
        elif kind < 0.14:
            yield random.choice(SIZES)
        elif kind < 0.18:
            yield from ("colon", *random.choice(typed), "enter")
        elif kind < 0.22:
            yield Paste(random.choice((*typed, "\x1b[31m", "[/red]", "a\nb", "9" * 3000)))
        else:
            yield random.choice(keys if kind < 0.7 else others)


# batches, some of them short, and samples held out; Adam, batch norm and dropout
BATCHES = """
format = 1
title = "A storm"
[network]
inputs = 2
[[network.layers]]
units = 4
activation = "relu"
init = "he-normal"
norm = "batch"
dropout = 0.2
[[network.layers]]
units = 2
activation = "softmax"
init = "he-normal"
[data]
dataset = "moons"
samples = 30
noise = 0.1
held_out = 0.2
[loss]
name = "categorical-cross-entropy"
[optimizer]
name = "adam"
learning_rate = 0.05
[training]
epochs = 3
batch_size = 10
shuffle = true
[[note]]
at = "delta2"
text = "ŷ − y"
"""


@pytest.mark.parametrize("seed", some(range(10), 2))
@asynchronous
async def test_storm(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    file = tmp_path / "storm.toml"
    file.write_text(BATCHES, "utf-8")
    nets = [load("article"), network(2, 3, 4, 1, batch=3), load(file), network(40, 30, 20), network(1, 1)]
    size = (120, 36)
    async with opened(nets[seed % 5], size=size, ascii_only=seed % 4 == 3) as s:
        if seed % 5 == 2:
            await s.press("Q")
        for event in storm(random):
            if isinstance(event, tuple):
                size = event
                await s.resize(*size)
            elif isinstance(event, Paste):
                s.app.post_message(event)
                await s.pilot.pause(0)
            else:
                s.app.simulate_key(event)
                await s.pilot.pause(0)
            if random.random() < 0.2:
                await s.settle()
                if s.in_dialog:
                    assert all(cell_len(row) == size[0] for row in s.rows)
                else:
                    check_frame(s, size)
        await s.press("escape")
        await s.close()
        await s.resize(120, 36)
        await s.press("g", "g")
        await s.wait_for(lambda: s.debugger.step == 0)
        assert "step 0/" in s.status
        check_frame(s, (120, 36))
