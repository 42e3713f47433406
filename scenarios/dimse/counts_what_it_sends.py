"""DIM-13: the counts of sub-operations, in every response of a retrieve."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import counts_add_up
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor
from simulators.retrieving import retrieve, witness_counts

_OBJECTS = 6
_ANSWERS = {"all are taken": 0x0000, "some are refused": 0xA700, "some with a warning": 0xB000}


@scenario(
    id="DIM-013",
    verifies=["HOUSE/COUNTS-ADD-UP", "PS3.4/C.4"],
    threats=["T-INTEG-07", "T-INTEG-08"],
    weakness=["CWE-682"],
    references=["pynetdicom-subops"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.LOW,
    twin="STO-902",
    control="counts_sub_operations_wrongly",
    oracles=[counts_add_up()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"objects": name} for name in _ANSWERS],
)
def counts_what_it_sends(stage: Stage) -> None:
    """The counts of a retrieve agree with each other and with what was sent, to the last response.

    Workstations delete, route and report by these four numbers. If they do not add up, an object
    that was refused counts as delivered, or a transfer that is complete never seems to end. Every
    second object is refused here, or taken with a warning.

    Remedy: Count each sub-operation once, by its own status, and take it from those remaining.
    """
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE,))
        syntax = peer.contexts[STORAGE.id]
        things = [synthetic_object(stage, n, transfer_syntax=syntax) for n in range(_OBJECTS)]
        for thing in things:
            peer.store(thing)
        peer.release()
    status = _ANSWERS[str(stage.case["objects"])]
    found = retrieve(
        stage, things[0].study, syntaxes=(syntax,), stimulus=True,
        answer=lambda number: status if number % 2 else 0x0000,
    )  # fmt: skip
    refused = sum(number % 2 for number in range(len(found.objects))) if status == 0xA700 else 0
    witness_counts(stage, found, total=_OBJECTS, confirmed=len(found.objects) - refused)
