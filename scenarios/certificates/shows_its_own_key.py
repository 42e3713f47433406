"""CRT-14: the key that the device shows is its own."""

from harness.model import Claim, Role, Severity
from harness.oracles import shows_own_key
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hygiene import look_at_its_key


@scenario(
    id="CRT-014",
    verifies=["HOUSE/OWN-KEY", "RFC9325/4.5/RSA"],
    threats=["T-IMPERS-03", "T-CONF-01"],
    weakness=["CWE-321", "CWE-798", "CWE-326"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.OWN_IDENTITY,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="shows_sample_key",
    oracles=[shows_own_key()],
    budget_s=40,
)
def shows_its_own_key(stage: Stage) -> None:
    """A device shows a key of its own: none that was published, large enough, and in its time.

    Products come with a sample certificate and its private key, and many a device is still in
    service with it: whoever downloads the product can pose as that device or read what it sends.
    The digest of the key goes into the record, so that a key which stands in two devices shows
    when their runs are compared.

    Remedy: Make a key at installation, in each device, and have no sample to fall back on.
    """
    look_at_its_key(stage)
