"""Which mistakes give a number: every row of the table, on networks of every kind, is recognised by its numbers."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.mistakes.matching import FAR, Fitting
from backprop_tui.engine.mistakes.long_run import PERIOD, FarRun
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, along
from backprop_tui.engine.mistakes.mistakes import MISTAKES, ROWS
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim
from tests.engine.mistakes.slips import NETWORKS, concerned, turn_of
from tests.engine.networks import article
from tests.sampled import some

ITERATIONS = (1, 2)
DIGITS = 10  # significant ones, of a number that is asked about
BETWEEN = 3  # operations of an iteration, beside the first, the last and the loss
DOZEN = 12


class Case(NamedTuple):
    """A network, its right run and what is kept of its mistakes."""

    program: Program
    timeline: Timeline
    fitting: Fitting


def case(program: Program) -> Case:
    return Case(program, Timeline(program), Fitting(program))


CASES: dict[str, Case] = {}


def case_of(key: str, program: Program) -> Case:
    if key not in CASES:
        CASES[key] = case(program)
    return CASES[key]


def claim(number: float, digits: int = DIGITS) -> Claim:
    return Claim.of(Decimal(f"{number:.{digits - 1}e}"))


class Number(NamedTuple):
    """A number of a mistaken run that is not the right one."""

    iteration: int
    name: str
    at: Shape
    value: float


def numbers(case: Case, mistake: str, random: np.random.Generator) -> Iterator[Number]:
    """Of each iteration: one number each of the first, the last and some other operations that have such, and L."""
    wrong = Timeline(Mistaken.of(case.program, Slip.of(MISTAKES[mistake])).program)
    for iteration in ITERATIONS:
        found = [*_differing(case, wrong, iteration, random)]
        ends, between = [*found[:1], *found[-1:]], found[1:-1]
        chosen = random.permutation(len(between))[:BETWEEN]
        more = [between[place] for place in chosen] + [number for number in between if number.name == "L"]
        yield from {number.name: number for number in (*ends, *more)}.values()


def _differing(case: Case, wrong: Timeline, iteration: int, random: np.random.Generator) -> Iterator[Number]:
    a, b = case.timeline.frame(iteration), wrong.frame(iteration)
    for operation in wrong.program.operations:
        right = np.asarray(a[case.program.by_name[operation.name].key])
        value = np.asarray(b[operation.key])
        places = list(np.ndindex(value.shape))
        for at in (places[place] for place in random.permutation(len(places))):
            number = float(value[at])
            if np.isfinite(number) and number and not claim(number).agrees(float(right[at])):
                yield Number(iteration, operation.name, at, number)
                break


@pytest.mark.parametrize("mistake", [row.name for row in ROWS])
def test_the_number_of_a_mistake_is_attributed_to_it(mistake: str) -> None:
    """In every optimizer that it concerns, and in a dozen networks whose numbers it changes."""
    asked, random = set[str](), np.random.default_rng(0)
    for programs in concerned(mistake):
        for key, program in programs:
            case = case_of(key, program)
            for number in numbers(case, mistake, random):
                frame = case.timeline.frame(number.iteration)
                fits = case.fitting.fits(frame, number.name, number.at, claim(number.value).agrees)
                named = [slip.mistake.name for slip in fits]
                assert mistake in named, (key, number, named)
                asked.add(key)
        if len(asked) >= DOZEN:
            return


@given(st.data())
def test_a_right_number_is_nobodys_mistake(data: st.DataObject) -> None:
    program, timeline, fitting = case_of(*data.draw(st.sampled_from(turn_of(0))))
    frame = timeline.frame(data.draw(st.sampled_from(ITERATIONS)))
    operation = data.draw(st.sampled_from(program.operations))
    value = np.asarray(frame[operation.key])
    at = tuple(data.draw(st.integers(0, extent - 1)) for extent in value.shape)
    digits = data.draw(st.integers(2, 8))
    says = claim(float(value[at]), digits).agrees
    assert fitting.fits(frame, operation.name, at, says) == ()


ARTICLE = case(Program.of(article()))


@pytest.mark.parametrize(
    ("name", "at", "printed", "expected"),
    [
        ("z1", (0, 0), "-0.15", ["bias-left-out"]),
        ("z1", (1, 0), "1.8", ["bias-sign-flipped"]),
        ("z1", (1, 0), "1.6", ["bias-left-out"]),
        ("z1", (1, 0), "1.4", []),  # right
        ("z1", (1, 0), "1.7", []),  # wrong, and like nothing
        ("y_hat", (0, 0), "0.198", ["bias-left-out in z1"]),  # everywhere it is 0.168
        ("y_hat", (0, 0), "0.168", ["bias-left-out"]),
        ("L", (), "0.635", ["log-base-10"]),
        ("delta2", (0, 0), "0.7685", ["difference-reversed"]),
        ("delta2", (0, 0), "-4.32", ["derivative-left-out"]),
        ("W2", (0, 1), "-1.1076", ["gradient-ascent", "difference-reversed"]),  # the same number
        ("b2", (0, 0), "0.2", ["bias-never-updated"]),
        ("dL_dh1", (0, 0), "-0.3843", []),
        ("dL_dh1", (1, 0), "0.6858", ["updates-first"]),
    ],
)
def test_the_articles_numbers(name: str, at: Shape, printed: str, expected: list[str]) -> None:
    frame = ARTICLE.timeline.frame(1)
    fits = ARTICLE.fitting.fits(frame, name, at, Claim.of(Decimal(printed)).agrees)
    assert [slip.mistake.name + (f" in {slip.site}" if slip.site else "") for slip in fits] == expected


def test_of_two_precisions_the_finer_one_tells_more() -> None:
    frame = ARTICLE.timeline.frame(1)

    def fits(printed: str) -> list[str]:
        return [s.mistake.name for s in ARTICLE.fitting.fits(frame, "L", (), Claim.of(Decimal(printed)).agrees)]

    assert fits("1.465") == ["rounded-intermediates", "cut-off"]
    assert fits("1.46318") == ["rounded-intermediates"]
    assert fits("1.463282347") == ["float32"]
    assert fits("1.463282467") == []


def test_it_goes_by_the_edits_of_a_run() -> None:
    """What an edit changed is right from then on, and a mistake is told from there."""
    program = Program.of(article())
    edit = Edit(0, "b1", (0, 0), 0.5)
    edited = Timeline(program, edits=[edit])
    fitting = Fitting(program, [edit])
    for iteration in (1, 2):
        frame = edited.frame(iteration)
        without = float((frame["W1"] @ frame["x"])[0, 0])
        says = claim(without).agrees
        assert [slip.mistake.name for slip in fitting.fits(frame, "z1", (0, 0), says)] == ["bias-left-out"]
        assert fitting.fits(frame, "z1", (0, 0), claim(float(frame["z1"][0, 0])).agrees) == ()
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["updates-first"])).program, edits=[edit])
    says = claim(float(wrong.frame(2)["L"])).agrees
    fits = fitting.fits(edited.frame(2), "L", (), says)
    assert [slip.mistake.name for slip in fits] == ["updates-first"]


def test_a_mistake_made_once_goes_by_the_settings_as_they_were_edited() -> None:
    program = Program.of(article())
    edits = [Edit(0, "eta", (), 0.5)]
    frame = Timeline(program, edits=edits).frame(2)
    delta = frame["W2"].T @ frame["delta2"]
    number = float((frame["W1"] - 0.5 * delta @ frame["x"].T)[0, 1])
    fits = Fitting(program, edits).fits(frame, "W1", (0, 1), claim(number).agrees)
    assert [slip.mistake.name for slip in fits] == ["derivative-left-out"]


def test_an_edit_within_an_iteration_is_made_after_the_same_operation() -> None:
    program = Program.of(article())
    edits = [Edit(12, "dL_dh1", (1, 0), 0.5), Edit(16, "W2", (0, 1), 3.0), Edit(20, "b1", (0, 0), 1.0)]
    wrong = Mistaken.of(program, Slip.of(MISTAKES["updates-first"]))
    moved = [*along(edits, wrong)]
    order = [operation.name for operation in wrong.program.operations]
    assert [order[edit.place(19)[1]] for edit in moved] == ["dh1_dz1", "W2", "z1"]
    assert [edit.place(19)[0] for edit in moved] == [1, 1, 2]
    assert Timeline(wrong.program, edits=moved).frame(2)["W2"][0, 1] == 3


def test_a_long_run_is_looked_at_as_a_short_one() -> None:
    frame = ARTICLE.timeline.frame(FAR + 2)
    wrong = Timeline(Mistaken.of(ARTICLE.program, Slip.of(MISTAKES["bias-never-updated"])).program).frame(FAR + 2)
    fits = ARTICLE.fitting.fits(frame, "L", (), claim(float(wrong["L"])).agrees)
    assert [slip.mistake.name for slip in fits] == ["bias-never-updated"]


def alike(network: Network) -> None:
    """A far run of every mistake has the numbers of a timeline."""
    program = Program.of(network)
    for slip in (Slip.of(row) for row in ROWS if row.made(program.statements, program.shapes) is not None):
        wrong = Mistaken.of(program, slip).program
        run, timeline = FarRun(wrong), Timeline(wrong)
        for iteration in (1, 70, 3 * PERIOD + 5, 2 * PERIOD):
            near, far = timeline.frame(iteration), run.frame(iteration)
            assert far.iteration == iteration
            for operation in timeline.program.operations:
                np.testing.assert_array_equal(far[operation.key], near[operation.key], err_msg=slip.mistake.name)


def test_a_far_run_has_the_numbers_of_a_timeline() -> None:
    alike(article())


@pytest.mark.parametrize("key", some(NETWORKS, 1))
def test_a_far_run_of_other_networks_has_them_too(key: str) -> None:
    alike(NETWORKS[key])


def test_a_run_that_repeats_itself_is_not_run_on() -> None:
    """Numbers cut off after two decimals stand still at last, and then a million iterations are no more than a few."""
    run = FarRun(Mistaken.of(ARTICLE.program, Slip(MISTAKES["cut-off"], 2)).program)
    computed = len([*run.reach(1_000_000)])
    assert computed < 2000
    assert run.frame(1_000_000).iteration == 1_000_000
    near = Timeline(Mistaken.of(ARTICLE.program, Slip(MISTAKES["cut-off"], 2)).program).frame(3000)
    assert float(run.frame(1_000_000)["L"]) == float(near["L"])
    adam = Program.of(next(network for network in NETWORKS.values() if network.optimizer == "adam"))
    run = FarRun(Mistaken.of(adam, Slip(MISTAKES["cut-off"], 2)).program)
    assert len([*run.reach(500)]) == 499  # its time step goes on


def test_nor_is_one_of_which_nothing_finite_is_left() -> None:
    start = article()
    broken = msgspec.structs.replace(start.layers[0], weights=np.full_like(start.layers[0].weights, np.nan))
    run = FarRun(Program.of(msgspec.structs.replace(start, layers=(broken, *start.layers[1:]))))
    assert len([*run.reach(1_000_000)]) <= 3 * PERIOD
    assert np.isnan(run.frame(1_000_000)["W2"]).all()


def test_what_is_not_carried_on_is_not_run_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss to another base leaves what is learned as it is, so one iteration is enough."""
    frame = ARTICLE.timeline.frame(FAR + 9)
    fitting, ran = Fitting(ARTICLE.program), list[str]()
    own = Fitting._run

    def run(self: Fitting, wrong: Mistaken, *, far: bool) -> Timeline | FarRun:
        ran.append(wrong.slip.mistake.name)
        return own(self, wrong, far=far)

    monkeypatch.setattr(Fitting, "_run", run)
    number = float(frame["L"]) / np.log(10)
    fits = fitting.fits(frame, "L", (), claim(number).agrees)
    assert [slip.mistake.name for slip in fits] == ["log-base-10"]
    assert not {"log-base-10", "log-base-2", "log-forgotten"} & {*ran}
    assert "bias-left-out" in ran
