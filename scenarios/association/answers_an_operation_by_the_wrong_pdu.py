"""ASC-12 for requestors: each PDU that Sta6 does not expect, instead of a response."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.requestor import VERIFICATION


@scenario(
    id="ASC-112B",
    verifies=["PS3.8/9.2", "PS3.8/9.2/AA-8", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-AVAIL-07", "T-INTEG-05"],
    weakness=["CWE-372"],
    references=["DCMTK-1075"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_ignores_state_table",
    oracles=[client_refuses()],
    vary=[
        {"instead": name}
        for name in ("A-ASSOCIATE-RQ", "A-ASSOCIATE-AC", "A-ASSOCIATE-RJ", "A-RELEASE-RP")
    ],
)
def answers_an_operation_by_the_wrong_pdu(stage: Stage) -> None:
    """A requestor aborts when a PDU out of place answers its operation.

    On an established association (Sta6) no association PDU and no release response may come. A
    requestor that skips them waits for its response for as long as the server likes, and one that
    starts over with a second acceptance talks on contexts that changed under its feet.

    Remedy: Follow PS3.8 Table 9-10 in Sta6: abort (AA-8) on what it does not permit.
    """
    with Acceptor(stage) as hostile:
        hostile.first_request()
        wrong: dict[str, wire.PDU] = {
            "A-ASSOCIATE-RQ": wire.associate_rq("DEVICE", "ASSAY", (VERIFICATION,)),
            "A-ASSOCIATE-AC": hostile.accept(),
            "A-ASSOCIATE-RJ": wire.AssociateRJ(result=1, source=1, reason=1),
            "A-RELEASE-RP": wire.ReleaseRP(),
        }
        hostile.send(wrong[str(stage.case["instead"])], stimulus=True)
        hostile.see_out()
