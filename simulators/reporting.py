"""An archive that is asked to commit storage: reports that are true, and such as are not.

Reports go to the device's own listener, on an association of their own (PS3.4 J.3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from pydicom.filereader import read_dataset

from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.describe import reaction_of
from simulators.requestor import Requestor
from simulators.wire import uids
from simulators.wire.messages import N_ACTION

REPORTER = "reporter"
"""Under which name the observations of the association that reports stand."""

_TRANSACTION_UID, _REFERENCED_SEQUENCE, _FAILED_SEQUENCE = 0x00081195, 0x00081199, 0x00081198
_REFERENCED_CLASS, _REFERENCED_INSTANCE, _FAILURE_REASON = 0x00081150, 0x00081155, 0x00081197
_ALL_KEPT, _SOME_FAILED = 1, 2
_NO_SUCH_INSTANCE = 0x0112

Reference = tuple[str, str]
"""SOP Class UID and SOP Instance UID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an N-EVENT-REPORT says (PS3.4 J.3.3).

    Attributes:
        transaction: Transaction UID.
        kept: What the archive says that it keeps.
        failed: What it says that it does not.
    """

    transaction: str
    kept: Sequence[Reference] = field(default_factory=list[Reference])
    failed: Sequence[Reference] = field(default_factory=list[Reference])

    def command(self) -> wire.Command:
        """The command set of the N-EVENT-REPORT-RQ."""
        return wire.n_event_report_rq(
            uids.STORAGE_COMMITMENT_PUSH,
            uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
            _SOME_FAILED if self.failed else _ALL_KEPT,
            has_data=True,
        )

    def dataset(self, transfer_syntax: str) -> bytes:
        """The encoded event information."""
        elements = [wire.Element(tag=_TRANSACTION_UID, vr="UI", value=self.transaction)]
        if self.failed:
            elements.append(_sequence(_FAILED_SEQUENCE, self.failed, _NO_SUCH_INSTANCE))
        if self.kept:
            elements.append(_sequence(_REFERENCED_SEQUENCE, self.kept, 0))
        return wire.encode_dataset(elements, transfer_syntax)


def requested(peer: Acceptor, asked: wire.Message) -> Report:
    """What a device asks to have committed, as the report that would grant all of it.

    Raises:
        PreconditionUnmetError: Its request cannot be read.
    """
    syntax = wire.accepted_contexts(peer.accept()).get(asked.context_id)
    source = BytesIO(asked.dataset or b"")
    try:
        found = read_dataset(source, syntax == uids.IMPLICIT_LE, is_little_endian=True)
        references = [
            (str(item.ReferencedSOPClassUID), str(item.ReferencedSOPInstanceUID))
            for item in found.ReferencedSOPSequence
        ]
        return Report(transaction=str(found.TransactionUID), kept=references)
    except Exception as error:  # whatever pydicom says of a device's bytes
        peer.stage.require(False, f"the request of the device cannot be read: {error}")
        raise AssertionError("unreachable") from error


def take_request(peer: Acceptor, asked: wire.Message) -> None:
    """Answers an N-ACTION: the archive will work on it."""
    command = asked.command
    answer = wire.n_rsp(
        N_ACTION,
        command.text("RequestedSOPClassUID") or uids.STORAGE_COMMITMENT_PUSH,
        command.text("RequestedSOPInstanceUID") or uids.STORAGE_COMMITMENT_PUSH_INSTANCE,
        command.integer("MessageID") or 0,
        ActionTypeID=command.integer("ActionTypeID") or 1,
    )
    peer.invoke(asked.context_id, answer)


def commit_honestly(peer: Acceptor, asked: wire.Message) -> None:
    """Answers an N-ACTION, and reports everything as kept."""
    wanted = requested(peer, asked)
    take_request(peer, asked)
    report_to(peer, wanted, stimulus=True)


def witness_copy(peer: Acceptor) -> None:
    """Observes, once the call has ended, whether the device still has its own copy."""
    peer.close()
    peer.wait_for_exit()
    exists = Path(peer.callback.values["file"]).exists()
    peer.stage.observe("local-copy", peer.actor, exists=exists)


def report_to(
    peer: Acceptor,
    report: Report,
    *,
    calling: str | None = None,
    actor: str = REPORTER,
    stimulus: bool = False,
) -> Outcome:
    """Reports to the device's own listener; its answer is the reporter's outcome.

    Args:
        peer: Who was asked for commitment.
        report: What to say.
        calling: AE title that reports; by default the one that was asked.
        actor: Under which name its observations stand.
        stimulus: The report is what the scenario is about.
    """
    values = peer.callback.values
    context = wire.Context(1, uids.STORAGE_COMMITMENT_PUSH, (uids.EXPLICIT_LE, uids.IMPLICIT_LE))
    reports = wire.RoleSelection(uid=uids.STORAGE_COMMITMENT_PUSH, scu=0, scp=1)
    with Requestor(
        peer.stage,
        actor=actor,
        plain_on_tls=True,
        calling=calling or peer.called_ae,
        called=values["calling_ae"],
        address=("127.0.0.1", int(values["listen_port"])),
    ) as reporter:
        if reporter.connection is None:
            return reporter.conclude(Outcome.REFUSED)
        # Who reports is part of the stimulus, so that a refusal of the association is an answer.
        reporter.send(reporter.request((context,), user_items=(reports,)), stimulus=stimulus)
        answer = reporter.receive(peer.reaction_s)
        if not isinstance(answer, wire.AssociateAC):
            return _not_let_in(reporter, answer)
        reporter.contexts = wire.accepted_contexts(answer)
        if context.id not in reporter.contexts:
            return reporter.conclude(Outcome.REJECTED, {"detail": "its context was refused"})
        reporter.max_length = wire.max_length_of(answer) or 0
        dataset = report.dataset(reporter.contexts[context.id])
        reporter.invoke(report.command(), dataset, stimulus=stimulus)
        outcome = reporter.wait_for_ending(peer.reaction_s)
        if outcome is Outcome.RESPONDED:
            reporter.release()
        return outcome


def _not_let_in(reporter: Requestor, answer: wire.PDU | wire.Unparsed | None) -> Outcome:
    """Records what came instead of an acceptance: a refusal, as a rule."""
    if answer is None:
        return reporter.conclude(reporter.ended or Outcome.TIMEOUT)
    return reporter.conclude(*reaction_of(answer))


def _sequence(tag: int, references: Sequence[Reference], reason: int) -> wire.Element:
    why = (wire.Element(tag=_FAILURE_REASON, vr="US", value=reason.to_bytes(2, "little")),)
    items = tuple(
        wire.DataItem(
            elements=(
                wire.Element(tag=_REFERENCED_CLASS, vr="UI", value=sop_class),
                wire.Element(tag=_REFERENCED_INSTANCE, vr="UI", value=sop_instance),
                *(why if reason else ()),
            )
        )
        for sop_class, sop_instance in references
    )
    return wire.Element(tag=tag, vr="SQ", value=items)
