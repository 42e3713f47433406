"""Who may do what: roles by calling AE title and user, over operations, patients, destinations.

A title without a role may do everything, as in a device without a role matrix. What a role may not
see does not exist for it: a query finds nothing, a retrieve sends nothing, a destination is
unknown. What it may not do is refused, by the context or by status 0124H (PS3.7 C.5.18).

The file has one entry a line::

    role READER echo,find,get,move patients=PAT1,PAT2 to=WORKSTATION
    role WARD/rita echo,find
    role REFERRER echo,store,find own
    user rita her-passcode
    user tom
    key the-key-that-signs-tokens
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulators.devices.reference.command import C_ECHO, C_FIND, C_GET, C_MOVE, C_STORE, N_ACTION
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import PATIENT_ID, Instance
from simulators.devices.reference.items import UserIdentity
from simulators.devices.reference.uids import (
    STORAGE_COMMITMENT,
    STUDY_FIND,
    STUDY_GET,
    STUDY_MOVE,
    VERIFICATION,
    is_storage,
)

_FIELDS = {
    "echo": C_ECHO,
    "store": C_STORE,
    "find": C_FIND,
    "get": C_GET,
    "move": C_MOVE,
    "commit": N_ACTION,
}
_CLASSES = {
    VERIFICATION: C_ECHO,
    STUDY_FIND: C_FIND,
    STUDY_GET: C_GET,
    STUDY_MOVE: C_MOVE,
    STORAGE_COMMITMENT: N_ACTION,
}


class AccessFileError(ValueError):
    """The file of roles cannot be understood; the text names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one caller may do.

    Attributes:
        user: Who must be at the station; empty for anybody.
        operations: Command fields.
        patients: Patient IDs; empty for all.
        own: Only objects that this caller stored.
        destinations: Where a C-MOVE may send.
    """

    title: str
    user: str
    operations: frozenset[int]
    patients: frozenset[bytes] = frozenset()
    own: bool = False
    destinations: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Title and user, as in the file."""
        return f"{self.title}/{self.user}" if self.user else self.title


@dataclass(frozen=True, slots=True)
class Rules:
    """The file of roles, read.

    Attributes:
        users: User name to passcode; None for a user whose name is enough.
        key: What signs tokens (RFC 7515, HS256); empty where none are taken.
    """

    roles: tuple[Role, ...] = ()
    users: dict[str, bytes | None] = field(default_factory=dict[str, bytes | None])
    key: bytes = b""


@dataclass(slots=True)
class Warrant:
    """The role of one association."""

    role: Role
    _access: "Access"
    _first: bool | None = None

    def permits(self, field_: int) -> bool:
        """Tell whether the role has this operation."""
        return field_ in self.role.operations

    def admits_class(self, sop_class: bytes, *, taking: bool) -> bool:
        """Tell whether a context of this class may be accepted.

        Args:
            sop_class: Its abstract syntax.
            taking: The peer would take objects of the class, as in a C-GET.
        """
        if is_storage(sop_class):
            return self.permits(C_STORE) or (taking and self.permits(C_GET))
        needed = _CLASSES.get(sop_class)
        return needed is None or self.permits(needed)

    def may_store(self, patient: bytes) -> bool:
        """Tell whether an object of this patient may be stored."""
        allowed = not self.role.patients or patient.strip(b" \0") in self.role.patients
        if self._access.flaws.has("decides_by_first_object"):
            self._first = allowed if self._first is None else self._first
            return self._first
        return allowed

    def stored(self, sop_instance: bytes) -> None:
        """Note who stored an object."""
        self._access.owners[sop_instance] = self.role.name

    def visible(self, stored: Iterable[Instance], level: bytes) -> Iterable[Instance]:
        """Return the objects that exist for this role."""
        if level != b"STUDY" and self._access.flaws.has("hops_levels"):
            return stored
        return [each for each in stored if self._sees(each)]

    def may_send_to(self, destination: str) -> bool:
        """Tell whether a C-MOVE may name this destination."""
        if self._access.flaws.has("moves_to_any_destination"):
            return True
        return destination in self.role.destinations

    def _sees(self, instance: Instance) -> bool:
        if self.role.own and self._access.owners.get(instance.sop_instance) != self.role.name:
            return False
        patient = (instance.value(PATIENT_ID) or b"").strip(b" \0")
        return not self.role.patients or patient in self.role.patients


class Access:
    """The roles of one device, and who stored what."""

    def __init__(self, rules: Rules, flaws: Flaws) -> None:
        self.flaws = flaws
        self.owners: dict[bytes, str] = {}
        self._rules = rules
        self._proved: set[str] = set()

    def warrant(
        self, calling: str, same: Callable[[str, str], bool], identity: UserIdentity | None
    ) -> Warrant | None:
        """Return the warrant of a caller; None for one without a role.

        Args:
            calling: Calling AE title.
            same: How titles are compared.
            identity: What the request says of its user.

        Raises:
            PermissionError: The title needs a user, and nobody has proved to be one of its own.
        """
        roles = [role for role in self._rules.roles if same(calling, role.title)]
        if not roles:
            return None
        if not roles[0].user:
            return self._with(roles[0])
        if identity is None or not identity.primary:
            if self.flaws.has("user_identity_optional"):
                return self._with(roles[0])
            raise PermissionError("user identity missing")
        user = self._user(identity)
        for role in roles:
            if role.user == user:
                return self._with(role)
        raise PermissionError("user identity not accepted")

    def _with(self, role: Role) -> Warrant:
        if self.flaws.has("get_skips_roles"):
            role = replace(role, operations=role.operations | {C_GET})
        return Warrant(role, self)

    def _user(self, identity: UserIdentity) -> str | None:
        """Return who the user has proved to be; None for nobody."""
        # Only a request that names a user pays for the ways to prove it.
        from simulators.devices.reference.users import proved

        user = proved(identity, self._rules.users, self._rules.key)
        if self.flaws.has("caches_user_identity"):
            claimed = identity.primary.decode("utf-8", "replace")
            if user is not None:
                self._proved.add(user)
            elif claimed in self._proved:
                return claimed
        return user


def read_rules(path: Path) -> Rules:
    """Read a file of roles.

    Raises:
        OSError: It cannot be read.
        AccessFileError: A line cannot be understood.
    """
    roles: list[Role] = []
    users: dict[str, bytes | None] = {}
    key = b""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        kind, *words = line.split() or [""]
        if kind == "role" and len(words) > 1:
            roles.append(_role(words))
        elif kind == "user" and 1 <= len(words) <= 2:
            users[words[0]] = words[1].encode() if words[1:] else None
        elif kind == "key" and len(words) == 1:
            key = words[0].encode()
        elif kind and not kind.startswith("#"):
            raise AccessFileError(f"{path}: line {number} is no role, user or key")
    return Rules(tuple(roles), users, key)


def _role(words: list[str]) -> Role:
    title, _, user = words[0].partition("/")
    parts = [word.partition("=") for word in words[2:]]
    more = {name: value for name, _, value in parts}
    unknown = [name for name in words[1].split(",") if name not in _FIELDS]
    if unknown or more.keys() - {"patients", "to", "own"}:
        raise AccessFileError(f"role {words[0]} has an unknown operation or word")
    return Role(
        title=title,
        user=user,
        operations=frozenset(_FIELDS[name] for name in words[1].split(",")),
        patients=frozenset(one.encode() for one in more.get("patients", "").split(",") if one),
        own="own" in more,
        destinations=frozenset(one for one in more.get("to", "").split(",") if one),
    )
