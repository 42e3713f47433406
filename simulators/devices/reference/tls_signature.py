"""Whether a ServerKeyExchange of TLS 1.2 is signed soundly, by the key of its certificate."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulators.devices.reference.tls_server_flight import (
    CERTIFICATE,
    SERVER_KEY_EXCHANGE,
    Flight,
)

_SOUND: dict[int, type[hashes.HashAlgorithm]] = {
    0x0401: hashes.SHA256,
    0x0501: hashes.SHA384,
    0x0601: hashes.SHA512,
    0x0804: hashes.SHA256,
    0x0805: hashes.SHA384,
    0x0806: hashes.SHA512,
}


def is_sound(flight: Flight, client_random: bytes) -> bool:
    """Tell whether the signature is a good one of RSA with SHA-256 or better.

    Args:
        flight: With a ServerKeyExchange.
        client_random: The 32 octets of our hello.
    """
    listed = flight.messages.get(CERTIFICATE, b"")
    length = int.from_bytes(listed[3:6], "big")
    exchange = flight.messages.get(SERVER_KEY_EXCHANGE, b"")
    scheme = int.from_bytes(exchange[len(flight.parameters) :][:2], "big")
    made = _SOUND.get(scheme)
    if made is None:
        return False
    try:
        key = x509.load_der_x509_certificate(listed[6 : 6 + length]).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return True
        scheme_padding: padding.PKCS1v15 | padding.PSS = padding.PKCS1v15()
        if scheme >> 8 == 0x08:
            scheme_padding = padding.PSS(mgf=padding.MGF1(made()), salt_length=made().digest_size)
        signature = exchange[len(flight.parameters) + 4 :]
        signed = client_random + flight.random + flight.parameters
        key.verify(signature, signed, scheme_padding, made())
    except (ValueError, InvalidSignature):
        return False
    return True
