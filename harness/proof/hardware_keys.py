"""Keys that never leave a token: ``pkcs11:`` URIs (RFC 7512), through PKCS#11.

The PIN comes from ``ASSAY_PIN``, from the file that ``pin-source`` names, or from a person. A
``pin-value`` is refused: a command line is seen by every process, and kept in histories.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

import click
import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature
from pkcs11.util.rsa import encode_rsa_public_key

from harness.errors import SignatureError
from harness.proof.keys import PublicKey, accepted, digest_of, scheme_of

PIN_VARIABLE = "ASSAY_PIN"
MODULE_VARIABLE = "PKCS11_MODULE_PATH"
_MAX_PIN = 256
_PSS = (Mechanism.SHA256, MGF.SHA256, 32)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key is kept.

    Attributes:
        module: The token's library.
        token: Label of the token; None for the only one.
        serial: Serial number of the token; None for any.
        label: Label of the key; None for any.
        id: Identifier of the key; None for any.
        pin_file: File that holds the PIN; None for environment or person.
    """

    module: str
    token: str | None
    serial: bytes | None
    label: str | None
    id: bytes | None
    pin_file: Path | None


def parse(uri: str) -> Place:
    """Reads a ``pkcs11:`` URI.

    Raises:
        SignatureError: It names no library, or something that we do not follow.
    """
    split = urlsplit(uri)
    pairs = (part.partition("=") for part in split.path.split(";") if part)
    path = {name: value for name, _, value in pairs}
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    if "pin-value" in query:
        raise SignatureError(
            f"--key pkcs11: pin-value would be seen by others; set {PIN_VARIABLE} or use pin-source"
        )
    unknown = sorted(path.keys() - {"token", "serial", "object", "id", "type", "manufacturer"})
    unknown += sorted(query.keys() - {"module-path", "pin-source"})
    if unknown:
        raise SignatureError(f"--key pkcs11: does not follow {unknown[0][:40]!r} (RFC 7512)")
    module = query.get("module-path") or os.environ.get(MODULE_VARIABLE, "")
    if not module:
        raise SignatureError(
            "--key pkcs11: names no library; add ?module-path=/path/to/library.so "
            f"or set {MODULE_VARIABLE}"
        )
    source = query.get("pin-source", "").removeprefix("file:")
    return Place(
        module=module,
        token=unquote(path["token"]) if "token" in path else None,
        serial=unquote_to_bytes(path["serial"]) if "serial" in path else None,
        label=unquote(path["object"]) if "object" in path else None,
        id=unquote_to_bytes(path["id"]) if "id" in path else None,
        pin_file=Path(source) if source else None,
    )


def open_key(
    uri: str, chain: Sequence[x509.Certificate]
) -> tuple[PublicKey, Callable[[bytes], bytes]]:
    """The public half of a token's key, and how it signs.

    Args:
        uri: The ``pkcs11:`` URI.
        chain: Certificates; the first gives the public key if the token does not.

    Raises:
        SignatureError: The token is not there, refuses the PIN, or holds no such key.
    """
    place = parse(uri)
    pin = _pin(place)
    with _Guarded(place), _session(place, pin) as session:
        public = _public(session, place, chain)
    return public, lambda data: _sign(place, pin, public, data)


def _sign(place: Place, pin: str, public: PublicKey, data: bytes) -> bytes:
    with _Guarded(place), _session(place, pin) as session:
        key = _one(session, place)
        scheme = scheme_of(public)
        if scheme == "ed25519":
            return bytes(key.sign(data, mechanism=Mechanism.EDDSA))
        if isinstance(public, ec.EllipticCurvePublicKey):
            digest = hashes.Hash(digest_of(public))
            digest.update(data)
            raw = key.sign(digest.finalize(), mechanism=Mechanism.ECDSA)
            return bytes(encode_ecdsa_signature(raw))
        return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS_PSS, mechanism_param=_PSS))


class _Guarded:
    """Turns what a token's library says into one line of ours."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, pkcs11.PKCS11Error | RuntimeError | OSError | NotImplementedError):
            said = str(error) or type(error).__name__
            raise SignatureError(
                f"--key pkcs11: {self._place.module}: {_REASONS.get(type(error), said[:200])}"
            ) from error


_REASONS: dict[type[BaseException], str] = {
    pkcs11.NoSuchToken: "no such token; check token= and serial=",
    pkcs11.MultipleTokensReturned: "several tokens fit; name one with token= or serial=",
    pkcs11.NoSuchKey: "no such key on the token; check object= and id=",
    pkcs11.MultipleObjectsReturned: "several keys fit; name one with object= or id=",
    pkcs11.PinIncorrect: "the PIN is wrong (do not try often: tokens lock)",
    pkcs11.PinLenRange: "the PIN is wrong: its length",
    pkcs11.PinLocked: "the PIN is locked after too many wrong ones",
}


def _session(place: Place, pin: str) -> pkcs11.Session:
    library = pkcs11.lib(place.module)
    token = library.get_token(token_label=place.token, token_serial=place.serial)
    return token.open(user_pin=pin)


def _one(session: pkcs11.Session, place: Place) -> Any:
    """The one private key that fits; all are listed, since the library leaves searches open."""
    wanted: dict[Attribute, object] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    wanted |= {Attribute.LABEL: place.label} if place.label is not None else {}
    wanted |= {Attribute.ID: place.id} if place.id is not None else {}
    return _only(list(session.get_objects(wanted)))


def _only(found: list[Any]) -> Any:
    if not found:
        raise pkcs11.NoSuchKey
    if len(found) > 1:
        raise pkcs11.MultipleObjectsReturned
    return found[0]


def _public(session: pkcs11.Session, place: Place, chain: Sequence[x509.Certificate]) -> PublicKey:
    """The public half: from the certificate if one was given, else as the token shows it."""
    private = _one(session, place)
    if chain:
        return accepted(chain[0].public_key(), "--chain")
    pair = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: private[Attribute.ID]}
    public = _only(list(session.get_objects(pair)))
    if public.key_type == KeyType.RSA:
        der = encode_rsa_public_key(public)
    elif public.key_type == KeyType.EC:
        der = encode_ec_public_key(public)
    else:
        raise SignatureError(
            "--key pkcs11: of this kind of key the token shows no public half that can be used; "
            "give its certificate with --chain"
        )
    return accepted(serialization.load_der_public_key(der), "--key pkcs11")


def _pin(place: Place) -> str:
    if given := os.environ.get(PIN_VARIABLE):
        return given
    if place.pin_file is not None:
        try:
            with place.pin_file.open(encoding="utf-8") as file:
                return file.read(_MAX_PIN).strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SignatureError(f"--key pkcs11: pin-source: cannot read: {error}") from error
    if not sys.stdin.isatty():
        raise SignatureError(
            f"--key pkcs11: the token wants a PIN; set {PIN_VARIABLE}, or use a terminal"
        )
    asked: str = click.prompt("PIN of the token", hide_input=True, err=True)
    return asked
