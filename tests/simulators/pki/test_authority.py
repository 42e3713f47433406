from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_type_hints

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from simulators.pki import Authority, Identity, Template
from simulators.pki.keys import load_key
from simulators.pki.template import Changes

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


def leaf(identity: Identity) -> x509.Certificate:
    return x509.load_der_x509_certificate(identity.leaf_der)


def test_every_field_of_a_template_is_a_keyword_of_issue() -> None:
    fields = {field.name for field in dataclasses.fields(Template)}
    assert set(Changes.__annotations__) == fields
    # The annotations agree too, not only the names.
    namespace = {"Authority": Authority}
    assert get_type_hints(Changes, localns=namespace) == get_type_hints(Template, localns=namespace)


def test_an_honest_certificate_is_valid_now_and_for_loopback(authority: Authority) -> None:
    certificate = leaf(authority.issue())
    now = datetime.now(UTC)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert certificate.not_valid_before_utc < now < certificate.not_valid_after_utc
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    certificate.verify_directly_issued_by(authority.certificate)


@pytest.mark.parametrize(
    "changes",
    [
        Changes(not_after=-DAY, not_before=-2 * DAY),
        Changes(not_before=DAY),
        Changes(eku=("server",)),
        Changes(key_usage=("key_agreement",)),
        Changes(names=("elsewhere.example",)),
        Changes(key="ec"),
        Changes(common_name="localhost", names=()),
        Changes(is_authority=True),
        Changes(critical_unknown_extension=True),
    ],
    ids=lambda changes: "+".join(changes),
)
def test_a_flawed_certificate_differs_from_its_twin_by_that_flaw_only(
    authority: Authority, changes: Changes
) -> None:
    # A serial number of its own takes the twin through the same builder as the flaw.
    twin, flawed = leaf(authority.issue(serial=1)), leaf(authority.issue(**changes))
    different = {
        name
        for name, value in _content(twin).items() | _content(flawed).items()
        if _content(twin).get(name) != value or _content(flawed).get(name) != value
    }
    assert different == _expected(changes)


def _content(certificate: x509.Certificate) -> dict[str, object]:
    # Validity to the hour: the two are made a moment apart.
    found: dict[str, object] = {
        "subject": certificate.subject,
        "not_before": certificate.not_valid_before_utc.replace(minute=0, second=0),
        "not_after": certificate.not_valid_after_utc.replace(minute=0, second=0),
        "key": type(certificate.public_key()).__name__,
    }
    for extension in certificate.extensions:
        if extension.oid != x509.SubjectKeyIdentifier.oid:
            found[extension.oid._name] = extension.value
    return found


def _expected(changes: Changes) -> set[str]:
    names = {
        "eku": "extendedKeyUsage",
        "key_usage": "keyUsage",
        "names": "subjectAltName",
        "common_name": "subject",
        "is_authority": "basicConstraints",
        "critical_unknown_extension": "Unknown OID",
    }
    return {names.get(name, name) for name in changes}


def test_the_signature_of_a_tampered_certificate_does_not_verify(authority: Authority) -> None:
    certificate = leaf(authority.issue(tampered_signature=True))
    with pytest.raises(Exception, match=r"^$"):
        certificate.verify_directly_issued_by(authority.certificate)


def test_a_self_signed_certificate_is_its_own_issuer(authority: Authority) -> None:
    certificate = leaf(authority.issue(self_signed=True))
    assert certificate.issuer == certificate.subject
    certificate.verify_directly_issued_by(certificate)


@pytest.mark.parametrize("same_key_identifier", [False, True])
def test_a_lookalike_shares_the_name_but_not_the_key(
    authority: Authority, same_key_identifier: bool
) -> None:
    lookalike = authority.lookalike(same_key_identifier=same_key_identifier)
    assert lookalike.certificate.subject == authority.certificate.subject
    assert lookalike.certificate.public_key() != authority.certificate.public_key()
    assert (_key_identifier(lookalike) == _key_identifier(authority)) is same_key_identifier


def _key_identifier(authority: Authority) -> bytes:
    extensions = authority.certificate.extensions
    return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def test_an_intermediate_is_presented_unless_left_out(authority: Authority) -> None:
    intermediate = authority.subordinate("Intermediate")
    count = b"BEGIN CERTIFICATE"
    assert intermediate.issue().certificate_pem.count(count) == 2
    assert intermediate.issue(chain=False).certificate_pem.count(count) == 1


def test_an_authority_survives_its_pem(authority: Authority) -> None:
    again = Authority.from_pem(authority.certificate_pem, authority.private_key_pem)
    leaf(again.issue()).verify_directly_issued_by(authority.certificate)


def test_leaf_keys_of_one_kind_are_made_once(authority: Authority) -> None:
    first, second = authority.issue(not_before=DAY), authority.issue(eku=None)
    assert first.key_pem == second.key_pem
    key = load_key(first.key_pem)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


def test_a_written_key_is_for_the_owner_only(authority: Authority, tmp_path: Path) -> None:
    identity = authority.issue()
    files = identity.write(tmp_path / "new", "peer")
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert files.cert.read_bytes() == identity.certificate_pem
    # A second write replaces the files, whatever their mode was.
    files.key.chmod(0o644)
    assert stat.S_IMODE(identity.write(tmp_path / "new", "peer").key.stat().st_mode) == 0o600


def test_plays_side_by_side_may_write_one_identity(authority: Authority, tmp_path: Path) -> None:
    identity = authority.issue()

    def write(_: int) -> bytes:
        return identity.write(tmp_path, "shared").key.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(write, range(400)))
    assert seen == {identity.key_pem}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shared.key", "shared.pem"]


def test_a_description_names_the_flaw(authority: Authority) -> None:
    assert "honest" in authority.issue().description
    assert "eku=('code',)" in authority.issue(eku=("code",)).description
    lookalike = authority.lookalike()
    assert str(lookalike) in authority.issue(issuer=lookalike).description
    assert str(lookalike) != str(authority)
