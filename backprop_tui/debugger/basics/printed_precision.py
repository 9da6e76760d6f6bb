"""What printed numbers claim where they are compared: no more than rounding leaves of them.

A source that is right may have added up in another order, or with float32. How far that moves a number is measured
where it stands, and only if the number does not agree without it.
"""

import msgspec
import numpy as np

from backprop_tui.engine.program.program import PRECISION, Frame
from backprop_tui.engine.sensitivity.value_noise import ValueNoise
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim, Published

SAFETY = 8.0  # factor on a measured error: a few runs show less than the largest
COARSE = 1e-7  # of the largest number: what claims no more than that is beyond any rounding of float64


def settled(published: Published, frame: Frame, noise: ValueNoise | None = None) -> Published:
    """A published value whose numbers claim no more of an iteration than rounding leaves; itself where all agree, or
    where that is less than they are printed with. `noise` has the rounding of several variables.
    """
    computed = np.asarray(frame.at_end(published.name))
    if published.name not in frame.program.by_name or frame.program.versions or published.agrees(computed).all():
        return published
    claims = published.claims
    sizes = [abs(claim.value) for claim in claims.flat if np.isfinite(claim.value)]
    largest = max(sizes, default=0.0)
    if all(not claim.dtype and claim.half_width > COARSE * largest for claim in claims.flat):
        return published
    single = any(claim.dtype == "float32" for claim in claims.flat)
    eps = float(np.finfo("float32" if single else PRECISION).eps / np.finfo(PRECISION).eps)
    own = (noise or ValueNoise(frame, [published.name])).of(published.name)
    off = published.of(own) * SAFETY * eps
    found = np.empty(claims.shape, dtype=np.object_)
    for at in np.ndindex(claims.shape):
        found[at] = _claim(claims, at).within(float(off[at]))
    found.setflags(write=False)
    return msgspec.structs.replace(published, claims=found)


def _claim(claims: np.ndarray, at: Shape) -> Claim:
    found: Claim = claims.item(*at)
    return found
