"""Every specimen leaves our side as it is, in each role in which it is shown."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from simulators import tls
from simulators.pki import Authority, Identity
from simulators.pki.revocation import Revocation
from simulators.pki.zoo import Role, Specimen, specimen, specimens
from tests.simulators.tls.peers import TIMEOUT_S, SocketTransport, meet


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def services(authority: Authority) -> Iterator[Revocation]:
    published = Revocation(authority)
    yield published
    published.close()


@pytest.mark.parametrize(
    ("specimen", "role"),
    [(one, role) for one in specimens() for role in sorted(one.shown_by)],
    ids=lambda value: value.name if isinstance(value, Specimen) else str(value),
)
def test_it_is_on_the_line_as_it_was_made(
    specimen: Specimen, role: Role, authority: Authority, services: Revocation
) -> None:
    shown = specimen.make(authority, services)
    if role == "client":
        asking = tls.TlsPolicy(
            identity=authority.issue(common_name="server"),
            trust=authority.certificate_pem,
            request_certificate=True,
        )
        meeting = meet(_policy(specimen, shown), asking)
        sent, arrived = meeting.client.certificate_sent, meeting.server.peer_certificate_der
    else:
        meeting = meet(tls.TlsPolicy(), _policy(specimen, shown))
        sent, arrived = meeting.server.certificate_sent, meeting.client.peer_certificate_der
    assert sent
    assert arrived == shown.leaf_der


STAPLED = [one.name for one in specimens(theme="revocation") if one.needs == "staple"]


@pytest.mark.parametrize("name", STAPLED)
@pytest.mark.parametrize("version", [tls.TlsVersion.TLS1_2, tls.TlsVersion.TLS1_3], ids=str)
def test_its_staple_goes_with_it(
    name: str, version: tls.TlsVersion, authority: Authority, services: Revocation
) -> None:
    shown = specimen(name).make(authority, services)
    server = tls.ModernPolicy(identity=shown, staple=shown.staple or None, maximum=version)
    asking = tls.ModernPolicy(ask_staple=True)
    here, there = socket.socketpair()
    serving = tls.open_channel(SocketTransport(there), server, True)
    calling = tls.ModernChannel(SocketTransport(here), asking, False)
    thread = threading.Thread(target=serving.handshake, args=(TIMEOUT_S,))
    with there, here:
        thread.start()
        calling.handshake(TIMEOUT_S)
        thread.join(TIMEOUT_S)
    assert (calling.staple or b"") == shown.staple


def _policy(specimen: Specimen, shown: Identity) -> tls.TlsPolicy | tls.LegacyPolicy:
    if specimen.verbatim:
        return tls.LegacyPolicy.version(tls.TlsVersion.TLS1_2, shown)
    highest = tls.TlsVersion.TLS1_2 if specimen.needs == "tls12" else tls.TlsVersion.TLS1_3
    return tls.TlsPolicy(maximum=highest, identity=shown)
