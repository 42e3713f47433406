"""What the reference device asks of certificates beyond OpenSSL, and each flaw that forgives it."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.devices.reference.flaws import NO_FLAWS, choose
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_form import FormError, elements, objections
from simulators.devices.reference.tls_keeping import write_sample
from simulators.devices.reference.tls_names import (
    common_name_matches,
    loosely_matches,
    names_host,
)
from simulators.devices.reference.tls_online import why_revoked_online
from simulators.devices.reference.tls_revocation import why_revoked
from simulators.devices.reference.tls_scrutiny import Scrutiny
from simulators.devices.reference.tls_stream import HandshakeError
from simulators.handshakes.hygiene import identity_of
from simulators.pki import Authority, Identity
from simulators.pki.revocation import Revocation
from simulators.pki.zoo import specimen, specimens
from simulators.tls import TlsPolicy, TlsVersion
from simulators.tls.policy import build_context
from tests.simulators.devices import hostile
from tests.simulators.devices.hostile import acceptor
from tests.simulators.devices.peer import Peer, request
from tests.simulators.devices.running import reference, scu

HONEST = "honest"
FORGIVEN = {
    "": [],
    "leaf_may_issue": ["path too long"],
    "ignores_name_constraints": ["name not permitted"],
    "ignores_critical_extension": ["unknown critical extension"],
    "accepts_incomplete_chain": ["intermediate left out"],
    "accepts_weak_key": ["signed with SHA-1", "RSA with exponent 3"],
    "accepts_malformed_certificate": ["two signature algorithms", "serial number 0"],
    "ignores_key_usage": ["key for lists only", "authority as an end entity"],
    "ignores_revocation": ["on the revocation list"],
}
BAD = [name for names in FORGIVEN.values() for name in names]
BELOW = "honest intermediate"


class Pki:
    """One authority, what it has revoked, and the specimens as they were asked for."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority.new("certificate tests")
        self.revocation = Revocation(authority=self.authority)
        self.folder = folder
        self.ca = self.authority.write(folder)
        self.files = self.authority.issue().write(folder, "device")
        self.crl = folder / "crl.pem"
        self.crl.write_bytes(self.revocation.lists_pem())

    def made(self, name: str) -> Identity:
        if name == HONEST:
            return self.authority.issue(common_name="honest")
        return specimen(name).make(self.authority, self.revocation)

    @property
    def arguments(self) -> tuple[str, ...]:
        files = ("--key", self.files.key, "--cert", self.files.cert)
        return tuple(map(str, (*files, "--ca", self.ca, "--crl", self.crl)))

    @property
    def credentials(self) -> Credentials:
        return Credentials(
            key=self.files.key,
            certificate=self.files.cert,
            authority=self.ca,
            revocations=self.crl,
        )


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    made = Pki(tmp_path_factory.mktemp("zoo"))
    yield made
    made.revocation.close()


def served(
    port: int,
    identity: Identity,
    title: str = "TESTER",
    highest: TlsVersion = TlsVersion.TLS1_3,
) -> bool:
    """Whether the device answers the C-ECHO of a client with that certificate."""
    context = build_context(TlsPolicy(identity=identity, maximum=highest), server_side=False)
    try:
        with (
            socket.create_connection(("127.0.0.1", port), 5) as sock,
            context.wrap_socket(sock) as wrapped,
        ):
            peer = Peer(wrapped)
            peer.send(request(calling=title))
            return peer.hear() == "AC" and peer.echo() == "RESPONDED 0000"
    except OSError:
        return False


@pytest.mark.parametrize("flaw", list(FORGIVEN))
def test_client_certificate_is_verified_but_for_the_flaw(
    flaw: str, pki: Pki, tmp_path: Path
) -> None:
    more = ("--flaw", flaw) if flaw else ()
    with reference(tmp_path, "--tls-port", "0", *pki.arguments, *more) as it:
        assert served(it.tls_port, pki.made(HONEST))
        assert served(it.tls_port, pki.made(BELOW))
        accepted = [name for name in BAD if served(it.tls_port, pki.made(name))]
    assert accepted == FORGIVEN[flaw]


def test_only_the_trusted_authority_itself(pki: Pki, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *pki.arguments, "--flaw", "refuses_odd_certificate")
    with reference(tmp_path, *arguments) as it:
        assert served(it.tls_port, pki.made(HONEST))
        assert not served(it.tls_port, pki.made(BELOW))


@pytest.mark.parametrize(("flaw", "lent"), [((), False), (("--flaw", "ignores_ae_binding"), True)])
def test_bound_title_needs_its_certificate(
    flaw: tuple[str, ...], lent: bool, pki: Pki, tmp_path: Path
) -> None:
    bound, other = pki.made(HONEST), pki.authority.issue()
    path = bound.write(tmp_path, "bound").cert
    arguments = ("--tls-port", "0", *pki.arguments, "--bind", f"BOUND={path}", *flaw)
    with reference(tmp_path, *arguments) as it:
        assert served(it.tls_port, bound, "BOUND")
        assert served(it.tls_port, other, "OTHER")
        assert served(it.tls_port, other, "BOUND") == lent


