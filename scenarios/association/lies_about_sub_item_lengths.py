"""ASC-05 for acceptors: lengths of user-information sub-items lie."""

from dataclasses import replace

from harness.model import JSON, Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor
from simulators.wire import uids

_ITEMS = {
    "51H": wire.MaximumLength(),
    "52H": wire.ImplementationClassUID(uid=uids.IMPLEMENTATION_CLASS_UID),
    "53H": wire.AsyncWindow(),
    "54H": wire.RoleSelection(uid=uids.VERIFICATION, scu=1, scp=0),
    "55H": wire.ImplementationVersionName(name=uids.IMPLEMENTATION_VERSION_NAME),
    "56H": wire.ExtendedNegotiation(uid=uids.VERIFICATION, info=b"\x01"),
    "58H": wire.UserIdentityRQ(primary="assay"),
}
"""Every sub-item that a requestor may send, honest."""

_CASES: list[dict[str, JSON]] = [
    {"item": name, "length": length}
    for name, item in _ITEMS.items()
    for length in (0, 1, len(item.content()) + 1, 65535)
]


@scenario(
    id="ASC-005",
    verifies=["PS3.8/9.3.2", "PS3.7/D.3.3", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-AVAIL-02", "T-CONF-05"],
    weakness=["CWE-125", "CWE-130"],
    references=["DCMTK-48d00326a", "DCMTK-942", "CVE-2019-5093"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="ignores_subitem_length",
    oracles=[refuses(Outcome.ABORTED, Outcome.REJECTED)],
    vary=_CASES,
)
def lies_about_sub_item_lengths(stage: Stage) -> None:
    """A user-information sub-item that does not fit its parent makes the request invalid.

    The last sub-item says that it is empty, that it is one byte longer than it is, or that it
    fills 64 KiB; its parent and the PDU tell the truth. Parsers that believe the innermost length
    read past the end of the PDU, and have crashed or given away memory in several toolkits.

    Remedy: Check each sub-item against what is left of its parent, and that they fill it exactly.
    """
    lying = replace(_ITEMS[str(stage.case["item"])], length=int(str(stage.case["length"])))
    with Requestor(stage) as attacker:
        request = attacker.request()
        *items, info = request.items
        assert isinstance(info, wire.UserInformation)
        honest = [item for item in info.items if type(item) is not type(lying)]
        attacker.send(replace(request, items=(*items, replace(info, items=(*honest, lying)))))
        attacker.wait_for_ending()
