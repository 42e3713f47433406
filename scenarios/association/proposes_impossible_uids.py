"""ASC-06: syntaxes that are empty or much longer than a UID can be."""

from harness.model import Claim, Role, Severity
from harness.oracles import accepts_only
from harness.registry import scenario
from harness.stage import Stage
from scenarios.association.steps import hear_answer
from simulators import wire
from simulators.requestor import VERIFICATION, Requestor
from simulators.wire import uids

_LENGTHS = (0, 65, 1024, 65000)
"""One below and several above the 1 to 64 characters of a UID; the last fills its parent item."""


@scenario(
    id="ASC-006",
    verifies=["PS3.8/F", "PS3.8/9.3.2.2", "HOUSE/UID-CHECK"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-121", "CWE-20"],
    references=["CVE-2015-8979", "ZSL-2016-5383", "ZSL-2016-5385"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="accepts_any_uid",
    oracles=[accepts_only({VERIFICATION.id})],
    vary=[
        {"syntax": syntax, "length": length}
        for syntax in ("abstract", "transfer")
        for length in _LENGTHS
    ],
)
def proposes_impossible_uids(stage: Stage) -> None:
    """A presentation context whose syntax cannot be a UID is not accepted.

    A UID has at most 64 characters, and many parsers copy it into a buffer of that size: overlong
    ones are among the oldest ways to crash a DICOM service. A good device refuses the request, or
    answers that context alone with "not supported".

    Remedy: Check length and characters of each UID before it is copied or compared.
    """
    length = int(str(stage.case["length"]))
    uid = f"2.25.{stage.token}".ljust(length, "1")[:length]
    abstract = stage.case["syntax"] == "abstract"
    bad = wire.Context(
        3,
        uid if abstract else uids.VERIFICATION,
        (uids.IMPLICIT_LE if abstract else uid,),
    )
    part = "abstract_syntax.uid" if abstract else "transfer_syntaxes[0].uid"
    with Requestor(stage) as attacker:
        attacker.send(attacker.request((VERIFICATION, bad)), lie=f"items[2].{part}")
        hear_answer(attacker)
