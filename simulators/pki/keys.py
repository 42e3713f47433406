"""Private keys; leaves of one process share one key of each kind, because RSA keys are slow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Literal, ParamSpec, TypeAlias, TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

KeyKind: TypeAlias = Literal["ec", "rsa", "rsa-1024", "ec-p192", "ec-p224", "ec-p384"]
"""``ec`` is P-256 and ``rsa`` is RSA-2048; the others are weaker or merely unusual."""

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

P = ParamSpec("P")
T = TypeVar("T")

_PUBLIC_EXPONENT = 65537
_KEYS_KEPT = 64
_RSA_BITS: dict[str, int] = {"rsa": 2048, "rsa-1024": 1024}
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "ec": ec.SECP256R1,
    "ec-p192": ec.SECP192R1,
    "ec-p224": ec.SECP224R1,
    "ec-p384": ec.SECP384R1,
}


def fresh_key(kind: KeyKind) -> PrivateKey:
    """Make a key that nothing else in this process has."""
    bits = _RSA_BITS.get(kind)
    if bits is not None:
        return rsa.generate_private_key(_PUBLIC_EXPONENT, bits)
    return ec.generate_private_key(_CURVES[kind]())


def made_once(make: Callable[P, T]) -> Callable[P, T]:
    """Keep what ``make`` makes for each set of arguments, for all threads.

    ``functools.cache`` would let two threads that come first have a key each, and a chain
    that is made of both would be broken.
    """
    lock = threading.RLock()
    kept: dict[object, T] = {}

    @wraps(make)
    def once(*args: P.args, **kwargs: P.kwargs) -> T:
        asked = (args, tuple(sorted(kwargs.items())))
        with lock:
            if asked not in kept:
                kept[asked] = make(*args, **kwargs)
            return kept[asked]

    return once


@made_once
def leaf_key(kind: KeyKind) -> PrivateKey:
    """The key that all leaves of this kind share in this process."""
    return fresh_key(kind)


def similar_key(key: PrivateKey) -> PrivateKey:
    """Make a fresh key of the same algorithm and size as ``key``."""
    if isinstance(key, rsa.RSAPrivateKey):
        return rsa.generate_private_key(_PUBLIC_EXPONENT, key.key_size)
    return ec.generate_private_key(key.curve)


def key_pem(key: PrivateKey) -> bytes:
    """Serialise as PKCS #8 PEM without a pass phrase."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@lru_cache(maxsize=_KEYS_KEPT)
def load_key(pem: bytes) -> PrivateKey:
    """Read an RSA or EC key; what was read is kept, because checking an RSA key takes 30 ms.

    Raises:
        ValueError: Not a PEM private key.
        TypeError: The key is encrypted, or of another algorithm.
    """
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"only RSA and EC keys are supported, not {type(key).__name__}")
    return key
