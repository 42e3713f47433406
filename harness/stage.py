"""The stage: what a scenario's body is handed, and the only way to witness something.

Actors (``simulators``) take a stage, act against the device and observe; nothing else is recorded,
so nothing else can be judged.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from harness.errors import HarnessError, PreconditionUnmetError
from harness.fuzzing import NOTHING_ASKED, Fuzzing
from harness.model import JSON, Observation, Record, Scenario
from harness.profile import Profile
from harness.reviewing.attestation import QUESTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Bytes that crossed one connection, for the capture file.

    Attributes:
        at: UTC seconds since the epoch.
        connection: Number of the connection within the play.
        sent: True when we sent it.
        peer: (host, port) of the device's end.
        local: (host, port) of ours.
        data: The bytes; empty for the opening and closing of the connection.
        event: "data", "open", "fin" or "rst".
    """

    at: float
    connection: int
    sent: bool
    peer: tuple[str, int]
    local: tuple[str, int]
    data: bytes
    event: str = "data"


class Witness(Protocol):
    """Where observations and packets go: the run folder, or memory in tests."""

    def observed(self, play: str, seen: Observation) -> None:
        """Stores one observation."""
        ...

    def packet(self, play: str, packet: Packet) -> None:
        """Stores captured bytes."""
        ...

    def keylog(self, play: str, line: str) -> None:
        """Stores one line of a TLS key log."""
        ...


@dataclass(slots=True, kw_only=True)
class Stage:
    """One play of one case.

    Attributes:
        play: Its unique name in the record, e.g. ``ASC-005.2`` or ``ASC-005.2/replay1``.
        case: Parameters of this case.
        bench: The bench that the actors use; its type is the actors' business.
        run: Name of the run; makes tokens differ between runs against the same device.
        rng: Seeded by run seed and play: the same run plays the same bytes.
        token: Digits that are unique for this play, to recognise our marks in files and logs.
        cancelled: Set when the play must end early (the device is gone, or Ctrl-C).
        ends_with_bystander: The play may end as soon as its bystander was served or neglected.
        stimulated: Set as soon as the stimulus has left; the bystander waits for it.
        fuzzing: What the user asked of scenarios that play mutants.
        say: Tells the operator how far a long play is.
        secretive: A user's secret travels in this play, so that no key log of TLS is kept.
    """

    play: str
    scenario: Scenario
    case: Mapping[str, JSON]
    profile: Profile
    bench: object
    witness: Witness
    seed: int
    run: str
    rng: random.Random = field(init=False)
    token: str = field(init=False)
    began: float = field(init=False)
    cancelled: threading.Event = field(default_factory=threading.Event)
    stimulated: threading.Event = field(default_factory=threading.Event)
    fuzzing: Fuzzing = NOTHING_ASKED
    say: Callable[[str], None] = lambda text: None
    secretive: bool = False
    ends_with_bystander: bool = False
    _seen: list[Observation] = field(default_factory=list)
    _connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        name = f"{self.seed}/{self.play.split('/')[0]}"
        self.rng = random.Random(name)
        self.token = str(random.Random(f"{self.run}/{name}").randrange(10**17, 10**18))
        self.began = time.monotonic()

    def observe(self, kind: str, actor: str = "attacker", /, **data: JSON) -> Observation:
        """Witnesses one fact, now."""
        seen = Observation(
            at_s=round(time.monotonic() - self.began, 6), actor=actor, kind=kind, data=data
        )
        with self._lock:
            self._seen.append(seen)
        self.witness.observed(self.play, seen)
        return seen

    def masked(self, data: bytes) -> bytes:
        """The bytes with every secret of the profile's identities replaced by as many asterisks.

        Whatever is kept of bytes that were sent or received passes here.
        """
        for secret in self.profile.secrets.values():
            if secret in data:
                data = data.replace(secret, b"*" * len(secret))
        return data

    def next_connection(self) -> int:
        """The number of a new connection within this play."""
        with self._lock:
            self._connections += 1
            return self._connections

    def remaining_s(self) -> float:
        """Seconds left of the budget; never negative."""
        return max(0.0, self.began + self.budget_s - time.monotonic())

    @property
    def budget_s(self) -> float:
        """The scenario's budget, stretched to the device's own timers and what was asked for."""
        more = self.fuzzing.more_time_s(self.scenario.family)
        return self.scenario.budget_s + self.profile.artim_s + more

    @property
    def artim_s(self) -> float:
        """The device's ARTIM timer (PS3.8 9.1.5), 30 s when the profile leaves it unset."""
        return self.profile.artim_s

    def require(self, condition: object, why: str) -> None:
        """Ends the play as INCONCLUSIVE (PRECONDITION_UNMET) unless the condition holds.

        Raises:
            PreconditionUnmetError: The exchange did not reach the point in question.
        """
        if not condition:
            raise PreconditionUnmetError(why)

    def ask(self) -> Observation:
        """Puts the scenario's question to whoever answers for the device.

        It waits for nobody: an answer is an observation of its own, now or months later.

        Raises:
            HarnessError: The scenario has no question.
        """
        asked = self.scenario.question
        if asked is None:
            raise HarnessError(f"{self.scenario.id} asks, but declares no question")
        return self.observe(
            QUESTION, "engine", ask=asked.ask, look=asked.look, attach=asked.attach, who=asked.who
        )

    def record(self, facts: Mapping[str, JSON]) -> Record:
        """Everything witnessed so far, ready to be judged."""
        with self._lock:
            seen = tuple(self._seen)
        return Record(scenario=self.scenario.id, case=self.case, facts=facts, observations=seen)
