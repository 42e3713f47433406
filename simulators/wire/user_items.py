"""User-data sub-items (PS3.8 Annex D.1, PS3.7 D.3.3); all stand inside `UserInformation`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simulators.wire.fields import Octets, Part, counted, normalise, octets, size, u8, u16, u32
from simulators.wire.framing import Framed, UidItem, counted_text


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumLength(Framed):
    """51H, the longest P-DATA-TF variable field that the sender accepts; 0 is no limit."""

    type: ClassVar[int] = 0x51
    value: int = 16384

    def content(self) -> bytes:
        """Return the value, four octets."""
        return self.value.to_bytes(4, "big")

    def content_parts(self) -> list[Part]:
        """Return the value as a part."""
        return [u32("value", self.value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationClassUID(UidItem):
    """52H, implementation class UID (PS3.7 D.3.3.2)."""

    type: ClassVar[int] = 0x52


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncWindow(Framed):
    """53H, asynchronous operations window (PS3.7 D.3.3.3); 0 is no limit."""

    type: ClassVar[int] = 0x53
    invoked: int = 1
    performed: int = 1

    def content(self) -> bytes:
        """Return both counts, two octets each."""
        return self.invoked.to_bytes(2, "big") + self.performed.to_bytes(2, "big")

    def content_parts(self) -> list[Part]:
        """Return both counts as parts."""
        return [u16("invoked", self.invoked), u16("performed", self.performed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSelection(Framed):
    """54H, SCP/SCU role selection for one SOP Class (PS3.7 D.3.3.4)."""

    type: ClassVar[int] = 0x54
    uid: Octets
    scu: int = 0
    scp: int = 0
    uid_length: int | None = None

    def __post_init__(self) -> None:
        normalise(self, "uid")

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        return [
            *counted_text("uid", self.uid, self.uid_length),
            u8("scu", int(self.scu)),
            u8("scp", int(self.scp)),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationVersionName(Framed):
    """55H, implementation version name, 1 to 16 characters when honest (PS3.7 D.3.3.2)."""

    type: ClassVar[int] = 0x55
    name: Octets

    def __post_init__(self) -> None:
        normalise(self, "name")

    def content(self) -> bytes:
        """Return the name."""
        return octets(self.name)

    def content_parts(self) -> list[Part]:
        """Return the name as a part."""
        return [Part("name", octets(self.name))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedNegotiation(Framed):
    """56H, SOP Class extended negotiation (PS3.7 D.3.3.5)."""

    type: ClassVar[int] = 0x56
    uid: Octets
    info: bytes = b""
    uid_length: int | None = None

    def __post_init__(self) -> None:
        normalise(self, "uid")

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        return [*counted_text("uid", self.uid, self.uid_length), Part("info", self.info)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonExtendedNegotiation(Framed):
    """57H, SOP Class common extended negotiation (PS3.7 D.3.3.6).

    Octet 2 is the sub-item version here, not a reserved octet; it stays in ``reserved``.

    Attributes:
        uid: SOP Class UID.
        service_class_uid: Service Class UID.
        related: Related general SOP Class UIDs, or the raw octets of that list.
        tail: What follows the list; reserved in this version.
        uid_length: Declared length of ``uid``.
        service_class_uid_length: Declared length of ``service_class_uid``.
        related_length: Declared length of the whole list.
    """

    type: ClassVar[int] = 0x57
    uid: Octets
    service_class_uid: Octets
    related: tuple[Octets, ...] | bytes = ()
    tail: bytes = b""
    uid_length: int | None = None
    service_class_uid_length: int | None = None
    related_length: int | None = None

    def __post_init__(self) -> None:
        normalise(self, "uid", "service_class_uid")
        if isinstance(self.related, tuple):
            object.__setattr__(self, "related", tuple(octets(uid) for uid in self.related))

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        related: list[Part] = []
        if isinstance(self.related, bytes):
            related.append(Part("related", self.related))
        else:
            for index, uid in enumerate(self.related):
                related += counted_text(f"related[{index}]", uid, None)
        return [
            *counted_text("uid", self.uid, self.uid_length),
            *counted_text(
                "service_class_uid", self.service_class_uid, self.service_class_uid_length
            ),
            counted("related_length", self.related_length, size(related), 2),
            *related,
            Part("tail", self.tail),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdentityRQ(Framed):
    """58H, user identity (PS3.7 D.3.3.7.1).

    Attributes:
        identity_type: 1 user name, 2 user name and passcode, 3 Kerberos, 4 SAML, 5 JSON Web Token.
        positive_response: 1 asks for a 59H answer.
        primary: User name, ticket, assertion or token.
        secondary: Passcode, of type 2 only.
        primary_length: Declared length of ``primary``.
        secondary_length: Declared length of ``secondary``.
    """

    type: ClassVar[int] = 0x58
    identity_type: int = 1
    positive_response: int = 0
    primary: Octets = b""
    secondary: Octets = b""
    primary_length: int | None = None
    secondary_length: int | None = None

    def __post_init__(self) -> None:
        normalise(self, "primary", "secondary")

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        return [
            u8("identity_type", self.identity_type),
            u8("positive_response", int(self.positive_response)),
            *counted_text("primary", self.primary, self.primary_length),
            *counted_text("secondary", self.secondary, self.secondary_length),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdentityAC(Framed):
    """59H, the acceptor's answer to a user identity (PS3.7 D.3.3.7.2)."""

    type: ClassVar[int] = 0x59
    response: Octets = b""
    response_length: int | None = None

    def __post_init__(self) -> None:
        normalise(self, "response")

    def content_parts(self) -> list[Part]:
        """Return the named parts of the body."""
        return counted_text("response", self.response, self.response_length)
