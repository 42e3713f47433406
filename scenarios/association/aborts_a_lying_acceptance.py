"""ASC-05 for requestors: sub-item lengths of an A-ASSOCIATE-AC lie."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-105",
    verifies=[
        "PS3.8/9.3.3",
        "PS3.7/D.3.3",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-06"],
    weakness=["CWE-125", "CWE-130"],
    references=["DCMTK-48d00326a", "DCMTK-942", "CVE-2019-5093"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_ignores_subitem_length",
    oracles=[client_refuses()],
    vary=[
        {"item": kind, "length": length} for kind in (0x51, 0x52, 0x55) for length in (0, 1, 65535)
    ],
)
def aborts_a_lying_acceptance(stage: Stage) -> None:
    """A requestor aborts when a sub-item of the acceptance lies about its length.

    A hostile or compromised archive answers a modality with a user-information sub-item (maximum
    length, implementation class UID or version name) whose length field is wrong. A careless
    parser reads past the item, or takes the lie for a limit.

    Remedy: Check each sub-item against the length of its parent before reading it.
    """
    wanted, length = int(str(stage.case["item"])), int(str(stage.case["length"]))
    with Acceptor(stage) as hostile:
        answer = hostile.accept()
        *items, info = answer.items
        assert isinstance(info, wire.UserInformation)
        lying = [_with_length(item, wanted, length) for item in info.items]
        hostile.send(replace(answer, items=(*items, replace(info, items=tuple(lying)))))
        hostile.see_out()


def _with_length(item: wire.ItemLike, wanted: int, length: int) -> wire.ItemLike:
    if isinstance(item, bytes) or item.type != wanted:
        return item
    return replace(item, length=length)
