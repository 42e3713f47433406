"""Nothing recorded is lost: not in batches, not on the way, not in any order."""

import json
import random
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.load.histogram import buckets, latency
from simulators.load.merge import merge
from simulators.load.plan import Plan, Shape, Target
from simulators.load.portion import MOST_CELLS, NS_PER_S, Portion, joined
from simulators.load.recorder import BATCH, Recorder, interval_of, is_success

MS = 1_000_000
PLAN = Plan(operation="store", target=Target(host="127.0.0.1", port=1), duration_s=60.0)

LATENCIES = st.lists(st.integers(1_000, 600 * NS_PER_S), min_size=1, max_size=400)


def exact(latencies: list[int], quantile: float) -> float:
    ordered = sorted(latencies)
    rank = max(1, -int(-quantile * len(ordered) // 1))
    return ordered[rank - 1] / MS


@settings(deadline=None)
@given(LATENCIES)
def test_percentiles_are_within_one_per_cent(latencies: list[int]) -> None:
    seen = latency(buckets(latencies), max(latencies))
    for quantile, value in (
        (0.5, seen.p50),
        (0.9, seen.p90),
        (0.99, seen.p99),
        (0.999, seen.p99_9),
        (0.9999, seen.p99_99),
    ):
        true = exact(latencies, quantile)
        assert true * 0.9999 <= value <= true * 1.01
    assert seen.max == max(latencies) / MS


def test_nothing_measured_has_no_percentiles() -> None:
    assert latency({}, 0).max == 0.0


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which recorder
        st.sampled_from(["A", "B", "C"]),
        st.integers(0, 5_000 * NS_PER_S),
        st.integers(1, 10 * NS_PER_S),
        st.sampled_from([0, 0, 0, 0xA700, 0xB000]),
        st.booleans(),  # flush after it
    ),
    max_size=60,
)


@settings(deadline=None, max_examples=60)
@given(EVENTS, st.randoms(use_true_random=False))
def test_portions_join_without_loss_in_any_order(
    events: list[tuple[int, str, int, int, int, bool]], chance: random.Random
) -> None:
    recorders = [Recorder(0) for _ in range(4)]
    lanes = {(n, ae): recorders[n].lane(ae) for n in range(4) for ae in "ABC"}
    portions = []
    for which, ae, due, took, status, flush in sorted(events, key=lambda event: event[2]):
        lanes[which, ae].answered(due, due + took, status, octets=10)
        if flush:
            portions.append(recorders[which].flush())
    portions += [recorder.flush() for recorder in recorders]
    carried = [
        Portion.model_validate(json.loads(json.dumps(p.model_dump(mode="json")))) for p in portions
    ]
    assert carried == portions
    shuffled = list(portions)
    chance.shuffle(shuffled)
    one, other = joined(portions), joined(shuffled)
    assert one == other
    good = [event for event in events if is_success(event[4])]
    total = one.total()
    assert (total.count, total.errors) == (len(good), len(events) - len(good))
    assert total.due == len(events)
    assert total.octets == 10 * len(good)
    assert sum(total.buckets.values()) == len(good)
    assert sum(one.statuses.values()) == sum(1 for event in events if event[4])
    assert {ae: cell.count for ae, cell in one.callers.items() if cell.count} == {
        ae: count for ae in "ABC" if (count := sum(1 for event in good if event[1] == ae))
    }
    assert len(one.cells) <= MOST_CELLS
    measured = merge(PLAN, shuffled)
    assert sum(second.count for second in measured.timeline) == len(good)
    assert sum(count for _, count in measured.histogram) == len(good)


