"""Locust's users: each is one association that works off what the plan hands out.

Locust decides how many there are; the plan decides what they do. A task is a batch of a tenth of
a second, because one Locust event per request costs more than the request. What Locust's page
shows is therefore fed from the measurement, once a second (:mod:`simulators.load.worker_stats`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from locust import LoadTestShape, User, constant, task
from locust.env import Environment
from locust.exception import StopUser

from simulators.load.arrivals import Moves
from simulators.load.crew import Crew
from simulators.load.errands import ChurnErrand, DimseErrand, Errand
from simulators.load.green import GreenWaiter
from simulators.load.member import Member
from simulators.load.plan import Plan
from simulators.load.shapes import associations_at
from simulators.load.slow_waiter import slow
from simulators.load.waiting import WaiterFactory
from simulators.load.web_errands import WEB, WebErrand

LONGEST_TIMEOUT_S: Final = 600.0
"""How long a slow reader waits: it is never the device that is late for it."""


class Muster:
    """The crew of this process; a worker learns of it when its master sends the plan.

    Attributes:
        moves: What its moves were told.
    """

    crew: Crew | None = None
    moves = Moves()


class DicomUser(User):
    """One association, whatever the plan's operation."""

    wait_time = constant(0)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._crew = Muster.crew
        self._ordinal = -1
        self._member: Member | None = None

    def on_start(self) -> None:
        """Takes its place and waits for the load to begin."""
        crew = self._crew
        if crew is None:
            return
        self._ordinal = crew.enlist()
        self._member = Member(crew, self._ordinal, errand_of(crew, self._ordinal))
        self._member.prepare()

    @task
    def work(self) -> None:
        """A batch of requests."""
        if self._member is None or not self._member.work():
            raise StopUser

    def on_stop(self) -> None:
        """Releases its association and leaves."""
        if self._crew is None or self._ordinal < 0:
            return
        ordinal, self._ordinal = self._ordinal, -1
        try:
            if self._member is not None:
                self._member.leave()
        finally:
            self._crew.leave(ordinal)


class PlanShape(LoadTestShape):
    """How many users there are: as many as the plan has associations at that time.

    Args:
        plan: The load.
        elapsed: Seconds since it began; 0 before.
    """

    abstract = True

    def __init__(self, plan: Plan, elapsed: Callable[[], float]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Locust leaves it untyped
        self._plan, self._elapsed = plan, elapsed

    def tick(self) -> tuple[int, float]:
        """Number of users, and how many may be started per second: all of them."""
        users = associations_at(self._plan, self._elapsed())
        return users, float(self._plan.associations)


def errand_of(crew: Crew, ordinal: int) -> Errand:
    """What a member of the crew does."""
    plan, (calling_ae, _) = crew.plan, crew.caller(ordinal)
    lane = crew.lane(ordinal)
    waiter: WaiterFactory = GreenWaiter
    if crew.is_slow(ordinal):
        waiter = slow(plan.shape.read_bytes_per_s)
        plan = plan.model_copy(update={"timeout_s": LONGEST_TIMEOUT_S})
    if plan.operation in WEB:
        return WebErrand(plan, lane, waiter)
    if plan.operation == "associate":
        return ChurnErrand(plan, lane, calling_ae, waiter)
    return DimseErrand(plan, lane, calling_ae, waiter, Muster.moves)
