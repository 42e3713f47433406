"""The hostile requestor: calls the device and may lie at every depth; honest by default."""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import NotEmittedError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.connection import connect
from simulators.describe import described
from simulators.lab import lab_of
from simulators.objects import SyntheticObject
from simulators.peer import Peer
from simulators.securing import secure_channel
from simulators.wire import uids

VERIFICATION = wire.Context(1, uids.VERIFICATION, (uids.IMPLICIT_LE,))
"""The context of an honest C-ECHO."""

ANSWER_S = 10.0
"""How long an honest exchange may take before the device counts as not answering."""


class Requestor(Peer):
    """Opens one connection to the device.

    Args:
        stage: The play.
        actor: Under which name its observations stand.
        secure: A TLS policy, or None for plain. Left out: plain where the device has a plain port,
            otherwise honest TLS.
        plain_on_tls: Connect to the TLS port but speak plain.
        source: Local address to call from.
        calling: Calling AE title; by default one that the device knows.
        called: Called AE title; by default the device's.
        handshake_s: How long the device may take for a TLS handshake.
        address: Where to connect instead, within the scope.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        actor: str = "attacker",
        secure: tls.AnyPolicy | None = None,
        plain_on_tls: bool = False,
        source: str | None = None,
        calling: str | None = None,
        called: str | None = None,
        handshake_s: float = ANSWER_S,
        address: tuple[str, int] | None = None,
    ) -> None:
        super().__init__(stage, actor)
        self.lab = lab_of(stage)
        self.calling = self.lab.calling if calling is None else calling
        self.called = self.lab.called if called is None else called
        self.contexts: dict[int, str] = {}
        self.max_length = 16384
        self.handshake: tls.Handshake | None = None
        self._message_id = 0
        policy: tls.AnyPolicy | None = secure
        if policy is None and not plain_on_tls and not self.lab.plain:
            policy = self.lab.trust.client
        where = address or self.lab.address(secure=policy is not None or plain_on_tls)
        self.connection = connect(stage, self.lab.guard, where, actor=actor, source=source)
        if policy is not None and self.connection is not None:
            try:
                self._secure(policy, expected=secure is None, patience_s=handshake_s)
            except BaseException:
                self.close()  # nobody enters a context that was never made
                raise

    def request(
        self,
        contexts: Sequence[wire.Context] = (VERIFICATION,),
        *,
        max_length: int = 16384,
        user_items: Sequence[wire.ItemLike] = (),
    ) -> wire.AssociateRQ:
        """An honest A-ASSOCIATE-RQ to this device, to be sent or first turned into a lie."""
        return wire.associate_rq(
            self.called, self.calling, contexts, max_length=max_length, user_items=user_items
        )

    def associate(
        self,
        contexts: Sequence[wire.Context] = (VERIFICATION,),
        *,
        max_length: int = 16384,
        user_items: Sequence[wire.ItemLike] = (),
    ) -> wire.AssociateAC:
        """Establishes an honest association; at least one context must be accepted.

        Raises:
            PreconditionUnmetError: The device did not accept it.
        """
        self.send(self.request(contexts, max_length=max_length, user_items=user_items))
        answer = self.receive(ANSWER_S)
        if not isinstance(answer, wire.AssociateAC):
            seen = described(answer) if answer is not None else self.ended or Outcome.TIMEOUT
            self.stage.require(False, f"an honest association was not accepted: {seen}")
            raise AssertionError("unreachable")
        self.contexts = wire.accepted_contexts(answer)
        self.max_length = wire.max_length_of(answer) or 0
        self.stage.require(self.contexts, "no presentation context was accepted")
        return answer

    def invoke(
        self,
        command: wire.Command,
        dataset: bytes | None = None,
        *,
        context_id: int = 1,
        lie: str | Sequence[str] = (),
        stimulus: bool = False,
    ) -> bool:
        """Sends a DIMSE message on a context, in fragments that the device can take."""
        sent = True
        for pdu in wire.p_data(context_id, command, dataset, self.max_length or 16384):
            sent = self.send(pdu, lie=lie, stimulus=stimulus) and sent
            if not sent:
                break
        return sent

    def next_message_id(self) -> int:
        """A message id that is not in use on this association."""
        self._message_id += 1
        return self._message_id

    def echo(self, *, context_id: int = 1, stimulus: bool = False) -> Outcome:
        """An honest C-ECHO; the answer is recorded as the outcome."""
        self.invoke(
            wire.c_echo_rq(self.next_message_id()), context_id=context_id, stimulus=stimulus
        )
        return self.wait_for_ending(ANSWER_S)

    def store(
        self, thing: SyntheticObject, *, context_id: int = 1, stimulus: bool = False
    ) -> Outcome:
        """An honest C-STORE of a synthetic object; the answer is recorded as the outcome."""
        command = wire.c_store_rq(
            thing.sop_class, thing.sop_instance, message_id=self.next_message_id()
        )
        self.invoke(command, thing.dataset, context_id=context_id, stimulus=stimulus)
        return self.wait_for_ending(ANSWER_S)

    def release(self) -> bool:
        """Releases the association in order; True when the device answered."""
        self.send(wire.ReleaseRQ())
        return isinstance(self.receive(ANSWER_S), wire.ReleaseRP)

    def _secure(self, policy: tls.AnyPolicy, *, expected: bool, patience_s: float) -> None:
        connection = self._live()
        self.channel = secure_channel(self.stage, connection, policy, server_side=False)
        self.handshake = self.channel.handshake(patience_s)
        if expected and not self.handshake.completed:
            why = self.handshake.error or self.handshake.phase
            raise NotEmittedError(f"no TLS connection to the device: {why}")
