"""Oracles on cost and capacity: memory, processor time, files, log, other peers, slots."""

from __future__ import annotations

import pytest

from harness.model import JSON, Record
from harness.oracles import (
    busy_at_most,
    cpu_below,
    frees_idle_associations,
    log_lines_below,
    log_stays_whole,
    no_file_outside,
    peak_memory_below,
    serves_others,
    serves_the_claimed_number,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    PASS,
    RESOURCE,
    SLOW,
    UNSEEN,
    Row,
    check,
)

NOTHING = a_record()
MIB = 2**20


def one(kind: str, actor: str = "process", /, **data: JSON) -> Record:
    return a_record(seen(kind, actor, **data))


def idle(after_s: float, limit: JSON, ended: Outcome = Outcome.ABORTED) -> Record:
    return a_record(outcome(ended, after_s=after_s), facts={"idle_timeout_s": limit})


def polite(artim_s: float = 30.0, /, **data: JSON) -> Record:
    return a_record(seen("served", "polite", **data), facts={"artim_s": artim_s})


ROWS = [
    Row(peak_memory_below(64), NOTHING, UNSEEN, "let the harness start the device"),
    Row(peak_memory_below(64), one("memory"), UNSEEN, "not measurable"),
    Row(peak_memory_below(64), one("memory", growth_bytes=None), UNSEEN),
    Row(peak_memory_below(64), one("memory", growth_bytes=0), PASS),
    Row(peak_memory_below(64), one("memory", growth_bytes=64 * MIB - 1), PASS),
    Row(peak_memory_below(64), one("memory", growth_bytes=64 * MIB), RESOURCE, "grew by 64.0 MiB"),
    Row(
        peak_memory_below(64),
        a_record(seen("memory", growth_bytes=65 * MIB), seen("memory", growth_bytes=1)),
        RESOURCE,
        "grew by 65.0 MiB",
    ),
    Row(
        peak_memory_below(64),
        a_record(seen("memory", growth_bytes=MIB), seen("memory", growth_bytes=None)),
        PASS,
        "grew by 1.0 MiB",
    ),
    Row(busy_at_most(10), NOTHING, PASS, "not observed"),
    Row(busy_at_most(10), one("cpu", share=0.9, window_s=10.0), PASS, "9.0 s"),
    Row(busy_at_most(10), one("cpu", share=0.9, window_s=30.0), RESOURCE, "27.0 s"),
    Row(cpu_below(0.5), NOTHING, UNSEEN),
    Row(cpu_below(0.5), one("cpu", share=None), UNSEEN),
    Row(cpu_below(0.5), one("cpu", share=0), PASS),
    Row(cpu_below(0.5), one("cpu", share=0.49), PASS, "49%"),
    Row(cpu_below(0.5), one("cpu", share=0.5), RESOURCE),
    Row(no_file_outside(), NOTHING, UNSEEN),
    Row(no_file_outside(), one("files", outside=[]), PASS),
    Row(no_file_outside(), one("files", outside=["../evil"]), LEAK, "../evil"),
    Row(
        no_file_outside(),
        a_record(seen("files", outside=["a"]), seen("files", outside=[])), LEAK,
    ),
    Row(log_stays_whole(), NOTHING, UNSEEN),
    Row(log_stays_whole(), one("log", forged=0), PASS),
    Row(log_stays_whole(), one("log"), PASS),
    Row(log_stays_whole(), one("log", forged=2), LEAK, "2 forged"),
    Row(log_stays_whole(), a_record(seen("log", forged=1), seen("log", forged=0)), LEAK),
    Row(log_lines_below(10), NOTHING, UNSEEN),
    Row(log_lines_below(10), one("log", lines=10), PASS),
    Row(log_lines_below(10), one("log", lines=11), RESOURCE, "11 log lines (bound 10)"),
    Row(serves_others(2), NOTHING, UNSEEN, "no polite peer"),
    Row(serves_others(2), one("served", "attacker", ok=True, after_s=1), UNSEEN),
    Row(serves_others(2), polite(ok=True, after_s=2), PASS),
    Row(serves_others(2), polite(ok=True, after_s=2.1, detail="late"), HANG, "late"),
    Row(serves_others(2), polite(ok=False, detail="no answer"), HANG, "no answer"),
    Row(serves_others(2), polite(ok=False, recovered_s=35), LENIENT, "regained after 35.0 s"),
    Row(serves_others(2), polite(ok=False, recovered_s=35.1), HANG),
    Row(serves_others(2), polite(2.0, ok=False, recovered_s=7.1), HANG),
    Row(
        serves_others(2), polite(ok=False, recovered_s=9, refused_transiently=True), LENIENT,
        "refused transiently",
    ),
    Row(frees_idle_associations(), NOTHING, UNSEEN),
    Row(frees_idle_associations(), idle(4, 4), PASS),
    Row(frees_idle_associations(), idle(9, 4), PASS),
    Row(frees_idle_associations(), idle(9.1, 4), SLOW),
    Row(frees_idle_associations(2), idle(12.9, 4), PASS),
    Row(frees_idle_associations(), idle(60, None), PASS),
    Row(frees_idle_associations(), idle(4, 4, Outcome.CLOSED), LENIENT),
    Row(frees_idle_associations(), idle(4, 4, Outcome.TIMEOUT), HANG),
    Row(frees_idle_associations(), idle(4, 4, Outcome.RESPONDED), ACCEPTED),
    Row(serves_the_claimed_number(), NOTHING, UNSEEN),
    Row(
        serves_the_claimed_number(),
        one("capacity", "polite", expected=8, reached=8, after_s=1), PASS, "8 of 8",
    ),
    Row(
        serves_the_claimed_number(),
        one("capacity", "polite", expected=8, reached=7, after_s=1), RESOURCE, "7 of 8",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)
