"""WEB-909: honest metadata in XML."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.depositing import GIVES_BACK
from simulators.web.hard_values import stores_text
from simulators.web.sinks import reads_xml


@scenario(
    id="WEB-909",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-07"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_XML_OUT},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_stow_says_success",
    oracles=[writes_validly(honest=True)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def gives_honest_metadata_in_xml(stage: Stage) -> None:
    """Honest metadata are given as well-formed XML, with their values.

    The twin of values that XML cannot hold: who writes no XML has escaped nothing.

    Remedy: Give metadata as application/dicom+xml where you claim it.
    """
    study = stores_text(stage, "synthetic", honest=True)
    reads_xml(stage, study, {"0008103E": "synthetic"})
