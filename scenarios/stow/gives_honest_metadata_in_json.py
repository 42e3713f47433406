"""WEB-910: honest metadata in JSON."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.depositing import GIVES_BACK
from simulators.web.hard_values import stores_text
from simulators.web.sinks import reads_json


@scenario(
    id="WEB-910",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-07"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin=None,
    control="web_stow_says_success",
    oracles=[writes_validly(honest=True)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def gives_honest_metadata_in_json(stage: Stage) -> None:
    """Honest metadata are given as JSON, with their values.

    The twin of values that JSON has no name for: who gives no metadata has escaped nothing.

    Remedy: Give metadata as application/dicom+json (PS3.18 F).
    """
    study = stores_text(stage, "synthetic", honest=True)
    reads_json(stage, study, {"0008103E": "synthetic"})
