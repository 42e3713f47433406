"""The load part of the page: what is read from the record, and the pictures as values."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.measurement import Caller, Footing, Latency, Measurement, Moved, Second
from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports import html, markdown
from reports.page.charts import Chart
from reports.page.device_pictures import handles_of, memory_of, processor_of
from reports.page.fairness_picture import fairness_of
from reports.page.finding import view_of
from reports.page.knee_pictures import knee_latency_of, knee_of
from reports.page.load import Load, facts, loads_of
from reports.page.measured import measured_of
from reports.page.percentile_pictures import distribution_of
from reports.page.stored import measurement_of, percentiles_of
from reports.page.thinning import DRAWN, LISTED
from reports.page.time_pictures import latency_of, throughput_of
from reports.rows import rows_of
from tests.reports import builder, hostile, loads
from tests.reports.measuring import MIB, long_timeline
from tests.reports.rows import result

NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
SHAKEN = st.dictionaries(st.sampled_from(sorted(Measurement.model_fields)), NESTED)
ALL = (
    throughput_of, latency_of, distribution_of, knee_of, knee_latency_of, fairness_of,
    memory_of, processor_of, handles_of,
)  # fmt: skip


def _loads(run: Run) -> dict[str, Load]:
    return {item.scenario: item for item in loads_of(run, rows_of(run))}


def _chart(chart: Chart | None) -> Chart:
    assert chart is not None
    return chart


def _names(chart: Chart) -> list[str]:
    return [line.label for line in chart.lines]


def test_what_was_written_is_read_again() -> None:
    for play in (loads.clean(), loads.lossy(), loads.greedy(), loads.knee()):
        assert measurement_of(play.measurement.model_dump(mode="json")) == play.measurement


@settings(deadline=None)
@given(data=SHAKEN)
def test_no_measurement_breaks_the_reader_or_a_picture(data: dict[str, JSON]) -> None:
    one = measurement_of(data)
    for draw in ALL:
        draw(one)


def test_every_load_is_drawn_with_what_was_seen_of_the_device(loaded_run: Run) -> None:
    found = _loads(loaded_run)
    names = {scenario: [chart.name for chart in one.charts] for scenario, one in found.items()}
    timed = ["throughput", "latency", "distribution"]
    device = ["memory", "processor", "handles"]
    assert names == {
        "LOAD-001": timed + device,
        "LOAD-002": timed,
        "LOAD-004": [*timed, "fairness"],
        "LOAD-006": timed + device,
        "LOAD-012": timed,
        "LOAD-020": [*timed, "knee", "knee-latency"],
    }
    assert [one.verdict for one in found.values()][:2] == [Verdict.PASS, Verdict.FAIL]
    assert [name for name, one in found.items() if not one.opened] == ["LOAD-001", "LOAD-020"]


def test_facts_tell_loss_recovery_and_why_it_ended(loaded_run: Run) -> None:
    found = _loads(loaded_run)
    told = {name: dict(one.facts) for name, one in found.items()}
    assert "177 lost, 0 duplicated, 12 mixed up" in told["LOAD-002"]["Afterwards"]
    assert found["LOAD-002"].lost == "189"
    assert ("A700H", 79) in found["LOAD-002"].failures
    assert told["LOAD-001"]["Recovery"] == "as quick as before after 0.4 s"
    assert told["LOAD-006"]["Recovery"] == "not as quick as before after 30 s"
    assert told["LOAD-002"]["Offered"] == "as fast as answers came, for 20 s"
    assert found["LOAD-012"].why == "ended by Ctrl-C after 70 of 120 s"
    assert found["LOAD-001"].why == ""


def test_what_was_moved_is_told(loaded_run: Run) -> None:
    item = next(iter(measured_of(loaded_run)))
    moved = Moved(asked=9, announced=8, arrived=7, missing=1, unasked=2)
    one = item.measurement.model_copy(update={"moved": moved})
    told = dict(facts(replace(item, measurement=one)))
    assert told["C-MOVE"].startswith("8 objects announced, 7 arrived; 1 missing")
    assert "C-MOVE" not in dict(facts(item))


def test_a_closed_loop_has_no_due_line_and_no_errors_no_line_of_errors() -> None:
    assert _names(_chart(throughput_of(loads.clean().measurement))) == ["served", "due"]
    assert _names(_chart(throughput_of(loads.lossy().measurement))) == ["served", "errors"]
    assert _names(_chart(throughput_of(loads.greedy().measurement))) == ["served"]


def test_a_stall_breaks_the_line_of_latencies_and_is_told() -> None:
    chart = _chart(latency_of(loads.stalled().measurement))
    assert "In 11 intervals nothing was answered." in chart.told
    assert "the longest 12.2 s" in chart.told
    assert all(line.path.count("M") == 2 for line in chart.lines)


def test_a_long_soak_is_thinned_and_says_so() -> None:
    one = Measurement(operation="store", rate=100.0, timeline=long_timeline(86_400))
    throughput, latency = _chart(throughput_of(one)), _chart(latency_of(one))
    assert "from 2/s in the slowest interval to 100/s" in throughput.told
    assert throughput.note.startswith("The line is the mean of 540 intervals")
    assert len(throughput.bands) == 1
    assert latency.note == "Each point is the worst of 540 intervals."
    assert all(line.path.count("L") < DRAWN for line in (*throughput.lines, *latency.lines))
    assert len(throughput.table.rows) <= LISTED
    assert any("7.78 s" in row for row in latency.table.rows)
    assert throughput.x_ticks[1].label == "6 h"


@pytest.mark.parametrize("count", [1, 50, 9_999])
def test_few_requests_have_no_far_percentiles(count: int) -> None:
    histogram = tuple((1000 + at, 1) for at in range(count))
    one = Measurement(operation="echo", count=count, histogram=histogram)
    chart = _chart(distribution_of(one))
    assert chart.note.startswith(f"{count:,} requests cannot tell")
    assert ("99.99 %" in [tick.label for tick in chart.x_ticks]) == (count > 1000)


def test_the_curve_of_percentiles_ends_at_its_last_nine() -> None:
    histogram = ((1000, 99_980), (2000, 10), (900_000, 10))
    one = Measurement(operation="echo", count=100_000, histogram=histogram)
    chart = _chart(distribution_of(one))
    assert chart.note == ""
    assert chart.x_ticks[-1].label == "99.99 %"
    assert chart.lines[0].label == "2 ms"
    first, *_, last = percentiles_of(histogram)
    assert (first, last) == ((0.9998, 1.0, 99_980), (1.0, 900.0, 10))


def test_the_curve_of_percentiles_never_turns_back() -> None:
    histogram = tuple((1000 + 10 * at, 1 + at % 3) for at in range(202))
    count = sum(many for _, many in histogram)
    told = Latency(p50=1.0, max=3.0)
    one = Measurement(operation="echo", count=count, histogram=histogram, latency_ms=told)
    (line,) = _chart(distribution_of(one)).lines
    places = [tuple(map(float, place.split())) for place in line.path[1:].split("L")]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert line.label == "3 ms"


def test_without_a_histogram_the_stored_percentiles_are_drawn() -> None:
    told = Latency(p50=1.0, p90=2.0, p99=3.0, p99_9=4.0, p99_99=5.0, max=9.0)
    chart = _chart(distribution_of(Measurement(operation="echo", count=10**6, latency_ms=told)))
    assert chart.lines[0].markers.count("M") == 6
    assert ("99.9 %", "4 ms") in chart.table.rows


def test_the_knee_is_marked_and_steps_that_were_not_kept_are_crossed() -> None:
    chart = _chart(knee_of(loads.knee().measurement))
    assert _names(chart) == ["offered", "achieved", "kept", "not kept"]
    assert [mark.label for mark in chart.marks] == ["keeps 380/s"]
    assert [line.markers.count("M") for line in chart.lines] == [0, 0, 6, 2]
    assert chart.told.startswith("Kept up to 380/s offered")
    assert [row[-1] for row in chart.table.rows] == ["yes"] * 6 + ["no"] * 2
    assert _chart(knee_latency_of(loads.knee().measurement)).marks == chart.marks


def test_a_knee_that_was_never_kept_has_no_mark() -> None:
    steps = loads.knee().measurement.steps[-2:]
    chart = _chart(knee_of(Measurement(operation="echo", steps=steps)))
    assert chart.marks == ()
    assert chart.told.startswith("No load that was offered was kept.")


def test_fairness_names_who_got_least_and_who_was_greedy() -> None:
    chart = _chart(fairness_of(loads.greedy().measurement))
    assert chart.bars[0].label.startswith("POLITE-MR-4 · 3.1/s")
    assert chart.bars[-1].label.startswith("GREEDY-CT (greedy)")
    assert chart.bars[-1].tone != chart.bars[0].tone
    assert "POLITE-MR-4 got least: 3.1/s, 9% of their mean" in chart.told
    assert chart.marks[0].label == "mean 33.2/s"


def test_many_callers_are_cut_to_those_that_matter() -> None:
    callers = tuple(Caller(ae_title=f"AE{at:03}", objects_per_s=float(at)) for at in range(300))
    chart = _chart(fairness_of(Measurement(operation="echo", callers=callers)))
    assert [bar.label[:5] for bar in chart.bars][::15] == ["AE000", "AE299"]
    assert chart.note.startswith("Of 300 AE titles")
    assert (len(chart.table.rows), chart.table.note) == (200, "The first 200 of 300.")
    assert fairness_of(Measurement(operation="echo", callers=callers[:1])) is None


def test_the_load_is_marked_in_the_pictures_of_the_device() -> None:
    one = loads.slow().measurement
    for chart in (memory_of(one), processor_of(one), handles_of(one)):
        (span,) = _chart(chart).spans
        assert [mark.x for mark in _chart(chart).marks] == [span.start, span.end]
        assert 0 < span.start < span.end < _chart(chart).right
    assert _chart(memory_of(one)).told == (
        "Memory: 64 MiB before the load, 343 MiB at most, 343 MiB after it."
    )
    assert "117 after it. Threads: 3 before the load" in _chart(handles_of(one)).told


def test_processor_time_of_a_process_that_has_gone_is_not_negative() -> None:
    cpu = (1.0, 2.0, 0.5, 1.0)
    device = tuple(
        Footing(at_s=float(at), rss_bytes=MIB, descriptors=3, threads=1, processes=2, cpu_s=used)
        for at, used in enumerate(cpu)
    )
    one = Measurement(operation="echo", duration_s=3.0, device=device)
    assert [row[1] for row in _chart(processor_of(one)).table.rows] == ["100.0 %", "50.0 %"]
    assert _names(_chart(handles_of(one))) == ["descriptors", "threads", "processes"]
    assert processor_of(one.model_copy(update={"device": device[:1]})) is None
    assert _chart(memory_of(one.model_copy(update={"device": device[:1]}))).lines[0].path == ""


def test_nothing_measured_is_nothing_drawn() -> None:
    empty = Measurement(operation="store", timeline=(Second(at_s=0.0, for_s=0.0, count=5),))
    assert [draw(empty) for draw in ALL] == [None] * len(ALL)


def test_what_was_seen_goes_with_the_last_load_as_in_run_json(tmp_path: Path) -> None:
    warm: dict[str, JSON] = {"operation": "echo", "count": 1}
    run = builder.build(tmp_path / "run", [result("LOAD-001", "PASS")])
    run = loads.with_seen(run, "LOAD-001", [builder.observation("load", warm)])
    run = loads.with_seen(run, "LOAD-001", loads.observations(loads.clean()))
    first, last = measured_of(run)
    assert (first.number, first.measurement.device, first.measurement.ledger) == (1, (), None)
    assert (last.number, len(last.measurement.device)) == (2, 73)
    assert (last.measurement.recovery_s, last.waited_s) == (0.4, None)
    assert last.measurement.ledger is not None


def test_looks_before_and_after_stand_outside_the_load(tmp_path: Path) -> None:
    plain: dict[str, JSON] = {
        "at_s": 0.0, "rss_bytes": MIB, "descriptors": 3, "threads": 1, "processes": 1, "cpu_s": 1.0,
    }  # fmt: skip
    seen = [builder.observation("load", {"operation": "echo", "duration_s": 2.0})]
    seen += [
        builder.observation("footing", {**plain, "when": when, "rss_bytes": size * MIB})
        for when, size in (("after", 9), ("before", 4))
    ]
    run = builder.build(tmp_path / "run", [result("LOAD-006", "PASS")])
    (one,) = measured_of(loads.with_seen(run, "LOAD-006", seen))
    assert [footing.at_s for footing in one.measurement.device] == [0.0, 2.001]
    assert _chart(memory_of(one.measurement)).told == (
        "Memory: 4 MiB before the load, 9 MiB at most, 9 MiB after it."
    )


def test_a_play_that_several_were_judged_on_is_told_once_with_the_worst(loaded_run: Run) -> None:
    chosen = {**loaded_run.chosen, "LOAD-002": ["LOAD-001"], "LOAD-004": ["LOAD-001"]}
    scenarios = [item.scenario for item in measured_of(replace(loaded_run, chosen=chosen))]
    assert scenarios == ["LOAD-002", "LOAD-006", "LOAD-012", "LOAD-020"]


def test_a_load_that_was_cut_short_is_drawn_without_a_verdict(tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [result("ASC-001", "PASS")], complete=False)
    run = loads.with_seen(run, "LOAD-003.2", loads.observations(loads.stalled()))
    (one,) = loads_of(run, rows_of(run))
    assert (one.scenario, one.verdict, one.opened) == ("LOAD-003", None, True)
    assert "It did not run to its end" in html.render(run).decode()


def test_the_record_is_the_truth_and_the_document_its_substitute(loaded_run: Run) -> None:
    stored: dict[str, JSON] = {
        **loads.clean().measurement.model_dump(mode="json"), "scenario": "LOAD-001", "count": 7,
    }  # fmt: skip
    document: dict[str, JSON] = {**loaded_run.document, "measurements": [stored, 5]}
    both = replace(loaded_run, document=document)
    assert measured_of(both) == measured_of(loaded_run)
    alone = replace(loaded_run, document=document, plays={}, chosen={})
    (one,) = measured_of(alone)
    assert (one.scenario, one.measurement.count) == ("LOAD-001", 7)
    assert len(one.measurement.device) == 73


class _Pictures(HTMLParser):
    """Pictures by their texts, and ids."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= set(told)
        self.ids += [told["id"]] if "id" in told else []
        # The data-flow diagram of the threats has tests of its own.
        if tag == "svg" and "viewbox" in told and told.get("class") != "dfd":
            assert told["role"] == "img"
            self.named.append((told["aria-labelledby"], told["aria-describedby"]))


