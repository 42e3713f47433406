"""ASC-12 for requestors: each PDU that Sta5 does not expect, instead of the answer."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.requestor import VERIFICATION

_UNEXPECTED: dict[str, wire.PDU] = {
    "A-ASSOCIATE-RQ": wire.associate_rq("DEVICE", "ASSAY", (VERIFICATION,)),
    "P-DATA-TF": wire.p_data(1, wire.c_echo_rsp(1))[0],
    "A-RELEASE-RQ": wire.ReleaseRQ(),
    "A-RELEASE-RP": wire.ReleaseRP(),
}


@scenario(
    id="ASC-112",
    verifies=["PS3.8/9.2", "PS3.8/9.2/STA5", "PS3.8/9.2/AA-8", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-AVAIL-07", "T-INTEG-05"],
    weakness=["CWE-372"],
    references=["DCMTK-1075"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_ignores_state_table",
    oracles=[client_refuses()],
    vary=[{"instead": name} for name in _UNEXPECTED],
)
def answers_a_request_by_the_wrong_pdu(stage: Stage) -> None:
    """A requestor aborts when a PDU out of place answers its association request.

    In state Sta5 only an acceptance, a rejection or an abort may come. A requestor that skips
    anything else is kept waiting by it; one that serves it talks on an association that does not
    exist, and may believe a C-ECHO response that answers nothing.

    Remedy: Follow PS3.8 Table 9-10 in Sta5: abort (AA-8) on every other PDU.
    """
    with Acceptor(stage) as hostile:
        hostile.send(_UNEXPECTED[str(stage.case["instead"])], stimulus=True)
        hostile.see_out()
