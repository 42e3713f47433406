"""Revocation as the device looks it up: in lists that it was given, in lists, by OCSP.

What it was given is trusted as configured. What it fetches counts only with a good signature, in
its time, and about the certificate in question. A certificate that names a source which does not
answer is refused: the device claims so.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_form import (
    Element,
    FormError,
    elements,
    issuer_and_serial,
    time_of,
)

_BEGIN, _END = "-----BEGIN X509 CRL-----", "-----END X509 CRL-----"
_INTEGER, _SEQUENCE, _TIMES = 0x02, 0x30, frozenset({0x17, 0x18})
_SOURCES = (bytes.fromhex("06082b06010505073001"), b"\x06\x03\x55\x1d\x1f")
"""OCSP in the authority information access, and CRL distribution points."""


def why_revoked(chain: Sequence[bytes], credentials: Credentials) -> str:
    """Say why a verified path must not be used; nothing when no certificate of it is revoked.

    Args:
        chain: Certificates (DER), the peer's own first, the trusted authority last.
        credentials: With the lists that the device was given.
    """
    assert credentials.revocations is not None
    lists = {issuer: (until, serials) for issuer, until, serials in _given(credentials.revocations)}
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    for number, certificate in enumerate(chain[:-1]):
        issuer, serial = issuer_and_serial(certificate)
        until, revoked = lists.get(issuer, ("", frozenset[bytes]()))
        if serial in revoked:
            return "the certificate was revoked"
        if until and until < now:
            return "the list of revoked certificates is out of date"
        if any(source in certificate for source in _SOURCES):
            # Fetching and verifying needs libraries that other certificates do not.
            from simulators.devices.reference.tls_online import why_revoked_online

            if why := why_revoked_online(certificate, chain[number + 1]):
                return why
    return ""


def _given(path: Path) -> Iterator[tuple[bytes, str, frozenset[bytes]]]:
    """Read each list of a PEM file: issuer, end of its time, serial numbers as encoded."""
    for part in path.read_text("ascii").split(_BEGIN)[1:]:
        der = base64.b64decode(part.partition(_END)[0])
        (whole,) = elements(der)
        yield _read_list(whole.children()[0].children())


def _read_list(fields: list[Element]) -> tuple[bytes, str, frozenset[bytes]]:
    """Read TBSCertList (RFC 5280 5.1.2): version, algorithm, issuer, times, entries."""
    rest = fields[1:] if fields[0].tag == _INTEGER else fields
    issuer, after = rest[1], rest[2:]
    times = [time_of(one) for one in after if one.tag in _TIMES]
    entries = next((one.children() for one in after if one.tag == _SEQUENCE), [])
    if len(times) < 2:
        raise FormError("a list without an end of its time")
    return issuer.whole, times[1], frozenset(entry.children()[0].body for entry in entries)
