"""The audit: the verdict on every published number, what it follows from, and what went wrong where it begins."""

from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import Audit, check
from backprop_tui.debugger.audit.finding import Finding, apart
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, CUT_OFF, VERDICTS, WRONG
from backprop_tui.debugger.breakpoints.breakpoint import BreakpointError
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, Search
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, possible
from backprop_tui.engine.mistakes.overlay import Overlay
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim, Published, load
from backprop_tui.scenario.library import names
from tests.debugger.scenarios import training
from tests.engine.networks import article
from tests.engine.options import optimizer
from tests.sampled import some

# of worked-examples.md: name, place in the variable, iteration, verdicts, what they follow from, what is said of them
Expected = tuple[str, Shape, int, Any, tuple[str, ...], list[str]]
LEFT_OUT = "z₁[0] = −0.15 is what you get when the bias is left out"
FLIPPED = "z₁[1] = 1.8 is what you get when the bias's sign is flipped"
FIRST = "L = 0.291027924 is what you get when the output weights are updated before they are backpropagated through"
WORKED: dict[str, list[Expected]] = {
    "article": [
        ("z1", (), 1, [[WRONG], [WRONG]], (), [LEFT_OUT, FLIPPED]),
        ("h1", (), 1, [[AGREES], [CARRIED_OVER]], ("z1",), []),
        ("z2", (), 1, [[CARRIED_OVER]], ("h1",), []),
        ("y_hat", (), 1, [[CARRIED_OVER]], ("z2",), []),
        ("L", (), 1, CARRIED_OVER, ("y_hat",), []),
        ("delta2", (), 1, [[CARRIED_OVER]], ("y_hat",), []),
        ("W1", (), 1, [[AGREES] * 3] * 2, (), []),
        ("b1", (), 1, [[AGREES]] * 2, (), []),
        ("W2", (), 1, [[AGREES] * 2], (), []),
        ("b2", (), 1, [[AGREES]], (), []),
        ("L", (), 1, AGREES, (), []),
    ],
    "mazur": [
        ("z1", (), 1, [[AGREES]] * 2, (), []),
        ("h1", (), 1, [[AGREES]] * 2, (), []),
        ("z2", (), 1, [[AGREES]] * 2, (), []),
        ("y_hat", (), 1, [[AGREES]] * 2, (), []),
        ("L", (), 1, AGREES, (), []),
        ("dL_dy_hat", (0, 0), 1, AGREES, (), []),
        ("dy_hat_dz2", (0, 0), 1, AGREES, (), []),
        ("delta2", (), 1, [[AGREES]] * 2, (), []),
        ("dL_dW2", (0, 0), 1, AGREES, (), []),
        ("W2", (), 1, [[AGREES] * 2] * 2, (), []),
        ("dL_dh1", (0, 0), 1, AGREES, (), []),
        ("dh1_dz1", (0, 0), 1, AGREES, (), []),
        ("dL_dW1", (0, 0), 1, AGREES, (), []),
        ("W1", (), 1, [[AGREES] * 2] * 2, (), []),
        ("L", (), 2, WRONG, (), [FIRST]),
    ],
}


def row(finding: Finding) -> Expected:
    one = finding.published
    return (one.name, one.at, one.iteration, finding.verdicts.tolist(), finding.follows_from, [*finding.mistakes])


@pytest.mark.parametrize("name", WORKED)
def test_the_worked_examples(name: str) -> None:
    assert [row(finding) for finding in check(load(name))] == WORKED[name]


WRONG_TOO = {"wrong-on-purpose", "rnn-through-time", "attention-unscaled"}  # their lessons hold them to what they say


@pytest.mark.parametrize("name", [name for name in names() if name not in {*WORKED, *WRONG_TOO}])
def test_what_else_is_bundled_agrees(name: str) -> None:
    audit = check(load(name))
    assert audit.agrees
    assert len([*audit]) == len(load(name).published)


def test_the_article_in_short() -> None:
    audit = check(load("article"))
    assert audit.counts == {AGREES: 13, CUT_OFF: 0, CARRIED_OVER: 5, WRONG: 2}
    assert list(audit.counts) == list(VERDICTS)
    assert not audit.agrees
    y_hat, loss = (finding for finding in audit if finding.published.name in ("y_hat", "L") and not finding.agrees)
    assert (y_hat.also_cut.tolist(), loss.also_cut.tolist()) == ([[True]], False)
    *_, last = audit
    assert last.remark == "L = 1.463 is the loss of iteration 1; with the new parameters it is 1.0792"