def test_intervals_hold_what_fell_into_them() -> None:
    recorder = Recorder(NS_PER_S, NS_PER_S // 10)
    lane = recorder.lane("ASSAY")
    lane.opened(NS_PER_S)
    for n in range(5 * BATCH // 2):
        due = NS_PER_S + n * 100_000
        lane.record(due, due + 50 * MS, 7)
    lane.failed(NS_PER_S + 5 * MS, NS_PER_S + 100 * MS, requests=3)
    lane.ended(NS_PER_S + 120 * MS, "RESET")
    lane.refused(NS_PER_S + 130 * MS, "rejected 2/3/2")
    measured = merge(PLAN, [recorder.flush()], complete=False, why="interrupted")
    first, second, third, *_ = measured.timeline
    assert (first.due, first.count, first.errors) == (1003, 500, 0)
    assert (second.due, second.count, second.errors) == (1000, 1000, 3)
    assert (first.associations, second.associations, third.associations) == (1, 0, 0)
    assert second.octets == 7000
    assert second.latency_ms.max == 50.0
    assert measured.count == 5 * BATCH // 2
    assert measured.endings == {"RESET": 1, "rejected 2/3/2": 1}
    assert (measured.complete, measured.why) == (False, "interrupted")
    assert measured.duration_s == pytest.approx(0.306, abs=0.001)
    assert measured.objects_per_s == pytest.approx(measured.count / measured.duration_s)


def test_a_stalled_device_leaves_a_gap_in_the_timeline() -> None:
    recorder = Recorder(0)
    lane = recorder.lane("ASSAY")
    lane.record(0, MS)
    lane.record(MS, 4 * NS_PER_S)
    measured = merge(PLAN, [recorder.flush()])
    assert [second.count for second in measured.timeline] == [1, 0, 0, 0, 1]
    assert measured.timeline[-1].latency_ms.p50 == pytest.approx(3999.0, rel=0.01)


def test_callers_are_told_apart() -> None:
    recorder = Recorder(0)
    polite, greedy = recorder.lane("POLITE"), recorder.lane("GREEDY", greedy=True)
    for n in range(10):
        greedy.record(n, n + 2 * MS)
    polite.record(0, 8 * MS)
    polite.answered(0, 9 * MS, 0xA700)
    one, other = merge(PLAN, [recorder.flush()]).callers
    assert (one.ae_title, one.greedy, one.count, one.errors) == ("GREEDY", True, 10, 0)
    assert (other.ae_title, other.greedy, other.count, other.errors) == ("POLITE", False, 1, 1)
    assert other.latency_ms.p50 == pytest.approx(8.0, rel=0.01)


def test_a_warning_is_a_success_that_is_noted() -> None:
    recorder = Recorder(0)
    recorder.lane("A").answered(0, MS, 0xB007)
    measured = merge(PLAN, [recorder.flush()])
    assert (measured.count, measured.errors, measured.statuses) == (1, 0, {"B007H": 1})


def test_flushing_meanwhile_loses_nothing() -> None:
    recorder = Recorder(0)
    lanes = [recorder.lane(f"AE{n}") for n in range(4)]
    each, done, portions = 20_000, threading.Event(), []

    def work(n: int) -> None:
        for at in range(each):
            lanes[n].record(at * 1000, at * 1000 + 500, 3)

    def look() -> None:
        while not done.is_set():
            portions.append(recorder.flush())

    watcher = threading.Thread(target=look)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    watcher.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    total = joined([*portions, recorder.flush()])
    assert total.total().count == 4 * each
    assert total.total().octets == 12 * each
    assert {cell.count for cell in total.callers.values()} == {each}
    assert total.total().longest_ns == 500


def test_a_lane_that_is_let_go_is_counted() -> None:
    recorder = Recorder(0)
    lane = recorder.lane("A")
    lane.record(0, 5)
    recorder.forget(lane)
    assert recorder.flush().total().count == 1
    assert recorder.flush().total().count == 0


def test_only_portions_of_one_load_are_joined() -> None:
    with pytest.raises(ValueError, match="one load"):
        joined([Portion(interval_ns=NS_PER_S), Portion(interval_ns=NS_PER_S // 10)])


def test_processor_time_and_memory_add_up() -> None:
    recorder = Recorder(0)
    lane = recorder.lane("A")
    for n in range(50_000):
        lane.record(n, n + 1)
    portion = recorder.flush()
    assert portion.cpu_ns > 0
    other = portion.model_copy(update={"rss_bytes": {"another:1": 5}})
    measured = merge(PLAN, [portion, portion, other])
    assert measured.client_peak_rss_bytes == 5 + sum(portion.rss_bytes.values())
    assert measured.client_cpu_us_per_object == pytest.approx(3 * portion.cpu_ns / 1000 / 150_000)


@pytest.mark.parametrize(
    ("seconds", "length"), [(9.9, NS_PER_S // 10), (10.0, NS_PER_S), (None, NS_PER_S)]
)
def test_short_loads_have_a_finer_timeline(seconds: float | None, length: int) -> None:
    plan = PLAN.model_copy(update={"duration_s": seconds, "shape": Shape()})
    assert interval_of(plan) == length
