"""How every number of a run came to be: computed, carried over, edited, or there from the start."""

from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.explain.forward_graph import Forward
from backprop_tui.engine.program.edit import Edit, Version
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Scenario

Kind = Literal[
    "operation", "parameter", "slot", "input", "target", "mask", "noise", "setting", "counter", "given", "edit"
]

SAYS: dict[str, str] = {
    "parameter": "as the run began",
    "slot": "what a slot starts with",
    "input": "given, sample {sample} of the data",
    "target": "given, sample {sample} of the data",
    "mask": "drawn from the seed, anew for each iteration",
    "noise": "drawn from the seed, anew for each iteration",
    "setting": "a setting",
    "counter": "counts iterations",
    "given": "given, the same in every iteration",
    "edit": "set by an edit after {position}",
}

# the roles of what an iteration starts from, besides slots
KINDS: dict[Role, Kind] = {
    Role.PARAMETER: "parameter",
    Role.INPUT: "input",
    Role.TARGET: "target",
    Role.MASK: "mask",
    Role.NOISE: "noise",
    Role.SETTING: "setting",
    Role.COUNTER: "counter",
    Role.GIVEN: "given",
}


class Spot(NamedTuple):
    """A number of a run: it lies in the frame of an iteration under a key."""

    iteration: int
    key: str
    at: Shape


class Origin(msgspec.Struct, frozen=True, eq=False):
    """How a number came to be: where it was first, under which name, at which step, and by what."""

    spot: Spot
    name: str
    kind: Kind
    value: float
    step: int | None = None
    says: str = ""
    operation: Operation | None = None


class History:
    """The numbers of one timeline, followed back to where each was first."""

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self.scenario, self.timeline = scenario, timeline
        self.forward = lru_cache(maxsize=2)(self._forward)
        """The forward half of an iteration as a graph."""

    def _forward(self, iteration: int) -> Forward:
        return Forward(self.timeline.frame(iteration))

    def frame(self, spot: Spot) -> Frame:
        """The frame that a number lies in."""
        return self.timeline.frame(spot.iteration)

    def origin(self, spot: Spot) -> Origin:
        """How a number came to be; what was carried over is followed to the iteration that computed it."""
        while True:
            frame = self.frame(spot)
            program = frame.program
            value = float(frame[spot.key][spot.at])
            if spot.key in program.by_key:
                operation = program.by_key[spot.key]
                step = self.timeline.step_at(spot.iteration, operation.index)
                return Origin(spot, operation.name, "operation", value, step, operation=operation)
            version = _version(frame, spot.key)
            if version is not None:
                if version.edit.at == spot.at:
                    return self._edited(spot, version.edit, value)
                spot = spot._replace(key=version.old)
                continue
            if edit := self._edit(spot, value):
                return self._edited(spot, edit, value)
            if spot.key not in program.carried or spot.iteration == 1:
                return Origin(spot, spot.key, kind := self._kind(spot.key, frame), value, says=self._says(kind, spot))
            last = self.timeline.frame(spot.iteration - 1).program
            key = last.key(spot.key, self.timeline.length - 1)
            spot = Spot(spot.iteration - 1, key or spot.key, spot.at)

    def _edit(self, spot: Spot, value: float) -> Edit | None:
        """The edit that a value comes from which an iteration starts with; one of a parameter is of that iteration."""
        program = self.timeline.program
        own = spot.key in program.carried or spot.key in program.entering(1)
        for edit in reversed(self.timeline.edits):
            iteration, index = edit.place(self.timeline.length)
            before = (iteration, index) == (spot.iteration, -1) if own else (iteration, index) < (spot.iteration, 0)
            if before and (edit.name, edit.at, edit.value) == (spot.key, spot.at, value):
                return edit
        return None

    def _edited(self, spot: Spot, edit: Edit, value: float) -> Origin:
        position = write_position(edit.step, self.timeline)
        says = SAYS["edit"].format(position=position)
        return Origin(spot, edit.name, "edit", value, edit.step, says=says)

    def _kind(self, name: str, frame: Frame) -> Kind:
        return "slot" if name in frame.program.slots else KINDS[frame.program.variables[name].role]

    def _says(self, kind: Kind, spot: Spot) -> str:
        if kind not in ("input", "target"):
            return SAYS[kind]
        axis = self.timeline.program.variables[spot.key].samples
        if axis is None:
            return SAYS["given"]
        place = int(self.timeline.program.feed.places(spot.iteration)[spot.at[axis]])
        return SAYS[kind].format(sample=self.scenario.number(place))


def _version(frame: Frame, key: str) -> Version | None:
    return next((v for v in frame.program.versions if v.key == key), None)


def shape_of(frame: Frame, key: str) -> Shape:
    """The shape of what lies under a key."""
    own: Shape = np.shape(frame[key])
    return own
