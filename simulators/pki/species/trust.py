"""Who vouches: nobody, a stranger, or somebody who only bears the trusted name."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from cryptography.hazmat.primitives.serialization import Encoding

from simulators.pki import extensions
from simulators.pki.authority import Authority
from simulators.pki.identity import Identity
from simulators.pki.issuer import Issuer
from simulators.pki.keys import leaf_key, made_once, similar_key
from simulators.pki.specimen import Specimen
from simulators.pki.workshop import Workshop, self_signed

_kind = partial(
    Specimen,
    theme="trust",
    source="RFC 5280 section 6",
    requirements=("HOUSE/TRUSTED-PATH", "RFC5280/6"),
)


def _unsupported(bench: Workshop) -> Identity:
    return bench.shown(self_signed(bench.leaf()), chain=())


def _named_like_the_authority(bench: Workshop) -> Identity:
    return bench.shown(self_signed(bench.leaf(subject=bench.root.name)), chain=())


def _beside_the_root(bench: Workshop) -> Identity:
    return bench.shown(self_signed(bench.leaf()), chain=(bench.root_der,))


@made_once
def _stranger() -> Authority:
    return Authority.new("dicom-assay stranger")


def _by_a_stranger(bench: Workshop, *, root_too: bool = False) -> Identity:
    stranger = _stranger()
    root = stranger.certificate.public_bytes(Encoding.DER)
    leaf = bench.leaf(Issuer.of(stranger))
    return bench.shown(leaf, chain=(root,) if root_too else ())


def _imitated(bench: Workshop, *, same_identifier: bool) -> Identity:
    other = Issuer.of(bench.authority.lookalike(same_key_identifier=same_identifier))
    return bench.shown(bench.leaf(other), other, chain=())


def _imitated_department(bench: Workshop) -> Identity:
    stolen = replace(bench.root, key=similar_key(bench.root.key))
    department = bench.department(parent=stolen)
    return bench.shown(bench.leaf(department), department)


def _altered(bench: Workshop) -> Identity:
    leaf = bench.leaf()
    signature = leaf.signature()
    return bench.shown(leaf.assembled(signature[:-1] + bytes([signature[-1] ^ 1])))


def _empty(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf().assembled(b""))


def _borrowed(bench: Workshop) -> Identity:
    other = bench.leaf(extensions=(extensions.names("elsewhere.example"),))
    return bench.shown(bench.leaf().assembled(other.signature()))


def _own_key(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(signer=leaf_key("rsa")))


def _root_sent(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(), chain=(*bench.root.chain, bench.root_der))


SPECIMENS = (
    _kind(
        name="self-signed",
        sentence="its own key has signed it, no authority vouches for it",
        build=_unsupported,
        lie="issuer",
    ),
    _kind(
        name="self-signed under the authority's name",
        sentence="it bears the name of the trusted authority as subject and issuer",
        build=_named_like_the_authority,
        lie="subject",
    ),
    _kind(
        name="self-signed beside the trusted root",
        sentence="it signs itself, and the trusted root, which has not signed it, is sent along",
        build=_beside_the_root,
        lie="issuer",
    ),
    _kind(
        name="unknown authority",
        sentence="an authority has signed it that was never configured",
        build=_by_a_stranger,
        lie="issuer",
    ),
    _kind(
        name="unknown authority sent along",
        sentence="its unknown authority is sent along, as if that made it trusted",
        build=partial(_by_a_stranger, root_too=True),
        lie="issuer",
    ),
    _kind(
        name="look-alike authority",
        sentence="an authority with the trusted name and another key has signed it",
        build=partial(_imitated, same_identifier=False),
        lie="signature_value",
    ),
    _kind(
        name="look-alike authority with the same key identifier",
        sentence="only the signature tells its authority from the trusted one",
        build=partial(_imitated, same_identifier=True),
        lie="signature_value",
    ),
    _kind(
        name="look-alike authority below the root",
        sentence="its intermediate names the trusted root, which has never signed that",
        build=_imitated_department,
    ),
    _kind(
        name="altered signature",
        sentence="one bit of its signature was flipped",
        build=_altered,
        lie="signature_value",
    ),
    _kind(
        name="empty signature",
        sentence="its signature has no octets",
        build=_empty,
        lie="signature_value",
    ),
    _kind(
        name="signature of another certificate",
        sentence="the trusted authority has made its signature, but for another certificate",
        build=_borrowed,
        lie="signature_value",
    ),
    _kind(
        name="signed by its own key",
        sentence="it names the trusted authority as issuer, and its own key has signed it",
        build=_own_key,
        lie="signature_value",
    ),
    _kind(
        name="root sent along",
        sentence="the trusted root follows it, which nobody needs and RFC 8446 4.4.2 allows",
        build=_root_sent,
        source="RFC 8446 section 4.4.2",
        requirements=("HOUSE/HONEST-SERVICE",),
        rule="accept",
    ),
)
