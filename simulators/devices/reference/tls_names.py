"""Whether a server's certificate names the host that was called (RFC 9525 6)."""

from __future__ import annotations

import fnmatch
import ipaddress

from cryptography import x509
from cryptography.x509.oid import NameOID


def names_host(der: bytes, host: str) -> bool:
    """Tell whether a certificate names a host: by its alternative names only.

    A certificate that cannot be read names nobody.
    """
    names = _alternative_names(der)
    if names is None:
        return False
    try:
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        dns = names.get_values_for_type(x509.DNSName)
    labels = host.lower().rstrip(".").split(".")
    return any(_same_name(name.lower().split("."), labels) for name in dns)


def common_name_matches(der: bytes, host: str) -> bool:
    """Take the common name for the host's (flaw ``scu_matches_common_name``)."""
    try:
        subject = x509.load_der_x509_certificate(der).subject
    except ValueError:
        return False
    return any(one.value == host for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME))


def loosely_matches(der: bytes, host: str) -> bool:
    """Match host and names as text, with ``*`` for anything (flaw ``scu_loose_wildcards``).

    As C code does that compares strings: a name ends at its first zero byte.
    """
    names = _alternative_names(der)
    listed = names.get_values_for_type(x509.DNSName) if names is not None else []
    return any(fnmatch.fnmatch(host, name.split("\0")[0]) for name in listed)


def _alternative_names(der: bytes) -> x509.SubjectAlternativeName | None:
    try:
        extensions = x509.load_der_x509_certificate(der).extensions
        return extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return None


def _same_name(pattern: list[str], labels: list[str]) -> bool:
    """Compare label by label; ``*`` stands for the whole leftmost label only."""
    if len(pattern) != len(labels):
        return False
    first = pattern[0] == labels[0] or (pattern[0] == "*" and len(labels) > 2)
    return first and pattern[1:] == labels[1:]
