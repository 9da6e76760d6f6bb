"""The main job: stepping through the article, forwards and back, shows every number."""

import re
from asyncio import sleep

import pytest
from textual.events import DescendantFocus

from tests.lessons.article import CLAIMS, NEXT_LOSS, OPERATIONS, VALUES, shown
from tests.sampled import some
from tests.tui.harness import Session, asynchronous, opened

SIZES = [(120, 36), (80, 24), (200, 60)]


def line(s: Session, symbol: str) -> str:
    """The line of an operation in the program pane, or the header's where a note has its place."""
    if not s.panes["program"].display:
        return f"▶ {s.status}"
    (found,) = [row for row in s.pane("program").splitlines() if re.search(rf"\d {re.escape(symbol)} = ", row)]
    return found


@pytest.mark.parametrize("size", some(SIZES, 1))
@asynchronous
async def test_n_nineteen_times_shows_every_value_and_back_again(size: tuple[int, int]) -> None:
    async with opened(size=size) as s:
        start = s.text
        assert s.debugger.timeline.length == len(OPERATIONS)
        for step, name in enumerate(OPERATIONS, 1):
            await s.press("n")
            symbol = s.debugger.program.by_name[name].symbol
            assert f"{symbol} · step {step}/19" in s.status
            for value in map(shown, VALUES.get(name, ())):
                assert re.search(rf"(?<![\d.−]){re.escape(value)}(?![\d.])", s.pane("equation") + line(s, symbol))
            assert "▶" in line(s, symbol)
            assert re.match(rf" *{re.escape(symbol)} += ", s.pane("equation"))
        assert shown(NEXT_LOSS) in s.pane("equation")
        for step in reversed(range(len(OPERATIONS))):
            await s.press("N")
            assert f"step {step}/19" in s.status
        assert s.text == start


@asynchronous
async def test_what_the_source_prints_is_seen_at_the_first_step_of_the_smallest_screen() -> None:
    async with opened(size=(80, 24)) as s:
        await s.press("n")
        assert "✗ the source prints [−0.15 1.8] (section 2)" in s.pane("equation")
        await s.press("plus")
        assert "each unit of layer 1 adds up" in s.pane("equation")


@asynchronous
async def test_ten_digits() -> None:
    async with opened(size=(200, 60)) as s:
        await s.press("6", "d", *"1:", "escape")
        for name in OPERATIONS:
            await s.press("n")
            symbol = s.debugger.program.by_name[name].symbol
            for value in VALUES.get(name, ()):
                assert shown(value, 10) in s.pane("equation")
                assert shown(value, 10) in line(s, symbol) or len(VALUES[name]) == 6  # which are more than a line has
        assert shown(NEXT_LOSS, 10) in s.pane("equation")
        assert shown(NEXT_LOSS, 10) in s.pane("program")


@asynchronous
async def test_the_parameters_after_their_update() -> None:
    async with opened(size=(200, 60)) as s:
        await s.press("end")
        table = s.pane("parameters").splitlines()
        for name in ("W1", "b1", "W2", "b2"):
            symbol = s.debugger.program.symbols.symbol(name)
            rows = [row for row in table if row.split()[:1] and symbol in row.split("]")[0]]
            assert len(rows) == len(VALUES[name])
            for row, value in zip(rows, VALUES[name], strict=True):
                assert row.rstrip().endswith("✓")
                fixed = f"{value:.4f}".replace("-", "−")
                assert fixed in row


@asynchronous
async def test_what_changed_is_marked_with_old_and_new() -> None:
    async with opened() as s:
        await s.press("g", *"b2", "enter")
        (row,) = [row for row in s.pane("parameters").splitlines() if "▸" in row]
        assert "b₂" in row
        assert "0.2769" in row
        await s.press("n")
        assert all("W₁" in row for row in s.pane("parameters").splitlines() if "▸" in row)


