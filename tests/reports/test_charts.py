"""Scales, lines and labels of the pictures."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.page import axes
from reports.page.charts import BOTTOM, LEFT, RIGHT, TOP, Line, Series, Tone, band, drawn, spread
from reports.page.thinning import peaks, stretches
from tests.reports.measuring import long_timeline

VALUES = st.lists(st.floats(min_value=0, max_value=1e15), min_size=1, max_size=20)
X = axes.spanning(0.0, 60.0, LEFT, RIGHT)
Y = axes.linear([10.0], BOTTOM, TOP)


@settings(deadline=None)
@given(values=VALUES)
def test_a_linear_scale_holds_every_value_between_few_round_ticks(values: list[float]) -> None:
    scale = axes.linear(values, 0, 100)
    assert scale.low == 0
    assert scale.high >= max(values) * (1 - 1e-9)
    assert 2 <= len(scale.ticks) <= 7
    assert all(0 <= scale.at(value) <= 100 for value in values)


@settings(deadline=None)
@given(values=VALUES)
def test_a_logarithmic_scale_holds_every_positive_value(values: list[float]) -> None:
    scale = axes.log(values, 0, 100)
    positive = [value for value in values if value > 1e-9]
    assert 0 < scale.low < scale.high
    assert all(scale.low <= value * (1 + 1e-9) for value in positive)
    assert all(scale.high >= value * (1 - 1e-9) for value in positive)
    assert 2 <= len(scale.ticks) <= 9
    assert all(0 <= scale.at(value) <= 100 for value in values)
    assert list(scale.ticks) == sorted(set(scale.ticks))


def test_equal_ratios_are_equal_distances() -> None:
    scale = axes.log([1.0, 1000.0], 0, 300)
    assert [scale.at(value) for value in (1, 10, 100, 1000)] == [0, 100, 200, 300]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 60, (0, 15, 30, 45, 60)),
        (-2, 70, (0, 15, 30, 45, 60)),
        (0, 600, (0, 120, 240, 360, 480, 600)),
        (0, 86_400, (0, 21_600, 43_200, 64_800, 86_400)),
        (0, 0.5, (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        (5, 5, (5.0, 5.2, 5.4, 5.6, 5.8, 6.0)),
    ],
)
def test_time_has_ticks_as_clocks_have(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert axes.spanning(low, high, 0, 1).ticks == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(1, (0, 1)), (2, (0, 1, 2)), (11, (0, 5, 10, 15)), (40, (0, 10, 20, 30, 40))],
)
def test_what_is_counted_has_no_tick_between_whole_numbers(
    most: float, ticks: tuple[float, ...]
) -> None:
    assert axes.linear([most], 0, 1, whole=True).ticks == ticks


def test_memory_has_ticks_that_are_round_in_its_unit() -> None:
    scale = axes.octets_scale([343 * 2**20], 0, 1)
    labels = [tick.label for tick in scale.marks(axes.octets_label)]
    assert labels == ["0", "100 MiB", "200 MiB", "300 MiB", "400 MiB"]


@pytest.mark.parametrize(
    ("label", "value", "text"),
    [
        (axes.latency_label, 0.25, "250 µs"),
        (axes.latency_label, 20.0, "20 ms"),
        (axes.latency_label, 2500.0, "2.5 s"),
        (axes.latency_label, 0.0, "0 ms"),
        (axes.rate_label, 64_200.0, "64.2k/s"),
        (axes.rate_label, 0.0, "0"),
        (axes.count_label, 1e15, "1e15"),
        (axes.octets_label, 512.0, "512 B"),
        (axes.octets_label, 3 * 2**30, "3 GiB"),
        (axes.percent_label, 74.0, "74 %"),
        (axes.time_label(90.0), 30.0, "30 s"),
        (axes.time_label(900.0), 300.0, "5 min"),
        (axes.time_label(43_200.0), 7200.0, "2 h"),
        (axes.time_label(864_000.0), 172_800.0, "2 d"),
    ],
)
def test_labels_bear_their_unit(label: axes.Label, value: float, text: str) -> None:
    assert label(value) == text


def test_a_small_screen_leaves_every_other_label_out() -> None:
    assert [tick.minor for tick in axes.spanning(0, 60, 0, 1).marks(str)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert not any(tick.minor for tick in axes.spanning(0, 2, 0, 1, about=2).marks(str))


def _drawn(*series: Series) -> tuple[Line, ...]:
    return drawn(series, X, Y)


def test_a_line_breaks_where_nothing_was_measured() -> None:
    (line,) = _drawn(Series("p50", "main", [(0, 1), (10, 2), (20, None), (30, 3), (40, 4)]))
    assert line.path.count("M") == 2
    assert re.findall(r"M([\d.]+) ", line.path) == [f"{X.at(at):g}" for at in (0, 30)]


def test_a_single_point_shows_as_a_marker() -> None:
    (line,) = _drawn(Series("p50", "main", [(10, 2)]))
    assert line.path == ""
    assert line.markers.startswith(f"M{X.at(10):g} {Y.at(2):g}")


def test_a_lonely_point_among_many_keeps_its_marker() -> None:
    points: list[tuple[float, float | None]] = [(at / 2, 1.0) for at in range(100)]
    points[49:52] = [(24.5, None), (25.0, 9.0), (25.5, None)]
    (line,) = _drawn(Series("p50", "main", points))
    assert line.markers.count("M") == 2
    assert f"M{X.at(25):g} {Y.at(9):g}" in line.markers


def test_an_empty_series_is_no_line() -> None:
    assert _drawn(Series("due", "ref", []), Series("p50", "main", [(0, None)])) == ()


def test_tones_differ_in_their_markers() -> None:
    tones: tuple[Tone, ...] = ("main", "tail", "bad", "ref")
    lines = [_drawn(Series("a", tone, [(1, 1)]))[0] for tone in tones]
    shapes = {line.markers.split("m", 1)[1] for line in lines}
    assert len(shapes) == len(tones)


@settings(deadline=None)
@given(heights=st.lists(st.floats(min_value=TOP, max_value=BOTTOM), max_size=6))
def test_labels_do_not_cover_each_other(heights: list[float]) -> None:
    placed = sorted(spread(heights))
    assert all(b - a >= 15.99 for a, b in pairwise(placed))
    assert all(0 <= at <= BOTTOM for at in placed)


def test_labels_keep_the_order_of_their_lines() -> None:
    assert spread([100.0, 98.0]) == [114.0, 98.0]


def test_a_band_without_width_is_not_drawn() -> None:
    flat: list[tuple[float, float | None]] = [(0, 1), (10, 1)]
    high: list[tuple[float, float | None]] = [(0, 2), (10, 3)]
    assert band(flat, flat, X, Y) == ()
    (area,) = band(flat, high, X, Y)
    assert area.path.endswith("z")


@pytest.mark.parametrize("seconds", [1, 59, 160, 161, 5000, 86_400])
def test_a_long_timeline_keeps_its_sums_and_its_worst(seconds: int) -> None:
    timeline = long_timeline(seconds)
    parts = stretches(timeline, 160)
    assert len(parts) <= 160
    assert sum(part.intervals for part in parts) == seconds
    assert sum(part.count for part in parts) == sum(second.count for second in timeline)
    assert max(part.longest for part in parts) == 7777.0
    assert min(part.slowest for part in parts) == 2.0
    assert max(part.most_errors for part in parts) == 1.0
    assert math.isclose(parts[-1].at_s + parts[-1].for_s, seconds)


def test_peaks_keep_the_highest_and_both_ends() -> None:
    points = [(float(at), float(at % 7)) for at in range(1000)]
    points[333] = (333.0, 99.0)
    kept = peaks(points, 50)
    assert len(kept) <= 52
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert (333.0, 99.0) in kept
    assert peaks(points[:50], 50) == tuple(points[:50])
