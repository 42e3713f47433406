"""TLS-19: server names that are the device's own, somebody else's, and no names at all."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import handles_server_name
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import (
    every_suite,
    name_of_the_device,
    offer_hello,
    require_hello_answered,
)
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.codes import Extension

_OWN, _OTHER = "the device's own", "somebody else's"
_BODIES = {
    "with a NUL": b"\x00\x0f\x00\x00\x0cpacs\x00.invalid",
    "an empty list": b"\x00\x00",
    "300 octets": b"\x01\x2f\x00\x01\x2c" + b"a" * 300,
    "a length that lies": b"\x00\x08\x00\x00\x40short",
}


@scenario(
    id="TLS-019",
    verifies=["RFC9325/3.7", "RFC9325/3.7/UNKNOWN", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.LOW,
    twin="TLS-900",
    control="refuses_server_name",
    oracles=[handles_server_name("name", _OWN, _OTHER)],
    budget_s=40,
    vary=[{"name": name} for name in (_OWN, _OTHER, *_BODIES)],
)
def names_servers_in_its_hello(stage: Stage) -> None:
    """A hello with the device's own name is served, and one with a malformed name does no harm.

    Clients send the name by which they look for a device; one that refuses it cannot be reached
    by name at all. What stands in the extension comes before any authentication, so that a bad
    length or a NUL in it must cost the device nothing. Its own name is read from its certificate.

    Remedy: Support server_name; refuse unknown names by unrecognized_name or serve them.
    """
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=every_suite())
    flight = require_hello_answered(stage, offer, than="a hello without a name")
    name = str(stage.case["name"])
    if name in _BODIES:
        named = replace(offer, extra_extensions=((Extension.SERVER_NAME, _BODIES[name]),))
    else:
        own = name_of_the_device(stage, flight)
        named = replace(offer, server_name=own if name == _OWN else "somebody.invalid")
    lies = [] if name == _OWN else ["extensions.server_name"]
    offer_hello(stage, named, what=f"ClientHello with a server name: {name}", lies=lies)
