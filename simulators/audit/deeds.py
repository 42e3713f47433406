"""What a device reports: each is done once, as the stimulus, and noted as what was done."""

from __future__ import annotations

from harness.model import Claim
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.access.callers import Caller, identity_items
from simulators.access.operations import CONTEXTS, user_items
from simulators.access.users import users_of, wrong_proof
from simulators.audit.trail import Trail
from simulators.handshakes.trials import try_identity
from simulators.lab import lab_of
from simulators.objects import SyntheticObject, synthetic_object
from simulators.queries import QUERY, STORAGE, associate_to_retrieve, find, get, study_keys
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger

ACTIVITY, TRANSFERRING, TRANSFERRED = "110100", "110102", "110104"
QUERIED, ALERT, AUTHENTICATION = "110112", "110113", "110114"
STARTED, STOPPED, LOGIN, NODE = "110120", "110121", "110122", "110126"
"""Events and their types (PS3.16 CID 400 and 401)."""

_DELIVERS = frozenset({Claim.AUDIT_TRANSFERS, Claim.STORAGE_SCP})


def store(stage: Stage, trail: Trail, **changes: str) -> SyntheticObject:
    """Has the device take one object.

    Raises:
        PreconditionUnmetError: It does not.
    """
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        syntax = peer.contexts[STORAGE.id]
        thing = synthetic_object(stage, 1, transfer_syntax=syntax, **changes)
        outcome = peer.store(thing, stimulus=True)
        seen = stage.record({}).last("outcome", peer.actor)
        status = seen.data.get("status") if seen else None
        stage.require(outcome is Outcome.RESPONDED and status == 0, "the object was not stored")
        caller = peer.calling
        peer.release()
    note_store(stage, trail, thing, caller, changes.get("PatientID", patient(stage)))
    return thing


def note_store(
    stage: Stage, trail: Trail, thing: SyntheticObject, caller: str, patient_id: str
) -> None:
    """Notes that the device took an object of that caller."""
    trail.expect(
        f"C-STORE by {caller}",
        TRANSFERRED,
        thing.study,
        failed=False,
        caller=caller,
        device=lab_of(stage).called,
        patient=patient_id,
        study=thing.study,
        address=_our_address(stage),
    )


def query(stage: Stage, trail: Trail, study: str) -> None:
    """Asks for a study by C-FIND."""
    with Requestor(stage) as peer:
        peer.associate((QUERY,))
        find(peer, study_keys(study), expected=1, stimulus=True)
        peer.release()
        trail.expect(
            f"C-FIND by {peer.calling}",
            QUERIED,
            study,
            failed=False,
            caller=peer.calling,
            address=_our_address(stage),
        )


def retrieve(stage: Stage, trail: Trail, thing: SyntheticObject) -> None:
    """Retrieves a study by C-GET."""
    with Requestor(stage) as peer:
        associate_to_retrieve(peer)
        get(peer, study_keys(thing.study, retrieve=True), expected=1, stimulus=True)
        peer.release()
        trail.expect(
            f"C-GET by {peer.calling}",
            TRANSFERRING,
            thing.study,
            failed=None,
            taker=peer.calling,
            patient=patient(stage),
            study=thing.study,
        )


def log_in(stage: Stage, trail: Trail, *, proven: bool) -> None:
    """Calls as a user who can, or cannot, prove who he is."""
    identity, cell = next(
        (pair for pair in users_of(stage) if proven or (pair[0].user and pair[0].user.secret_key)),
        users_of(stage)[0],
    )
    proof = identity_items(stage, identity) if proven else wrong_proof(stage, identity)
    with Caller(stage, identity) as peer:
        contexts = CONTEXTS[cell.operation]
        items = user_items(cell.operation)
        entered = peer.enter(contexts, user_items=items, identity=proof)
        stage.require(entered or not proven, f"{identity.name} was refused with the right secret")
        peer.leave()
    name = identity.user.name if identity.user and identity.user.name else identity.name
    trail.expect(
        f"login of {name} {'with' if proven else 'without'} his proof",
        AUTHENTICATION,
        name,
        identity.ae_title,
        failed=not proven,
        kind=LOGIN,
    )


def call_as_stranger(stage: Stage, trail: Trail, title: str = "") -> None:
    """Calls by a title that the device does not know."""
    with Requestor(stage, calling=title or stranger(stage)) as attacker:
        if is_let_in(attacker, lie="calling"):
            attacker.release()
        trail.expect(
            f"call by {attacker.calling}",
            ALERT,
            attacker.calling,
            failed=True,
            address=_our_address(stage),
        )


def call_for_nobody(stage: Stage, trail: Trail) -> None:
    """Calls for a title that the device does not have."""
    with Requestor(stage, called=stranger(stage)) as attacker:
        if is_let_in(attacker, lie="called"):
            attacker.release()
        trail.expect(
            f"call for {attacker.called}",
            ALERT,
            attacker.called,
            attacker.calling,
            failed=True,
            address=_our_address(stage),
        )


def shake_hands_as_nobody(stage: Stage, trail: Trail) -> None:
    """Begins TLS with a certificate that nobody vouches for."""
    identity = lab_of(stage).trust.authority.issue(self_signed=True)
    try_identity(stage, identity, lie="issuer")
    address = _our_address(stage)
    trail.expect("TLS by a stranger", ALERT, address, failed=True, kind=NODE, address=address)


def restart(stage: Stage, trail: Trail) -> None:
    """Has the device stopped and started; only one that the harness starts can be.

    Raises:
        PreconditionUnmetError: The bench cannot.
    """
    start_again = getattr(stage.bench, "start_again", None)
    stage.require(callable(start_again), "the device is not ours to restart")
    assert callable(start_again)
    start_again()
    trail.expect("stop", ACTIVITY, failed=None, kind=STOPPED)
    trail.expect("start", ACTIVITY, failed=None, kind=STARTED)


def honest_deed(stage: Stage, trail: Trail) -> None:
    """Something that the device claims to report, the most usual first."""
    claims = stage.profile.claims()
    if claims >= _DELIVERS:
        store(stage, trail)
    elif Claim.AUDIT_ALERTS in claims:
        call_as_stranger(stage, trail)
    else:
        stage.require(Claim.AUDIT_QUERIES in claims, "nothing that is claimed can be provoked")
        query(stage, trail, f"2.25.{stage.token}")


def patient(stage: Stage) -> str:
    """The Patient ID of a synthetic object of this play."""
    return f"SYN{stage.token[:12]}"


def _our_address(stage: Stage) -> str:
    """Our address as the device sees it."""
    seen = stage.record({}).last("connect")
    return str(seen.data.get("local", "")).rpartition(":")[0] if seen else ""
