"""What is said of NumPy programs of models with one slip each, and of right ones."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import Audit, check
from backprop_tui.scenario import load
from tests.debugger.mistakes.diagnosis.measure import DESCRIBED
from tests.debugger.mistakes.diagnosis.slipped_models import (
    IN_TABLE,
    OTHERS,
    Arrays,
    attention,
    block,
    loop,
    scenario,
)
from tests.debugger.mistakes.diagnosis.sources import IN_FULL, names_of, published
from tests.sampled import some

DIGITS = (IN_FULL, 5)
Program = Callable[[str], Arrays]


def audited(of: Program, slip: str, digits: int) -> Audit:
    """The audit of what a program prints."""
    printed = {(name, 1): np.asarray(value) for name, value in of(slip).items()}
    return check(msgspec.structs.replace(scenario(of), published=published(printed, digits)))


@pytest.mark.parametrize("of", [attention, loop, block])
def test_right_programs_are_right(of: Program) -> None:
    assert audited(of, "", IN_FULL).agrees


KNOWN = [pytest.param(*row, digits, id=f"{row[1]}-{digits}") for row in IN_TABLE for digits in DIGITS]
UNKNOWN = [pytest.param(*row, digits, id=f"{row[1]}-{digits}") for row in OTHERS for digits in DIGITS]


@pytest.mark.parametrize(("of", "slip", "expected", "digits"), some(KNOWN, 4))
def test_a_slip_is_named_and_no_other_is(of: Program, slip: str, expected: tuple[str, ...], digits: int) -> None:
    audit = audited(of, slip, digits)
    assert names_of(audit) & {*expected}
    assert names_of(audit, "is") <= {*expected} | DESCRIBED


@pytest.mark.exhaustive
@pytest.mark.parametrize(("of", "slip", "digits"), UNKNOWN)
def test_what_has_no_row_gets_no_name(of: Program, slip: str, digits: int) -> None:
    assert names_of(audited(of, slip, digits), "is") <= DESCRIBED


def test_a_source_that_left_out_its_own_scale_is_told_so() -> None:
    """The notebook shows the scale, and prints what was computed without it."""
    audit = check(load("attention-unscaled"))
    (cause,) = audit.causes
    assert (cause.name, cause.level) == ("scale-left-out", "is")
    assert "when the scale of the scores, usually 1/√d, is left out" in cause.sentence
