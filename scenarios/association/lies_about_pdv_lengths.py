"""ASC-13 for acceptors: the length of a PDV does not fit its PDU."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-013",
    verifies=["PS3.8/9.3.5.1", "PS3.8/9.3.5", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-AVAIL-02", "T-AVAIL-03", "T-CONF-05"],
    weakness=["CWE-190", "CWE-191"],
    references=["DCMTK-1549d8ccc", "DCMTK-5b00c6419", "CVE-2019-5093"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="ignores_pdv_length",
    oracles=[refuses(Outcome.ABORTED)],
    vary=[{"length": length} for length in (0, 1, 0x7FFF_FFFF, 0xFFFF_FFFC)],
)
def lies_about_pdv_lengths(stage: Stage) -> None:
    """A PDV that is too short for its own header or longer than its PDU is aborted.

    A PDV length counts two bytes of header. Subtracting them from 0 or 1 gives four gigabytes;
    adding them to FFFFFFFCH gives almost nothing. Either way the wrong number of bytes is copied.
    The message inside is an honest C-ECHO, so a device that answers it has believed the lie.

    Remedy: Require 2 <= length <= what is left of the PDU before any arithmetic.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        lying = wire.PDV(
            length=int(str(stage.case["length"])),
            context_id=1,
            command=True,
            data=wire.encode_command(wire.c_echo_rq()),
        )
        attacker.send(wire.PDataTF(pdvs=(lying,)))
        attacker.wait_for_ending()
