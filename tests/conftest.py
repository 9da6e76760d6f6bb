"""Options and settings for every test."""

import gc
import signal
from collections.abc import Generator
from itertools import count
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests import sampled

NUMBERS = count()
BEGAN = monotonic()

# No deadline, and no health check of speed: on a busy machine any single example may be slow. No database: what is run
# depends on the commit and the seed alone.
ANYWHERE = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
# Hypothesis also tries the constants of local source files, of those that are imported by then: what it draws would
# depend on which tests a worker has run, and on any line of the package.
providers._get_local_constants = lambda: providers._local_constants
settings.register_profile("fixed", ANYWHERE, derandomize=True, max_examples=20)
settings.register_profile("fresh", ANYWHERE, derandomize=False, max_examples=100)


@pytest.fixture(autouse=True)
def no_state_of_the_developer(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sessions, history and sockets go to folders of the test's own."""
    number = next(NUMBERS)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / f"state-{number}"))
    runtime = tmp_path_factory.getbasetemp() / f"run-{number}"
    runtime.mkdir(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a test that skips has failed")
    parser.addoption("--all", action="store_true", help="exhaustive tests too, and fresh random examples")
    parser.addoption("--minutes", type=float, help="what has not begun after so many is skipped, and said to be")
    parser.addoption("--seed", type=int, help="what is drawn at random follows from it; by default the commit's")


@pytest.hookimpl(tryfirst=True)  # before hypothesis looks at its seed, and before xdist hands the options on
def pytest_configure(config: pytest.Config) -> None:
    # A shell's background job ignores SIGINT: interrupted tests, and what they start, would go on for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = config.option
    if options.seed is None:
        options.seed = sampled.of_commit()
    sampled.seed, sampled.everything = options.seed, options.all
    settings.load_profile("fresh" if options.all else "fixed")
    if options.all and options.hypothesis_seed is None:
        options.hypothesis_seed = str(options.seed)


def pytest_report_header(config: pytest.Config) -> str:
    way = "--all --seed" if config.option.all else "--seed"
    return f"drawn at random with {way} {config.option.seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --all, leave out what is exhaustive."""
    if not config.option.all:
        left_out = [item for item in items if item.get_closest_marker("exhaustive")]
        items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests are collected by now: no round of garbage collection is to go through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.option.minutes
    if minutes is not None and monotonic() > BEGAN + 60 * minutes:
        pytest.skip(f"the {minutes:g} minutes are over")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and item.config.option.no_skips:
        fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and collector.config.option.no_skips:
        fail(report)
    return report


def fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason}\nand --no-skips forbids that"
