"""Users who do not prove who they are (PS3.7 D.3.3.7): nothing, nonsense, or too little."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from harness.profile import Cell, IdentitySection
from harness.stage import Stage
from simulators import wire
from simulators.access import operations
from simulators.access.callers import BY_NAME, BY_PASSCODE, BY_TOKEN, Caller, identity_items
from simulators.access.matrix import cells, destination_for, plan, tell
from simulators.access.operations import CONTEXTS, REFUSED, SERVED, UNTRIED, Target, Tried
from simulators.access.shelf import Shelf

MISSING, EMPTY, WRONG, WEAKER, LONG, UNKNOWN = (
    "no identity", "an empty identity", "a wrong one", "a weaker one", "60 000 bytes of one",
    "one of an unknown type",
)  # fmt: skip
"""What a user who should prove who he is shows instead."""

_LONG_BYTES = 60_000
_UNKNOWN_TYPE = 99
_PREFERRED = ("find", "store", "get", "commit", "echo")

Proof = tuple[wire.ItemLike, ...]


def users_of(stage: Stage) -> list[tuple[IdentitySection, Cell]]:
    """Each identity with a user, and the service that shows whether it was let in."""
    found: list[tuple[IdentitySection, Cell]] = []
    for identity in stage.profile.identities:
        granted = [cell for cell in cells(stage, "allowed") if cell.identity == identity.name]
        ranked = [c for name in _PREFERRED for c in granted if c.operation == name]
        if identity.user is not None and ranked:
            found.append((identity, ranked[0]))
    stage.require(found, "no identity with a user may do anything that shows it was let in")
    return found


def call_unproven(stage: Stage, what: str) -> None:
    """Has each user call with something else than his proof; each try is a ``cell``."""
    users = users_of(stage)
    plan(stage, len(users))
    shelf = Shelf(stage)
    for identity, cell in users:
        proof = _PROOFS[what](stage, identity)
        forbidden = replace(cell, declared="forbidden")
        tell(stage, forbidden, serve(stage, identity, cell, proof, shelf), how=f"with {what}")


def call_after_a_good_one(stage: Stage) -> None:
    """Has each user who has a secret call well, and then, twice, with a wrong secret."""
    users = [(who, cell) for who, cell in users_of(stage) if who.user and who.user.secret_key]
    stage.require(users, "no user has a secret that could be wrong")
    plan(stage, 2 * len(users))
    shelf = Shelf(stage)
    for identity, cell in users:
        honest = identity_items(stage, identity)
        wrong = _wrong(stage, identity)
        forbidden = replace(cell, declared="forbidden")
        with Caller(stage, identity, actor="polite") as good:
            entered = good.enter(CONTEXTS[cell.operation], identity=honest)
            stage.require(entered, f"{identity.name} was refused with the right secret")
            during = serve(stage, identity, cell, wrong, shelf)
            good.leave()
        tell(stage, forbidden, during, how="with a wrong secret during a good association")
        after = serve(stage, identity, cell, wrong, shelf)
        tell(stage, forbidden, after, how="with a wrong secret after a good association")


def call_proven(stage: Stage) -> None:
    """Has each user call as he should: the honest exchange; each try is a ``cell``."""
    users = users_of(stage)
    plan(stage, len(users))
    shelf = Shelf(stage)
    for identity, cell in users:
        proof = identity_items(stage, identity)
        tell(stage, cell, serve(stage, identity, cell, proof, shelf), how="with his proof")


def serve(
    stage: Stage,
    identity: IdentitySection,
    cell: Cell,
    proof: Sequence[wire.ItemLike],
    shelf: Shelf,
) -> Tried:
    """Calls with that proof and asks for the service of the cell, if let in."""
    target = Target()
    if cell.operation not in ("echo", "store"):
        laid = shelf.laid(cell)
        if laid.thing is None:
            return Tried(result=UNTRIED, detail=laid.why_not)
        target = Target(thing=laid.thing, destination=destination_for(stage, cell.identity))
    called = shelf.section(cell.object).ae_title
    with Caller(stage, identity, called=called) as peer:
        contexts = CONTEXTS[cell.operation]
        items = operations.user_items(cell.operation)
        if not peer.enter(contexts, user_items=items, identity=proof):
            return operations.of_refusal(peer.ending)
        if contexts[0].id not in peer.contexts:
            peer.leave()
            return Tried(result=REFUSED, detail="the context of the service was refused")
        if cell.operation == "store":
            syntax = peer.contexts[contexts[0].id]
            target = Target(thing=shelf.new(cell.object, syntax))
        tried = operations.try_once(peer, cell.operation, target)
        peer.leave()
        if tried.result == SERVED and peer.user_proved:
            return replace(tried, detail=f"{tried.detail}, and the proof was confirmed")
        return tried


def wrong_proof(stage: Stage, identity: IdentitySection) -> Proof:
    """What a user shows who does not know the secret."""
    return _wrong(stage, identity)


def _missing(_stage: Stage, _identity: IdentitySection) -> Proof:
    return ()


def _empty(stage: Stage, identity: IdentitySection) -> Proof:
    return (replace(_honest(stage, identity), primary=b"", secondary=b""),)


def _wrong(stage: Stage, identity: IdentitySection) -> Proof:
    """A passcode of the same length, a token with another signature, a name that nobody has."""
    honest = _honest(stage, identity)
    other = f"X{stage.token}".encode()
    if honest.identity_type == BY_PASSCODE:
        secret = _octets(honest.secondary)
        return (replace(honest, secondary=(other * len(secret))[: len(secret)]),)
    if honest.identity_type == BY_TOKEN:
        head, _, signature = _octets(honest.primary).rpartition(b".")
        turned = bytes(reversed(signature)) if signature != signature[::-1] else other
        return (replace(honest, primary=head + b"." + turned),)
    return (replace(honest, primary=other),)


def _weaker(stage: Stage, identity: IdentitySection) -> Proof:
    """The name without its passcode; a token that says that it is not signed (RFC 8725 2.1)."""
    honest = _honest(stage, identity)
    if honest.identity_type == BY_PASSCODE:
        return (replace(honest, identity_type=BY_NAME, secondary=b""),)
    claims = _part({"sub": identity.user.name if identity.user else ""})
    if honest.identity_type == BY_TOKEN:
        claims = [*_octets(honest.primary).split(b"."), b""][1]
    unsigned = _part({"alg": "none", "typ": "JWT"}) + b"." + claims + b"."
    return (replace(honest, identity_type=BY_TOKEN, primary=unsigned, secondary=b""),)


def _long(stage: Stage, identity: IdentitySection) -> Proof:
    return (replace(_honest(stage, identity), primary=b"A" * _LONG_BYTES, secondary=b""),)


def _unknown(stage: Stage, identity: IdentitySection) -> Proof:
    return (replace(_honest(stage, identity), identity_type=_UNKNOWN_TYPE, secondary=b""),)


_PROOFS: Mapping[str, Callable[[Stage, IdentitySection], Proof]] = {
    MISSING: _missing,
    EMPTY: _empty,
    WRONG: _wrong,
    WEAKER: _weaker,
    LONG: _long,
    UNKNOWN: _unknown,
}


def _honest(stage: Stage, identity: IdentitySection) -> wire.UserIdentityRQ:
    item = identity_items(stage, identity)[0]
    assert isinstance(item, wire.UserIdentityRQ)
    return item


def _octets(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _part(value: Mapping[str, str]) -> bytes:
    """One part of a token: JSON in base64url without padding (RFC 7515 2)."""
    text = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")
