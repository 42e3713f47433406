"""What a profile claims of revocation, bound titles, its own key and its own process."""

from __future__ import annotations

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim
from harness.profile import Profile

LEAST = """
schema = 1
[device]
manufacturer = "m"
model = "d"
[acceptor]
tls_port = 2762
[tls]
"""
NEW = {
    Claim.CHECKS_CRL,
    Claim.CHECKS_DISTRIBUTION_POINTS,
    Claim.CHECKS_OCSP,
    Claim.BINDS_AE_TITLE,
    Claim.OWN_IDENTITY,
    Claim.OWN_PROCESS,
}


def parse(extra: str) -> Profile:
    return profiles.parse(LEAST + extra, "device.toml")


@pytest.mark.parametrize(
    ("extra", "claims"),
    [
        ("", set()),
        ('checks_revocation = ["crl"]', {Claim.CHECKS_CRL}),
        ('checks_revocation = ["cdp", "ocsp"]',
         {Claim.CHECKS_DISTRIBUTION_POINTS, Claim.CHECKS_OCSP}),
        ('bound_ae_title = "CATHLAB"', {Claim.BINDS_AE_TITLE}),
        ("own_identity = true", {Claim.OWN_IDENTITY}),
        ('[process]\nstart = ["d", "{key}", "{cert}", "{ca}"]', {Claim.OWN_PROCESS}),
        ('[process]\nstart = ["d", "{key}"]\n', set()),
        ('[process]\nstart = ["d"]\n[[process.files]]\npath = "c"\ntext = "{key} {cert} {ca}"',
         {Claim.OWN_PROCESS}),
    ],
)  # fmt: skip
def test_claims(extra: str, claims: set[Claim]) -> None:
    assert parse(extra).claims() & NEW == claims


def test_what_is_done_when_nobody_can_tell_is_a_fact() -> None:
    assert parse("").facts()["revocation_unknown"] is None
    assert parse('revocation_unknown = "accept"').facts()["revocation_unknown"] == "accept"
    with pytest.raises(ProfileError, match="revocation_unknown"):
        parse('revocation_unknown = "perhaps"')
