"""Certificates that are valid by default and wrong in exactly the way that a keyword says.

An :class:`Authority` issues :class:`Identity` objects. ``authority.issue()`` is honest; each
keyword of ``issue`` puts one flaw into an otherwise honest certificate, so that the honest
certificate is the positive twin of every flawed one.

:mod:`simulators.pki.zoo` has the flaws by name, also those that no honest tool would write, and
:mod:`simulators.pki.revocation` the lists and answers that some of them need.
"""

from simulators.pki.authority import Authority
from simulators.pki.identity import Identity, IdentityFiles
from simulators.pki.keys import KeyKind
from simulators.pki.template import ExtendedKeyUsage, KeyUsage, Template

__all__ = [
    "Authority",
    "ExtendedKeyUsage",
    "Identity",
    "IdentityFiles",
    "KeyKind",
    "KeyUsage",
    "Template",
]
