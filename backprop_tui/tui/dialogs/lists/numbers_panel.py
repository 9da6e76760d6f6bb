"""The numbers that read alike: of the step, of the run, of the source. One that is chosen is gone to, or asked why."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from textual.binding import Binding

from backprop_tui.debugger.console.number_listing import PLACES
from backprop_tui.debugger.explain.origin import History, Spot
from backprop_tui.debugger.expressions.find_by_value import Found, ValueSearch
from backprop_tui.tui.dialogs.basics.panel import Panel
from backprop_tui.tui.dialogs.views.tree_view import Answer, TreeScreen
from backprop_tui.tui.shared.background import PATIENCE, go_on, in_slices, work_for
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.styled_line import Run


class NumbersScreen(Panel):
    """The list. It is shown at once; the rest of the run is looked through while somebody reads."""

    BINDINGS = [
        Binding("enter", "take", "take it", show=False),
        Binding("g", "go", "go to its step", show=False),
        Binding("w", "why", "why", show=False),
    ]

    def __init__(self, desk: Desk, search: ValueSearch, what: str, looked: Callable[[ValueSearch], object]) -> None:
        """`what` Enter does: "go" to the number, or say "why" it is what it is. `looked` is told when all is found."""
        super().__init__(desk)
        self.search, self.what, self.looked = search, what, looked
        self.looking: Iterator[int] | None = search.slices()
        """The search through the run, while it goes on."""
        self.title_text = f"Numbers that read {search.sought.text}"
        self.KEYS = (
            (("Enter", "go there"), ("w", "why")) if what == "go" else (("Enter", "why"), ("g", "go there"))
        ) + (("Esc", "close"),)

    @property
    def nothing(self) -> str:  # type: ignore[override]
        """What to say where nothing reads so."""
        return self.desk.notation.text(self.search.nothing if self.looking is None else self.search.outlook)

    def on_mount(self) -> None:
        if self.looking is not None and work_for(self.looking, PATIENCE):
            self._looked()
        else:
            go_on(self, self._look_on, "numbers")
        super().on_mount()

    async def _look_on(self) -> None:
        async for _ in in_slices(self, self.looking or ()):
            self.draw()
        self._looked()
        self.draw()

    def _looked(self) -> None:
        self.looking = None
        self.looked(self.search)

    def rows(self) -> Sequence[Sequence[Run]]:
        notation, paint = self.desk.notation, self.desk.paint
        exact = notation.with_digits(PLACES)
        found = self.search.found
        names = [notation.address(one.address) for one in found]
        values = [exact.number(one.value) for one in found]
        wide = max((len(name) for name in names), default=0), max((len(value) for value in values), default=0)
        return [
            [
                (f"{name:<{wide[0]}}  ", paint.strong),
                (f"{value:<{wide[1]}}  ", paint.text),
                (self.search.says(one), paint.muted),
            ]
            for one, name, value in zip(found, names, values, strict=True)
        ]

    def details(self) -> Sequence[str]:
        return [self.search.outlook] if self.search.found and self.search.outlook else []

    @property
    def chosen(self) -> Found | None:
        """The number of the row that is chosen."""
        found = self.search.found
        return found[self.at] if found else None

    def action_take(self) -> None:
        (self.action_why if self.what == "why" else self.action_go)()

    def action_go(self) -> None:
        """Close, go to the step where it stands, and select it; what stands here is only selected."""
        if (one := self.chosen) is not None:
            is_here = any(one is other for other in self.search.here)
            self._leave(self.desk.debugger.step if is_here else one.step, one)

    def action_why(self) -> None:
        """Open the tree of where it comes from, over the list."""
        if (one := self.chosen) is not None:
            moment = self.search.moment
            spot = Spot(one.iteration, one.key, one.address.at)
            history = History(moment.scenario, moment.timeline)
            tree = TreeScreen("why", history, spot, self.desk.notation, self.desk.paint)
            self.app.push_screen(tree, partial(self._follow))

    def _follow(self, answer: Answer | None) -> None:
        if answer is not None:
            self._leave(answer.step, answer)

    def _leave(self, step: int, chosen: Found | Answer) -> None:
        self.dismiss()
        self.desk.debugger.selection = chosen.address
        self.desk.go(step, jump=True)
