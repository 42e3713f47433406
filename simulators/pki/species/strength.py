"""How hard it is to forge: keys and hashes that can be broken, and strong ones that are rare."""

from __future__ import annotations

from functools import partial

from simulators.pki import extensions
from simulators.pki.forge import Scheme
from simulators.pki.identity import Identity
from simulators.pki.odd_keys import OddKind
from simulators.pki.specimen import BOTH, CLIENT, Need, Rule, Specimen
from simulators.pki.workshop import Workshop

_BITS = "RFC 9325 section 4.5"


def _with_key(bench: Workshop, key: OddKind) -> Identity:
    leaf = bench.leaf(key=key)
    if not key.startswith("rsa"):
        # RFC 5480 3: only RSA keys encipher keys.
        leaf = leaf.with_extension(extensions.usage("digital_signature"))
    return bench.shown(leaf, key=key)


def _hashed(bench: Workshop, scheme: Scheme) -> Identity:
    issuer = bench.rsa_issuer
    return bench.shown(bench.leaf(issuer, scheme=scheme), issuer)


def _hashed_above(bench: Workshop, scheme: Scheme) -> Identity:
    """An honest leaf below an intermediate whose signature deviates."""
    upper = bench.rsa_issuer
    number = 2 if upper.chain else 0
    drawn = bench.authority_below(upper, number=number, scheme=scheme)
    department = bench.department(drawn, number=number, parent=upper)
    return bench.shown(bench.leaf(department), department)


def _key(
    label: str, sentence: str, key: OddKind, rule: Rule = "should", needs: Need = "tls12"
) -> Specimen:
    valid = rule == "accept"
    # A server shows such a key only to a client that offers its curve or its algorithm.
    rare = key in ("ec-p192", "ec-p224", "dsa-1024")
    return Specimen(
        name=label,
        theme="strength",
        sentence=sentence,
        build=partial(_with_key, key=key),
        source=_BITS if key.startswith("rsa") else "NIST SP 800-57 part 1, table 2",
        requirements=("HOUSE/HONEST-SERVICE",) if valid else _weak(rule),
        shown_by=CLIENT if rare else BOTH,
        rule=rule,
        lie="subject_public_key_info",
        needs=needs,
    )


def _weak(rule: Rule) -> tuple[str, ...]:
    return ("HOUSE/KEY-STRENGTH", *(("RFC9325/4.5/RSA",) if rule == "must" else ()))


_kind = partial(
    Specimen,
    theme="strength",
    source=_BITS,
    requirements=("HOUSE/KEY-STRENGTH", "RFC9325/4.5/HASH"),
)

SPECIMENS = (
    _key("RSA of 512 bits", "its key was broken in 1999 for the first time", "rsa-512", "must"),
    _key("RSA of 1024 bits", "its key has 1024 bits", "rsa-1024", "must", needs=""),
    _key("RSA of 1536 bits", "its key has 1536 bits", "rsa-1536", "must", needs=""),
    _key("RSA with exponent 3", "the public exponent of its key is 3", "rsa-e3", needs=""),
    _key("P-192", "its key is on a curve of 192 bits", "ec-p192"),
    _key("P-224", "its key is on a curve of 224 bits", "ec-p224"),
    _key("DSA of 1024 bits", "its key is one of DSA, which is retired", "dsa-1024"),
    _kind(
        name="signed with MD5",
        sentence="its signature is over an MD5 hash, of which collisions were used in the wild",
        build=partial(_hashed, scheme="md5"),
        lie="signature_algorithm",
    ),
    _kind(
        name="signed with SHA-1",
        sentence="its signature is over a SHA-1 hash, of which collisions are known",
        build=partial(_hashed, scheme="sha1"),
        lie="signature_algorithm",
    ),
    _kind(
        name="intermediate signed with MD5",
        sentence="the signature of its issuer is over an MD5 hash",
        build=partial(_hashed_above, scheme="md5"),
    ),
    _kind(
        name="intermediate signed with SHA-1",
        sentence="the signature of its issuer is over a SHA-1 hash",
        build=partial(_hashed_above, scheme="sha1"),
    ),
    _kind(
        name="signed with RSASSA-PSS",
        sentence="its signature is one of RSASSA-PSS",
        build=partial(_hashed, scheme="pss"),
        lie="signature_algorithm",
        source="RFC 4055 section 3.1",
        requirements=("HOUSE/HONEST-SERVICE",),
        rule="accept",
    ),
    _key("RSA of 4096 bits", "its key has 4096 bits", "rsa-4096", "accept", needs=""),
    _key("P-256", "its key is on the curve that is required of TLS 1.3", "ec-p256", "accept", ""),
    _key("P-384", "its key is on a curve of 384 bits", "ec-p384", "accept", needs=""),
    _key("P-521", "its key is on a curve of 521 bits", "ec-p521", "accept", needs=""),
    _key("Ed25519", "its key is one of Ed25519", "ed25519", "accept", needs=""),
)
