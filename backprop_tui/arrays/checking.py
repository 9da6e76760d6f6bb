"""Arrays of one's own beside what is right: the audit of a source that is a program."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from backprop_tui.arrays.given_error import GivenError
from backprop_tui.arrays.given_values import Values, values_of
from backprop_tui.arrays.own_names import Meant, OwnNames
from backprop_tui.arrays.placing import layout_of, own_of, place
from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.audit import check as audited
from backprop_tui.debugger.audit.finding import GIVEN
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Published, Scenario, Wanted, load
from backprop_tui.scenario.checking.engine_options import AHEAD, STEPS
from backprop_tui.scenario.printed_number import Claim, Stated, in_full
from backprop_tui.scenario.scenario import Layout
from backprop_tui.scenario.shown_precision import Dtype, shown_types
from backprop_tui.text import clean

SINGLE = np.dtype(np.float32).itemsize
GIVEN_TO_IT = {Role.INPUT, Role.TARGET, Role.PARAMETER, Role.MASK, Role.SETTING}  # what a program starts from


def check(
    scenario: Wanted,
    given: Any = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    rows: str | None = None,
    iteration: int = 1,
) -> Audit:
    """The audit of the published values, an iterable of findings with `counts`; or, with `given`, of arrays of one's
    own.

    `given` is a mapping of names to arrays (`dW1`, `db1`, `A1`, `cost`, `W1_after`, …), NumPy's or PyTorch's; the path
    of an .npz file; or a torch module whose parameters have gradients. They are those of an `iteration`, from 1. A
    number may be off by `atol + rtol · |number|`; without these, by what rounding leaves of the arrays' type. `rows` is
    "samples" where a sample is a row (`x @ W`), and "features" where it is a column (`W @ x`); where it is not said,
    the shapes tell. Raises GivenError (a ValueError) for names and shapes that do not fit, and what `load` raises.
    """
    loaded = load(scenario)
    if given is None:
        return audited(loaded)
    return check_values(loaded, values_of(given), Stated(None, rtol, atol), layout_of(rows), iteration)


def check_values(scenario: Scenario, values: Values, stated: Stated, rows: Layout, iteration: int = 1) -> Audit:
    """The audit of arrays of one's own. Raises GivenError."""
    for name, off in (("rtol", stated.rtol), ("atol", stated.atol)):
        if off is not None and not off >= 0:
            raise GivenError(f"{name} is {off}, expected 0 or more")
    scenario, values = with_masks(scenario, values, rows)
    for field, begins in (("steps", STEPS), ("ahead", AHEAD)):
        if any(key.strip().startswith(begins) for key in values.arrays):
            scenario = msgspec.structs.replace(
                scenario, network=msgspec.structs.replace(scenario.network, **{field: True})
            )
    timeline = Timeline(Program.of(scenario.network))
    published, said = published_of(scenario, timeline, values, stated, rows, iteration)
    audit = Audit(msgspec.structs.replace(scenario, published=published), timeline, said)
    for _ in audit.reach():
        pass
    return audit


def with_masks(scenario: Scenario, values: Values, rows: Layout) -> tuple[Scenario, Values]:
    """A scenario whose dropout keeps what the masks among the values keep, and the other values. Raises GivenError.

    A mask may have 1 / (1 − p) for what is kept, as inverted dropout multiplies by it.
    """
    program = Program.of(scenario.network)
    names = OwnNames(program, values.arrays)
    keys = {
        key: found.name
        for key in values.arrays
        if (found := names.meant(key)) and program.variables[found.name].role is Role.MASK
    }
    if not keys:
        return scenario, values
    first = program.first()
    owns = [own_of(first, key, name, values.arrays[key], np.asarray(first[name])) for key, name in keys.items()]
    kept = {}
    for key, one in place(owns, rows, scenario.layout).items():
        kept[keys[key]] = (one.array != 0).astype(float)
        kept[keys[key]].setflags(write=False)
    network = msgspec.structs.replace(scenario.network, kept=scenario.network.kept | kept)
    others = {key: array for key, array in values.arrays.items() if key not in keys}
    return msgspec.structs.replace(scenario, network=network), values._replace(arrays=others)