@asynchronous
async def test_the_source_is_checked_where_it_printed_something() -> None:
    async with opened(size=(200, 60)) as s:
        for name in OPERATIONS:
            await s.press("n")
            claims = [row for row in s.pane("equation").splitlines() if "the source prints" in row]
            assert "".join(row.strip()[0] for row in claims) == CLAIMS.get(name, "")


@asynchronous
async def test_notes_and_stable_forms_are_said() -> None:
    async with opened(size=(200, 60)) as s:
        await s.press("n")
        assert "Here the prose and the code part." in s.pane("equation")
        await s.press("7", "n")
        assert "computed as ŷ − y" in s.pane("equation")
        assert "the slip in z₁ has come all the way here" in s.pane("equation")
        await s.press("n")
        assert "slip" not in s.pane("equation")


@asynchronous
async def test_the_first_frame_is_useful() -> None:
    for size in ((120, 36), (80, 24)):
        async with opened(size=size) as s:
            assert "x[0]" in s.pane("network") or "1.0" in s.pane("network")
            assert "Understanding Backpropagation" in s.pane("equation")
            assert "step 0/19" in s.status
            words = " ".join(s.pane("equation").split())
            assert re.search(r"\bn computes the first of (the )?19 operations", words)
            assert size == (80, 24) or "? shows all keys" in words


POSITIONS = {"2:L": 24, "0": 0, "19": 19, "1:delta2": 8, "δ₂": 8, "h": 2, "3:": 57, "update": 19, " 7 ": 7}


@asynchronous
async def test_positions() -> None:
    async with opened() as s:
        for position, step in POSITIONS.items():
            await s.press("g", "g", "g", *({" ": "space"}.get(character, character) for character in position), "enter")
            assert not s.in_dialog, position
            assert s.debugger.step == step, position


@asynchronous
async def test_first_and_last_step() -> None:
    async with opened(at="5") as s:
        await s.press("g", "G")
        assert s.debugger.step == 19
        await s.press("g", "g")
        assert s.debugger.step == 0
        await s.press("g", "enter")
        assert s.debugger.step == 0


@pytest.mark.parametrize("size", some([(120, 36), (80, 24), (60, 15)], 1))
@asynchronous
async def test_a_position_that_does_not_exist_stays_in_the_dialog(size: tuple[int, int]) -> None:
    async with opened(at="5", size=size) as s:
        before = s.rows[:-1]
        for typed in ("bogus", "delt2", "0:L", "-1", "x:y", "[/]", "[@click=app.quit]", "½", "9" * 59):
            await s.press("g", *typed, "enter")
            assert s.in_dialog
            assert s.rows[:-1] == before
            assert typed[-10:] in s.footer
            assert re.search(r"there is no|not an iteration|steps count|too far", s.footer)
            await s.press("backspace")  # typing goes on; what was said is gone
            assert not re.search("there is no|too far", s.footer)
            await s.press("escape")
            assert s.debugger.step == 5


@pytest.mark.parametrize("size", [(120, 36), (60, 15)])
@asynchronous
async def test_going_far_can_be_stopped(size: tuple[int, int]) -> None:
    async with opened(at="5", size=size) as s:
        await s.press("g", *"99999999999", "enter")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.press("escape")
        assert "stopped" in s.footer
        assert s.debugger.step % 19 == 0
        await s.press("grave_accent")
        assert s.debugger.step == 5


