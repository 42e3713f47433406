"""ASC-08 for acceptors: the application context name is not DICOM's."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_association
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.requestor import Requestor
from simulators.wire import uids

_NAMES = {
    "unknown": f"{uids.APPLICATION_CONTEXT}.9",
    "empty": "",
    "format characters": "%n%s%x%p" * 8,
    "control characters": "1.2.840\x00\x1b[2J\r\n.10008",
}


@scenario(
    id="ASC-008",
    verifies=["PS3.8/9.3.2.1", "PS3.7/A", "PS3.8/9.3.4"],
    threats=["T-AVAIL-02", "T-INTEG-04"],
    weakness=["CWE-134", "CWE-20"],
    references=["CVE-2024-23914"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ignores_application_context",
    oracles=[refuses_association((1, 1, 2))],
    vary=[{"name": name} for name in _NAMES],
)
def names_another_application_context(stage: Stage) -> None:
    """An acceptor rejects an association for an application context that it does not support.

    The name decides what all that follows means, and DICOM has one only. Devices that never look
    at it speak with anything; devices that print it have let a stranger write their format
    strings.

    Remedy: Compare the name with 1.2.840.10008.3.1.1.1 byte by byte, and never use it as a format.
    """
    name = _NAMES[str(stage.case["name"])]
    with Requestor(stage) as attacker:
        request = attacker.request()
        items = (wire.ApplicationContext(name=name), *request.items[1:])
        attacker.send(replace(request, items=items), lie="items[0].name", stimulus=True)
        attacker.wait_for_ending()
