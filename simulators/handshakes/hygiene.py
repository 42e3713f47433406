"""What the certificate that a device shows tells of its key: size, time, and whose sample it is."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.model import JSON
from harness.stage import Stage
from simulators.handshakes.certificate_facts import certificate_facts
from simulators.handshakes.trials import client, client_policy, seek_service, witness_hello
from simulators.lab import lab_of


def look_at_its_key(stage: Stage) -> None:
    """Shakes hands with the device and records what the key that it shows is.

    The public key's digest stands in the record, so that the runs of two devices can be compared.

    Raises:
        PreconditionUnmetError: It showed no certificate that can be read.
    """
    with client(stage, client_policy(stage, lab_of(stage).trust.ours)) as peer:
        done = peer.handshake
        stage.require(done is not None, "there was no handshake")
        assert done is not None
        witness_hello(peer, done, what="ClientHello of an honest client")
        seek_service(peer)
    told = identity_of(done.peer_certificate_der or b"")
    stage.require(told, "the device showed no certificate that can be read")
    stage.observe("identity", **told)


def identity_of(der: bytes) -> dict[str, JSON]:
    """What an ``identity`` observation says of a certificate; empty when it cannot be read."""
    facts = certificate_facts(der)
    if facts is None:
        return {}
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm):
        return {}
    now = datetime.now(UTC)
    spki = hashlib.sha256(encoded).hexdigest()
    return {
        "spki": spki,
        "algorithm": str(facts["key"]).upper(),
        "bits": facts["bits"],
        "begins_in_s": (certificate.not_valid_before_utc - now).total_seconds(),
        "ends_in_s": (certificate.not_valid_after_utc - now).total_seconds(),
        "sample": sample_keys().get(spki, ""),
    }


@cache
def sample_keys() -> dict[str, str]:
    """Published keys: digest of the public key to the product that came with it."""
    source = files("simulators.handshakes") / "sample_keys.toml"
    rows = tomllib.loads(source.read_text("utf-8"))["sample"]
    return {str(row["spki"]): str(row["product"]) for row in rows}