@asynchronous
async def test_a_dialog_takes_keys_as_fast_as_they_come() -> None:
    async with opened() as s:
        for key in ("n", "g", "8", "enter", "escape", "n"):
            s.app.simulate_key(key)
            await sleep(0.005)  # as from a slow line, or a script
        await s.settle()
        assert not s.in_dialog
        assert s.debugger.step == 9


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        (("n", "g", "8", "enter", "n", "n"), 10),
        (("colon", *"next 3", "enter", "n", "colon", *"n", "enter", "N"), 4),
        (("8", "n", "m", "a", "n", "n", "apostrophe", "a", "n"), 9),
        (("slash", *"W₂h", "enter", "n", "right_square_bracket"), 22),
        (("question_mark", "escape", "n"), 1),
        (("2", "n", "colon", *"where", "enter", "n"), 3),
        (("g", "g", "n", "g", "G", "n"), 20),
        (("colon", *"nonsense", "enter", "n"), 1),
    ],
)
@asynchronous
async def test_keys_in_one_burst_are_none_of_them_lost(keys: tuple[str, ...], step: int) -> None:
    async with opened() as s:
        for key in keys:
            s.app.simulate_key(key)
        await s.wait_for(lambda: s.debugger.step == step and not s.in_dialog)


@asynchronous
async def test_a_focus_that_is_told_late_is_not_gone_back_to() -> None:
    async with opened() as s:
        s.screen.focus_pane("equation")
        s.screen.focus_pane("program")
        s.screen.on_descendant_focus(DescendantFocus(s.screen.panes["equation"]))
        assert s.screen.current == "program"
        await s.settle()
        assert (s.screen.current, s.app.focused) == ("program", s.screen.panes["program"])


@pytest.mark.parametrize(
    "keys", [("g", "8", "enter", "escape"), ("g", "g", "escape"), ("question_mark", "escape", "escape")]
)
@asynchronous
async def test_a_dialog_answered_twice_is_closed_once(keys: tuple[str, ...]) -> None:
    async with opened(at="5") as s:
        for key in keys:
            s.app.simulate_key(key)
        await s.settle()
        assert not s.app._exit
        assert s.app.screen_stack[1:] == [s.screen]  # above Textual's own


@asynchronous
async def test_what_was_meant_is_said() -> None:
    async with opened() as s:
        await s.press("g", *"delt2", "enter")
        assert "did you mean delta2?" in s.footer


@asynchronous
async def test_continue() -> None:
    async with opened() as s:
        await s.press("8", "n", "b", "home", "c")
        assert s.debugger.step == 8
        assert "stopped at breakpoint 1 on δ₂" in s.footer
        await s.press("c")
        assert s.debugger.step == 19
        await s.press("C")
        assert s.debugger.step == 8
        await s.press("b", "c", "c")
        assert s.debugger.step == 19
        assert "over" in s.footer
        assert "10c" in s.footer
        await s.press("1", "0", "c")
        assert s.debugger.step == 19 + 190
        await s.press("C")
        assert s.debugger.step == 0


@asynchronous
async def test_a_long_continue_can_be_stopped_and_overtaken() -> None:
    async with opened() as s:
        await s.press(*"9999999", "c")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        assert s.debugger.step == 0
        await s.press("tab", "v")  # it stays usable
        await s.press("escape")
        assert "stopped at the end of iteration" in s.footer
        step = s.debugger.step
        assert step > 0
        assert step % 19 == 0
        for _ in range(20):
            await s.pilot.pause(0.01)
        assert s.debugger.step == step
        await s.press(*"9999999", "i")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.press("N")  # another move ends the long one where it is, and loses nothing
        assert s.debugger.step >= step
        assert s.debugger.step % 19 == 0
        for _ in range(20):
            await s.pilot.pause(0.01)
        assert "Esc stops" not in s.footer
        assert not s.screen.busy


@asynchronous
async def test_quitting_while_it_computes() -> None:
    async with opened() as s:
        await s.press(*"9999999", "c")
        await s.wait_for(lambda: "Esc stops" in s.footer)
        await s.leave("q")
    assert s.app.return_code == 0


@pytest.mark.parametrize("key", ["f", "F", "i", "I", "n", "N", "c"])
@asynchronous
async def test_the_largest_count_blocks_nothing(key: str) -> None:
    async with opened(at="30") as s:
        await s.press("b", *"99999999", key)
        await s.press("escape", "escape")
        await s.press("g", "g")
        assert s.debugger.step == 0
