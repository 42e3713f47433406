"""The load generator as the judge knows it (entry point ``dicom_assay.load``)."""

from __future__ import annotations

import threading
import uuid
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from rich.console import Console

from harness.bench import Bench
from harness.errors import BenchError, RequestError
from harness.loading import LoadRequest, Progress, Show
from harness.measurement import Footing, Ledger, Measurement
from harness.model import Claim
from simulators.bench import LabBench
from simulators.lab import Lab
from simulators.load import mixes, naming, objects, within
from simulators.load.acknowledged import Acknowledged
from simulators.load.archive import MOST_MATCHES, Finds, Gets, ended_by
from simulators.load.drive import drive
from simulators.load.errands import PLAIN, kinds
from simulators.load.footing import look
from simulators.load.kept_files import KeptFiles
from simulators.load.move_archive import MovesBack
from simulators.load.plan import LONGEST_S, Bounds, Plan, Shape
from simulators.load.progress import Picture
from simulators.load.target import target_of
from simulators.load.verify import Fetching, Listing, verify
from simulators.load.web_archive import Retrievals, Searches
from simulators.load.web_errands import WEB
from simulators.process import free_port

SEEDED: Final = 20
"""Objects that are stored before a load that asks for objects."""

FIRST_STEP: Final = 10.0
"""Requests per second with which a search for the knee begins, where nobody says."""

_ASKS: Final = frozenset({"find", "get", "move", "commit", "mixed", "qido", "wado"})
_CALLERS: Final = 4


class Generator:
    """Implements :class:`harness.loading.Load` for one device on the bench.

    Args:
        bench: The device; it is in service.
        folder: The run folder; plans, results and logs of the workers stay there.
        seed: Of what the objects contain.
    """

    def __init__(self, bench: LabBench, folder: Path, seed: int) -> None:
        self._bench, self._folder, self._seed = bench, folder / "load", seed
        self._owed: Acknowledged | None = None
        self._plan: Plan | None = None

    def measure(self, request: LoadRequest, show: Show, cancelled: threading.Event) -> Measurement:
        """See :class:`harness.loading.Load`."""
        plan = self._planned(request)
        within.require(plan)
        if request.operation == "mixed":
            mixes.load(plan.mix)
        elif request.operation not in WEB and request.operation not in _ASKS | {"associate"}:
            kinds(plan)
        ui_port = free_port() if request.ui_port == 0 else request.ui_port
        if request.operation in _ASKS:
            plan = self._with_objects(plan, cancelled)
        if ui_port is not None:
            show(Progress(at_s=0.0, note=f"Locust's page is at http://127.0.0.1:{ui_port}"))
        driven = drive(plan, self._folder, show, cancelled, ui_port=ui_port)
        self._plan, self._owed = plan, driven.acknowledged
        return driven.measurement

    def verify(self, cancelled: threading.Event) -> Ledger:
        """See :class:`harness.loading.Load`."""
        if self._plan is None or self._owed is None:
            return Ledger()
        listings, fetchings = _ways(self._bench.lab, self._plan)
        ways = (*listings, *fetchings)
        lines = [way for way in ways if isinstance(way, Finds | Gets | MovesBack)]
        try:
            with ended_by(cancelled, lines):
                return verify(self._owed, listings, fetchings, cancelled=cancelled)
        finally:
            for way in ways:
                if isinstance(way, Finds | Gets | MovesBack | Searches | Retrievals):
                    way.close()

    def footing(self, at_s: float) -> Footing | None:
        """See :class:`harness.loading.Load`."""
        device = self._bench.device
        return look(device, at_s) if device is not None and device.alive() else None

    def picture(self, request: LoadRequest, console: Console) -> AbstractContextManager[Show]:
        """See :class:`harness.loading.Load`."""
        pace = f"{request.rate:g}/s" if request.rate else "as fast as answers come"
        if request.faster:
            pace = f"{request.faster:g} times as fast as in life"
        some = "association" if request.associations == 1 else "associations"
        return Picture(
            f"{request.operation}, {request.shape.kind}, {request.associations} {some}, {pace}",
            console,
        )

    def _planned(self, request: LoadRequest) -> Plan:
        lab, scope = self._bench.lab, self._bench.profile.scope
        shape = Shape.model_validate(request.shape.model_dump(exclude_none=True))
        rate = request.rate
        if shape.kind == "knee" and rate is None:
            rate = min(FIRST_STEP, scope.max_rate)
        destination, port = _destination(lab, request)
        return Plan(
            operation=request.operation,
            target=target_of(
                lab,
                _callers(lab, request),
                tls=request.tls,
                move_destination=destination,
                move_port=port,
            ),
            bounds=Bounds(
                networks=scope.networks,
                rate=scope.max_rate,
                connections=scope.max_connections,
                octets=scope.max_bytes,
                seconds=LONGEST_S,
            ),
            shape=shape,
            size_bytes=request.size_bytes,
            associations=request.associations,
            duration_s=request.duration_s,
            count=request.count,
            rate=rate,
            workers=request.workers,
            window=request.window,
            mix=request.mix or (mixes.USUAL if request.operation == "mixed" else ""),
            faster=request.faster,
            seed=self._seed,
            timeout_s=request.timeout_s,
            uid_root=naming.uid_root(uuid.uuid4().int),
        )

    def _with_objects(self, plan: Plan, cancelled: threading.Event) -> Plan:
        """The plan with objects to ask for, which a small load stores first if it can."""
        stores = Claim.STORAGE_SCP in self._bench.profile.claims()
        if not stores and plan.operation not in ("wado", "qido"):
            if plan.operation in ("get", "move", "commit"):
                raise BenchError(
                    f"--operation {plan.operation} needs objects, and the device claims no "
                    "storage: add 'storage' to acceptor.services"
                )
            return plan
        seeds = plan.model_copy(
            update={
                "operation": "store" if stores else "stow",
                "shape": Shape(),
                "associations": 1,
                "workers": 1,
                "window": 1,
                "count": SEEDED,
                "duration_s": None,
                "rate": None,
                "faster": None,
                "uid_root": naming.uid_root(uuid.uuid4().int),
            }
        )
        stored = drive(seeds, self._folder / "seeds", _ignore, cancelled).acknowledged
        names = tuple(name for lane in stored.lanes for name in stored.uids(lane))
        if not names and not cancelled.is_set():
            raise BenchError(
                f"--operation {plan.operation} needs objects, and the device took none of "
                f"{SEEDED}: assay doctor says more"
            )
        if plan.operation in ("qido", "wado"):
            listing = Searches(seeds.target, seeds.uid_root, timeout_s=plan.timeout_s)
            verify(stored, [listing], [], cancelled=cancelled)  # it may index what it took later
            listing.close()
        return plan.model_copy(update={"fetch": names})


