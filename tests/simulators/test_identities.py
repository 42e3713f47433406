"""No specimen of the zoo is left in its cage: every one is shown by some scenario, in its role."""

from __future__ import annotations

import pytest

from harness import registry
from harness.model import Role as DeviceRole
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.identities import (
    all_odd,
    cases,
    names_of,
    required_of_all,
    soft,
    versioned,
)
from simulators.pki.zoo import Role, specimen, specimens

NOT_PLAYED = {"staple"}
"""What the device would have to ask for: no profile can claim it yet."""


@pytest.mark.parametrize(
    ("shown_by", "role"), [("client", DeviceRole.ACCEPTOR), ("server", DeviceRole.REQUESTOR)]
)
def test_every_specimen_is_shown(shown_by: Role, role: DeviceRole) -> None:
    played = {
        str(case["flaw"])
        for one in registry.load().values()
        if one.role is role and one.family == "CRT"
        for case in one.vary
        if "flaw" in case
    }
    # Self-signed ones, other dates and other names have scenarios of their own besides.
    wanted = {one.name for one in specimens(shown_by=shown_by) if one.needs not in NOT_PLAYED}
    control = {"good by OCSP"}
    assert wanted - played == control, "a specimen that no scenario shows"
    assert played <= wanted


def test_choice_by_theme_rule_need_and_requirement() -> None:
    every = names_of("constraints", "client")
    names = names_of("constraints", "client", about="RFC5280/4.2.1.10")
    rest = names_of("constraints", "client", without=("RFC5280/4.2.1.10",))
    assert names
    assert sorted(every) == sorted([*names, *rest])
    assert not {specimen(name).rule for name in every} - {"must", "should"}
    assert all(specimen(name).rule == "should" for name in soft(every))
    assert names_of("revocation", "client") == []
    assert names_of("revocation", "client", needs=("crl",))


def test_odd_ones_are_valid_and_the_plain_ones_exist() -> None:
    for shown_by in ("client", "server"):
        assert all(specimen(name).rule == "accept" for name in all_odd(shown_by))
    assert required_of_all() <= {*all_odd("client"), *all_odd("server")}


def test_cases() -> None:
    assert cases(["a", "b"]) == [{"flaw": "a"}, {"flaw": "b"}]
    lowest, highest = SPANS
    assert versioned(["a", "b"], both=["a"]) == [
        {"version": lowest, "flaw": "a"},
        {"version": highest, "flaw": "a"},
        {"version": highest, "flaw": "b"},
    ]