# made-up sources: what they print, in order, about the article's network or another one


def printed(name: str, value: Any, iteration: int = 1, at: Shape = (), *, of: Network | None = None) -> Published:
    """What a source prints: numbers as texts, in the shape of the variable."""
    shape = () if at else Program.of(of or article()).shapes[name]
    claims = np.array(Claim.together([Decimal(text) for text in np.ravel(value)]), dtype=object)
    return Published(name, claims.reshape(shape), "", iteration, at)


def source(*published: Published, of: Network | None = None) -> list[Finding]:
    scenario = msgspec.structs.replace(training(of or article(), 3), published=published)
    return [*check(scenario)]


def said(*published: Published, of: Network | None = None) -> list[tuple[Any, tuple[str, ...], list[str]]]:
    """Verdicts, what they follow from, and what is said; of the last that the source prints."""
    return [row(finding)[3:] for finding in source(*published, of=of)]


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("L", "1.4632", CUT_OFF),
        ("L", "1.463282", AGREES),
        ("L", "1", CUT_OFF),  # a bare 1 is 1, not what rounds to it
        ("L", "1.46", AGREES),
        ("L", "1.45", WRONG),
        ("b1", ["0.1", "-0.276"], [[AGREES], [CUT_OFF]]),  # towards 0
        ("b1", ["0.1", "-0.278"], [[AGREES], [WRONG]]),
        ("b1", ["0.1", "0.276"], [[AGREES], [WRONG]]),
        ("h1", ["0", "1"], [[AGREES], [CUT_OFF]]),
        ("h1", ["0", "1.4"], [[AGREES], [AGREES]]),
        ("h1", ["0.0", "1.40"], [[AGREES], [AGREES]]),
        ("z1", ["0", "1.40"], [[WRONG], [AGREES]]),  # −0.05 is no 0 beside two decimals
        ("dh1_dz1", ["0", "0"], [[AGREES], [WRONG]]),
        ("y_hat", "0", [[WRONG]]),
        ("y_hat", "0.0", [[WRONG]]),
    ],
)
def test_a_number_is_compared_at_its_precision(name: str, value: Any, verdict: Any) -> None:
    ((found, *_),) = said(printed(name, value))
    assert found == verdict


def test_nothing_is_left_of_a_number_that_is_cut_to_0() -> None:
    assert not Claim.of(0).cut_off(0.7)
    assert Claim.of(Decimal("0.00")).cut_off(0.0098)
    assert Claim.of(Decimal("0.00")).cut_off(-0.0098)
    assert Claim.of(1).cut_off(1.7)
    assert not Claim.of(Decimal("1.1")).cut_off(np.nextafter(1.2, 0))
    assert not Claim.of(Decimal("0.1")).cut_off(float("nan"))


def test_it_follows_from_what_was_printed_or_from_what_was_behind_it() -> None:
    before = [printed("z1", ["-0.15", "1.8"]), printed("y_hat", "0.167")]
    from_printed, from_behind = (said(*before, printed("L", value))[-1] for value in ("1.7898", "1.7839"))
    assert from_printed == (CARRIED_OVER, ("y_hat",), [])
    assert from_behind == (CARRIED_OVER, ("y_hat",), [])
    assert said(*before, printed("L", "1.7810"))[-1][0] == WRONG


def test_a_rounded_number_that_agrees_is_carried_over_too() -> None:
    found = said(printed("y_hat", "0.23"), printed("L", "1.4697"))
    assert found == [([[AGREES]], (), []), (CARRIED_OVER, ("y_hat",), [])]


def test_a_misprint_is_a_root_that_nothing_follows_from() -> None:
    found = said(printed("z1", ["-0.05", "4.1"]), printed("h1", ["0", "1.4"]), printed("z2", "-1.2"))
    assert [verdict for verdict, *_ in found] == [[[AGREES], [WRONG]], [[AGREES], [AGREES]], [[AGREES]]]
    assert found[0][2] == []


def test_a_misprint_in_the_sources_own_run() -> None:
    """h is wrong as it follows from z; ŷ is a misprint of what follows from it; L was computed without the misprint."""
    before = [printed("z1", ["-0.15", "1.8"]), printed("z2", "-1.6"), printed("y_hat", "0.761")]
    loss = said(*before, printed("L", "1.7839"))
    assert loss[2][0] == [[WRONG]]
    assert loss[3] == (CARRIED_OVER, ("y_hat",), [])