def open_load(bench: Bench, folder: Path, seed: int) -> Generator:
    """Opens the load generator (entry point ``dicom_assay.load``).

    Raises:
        BenchError: The bench is another one than ours.
    """
    if not isinstance(bench, LabBench):
        raise BenchError("this load generator needs the bench of dicom-assay: reinstall it")
    return Generator(bench, folder, seed)


def _ignore(progress: Progress) -> None:
    """Nobody needs to see the small load before the load."""


def _callers(lab: Lab, request: LoadRequest) -> tuple[str, ...]:
    """Who calls: as asked, whom the device admits, or names of ours."""
    acceptor = lab.profile.acceptor
    admitted = acceptor.calling_ae_titles if acceptor else ()
    if request.calling_aes:
        callers = request.calling_aes
    elif request.shape.kind == "greedy":
        callers = admitted or tuple(f"ASSAY{number}" for number in range(_CALLERS))
    else:
        callers = (lab.calling,)
    if request.shape.kind == "greedy" and len(callers) < 2:
        raise RequestError("--shape greedy: needs two AE titles: give --calling twice or more")
    if request.shape.kind == "greedy" and request.associations < len(callers):
        raise RequestError(
            f"--associations {request.associations}: with --shape greedy each of {len(callers)} AE "
            "titles needs one"
        )
    return callers


def _destination(lab: Lab, request: LoadRequest) -> tuple[str, int]:
    """The AE title under which the device's C-MOVE finds us, and the port; empty and 0 without."""
    section = lab.profile.load
    title = request.move_destination or (section.move_destination if section else None) or ""
    return title, request.move_port or int(lab.values.get("load_port", "0"))


def _ways(lab: Lab, plan: Plan) -> tuple[list[Listing], list[Fetching]]:
    """All ways to look for objects that this device offers."""
    claims, process = lab.profile.claims(), lab.profile.process
    claimed = lab.profile.load.max_results if lab.profile.load else None
    most = min(claimed or MOST_MATCHES, MOST_MATCHES)
    listings: list[Listing] = []
    fetchings: list[Fetching] = []
    if Claim.QUERY_SCP in claims:
        listings.append(Finds(plan.target, plan.uid_root, most=most, timeout_s=plan.timeout_s))
    if Claim.RETRIEVE_SCP in claims:
        fetchings.append(Gets(plan.target, plan.uid_root, _classes(plan), timeout_s=plan.timeout_s))
    elif plan.target.move_destination and plan.target.move_port:
        fetchings.append(MovesBack(plan))
    if plan.target.web:
        listings.append(Searches(plan.target, plan.uid_root, timeout_s=plan.timeout_s))
        fetchings.append(Retrievals(plan.target, timeout_s=plan.timeout_s))
    if process is not None and process.storage:
        files = KeptFiles(lab.storage)
        listings += [] if listings else [files]
        fetchings += [] if fetchings else [files]
    return listings, fetchings


def _classes(plan: Plan) -> list[str]:
    """SOP Classes of what was stored."""
    if plan.operation not in ("store", "mixed"):
        return [objects.sop_class(PLAIN)]
    return sorted({kind.abstract for kind in kinds(plan) if kind.operation == "store"})
