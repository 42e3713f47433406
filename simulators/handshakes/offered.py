"""What a device that calls offers, read from its ClientHello, as a ``surface`` observation.

The hello is answered honestly, so that the call is a real one; nothing but the hello is judged.
"""

from __future__ import annotations

from harness.model import JSON, Role
from harness.stage import Stage
from harness.tls_surface import KIND, UNKNOWN
from simulators import tls
from simulators.acceptor import Acceptor
from simulators.handshakes.probe import ACTOR
from simulators.handshakes.surface import (
    ORDER,
    SSL2,
    extension_name,
    scheme_name,
    told_groups,
    told_suites,
)
from simulators.handshakes.traps import read_hello, receive_client, serve_echo, server_policy
from simulators.lab import lab_of
from simulators.tls.codes import Extension, TlsVersion

_RENEGOTIATION_SCSV = 0x00FF
_OFFERED, _NOT_OFFERED = "offered", "not offered"


def scan_requestor(stage: Stage) -> None:
    """Has the device call, records what its hello offers, and serves it.

    Raises:
        PreconditionUnmetError: It did not call, or sent no ClientHello.
    """
    with Acceptor(stage, hello_only=True) as server:
        read = read_hello(server)
        stage.require(read, "the device sent no ClientHello")
        assert read is not None
        hello, heard = read
        stage.observe(KIND, ACTOR, **requestor_surface(hello))
        policy = server_policy(stage, lab_of(stage).trust.ours)
        what = "ServerHello of an honest server that has read the hello"
        serve_echo(server, receive_client(server, policy, ahead=heard, what=what))


def requestor_surface(hello: tls.ClientHello) -> dict[str, JSON]:
    """The surface of a device that calls, in the form of :mod:`harness.tls_surface`."""
    versions = _versions(hello)
    spoken = [name for name, told in versions.items() if told == _OFFERED]
    names = [extension_name(kind) for kind in hello.extensions]
    if _RENEGOTIATION_SCSV in hello.suites and "renegotiation_info" not in names:
        names.append("renegotiation_info")
    first = next(iter(hello.versions), 0)
    return {
        "side": Role.REQUESTOR.value,
        "port": None,
        "versions": {name: {"answer": told, "how": _how(hello)} for name, told in versions.items()},
        "chosen_version": tls.TlsVersion(first).label if first in list(ORDER) else None,
        "suites": {name: told_suites(_suites(hello, name)) for name in spoken},
        "groups": {name: told_groups(hello.groups) for name in spoken},
        "dh_bits": None,
        "signature_schemes": [scheme_name(one) for one in hello.signature_algorithms],
        "certificate": None,
        "other_certificates": [],
        "preference": "client",
        "extensions": {name: sorted(set(names)) for name in spoken},
        "alpn": list(hello.alpn),
        "tickets": "session_ticket" in names,
        "client_certificate": UNKNOWN,
        "unsure": [],
    }


def _versions(hello: tls.ClientHello) -> dict[str, str]:
    """A hello without a list names its highest version only; what lies below stays unknown."""
    if _is_explicit(hello):
        told = {v.label: _OFFERED if v in hello.versions else _NOT_OFFERED for v in ORDER}
    else:
        told = {
            v.label: _OFFERED
            if v == hello.client_version
            else _NOT_OFFERED
            if v > hello.client_version
            else UNKNOWN
            for v in ORDER
        }
    return {**told, SSL2: _NOT_OFFERED}


def _how(hello: tls.ClientHello) -> str:
    return "supported_versions" if _is_explicit(hello) else "client_version"


def _is_explicit(hello: tls.ClientHello) -> bool:
    return Extension.SUPPORTED_VERSIONS in hello.extensions


def _suites(hello: tls.ClientHello, version: str) -> list[int]:
    """The suites of the hello that belong to this version, in the device's order."""
    modern = version == TlsVersion.TLS1_3.label
    listed: list[int] = []
    for code in hello.suites:
        known = tls.suite(code)
        kind = "" if known is None else known.weakness
        if kind != "signal" and (kind == "tls13") is modern:
            listed.append(code)
    return listed
