"""What is said of sixty NumPy programs with one slip each, and of right ones, and of misprints."""

from collections import Counter

import numpy as np
import pytest

from tests.debugger.mistakes.diagnosis.measure import WAYS, Run, audit_of, outcome, runs
from tests.debugger.mistakes.diagnosis.slipped_programs import (
    BINARY,
    CLASSES,
    DEEP,
    IN_TABLE,
    MOVING,
    OTHERS,
    Net,
    train,
)
from tests.debugger.mistakes.diagnosis.sources import audited
from tests.sampled import drawn, often

KNOWN = [run for run in runs() if run.expected]
UNKNOWN = [run for run in runs() if not run.expected]
LEAST_NAMED, MOST_MAY_BE, MOST_MISPRINTS = 0.9, 0.03, 0.01
MISPRINTS = often(12, 150)


def test_there_are_sixty_of_them() -> None:
    assert len(IN_TABLE) >= 60
    assert len(OTHERS) >= 15


@pytest.mark.parametrize("run", drawn(KNOWN, 5), ids=lambda run: f"{run.slip}, {run.way}")
def test_a_slip_is_not_named_falsely(run: Run) -> None:
    assert not outcome(run, audit_of(run)).startswith("falsely is")


@pytest.mark.exhaustive
def test_most_slips_are_named() -> None:
    found = Counter(outcome(run, audit_of(run)) for run in KNOWN)
    assert found["falsely is"] == 0, found
    assert found["falsely may be"] <= MOST_MAY_BE * len(KNOWN), found
    assert found["named"] >= LEAST_NAMED * len(KNOWN), found


@pytest.mark.parametrize("run", drawn(UNKNOWN, 2), ids=lambda run: f"{run.slip}, {run.way}")
def test_what_has_no_row_gets_no_name(run: Run) -> None:
    assert outcome(run, audit_of(run)) != "falsely is"


@pytest.mark.exhaustive
def test_what_has_no_row_hardly_gets_a_name_that_may_be() -> None:
    found = Counter(outcome(run, audit_of(run)) for run in UNKNOWN)
    assert found["falsely is"] == 0, found
    assert found["falsely may be"] <= MOST_MAY_BE * len(UNKNOWN), found


@pytest.mark.parametrize("net", [CLASSES, BINARY, DEEP, MOVING], ids=lambda net: net.loss)
@pytest.mark.parametrize("way", WAYS)
def test_right_programs_are_right(net: Net, way: str) -> None:
    run = Run("", net, (), way)
    assert audit_of(run).agrees


def test_single_digits_that_are_wrong_have_no_cause() -> None:
    random, named = np.random.default_rng(7), 0
    nets = (CLASSES, BINARY, DEEP)
    for turn in range(MISPRINTS):
        net, decimals = nets[turn % len(nets)], int(random.integers(2, 5))
        printed = {key: value.round(decimals) for key, value in train(net).items()}
        key = [*printed][int(random.integers(len(printed)))]
        value = printed[key] = printed[key].copy()
        place = np.unravel_index(int(random.integers(value.size)), value.shape)
        digit = 10.0 ** -int(random.integers(1, decimals + 1))
        value[place] += digit * float(random.choice([-3, -2, -1, 1, 2, 3]))
        named += bool(audited(net.network(), printed, decimals).causes)
    assert named <= MOST_MISPRINTS * MISPRINTS
