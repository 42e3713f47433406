"""Whether and how the acceptor accepts an association (PS3.8 7.1.1, 9.3.3, 9.3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulators.devices.reference.associate import Associate, Proposal, ae_title
from simulators.devices.reference.dialogue import Accepted
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.items import invalid
from simulators.devices.reference.options import AcceptorOptions, Limits
from simulators.devices.reference.storage import Store
from simulators.devices.reference.uids import (
    APPLICATION_CONTEXT,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    IMPLICIT_LE,
    QUERY_RETRIEVE,
    is_storage,
    is_uid,
    transfer_syntaxes_of,
)
from simulators.wire import (
    ApplicationContext,
    AssociateAC,
    AsyncWindow,
    ImplementationClassUID,
    ImplementationVersionName,
    ItemLike,
    MaximumLength,
    PresentationContextAC,
    RoleSelection,
    UserIdentityAC,
    UserInformation,
    encode,
)

if TYPE_CHECKING:
    from simulators.devices.reference.access import Access, Warrant

PERMANENT, TRANSIENT = 1, 2
USER, ACSE, PRESENTATION = 1, 2, 3
ABSTRACT_SYNTAX_UNKNOWN, TRANSFER_SYNTAXES_UNKNOWN = 3, 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """An A-ASSOCIATE-RJ and why it is sent."""

    result: int
    source: int
    reason: int
    why: str


BUSY = Refusal(TRANSIENT, PRESENTATION, 2, "local limit exceeded")
CONGESTED = Refusal(TRANSIENT, PRESENTATION, 1, "temporary congestion")


@dataclass(frozen=True, slots=True)
class Grant:
    """What an accepted association may do.

    Attributes:
        results: (context id, result, transfer syntax) in order of proposal.
        contexts: The accepted ones by id.
        roles: SOP Class UID to (SCU role, SCP role) of the requestor, as answered.
        area: Subdirectory for stored objects; empty for none.
        warrant: What the caller may do; None for everything.
        user_proved: The requestor asked to be told that its user is who he says, and he is.
        host: Whence it calls; known only to a device with an audit trail.
    """

    calling: str
    results: tuple[tuple[int, int, bytes], ...]
    contexts: dict[int, Accepted]
    roles: dict[bytes, tuple[int, int]]
    area: str
    warrant: Warrant | None = None
    user_proved: bool = False
    host: str = ""


class Negotiator:
    """Decides on association requests."""

    def __init__(self, options: AcceptorOptions, store: Store) -> None:
        self._options = options
        self._flaws: Flaws = options.flaws
        self._store = store
        self._access = _access(options)

    def decide(
        self,
        request: Associate,
        proposals: Sequence[Proposal],
        host: str,
        certificate: bytes = b"",
    ) -> Grant | Refusal:
        """Decide on a request that is well formed.

        Args:
            request: The request.
            proposals: Its presentation contexts.
            host: Address that it came from.
            certificate: What the peer has shown in TLS (DER), or nothing.

        Raises:
            ProtocolError: It is refused by A-ABORT (twin FO-1).
        """
        refusal = self._unsupported(request)
        if refusal is not None:
            if self._flaws.has("FO-1"):
                raise invalid(refusal.why)
            return refusal
        called = ae_title(request.called)
        area = self._area(called)
        if called is None or not (self._called_here(called) or area):
            return Refusal(PERMANENT, USER, 7, "called AE title not recognised")
        calling = ae_title(request.calling)
        if calling is not None and not self._bound(calling, certificate):
            return Refusal(PERMANENT, USER, 3, "calling AE title without its certificate")
        if calling is not None and self._flaws.has("learns_destinations"):
            self._learn(calling, host)
        known = calling is not None and self._known(calling, host)
        known = known or self._open_to_queries(proposals)
        if calling is None or not (known or self._flaws.has("unknown_ae_may_store")):
            return Refusal(PERMANENT, USER, 3, "calling AE title not recognised")
        try:
            warrant = self._warrant(calling, request, certificate)
        except PermissionError as refused:
            return Refusal(PERMANENT, ACSE, 1, str(refused))
        grant = self._grant(calling, request, proposals, known=known, area=area, warrant=warrant)
        identity = request.user.identity
        if warrant is None or identity is None:
            return grant
        return replace(grant, user_proved=identity.answer and bool(warrant.role.user))

    def _warrant(self, calling: str, request: Associate, certificate: bytes) -> Warrant | None:
        """Return what the caller may do; None for everything.

        Raises:
            PermissionError: It takes a user who proves who he is.
        """
        skipped = bool(certificate) and self._flaws.has("tls_skips_roles")
        if self._access is None or skipped:
            return None
        return self._access.warrant(calling, self._same, request.user.identity)

    def _unsupported(self, request: Associate) -> Refusal | None:
        if not request.version & 1 and not self._flaws.has("ignores_protocol_version"):
            return Refusal(PERMANENT, ACSE, 2, "protocol version not supported")
        if request.application_context != APPLICATION_CONTEXT and not self._flaws.has(
            "ignores_application_context"
        ):
            return Refusal(PERMANENT, USER, 2, "application context name not supported")
        return None

    def _called_here(self, called: str) -> bool:
        if self._flaws.has("ignores_called_ae"):
            return True
        return self._same(called, self._options.ae_title)

    def _area(self, called: str | None) -> str:
        """Return the directory that the called AE title names (flaw ``ae_title_directory``)."""
        if called is None or not self._flaws.has("ae_title_directory"):
            return ""
        return called if (self._store.root / called).is_dir() else ""

    def _known(self, calling: str, host: str) -> bool:
        callers = self._options.callers
        if not callers:
            return True
        for title, bound in callers.items():
            if self._same(calling, title):
                return bound in (None, host) or self._flaws.has("ignores_source_host")
        return False

    def _learn(self, calling: str, host: str) -> None:
        """Take the address of whoever calls by the title of a destination for its own (flaw)."""
        destination = self._options.destinations.get(calling)
        if destination is not None:
            self._options.destinations[calling] = (host, destination[1])

    def _bound(self, calling: str, certificate: bytes) -> bool:
        """Tell whether a title that is bound to a certificate came with it."""
        wanted = self._options.bindings.get(calling)
        return wanted in (None, certificate) or self._flaws.has("ignores_ae_binding")

    def _open_to_queries(self, proposals: Sequence[Proposal]) -> bool:
        """Tell whether whoever asks for query or retrieve is let in (flaw)."""
        asks = any(proposal.abstract_syntax in QUERY_RETRIEVE for proposal in proposals)
        return asks and self._flaws.any_of("unknown_ae_may_query", "tells_what_exists")

    def _same(self, one: str, other: str) -> bool:
        if self._flaws.has("FO-2"):
            return one.casefold() == other.casefold()
        if self._flaws.has("compares_titles_loosely"):
            return other.casefold().startswith(one.casefold()[: len(other)])
        return one == other

    def _grant(
        self,
        calling: str,
        request: Associate,
        proposals: Sequence[Proposal],
        *,
        known: bool,
        area: str,
        warrant: Warrant | None,
    ) -> Grant:
        any_role = self._flaws.has("accepts_any_role")
        events = self._options.event_classes
        roles = {
            uid: (scu, scp if is_storage(uid) or uid in events or any_role else 0)
            for uid, (scu, scp) in request.user.roles.items()
            if is_uid(uid)
        }
        results = tuple(
            self._result(p, roles.get(p.abstract_syntax), known, warrant) for p in proposals
        )
        contexts = {
            number: Accepted(proposal.abstract_syntax, syntax)
            for proposal, (number, result, syntax) in zip(proposals, results, strict=True)
            if result == 0
        }
        return Grant(calling, results, contexts, roles, area, warrant)

    def _result(
        self,
        proposal: Proposal,
        role: tuple[int, int] | None,
        known: bool,
        warrant: Warrant | None,
    ) -> tuple[int, int, bytes]:
        supported = transfer_syntaxes_of(proposal.abstract_syntax)
        common = [syntax for syntax in proposal.transfer_syntaxes if syntax in supported]
        if not all(is_uid(u) for u in (proposal.abstract_syntax, *proposal.transfer_syntaxes)):
            # Only the flaw accepts_any_uid lets such a proposal come this far.
            return proposal.id, 0, proposal.transfer_syntaxes[0]
        taking = role is not None and bool(role[1])
        if warrant is not None and not warrant.admits_class(
            proposal.abstract_syntax, taking=taking
        ):
            return proposal.id, 1, proposal.transfer_syntaxes[0]
        if not known and proposal.abstract_syntax in QUERY_RETRIEVE:
            return proposal.id, 1, proposal.transfer_syntaxes[0]
        if not supported:
            return proposal.id, ABSTRACT_SYNTAX_UNKNOWN, proposal.transfer_syntaxes[0]
        if not common:
            return proposal.id, TRANSFER_SYNTAXES_UNKNOWN, proposal.transfer_syntaxes[0]
        if taking:
            common = self._stored_first(proposal.abstract_syntax, common)
        return proposal.id, 0, common[0]

    def _stored_first(self, sop_class: bytes, common: list[bytes]) -> list[bytes]:
        """Prefer the syntax in which objects of a class wait to be retrieved: none is converted."""
        stored = [i.transfer_syntax for i in self._store if i.sop_class == sop_class]
        return sorted(common, key=lambda syntax: -stored.count(syntax))


def acceptance(request: Associate, grant: Grant, limits: Limits) -> bytes:
    """Return the A-ASSOCIATE-AC for a request, encoded."""
    window = request.user.window
    roles: tuple[ItemLike, ...] = tuple(
        RoleSelection(uid=uid, scu=scu, scp=scp) for uid, (scu, scp) in grant.roles.items()
    )
    user = UserInformation(
        items=(
            MaximumLength(value=limits.pdu),
            ImplementationClassUID(uid=IMPLEMENTATION_CLASS),
            *(() if window is None else (_answered(window, limits.window),)),
            ImplementationVersionName(name=IMPLEMENTATION_VERSION),
            *roles,
            *((UserIdentityAC(),) if grant.user_proved else ()),
        )
    )
    contexts = tuple(
        PresentationContextAC(id=number, result=result, transfer_syntax=syntax)
        for number, result, syntax in grant.results
    )
    return encode(
        AssociateAC(
            called=request.called,
            calling=request.calling,
            items=(ApplicationContext(), *contexts, user),
        )
    )


def _access(options: AcceptorOptions) -> Access | None:
    if options.rules is None:
        return None
    # Only a device with roles loads them.
    from simulators.devices.reference.access import Access

    return Access(options.rules, options.flaws)


def _answered(window: tuple[int, int], most: int) -> AsyncWindow:
    """Return the answer to a window: no number above what was asked for, where 0 is no limit.

    Operations of one association are performed in their order, so the device itself never has more
    than one outstanding.
    """
    invoked, _ = window
    return AsyncWindow(invoked=min(invoked or most, most), performed=1)


EARLY_CONTEXT = {1: Accepted(b"1.2.840.10008.1.1", IMPLICIT_LE)}
"""What the flaw ``processes_early_pdata`` assumes before anything was negotiated."""
