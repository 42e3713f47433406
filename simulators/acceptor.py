"""The hostile acceptor: the device is triggered, calls us, and meets a peer that may lie.

Every socket error is an observation. What the device did is told by its PDUs, by how it ended the
connection, and, where a command triggered it, by its exit code, its time and its peak memory.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from harness.errors import PreconditionUnmetError
from harness.model import Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.connection import Connection
from simulators.describe import described
from simulators.lab import lab_of
from simulators.negotiation import answered_roles, honest_results
from simulators.objects import part10
from simulators.peer import GRACE_S, Peer
from simulators.securing import secure_channel
from simulators.triggering import Call, Called, Triggers

SILENCE = "nothing, on purpose"
"""What the record shows where the stimulus is that we fall silent."""


class Acceptor(Peer):
    """Listens on loopback, triggers the device, and accepts its connection.

    Args:
        stage: The play.
        service: What the device is asked to do: "verification", "storage", "retrieve".
        secure: A TLS policy for our side; left out: honest TLS where the device calls with TLS.
        hello_only: Do not handshake; the scenario reads the ClientHello itself.
        greet: Read the A-ASSOCIATE-RQ on entry and check that it is the call we asked for.
    """

    def __init__(
        self,
        stage: Stage,
        service: str = "verification",
        *,
        secure: tls.TlsPolicy | tls.LegacyPolicy | None = None,
        hello_only: bool = False,
        greet: bool = True,
    ) -> None:
        super().__init__(stage, "attacker")
        self.lab = lab_of(stage)
        self.service = service
        self.request: wire.AssociateRQ | None = None
        self.latest: wire.PDU | wire.Unparsed | None = None
        self.handshake: tls.Handshake | None = None
        self.called_back: Called | None = None
        self._called_ae = f"T{stage.token[:14]}"
        self._greet = greet
        self._hello_only = hello_only
        self._call: Call | None = None
        self._listener: socket.socket | None = None
        section = stage.profile.requestor
        wanted = Claim.TLS_REQUESTOR in stage.scenario.needs
        self._tls = section is not None and (section.tls or wanted)
        self._policy = secure or (self.lab.trust.server if self._tls else None)
        self._strict_handshake = secure is None
        triggers = getattr(stage.bench, "triggers", None)
        if not isinstance(triggers, Triggers):
            raise PreconditionUnmetError("the profile has no [requestor] section")
        self._triggers = triggers

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        try:
            self._call = self._triggers.call(self.service, self._values(), secure=self._tls)
            self.connection = self._accept(self._triggers.patience_s)
            if self.connection is None:
                self.conclude(Outcome.NOT_CALLED)
                raise PreconditionUnmetError(f"the device did not call: {self._why_not()}")
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
        message = self.message(self._triggers.reaction_s)
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
        outcome = self.wait_for_ending(self._triggers.reaction_s + GRACE_S)
        if outcome is Outcome.RELEASED:
            self.grant_release()
        return outcome

    def grant_release(self) -> None:
        """Answers an A-RELEASE-RQ, and lets the device close first."""
        self.send(wire.ReleaseRP())
        self.receive(1.0)

    def next_connection(self, timeout_s: float) -> Connection | None:
        """A further connection of the device, for example a retry without TLS."""
        return self._accept(timeout_s)

    def wait_for_exit(self, timeout_s: float | None = None) -> Called | None:
        """Waits for the triggered command to end by itself."""
        if self._call is None or self.called_back is not None:
            return self.called_back
        limit = self._triggers.patience_s if timeout_s is None else timeout_s
        self.called_back = self._call.wait(limit)
        return self.called_back

    def _values(self) -> dict[str, str]:
        assert self._listener is not None
        values = {
            "host": "127.0.0.1",
            "port": str(self._listener.getsockname()[1]),
            "called_ae": self._called_ae,
            "calling_ae": "DEVICE",
        }
        if self.service == "storage":
            path = self.lab.sandbox / "pki" / f"{self.stage.token}.dcm"
            path.write_bytes(part10(self.stage))
            values["file"] = str(path)
        return values

    def _begin(self) -> None:
        if self._policy is not None and not self._hello_only:
            channel = secure_channel(self.stage, self._live(), self._policy, server_side=True)
            self.channel = channel
            self.handshake = channel.handshake(self._triggers.patience_s)
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
        first = self.receive(self._triggers.patience_s)
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

    def _accept(self, timeout_s: float) -> Connection | None:
        assert self._listener is not None
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        deadline = time.monotonic() + timeout_s
        while (rest := deadline - time.monotonic()) > 0 and not self.stage.cancelled.is_set():
            if poll.poll(min(rest, 0.2) * 1000):
                sock, _ = self._listener.accept()
                self.lab.guard.opening()
                connection = Connection(self.stage, sock, self.lab.guard, self.actor, accepted=True)
                self.stage.observe(
                    "connect", self.actor, connection=connection.number, ok=True,
                    peer=f"{connection.peer[0]}:{connection.peer[1]}",
                )  # fmt: skip
                return connection
            if self._call is not None and self._call_is_over():
                return None
        return None

    def _call_is_over(self) -> bool:
        assert self._call is not None
        done = self._call.wait(0.0)
        if done is None or done.by_hand:
            return False
        self.called_back = done
        return True

    def _why_not(self) -> str:
        done = self.called_back
        if done is None:
            return f"nothing came within {self._triggers.patience_s:g} s"
        return f"its command ended with {done.exit}: {done.output[-200:].strip()}"

    def _finish(self) -> None:
        self.close()
        if self._listener is not None:
            self._listener.close()
        if self._call is None:
            return
        ended = self.wait_for_exit(self._triggers.patience_s) or self._call.stop()
        self._triggers.witness(self.stage, self.service, ended)
