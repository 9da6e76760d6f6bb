"""The words that explain numbers. What explains is imported when it is asked."""

from backprop_tui.debugger.address import read_address
from backprop_tui.debugger.line import complete
from backprop_tui.debugger.line.session import Session
from backprop_tui.debugger.line.word import LineError, Reply, Word
from backprop_tui.debugger.search import run_out
from backprop_tui.debugger.writing import Writing
from backprop_tui.engine.gradients import variable_of


def _writing(session: Session) -> Writing:
    return Writing(session.debugger.program.symbols, session.digits)


def _gradcheck(session: Session, text: str) -> Reply:
    from backprop_tui.debugger.gradcheck.check import check, gradient_at, gradients
    from backprop_tui.debugger.gradcheck.lines import details, summary

    moment, writing = session.debugger.moment(), _writing(session)
    program = moment.program
    if not text:
        wanted = [o.name for o in gradients(program) if variable_of(o.name) in program.parameters]
        found = [run_out(check(moment.frame, name)) for name in wanted if moment.value(name) is not None]
        if wanted and not found:
            raise LineError("no gradient is computed yet")
        return Reply("\n".join(summary(found, writing, program)))
    address = read_address(text, program.symbols)
    gradient = gradient_at(address.name, program)
    if gradient is None:
        raise LineError(f"{address.name} has no gradient in this program")
    if moment.value(gradient) is None:
        raise LineError(f"{gradient} is not computed yet")
    found_one = run_out(check(moment.frame, gradient, moment.index, address.at))
    return Reply("\n".join(details(found_one, writing, program)))


WORDS = (
    Word(
        ("gradcheck", "x"),
        "[GRADIENT]",
        "a gradient beside finite differences of L; alone, those of all parameters",
        _gradcheck,
        complete.variables,
    ),
)
