"""Honest associations in one line each, and what a caller wants to know of a received one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulators.wire import uids
from simulators.wire.fields import Octets, octets, text
from simulators.wire.framing import ItemLike, StructuredItem
from simulators.wire.items import (
    AbstractSyntax,
    ApplicationContext,
    PresentationContextAC,
    PresentationContextRQ,
    TransferSyntax,
    UserInformation,
)
from simulators.wire.pdus import AssociateAC, AssociateRQ
from simulators.wire.user_items import (
    ImplementationClassUID,
    ImplementationVersionName,
    MaximumLength,
)

ACCEPTANCE = 0
"""Presentation context result: accepted (PS3.8 Table 9-18)."""


@dataclass(frozen=True, slots=True)
class Context:
    """One presentation context as a requestor thinks of it.

    Attributes:
        id: Presentation context id.
        abstract_syntax: SOP Class UID.
        transfer_syntaxes: Transfer syntax UIDs, preferred first.
    """

    id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...] = (uids.IMPLICIT_LE,)

    def item(self) -> PresentationContextRQ:
        """Return the item that proposes this context."""
        return PresentationContextRQ(
            id=self.id,
            abstract_syntax=self.abstract_syntax,
            transfer_syntaxes=tuple(self.transfer_syntaxes),
        )


def associate_rq(
    called: Octets,
    calling: Octets,
    contexts: Sequence[Context],
    max_length: int = 16384,
    user_items: Sequence[ItemLike] = (),
) -> AssociateRQ:
    """Return a conforming A-ASSOCIATE-RQ.

    Args:
        called: Called AE title.
        calling: Calling AE title.
        contexts: The presentation contexts to propose.
        max_length: Longest P-DATA-TF variable field that we accept, in octets; 0 is no limit.
        user_items: Further user-data sub-items.
    """
    return AssociateRQ(
        called=octets(called),
        calling=octets(calling),
        items=(
            ApplicationContext(),
            *(context.item() for context in contexts),
            _user_information(max_length, user_items),
        ),
    )


def associate_ac(
    rq: AssociateRQ,
    results: Mapping[int, tuple[int, str]],
    max_length: int = 16384,
    user_items: Sequence[ItemLike] = (),
) -> AssociateAC:
    """Return a conforming A-ASSOCIATE-AC to ``rq``.

    Args:
        rq: The request; AE titles and octets 43-74 are repeated as PS3.8 Table 9-17 asks.
        results: Result code and transfer syntax UID by presentation context id.
        max_length: Longest P-DATA-TF variable field that we accept, in octets; 0 is no limit.
        user_items: Further user-data sub-items.
    """
    answers = (
        PresentationContextAC(id=number, result=result, transfer_syntax=syntax)
        for number, (result, syntax) in results.items()
    )
    return AssociateAC(
        called=rq.called,
        calling=rq.calling,
        reserved3=rq.reserved3,
        items=(ApplicationContext(), *answers, _user_information(max_length, user_items)),
    )


def proposed_contexts(rq: AssociateRQ) -> list[Context]:
    """Return what an A-ASSOCIATE-RQ proposes, in order, repeated ids included; total."""
    return [
        Context(
            id=item.id,
            abstract_syntax=_uid_text(item.abstract_syntax),
            transfer_syntaxes=tuple(
                _uid_text(each)
                for each in item.transfer_syntaxes
                if isinstance(each, (bytes, str, TransferSyntax))
            ),
        )
        for item in rq.items
        if isinstance(item, PresentationContextRQ)
    ]


def accepted_contexts(ac: AssociateAC) -> dict[int, str]:
    """Return the transfer syntax UID of each accepted presentation context by its id; total."""
    return {
        item.id: _uid_text(item.transfer_syntax)
        for item in ac.items
        if isinstance(item, PresentationContextAC) and item.result == ACCEPTANCE
    }


def user_items_of(association: AssociateRQ | AssociateAC) -> list[ItemLike]:
    """Return the user-data sub-items of all User Information items, in order."""
    return [
        sub for item in association.items if isinstance(item, UserInformation) for sub in item.items
    ]


def max_length_of(association: AssociateRQ | AssociateAC) -> int | None:
    """Return the maximum P-DATA-TF length that the peer announced; None when it did not."""
    for sub in user_items_of(association):
        if isinstance(sub, MaximumLength):
            return sub.value
    return None


def application_context_of(association: AssociateRQ | AssociateAC) -> str | None:
    """Return the application context name; None when the item is missing."""
    for item in association.items:
        if isinstance(item, ApplicationContext):
            return text(item.name)
    return None


def _user_information(max_length: int, user_items: Sequence[ItemLike]) -> UserInformation:
    return UserInformation(
        items=(
            MaximumLength(value=max_length),
            ImplementationClassUID(uid=uids.IMPLEMENTATION_CLASS_UID),
            ImplementationVersionName(name=uids.IMPLEMENTATION_VERSION_NAME),
            *user_items,
        )
    )


def _uid_text(value: Octets | StructuredItem | None) -> str:
    if isinstance(value, (AbstractSyntax, TransferSyntax)):
        value = value.uid
    return text(value) if isinstance(value, (bytes, str)) else ""
