"""Strict reading of A-ASSOCIATE-RQ and -AC as a whole (PS3.8 9.3.2, 9.3.3)."""

import struct
from dataclasses import dataclass

from simulators.devices.reference.channel import Channel
from simulators.devices.reference.items import (
    CONTEXT_ITEM,
    MAX_CONTEXTS,
    USER_INFORMATION,
    UserInformation,
    invalid,
    read_user_information,
    walk,
)
from simulators.devices.reference.uids import is_uid

_FIXED = struct.Struct(">HH16s16s32s")
_ITEM_HEADER = struct.Struct(">BxH")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed presentation context."""

    id: int
    abstract_syntax: bytes
    transfer_syntaxes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one presentation context; the transfer syntax counts when result is 0."""

    id: int
    result: int
    transfer_syntax: bytes


@dataclass(frozen=True, slots=True)
class Associate:
    """An A-ASSOCIATE-RQ or -AC after its fixed part and items were found sound.

    Attributes:
        called: Called AE title field, 16 bytes as sent.
        calling: Calling AE title field, 16 bytes as sent.
        contexts: Values of the presentation context items.
    """

    version: int
    called: bytes
    calling: bytes
    application_context: bytes
    contexts: tuple[bytes, ...]
    user: UserInformation


def read_associate(kind: int, body: bytes, *, lenient_items: bool = False) -> Associate:
    """Read the body of an A-ASSOCIATE PDU.

    Args:
        kind: 1 for RQ, 2 for AC.
        body: Everything after the six-byte header.
        lenient_items: Do not check the lengths of user-information sub-items (a flaw).

    Raises:
        ProtocolError: A length does not fit, or an item is missing or repeated.
    """
    if len(body) < _FIXED.size:
        raise invalid("A-ASSOCIATE PDU cut")
    version, _, called, calling, _ = _FIXED.unpack_from(body)
    found: dict[int, list[bytes]] = {}
    for item, value in walk(body[_FIXED.size :]):
        found.setdefault(item, []).append(value)
    names, users = found.get(0x10, []), found.get(USER_INFORMATION, [])
    contexts = found.get(CONTEXT_ITEM[kind], [])
    if len(names) != 1 or len(users) != 1 or not contexts:
        raise invalid("application context, presentation contexts or user information missing")
    user = read_user_information(users[0], lenient=lenient_items)
    return Associate(version, called, calling, names[0], tuple(contexts), user)


def read_proposals(
    values: tuple[bytes, ...], *, any_uid: bool = False, any_id: bool = False
) -> list[Proposal]:
    """Read the presentation contexts of an A-ASSOCIATE-RQ.

    Args:
        values: Values of the items 20H.
        any_uid: Do not check UIDs (a flaw).
        any_id: Do not check context ids (a flaw).

    Raises:
        ProtocolError: An id is even, zero or repeated, a UID is none, or an item is missing.
    """
    proposals = [_proposal(value, any_uid=any_uid) for value in values]
    ids = [proposal.id for proposal in proposals]
    if not any_id:
        if len(set(ids)) != len(ids) or len(ids) > MAX_CONTEXTS:
            raise invalid("presentation context ids repeated, or too many")
        if any(number % 2 == 0 for number in ids):
            raise invalid("presentation context id not odd")
    return proposals


def _proposal(value: bytes, *, any_uid: bool) -> Proposal:
    if len(value) < 4:
        raise invalid("presentation context cut")
    items = list(walk(value[4:]))
    abstract = [uid for kind, uid in items if kind == 0x30]
    transfer = tuple(uid for kind, uid in items if kind == 0x40)
    if len(abstract) != 1 or not transfer:
        raise invalid("abstract or transfer syntax missing")
    if not any_uid and not all(is_uid(uid) for uid in (*abstract, *transfer)):
        raise invalid("abstract or transfer syntax is no UID")
    return Proposal(value[0], abstract[0], transfer)


def read_answers(values: tuple[bytes, ...], *, any_id: bool = False) -> list[Answer]:
    """Read the presentation contexts of an A-ASSOCIATE-AC.

    Args:
        values: Values of the items 21H.
        any_id: Do not check context ids (a flaw).

    Raises:
        ProtocolError: A result or transfer syntax is impossible.
    """
    answers = [_answer(value) for value in values]
    if len({answer.id for answer in answers}) != len(answers) and not any_id:
        raise invalid("a presentation context is answered twice")
    return answers


def _answer(value: bytes) -> Answer:
    if len(value) < 4:
        raise invalid("presentation context cut")
    transfer = [uid for kind, uid in walk(value[4:]) if kind == 0x40]
    number, result = value[0], value[2]
    if result > 4 or (result == 0 and (len(transfer) != 1 or not is_uid(transfer[0]))):
        raise invalid("presentation context result or transfer syntax impossible")
    return Answer(number, result, transfer[0] if transfer else b"")


def take_by_items(channel: Channel, limit: int, deadline: float) -> bytes:
    """Read an A-ASSOCIATE body by its items alone, up to the user information (a flaw)."""
    body = channel.take(_FIXED.size, deadline)
    kind = 0
    while kind != USER_INFORMATION and len(body) < limit:
        header = channel.take(_ITEM_HEADER.size, deadline)
        kind, length = _ITEM_HEADER.unpack(header)
        body += header + channel.take(length, deadline)
    return body


def ae_title(raw: bytes) -> str | None:
    """Return the AE title in a 16-byte field; None when it is blank or has forbidden bytes."""
    if any(byte < 0x20 or byte > 0x7E or byte == 0x5C for byte in raw):
        return None
    return raw.decode("ascii").strip(" ") or None
