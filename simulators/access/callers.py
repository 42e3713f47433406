"""A requestor that calls as one identity of the profile: title, host, and who its user is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON
from harness.profile import IdentitySection
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.describe import reaction_of
from simulators.requestor import ANSWER_S, Requestor

BY_NAME, BY_PASSCODE, BY_TOKEN = 1, 2, 5
"""User identity types (PS3.7 D.3.3.7.1)."""


_GOES_ON = frozenset({Outcome.RESPONDED, Outcome.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Ending:
    """How an exchange ended, with its codes and counts."""

    outcome: Outcome
    detail: Mapping[str, JSON]

    def number(self, key: str) -> int | None:
        """A code or count, or None where there is none."""
        value = self.detail.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


class Caller(Requestor):
    """A requestor that calls as an identity; what it recorded last is kept as ``ending``.

    Args:
        stage: The play.
        identity: Who calls.
        called: Called AE title; by default the device's.
        secure: A TLS policy; left out: as for every requestor.
        actor: Under which name its observations stand.
    """

    def __init__(
        self,
        stage: Stage,
        identity: IdentitySection,
        *,
        called: str | None = None,
        secure: tls.AnyPolicy | None = None,
        actor: str = "attacker",
    ) -> None:
        self.identity = identity
        self.ending = Ending(Outcome.ACCEPTED, {})
        self.user_proved = False
        if identity.user is not None and identity.user.secret_key:
            stage.secretive = True
        super().__init__(
            stage,
            actor=actor,
            secure=secure,
            source=identity.host,
            calling=identity.ae_title,
            called=called,
        )

    @property
    def over(self) -> bool:
        """True when nothing more can be asked: it was ended, even where TCP is still open."""
        return self.ended is not None or self.ending.outcome not in _GOES_ON

    def leave(self) -> None:
        """Releases the association if it still stands."""
        if not self.over:
            self.release()

    def conclude(self, outcome: Outcome, detail: Mapping[str, JSON] | None = None) -> Outcome:
        """Records how the exchange ended."""
        self.ending = Ending(outcome, detail or {})
        return super().conclude(outcome, detail)

    def enter(
        self,
        contexts: Sequence[wire.Context],
        *,
        user_items: Sequence[wire.ItemLike] = (),
        identity: Sequence[wire.ItemLike] | None = None,
        lie: str = "",
    ) -> bool:
        """Asks for an association; True when it was accepted, whatever its contexts are.

        Otherwise the refusal is recorded as the outcome. An attacker's request counts as stimulus:
        it is where many devices decide.

        Args:
            contexts: What to propose.
            user_items: Further user-information sub-items.
            identity: What to say of the user; by default the truth.
            lie: The part of the request that deviates.
        """
        proof = identity_items(self.stage, self.identity) if identity is None else identity
        request = self.request(contexts, user_items=(*user_items, *proof))
        self.send(request, stimulus=self.actor == "attacker", lie=lie)
        answer = self.receive(ANSWER_S)
        if isinstance(answer, wire.AssociateAC):
            self.ending = Ending(Outcome.ACCEPTED, {})
            self.contexts = wire.accepted_contexts(answer)
            self.max_length = wire.max_length_of(answer) or 0
            answered = wire.user_items_of(answer)
            self.user_proved = any(isinstance(item, wire.UserIdentityAC) for item in answered)
            return True
        if answer is None:
            self.conclude(self.ended or Outcome.TIMEOUT)
        else:
            self.conclude(*reaction_of(answer))
        return False


def identity_of(stage: Stage, name: str) -> IdentitySection:
    """The identity with that name.

    Raises:
        PreconditionUnmetError: The profile has none.
    """
    for identity in stage.profile.identities:
        if identity.name == name:
            return identity
    stage.require(False, f"the profile has no identity {name!r}")
    raise AssertionError("unreachable")


def identity_items(stage: Stage, identity: IdentitySection) -> tuple[wire.ItemLike, ...]:
    """The honest 58H sub-item of an identity with a user, which asks for an answer.

    Raises:
        PreconditionUnmetError: Its secret cannot be had.
    """
    user = identity.user
    if user is None:
        return ()
    try:
        secret = user.secret(stage.profile.folder)
    except ValueError as error:
        stage.require(False, f"identity {identity.name!r}: {error}")
        raise AssertionError("unreachable") from error
    primary = secret if user.type == BY_TOKEN else user.name.encode()
    secondary = secret if user.type == BY_PASSCODE else b""
    return (
        wire.UserIdentityRQ(
            identity_type=user.type, positive_response=1, primary=primary, secondary=secondary
        ),
    )
