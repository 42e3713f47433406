from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from harness import load_watch
from harness.loading import Progress
from harness.measurement import Footing
from harness.model import Health


def _footing(at_s: float, threads: int = 2) -> Footing:
    return Footing(at_s=at_s, rss_bytes=1, descriptors=1, threads=threads, processes=1, cpu_s=0.0)


def _saying(*told: Health) -> Callable[[], Health]:
    """Each look in turn, the last for ever."""
    left: Iterator[Health] = iter(told)

    def health() -> Health:
        return next(left, told[-1])

    return health


QUICK = Health(ok=True, alive=True, detail="", latency_s=0.01)
SLOW = Health(ok=True, alive=True, detail="", latency_s=0.5)
AWAY = Health(ok=False, alive=True, detail="no answer")
GONE = Health(ok=False, alive=False, detail="gone", evidence={"process ended with": 11})


def test_the_watch_looks_until_it_is_closed() -> None:
    enough = threading.Event()

    def look(at_s: float) -> Footing:
        if at_s > 0.02:
            enough.set()
        return _footing(at_s)

    with load_watch.Watch(look, every_s=0.005) as watch:
        assert enough.wait(5)
    seen = [one.at_s for one in watch.seen]
    assert seen == sorted(seen)
    assert len(seen) >= 2
    assert not any(thread.name == "load-watch" for thread in threading.enumerate())


def test_the_watch_gives_up_on_a_device_that_is_not_ours() -> None:
    asked: list[float] = []
    with load_watch.Watch(lambda at_s: asked.append(at_s), every_s=0.001) as watch:
        deadline = time.monotonic() + 5
        while not asked and time.monotonic() < deadline:
            threading.Event().wait(0.001)
    assert (len(asked), watch.seen) == (1, [])


def test_a_long_watch_keeps_no_more_than_a_curve_can_show() -> None:
    enough = threading.Event()
    count = 0

    def look(at_s: float) -> Footing:
        nonlocal count
        count += 1
        if count > load_watch.MOST_LOOKS:
            enough.set()
        return _footing(float(count))

    with load_watch.Watch(look, every_s=0.0001) as watch:
        assert enough.wait(30)
    seen = [one.at_s for one in watch.seen]
    assert len(seen) < load_watch.MOST_LOOKS
    assert seen[:3] == [1.0, 3.0, 5.0]


def test_settled_waits_until_the_device_is_back() -> None:
    left = iter([9, 5, 2])
    base = [_footing(0.0)]
    seen = load_watch.settled(
        lambda at_s: _footing(at_s, next(left)), base, time.monotonic(), threading.Event()
    )
    assert [one.threads for one in seen] == [9, 5, 2]


def test_settled_ends_when_nobody_waits_any_more() -> None:
    over = threading.Event()
    over.set()
    base = [_footing(0.0)]
    seen = load_watch.settled(lambda at_s: _footing(at_s, 9), base, time.monotonic(), over)
    assert [one.threads for one in seen] == [9]


def test_nothing_is_looked_at_where_nothing_was_seen_before() -> None:
    assert load_watch.before(lambda _at_s: None) == []
    seen = load_watch.settled(_footing, [], time.monotonic(), threading.Event())
    assert seen == []


def test_quickness_is_the_median_of_a_few_looks() -> None:
    assert load_watch.quickness(_saying(QUICK, SLOW, QUICK)) == (QUICK, 0.01)
    assert load_watch.quickness(_saying(QUICK, AWAY))[0] is AWAY


def test_recovery_is_over_with_the_first_quick_answer() -> None:
    waits = threading.Event()
    after_s, ok, served = load_watch.recovery(_saying(AWAY, SLOW, QUICK), 0.01, 30.0, waits)
    assert (ok, served) == (True, True)
    assert 0.05 <= after_s < 30.0


def test_a_device_that_stays_slow_does_not_recover() -> None:
    found = load_watch.recovery(_saying(SLOW), 0.01, 0.06, threading.Event())
    assert found[1:] == (False, True)
    assert found[0] >= 0.06


def test_a_device_that_is_gone_is_not_waited_for() -> None:
    after_s, ok, served = load_watch.recovery(_saying(GONE), 0.01, 60.0, threading.Event())
    assert (ok, served) == (False, False)
    assert after_s < 30.0


def test_looks_count_from_when_the_load_began_not_from_when_they_did() -> None:
    opened = time.monotonic()
    with load_watch.Watch(_footing) as watch:
        pass
    watch.seen = [_footing(0.2), _footing(1.0), _footing(1.5)]
    times = [one.at_s for one in watch.since(opened + 0.9)]
    assert [round(at_s, 1) for at_s in times] == [0.1, 0.6]


def test_a_load_began_when_its_first_progress_says() -> None:
    shown: list[Progress] = []
    start = load_watch.Start()
    told = start.noticed(shown.append)
    told(Progress(at_s=3.0))
    first = start.of(100.0)
    told(Progress(at_s=4.0))
    assert [one.at_s for one in shown] == [3.0, 4.0]
    assert start.of(100.0) == first
    assert 3.0 <= time.monotonic() - first < 3.0 + 5


def test_a_load_without_progress_began_its_duration_ago() -> None:
    began = load_watch.Start().of(2.0)
    assert 2.0 <= time.monotonic() - began < 2.0 + 5
