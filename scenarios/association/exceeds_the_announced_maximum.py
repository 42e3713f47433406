"""ASC-14 for acceptors: a P-DATA-TF far above the maximum that the device announced."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.requestor import Requestor

_DECLARED = 64 * 2**20
_HEAR_S = 1.0
_CHUNK = 4096
_SENT_MAXIMA = 4


@scenario(
    id="ASC-014",
    verifies=["PS3.8/D.1", "PS3.8/9.3.5", "HOUSE/BOUNDED-PDU"],
    threats=["T-AVAIL-03", "T-AVAIL-04"],
    weakness=["CWE-770"],
    references=["dicomrs-maxpdu"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="max_pdu_not_enforced",
    oracles=[refuses(Outcome.ABORTED)],
)
def exceeds_the_announced_maximum(stage: Stage) -> None:
    """A P-DATA-TF of 64 MiB is not taken in by a device that announced a small maximum.

    The device said how much it can bear. Whoever declares more and streams it slowly finds out
    whether the announcement was a limit or a wish: many devices collect whatever comes. The
    header alone is enough for a good device to abort; we send four times the maximum at most.

    Remedy: Compare the length of each P-DATA-TF with the announced maximum before reading it.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        maximum = attacker.max_length
        stage.require(0 < maximum < _DECLARED, "the device announced no maximum length")
        pdv = wire.PDV(length=_DECLARED - 4, context_id=1, command=True, data=b"")
        header = wire.encode(wire.PDataTF(length=_DECLARED, pdvs=(pdv,)))
        what = f"header of a P-DATA-TF of {_DECLARED} bytes, {maximum} were announced"
        attacker.send(header, lie="length", stimulus=True, what=what)
        answer = attacker.receive(_HEAR_S)
        if answer is not None:
            attacker.conclude(*reaction_of(answer))
            return
        if attacker.ended is None:
            stream = bytes(_SENT_MAXIMA * maximum)
            attacker.drip(stream, size=max(_CHUNK, maximum // 4), every_s=0.05, for_s=_HEAR_S * 2)
        attacker.wait_for_ending()