def published_of(
    scenario: Scenario, timeline: Timeline, values: Values, stated: Stated, rows: Layout, iteration: int
) -> tuple[tuple[Published, ...], tuple[str, ...]]:
    """Arrays as published values, and what there is to say of how they came. Raises GivenError."""
    frame = timeline.frame(iteration)
    names = OwnNames(frame.program, values.arrays)
    meant = {key: names.meant(key) for key in values.arrays}
    unknown = [names.unknown(key) for key, found in meant.items() if found is None]
    if unknown:
        raise GivenError(unknown)
    known = {key: found for key, found in meant.items() if found is not None}
    owns = [own_of(frame, key, found.name, values.arrays[key], _computed(frame, found)) for key, found in known.items()]
    if values.rows_of_units:
        rows = rows._replace(input_rows=False)
    placed = place(owns, rows, scenario.layout)
    said = [*values.said, *(one.said for one in placed.values() if one.said)]
    written = {key: placed[key].like(own).ravel().tolist() for key, own in values.written.items() if key in placed}
    dtypes = dict(zip(written, shown_types([*written.values()]), strict=True))
    published: list[Published] = []
    wrong: list[str] = []
    single = any(_is_single(array) for array in values.arrays.values())  # then the others come of what was rounded
    for own in owns:
        array = placed[own.key].array
        turned = clean(own.key, 60) if placed[own.key].turned else ""
        if _enters(frame, known[own.key]):
            wrong += _differing(frame, own.key, own.name, array)
        elif own.key in written:
            claims = Claim.together(written[own.key], stated, dtypes[own.key])
            published.append(Published(own.name, _shaped(claims, array), GIVEN, iteration, turned=turned))
        else:
            claims = _claims(array, stated, single=single)
            published.append(Published(own.name, _shaped(claims, array), GIVEN, iteration, turned=turned))
    if wrong:
        raise GivenError(wrong)
    if not published:
        raise GivenError("nothing is given that a network computes")
    return tuple(published), tuple(said)


def _computed(frame: Frame, meant: Meant) -> np.ndarray:
    """The value of a variable that is meant: of a parameter, before the update where that is not said."""
    return np.asarray(frame[meant.name] if _enters(frame, meant) else frame.at_end(meant.name))


def _enters(frame: Frame, meant: Meant) -> bool:
    """Whether what the iteration starts from is meant, which is not computed."""
    return not meant.after and frame.program.variables[meant.name].role in GIVEN_TO_IT


def _differing(frame: Frame, key: str, name: str, array: np.ndarray) -> Iterator[str]:
    """What is wrong with what was given to a network, where it is not what the network has."""
    own = np.asarray(frame[name])
    single = _is_single(array)
    off = ~np.isclose(array.astype(float), own, rtol=1e-5 if single else 1e-9, atol=1e-7 if single else 1e-12)
    if off.any():
        at = tuple(int(i) for i in np.argwhere(off)[0])
        place = f"[{','.join(map(str, at))}]" if at else ""
        record = frame.program.variables[name]
        hint = f"; after the update it is {clean(key, 60)}_after" if record.role is Role.PARAMETER else ""
        yield f"{clean(key, 60)}: is {array[at]:.6g} at {place}, and the network has {own[at]:.6g}{hint}"


def _is_single(array: np.ndarray) -> bool:
    return array.dtype.kind == "f" and array.dtype.itemsize <= SINGLE


def _claims(array: np.ndarray, stated: Stated, *, single: bool) -> tuple[Claim, ...]:
    """What the numbers of an array claim: what its type can hold, or what is stated. With `single`, it comes of arrays
    that are float32, whatever it is itself.
    """
    numbers = [float(number) for number in array.ravel().tolist()]
    dtype: Dtype = "float32" if single else "float64"
    texts = None
    if _is_single(array):  # as NumPy prints them: 0.1 is not 0.10000000149011612
        texts = [str(number) for number in array.ravel()]
    claims: list[Claim] = list(in_full(numbers, dtype, texts))
    if array.dtype.itemsize < SINGLE and array.dtype.kind == "f":
        largest = np.abs(array[np.isfinite(array)]).max(initial=0)
        half = float(8 * np.spacing(array.dtype.type(largest)))
        claims = [claim.within(half) for claim in claims]
    if not (stated.rtol is stated.atol is None):
        claims = [claim.stated(stated) for claim in claims]
    return tuple(claims)


def _shaped(claims: Sequence[Claim], array: np.ndarray) -> np.ndarray:
    """Claims in the shape of an array."""
    found = np.empty(len(claims), dtype=np.object_)
    found[:] = claims
    found.setflags(write=False)
    return found.reshape(array.shape)
