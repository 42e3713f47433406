"""TXT-01 by the web: line breaks and terminal sequences in addresses and keys."""

from urllib.parse import quote

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import log_escapes_controls, log_lines_are_its_own, log_stays_whole
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from simulators.observers import marker
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

_PLACES = ("path", "key", "uid")


@scenario(
    id="TXT-303",
    verifies=["HOUSE/LOG-INTEGRITY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-06"],
    weakness=["CWE-117"],
    role=Role.ACCEPTOR,
    needs={Claim.WEB_STOW, Claim.WEB_QIDO},
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="raw_log",
    oracles=[log_stays_whole(), log_lines_are_its_own(), log_escapes_controls(), serves_the_web()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"place": place} for place in _PLACES],
)
def hides_lines_in_addresses(stage: Stage) -> None:
    """Control characters in an address cannot forge a line of the device's log.

    Access logs hold addresses, and addresses hold whatever was percent-encoded into them. A
    line of one's own in the log is an alibi.

    Remedy: Log addresses as they came, percent signs and all, or escape everything but
    printable characters.
    """
    mark = marker(stage)
    text = quote(f"A\x1b[7m{mark}\r\n{mark}\n{mark}")
    studies = path_of(stage, "studies")
    targets = {
        "path": f"{studies}/{text}",
        "key": f"{studies}?PatientName={text}",
        "uid": f"{studies}/1.2{text}/metadata",
    }
    request = Request(target=targets[str(stage.case["place"])])
    with WebClient(stage) as client:
        client.ask(entitled(stage, request), stimulus=True)
    look(stage)
