"""Whose it is: names that match only for somebody who reads them loosely (RFC 9525)."""

from __future__ import annotations

import ipaddress
from functools import partial

from simulators.pki import extensions
from simulators.pki.extensions import SUBJECT_ALTERNATIVE_NAME
from simulators.pki.forge import Extension
from simulators.pki.identity import Identity
from simulators.pki.specimen import SERVER, Specimen
from simulators.pki.template import HONEST_NAMES
from simulators.pki.workshop import Workshop, name

_HOST, _ADDRESS = HONEST_NAMES
_PACKED = ipaddress.ip_address(_ADDRESS).packed
_PART = "extensions.subject_alt_name"

_kind = partial(
    Specimen,
    theme="names",
    source="RFC 9525 section 6",
    requirements=("HOUSE/SERVER-IDENTITY", "RFC9525/6"),
    shown_by=SERVER,
    lie=_PART,
    needs="host-name",
)
_valid = partial(
    Specimen,
    theme="names",
    source="RFC 9525 section 6",
    requirements=("HOUSE/HONEST-SERVICE", "RFC9525/6"),
    shown_by=SERVER,
    lie=_PART,
    rule="accept",
)


def _named(bench: Workshop, names: Extension) -> Identity:
    return bench.shown(bench.leaf().with_extension(names))


def _in_common_name(bench: Workshop, common_name: str | None) -> Identity:
    leaf = bench.leaf(subject=name("dicom-assay peer", common_name))
    kept = tuple(one for one in leaf.extensions if one.oid != SUBJECT_ALTERNATIVE_NAME)
    return bench.shown(bench.leaf(subject=leaf.subject, extensions=kept))


def _beside_common_name(bench: Workshop) -> Identity:
    leaf = bench.leaf(subject=name("dicom-assay peer", _HOST))
    return bench.shown(leaf.with_extension(extensions.names("elsewhere.example")))


def _wrong(label: str, sentence: str, *names: str) -> Specimen:
    return _kind(
        name=label, sentence=sentence, build=partial(_named, names=extensions.names(*names))
    )


def _odd(label: str, sentence: str, *encoded: bytes) -> Specimen:
    names = extensions.general_names(*encoded)
    return _kind(name=label, sentence=sentence, build=partial(_named, names=names))


SPECIMENS = (
    _wrong("another host", "it is for a host of another name", "elsewhere.example"),
    _wrong("another address", "it is for a host of another address", "127.0.0.2"),
    _wrong(
        "name within a longer one",
        "the right name stands at the beginning of its name only",
        f"{_HOST}.elsewhere.example",
        f"{_ADDRESS}.elsewhere.example",
    ),
    _wrong(
        "name after a longer one",
        "the right name stands at the end of its name only",
        f"not{_HOST}",
    ),
    _kind(
        name="host in the common name only",
        sentence="the right name is its common name, and it has no alternative names",
        build=partial(_in_common_name, common_name=_HOST),
        lie="subject",
    ),
    _kind(
        name="address in the common name only",
        sentence="the right address is its common name, and it has no alternative names",
        build=partial(_in_common_name, common_name=_ADDRESS),
        lie="subject",
    ),
    _kind(
        name="common name beside other names",
        sentence="the right name is its common name, and its alternative names are another host's",
        build=_beside_common_name,
        lie="subject",
    ),
    _kind(
        name="no name at all",
        sentence="it has neither alternative names nor a common name",
        build=partial(_in_common_name, common_name=None),
        lie="",
    ),
    _wrong("bare wildcard", "it is for '*', which would be everybody", "*"),
    _wrong("wildcard of two labels", "it is for '*.*'", "*.*", "*.*.*.*"),
    _wrong(
        "wildcard within a label",
        "its wildcard stands for a part of a label",
        f"{_HOST[:3]}*",
        f"*{_HOST[3:]}",
        f"{_HOST[:2]}*{_HOST[-2:]}",
    ),
    _wrong("wildcard of an address", "its wildcard stands for a part of an address", "127.0.0.*"),
    _odd(
        "address as a dNSName",
        "the right address stands in a dNSName and not in an iPAddress",
        extensions.dns_name(_ADDRESS.encode("ascii")),
    ),
    _odd(
        "name cut by a zero octet",
        "its name is the right one for those who stop at a zero octet",
        extensions.dns_name(f"{_HOST}\0.elsewhere.example".encode("ascii")),
        extensions.dns_name(f"{_ADDRESS}\0.elsewhere.example".encode("ascii")),
    ),
    _odd(
        "name as a URI only",
        "the right name stands in a URI only, which is for another application",
        extensions.uri(f"https://{_HOST}/"),
        extensions.uri(f"https://{_ADDRESS}/"),
    ),
    _odd(
        "address with a mask",
        "its iPAddress has the eight octets of a name constraint",
        extensions.ip_address(_PACKED + b"\xff\xff\xff\xff"),
    ),
    _odd("any address", "its address is 0.0.0.0", extensions.ip_address(bytes(4))),
    _odd(
        "empty names",
        "its names are empty, a dNSName and an iPAddress without octets",
        extensions.dns_name(b""),
        extensions.ip_address(b""),
    ),
    _kind(
        name="name with a trailing dot",
        sentence="its name ends with a dot, which a dNSName does not have",
        build=partial(_named, names=extensions.names(f"{_HOST}.")),
        rule="should",
    ),
    _kind(
        name="name with a space",
        sentence="a space stands before its name",
        build=partial(_named, names=extensions.names(f" {_HOST}")),
        rule="should",
    ),
    _kind(
        name="name beyond ASCII",
        sentence="its name looks like the right one, with a letter of another script",
        build=partial(
            _named,
            names=extensions.general_names(
                extensions.dns_name(_HOST.replace("a", "\u0430").encode("utf-8"))
            ),
        ),
    ),
    _kind(
        name="address in the form of IPv6",
        sentence="its iPAddress is the right one mapped into IPv6, which RFC 9525 does not match",
        build=partial(
            _named,
            names=extensions.general_names(
                extensions.ip_address(ipaddress.ip_address(f"::ffff:{_ADDRESS}").packed)
            ),
        ),
        rule="should",
    ),
    _valid(
        name="name in capitals",
        sentence="its name is written in capitals, which makes no difference",
        build=partial(_named, names=extensions.names(_HOST.upper(), _ADDRESS)),
    ),
    _valid(
        name="critical names",
        sentence="its alternative names are critical",
        build=partial(_named, names=extensions.names(*HONEST_NAMES, critical=True)),
    ),
    _valid(
        name="right name among others",
        sentence="the right name stands after those of other hosts",
        build=partial(
            _named, names=extensions.names("elsewhere.example", "*.example", *HONEST_NAMES)
        ),
    ),
)
