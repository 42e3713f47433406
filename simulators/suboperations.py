"""C-STORE sub-operations of a C-GET that nobody asked for, and what became of them."""

from __future__ import annotations

from pathlib import Path

from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.describe import reaction_of
from simulators.objects import SyntheticObject
from simulators.requestor import ANSWER_S

_MOST_FILES = 64
_MOST_BYTES = 1 << 20


def offer(
    peer: Acceptor,
    context_id: int,
    thing: SyntheticObject,
    *,
    number: int,
    foreign: bool,
    ahead: bytes = b"",
) -> bool:
    """Sends an object by C-STORE, and observes how the device answered.

    The ``offered`` observation has ``foreign`` (nobody asked for it, or its context does not stand
    for it), ``instance``, and ``outcome`` with ``status`` as of an outcome.

    Args:
        peer: The device that retrieves.
        context_id: On which context.
        thing: The object.
        number: Message ID of the sub-operation.
        foreign: The object is the stimulus.
        ahead: PDUs that leave in the same segment, before it.

    Returns:
        True when the device confirmed the object.
    """
    limit = wire.max_length_of(peer.request) if peer.request is not None else None
    command = wire.c_store_rq(thing.sop_class, thing.sop_instance, number)
    pdus = wire.p_data(context_id, command, thing.dataset, limit or 16384)
    data = ahead + b"".join(wire.encode(pdu) for pdu in pdus)
    peer.send(data, stimulus=foreign, what=f"C-STORE of {thing.sop_instance}")
    message = peer.message(ANSWER_S)
    if message is not None:
        outcome, detail = reaction_of(message)
    elif peer.latest is not None and peer.ended is None:
        outcome, detail = reaction_of(peer.latest)
        if outcome is Outcome.GARBAGE or isinstance(peer.latest, wire.PDataTF):
            outcome, detail = Outcome.TIMEOUT, {}
    else:
        outcome, detail = peer.ended or Outcome.TIMEOUT, {}
    peer.stage.observe(
        "offered", peer.actor, foreign=foreign, instance=thing.sop_instance,
        outcome=outcome.value, **detail,
    )  # fmt: skip
    return outcome is Outcome.RESPONDED and detail.get("status") == 0


def witness_kept(peer: Acceptor, asked_for: SyntheticObject, foreign: SyntheticObject) -> None:
    """Observes, once the call has ended, which of two objects lie in its output folder.

    The ``taken-in`` observation has ``asked_for`` and ``foreign``: how many files hold their UIDs.
    """
    peer.close()
    peer.wait_for_exit()
    call = peer.callback.call
    contents = _contents(call.out) if call is not None else []
    peer.stage.observe(
        "taken-in",
        peer.actor,
        asked_for=sum(asked_for.sop_instance.encode() in content for content in contents),
        foreign=sum(foreign.sop_instance.encode() in content for content in contents),
    )


def _contents(folder: Path) -> list[bytes]:
    """The beginnings of the files below a folder, of a bounded number of them."""
    found: list[bytes] = []
    for path in sorted(folder.rglob("*"))[:_MOST_FILES]:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                found.append(file.read(_MOST_BYTES))
    return found