def _pictures(run: Run) -> _Pictures:
    reader = _Pictures()
    reader.feed(html.render(run).decode())
    return reader


def test_every_picture_has_a_title_a_description_and_its_numbers(loaded_run: Run) -> None:
    page = html.render(loaded_run).decode()
    reader = _pictures(loaded_run)
    drawn = sum(len(one.charts) for one in loads_of(loaded_run, rows_of(loaded_run)))
    assert len(reader.named) == drawn == 27
    assert len(reader.ids) == len(set(reader.ids))
    assert {name for pair in reader.named for name in pair} <= set(reader.ids)
    assert page.count('<details><summary>Numbers<span class="sr">') == drawn
    assert "style" not in reader.attributes
    for one in re.findall(r'<svg role="img".*?</svg>', page, re.S):
        assert re.search(r"<title [^>]+>\S[^<]+</title>\s*<desc [^>]+>\S[^<]*\d[^<]*</desc>", one)
        assert not re.search(r"\b(nan|inf|None)\b", one)


def test_hostile_loads_build_nothing(hostile_loaded_run: Run, loaded_run: Run) -> None:
    page = html.render(hostile_loaded_run).decode()
    for raw in (hostile.SCRIPT, hostile.IMAGE, "<injected", "<svg onload", "\u202e", "\x1b"):
        assert raw not in page
    assert "A" * 3000 not in page
    assert _pictures(hostile_loaded_run).tags <= _pictures(loaded_run).tags
    assert hostile.SCRIPT.encode() not in markdown.render(hostile_loaded_run)
    for one in re.findall(r'<svg role="img".*?</svg>', page, re.S):
        assert not re.search(r'="[^"]*\b(nan|inf)\b', one)


def test_a_finding_tells_its_load_and_what_was_found_afterwards(loaded_run: Run) -> None:
    row = next(row for row in rows_of(loaded_run) if row.id == "LOAD-002")
    (play,) = view_of(row, loaded_run).plays
    assert play.exchange.loads[0].startswith("17,912 requests were answered with success, 88 err")
    said = {line.label: line for line in play.proofs}
    assert said["Objects afterwards"].ok is False
    assert "177 lost" in said["Objects afterwards"].text
    row = next(row for row in rows_of(loaded_run) if row.id == "LOAD-001")
    said = {line.label: line for line in view_of(row, loaded_run).plays[0].proofs}
    assert (said["Objects afterwards"].ok, said["Recovery"].ok) == (True, True)


def test_a_run_without_load_has_no_such_section(sample: Run) -> None:
    assert loads_of(sample, rows_of(sample)) == ()
    assert 'id="load"' not in html.render(sample).decode()
