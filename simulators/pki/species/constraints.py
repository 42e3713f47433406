"""How far an authority's word goes: end entities that sign, paths and names out of bounds."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cryptography import x509

from simulators.pki import der, extensions
from simulators.pki.forge import V1, Blueprint, Extension
from simulators.pki.identity import Identity
from simulators.pki.issuer import Issuer
from simulators.pki.keys import leaf_key
from simulators.pki.specimen import Specimen
from simulators.pki.workshop import Workshop

_kind = partial(
    Specimen,
    theme="constraints",
    source="RFC 5280 section 4.2.1.9",
    requirements=("HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.9"),
)
_name = partial(
    Specimen,
    theme="constraints",
    source="RFC 5280 section 4.2.1.10",
    requirements=("HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.10"),
)
_critical = partial(
    Specimen,
    theme="constraints",
    source="RFC 5280 section 4.2",
    requirements=("HOUSE/TRUSTED-PATH", "RFC5280/4.2"),
)
_valid = partial(
    Specimen,
    theme="constraints",
    source="RFC 5280 sections 4.2.1.9 and 4.2.1.10",
    requirements=("HOUSE/HONEST-SERVICE",),
    rule="accept",
)
_POLICY_CONSTRAINTS = "2.5.29.36"
_REQUIRE_EXPLICIT_POLICY_NOW = der.sequence(b"\x80\x01\x00")


def _same(drawn: Blueprint) -> Blueprint:
    return drawn


def _below(bench: Workshop, spoilt: Callable[[Blueprint], Blueprint]) -> Identity:
    """An honest leaf below an intermediate that deviates."""
    department = bench.department(spoilt(bench.authority_below()))
    return bench.shown(bench.leaf(department), department)


def _adding(added: Extension) -> Callable[[Blueprint], Blueprint]:
    return lambda drawn: drawn.with_extension(added)


def _lacking(kind: type[x509.ExtensionType]) -> Callable[[Blueprint], Blueprint]:
    return lambda drawn: drawn.without(kind)


def _version_1(drawn: Blueprint) -> Blueprint:
    return replace(drawn, version=V1, extensions=())


def _by_a_leaf(bench: Workshop) -> Identity:
    signer = bench.leaf()
    above = Issuer(
        name=signer.subject,
        key=leaf_key("rsa"),
        key_identifier=extensions.key_identifier(signer.public_key),
        chain=(signer.signed(), *bench.root.chain),
    )
    return bench.shown(bench.leaf(above, key="ec-p256"), above, key="ec-p256")


def _too_deep(bench: Workshop, length: int) -> Identity:
    limit = extensions.basic_constraints(ca=True, path_length=length)
    upper = bench.department(bench.authority_below(number=2).with_extension(limit), number=2)
    lower = bench.department(bench.authority_below(upper), parent=upper)
    return bench.shown(bench.leaf(lower), lower)


def _pointing_elsewhere(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf().with_extension(extensions.authority_key(b"elsewhere" * 2)))


def _leaf_with(bench: Workshop, added: Extension) -> Identity:
    return bench.shown(bench.leaf().with_extension(added))


def _names(
    permitted: list[x509.GeneralName] | None = None, excluded: list[x509.GeneralName] | None = None
) -> Callable[[Blueprint], Blueprint]:
    return _adding(Extension.of(x509.NameConstraints(permitted, excluded), critical=True))


_LOCALHOST = x509.DNSName("localhost")
_ELSEWHERE = x509.DNSName("elsewhere.example")
_LOOPBACK = x509.IPAddress(ipaddress.ip_network("127.0.0.0/8"))
_OTHER_NETWORK = x509.IPAddress(ipaddress.ip_network("192.0.2.0/24"))

SPECIMENS = (
    _kind(
        name="issued by an end entity",
        sentence="a valid end entity has signed it, which may sign no certificates",
        build=_by_a_leaf,
    ),
    _kind(
        name="intermediate without basic constraints",
        sentence="its issuer does not say that it is an authority",
        build=partial(_below, spoilt=_lacking(x509.BasicConstraints)),
    ),
    _kind(
        name="intermediate that is no authority",
        sentence="its issuer says that it is no authority",
        build=partial(_below, spoilt=_adding(extensions.basic_constraints(ca=False))),
    ),
    _kind(
        name="intermediate of version 1",
        sentence="its issuer's certificate is of version 1, which cannot say that it may sign",
        build=partial(_below, spoilt=_version_1),
    ),
    _kind(
        name="path too long",
        sentence="an intermediate stands below one that allows none",
        build=partial(_too_deep, length=0),
    ),
    _kind(
        name="intermediate not for certificates",
        sentence="its issuer's key may not sign certificates",
        build=partial(_below, spoilt=_adding(extensions.usage("digital_signature", "crl_sign"))),
        source="RFC 5280 sections 4.2.1.3 and 6.1.4",
    ),
    _kind(
        name="intermediate for mail only",
        sentence="its issuer is for the protection of mail only",
        build=partial(_below, spoilt=_adding(extensions.purposes("email"))),
        source="practice; RFC 5280 section 4.2.1.12 is about end entities",
        requirements=("HOUSE/AUTHORITY-LIMITS",),
        rule="should",
    ),
    _kind(
        name="issuer's key pointed elsewhere",
        sentence="the identifier of its issuer's key is that of no authority",
        build=_pointing_elsewhere,
        source="RFC 5280 section 4.2.1.1",
        requirements=("HOUSE/WELL-FORMED-CERTIFICATE",),
        rule="should",
        lie="extensions.authority_key_identifier",
    ),
    _kind(
        name="policy required but missing",
        sentence="its issuer demands a certificate policy, and it has none",
        build=partial(
            _below,
            spoilt=_adding(
                Extension(
                    oid=_POLICY_CONSTRAINTS, value=_REQUIRE_EXPLICIT_POLICY_NOW, critical=True
                )
            ),
        ),
        source="RFC 5280 sections 4.2.1.11 and 6.1",
        requirements=("HOUSE/AUTHORITY-LIMITS",),
        rule="should",
    ),
    _name(
        name="name not permitted",
        sentence="its issuer may name hosts of another domain only",
        build=partial(_below, spoilt=_names(permitted=[_ELSEWHERE, _LOOPBACK])),
    ),
    _name(
        name="name excluded",
        sentence="its issuer may name every host but this one",
        build=partial(_below, spoilt=_names(excluded=[_LOCALHOST])),
    ),
    _name(
        name="address not permitted",
        sentence="its issuer may name addresses of another network only",
        build=partial(_below, spoilt=_names(permitted=[_LOCALHOST, _OTHER_NETWORK])),
    ),
    _name(
        name="address excluded",
        sentence="its issuer may name every address but those of this network",
        build=partial(_below, spoilt=_names(excluded=[_LOOPBACK])),
    ),
    _critical(
        name="unknown critical extension",
        sentence="it has a critical extension that nobody knows",
        build=partial(_leaf_with, added=extensions.unknown(critical=True)),
        lie=f"extensions.{extensions.UNKNOWN}",
    ),
    _critical(
        name="intermediate with an unknown critical extension",
        sentence="its issuer has a critical extension that nobody knows",
        build=partial(_below, spoilt=_adding(extensions.unknown(critical=True))),
    ),
    _valid(
        name="honest intermediate",
        sentence="an intermediate without any oddity stands between it and the root",
        build=partial(_below, spoilt=_same),
    ),
    _valid(
        name="path just short enough",
        sentence="the path is as long as it may be and not longer",
        build=partial(_too_deep, length=1),
    ),
    _valid(
        name="name permitted",
        sentence="its issuer is limited to the very names that it has",
        build=partial(_below, spoilt=_names(permitted=[_LOCALHOST, _LOOPBACK])),
    ),
    _valid(
        name="other names excluded",
        sentence="its issuer may not name hosts that it does not name",
        build=partial(_below, spoilt=_names(excluded=[_ELSEWHERE, _OTHER_NETWORK])),
    ),
)
