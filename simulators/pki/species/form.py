"""How it is written: certificates that break the form of RFC 5280, and odd ones that keep it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from cryptography import x509
from cryptography.x509.oid import NameOID

from simulators.pki import der, extensions
from simulators.pki.forge import V1, Extension, algorithm
from simulators.pki.identity import Identity
from simulators.pki.specimen import CLIENT, Rule, Specimen
from simulators.pki.template import HONEST_NAMES
from simulators.pki.workshop import Workshop, name

_kind = partial(
    Specimen,
    theme="form",
    source="RFC 5280 section 4.1",
    requirements=("HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1"),
    rule="should",
)
_valid = partial(
    Specimen,
    theme="form",
    source="RFC 5280 section 4.1",
    requirements=("HOUSE/HONEST-SERVICE", "RFC5280/4.1"),
    rule="accept",
)
_INTEGER = 0x02
_HUGE = 60_000


def _serial(bench: Workshop, octets: bytes) -> Identity:
    return bench.shown(bench.leaf(serial=der.tlv(_INTEGER, octets)))


def _version_1(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(version=V1, extensions=()))


def _version(bench: Workshop, version: int) -> Identity:
    return bench.shown(bench.leaf(version=version))


def _doubled(bench: Workshop) -> Identity:
    leaf = bench.leaf()
    other = extensions.names("elsewhere.example")
    return bench.shown(replace(leaf, extensions=(*leaf.extensions, other)))


def _anonymous(bench: Workshop) -> Identity:
    leaf = bench.leaf(subject=name(None)).without(x509.SubjectAlternativeName)
    return bench.shown(leaf)


def _no_issuer(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(issuer=name(None)))


def _trailing(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf().signed() + b"\x00trailing")


def _padded_length(bench: Workshop) -> Identity:
    leaf = bench.leaf()
    outer = algorithm(leaf.signer, leaf.scheme)
    parts = (leaf.to_be_signed(), outer, der.bit_string(leaf.signature()))
    return bench.shown(der.tlv_padded(0x30, b"".join(parts)))


def _two_algorithms(bench: Workshop) -> Identity:
    issuer = bench.rsa_issuer
    return bench.shown(bench.leaf(issuer, outer_scheme="sha1"), issuer)


def _unknown_algorithm(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(scheme="unknown"))


def _bad_names(bench: Workshop) -> Identity:
    broken = Extension(oid=extensions.SUBJECT_ALTERNATIVE_NAME, value=b"\x30\x05\x82\x7fabc")
    return bench.shown(bench.leaf().with_extension(broken))


def _extended(bench: Workshop, added: Extension) -> Identity:
    return bench.shown(bench.leaf().with_extension(added))


def _long_names(bench: Workshop) -> Identity:
    attributes = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Krankenhaus für Ärztliche Prüfung 病院"),
        x509.NameAttribute(NameOID.COMMON_NAME, "\u0414\u0438\u043a\u043e\u043c"),
    ]
    return bench.shown(bench.leaf(subject=x509.Name(attributes).public_bytes()))


def _nameless(bench: Workshop) -> Identity:
    names = extensions.names(*HONEST_NAMES, critical=True)
    return bench.shown(bench.leaf(subject=name(None)).with_extension(names))


def _oddly_numbered(label: str, sentence: str, octets: bytes, rule: Rule = "should") -> Specimen:
    make = _kind if rule == "should" else _valid
    return make(
        name=label,
        sentence=sentence,
        build=partial(_serial, octets=octets),
        source="RFC 5280 section 4.1.2.2",
        lie="serial_number",
    )


SPECIMENS = (
    _kind(
        name="version 1",
        sentence="it is of version 1, which cannot say what it is for",
        build=_version_1,
        source="RFC 5280 section 4.1.2.1",
    ),
    _kind(
        name="version 1 with extensions",
        sentence="it says that it is of version 1, and has extensions as version 3 has them",
        build=partial(_version, version=V1),
        source="RFC 5280 sections 4.1.2.1 and 4.1.2.9",
    ),
    _kind(
        name="version 4",
        sentence="it says that it is of a version that does not exist",
        build=partial(_version, version=3),
        source="RFC 5280 section 4.1.2.1",
        lie="version",
    ),
    _oddly_numbered("serial number 0", "its serial number is 0", b"\x00"),
    _oddly_numbered("negative serial number", "its serial number is negative", b"\x80" + bytes(8)),
    _oddly_numbered("serial number of 21 octets", "its serial number is too long", b"\x01" * 21),
    _kind(
        name="serial number padded",
        sentence="its serial number has superfluous zeros, which is BER and not DER",
        build=partial(_serial, octets=b"\x00\x00\x01"),
        source="RFC 5280 section 4.1.2.2",
        lie="serial_number",
        verbatim=True,
    ),
    _kind(
        name="extension twice",
        sentence="it has alternative names twice, the right ones and those of another host",
        build=_doubled,
        verbatim=True,
        source="RFC 5280 section 4.2",
        lie="extensions.subject_alt_name",
        rule="must",
    ),
    _kind(
        name="names broken off",
        sentence="its alternative names claim to be longer than they are",
        build=_bad_names,
        verbatim=True,
        source="RFC 5280 section 4.2.1.6",
        lie="extensions.subject_alt_name",
        rule="must",
    ),
    _kind(
        name="neither subject nor names",
        sentence="its subject is empty, and it has no alternative names",
        build=_anonymous,
        source="RFC 5280 section 4.1.2.6",
        lie="subject",
        shown_by=CLIENT,
    ),
    _kind(
        name="no issuer",
        sentence="the name of its issuer is empty",
        build=_no_issuer,
        source="RFC 5280 section 4.1.2.4",
        lie="issuer",
        rule="must",
    ),
    _kind(
        name="bytes after the certificate",
        sentence="bytes follow its encoding",
        build=_trailing,
        lie="structure",
        verbatim=True,
    ),
    _kind(
        name="length not in DER",
        sentence="its outermost length is in four octets, though two were enough",
        build=_padded_length,
        lie="structure",
        verbatim=True,
    ),
    _kind(
        name="two signature algorithms",
        sentence="outside of the signed part it names another algorithm than within",
        build=_two_algorithms,
        source="RFC 5280 section 4.1.1.2",
        lie="signature_algorithm",
        rule="must",
    ),
    _kind(
        name="unknown signature algorithm",
        sentence="nobody knows the algorithm of its signature",
        build=_unknown_algorithm,
        source="RFC 5280 section 4.1.1.2",
        lie="signature_algorithm",
        rule="must",
    ),
    _kind(
        name="extension of 60 kB",
        sentence="it is a hundred times as large as others, by an extension that nobody knows",
        build=partial(_extended, added=extensions.unknown(critical=False, octets=bytes(_HUGE))),
        source="RFC 5280 section 4.2; it sets no limit",
        requirements=("HOUSE/HONEST-SERVICE",),
        lie=f"extensions.{extensions.UNKNOWN}",
        rule="accept",
    ),
    _valid(
        name="two hundred names",
        sentence="it is for two hundred hosts, and the right ones are the last",
        build=partial(
            _extended,
            added=extensions.names(
                *(f"host-{number}.elsewhere.example" for number in range(198)), *HONEST_NAMES
            ),
        ),
        source="RFC 5280 section 4.2.1.6",
        lie="extensions.subject_alt_name",
    ),
    _valid(
        name="unknown extension",
        sentence="it has an extension that nobody knows, and that is not critical",
        build=partial(_extended, added=extensions.unknown(critical=False)),
        source="RFC 5280 section 4.2",
        lie=f"extensions.{extensions.UNKNOWN}",
    ),
    _oddly_numbered(
        "serial number of 20 octets",
        "its serial number is as long as may be",
        b"\x7f" * 20,
        "accept",
    ),
    _oddly_numbered("serial number 1", "its serial number is 1", b"\x01", "accept"),
    _valid(
        name="subject beyond ASCII",
        sentence="its subject is written in the letters of three languages",
        build=_long_names,
        source="RFC 5280 section 4.1.2.4",
        lie="subject",
    ),
    _valid(
        name="empty subject with names",
        sentence="its subject is empty, and its alternative names are critical, as laid down",
        build=_nameless,
        source="RFC 5280 section 4.1.2.6",
        lie="subject",
    ),
)
