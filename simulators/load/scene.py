"""How a scenario loads its device: plans within the scope, and everything witnessed.

A body asks for a load, for its objects afterwards, for what the device holds and for how quick it
is; each becomes an observation that the oracles in ``harness.oracles.load`` read.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from typing import Final

from harness.measurement import Footing
from harness.model import Claim
from harness.stage import Stage
from simulators.lab import lab_of
from simulators.load import objects
from simulators.load.acknowledged import Acknowledged
from simulators.load.archive import MOST_MATCHES, Finds, Gets
from simulators.load.drive import Driven
from simulators.load.errands import PLAIN
from simulators.load.footing import look, settled
from simulators.load.kept_files import KeptFiles
from simulators.load.plan import Bounds, Operation, Plan, Shape, Target
from simulators.load.target import target_of
from simulators.load.threads import run_threads
from simulators.load.verify import Fetching, Listing, verify
from simulators.process import Tree

ACTOR: Final = "load"
ANSWER_S: Final = 10.0
"""How long an answer may take before it counts as none."""

AT_REST_S: Final = 3.0
"""How long a device may take after a load to give back what it held."""

_ROOT: Final = "2.25.{}{:02d}"
_ROOT_DIGITS: Final = 15
_INDEXED_S: Final = 3.0
_QUICK_S: Final = 0.1
_SLOWER: Final = 3.0
_LOOKS: Final = 5
_PAUSE_S: Final = 0.05


def callers(stage: Stage, most: int = 4) -> tuple[str, ...]:
    """Calling AE titles that the device admits; made up where it keeps no list."""
    acceptor = stage.profile.acceptor
    known = acceptor.calling_ae_titles if acceptor else ()
    if known:
        return known[:most]
    return tuple(f"ASSAY{number}" if number else "ASSAY" for number in range(most))


def target(stage: Stage, calling: Sequence[str] = ()) -> Target:
    """The device as a load reaches it: its plain port, or TLS where it has no other."""
    return target_of(lab_of(stage), calling)


def plan(
    stage: Stage,
    operation: Operation,
    *,
    number: int = 0,
    calling: Sequence[str] = (),
    associations: int = 1,
    count: int | None = None,
    duration_s: float | None = None,
    rate: float | None = None,
    size_bytes: int = 4096,
    shape: Shape | None = None,
    most_rate: float = 2000.0,
    timeout_s: float = ANSWER_S,
    fetch: Sequence[str] = (),
) -> Plan:
    """A small load within the bounds of ``[scope]``.

    Args:
        stage: The play.
        operation: What is asked for.
        number: Which load of the play, from 0; each has UIDs of its own.
        calling: Calling AE titles; the first one that the device admits if empty.
        associations: How many at a time.
        count: How many requests; None when the time decides.
        duration_s: How long; None when the count decides.
        rate: Requests per second as an open loop; None: as fast as answers come.
        size_bytes: About the length of an object.
        shape: How the load varies.
        most_rate: Requests per second at most; the scope's bound where that is lower.
        timeout_s: How long an answer may take.
        fetch: SOP Instance UIDs for what asks for objects.

    Raises:
        PreconditionUnmetError: The scope does not permit so much.
    """
    scope = stage.profile.scope
    stage.require(
        associations <= scope.max_connections,
        f"{associations} associations are more than scope.max_connections permits",
    )
    stage.require(
        rate is None or rate <= scope.max_rate,
        f"{rate} requests a second are more than scope.max_rate permits",
    )
    return Plan(
        operation=operation,
        target=target(stage, calling),
        bounds=Bounds(
            rate=min(most_rate, scope.max_rate),
            connections=scope.max_connections,
            octets=scope.max_bytes,
            seconds=max(1.0, stage.remaining_s()),
        ),
        shape=shape or Shape(),
        size_bytes=size_bytes,
        associations=associations,
        count=count,
        duration_s=duration_s,
        rate=rate,
        seed=stage.seed,
        timeout_s=timeout_s,
        fetch=tuple(fetch),
        uid_root=_ROOT.format(stage.token[:_ROOT_DIGITS], number + 10),
    )


def load(
    stage: Stage,
    what: Plan,
    began: threading.Event | None = None,
    acknowledged: threading.Semaphore | None = None,
) -> Driven:
    """Loads the device as planned, and witnesses what was measured; the load is the stimulus.

    Args:
        stage: The play.
        what: The load.
        began: Set when its associations are open, for whoever does something beside it.
        acknowledged: Released with each object that the device acknowledges.
    """
    driven = run_threads(what, lab_of(stage).guard, stage.cancelled, began, acknowledged)
    measured = driven.measurement
    stage.observe("load", ACTOR, **measured.model_dump(mode="json", exclude={"ledger", "device"}))
    sent = max(measured.octets, measured.count + measured.errors)
    asked = measured.count + measured.errors + sum(measured.endings.values())
    stage.observe(
        "emitted", ACTOR, what=f"{asked} {what.operation} requests of {what.size_bytes} octets",
        bytes=sent, sent=sent, stimulus=bool(asked),
    )  # fmt: skip
    if asked:
        stage.stimulated.set()
    return driven


def look_for(stage: Stage, owed: Acknowledged, *, compare: bool = False) -> None:
    """Looks for acknowledged objects in every way that the device offers; witnesses ``ledger``.

    Args:
        stage: The play.
        owed: What was acknowledged.
        compare: Fetch them back and compare their contents, too.
    """
    listed = listings(stage, owed)
    fetched = fetchings(stage, owed) if compare else []
    found = verify(owed, listed, fetched, cancelled=stage.cancelled, patience_s=_INDEXED_S)
    for listing in listed:
        close(listing)
    for fetching in fetched:
        close(fetching)
    stage.observe("ledger", ACTOR, **found.model_dump(mode="json"))


def close(way: Listing | Fetching) -> None:
    """Ends the association of a way that has one."""
    if isinstance(way, Finds | Gets):
        way.close()


def rest(
    stage: Stage, when: str, base: Footing | None = None, *, growth_bytes: int | None = None
) -> Footing | None:
    """Witnesses what the device's processes hold, as ``footing``.

    Args:
        stage: The play.
        when: "before", "during" or "after".
        base: What they held before: the device is given time to come back to it.
        growth_bytes: How much more memory it may keep; what it claims if left out.
    """
    tree = device_of(stage)
    if tree is None:
        return None
    if base is None:
        seen = look(tree)
    else:
        claimed = stage.profile.load.memory_growth if stage.profile.load else None
        growth = (claimed or 0) if growth_bytes is None else growth_bytes
        seen = settled(
            tree, base, growth_bytes=growth, within_s=AT_REST_S, cancelled=stage.cancelled
        )
    stage.observe("footing", ACTOR, when=when, **seen.model_dump(mode="json"))
    return seen


def device_of(stage: Stage) -> Tree | None:
    """The device's processes, where the harness started them."""
    tree: Tree | None = getattr(stage.bench, "device", None)
    return tree