def test_a_mistake_in_the_sources_own_run() -> None:
    found = said(printed("h1", ["0", "2.6319"]), printed("z2", "-2.6319"))
    assert found[0] == ([[AGREES], [WRONG]], (), [])
    assert found[1] == (
        [[WRONG]],
        (),
        ["z₂[0] = −2.6319 is what you get from the source's own h when the bias is left out in z₂"],
    )


def test_one_number_of_two_digits_is_no_evidence() -> None:
    """Some mistake fits nearly any of them."""
    found = said(printed("h1", ["0", "2.6"]), printed("z2", "-2.6"))
    assert found[1] == ([[WRONG]], (), [])


def test_a_mistake_whose_result_is_cut_off() -> None:
    found = said(printed("y_hat", "0.1679"))
    assert found == [
        (
            [[WRONG]],
            (),
            [
                (
                    "ŷ[0] = 0.1679 may be what you get when the bias is left out, cut off, "
                    "or what you get when the bias's sign is flipped in z₁, cut off"
                )
            ],
        ),
    ]


def test_the_value_of_another_iteration_is_told() -> None:
    assert said(printed("L", "1.0792")) == [(WRONG, (), ["L = 1.0792 is its value in iteration 2"])]
    assert said(printed("L", "1.0792", 2)) == [(AGREES, (), [])]
    assert said(printed("L", "1.4633", 2)) == [(WRONG, (), ["L = 1.4633 is its value in iteration 1"])]


def test_a_parameter_before_its_update_is_told() -> None:
    ((verdict, _, reasons),) = said(printed("W2", ["0.5", "-1.0000"]))
    assert verdict == [[AGREES, WRONG]]
    assert reasons == ["W₂[0,1] = −1.0000 is its value before the update"]
    ((_, _, reasons),) = said(printed("b2", "0.2000"))
    assert reasons == ["b₂[0] = 0.2000 is its value before the update (the same as when the bias is never updated)"]


def test_what_is_carried_into_the_next_iteration() -> None:
    """W₂ of the source is wrong, and the loss after it is right for that."""
    program = Program.of(article())
    frame = Timeline(program).frame(2)
    after = program.resumed(2, {name: frame[name] for name in program.carried} | {"W2": np.array([[0.5, -0.8]])})
    loss = float(program.fill(after)["L"])
    found = said(printed("W2", ["0.5", "-0.800"]), printed("L", f"{loss:.5f}", 2), printed("L", f"{loss:.5f}", 3))
    assert found[0][0] == [[AGREES, WRONG]]
    assert found[1] == (CARRIED_OVER, ("W2",), [])
    assert found[2] == (WRONG, (), [])  # and its own loss of iteration 2 is not one of the run


def test_what_is_carried_over_several_iterations() -> None:
    program = Program.of(article())
    frame = program.fill(program.first())
    start = {name: frame[program.by_name[name].key] for name in program.carried} | {"W2": np.array([[0.5, -0.8]])}
    frame = program.fill(program.resumed(2, start))
    frame = program.fill(program.following(frame))
    found = said(printed("W2", ["0.5", "-0.800"]), printed("y_hat", f"{float(frame['y_hat'][0, 0]):.6f}", 3))
    assert found[1] == ([[CARRIED_OVER]], ("W2",), [])


def test_several_roundings_of_a_number_are_each_looked_at() -> None:
    found = said(
        printed("z2", "-1.6"),
        printed("y_hat", "0.17"),
        printed("y_hat", "0.168"),
        printed("y_hat", "0.167"),
        printed("L", "1.772"),  # of 0.17
        printed("L", "1.784"),  # of 0.168
        printed("L", "1.790"),  # of 0.167
    )
    assert [verdict for verdict, *_ in found] == [
        [[WRONG]],
        *[[[CARRIED_OVER]]] * 3,
        *[CARRIED_OVER] * 3,
    ]


def test_elements_that_were_printed_one_by_one_belong_together() -> None:
    found = said(
        printed("h1", "0", at=(0, 0)),
        printed("h1", "1.8", at=(1, 0)),
        printed("z2", "-1.6"),
    )
    assert found == [
        (AGREES, (), []),
        (WRONG, (), []),  # two digits alone
        ([[CARRIED_OVER]], ("h1",), []),
    ]


