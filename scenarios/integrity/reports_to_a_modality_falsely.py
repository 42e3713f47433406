"""INT-09: somebody reports a storage commitment that the archive never gave."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, keeps_its_copy
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.objects import uid
from simulators.reporting import Report, report_to, requested, take_request, witness_copy
from simulators.services import part
from simulators.uninvited import stranger

_CASES = (
    "a stranger on an unknown transaction",
    "a stranger on the transaction",
    "the archive on an unknown transaction",
    "the archive on another object",
)


@scenario(
    id="INT-109",
    verifies=["HOUSE/TRUE-COMMITMENT", "PS3.4/J.3"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.COMMITMENT_SCU, Claim.DELETES_COMMITTED},
    severity=Severity.CRITICAL,
    twin="INT-951",
    control="scu_believes_any_report",
    oracles=[keeps_its_copy(), client_survives(Outcome.RELEASED)],
    safety=Safety.STORES_OBJECTS,
    vary=[{"report": name} for name in _CASES],
)
def reports_to_a_modality_falsely(stage: Stage) -> None:
    """A device deletes nothing because of a report that is not its archive's answer to its request.

    The report comes on an association that anybody can open, and what it permits is the deletion of
    the only copy of an examination. A device that takes any success for its own loses images to one
    forged message, or to an honest report about something else.

    Remedy: Believe a report only from the archive that was asked, under the Transaction UID that
    was given out, and for the objects that it names; keep the copy otherwise.
    """
    who, _, what = str(stage.case["report"]).partition(" on ")
    with Acceptor(stage, "storage-commitment") as archive:
        asked = archive.first_request()
        wanted = requested(archive, asked)
        take_request(archive, asked)
        spoof = Report(
            transaction=uid(stage, 7) if what == "an unknown transaction" else wanted.transaction,
            kept=[(wanted.kept[0][0], uid(stage, 8))] if what == "another object" else wanted.kept,
        )
        calling = stranger(stage) if who == "a stranger" else None
        report_to(archive, spoof, calling=calling, stimulus=True)
        truth = Report(transaction=wanted.transaction, failed=wanted.kept)
        report_to(archive, truth, actor="archive")
        part(archive)
        witness_copy(archive)
