"""What of TLS a device shows: versions, suites, groups, signatures and certificate, as data.

An observation of kind ``surface`` holds one side of it::

    {"side": "acceptor",                       the device listens; "requestor": it calls
     "port": 2762,                             where it listens; null for a requestor
     "versions": {"TLS 1.2": {"answer": "accepted", "how": "TLS_ECDHE_..."}},
     "chosen_version": "TLS 1.3",              of all versions offered together; null: unknown
     "suites": {"TLS 1.2": [{"name": "", "code": 49199, "class": "aead-pfs", "order": 1}]},
     "groups": {"TLS 1.2": ["x25519"]},        by version, because stacks differ by version
     "dh_bits": 2048,                          smallest finite-field prime of its own; null: none
     "signature_schemes": ["rsa_pss_rsae_sha256"],
     "certificate": {"key": "rsa", "bits": 2048, "curve": null, "hash": "sha256"},
     "other_certificates": [],                 those of further key types, in the same form
     "preference": "server",                   whose order of suites decides; "client", "unknown"
     "extensions": {"TLS 1.2": ["renegotiation_info"]},
     "alpn": ["dicom"],                        protocols that it selected, or offers
     "tickets": true,                          it offers resumption by ticket under TLS 1.2
     "client_certificate": "requested",        "not requested", "unknown"
     "unsure": [{"what": "suites TLS 1.2", "why": "..."}]}

``answer`` is "accepted" or "refused" for an acceptor, "offered" or "not offered" for a requestor,
and "unknown" where a probe failed for reasons that are not the device's. ``unsure`` names what was
not, or not wholly, found out: "version X", "suites X", "groups X", "signatures", "certificate".
Nothing here trusts the data: what has another form counts as not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.model import JSON, Observation, Role

KIND = "surface"
"""The kind of the observation."""

UNKNOWN = "unknown"
_HELD = frozenset({"accepted", "offered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSeen:
    """A cipher suite that the device negotiates or offers; ``order`` counts from 1."""

    name: str
    weakness: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSeen:
    """The device's certificate; sizes in bits, ``digest`` as in "sha256"."""

    key: str
    bits: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One side of a device, as the module's docstring describes it."""

    side: Role
    port: int | None = None
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    chosen_version: str = ""
    suites: Mapping[str, tuple[SuiteSeen, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dh_bits: int | None = None
    signature_schemes: tuple[str, ...] = ()
    certificates: tuple[CertificateSeen, ...] = ()
    preference: str = UNKNOWN
    extensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    client_certificate: str = UNKNOWN
    unsure: Mapping[str, str] = field(default_factory=dict)

    @property
    def spoken(self) -> tuple[str, ...]:
        """Versions that it accepts or offers."""
        return tuple(name for name, (answer, _) in self.versions.items() if answer in _HELD)

    def answer(self, version: str) -> str:
        """What it did with this version; "unknown" when nobody asked."""
        return self.versions.get(version, (UNKNOWN, ""))[0]

    def speaks(self, version: str) -> bool:
        """It accepts or offers this version."""
        return self.answer(version) in _HELD


def read(seen: Observation) -> Surface | None:
    """The surface of an observation; None when it says not even whose it is."""
    data = seen.data
    try:
        side = Role(str(data.get("side")))
    except ValueError:
        return None
    certificates = [data.get("certificate"), *_list(data.get("other_certificates"))]
    return Surface(
        side=side,
        port=_number(data.get("port")),
        versions={
            name: (str(one.get("answer", UNKNOWN)), str(one.get("how", "")))
            for name, value in _mapping(data.get("versions")).items()
            for one in (_mapping(value),)
        },
        chosen_version=_text(data.get("chosen_version")),
        suites={
            name: tuple(_suite(one, at) for at, one in enumerate(_list(listed), 1))
            for name, listed in _mapping(data.get("suites")).items()
        },
        groups={name: _texts(value) for name, value in _mapping(data.get("groups")).items()},
        dh_bits=_number(data.get("dh_bits")),
        signature_schemes=_texts(data.get("signature_schemes")),
        certificates=tuple(
            _certificate(_mapping(one)) for one in certificates if isinstance(one, Mapping)
        ),
        preference=_text(data.get("preference")) or UNKNOWN,
        extensions={n: _texts(value) for n, value in _mapping(data.get("extensions")).items()},
        client_certificate=_text(data.get("client_certificate")) or UNKNOWN,
        unsure={
            str(one.get("what", "")): str(one.get("why", ""))
            for value in _list(data.get("unsure"))
            for one in (_mapping(value),)
        },
    )


def _suite(value: JSON, at: int) -> SuiteSeen:
    one = _mapping(value)
    order = _number(one.get("order"))
    return SuiteSeen(
        name=str(one.get("name", "")),
        weakness=str(one.get("class", "")),
        order=at if order is None else order,
    )


def _certificate(one: Mapping[str, JSON]) -> CertificateSeen:
    return CertificateSeen(
        key=str(one.get("key", "")),
        bits=_number(one.get("bits")) or 0,
        digest=_text(one.get("hash")).lower().replace("-", ""),
    )


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _list(value: JSON) -> Sequence[JSON]:
    return value if isinstance(value, list | tuple) else ()


def _texts(value: JSON) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""


def _number(value: JSON) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
