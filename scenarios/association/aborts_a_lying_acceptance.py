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
    verifies=["PS3.8/9.3.3", "PS3.7/D.3.3", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-125", "CWE-130"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_ignores_subitem_length",
    oracles=[client_refuses()],
    vary=[{"length": length} for length in (0, 1, 65535)],
)
def aborts_a_lying_acceptance(stage: Stage) -> None:
    """A requestor aborts when a sub-item of the acceptance lies about its length.

    A hostile or compromised archive answers a modality with a Maximum Length sub-item whose length
    field is wrong. A careless parser reads past the item, or takes the lie for a limit.

    Remedy: Check each sub-item against the length of its parent before reading it.
    """
    with Acceptor(stage) as hostile:
        answer = hostile.accept()
        *items, info = answer.items
        assert isinstance(info, wire.UserInformation)
        first = info.items[0]
        assert isinstance(first, wire.MaximumLength)
        lying = replace(first, length=int(str(stage.case["length"])))
        hostile.send(replace(answer, items=(*items, replace(info, items=(lying, *info.items[1:])))))
        hostile.wait_for_ending()
