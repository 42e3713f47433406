"""The console picture: the figures are in it, on a terminal and elsewhere."""

from __future__ import annotations

import io
from collections import deque

from rich.console import Console

from harness.loading import Progress
from simulators.load.progress import BARS, Picture, line, sparkline


def test_a_sparkline_has_its_highest_bar_where_the_highest_value_is() -> None:
    bars = sparkline(deque([0.0, 5.0, 10.0]))
    assert len(bars) == 3
    assert bars[0] == BARS[0]
    assert bars[2] == BARS[-1]
    assert BARS.index(bars[0]) < BARS.index(bars[1]) < BARS.index(bars[2])


def test_nothing_done_is_a_flat_line() -> None:
    assert sparkline(deque([0.0, 0.0])) == BARS[0] * 2
    assert sparkline(deque()) == ""


def told(*, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
    with Picture("store, constant [4 associations]", console) as show:
        for second in range(1, 8):
            show(
                Progress(
                    at_s=second,
                    count=100 * second,
                    errors=3,
                    rate=1234,
                    p50_ms=1.5,
                    p99_ms=22.25,
                    associations=4,
                    ends_in_s=10 - second,
                )
            )
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_terminal_shows_a_live_picture() -> None:
    text = told(terminal=True)
    assert "1,234 /s" in text
    assert "22.2 ms" in text
    assert "7 of 10 s" in text
    assert "store, constant [4 associations]" in text, "brackets are no markup"


def test_elsewhere_a_plain_line_comes_now_and_then() -> None:
    lines = told(terminal=False).splitlines()
    assert len(lines) == 2, "at 1 s and at 6 s"
    assert lines[0].startswith("1 s: 100 answered, 3 errors, 1234/s")
    assert "p99 22.2 ms" in lines[1]


def test_a_note_is_never_left_out() -> None:
    assert line(Progress(at_s=0, note="Locust's page is at http://127.0.0.1:1")).endswith(":1)")


def test_a_note_that_lasts_is_not_told_every_second() -> None:
    told = io.StringIO()
    with Picture("echo", Console(file=told, width=200)) as picture:
        for second in range(4):
            picture(Progress(at_s=1 + second, note="no association is open"))
    assert told.getvalue().count("no association is open") == 1
