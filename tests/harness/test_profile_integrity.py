"""What a profile may claim for the objects that the device keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim
from harness.profile import Profile
from simulators.lab import Lab

PROFILE = """
schema = 1
[device]
manufacturer = "m"
model = "d"
[acceptor]
port = 104
services = ["mpps"]
[integrity]
{line}
"""
CLAIMED = [
    ("bit_preserving = true", Claim.BIT_PRESERVING),
    ("checks_stored = true", Claim.CHECKS_STORED),
    ('foreign_study = "quarantine"', Claim.FOREIGN_STUDY_RULE),
]


def parse(line: str = "") -> Profile:
    return profiles.parse(PROFILE.format(line=line), "device.toml")


@pytest.mark.parametrize(("line", "claim"), CLAIMED)
def test_one_line_is_one_claim(line: str, claim: Claim) -> None:
    assert parse(line).claims() - parse().claims() == {claim}


@pytest.mark.parametrize("line", ["bit_preserving = false", "checks_stored = false"])
def test_no_is_no_claim(line: str) -> None:
    assert parse(line).claims() == parse().claims()


def test_a_service_is_a_claim() -> None:
    assert Claim.MPPS_SCP in parse().claims()


def test_the_rule_for_foreign_objects_is_a_fact() -> None:
    assert parse('foreign_study = "flag"').facts()["foreign_study"] == "flag"
    assert parse().facts()["foreign_study"] is None


def test_where_reports_come_to_claims_nothing(tmp_path: Path) -> None:
    told = parse('commitment_ae = "OURS"\ncommitment_port = 4711')
    assert told.claims() == parse().claims()
    lab = Lab.equip(told, tmp_path, lambda _text: None)
    try:
        assert lab.values["commitment_port"] == "4711"
    finally:
        lab.close()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('foreign_study = "merge"', "integrity.foreign_study"),
        ("bit_preservin = true", "integrity.bit_preservin"),
        ('commitment_ae = ""', "integrity.commitment_ae"),
        ('checks_stored = "yes"', "integrity.checks_stored"),
    ],
)
def test_an_error_names_the_key(line: str, key: str) -> None:
    with pytest.raises(ProfileError, match=key):
        parse(line)
