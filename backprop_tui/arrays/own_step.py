"""A function of one's own that does one step: it is called with what the network starts from, and what it returns is
compared.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from backprop_tui.arrays.checking import check
from backprop_tui.arrays.given_error import GivenError
from backprop_tui.arrays.own_names import OwnNames
from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.scenario import Scenario, Wanted, load
from backprop_tui.text import a_type

ALL_PARAMETERS = ("parameters", "params", "weights", "theta", "model")  # a dict of all of them
RATES = ("lr", "eta", "alpha", "learning_rate")
KEYWORDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def check_step(
    step: Callable[..., Any],
    scenario: Wanted,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    rows: str | None = None,
) -> Audit:
    """The audit of what a function returns that does one step: forward, backward, and perhaps the update.

    Its arguments are filled in by their names: `x`, `y`, `W1`, `b1`, …, `lr`, or `params` for a dict of all parameters;
    arrays are copies, lie as the network's did, and are float64. A function without arguments is just called. It
    returns arrays by name, as `check` takes them; of a tuple, dicts are put together and one number is the loss. Arrays
    without names, as many as there are parameters, are their gradients in the order W1, b1, W2, ….
    Parameters that it returns and that have changed are those after the update. Raises GivenError where an argument or
    the result means nothing, and whatever the function raises.
    """
    loaded = load(scenario)
    own = Arguments(loaded)
    returned = step(**own.of(step))
    return check(loaded, dict(own.named(returned)), rtol=rtol, atol=atol, rows=rows)


class Arguments:
    """What a network starts from, by the names that an argument may have."""

    def __init__(self, scenario: Scenario) -> None:
        self.program = Program.of(scenario.network)
        self.layout = scenario.layout
        self.frame = self.program.first()

    def of(self, step: Callable[..., Any]) -> dict[str, Any]:
        """The arguments of a function. Raises GivenError where one has a name that means nothing."""
        try:
            wanted = inspect.signature(step).parameters
        except (TypeError, ValueError):  # of what is written in C
            return {}
        names = OwnNames(self.program, wanted)
        found: dict[str, Any] = {}
        unknown = []
        for name, parameter in wanted.items():
            if parameter.kind not in KEYWORDS:
                continue
            value = self._value(name, names)
            if value is not None:
                found[name] = value
            elif parameter.default is inspect.Parameter.empty:
                unknown.append(f"argument {name}: {names.unknown(name)}; wrap the call in a function without arguments")
        if unknown:
            raise GivenError(unknown)
        return found

    def _value(self, name: str, names: OwnNames) -> Any:
        if name in ALL_PARAMETERS:
            return {key: self._array(key) for key in self.program.parameters}
        if name in RATES and "eta" in self.frame:
            return float(self.frame["eta"])
        meant = names.meant(name)
        if meant is None or meant.name not in self.program.start:
            return None
        return self._array(meant.name)

    def _array(self, name: str) -> Any:
        """A copy of what the program starts from, as the arrays lay that it was made from."""
        value = np.array(self.frame[name])
        record = self.program.variables[name]
        if name in self.program.sample_axes and self.layout.sample_rows:
            return np.ascontiguousarray(value.T)
        if record.role is not Role.PARAMETER:
            return value if value.ndim else float(value)
        if record.kind == "W":
            return np.ascontiguousarray(value.T) if self.layout.input_rows else value
        return value.ravel() if self.layout.sample_rows else value

    def named(self, returned: Any) -> Iterator[tuple[str, Any]]:
        """What was returned, by name. Raises GivenError."""
        if isinstance(returned, Mapping):
            yield from self._mapping(returned)
            return
        if isinstance(returned, Sequence) and not isinstance(returned, str):
            numbers = [one for one in returned if not isinstance(one, Mapping) and np.ndim(one) == 0]
            mappings = [one for one in returned if isinstance(one, Mapping)]
            if mappings and len(numbers) <= 1 and len(numbers) + len(mappings) == len(returned):
                yield from (("L", number) for number in numbers)
                for mapping in mappings:
                    yield from self._mapping(mapping)
                return
            if not mappings and (found := self._in_order(list(returned))):
                yield from found.items()
                return
        raise GivenError(
            f"the function returned {_what(returned)}, expected a dict of arrays by name: {{'dW1': dW1, …}}"
        )

    def _in_order(self, returned: list[Any]) -> dict[str, Any]:
        """Gradients without names, perhaps behind the loss; empty if there are not as many as parameters."""
        parameters = [*self.program.parameters]
        loss = {"L": returned.pop(0)} if returned and np.ndim(returned[0]) == 0 else {}
        if len(returned) != len(parameters):
            return {}
        return loss | {f"d{name}": value for name, value in zip(parameters, returned, strict=True)}

    def _mapping(self, returned: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
        names = OwnNames(self.program, map(str, returned))
        for key, value in returned.items():
            meant = names.meant(str(key))
            record = meant and self.program.variables[meant.name]
            if (
                meant
                and record
                and record.role is Role.PARAMETER
                and not meant.after
                and self._changed(meant.name, value)
            ):
                yield f"{key}_after", value
            else:
                yield str(key), value

    def _changed(self, name: str, value: Any) -> bool:
        return np.size(value) == self.frame[name].size and not np.allclose(
            np.sort(np.ravel(np.asarray(value, dtype=float))), np.sort(self.frame[name].ravel()), rtol=1e-6, atol=0
        )


def _what(returned: Any) -> str:
    return "nothing" if returned is None else a_type(returned)
