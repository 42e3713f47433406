"""What is sent along: too little, too much, in disorder, without end."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from simulators.pki import extensions
from simulators.pki.identity import Identity
from simulators.pki.issuer import Issuer
from simulators.pki.keys import leaf_key
from simulators.pki.specimen import Specimen
from simulators.pki.workshop import Workshop, self_signed

_kind = partial(
    Specimen,
    theme="chain",
    source="RFC 5280 section 6",
    requirements=("HOUSE/TRUSTED-PATH", "RFC5280/6"),
)
_valid = partial(
    Specimen,
    theme="chain",
    source="RFC 8446 section 4.4.2",
    requirements=("HOUSE/HONEST-SERVICE",),
    rule="accept",
)
# As many as the authority of a run allows below itself (trustme: a path length of nine).
_LONG = 9


def _stack(bench: Workshop, depth: int) -> Issuer:
    """The lowest of that many intermediates, each below the other.

    The lowest is number 0, as for all other specimens: its key is an RSA key.
    """
    issuer = bench.root
    # Number 1 is on the revocation list.
    for number in (*range(depth, 1, -1), 0):
        drawn = bench.authority_below(issuer, number=number)
        issuer = bench.department(drawn, number=number, parent=issuer)
    return issuer


def _missing(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(bench.department()), chain=())


def _gap(bench: Workshop) -> Identity:
    lower = _stack(bench, 2)
    return bench.shown(bench.leaf(lower), chain=lower.chain[:1])


def _wrong_intermediate(bench: Workshop) -> Identity:
    other = bench.department(number=2)
    return bench.shown(bench.leaf(bench.department()), chain=other.chain)


def _loop(bench: Workshop) -> Identity:
    """Two intermediates, each issued by the other; neither by the root."""
    first, second = bench.department(), bench.department(number=2)
    one = bench.authority_below(second).signed()
    other = bench.authority_below(first, number=2).signed()
    return bench.shown(bench.leaf(first), chain=(one, other))


def _endless(bench: Workshop) -> Identity:
    """An intermediate that issued itself, many times over."""
    own = bench.department()
    again = bench.authority_below(own).signed()
    return bench.shown(bench.leaf(own), chain=(again,) * _LONG)


def _with_leaf_key(bench: Workshop) -> Identity:
    leaf = bench.leaf()
    key = extensions.subject_key(extensions.key_identifier(leaf.public_key))
    drawn = replace(bench.authority_below(), public_key=leaf.public_key).with_extension(key)
    above = Issuer(
        name=drawn.subject,
        key=leaf_key("rsa"),
        key_identifier=extensions.key_identifier(leaf.public_key),
        chain=(drawn.signed(), *bench.root.chain),
    )
    return bench.shown(bench.leaf(above), above)


def _long(bench: Workshop, depth: int) -> Identity:
    lowest = _stack(bench, depth)
    return bench.shown(bench.leaf(lowest), lowest)


def _disordered(bench: Workshop) -> Identity:
    lowest = _stack(bench, 3)
    first, second, third, *rest = lowest.chain
    return bench.shown(bench.leaf(lowest), chain=(third, first, second, *rest))


def _unrelated(bench: Workshop) -> Identity:
    stranger = self_signed(bench.leaf()).signed()
    other = bench.department(number=2).chain[0]
    return bench.shown(bench.leaf(), chain=(stranger, other, *bench.root.chain))


def _twice(bench: Workshop) -> Identity:
    department = bench.department()
    leaf = bench.leaf(department).signed()
    return bench.shown(leaf, chain=(leaf, *department.chain, *department.chain))


SPECIMENS = (
    _kind(
        name="intermediate left out",
        sentence="the intermediate that has signed it is not sent along",
        build=_missing,
    ),
    _kind(
        name="gap in the chain",
        sentence="the upper one of two intermediates is not sent along",
        build=_gap,
    ),
    _kind(
        name="chain of somebody else",
        sentence="the intermediate that is sent along is true, but has not signed it",
        build=_wrong_intermediate,
    ),
    _kind(
        name="loop of two intermediates",
        sentence="its issuers have signed each other, and no authority has signed them",
        build=_loop,
    ),
    _kind(
        name="endless intermediate",
        sentence="its issuer has signed itself, and is sent nine times",
        build=_endless,
    ),
    _kind(
        name="intermediate with the key of the leaf",
        sentence="its issuer has the same key, so that who serves with it could issue more",
        build=_with_leaf_key,
        source="practice",
        requirements=("HOUSE/AUTHORITY-LIMITS",),
        rule="should",
    ),
    _valid(
        name="chain of nine",
        sentence="nine intermediates stand between it and the root",
        build=partial(_long, depth=_LONG),
        source="RFC 5280 section 6.1",
    ),
    _valid(
        name="chain of three",
        sentence="three intermediates stand between it and the root",
        build=partial(_long, depth=3),
        source="RFC 5280 section 6.1",
    ),
    _valid(
        name="chain in disorder",
        sentence="its three intermediates are sent in another order",
        build=_disordered,
    ),
    _valid(
        name="unrelated certificates beside",
        sentence="certificates are sent along that have nothing to do with it",
        build=_unrelated,
    ),
    _valid(
        name="chain sent twice",
        sentence="it and its intermediate are sent twice",
        build=_twice,
    ),
)
