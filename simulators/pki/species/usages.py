"""What for: certificates that were issued for another purpose."""

from __future__ import annotations

from functools import partial

from cryptography import x509

from simulators.pki import der, extensions
from simulators.pki.forge import Extension
from simulators.pki.identity import Identity
from simulators.pki.specimen import CLIENT, SERVER, Specimen
from simulators.pki.workshop import Workshop

_kind = partial(
    Specimen,
    theme="usages",
    source="RFC 5280 section 4.2.1.12",
    requirements=("HOUSE/KEY-USAGE", "RFC5280/4.2.1.12"),
    lie="extensions.extended_key_usage",
)
_key = partial(
    Specimen,
    theme="usages",
    source="RFC 5280 section 4.2.1.3 and RFC 8446 section 4.4.2.2",
    requirements=("HOUSE/KEY-USAGE", "RFC5280/4.2.1.3"),
    lie="extensions.key_usage",
)
_valid = partial(
    Specimen,
    theme="usages",
    source="RFC 5280 sections 4.2.1.3 and 4.2.1.12",
    requirements=("HOUSE/HONEST-SERVICE",),
    rule="accept",
)
_NOBODYS_PURPOSE = "2.25.173110226731541268304219537561846033519"


def _for(bench: Workshop, changed: Extension) -> Identity:
    return bench.shown(bench.leaf().with_extension(changed))


def _without(bench: Workshop, kind: type[x509.ExtensionType]) -> Identity:
    return bench.shown(bench.leaf().without(kind))


def _authority_as_leaf(bench: Workshop) -> Identity:
    leaf = bench.leaf().with_extension(
        extensions.basic_constraints(ca=True),
        extensions.usage("digital_signature", "key_encipherment", "key_cert_sign"),
    )
    return bench.shown(leaf)


SPECIMENS = (
    _kind(
        name="for servers only",
        sentence="it is for TLS servers, and a client shows it",
        build=partial(_for, changed=extensions.purposes("server")),
        shown_by=CLIENT,
    ),
    _kind(
        name="for clients only",
        sentence="it is for TLS clients, and a server shows it",
        build=partial(_for, changed=extensions.purposes("client")),
        shown_by=SERVER,
    ),
    _kind(
        name="for code only",
        sentence="it is for the signing of programs",
        build=partial(_for, changed=extensions.purposes("code")),
    ),
    _kind(
        name="for mail only",
        sentence="it is for the protection of mail",
        build=partial(_for, changed=extensions.purposes("email")),
    ),
    _kind(
        name="for OCSP only",
        sentence="it is for the signing of OCSP answers",
        build=partial(_for, changed=extensions.purposes("ocsp")),
    ),
    _kind(
        name="for an unknown purpose only",
        sentence="its one purpose is one that nobody knows",
        build=partial(_for, changed=extensions.purposes(more=[_NOBODYS_PURPOSE])),
    ),
    _kind(
        name="for nothing",
        sentence="its list of purposes is empty, which the syntax does not allow",
        build=partial(
            _for,
            changed=Extension(oid=x509.ExtendedKeyUsage.oid.dotted_string, value=der.sequence()),
        ),
        rule="should",
    ),
    _key(
        name="key not for signatures",
        sentence="its key may encipher keys only, but signs the handshake",
        build=partial(_for, changed=extensions.usage("key_encipherment")),
    ),
    _key(
        name="key for agreement only",
        sentence="its key may agree on keys only, but signs the handshake",
        build=partial(_for, changed=extensions.usage("key_agreement")),
    ),
    _key(
        name="key for certificates only",
        sentence="its key may sign certificates only, but signs the handshake",
        build=partial(_for, changed=extensions.usage("key_cert_sign")),
    ),
    _key(
        name="key for lists only",
        sentence="its key may sign revocation lists only, but signs the handshake",
        build=partial(_for, changed=extensions.usage("crl_sign")),
    ),
    _key(
        name="authority as an end entity",
        sentence="it may sign other certificates, which no end entity needs",
        build=_authority_as_leaf,
        source="RFC 5280 section 4.2.1.9",
        requirements=("HOUSE/AUTHORITY-LIMITS",),
        lie="extensions.basic_constraints",
        rule="should",
    ),
    _valid(
        name="no extended key usage",
        sentence="no purpose is laid down, so that none is excluded",
        build=partial(_without, kind=x509.ExtendedKeyUsage),
    ),
    _valid(
        name="no key usage",
        sentence="no use of the key is laid down, so that none is excluded",
        build=partial(_without, kind=x509.KeyUsage),
    ),
    _valid(
        name="key for signatures only",
        sentence="its key may sign and do nothing else, which TLS 1.3 and ECDHE need no more than",
        build=partial(_for, changed=extensions.usage("digital_signature")),
        lie="extensions.key_usage",
    ),
    _valid(
        name="purposes beside others",
        sentence="it is for TLS, for any purpose, and for one that nobody knows",
        build=partial(
            _for,
            changed=extensions.purposes(
                "server", "client", more=[extensions.ANY_PURPOSE, _NOBODYS_PURPOSE]
            ),
        ),
        lie="extensions.extended_key_usage",
    ),
)
