"""Requests that are encoded once; per request a number and a message id are written over others.

Every buffer is made beforehand and no pixel is ever copied: what `Prepared.patch` returns is
handed to the kernel as it is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from simulators import wire
from simulators.load import naming
from simulators.load.naming import FIRST_NUMBER
from simulators.load.replies import Likeness
from simulators.load.template import Message, Piece, Spot, command_spot, message, template
from simulators.wire import messages as fields
from simulators.wire import uids

COMMIT_ACTION: Final = 1
"""Action type "request storage commitment" (PS3.4 J.3.2)."""

_put_short = struct.Struct("<H").pack_into


class Prepared:
    """One operation, encoded. A `Prepared` belongs to one association: its octets are in use.

    Attributes:
        name: "C-ECHO", "C-STORE", "C-FIND", "C-GET", "C-MOVE" or "N-ACTION".
        field: Its command field (PS3.7 E.1).
        context_id: Presentation context id.
        octets: Octets of the data set that it carries.
        size: Octets that go over the wire.
        multiple: Pending responses may come before the last one.
        alike: What success looks like, once an association has learnt it.
    """

    __slots__ = (
        "_keep",
        "_lane",
        "_message_id_at",
        "_numbered",
        "_pieces",
        "_places",
        "_root",
        "_vectors",
        "_view",
        "alike",
        "context_id",
        "field",
        "multiple",
        "name",
        "octets",
        "size",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        field: int,
        context_id: int,
        made: Message,
        message_id: Spot,
        *,
        numbered: Iterable[Spot] = (),
        identity: tuple[str, int] = ("", 0),
        own: bytearray | None = None,
        octets: int = 0,
        keep: object = None,
    ) -> None:
        """Takes an encoded message.

        Args:
            name: See the attribute.
            field: See the attribute.
            context_id: See the attribute.
            made: The message.
            message_id: Where its message id stands.
            numbered: Where the values stand whose last ten characters are the number.
            identity: Root and lane of its UIDs; nothing for a message that names no instance.
            own: The first octets of the stream, with the values of this lane; None: all of it.
            octets: See the attribute.
            keep: What must live as long as this, for others to share.
        """
        self.alike: Likeness | None = None
        self.name = name
        self.field = field
        self.context_id = context_id
        self.octets = octets
        self.size = len(made.stream)
        self.multiple = field in (fields.C_FIND, fields.C_GET, fields.C_MOVE)
        self._root, self._lane = identity
        self._keep = keep
        self._view = memoryview(bytearray(made.stream) if own is None else own)
        self._vectors = [self._view]
        if len(self._view) < self.size:
            self._vectors.append(memoryview(made.stream)[len(self._view) :])
        self._message_id_at = next(message_id.pieces()).stream.start
        self._find_places(numbered)

    def patch(self, number: int, message_id: int) -> list[memoryview]:
        """Writes number and message id into the message.

        Args:
            number: Which object, 0 to 8 999 999 999.
            message_id: 0 to 65535.

        Returns:
            The buffers to send, one after another: always the same list, valid until the next
            call. Do not change it.
        """
        # A slice of a view takes octets in half the time that a slice of a bytearray does.
        own = self._view
        if self._numbered:
            digits = b"%d" % (FIRST_NUMBER + number)
            for place in self._places:
                own[place] = digits
            for piece in self._pieces:
                own[piece.stream] = digits[piece.value]
        _put_short(own, self._message_id_at, message_id)
        return self._vectors

    def sop_instance(self, number: int) -> str:
        """Returns the SOP Instance UID of an object; empty if the operation names none."""
        return naming.sop_instance_uid(self._root, self._lane, number) if self._root else ""

    def _find_places(self, numbered: Iterable[Spot]) -> None:
        whole: list[slice] = []
        cut: list[Piece] = []
        for spot in numbered:
            last = spot.length - naming.DIGITS
            pieces = list(spot.pieces(last))
            if len(pieces) == 1:
                whole.append(pieces[0].stream)
                continue
            cut += [
                Piece(p.stream, slice(p.value.start - last, p.value.stop - last)) for p in pieces
            ]
        self._places, self._pieces = tuple(whole), tuple(cut)
        self._numbered = bool(whole or cut)


def prepare_echo(context_id: int) -> Prepared:
    """Returns a C-ECHO."""
    return _plain("C-ECHO", context_id, wire.c_echo_rq(), None, 0)


def prepare_store(
    context_id: int,
    sop_class: str,
    dataset: bytes,
    *,
    uid_root: str,
    lane: int,
    max_pdu: int,
) -> Prepared:
    """Returns a C-STORE of objects that differ in their names and content marks only.

    Whatever UIDs of instance, study and series the data set has are replaced by those of the lane
    (:mod:`simulators.load.naming`). The same `dataset` object may be given for any number of
    lanes: what is long in it is kept once.

    Args:
        context_id: Presentation context id.
        sop_class: SOP Class UID.
        dataset: Data set in explicit or implicit VR little endian.
        uid_root: What all UIDs of the load begin with, at most 40 characters.
        lane: Which association of all.
        max_pdu: The device's maximum length, in octets; 0 is no limit.

    Raises:
        ValueError: The data set has no SOP Instance UID (0008,0018), or there is no such lane.
    """
    made = template(context_id, sop_class, dataset, uid_root, max_pdu)
    own = bytearray(memoryview(made.message.stream)[: made.cut])
    for spot in made.names:
        spot.write(own, naming.sop_instance_uid(uid_root, lane, 0).encode())
    if made.study is not None:
        made.study.write(own, naming.study_uid(uid_root, lane).encode())
    if made.series is not None:
        made.series.write(own, naming.series_uid(uid_root, lane).encode())
    if made.mark is not None:
        made.mark.write(own, naming.content_mark(lane))
    return Prepared(
        "C-STORE",
        fields.C_STORE,
        context_id,
        made.message,
        made.message_id,
        numbered=made.names if made.mark is None else (*made.names, made.mark),
        identity=(uid_root, lane),
        own=own,
        octets=made.octets,
        keep=made,
    )


def prepare_find(
    context_id: int, sop_class: str, identifier: bytes, *, max_pdu: int = 0
) -> Prepared:
    """Returns a C-FIND.

    Args:
        context_id: Presentation context id.
        sop_class: UID of the query model.
        identifier: The keys, encoded in the transfer syntax of the context.
        max_pdu: The device's maximum length, in octets; 0 is no limit.
    """
    return _plain("C-FIND", context_id, wire.c_find_rq(sop_class), identifier, max_pdu)


def prepare_get(
    context_id: int, sop_class: str, identifier: bytes, *, max_pdu: int = 0
) -> Prepared:
    """Returns a C-GET; arguments as for `prepare_find`."""
    return _plain("C-GET", context_id, wire.c_get_rq(sop_class), identifier, max_pdu)


def prepare_move(
    context_id: int, sop_class: str, identifier: bytes, destination: str, *, max_pdu: int = 0
) -> Prepared:
    """Returns a C-MOVE to the AE title `destination`; the rest as for `prepare_find`."""
    command = wire.c_move_rq(destination, sop_class)
    return _plain("C-MOVE", context_id, command, identifier, max_pdu)


def prepare_commit(
    context_id: int,
    references: Sequence[tuple[str, str]],
    *,
    uid_root: str,
    lane: int,
    transfer_syntax: str = uids.EXPLICIT_LE,
    max_pdu: int = 0,
) -> Prepared:
    """Returns a request for storage commitment; each number has a Transaction UID of its own.

    Args:
        context_id: Presentation context id of the Storage Commitment Push Model.
        references: SOP Class UID and SOP Instance UID of what shall be committed.
        uid_root: What the Transaction UIDs begin with.
        lane: Which association of all.
        transfer_syntax: That of the context: explicit or implicit VR little endian.
        max_pdu: The device's maximum length, in octets; 0 is no limit.

    Raises:
        KeyError: No such transfer syntax.
    """
    transaction = naming.transaction_uid(uid_root, lane, 0)
    command = wire.n_action_rq(
        uids.STORAGE_COMMITMENT_PUSH, uids.STORAGE_COMMITMENT_PUSH_INSTANCE, COMMIT_ACTION
    )
    dataset = wire.encode_dataset(_commitment(transaction, references), transfer_syntax)
    made = message(context_id, command, dataset, max_pdu)
    at = dataset.index(transaction.encode())
    return Prepared(
        "N-ACTION",
        fields.N_ACTION,
        context_id,
        made,
        command_spot(made, command, "MessageID"),
        numbered=(made.spot(at, len(transaction), command=False),),
        octets=len(dataset),
    )


def _commitment(
    transaction: str, references: Sequence[tuple[str, str]]
) -> tuple[wire.Element, ...]:
    items = tuple(
        wire.DataItem(
            elements=(
                wire.Element(tag=0x00081150, vr="UI", value=sop_class),
                wire.Element(tag=0x00081155, vr="UI", value=sop_instance),
            )
        )
        for sop_class, sop_instance in references
    )
    return (
        wire.Element(tag=0x00081195, vr="UI", value=transaction),
        wire.Element(tag=0x00081199, vr="SQ", value=items),
    )


def _plain(
    name: str, context_id: int, command: wire.Command, identifier: bytes | None, max_pdu: int
) -> Prepared:
    made = message(context_id, command, identifier, max_pdu)
    return Prepared(
        name,
        command.integer("CommandField") or 0,
        context_id,
        made,
        command_spot(made, command, "MessageID"),
        octets=len(identifier or b""),
    )