def test_many_numbers_with_one_cause_are_one_sentence() -> None:
    of = optimizer("sgd")
    program = Program.of(of)
    frame = Timeline(program).frame(1)
    values = [f"{value:.6f}" for value in (frame["W1"] @ frame["x"]).ravel()]
    ((verdict, _, reasons),) = said(printed("z1", values, of=of), of=of)
    assert np.array(verdict).size == 15
    assert {*np.ravel(verdict)} == {WRONG}
    assert reasons == ["z₁ is what you get when the bias is left out"]


def test_what_is_given_is_compared_and_not_explained() -> None:
    assert said(printed("x", ["1.0", "0.5", "-1.5"]))[0][0] == [[AGREES]] * 3
    assert said(printed("x", ["1.0", "0.5", "1.5"]))[0] == ([[AGREES], [AGREES], [WRONG]], (), [])
    debugger = Debugger(msgspec.structs.replace(training(article()), published=(printed("x", ["1", "1", "1"]),)))
    with pytest.raises(BreakpointError, match="published-mismatch never happens"):
        debugger.breakpoints.add("published-mismatch")


def test_nothing_published_is_nothing_found() -> None:
    audit = check(training(article()))
    assert [*audit] == []
    assert audit.agrees
    assert {*audit.counts.values()} == {0}


def test_what_agrees_makes_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Audit, "_explain", None)
    assert check(msgspec.structs.replace(load("mazur"), published=load("mazur").published[:-1])).agrees
    with pytest.raises(TypeError):
        check(load("mazur"))


def test_a_run_goes_as_far_as_it_is_asked_about() -> None:
    audit = check(load("article"))
    assert audit.timeline.store.furthest == {0: 2}  # the second for the loss with the new parameters
    published = tuple(one for one in load("article").published if one.name in ("W1", "h1", "z1"))
    right = msgspec.structs.replace(load("article"), published=published[2:])
    assert check(right).timeline.store.furthest == {0: 1}


def test_findings_come_one_by_one_in_the_order_of_the_run() -> None:
    scenario = load("article")
    audit = Audit(scenario)
    assert audit.of(scenario.published[0]) is None
    assert [*audit.reach(0)] == []
    seen = [len([*audit]) for _ in audit.reach()]
    assert seen == sorted(seen)
    assert [*audit.reach()] == []
    assert [finding.published for finding in audit] == list(scenario.published)
    assert all(audit.of(published) is not None for published in scenario.published)


def test_a_cause_is_sought_in_slices() -> None:
    """A key that is pressed while the article is looked at waits for one hypothesis, never for all of them."""
    audit = Debugger(load("article")).audit
    hypotheses: list[Overlay] = []
    judge = Search.judge

    def counted(search: Search, overlay: Overlay, **how: bool) -> Fit | None:
        hypotheses.append(overlay)
        return judge(search, overlay, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Search, "judge", counted)
        most, before = 0, 0
        for at in audit.reach(1):
            assert at == 1
            most, before = max(most, len(hypotheses) - before), len(hypotheses)
    assert len(hypotheses) > 50
    assert most == 1


def test_it_goes_on_where_it_was_left() -> None:
    audit = Audit(load("mazur"))
    next(iter(audit.reach(1)))
    for _ in audit.reach(1):
        pass
    assert len([*audit]) == len(WORKED["mazur"]) - 1
    assert audit.agrees
    next(iter(audit.reach()))
    for _ in audit.reach():
        pass
    assert [row(finding) for finding in audit] == WORKED["mazur"]


def test_a_published_mismatch_is_what_does_not_agree() -> None:
    for name in WORKED:
        scenario = load(name)
        debugger = Debugger(scenario)
        debugger.breakpoints.add("published-mismatch")
        stops = []
        while debugger.resume().reason == "breakpoint":
            stops.append(debugger.position)
        audit = check(scenario)
        differing = {f"{f.published.iteration}:{f.published.name}" for f in audit if not f.agrees}
        assert {*stops} == differing


def test_a_short_batch_is_audited_as_any() -> None:
    of = msgspec.structs.replace(
        article(), x=np.arange(15.0)[::-1].reshape(3, 5) / 10, y=np.array([[0.0, 1, 1, 0, 1]]), batch_size=2
    )
    program = Program.of(of)
    z = float((Timeline(program).frame(3)["W2"] @ Timeline(program).frame(3)["h1"])[0, 0])
    claims = np.array([[Claim.of(Decimal(f"{1 / (1 + np.exp(-z)):.6f}"))]], dtype=object)
    scenario = msgspec.structs.replace(training(of, 4), published=(Published("y_hat", claims, "", 3),))
    (finding,) = check(scenario)
    assert finding.verdicts.tolist() == [[WRONG]]
    assert finding.mistakes[0].endswith("is what you get when the bias is left out in z₂")


