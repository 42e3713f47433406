"""What the names of the IANA TLS registries tell: key exchange, authentication, cipher, sizes.

Names are data for the judge, so that a policy can speak of properties instead of lists; a name that
is not understood has no property, and matches nothing but itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_SUITE = re.compile(r"^TLS_(?:(?P<kx>[A-Za-z0-9_]+?)_WITH_)?(?P<rest>[A-Z0-9_]+)$")
_DIGESTS = ("SHA512", "SHA384", "SHA256", "SHA224", "SHA1", "SHA", "MD5")
_CURVE_BITS = {"x25519": 256, "x448": 448, "sm2p256v1": 256}
_HYBRID_BITS = {"X25519MLKEM768": 256, "SecP256r1MLKEM768": 256, "SecP384r1MLKEM1024": 384}
_OLD_CURVE = re.compile(r"(?:sec[pt]|brainpoolP|arbitrary)(\d+)")


def properties(suite: str) -> frozenset[str]:
    """Selectors that hold for a suite, e.g. ``kx:ECDHE auth:RSA cipher:AES_128 mode:GCM``.

    ``hash:NULL`` stands for a suite without integrity, ``cipher:NULL`` for one without encryption;
    an anonymous suite has ``auth:anon``.
    """
    found = _SUITE.match(suite)
    if found is None:
        return frozenset()
    exchange, rest = found["kx"], found["rest"]
    named: set[str] = set()
    if exchange is not None:
        kx, _, auth = exchange.replace("_EXPORT", "").partition("_")
        named |= {f"kx:{kx}", f"auth:{auth or kx}"}
    digest = next((one for one in _DIGESTS if rest.endswith(f"_{one}")), "")
    cipher = rest.removesuffix(f"_{digest}") if digest else rest
    mode = next((one for one in ("GCM", "CCM_8", "CCM", "CBC") if cipher.endswith(one)), "")
    if "CBC" in cipher:
        mode = "CBC"
    named |= {f"mode:{mode}"} if mode else set()
    named.add(f"cipher:{cipher.split('_CBC')[0].removesuffix(f'_{mode}')}")
    if digest:
        named.add(f"hash:{'SHA1' if digest == 'SHA' else digest}")
    if cipher == "NULL" and rest.endswith("NULL_NULL"):
        named.add("hash:NULL")
    return frozenset(named)


def matches(suite: str, weakness: str, selector: str) -> bool:
    """True when the suite is the one that is named, or has the property that is named."""
    if selector.startswith("class:"):
        return weakness == selector.removeprefix("class:")
    return suite == selector or selector in properties(suite)


def usable_with(suite: str, keys: Collection[str]) -> bool:
    """True when a server with certificates of these keys ("rsa", "ec") can negotiate the suite.

    Without any key known, and for suites that need none, everything counts as usable.
    """
    wanted = {"auth:RSA": "rsa", "auth:ECDSA": "ec", "auth:DSS": "dsa"}
    needed = {wanted[one] for one in properties(suite) if one in wanted}
    return not keys or not needed or bool(needed & set(keys))


def is_finite_field(group: str) -> bool:
    """True for the groups of RFC 7919."""
    return group.startswith("ffdhe")


def curve_bits(group: str) -> int:
    """Nominal size of a curve in bits, by its name; 0 when the name tells none.

    Curve25519 counts as 256 bits, and a post-quantum hybrid as its classic half.
    """
    known = {**_CURVE_BITS, **_HYBRID_BITS}.get(group)
    if known is not None:
        return known
    found = _OLD_CURVE.match(group)
    return int(found[1]) if found else 0


def hash_of_scheme(scheme: str) -> str:
    """The hash of a signature scheme as policies name it: "SHA1", "MD5", "SHA256" ..."""
    if scheme in ("ed25519", "ed448"):
        return {"ed25519": "SHA512", "ed448": "SHAKE256"}[scheme]
    found = re.search(r"(md5|sha1|sha224|sha256|sha384|sha512)$", scheme)
    return found[1].upper() if found else scheme
