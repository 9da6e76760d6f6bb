"""Numbers that read alike as lines of text, and the search for them as a task."""

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.find_by_value import Sought, ValueSearch
from backprop_tui.debugger.moving.task import Outcome, Slices, Task

PLACES = 10  # decimals: more than anybody types


def listed(search: ValueSearch, writing: Writing) -> list[str]:
    """All that was found, a number a line; empty where nothing reads so."""
    exact = writing.with_digits(PLACES)
    rows = [(writing.address(one.address), exact.number(one.value), search.says(one)) for one in search.found]
    if not rows:
        return []
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{name:<{wide[0]}}  {value:<{wide[1]}}  {says}" for name, value, says in rows]
    return [*lines, *([search.outlook] if search.outlook else [])]


def finding(debugger: Debugger, sought: Sought, writing: Writing) -> Task:
    """The search for a number as a task; its outcome is the list."""
    until = debugger.step if debugger.quiz is not None else None
    search = ValueSearch(debugger.moment(), sought, writing.digits, until=until)

    def told() -> Outcome:
        return Outcome(text="\n".join(listed(search, writing) or [search.nothing]))

    def slices() -> Slices:
        yield from search.slices()
        return told()

    return Task(slices(), lambda _: told(), start=0, goal=search.last)
