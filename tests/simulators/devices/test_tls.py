"""TLS of the acceptor: mutual 1.2 and 1.3, and one forgiven defect per flaw."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.peer import Peer, request
from tests.simulators.devices.running import Running, reference

V = ssl.TLSVersion
REFUSED = "refused"


def context(lab: Lab, identity: str | None = "client") -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=str(lab.ca))
    if identity is not None:
        made.load_cert_chain(lab.files[identity].cert, lab.files[identity].key)
    return made


def weak(lab: Lab, suites: str) -> ssl.SSLContext:
    made = context(lab)
    made.set_ciphers(f"{suites}:@SECLEVEL=0")
    made.maximum_version = V.TLSv1_2
    return made


def old(lab: Lab) -> ssl.SSLContext:
    made = context(lab)
    made.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        made.minimum_version = V.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        made.maximum_version = V.TLSv1_1
    return made


def asked(port: int, using: ssl.SSLContext | None) -> str:
    """Return the TLS version of an association with an answered C-ECHO, or ``refused``."""
    try:
        with connected(port, using) as (peer, version):
            peer.send(request())
            good = peer.hear() == "AC" and peer.echo() == "RESPONDED 0000"
            return version if good else REFUSED
    except OSError:
        return REFUSED


@contextmanager
def connected(port: int, using: ssl.SSLContext | None) -> Iterator[tuple[Peer, str]]:
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        if using is None:
            yield Peer(sock), "plain"
            return
        with using.wrap_socket(sock, server_hostname="127.0.0.1") as wrapped:
            yield Peer(wrapped), str(wrapped.version())


@pytest.fixture(scope="module")
def sound(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("tls")
    with reference(folder, "--tls-port", "0", *lab.arguments("device")) as running:
        yield running


def test_mutual_tls_1_2_and_1_3_are_served(lab: Lab, sound: Running) -> None:
    only12 = context(lab)
    only12.maximum_version = V.TLSv1_2
    assert asked(sound.tls_port, only12) == "TLSv1.2"
    assert asked(sound.tls_port, context(lab)) == "TLSv1.3"


BAD_CLIENTS = ["self_signed", "lookalike", "lookalike_same_id", "expired", "early", "server_only"]


@pytest.mark.parametrize("identity", [None, *BAD_CLIENTS])
@pytest.mark.parametrize("version", [V.TLSv1_2, V.TLSv1_3])
def test_sound_device_refuses_bad_certificates(
    identity: str | None, version: V, lab: Lab, sound: Running
) -> None:
    using = context(lab, identity)
    using.maximum_version = version
    assert asked(sound.tls_port, using) == REFUSED
    assert asked(sound.tls_port, context(lab)) == "TLSv1.3"


@pytest.mark.parametrize(
    "suites", ["NULL-SHA256", "AECDH-AES128-SHA", "AES128-SHA", "ECDHE-RSA-AES128-SHA"]
)
def test_sound_device_refuses_weak_suites(suites: str, lab: Lab, sound: Running) -> None:
    assert asked(sound.tls_port, weak(lab, suites)) == REFUSED


def test_sound_device_refuses_old_versions_and_plain(lab: Lab, sound: Running) -> None:
    assert asked(sound.tls_port, old(lab)) == REFUSED
    assert asked(sound.tls_port, None) == REFUSED


FORGIVEN = {
    "client_certificate_optional": [None],
    "accepts_self_signed": ["self_signed"],
    "trusts_subject_name": ["lookalike", "lookalike_same_id"],
    "ignores_validity": ["expired", "early"],
    "ignores_eku": ["server_only"],
}


@pytest.mark.parametrize("flaw", list(FORGIVEN))
def test_flaw_forgives_one_defect_and_no_other(flaw: str, lab: Lab, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", flaw)
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
        accepted = [
            identity
            for identity in (None, *BAD_CLIENTS)
            if asked(it.tls_port, context(lab, identity)) != REFUSED
        ]
    assert accepted == FORGIVEN[flaw]


def test_plain_fallback(lab: Lab, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", "plain_fallback")
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
        assert asked(it.tls_port, None) == "plain"


def test_tls_min_1_0(lab: Lab, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", "tls_min_1_0")
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
        assert asked(it.tls_port, old(lab)) == "TLSv1.1"
        assert asked(it.tls_port, weak(lab, "AES128-SHA")) == REFUSED


def test_prefers_tls12(lab: Lab, tmp_path: Path) -> None:
    only13 = context(lab)
    only13.minimum_version = V.TLSv1_3
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", "prefers_tls12")
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, context(lab)) == "TLSv1.2"
        assert asked(it.tls_port, only13) == "TLSv1.3"


def test_refuses_tls12(lab: Lab, tmp_path: Path) -> None:
    only12 = context(lab)
    only12.maximum_version = V.TLSv1_2
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", "refuses_tls12")
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, only12) == REFUSED
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"


@pytest.mark.parametrize("suites", ["NULL-SHA256", "AES128-SHA", "ECDHE-RSA-AES128-SHA"])
def test_weak_suites(suites: str, lab: Lab, tmp_path: Path) -> None:
    arguments = ("--tls-port", "0", *lab.arguments("device"), "--flaw", "weak_suites")
    with reference(tmp_path, *arguments) as it:
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"
        assert asked(it.tls_port, weak(lab, suites)) == "TLSv1.2"
