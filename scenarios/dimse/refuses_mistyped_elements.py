"""DIM-02: command elements of the wrong length or multiplicity."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.queries import send_lying_command
from simulators.requestor import Requestor
from simulators.wire import uids

_FORMS: dict[str, tuple[str, bytes]] = {
    "message id of three bytes": ("MessageID", b"\1\0\0"),
    "message id of one byte": ("MessageID", b"\1"),
    "message id without a value": ("MessageID", b""),
    "two message ids": ("MessageID", b"\1\0\2\0"),
    "two SOP classes": (
        "AffectedSOPClassUID",
        f"{uids.VERIFICATION}\\{uids.VERIFICATION}\0".encode(),
    ),
    "SOP class of odd length": ("AffectedSOPClassUID", uids.VERIFICATION.encode()),
}


@scenario(
    id="DIM-002",
    verifies=["PS3.7/E.1", "PS3.7/C.5", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-CONF-05"],
    weakness=["CWE-704", "CWE-125"],
    references=["CVE-2024-28130"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="tolerates_wrong_command_vr",
    oracles=[refuses_operation(0x0212)],
    vary=[{"form": name} for name in _FORMS],
)
def refuses_mistyped_elements(stage: Stage) -> None:
    """A command element of the wrong length or multiplicity is refused.

    Command elements have no type on the wire: a device that takes the dictionary's word for it
    reads a number from one byte, or copies two values into the room of one. Type confusion of this
    kind has been used to run code. A good device compares length and multiplicity with the
    dictionary, and answers 0212H (mistyped argument) or aborts.

    Remedy: Validate length and multiplicity of each command element before its value is used.
    """
    keyword, value = _FORMS[str(stage.case["form"])]
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.c_echo_rq(attacker.next_message_id())
        send_lying_command(attacker, command.replacing(keyword, value))
        attacker.wait_for_ending()
