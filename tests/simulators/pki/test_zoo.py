"""The zoo holds together: names, requirements, deviations where they are said to be."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import Name, NameAttribute
from cryptography.x509.oid import NameOID

import harness
from simulators.handshakes.evidence import certificate_parts, joined
from simulators.pki import Authority, zoo
from simulators.pki.builder import Signer, build_authority
from simulators.pki.revocation import Revocation
from simulators.pki.template import HONEST_NOT_AFTER, HONEST_NOT_BEFORE
from simulators.pki.workshop import Workshop
from simulators.pki.zoo import Specimen, specimen, specimens

_PUBLISHED = ("cdp", "ocsp", "staple")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,'-]*")

ALWAYS_OTHER = {"serial_number", "signature_value", "structure"}
"""What no two certificates have in common; structure is the lengths of what it holds."""
FOLLOWS: dict[str, set[str]] = {
    "": {"issuer", "extensions.authority_key_identifier"},
    "issuer": {"extensions.authority_key_identifier"},
    "signature_algorithm": {"signature"},
    "subject_public_key_info": {"extensions.key_identifier", "extensions.key_usage"},
}
"""What follows from a deviation by itself; without one in the leaf, its issuer deviates."""
_NAMES = {"extensions.subject_alt_name"}
ALSO: dict[str, set[str]] = {
    "self-signed under the authority's name": {"extensions.authority_key_identifier"},
    "look-alike authority": {"extensions.authority_key_identifier"},
    "host in the common name only": _NAMES,
    "address in the common name only": _NAMES,
    "common name beside other names": _NAMES,
    "no name at all": _NAMES,
    "neither subject nor names": _NAMES,
    "empty subject with names": _NAMES,
    "authority as an end entity": {"extensions.key_usage"},
    "no extended key usage": {"extensions.extended_key_usage"},
    "no key usage": {"extensions.key_usage"},
    "issued by an end entity": {
        "subject_public_key_info",
        "extensions.key_identifier",
        "extensions.key_usage",
    },
    "version 1": {
        "version",
        "extensions.key_identifier",
        "extensions.subject_alt_name",
        "extensions.basic_constraints",
        "extensions.key_usage",
        "extensions.extended_key_usage",
    },
    "version 1 with extensions": {"version"},
    "key of another certificate": {"subject"},
}
"""Where one deviation takes more than one part, or is an absence."""

every = pytest.mark.parametrize("kind", specimens(), ids=lambda kind: kind.name)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def services(authority: Authority) -> Iterator[Revocation]:
    published = Revocation(authority)
    yield published
    published.close()


@pytest.fixture(scope="module")
def known_requirements() -> frozenset[str]:
    folder = Path(harness.__file__).parent / "catalogue" / "requirements"
    tables = (tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml"))
    return frozenset(row["id"] for table in tables for row in table["requirement"])


def test_it_is_large_enough_to_mean_something() -> None:
    rules = Counter(one.rule for one in specimens())
    assert rules["must"] + rules["should"] >= 60
    assert rules["accept"] >= 10
    assert {one.theme for one in specimens()} == set(get_args(zoo.Theme))


def test_selection_narrows() -> None:
    dates = specimens(theme="dates", shown_by="client", rule="must")
    assert specimen("expired yesterday") in dates
    assert {(one.theme, one.rule) for one in dates} == {("dates", "must")}
    assert specimen("another host") in specimens(shown_by="server")
    assert specimen("another host") not in specimens(shown_by="client")


def test_an_unknown_name_hints_at_the_nearest() -> None:
    with pytest.raises(KeyError, match="near: expired yesterday"):
        specimen("expired yesterdy")


def test_names_are_unique_and_can_be_typed() -> None:
    names = [one.name for one in specimens()]
    assert len(set(names)) == len(names)
    assert [name for name in names if not _NAME.fullmatch(name)] == []


@every
def test_it_rests_on_known_requirements(kind: Specimen, known_requirements: frozenset[str]) -> None:
    assert kind.requirements
    assert set(kind.requirements) <= known_requirements
    # What is known from memory only decides nothing alone.
    assert kind.rule != "must" or any(one.startswith("HOUSE/") for one in kind.requirements)


@every
def test_the_deviation_is_where_it_is_said_to_be(
    kind: Specimen, authority: Authority, services: Revocation
) -> None:
    shown = kind.make(authority, services)
    parts = certificate_parts(shown.leaf_der)
    assert joined(parts) == shown.leaf_der
    assert not kind.lie or dict(parts).get(kind.lie)
    assert shown.description == f"{kind.name}: {kind.sentence}"
    assert shown.verbatim == kind.verbatim


@every
def test_nothing_else_deviates(kind: Specimen, authority: Authority, services: Revocation) -> None:
    now = datetime.now(UTC)
    honest = Workshop(authority=authority, services=services, now=now).leaf().signed()
    twin = dict(certificate_parts(honest))
    shown = dict(certificate_parts(kind.make(authority, services, now).leaf_der))
    different = {part for part in twin.keys() | shown.keys() if twin.get(part) != shown.get(part)}
    assert different - ALWAYS_OTHER <= {kind.lie} | FOLLOWS.get(kind.lie, set()) | ALSO.get(
        kind.name, set()
    )


def test_only_what_is_published_needs_the_services(authority: Authority) -> None:
    for kind in specimens():
        if kind.needs in _PUBLISHED and kind.name != "staple missing":
            with pytest.raises(ValueError, match="revocation services"):
                kind.make(authority)
        elif kind.theme == "revocation":
            kind.make(authority)


def test_each_make_is_another_certificate(authority: Authority) -> None:
    kind = specimen("expired yesterday")
    assert kind.make(authority).leaf_der != kind.make(authority).leaf_der


def test_an_intermediate_with_an_ec_key_may_be_the_authority(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = Name([NameAttribute(NameOID.ORGANIZATION_NAME, "EC authority")])
    own = Signer(subject=subject, key=key, key_identifier=None)
    root = build_authority(
        subject, key, own, not_before=HONEST_NOT_BEFORE, not_after=HONEST_NOT_AFTER
    )
    for issuer in (
        Authority(certificate=root, key=key),
        Authority(certificate=root, key=key).subordinate("EC department"),
    ):
        services = Revocation(issuer)
        for kind in specimens():
            assert kind.make(issuer, services).certificate_pem
        services.close()
