"""The twin of the scenario on patients that resemble one another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import gives_each_their_own
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_ID, PATIENT_NAME, tells_patients_apart

_UTF_8 = {CHARACTER_SET: b"ISO_IR 192"}


@scenario(
    id="TXT-911",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.2.2.2"],
    threats=["T-INTEG-07"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_find",
    oracles=[gives_each_their_own()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def tells_two_patients_apart(stage: Stage) -> None:
    """Of two patients with different numbers and names, a query for one gives theirs only.

    A device that answers no query never confuses anybody; only one that finds the right patient
    can be said to tell two apart.

    Remedy: Answer C-FIND of the Study Root model by Patient ID.
    """
    number = stage.token[:12].encode()
    tells_patients_apart(
        stage,
        {**_UTF_8, PATIENT_ID: b"A" + number, PATIENT_NAME: b"SYNTHETIC^ASSAY"},
        {"another": {**_UTF_8, PATIENT_ID: b"B" + number, PATIENT_NAME: b"ARTIFICIAL^ASSAY"}},
    )
