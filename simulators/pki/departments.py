"""The intermediates that specimens are issued by: each has one name and one key per process.

They are known before any specimen is made, so that a device can be given their revocation lists
when it starts.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

from simulators.pki.keys import PrivateKey, fresh_key, made_once

DEPARTMENTS = range(10)
"""All of them: as many as the deepest specimen needs, and one that is revoked."""

_ISSUING = range(2)


@made_once
def department_key(number: int) -> PrivateKey:
    """The key of an intermediate; the first call makes it.

    Those that issue leaves have RSA keys, as leaves have. Those above are many, and RSA keys are
    slow: they have keys on P-256, which every TLS 1.3 verifies (RFC 8446 9.1).
    """
    return fresh_key("rsa" if number in _ISSUING else "ec")


def department_subject(number: int) -> x509.Name:
    """The name of an intermediate."""
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "dicom-assay department")
    unit = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"department {number}")
    return x509.Name([organisation, unit])
