"""Lists and OCSP answers as ``openssl`` reads them, and the service that publishes them."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from simulators.pki import Authority, Identity
from simulators.pki.lists import MADE_LISTS, REVOKED_LEAF, authority_list
from simulators.pki.revocation import AnswerKind, Revocation
from simulators.pki.zoo import specimen
from tests.simulators.pki.openssl import TIMEOUT_S, refusal

ANSWERS: dict[AnswerKind, str] = {
    "good": r"Response verify OK.*: good",
    "by a delegate": r"Response verify OK.*: good",
    "revoked": r"Response verify OK.*: revoked",
    "unknown": r"Response verify OK.*: unknown",
    "expired": r"Status times invalid.*status expired",
    "not yet valid": r"Status times invalid.*status not yet valid",
    "by a stranger": r"Response Verify Failure",
    "by no delegate": r"Response Verify Failure.*missing ocspsigning usage",
    "try later": r"Responder Error: trylater",
    "garbage": r"Error querying OCSP responder",
    "unreachable": r"Error connecting|Error querying|Connection refused|connect error",
}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def trusted(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.write(tmp_path_factory.mktemp("trusted"))


@pytest.fixture
def services(authority: Authority) -> Iterator[Revocation]:
    published = Revocation(authority)
    yield published
    published.close()


@pytest.mark.parametrize(
    ("name", "whole_path", "said"),
    [
        ("on the revocation list", False, "certificate revoked"),
        ("intermediate on the revocation list", True, "certificate revoked"),
        ("unknown extension", True, ""),
        ("honest intermediate", True, ""),
        ("chain of nine", True, ""),
    ],
)
def test_the_lists_serve_a_device_that_was_given_them(
    name: str,
    whole_path: bool,
    said: str,
    authority: Authority,
    trusted: Path,
    services: Revocation,
    tmp_path: Path,
) -> None:
    lists = tmp_path / "lists.pem"
    lists.write_bytes(services.lists_pem())
    options = ["-crl_check", "-CRLfile", str(lists), *(["-crl_check_all"] if whole_path else [])]
    assert refusal(specimen(name).make(authority), trusted, tmp_path, *options) == said


def test_each_list_deviates_as_it_says(authority: Authority, services: Revocation) -> None:
    key, name = authority.certificate.public_key(), authority.certificate.subject
    assert isinstance(key, RSAPublicKey)
    now = services.clock()
    made = {kind: authority_list(kind, authority, now) for kind in MADE_LISTS}
    assert made["current"].get_revoked_certificate_by_serial_number(REVOKED_LEAF)
    signed = {kind for kind, one in made.items() if one.is_signature_valid(key)}
    assert signed == {"current", "expired"}
    in_time = {kind for kind, one in made.items() if (one.next_update_utc or now) > now}
    assert in_time == set(made) - {"expired"}
    of_another = {kind for kind, one in made.items() if one.issuer != name}
    assert of_another == {"of another issuer"}


@pytest.mark.parametrize("kind", ANSWERS)
def test_openssl_hears_what_the_responder_says(
    kind: AnswerKind, trusted: Path, services: Revocation, authority: Authority, tmp_path: Path
) -> None:
    shown = authority.issue(serial=4711)
    said = _asked(services.answers_at(kind), shown, trusted, tmp_path)
    assert re.search(ANSWERS[kind], said, re.DOTALL | re.IGNORECASE), said


def test_a_request_in_the_address_is_answered_too(
    services: Revocation, authority: Authority
) -> None:
    request = quote(base64.b64encode(_request(authority)).decode("ascii"), safe="")
    content = _fetched(f"{services.answers_at('revoked')}/{request}")
    answer = ocsp.load_der_ocsp_response(content)
    assert answer.serial_number == 4711
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert services.asked[0].startswith("/ocsp/revoked")


def test_lists_are_fetched_by_the_address_in_the_certificate(
    services: Revocation, authority: Authority
) -> None:
    shown = specimen("on a published list").make(authority, services)
    leaf = x509.load_der_x509_certificate(shown.leaf_der)
    points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    names = points[0].full_name
    assert names
    content = _fetched(names[0].value)
    listed = x509.load_der_x509_crl(content)
    assert listed.get_revoked_certificate_by_serial_number(leaf.serial_number)
    assert services.asked == ("/crl/current",)


def test_what_is_no_request_is_called_malformed(services: Revocation) -> None:
    answer = ocsp.load_der_ocsp_response(_fetched(services.answers_at("good"), b"nonsense"))
    assert answer.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("/ocsp/nobody", b"x", 404), ("/", None, 404), ("/ocsp/good", bytes(1 << 17), 413)],
)
def test_what_is_not_published_is_refused(
    path: str, body: bytes | None, status: int, services: Revocation
) -> None:
    base = services.lists_at("current").removesuffix("/crl/current")
    with pytest.raises(urllib.error.HTTPError) as raised:
        _fetched(base + path, body)
    assert raised.value.code == status
    raised.value.close()


def test_closing_lets_go_of_who_waits_for_the_slow_responder(
    services: Revocation, authority: Authority
) -> None:
    url, heard = services.answers_at("slow"), threading.Event()

    def wait() -> None:
        with pytest.raises((RemoteDisconnected, ConnectionError)):
            _fetched(url, _request(authority))
        heard.set()

    thread = threading.Thread(target=wait)
    thread.start()
    while not services.asked:
        thread.join(0.01)
        assert thread.is_alive()
    services.close()
    assert heard.wait(TIMEOUT_S)
    thread.join()


def test_many_idle_askers_keep_nobody_from_closing(services: Revocation) -> None:
    host, port = services.lists_at("current").split("/")[2].split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(20)]
    # Sixteen have a seat; the others are sent away.
    sent_away = [one for one in idle[16:] if one.recv(1) == b""]
    services.close()
    for one in idle:
        one.close()
    assert len(sent_away) == 4


def test_a_staple_is_about_its_certificate(services: Revocation, authority: Authority) -> None:
    shown = specimen("staple says good").make(authority, services)
    leaf = x509.load_der_x509_certificate(shown.leaf_der)
    answer = ocsp.load_der_ocsp_response(shown.staple)
    assert answer.serial_number == leaf.serial_number
    assert specimen("staple missing").make(authority, services).staple == b""


def _request(authority: Authority) -> bytes:
    leaf = x509.load_der_x509_certificate(authority.issue(serial=4711).leaf_der)
    builder = ocsp.OCSPRequestBuilder()
    builder = builder.add_certificate(leaf, authority.certificate, hashes.SHA1())
    return builder.build().public_bytes(Encoding.DER)


def _fetched(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(url, data=body, timeout=TIMEOUT_S) as answer:
        content = answer.read()
    assert isinstance(content, bytes)
    return content


def _asked(url: str, shown: Identity, trusted: Path, folder: Path) -> str:
    leaf = shown.write(folder, "leaf").cert
    command = ["openssl", "ocsp", "-issuer", str(trusted), "-cert", str(leaf), "-url", url]
    command += ["-CAfile", str(trusted), "-timeout", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    return done.stderr + done.stdout
