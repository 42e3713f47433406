"""The hostile acceptor: the device is triggered, calls us, and meets a peer that may lie.

Every socket error is an observation. What the device did is told by its PDUs, by how it ended the
connection, and, where a command triggered it, by its exit code, its time and its peak memory.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from harness.errors import PreconditionUnmetError
from harness.model import Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.callback import Callback
from simulators.connection import Connection
from simulators.describe import described
from simulators.lab import lab_of
from simulators.negotiation import answered_roles, honest_results
from simulators.peer import GRACE_S, Peer
from simulators.securing import secure_channel
from simulators.triggering import Called

SILENCE = "nothing, on purpose"
"""What the record shows where the stimulus is that we fall silent."""


class Acceptor(Peer):
    """Listens on loopback, triggers the device, and accepts its connection.

    Args:
        stage: The play.
        service: What the device is asked to do: "verification", "storage", "query", "retrieve",
            "retrieve normal", "retrieve per-study", "move", "storage-commitment".
        values: Further values of its command, which replace the usual ones.
        busy_s: How much longer than usual the call may take, because there is much to do, seconds.
        secure: A TLS policy for our side; left out: honest TLS where the device calls with TLS.
        hello_only: Do not handshake; the scenario reads the ClientHello itself.
        greet: Read the A-ASSOCIATE-RQ on entry and check that it is the call we asked for.
    """

    def __init__(
        self,
        stage: Stage,
        service: str = "verification",
        *,
        secure: tls.AnyPolicy | None = None,
        hello_only: bool = False,
        greet: bool = True,
        values: Mapping[str, str] | None = None,
        busy_s: float = 0.0,
    ) -> None:
        super().__init__(stage, "attacker")
        self.lab = lab_of(stage)
        self.service = service
        self.request: wire.AssociateRQ | None = None
        self.latest: wire.PDU | wire.Unparsed | None = None
        self.handshake: tls.Handshake | None = None
        self._called_ae = f"T{stage.token[:14]}"
        self._greet = greet
        self._hello_only = hello_only
        section = stage.profile.requestor
        wanted = Claim.TLS_REQUESTOR in stage.scenario.needs
        self._tls = section is not None and (section.tls or wanted)
        self._policy = secure or (self.lab.trust.server if self._tls else None)
        self._strict_handshake = secure is None
        self._callback = Callback(
            stage,
            service,
            called_ae=self._called_ae,
            secure=self._tls,
            values=values,
            busy_s=busy_s,
        )

    def __enter__(self) -> Self:
        try:
            self._callback.begin()
            self.connection = self._callback.accept(self.actor, self._callback.patience_s)
            if self.connection is None:
                self.conclude(Outcome.NOT_CALLED)
                why = f"the device did not call: {self._callback.why_not()}"
                raise PreconditionUnmetError(why)
            self._begin()
        except BaseException:
            self._finish()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish()

    def accept(
        self,
        results: Mapping[int, tuple[int, str]] | None = None,
        *,
        max_length: int = 16384,
        user_items: Sequence[wire.ItemLike] = (),
    ) -> wire.AssociateAC:
        """An honest A-ASSOCIATE-AC to the device's request, to be sent or first made a lie.

        Args:
            results: ``{context id: (result, transfer syntax)}``; by default each context is
                accepted with a transfer syntax that we both know.
            max_length: The maximum length that we announce.
            user_items: Further user-information sub-items.
        """
        request = self._request()
        answers = honest_results(request) if results is None else results
        items = (*answered_roles(request), *user_items)
        return wire.associate_ac(request, answers, max_length=max_length, user_items=items)

    def establish(self) -> None:
        """Accepts the association honestly."""
        self.send(self.accept())

    def receive(self, timeout_s: float) -> wire.PDU | wire.Unparsed | None:
        """The next PDU, which is also kept as ``latest``; None as with every peer."""
        pdu = super().receive(timeout_s)
        if pdu is not None:
            self.latest = pdu
        return pdu

    def invoke(
        self,
        context_id: int,
        command: wire.Command,
        dataset: bytes | None = None,
        *,
        stimulus: bool = False,
    ) -> None:
        """Sends a DIMSE message in fragments that the device can take."""
        limit = wire.max_length_of(self._request()) or 16384
        for pdu in wire.p_data(context_id, command, dataset, limit):
            if not self.send(pdu, stimulus=stimulus):
                return

    def first_request(self) -> wire.Message:
        """Accepts the association and reads the device's first DIMSE request.

        Raises:
            PreconditionUnmetError: None came.
        """
        self.establish()
        message = self.message(self._callback.reaction_s)
        self.stage.require(message, "the device sent no request on an honest association")
        assert message is not None
        return message

    def fall_silent(self) -> None:
        """Marks that from now on we send nothing: what is left out is the stimulus."""
        connection = self._live()
        self.stage.observe(
            "emitted", self.actor, connection=connection.number, what=SILENCE, bytes=0, sent=0,
            sha256="", head="", parts=[], lies=[], stimulus=True,
        )  # fmt: skip
        connection.stimulated()

    def see_out(self) -> Outcome:
        """Waits for the device's reaction, as long as its own timers allow and some grace.

        A device that asks for release is granted it, so that its exit code tells what it believed.
        """
        outcome = self.wait_for_ending(self._callback.reaction_s + GRACE_S)
        if outcome is Outcome.RELEASED:
            self.grant_release()
        return outcome

    def wait_for_close(self) -> Outcome:
        """Waits until the connection itself has ended, whatever the device says before that."""
        deadline = time.monotonic() + self._callback.reaction_s + GRACE_S
        while (rest := deadline - time.monotonic()) > 0 and self.receive(rest) is not None:
            pass
        return self.conclude(self.ended or Outcome.TIMEOUT)

    def break_off(self, *, reset: bool) -> Outcome:
        """Ends the connection ourselves, by RST or FIN; the outcome is how that looks."""
        self.close(reset=reset)
        outcome = Outcome.RESET if reset else Outcome.CLOSED
        return self.conclude(outcome, {"detail": "by us"})

    def first_context(self) -> int:
        """The id of the first presentation context that the device proposes, 1 if it has none."""
        proposed = wire.proposed_contexts(self._request())
        return proposed[0].id if proposed else 1

    def grant_release(self) -> None:
        """Answers an A-RELEASE-RQ, and lets the device close first."""
        self.send(wire.ReleaseRP())
        self.receive(1.0)

    def next_connection(self, timeout_s: float) -> Connection | None:
        """A further connection of the device, for example a retry without TLS."""
        return self._callback.accept(self.actor, timeout_s)

    @property
    def reaction_s(self) -> float:
        """How long the device may take, by its profile, to give up on a silent acceptor."""
        return self._callback.reaction_s

    @property
    def called_ae(self) -> str:
        """The AE title that the device was told to call."""
        return self._called_ae

    @property
    def callback(self) -> Callback:
        """The call that was triggered, with what its command was filled with."""
        return self._callback

    def wait_for_exit(self, timeout_s: float | None = None) -> Called | None:
        """Waits for the triggered command to end by itself."""
        return self._callback.wait_for_exit(timeout_s)

    def _begin(self) -> None:
        if self._policy is not None and not self._hello_only:
            channel = secure_channel(self.stage, self._live(), self._policy, server_side=True)
            self.channel = channel
            self.handshake = channel.handshake(self._callback.patience_s)
            if self._strict_handshake:
                why = f"no TLS with the device: {self.handshake.error}"
                self.stage.require(self.handshake.completed, why)
        if self._greet and not self._hello_only:
            self.read_request()

    def read_request(self) -> wire.AssociateRQ | None:
        """Reads the A-ASSOCIATE-RQ and checks that it answers our trigger; None if none came.

        Raises:
            PreconditionUnmetError: Nothing came in clear, or another call did.
        """
        first = self.receive(self._callback.patience_s)
        if not isinstance(first, wire.AssociateRQ):
            if not self._greet:
                return None
            seen = described(first) if first is not None else self.ended or Outcome.TIMEOUT
            raise PreconditionUnmetError(f"no A-ASSOCIATE-RQ came from the device: {seen}")
        self.request = first
        called = bytes(first.called).strip(b" \0").decode("ascii", "replace")
        if called != self._called_ae:
            raise PreconditionUnmetError(
                f"honesty check: the call names {called!r}, we asked for {self._called_ae!r}"
            )
        return first

    def _request(self) -> wire.AssociateRQ:
        self.stage.require(self.request, "no A-ASSOCIATE-RQ was read")
        assert self.request is not None
        return self.request

    def _finish(self) -> None:
        self.close()
        self._callback.finish()
