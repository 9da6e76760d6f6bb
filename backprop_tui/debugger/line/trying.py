"""The word that evaluates."""

from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import Reply, Word
from backprop_tui.debugger.report import Report, whole

WIDTH = 76  # of a table of classes


def _evaluate(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    report = Report(debugger.scenario, debugger.evaluator, session.digits)
    if text:
        inputs, equals, targets = text.partition("=")
        return Reply("\n".join(report.samples(debugger.evaluate(inputs, targets if equals else None))))
    held_out = debugger.evaluate_held_out() if debugger.scenario.held_out else None
    return Reply("\n".join(whole(report, debugger.evaluate(), held_out, WIDTH)))


WORDS = (
    Word(
        ("evaluate", "eval"),
        "[INPUTS [= TARGETS]]",
        "the forward half alone, of inputs such as 1 0.5 -1.5; 0 0 1 = 1; 0 (or names of classes); without any, of"
        " what is trained on and what is held out",
        _evaluate,
    ),
)
