"""What a load generator measured: nouns that the generator fills, oracles judge and reports draw.

Times are seconds since the load began unless a name says otherwise; latencies are milliseconds,
and in a histogram microseconds. With an open loop a latency counts from the moment at which the
request was *due*, not from when it left, so that a stalled device cannot hide behind a generator
that waits for it (coordinated omission).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

SCHEMA = "dicom-assay/load/1"

LATE_MS = 20.0
"""A request that leaves so much later than it was due, through our fault, is counted as late."""


class _Noun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Latency(_Noun):
    """Percentiles in milliseconds; 0 where nothing was measured.

    Attributes:
        p50: Half of the answers came within it.
        p90, p99, p99_9, p99_99: So many of a hundred came within it.
        max: The last one came after it.
    """

    p50: float = 0.0
    p90: float = 0.0
    p99: float = 0.0
    p99_9: float = 0.0
    p99_99: float = 0.0
    max: float = 0.0


class Second(_Noun):
    """One interval of the timeline.

    Attributes:
        at_s: Its beginning.
        for_s: Its length.
        due: Requests that were due in it; the same as `count` for a closed loop.
        count: Requests that were answered with success.
        errors: Those that were not.
        octets: Octets of the objects that were sent or received.
        associations: How many were open at its end.
        latency_ms: Of the requests that were answered in it.
    """

    at_s: float
    for_s: float
    due: int = 0
    count: int = 0
    errors: int = 0
    octets: int = 0
    associations: int = 0
    latency_ms: Latency = Latency()


class Caller(_Noun):
    """What one calling AE title got.

    Attributes:
        ae_title: Its name.
        greedy: True for one that takes all it can get, beside polite ones.
        count: Requests answered with success.
        errors: Requests that were not.
        objects_per_s: `count` by the time that the load lasted.
        latency_ms: Of its requests.
    """

    ae_title: str
    greedy: bool = False
    count: int = 0
    errors: int = 0
    objects_per_s: float = 0.0
    latency_ms: Latency = Latency()


class Footing(_Noun):
    """What the device's processes hold together at one moment.

    Attributes:
        at_s: Seconds since the load began; 0 before it.
        rss_bytes: Resident memory; pages that processes share count for each of them.
        descriptors: Open descriptors.
        threads: Threads of all processes.
        processes: Living processes.
        cpu_s: Processor time used since they began.
    """

    at_s: float
    rss_bytes: int
    descriptors: int
    threads: int
    processes: int
    cpu_s: float


class Step(_Noun):
    """One step of a search for the knee: a load that was offered, and how it was kept.

    Attributes:
        rate: Requests per second that were due.
        achieved: Requests per second that were answered with success.
        p99_ms: 99 of 100 answers came within it.
        errors: Requests that were not answered with success.
        kept: True when the latency was kept and nothing failed.
    """

    rate: float
    achieved: float
    p99_ms: float
    errors: int
    kept: bool


class Ledger(_Noun):
    """What became of the objects that the device acknowledged with success.

    Attributes:
        acknowledged: Objects answered with success.
        looked_for: How many of them were looked for afterwards (all, or a sample).
        found: How many of those were found.
        lost: Found nowhere.
        duplicated: Found more than once.
        mixed_up: Found with the content, or under the name, of another.
        compared: How many were fetched back and compared.
        how: The ways that were used: "C-FIND", "C-GET", "QIDO-RS", "storage commitment".
        examples: SOP Instance UIDs of some that are lost, duplicated or mixed up; ours all.
    """

    acknowledged: int = 0
    looked_for: int = 0
    found: int = 0
    lost: int = 0
    duplicated: int = 0
    mixed_up: int = 0
    compared: int = 0
    how: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class Moved(_Noun):
    """What a device said that it moved, and what arrived at our destination.

    Attributes:
        asked: Objects that the requests named; an object that is asked for twice counts twice.
        announced: Sub-operations that final responses called completed.
        failed: Sub-operations that they did not.
        arrived: Objects that arrived of those that were asked for.
        missing: Announced, and never arrived.
        mixed_up: Arrived under the name of an object, without its content.
        unasked: Arrived although nobody had asked for them.
        turned_away: Connections of the device that our destination had no room for.
        examples: SOP Instance UIDs of some that are missing, mixed up or unasked.
    """

    asked: int = 0
    announced: int = 0
    failed: int = 0
    arrived: int = 0
    missing: int = 0
    mixed_up: int = 0
    unasked: int = 0
    turned_away: int = 0
    examples: tuple[str, ...] = ()


class Measurement(_Noun):
    """One load, measured.

    Attributes:
        operation: What was asked for: "echo", "store", "find" ...; "mixed" for several.
        shape: How the load varied: "constant", "ramp", "spike", "soak", "knee", "herd",
            "slow-readers", "greedy".
        size_bytes: About the length of an object's data set, in octets.
        associations: How many were wanted at a time.
        workers: Load processes.
        rate: Requests per second that were due; None for a closed loop.
        duration_s: From the first request to the last answer.
        count: Requests answered with success.
        errors: Requests that were not: by status, by how the association ended, or never answered.
        octets: Octets of the objects of answered requests.
        objects_per_s: `count` by `duration_s`.
        mb_per_s: Megabytes (10^6 octets) of `octets` by `duration_s`.
        statuses: Count of each status other than success, as "A700H".
        endings: Count of each way in which an association was refused or lost: "rejected 2/3/2",
            "ABORTED", "RELEASED", "CLOSED", "RESET", "TIMEOUT", "REFUSED", "TLS", "INVALID".
        late: Requests of an open loop that left more than `LATE_MS` after they were due although
            nothing of the device kept them back: its association was open and its previous
            request answered. The generator, not the device, was then the limit.
        client_cpu_us_per_object: Processor time of all our processes per answered request.
        client_peak_rss_bytes: Most resident memory of all our processes together.
        latency_ms: Of answered requests; in an open loop from when each was due.
        histogram: Pairs of latency in microseconds (upper end of the bucket) and count.
        timeline: Interval by interval.
        callers: Calling AE title by calling AE title.
        device: What the device's processes held before, during and after; empty unless ours.
        steps: Of a search for the knee.
        recovery_s: Until the device was as quick as before; None where that was not seen.
        ledger: What became of the objects; None when nobody looked.
        moved: What was moved to our destination; None for any other operation.
        complete: False when it ended before its time (Ctrl-C, a device that is gone, a bound).
        why: Why it is not complete; empty otherwise.
    """

    operation: str
    shape: str = "constant"
    size_bytes: int = 0
    associations: int = 1
    workers: int = 1
    rate: float | None = None
    duration_s: float = 0.0
    count: int = 0
    errors: int = 0
    octets: int = 0
    objects_per_s: float = 0.0
    mb_per_s: float = 0.0
    late: int = 0
    client_cpu_us_per_object: float = 0.0
    client_peak_rss_bytes: int = 0
    latency_ms: Latency = Latency()
    statuses: dict[str, int] = Field(default_factory=dict)
    endings: dict[str, int] = Field(default_factory=dict)
    histogram: tuple[tuple[int, int], ...] = ()
    timeline: tuple[Second, ...] = ()
    callers: tuple[Caller, ...] = ()
    device: tuple[Footing, ...] = ()
    steps: tuple[Step, ...] = ()
    recovery_s: float | None = None
    ledger: Ledger | None = None
    moved: Moved | None = None
    complete: bool = True
    why: str = ""
