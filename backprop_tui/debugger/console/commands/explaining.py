"""The words that explain numbers. What explains is imported when it is asked."""

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address, read_address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Word, number
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.console.number_listing import finding
from backprop_tui.debugger.expressions.find_by_value import Sought
from backprop_tui.debugger.moving.step_into import step_into
from backprop_tui.debugger.moving.task import Outcome, Slices, Task

if TYPE_CHECKING:
    from backprop_tui.debugger.explain.gradient_check import Check


def _gradcheck(session: LineSession, text: str) -> Reply:
    from backprop_tui.debugger.explain.gradient_check import gradient_at, gradients
    from backprop_tui.debugger.explain.gradient_check_text import details, summary

    moment, writing = session.debugger.moment(), session.writing
    program = moment.program
    if not text:
        of_parameters = [o.name for o in gradients(program) if o.variable.wrt in program.parameters]
        wanted = [name for name in of_parameters if moment.value(name) is not None]
        if of_parameters and not wanted:
            raise LineError("no gradient is computed yet")
        return Reply(task=_comparing(moment, wanted, lambda found: summary(found, writing, program)))
    address = read_address(text, program.symbols)
    gradient = gradient_at(address.name, program)
    if gradient is None:
        raise LineError(f"L is not differentiated by {address.name}: name a gradient, or what has one")
    if moment.value(gradient) is None:
        raise LineError(f"{gradient} is not computed yet")
    focus = Address(gradient, address.at)
    return Reply(task=_comparing(moment, [gradient], lambda found: details(found[0], writing, program, focus), focus))


def _comparing(
    moment: Moment,
    wanted: Sequence[str],
    write: Callable[[Sequence["Check"]], Iterable[str]],
    focus: Address | None = None,
) -> Task:
    """The check of some gradients as a task; what it finds is written when it is done."""
    from backprop_tui.debugger.explain.gradient_check import MOST, check

    def slices() -> Slices:
        found: list[Check] = []
        for name in wanted:
            comparing, done = check(moment.frame, name, moment.index, focus.at if focus else None), 0
            while True:
                try:
                    done = next(comparing)
                except StopIteration as end:
                    found.append(end.value)
                    break
                yield done + sum(len(one.entries) for one in found)
        return Outcome(text="\n".join(write(found)))

    goal = sum(min(MOST, prod(moment.program.shapes[name])) for name in wanted)
    return Task(slices(), lambda done: Outcome(text=f"stopped after {done} numbers"), start=0, goal=goal, unit="number")


def _explain(session: LineSession, text: str) -> Reply:
    from backprop_tui.debugger.explain.explanation_text import paths, tree

    moment = session.debugger.moment()
    if (sought := Sought.read(text, session.digits)) is not None:
        return Reply(task=finding(session.debugger, sought, session.writing), key="why-number", arguments=(text,))
    chosen = text or str(moment.chosen_number or "")
    if not chosen:
        raise LineError("explain which number? such as dL_dW1[1,0]")
    explanation = session.debugger.explain(chosen)

    def slices() -> Slices:
        yield 0
        found = explanation.paths
        told = [*tree(explanation, session.writing), *(paths(found, session.writing) if found else ())]
        return Outcome(text="\n".join(told))

    task = Task(slices(), lambda _: Outcome(text="stopped"), start=0, goal=1)
    return Reply(task=task, key="why-address", arguments=(chosen,))


def _touches(session: LineSession, text: str) -> Reply:
    from backprop_tui.debugger.explain.explanation_text import touched

    if not text:
        raise LineError("which number? such as W1[1,0]")
    return Reply("\n".join(touched(session.debugger.touches(text), session.writing)))


def _glossary(session: LineSession, text: str) -> Reply:
    from backprop_tui.debugger.meaning.glossary import glossary

    program = session.debugger.moment().program
    operation = session.debugger.moment().operation
    name = text or (operation.name if operation else "")
    if not name:
        raise LineError("which symbol? such as δ₁ or eta")
    return Reply("\n".join(glossary(read_address(name, program.symbols).name, program, session.writing)))


def _into(*, back: bool = False) -> Callable[[LineSession, str], Reply]:
    return lambda session, text: Reply(task=step_into(session.debugger.cursor, number(text) or 1, back=back))


WORDS = (
    Word(("step", "s", "into"), "[COUNT]", "into the operation, an element at a time", _into()),
    Word(("reverse-step", "rs", "out"), "[COUNT]", "one element back", _into(back=True)),
    Word(
        ("why", "explain"),
        "[NUMBER]",
        "where a number comes from, and its paths to L; a value such as 0.7685 lists all that read so; alone, the"
        " selected number",
        _explain,
        complete.variables,
    ),
    Word(("touches", "o"), "NUMBER", "what is computed from a number", _touches, complete.variables),
    Word(("glossary", "K"), "[SYMBOL]", "what a symbol stands for, and its shape", _glossary, complete.variables),
    Word(
        ("gradcheck", "x"),
        "[GRADIENT]",
        "a gradient beside finite differences of L; alone, those of all parameters",
        _gradcheck,
        complete.variables,
    ),
)
