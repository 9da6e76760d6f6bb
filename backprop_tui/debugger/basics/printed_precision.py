"""What printed numbers claim where they are compared: no more than rounding leaves of them.

A source that is right may have added up in another order, or with float32. How far that moves a number is measured
where it stands, and only if the number does not agree without it; so is what it matters that others write a formula in
another way, as clipping without PyTorch's ε. A number that rounding makes fall to the other side of a kink is right
there as well, and nowhere between. Seven digits or fewer do not show which of the two types it was, and a right number
may lie so close to where rounding goes the other way that float32 prints the next one.
"""

import msgspec
import numpy as np

from backprop_tui.engine.program.program import PRECISION, Frame
from backprop_tui.engine.sensitivity.value_noise import ValueNoise
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim, Published

SAFETY = 8.0  # factor on a measured error: a few runs show less than the largest
TYPICAL = 0.5  # the same where digits are few: what is off by a whole unit of the last one is to be told
COARSE = 1e-7  # of the largest number: what claims no more than that is beyond any rounding of float64
SEVEN_DIGITS = 5e-8  # of a number: half a unit of its seventh digit is that at least
ROUNDING = 1e-4  # of the largest number: what is off by more than that is so by more than rounding


def settled(published: Published, frame: Frame, noise: ValueNoise | None = None) -> Published:
    """A published value whose numbers claim no more of an iteration than rounding leaves; itself where all agree, or
    where that is less than they are printed with. `noise` has the rounding of several variables.
    """
    computed = np.asarray(frame.at_end(published.name))
    if published.name not in frame.program.by_name or frame.program.versions or published.agrees(computed).all():
        return published
    claims = published.claims
    if any(claim.is_stated for claim in claims.flat):
        return published
    sizes = [abs(claim.value) for claim in claims.flat if np.isfinite(claim.value)]
    largest = max(sizes, default=0.0)
    noise = noise or ValueNoise(frame, [published.name])
    latitude = SAFETY * published.of(noise.latitude(published.name))
    shown = any(claim.dtype for claim in claims.flat)
    rounded = not shown and _of_seven_digits(claims) and _nearly(claims, published.of(computed), largest)
    coarse = not shown and not rounded and all(claim.half_width > COARSE * largest for claim in claims.flat)
    if coarse and not latitude.any():
        return published
    off = latitude if coarse else latitude + _rounding(published, noise, rounded=rounded)
    jumps = [] if coarse else [published.of(jump) for jump in noise.jumps(published.name)]
    here = published.of(computed)
    found = np.empty(claims.shape, dtype=np.object_)
    for at in np.ndindex(claims.shape):
        claim, room = _claim(claims, at), float(off[at])
        near = (float(jump[at]) for jump in jumps if abs(claim.value - jump[at]) <= claim.half_width + room)
        reach = max((abs(number - here[at]) for number in near), default=0.0)
        found[at] = claim.within(room + float(reach) + (claim.half_width if rounded or latitude[at] else 0.0))
    found.setflags(write=False)
    return msgspec.structs.replace(published, claims=found)


def _rounding(published: Published, noise: ValueNoise, *, rounded: bool) -> np.ndarray:
    """What rounding may be taken to leave of each number; `rounded` says that float32 may have rounded it."""
    single = rounded or any(claim.dtype == "float32" for claim in published.claims.flat)
    eps = float(np.finfo("float32" if single else PRECISION).eps / np.finfo(PRECISION).eps)
    return np.asarray(published.of(noise.of(published.name)) * (TYPICAL if rounded else SAFETY) * eps)


def _of_seven_digits(claims: np.ndarray) -> bool:
    """Whether no number was printed with more: then float32 may have been behind it."""
    return all(claim.half_width >= SEVEN_DIGITS * abs(claim.value) for claim in claims.flat if np.isfinite(claim.value))


def _nearly(claims: np.ndarray, computed: np.ndarray, largest: float) -> bool:
    """Whether a number that does not agree is off by so little that rounding may be why."""
    missed = (
        abs(_claim(claims, at).value - number) - _claim(claims, at).half_width
        for at, number in np.ndenumerate(computed)
    )
    return any(0 < miss <= ROUNDING * largest for miss in missed)


def _claim(claims: np.ndarray, at: Shape) -> Claim:
    found: Claim = claims.item(*at)
    return found
