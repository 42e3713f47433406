"""The twin of the scenarios on texts in character sets."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_plainly, returns_values
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_NAME, keeps_texts


@scenario(
    id="TXT-910",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.5/6.1"],
    threats=["T-INTEG-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_get",
    oracles=[returns_values(), answers_plainly()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def keeps_and_finds_honest_text(stage: Stage) -> None:
    """A name in the Latin alphabet number 1 comes back as it was stored, and is found.

    Umlauts are older than most of the devices that lose them. Only where an honest name in a
    declared character set survives can something be said about names that lie.

    Remedy: Keep the octets of text values, together with Specific Character Set.
    """
    name = b"SYNTH\xc9TIC^ASS\xc4Y"
    keeps_texts(stage, {"honest": {CHARACTER_SET: b"ISO_IR 100", PATIENT_NAME: name}})
