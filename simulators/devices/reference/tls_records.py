"""Protected TLS records opened and sealed from outside, by the keys of a key log."""

from __future__ import annotations

import hmac
from typing import Literal

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_HEADER, _TAG, _EXPLICIT = 5, 16, 8
_SALT, _NONCE = 4, 12

Hash = Literal["sha256", "sha384"]


class Seals:
    """The key of one direction, and the number of the next record.

    Args:
        key: AES key.
        iv: Twelve octets in TLS 1.3 (RFC 8446 5.3), four in TLS 1.2 (RFC 5288 3).
        number: Of the next record.
    """

    def __init__(self, key: bytes, iv: bytes, number: int) -> None:
        self._key = key
        self._iv = iv
        self._number = number

    def mend(self, record: bytes) -> bytes:
        """Return the record with the tag that belongs to its ciphertext, altered or not."""
        header, body = record[:_HEADER], record[_HEADER:]
        number = self._number.to_bytes(8, "big")
        self._number += 1
        explicit = b""
        if len(self._iv) == _SALT:
            explicit, body = body[:_EXPLICIT], body[_EXPLICIT:]
            nonce = self._iv + explicit
            size = (len(body) - _TAG).to_bytes(2, "big")
            additional = number + header[:3] + size
        else:
            padded = number.rjust(_NONCE, b"\0")
            nonce = bytes(a ^ b for a, b in zip(self._iv, padded, strict=True))
            additional = header
        counter = modes.CTR(nonce + b"\0\0\0\x02")
        plain = Cipher(algorithms.AES(self._key), counter).decryptor().update(body[:-_TAG])
        return header + explicit + AESGCM(self._key).encrypt(nonce, plain, additional)


def mender(log: str, suite: str, server_random: bytes, *, from_client: bool) -> Seals | None:
    """Return the seals of what comes from the other side, for a handshake that was just done.

    Args:
        log: Its NSS key log.
        suite: OpenSSL's name of the suite.
        server_random: Of the ServerHello.
        from_client: The other side is the client.
    """
    if "GCM" not in suite:
        return None
    size = 32 if "AES256" in suite.replace("_", "") else 16
    digest: Hash = "sha384" if "SHA384" in suite else "sha256"
    lines = dict(_line(text) for text in log.splitlines() if not text.startswith("#"))
    side = "CLIENT" if from_client else "SERVER"
    if secret := lines.get(f"{side}_TRAFFIC_SECRET_0"):
        key = _expand_label(secret[1], "key", size, digest)
        return Seals(key, _expand_label(secret[1], "iv", _NONCE, digest), 0)
    client_random, master = lines["CLIENT_RANDOM"]
    seed = b"key expansion" + server_random + client_random
    block = _prf(master, seed, 2 * size + 2 * _SALT, digest)
    first = 0 if from_client else 1
    salts = block[2 * size :]
    salt = salts[first * _SALT : (first + 1) * _SALT]
    # Record 0 of each direction was its Finished.
    return Seals(block[first * size : (first + 1) * size], salt, 1)


def _line(text: str) -> tuple[str, tuple[bytes, bytes]]:
    label, random, secret = text.split()
    return label, (bytes.fromhex(random), bytes.fromhex(secret))


def _expand_label(secret: bytes, label: str, size: int, digest: Hash) -> bytes:
    """HKDF-Expand-Label without a context (RFC 8446 7.1), up to one block."""
    name = b"tls13 " + label.encode("ascii")
    info = size.to_bytes(2, "big") + bytes([len(name)]) + name + b"\0"
    return hmac.digest(secret, info + b"\x01", digest)[:size]


def _prf(secret: bytes, seed: bytes, size: int, digest: Hash) -> bytes:
    """P_hash (RFC 5246 5)."""
    block, step = b"", seed
    while len(block) < size:
        step = hmac.digest(secret, step, digest)
        block += hmac.digest(secret, step + seed, digest)
    return block[:size]
