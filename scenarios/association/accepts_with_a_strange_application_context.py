"""ASC-08 for requestors: an A-ASSOCIATE-AC names another application context."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_survives
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_NAMES = {
    "unknown": "1.2.840.10008.3.1.1.2",
    "empty": "",
    "format": "%n%s%n%s%x",
    "control": "1.2\0\x07\x1b[2J\r\n",
    "long": "1." * 512,
}


@scenario(
    id="ASC-108",
    verifies=["PS3.7/A", "PS3.8/9.3.3", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-06"],
    weakness=["CWE-134", "CWE-20"],
    references=["CVE-2024-23914"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_dies_on_application_context",
    oracles=[client_survives()],
    vary=[{"name": name} for name in _NAMES],
)
def accepts_with_a_strange_application_context(stage: Stage) -> None:
    """A requestor copes with an acceptance that names an unknown application context.

    The name comes back from a server that may be hostile, and toolkits have written it to their log
    as a format string. A good requestor aborts, because DICOM has one application context only; one
    that does not look at the name is tolerated, one that dies of it is not.

    Remedy: Compare the name with the one of DICOM, and treat it as data wherever it is shown.
    """
    with Acceptor(stage) as hostile:
        honest = hostile.accept()
        name = _NAMES[str(stage.case["name"])]
        items = (wire.ApplicationContext(name=name), *honest.items[1:])
        hostile.send(replace(honest, items=items), lie="items[0].name")
        hostile.see_out()