@pytest.mark.parametrize("slip", some(possible(Program.of(article())), 12), ids=lambda slip: slip.mistake.name)
def test_of_a_source_that_makes_a_mistake_what_is_wrong_is_where_it_is_made(slip: Slip) -> None:
    """All of a mistaken run printed, over two iterations: it is named there, and the rest is carried over."""
    of = article()
    program = Program.of(of)
    wrong = Mistaken.of(program, slip)
    frames = [Timeline(wrong.program).frame(iteration) for iteration in (1, 2)]
    prints = [
        printed(
            o.name, [f"{value:.6f}" for value in np.ravel(frame[wrong.program.by_name[o.name].key])], frame.iteration
        )
        for frame in frames
        for o in program.operations
    ]
    roots = [found for found in source(*prints) if WRONG in found.verdicts]
    assert {found.published.name for found in roots} <= wrong.changed
    for found in roots:
        assert any(slip.when(program) in reason for reason in found.mistakes), (found.published.name, found.mistakes)


def test_what_was_behind_a_wrong_number_is_what_its_mistake_gives() -> None:
    """z₁ is printed with four decimals, and h was computed from all that it had."""
    x, bias = np.array([[1.0], [0.5], [-1.2345678]]), np.array([[0.1], [-0.27]])
    first = msgspec.structs.replace(article().layers[0], bias=bias)
    of = msgspec.structs.replace(article(), x=x, layers=(first, article().layers[1]))
    without = first.weights @ x
    before = printed("z1", [f"{without[0, 0] + 0.1:.4f}", f"{without[1, 0] + 0.27:.4f}"], of=of)
    found = said(before, printed("h1", ["0", f"{without[1, 0] + 0.27:.7f}"], of=of), of=of)
    assert found[0][2][-1] == "z₁[1] = 1.7373 is what you get when the bias's sign is flipped"
    assert found[1] == ([[AGREES], [CARRIED_OVER]], ("z1",), [])


# which of its elements is wrong


def told(finding: Finding, network: Network | None = None) -> tuple[str, list[tuple[str, str]]]:
    symbols = Program.of(network or article()).symbols
    return finding.words(symbols.symbol), [*finding.elements(symbols)]


def test_what_is_wrong_is_said_of_the_element() -> None:
    words, elements = told(source(printed("W1", ["0.2", "-0.4", "0.1", "0.777", "0.261", "-0.385"]))[0])
    assert words == "[1,0] wrong; [1,1] cut off; [0,0], [0,1], [0,2], [1,2] agree"
    assert elements == [
        (WRONG, "W₁[1,0]: printed 0.777, computed 0.6231"),
        (CUT_OFF, "W₁[1,1]: printed 0.261, computed 0.26157, cut off"),
    ]


def test_what_is_carried_over_is_said_of_the_element_and_from_where() -> None:
    first, last = source(printed("z1", ["-0.05", "1.8"]), printed("h1", ["0", "1.8"]))
    assert told(first)[0] == "[1] wrong; [0] agrees"
    assert told(last)[0] == "[1] carried over from z₁; [0] agrees"
    assert told(last)[1] == [(CARRIED_OVER, "h[1]: printed 1.8, computed 1.4, carried over from z₁")]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("z1", ["-0.05", "1.4"], "agrees"),
        ("z1", ["-0.15", "1.8"], "all wrong"),
        ("L", "1.4632", "cut off"),
        ("W1", ["1", "2", "3", "4", "5", "-0.385"], "5 of 6 wrong; [1,2] agrees"),
    ],
)
def test_one_word_where_there_is_one_verdict_and_counts_where_there_are_many(name: str, value: Any, words: str) -> None:
    assert told(source(printed(name, value))[0])[0] == words


def test_a_wrong_number_never_looks_like_the_printed_one() -> None:
    (one,) = Claim.together([1])
    assert not one.agrees(1.0000001)
    assert apart(one, 1.0000001, more=0) == "1.0000001"


def test_a_wrong_number_has_as_many_digits_beside_it_as_were_printed() -> None:
    (one,) = Claim.together([Decimal("0.322325186")])
    assert apart(one, 0.298653623481, more=0) == "0.298653623"
