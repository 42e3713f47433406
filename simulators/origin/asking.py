"""A desk at which the device asks our server, and is answered with a lie or honestly.

    with Asking(stage) as desk:
        desk.ask("search", lambda asked: Reply(...), "a page instead of a result")

A body only acts: what came of it is in the observation ``agent``, and the oracles of
:mod:`harness.oracles.agents` judge it.
"""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Self

from harness.errors import NotEmittedError
from harness.model import JSON, Health, Observation
from harness.profile_agent import AgentService
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.agents import Went, agents_of
from simulators.objects import part10
from simulators.origin import honest
from simulators.origin.exchange import Answering, Asked, Reply
from simulators.origin.server import Origin
from simulators.readers import age, touched
from simulators.understanding import control_octets, crash_of, outcome_of, shown


class Asking:
    """One desk for one play.

    Attributes:
        bait: A file outside of all that the device has business with.
        token: A bearer token for the server that the device is sent to, and for no other.
        wanted: What the device is made to ask for.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._agents = agents_of(stage.bench)
        self._folder = self._agents.new_desk()
        self.token = f"assay-{secrets.token_hex(12)}"
        self.wanted = honest.Wanted.of(stage)
        self.bait = self._folder / "canary" / "BAIT"
        self._object = part10(stage)
        self._brought = False
        self.bait.write_bytes(self._object)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._agents.clear(self._folder)

    def ask_honestly(self, service: AgentService) -> Observation:
        """Has the device ask, and answers as an honest server does."""

        def answering(asked: Asked) -> Reply:
            self._look_into(asked)
            return self._honest(asked)

        return self._ask(service, answering, "", honestly=True)

    def ask(self, service: AgentService, lying: Answering, what: str) -> Observation:
        """Has the device ask; requests of that service are answered by ``lying``, others honestly.

        Args:
            service: What it is made to do.
            lying: Gives the answer that deviates.
            what: What is wrong with the answer, in words.

        Raises:
            NotEmittedError: The device did not ask.
        """

        def answering(asked: Asked) -> Reply:
            self._look_into(asked)
            if asked.service != service and asked.service:
                return self._honest(asked)
            return lying(asked)

        return self._ask(service, answering, what, honestly=False)

    def canary(self) -> Origin:
        """Another server, which nobody has a reason to ask; it serves what is asked for."""
        return Origin(self._stage, self._honest, self.token, actor="canary")

    def _look_into(self, asked: Asked) -> None:
        """Notes that the object of the play has come."""
        self._brought = self._brought or self._object in asked.body

    def _honest(self, asked: Asked) -> Reply:
        return honest.answer(self._stage, asked)

    def _ask(
        self, service: AgentService, answering: Answering, what: str, *, honestly: bool
    ) -> Observation:
        source = self._folder / "OBJECT.dcm"
        source.write_bytes(self._object)
        tells = age(self.bait)
        with Origin(self._stage, answering, self.token) as origin:
            told = {
                "url": origin.url, "token": self.token, "file": str(source),
                "study": self.wanted.study, "series": self.wanted.series,
                "instance": self.wanted.instance,
            }  # fmt: skip
            went = self._agents.run(service, self._folder, told, self._stage.cancelled.is_set)
        baited = touched(self.bait) if tells else None
        if not origin.asked and not honestly:
            seen = shown(went.ran, self._agents.section)
            raise NotEmittedError(f"the device did not ask ({seen})")
        return self._witness(service, went, what, origin, baited, honestly=honestly)

    def _witness(
        self, service: AgentService, went: Went, what: str, origin: Origin, baited: bool | None,
        *, honestly: bool,
    ) -> Observation:  # fmt: skip
        stage, section, ran = self._stage, self._agents.section, went.ran
        outcome = outcome_of(ran, section)
        if honestly and outcome is Outcome.RESPONDED:
            self._agents.honest_peak(ran.peak_bytes)
        base = self._agents.base_bytes or 0
        growth = max(0, ran.peak_bytes - base) + went.daemon_bytes
        took, detail = round(ran.ended.duration_s, 4), shown(ran, section)
        outside: list[JSON] = [*ran.changes.paths]
        stage.observe(
            "memory", "process", base_bytes=base, peak_bytes=ran.peak_bytes, growth_bytes=growth
        )
        instance = self.wanted.instance.encode()
        has_it = any(instance in one for one in went.kept)
        seen = stage.observe(
            "agent", "user-agent", service=service, what=what, lie=what, outcome=outcome.value,
            detail=detail, exit=ran.ended.exit_status, signal=ran.ended.signal,
            timed_out=ran.ended.timed_out, stopped=ran.stopped, duration_s=took,
            limit_s=section.timeout_s, crash=[*crash_of(ran, section)], asked=origin.asked,
            base_bytes=base, peak_bytes=ran.peak_bytes, growth_bytes=growth, outside=outside,
            baited=baited, kept=len(went.kept), kept_wanted=has_it, brought=self._brought,
            control=[*control_octets(ran.output)], said=len(ran.output),
            output=self._masked(ran.output[-2048:]),
        )  # fmt: skip
        stage.observe("outcome", "attacker", outcome=outcome.value, detail=detail, after_s=took)
        return seen

    def _masked(self, output: bytes) -> str:
        return output.replace(self.token.encode(), b"*" * 8).decode("latin-1")


def honest_look(stage: Stage, service: AgentService) -> Health:
    """Whether an honest answer is taken by a device that has asked for it."""
    with Asking(stage) as desk:
        seen = desk.ask_honestly(service).data
    asked = bool(seen.get("asked"))
    ok = seen.get("outcome") == Outcome.RESPONDED.value and asked
    words = f"an honest answer was {'taken' if ok else 'not taken'} ({seen.get('detail')})"
    if not asked:
        words = f"our server was not even asked ({seen.get('detail')})"
    latency = seen.get("duration_s")
    took = float(latency) if isinstance(latency, int | float) else 0.0
    return Health(ok=ok, alive=None, detail=words, latency_s=took)


def plays(stage: Stage, service: AgentService, lying: Answering, what: str) -> Observation:
    """One desk, one request, one lie."""
    with Asking(stage) as desk:
        return desk.ask(service, lying, what)


def plays_honestly(stage: Stage, service: AgentService) -> Observation:
    """One desk, one request, one honest answer."""
    with Asking(stage) as desk:
        return desk.ask_honestly(service)
