"""The clock of a talk."""

from backprop_tui.tui.speaker.stopwatch import Stopwatch, clock


def test_it_stops_and_goes_on() -> None:
    now = [100.0]
    watch = Stopwatch(lambda: now[0])
    assert (watch.started, watch.running, watch.seconds) == (False, False, 0)
    watch.start()
    now[0] += 65
    watch.start()  # which it is already
    assert (str(watch), watch.running) == ("1:05", True)
    watch.toggle()
    now[0] += 1000
    assert (str(watch), watch.running) == ("1:05", False)
    watch.toggle()
    now[0] += 5
    assert watch.seconds == 70
    watch.reset()
    now[0] += 3
    assert (watch.seconds, watch.running) == (3, True)
    watch.toggle()
    watch.reset()
    assert (watch.seconds, watch.running) == (0, False)


def test_how_it_reads() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 60, 3599, 3600, 3725, -1)] == [
        *("0:00", "0:59", "1:00", "59:59", "1:00:00", "1:02:05", "0:00")
    ]