def used(pki: Pki, name: str, *more: str) -> bool:
    """Whether the device calls a server with that certificate."""
    context = build_context(TlsPolicy(identity=pki.made(name)), server_side=True)
    with acceptor(hostile.serve_echo, context) as peer:
        where = ("--host", "127.0.0.1", "--port", str(peer.port), "--timeout", "5")
        return scu("echo", *where, "--tls", *pki.arguments, *more).returncode == 0


REQUESTOR = {
    **{f"scu_{flaw}": names for flaw, names in FORGIVEN.items() if flaw},
    "scu_matches_common_name": ["address in the common name only"],
    "scu_loose_wildcards": ["bare wildcard", "address as a dNSName"],
}


@pytest.mark.parametrize("flaw", list(REQUESTOR))
def test_server_certificate_is_verified_but_for_the_flaw(flaw: str, pki: Pki) -> None:
    for name in REQUESTOR[flaw]:
        assert not used(pki, name)
        assert used(pki, name, "--flaw", flaw)
    assert used(pki, HONEST, "--flaw", flaw)


def test_only_servers_of_the_trusted_authority_itself(pki: Pki) -> None:
    assert used(pki, BELOW)
    assert not used(pki, BELOW, "--flaw", "scu_refuses_odd_certificate")


def test_the_form_of_valid_specimens_is_not_objected_to(pki: Pki) -> None:
    for one in specimens(rule="accept"):
        assert objections(pki.made(one.name).leaf_der) == [], one.name


@pytest.mark.parametrize(
    "data", [b"\x30", b"\x30\x81\x01\x00", b"\x30\x80\x00\x00", b"\x30\x05\x00"]
)
def test_lengths_that_are_not_der(data: bytes) -> None:
    with pytest.raises(FormError):
        list(elements(data))


def test_no_bytes_break_the_reader(pki: Pki) -> None:
    whole = pki.made(HONEST).leaf_der
    for at in range(0, len(whole), 7):
        objections(whole[:at])
        objections(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])


def test_names_of_hosts(pki: Pki) -> None:
    for name in ("bare wildcard", "name cut by a zero octet"):
        leaf = pki.made(name).leaf_der
        assert not names_host(leaf, "127.0.0.1")
        assert loosely_matches(leaf, "127.0.0.1")
    assert common_name_matches(pki.made("address in the common name only").leaf_der, "127.0.0.1")
    assert names_host(pki.made(HONEST).leaf_der, "127.0.0.1")
    assert not names_host(b"no certificate", "127.0.0.1")


REVOKED = "the certificate was revoked"
UNKNOWN = "nobody could tell whether the certificate was revoked"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("good by OCSP", ""),
        ("revoked by OCSP", REVOKED),
        ("OCSP answer out of date", UNKNOWN),
        ("OCSP answer of a stranger", UNKNOWN),
        ("OCSP answer of no delegate", UNKNOWN),
        ("OCSP responder out of reach", UNKNOWN),
        ("on a published list", REVOKED),
        ("list badly signed", UNKNOWN),
        ("list of another issuer", UNKNOWN),
    ],
)
def test_what_a_certificate_names_is_asked(name: str, why: str, pki: Pki) -> None:
    root = pki.authority.certificate.public_bytes(Encoding.DER)
    assert why_revoked_online(pki.made(name).leaf_der, root) == why


def test_lists_that_were_given(pki: Pki, tmp_path: Path) -> None:
    root = pki.authority.certificate.public_bytes(Encoding.DER)
    revoked = pki.made("on the revocation list").leaf_der
    assert why_revoked([revoked, root], pki.credentials) == REVOKED
    assert why_revoked([pki.made(HONEST).leaf_der, root], pki.credentials) == ""
    outdated = tmp_path / "old.pem"
    past = datetime.now(UTC) - timedelta(days=300)
    old_lists = Revocation(authority=pki.authority, clock=lambda: past)
    outdated.write_bytes(old_lists.lists_pem())
    old = Credentials(
        key=pki.files.key, certificate=pki.files.cert, authority=pki.ca, revocations=outdated
    )
    assert "out of date" in why_revoked([pki.made(HONEST).leaf_der, root], old)


def test_scrutiny_of_nothing_and_of_what_cannot_be_read(pki: Pki) -> None:
    sound = Scrutiny(credentials=pki.credentials, flaws=NO_FLAWS, prefix="")
    sound([])
    with pytest.raises(HandshakeError):
        sound([b"no certificate"])
    forgiving = choose(["accepts_malformed_certificate"])
    Scrutiny(credentials=pki.credentials, flaws=forgiving, prefix="")([b"no certificate"])


def test_sample_identity_is_a_published_one(tmp_path: Path) -> None:
    write_sample(tmp_path / "sample.pem")
    text = (tmp_path / "sample.pem").read_text("ascii")
    told = identity_of(ssl.PEM_cert_to_DER_cert(text.partition("-----BEGIN PRIVATE")[0]))
    assert told["sample"] == "the reference device (flaw shows_sample_key)"
    assert identity_of(b"no certificate") == {}


def test_no_proof_of_possession_but_a_trusted_path(pki: Pki, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *pki.arguments, "--flaw", "skips_possession")
    stranger = pki.authority.lookalike().issue(common_name="stranger")
    with reference(tmp_path, *arguments) as it:
        for highest in (TlsVersion.TLS1_2, TlsVersion.TLS1_3):
            assert served(it.tls_port, pki.made(HONEST), highest=highest)
            assert not served(it.tls_port, stranger, highest=highest)
