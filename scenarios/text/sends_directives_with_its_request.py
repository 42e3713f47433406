"""TXT-11: format directives in the texts of an association request."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import REFUSALS, ends, log_is_literal
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.observers import marker
from simulators.requestor import Requestor

_TITLES = ("calling title", "called title")
_DIRECTIVES = "%x%p%d"


def _request(attacker: Requestor, field: str, mark: str) -> tuple[wire.AssociateRQ, str]:
    """The request whose text deviates, and which part that is."""
    honest = attacker.request()
    if field == "calling title":
        return replace(honest, calling=f"{mark}%x".encode()), "calling"
    if field == "called title":
        return replace(honest, called=f"{mark}%x".encode()), "called"
    text = f"{mark}{_DIRECTIVES}"
    if field == "application context":
        first = wire.ApplicationContext(name=text)
        return replace(honest, items=(first, *honest.items[1:])), "items[0].name"
    last = wire.UserInformation(
        items=(wire.MaximumLength(), wire.ImplementationVersionName(name=text))
    )
    return replace(honest, items=(*honest.items[:-1], last)), "items[-1]"


@scenario(
    id="TXT-011",
    verifies=["HOUSE/TEXT-IS-NO-FORMAT", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-INTEG-06"],
    weakness=["CWE-134"],
    references=["CVE-2024-23914"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="formats_peer_text",
    oracles=[log_is_literal(), ends(REFUSALS | {Outcome.ACCEPTED})],
    vary=[{"field": f} for f in (*_TITLES, "application context", "version name")],
)
def sends_directives_with_its_request(stage: Stage) -> None:
    """Format directives in an association request are plain text to the device.

    Who writes a peer's text to a log by printf, with the text as the format, lets the peer read the
    stack and, with other directives than these, write to memory: a library that is in many products
    did so with the application context name. The directives here only print.

    Remedy: Never pass text of a peer as a format; let the compiler warn of formats that vary.
    """
    with Requestor(stage) as attacker:
        request, part = _request(attacker, str(stage.case["field"]), marker(stage))
        attacker.send(request, lie=part, stimulus=True)
        attacker.wait_for_ending()
