"""DIM-13 for requestors: the counts of sub-operations lie, and the retrieval fails."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import retrieve_response

_FAILED = 0xA702
_PENDING = 0xFF00
_LIES: dict[str, tuple[dict[str, bytes | int], ...]] = {
    "remaining grows": ({"Remaining": 1}, {"Remaining": 500}, {"Remaining": 65535}),
    "remaining is negative": ({"Remaining": 0xFFFF}, {"Remaining": 0x8000}),
    "completed wraps": ({"Completed": 65535}, {"Completed": 0}, {"Completed": 1}),
    "more than there are": ({"Remaining": 0, "Completed": 65535, "Warning": 65535},),
    "empty": ({"Remaining": b"", "Completed": b"", "Failed": b""},),
    "four octets": ({"Remaining": b"\xff\xff\xff\xff", "Completed": b"\x05\0\0\0"},),
    "missing": (),
}


@scenario(
    id="DIM-113",
    verifies=["PS3.4/C.4", "HOUSE/CLIENT-TELLS-FAILURE", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-06", "T-INTEG-05"],
    weakness=["CWE-190", "CWE-345"],
    references=["pynetdicom-subops", "Dicoogle-638"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.HIGH,
    twin="STO-951",
    control="scu_believes_counters",
    oracles=[client_tells_failure()],
    vary=[{"counts": name} for name in _LIES],
)
def miscounts_sub_operations(stage: Stage) -> None:
    """A device that retrieves is not misled by the counts of a retrieval that failed.

    Progress bars and completeness checks divide by these counts and subtract them, and some devices
    ask them alone whether everything has come. Here the final status says that nothing could be
    sent (A702H), while the counts say that all went well, or cannot be read at all.

    Remedy: Decide by the final status; treat counts as hints, and check them before arithmetic.
    """
    lies = _LIES[str(stage.case["counts"])]
    with Acceptor(stage, "retrieve") as hostile:
        asked = hostile.first_request()
        for status, last in ((_PENDING, False), (_FAILED, True)):
            for changes in (lies[-1:] if last else lies) or ({},):
                answer = retrieve_response(asked, status, remaining=None if last else 1)
                for name in ("Remaining", "Completed", "Failed", "Warning"):
                    keyword = f"NumberOf{name}Suboperations"
                    if name in changes:
                        answer = answer.replacing(keyword, changes[name])
                    elif not lies:
                        answer = answer.without(keyword)
                hostile.invoke(asked.context_id, answer, stimulus=True)
        hostile.see_out()