def quickness(stage: Stage) -> float:
    """How long an association with one C-ECHO takes now, seconds: the median of a few."""
    times = [_visit(stage, ANSWER_S) for _ in range(_LOOKS)]
    stage.require(all(times), "the device did not answer before the load")
    return statistics.median(one for one in times if one is not None)


def recover(stage: Stage, usual_s: float, within_s: float) -> None:
    """Asks until the device is as quick as before, for a while; witnesses ``recovery``.

    Args:
        stage: The play.
        usual_s: How quick it was before.
        within_s: How long it may take.
    """
    began = time.monotonic()
    quick = max(_QUICK_S, _SLOWER * usual_s)
    ok = served = False
    while not ok:
        took = _visit(stage, max(within_s, ANSWER_S))
        served |= took is not None
        ok = took is not None and took <= quick
        after = time.monotonic() - began
        if after > within_s or stage.cancelled.wait(0 if ok else _PAUSE_S):
            break
    after = round(time.monotonic() - began, 3)
    stage.observe("recovery", ACTOR, after_s=after, ok=ok, served=served, usual_s=usual_s)


def _visit(stage: Stage, timeout_s: float) -> float | None:
    """One association with one C-ECHO: how long it took, or None when it was not served."""
    seen = run_threads(
        plan(stage, "associate", number=89, count=1, timeout_s=timeout_s),
        lab_of(stage).guard,
        stage.cancelled,
    ).measurement
    return seen.latency_ms.max / 1000 if seen.count and not seen.errors else None


def listings(stage: Stage, owed: Acknowledged) -> list[Listing]:
    """The way to learn what the device holds: its answers to queries, or else its files."""
    claimed = stage.profile.load.max_results if stage.profile.load else None
    if Claim.QUERY_SCP in stage.profile.claims():
        most = min(claimed or MOST_MATCHES, MOST_MATCHES)
        return [Finds(target(stage), owed.uid_root, most=most)]
    return [*_files(stage)]


def fetchings(stage: Stage, owed: Acknowledged) -> list[Fetching]:
    """The way to get objects back: retrieval, or else the files."""
    if Claim.RETRIEVE_SCP in stage.profile.claims():
        return [Gets(target(stage), owed.uid_root, (objects.sop_class(PLAIN),))]
    return [*_files(stage)]


def _files(stage: Stage) -> list[KeptFiles]:
    process = stage.profile.process
    there = process is not None and process.storage
    return [KeptFiles(lab_of(stage).storage)] if there else []
