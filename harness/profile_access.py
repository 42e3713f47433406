"""``[[identities]]`` and ``[authorisation]``: who may do what with which objects.

The owner of the device states the matrix: identities x operations x objects. A cell is allowed,
forbidden or, where nobody says anything, undeclared, and then nobody tries it.

Secrets come from the environment, from a file, or stand in the profile of a test bench; wherever
they come from, nothing that is kept may show them (:func:`masked`).
"""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, SecretStr, field_validator, model_validator

from harness.model import Claim
from harness.profile_sections import AeTitle, Port, Section

Operation = Literal["echo", "store", "find", "get", "move", "commit", "delete"]
Effect = Literal["allowed", "forbidden"]
Declared = Literal["allowed", "forbidden", "undeclared"]
Owner = Literal["own", "foreign"]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$")]

OPERATIONS: Final[tuple[Operation, ...]] = get_args(Operation)
ANY: Final = "any"
"""The object of a matrix that distinguishes none."""

WITHOUT_OBJECT: Final[frozenset[Operation]] = frozenset({"echo"})
"""Operations that touch no object: one cell for each identity."""

MASK: Final = "[redacted]"
"""What stands in the kept copy of a profile where a secret stood."""

_SHORTEST_SECRET = 8
_MOST_SECRET_BYTES = 32_768
_WAYS = ("", "_env", "_file")


class UserSection(Section):
    """``identities.user``: who is at the station (PS3.7 D.3.3.7).

    Type 1 is a user name, type 2 a user name and a passcode, type 5 a JSON Web Token.
    """

    type: Literal[1, 2, 5]
    name: str = Field(default="", max_length=256)
    passcode: SecretStr | None = None
    passcode_env: str | None = None
    passcode_file: str | None = None
    token: SecretStr | None = None
    token_env: str | None = None
    token_file: str | None = None

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        secret = {1: "", 2: "passcode", 5: "token"}[self.type]
        for kind in ("passcode", "token"):
            given = [kind + way for way in _WAYS if getattr(self, kind + way) is not None]
            if given and kind != secret:
                raise ValueError(f"{given[0]} does not belong to type = {self.type}")
            if kind == secret and len(given) != 1:
                raise ValueError(f"type = {self.type} needs one of {kind}, {kind}_env, {kind}_file")
        if self.type != 5 and not self.name:
            raise ValueError(f"type = {self.type} needs a name")
        self._refuse_short(self.passcode, self.token)
        return self

    @staticmethod
    def _refuse_short(*secrets: SecretStr | None) -> None:
        for secret in secrets:
            if secret is not None and len(secret.get_secret_value()) < _SHORTEST_SECRET:
                raise ValueError(
                    f"a secret needs {_SHORTEST_SECRET} characters, so that it can be told from "
                    "other text and masked in the evidence"
                )

    @property
    def secret_key(self) -> str:
        """Which key holds the secret, empty for type 1."""
        given = (kind + way for kind in ("passcode", "token") for way in _WAYS)
        return next((key for key in given if getattr(self, key) is not None), "")

    def secret(self, folder: Path) -> bytes:
        """The passcode or token; nothing for type 1.

        Args:
            folder: Against which a relative ``*_file`` is resolved.

        Raises:
            ValueError: The variable is not set, the file cannot be read, or this is a kept copy
                whose secrets are masked; the text names the key.
        """
        key = self.secret_key
        if not key:
            return b""
        given = getattr(self, key)
        if isinstance(given, SecretStr):
            if given.get_secret_value() == MASK:
                raise ValueError(f"{key} was masked when the profile was kept: give the original")
            return given.get_secret_value().encode()
        found = _from_outside(key, str(given), folder)
        if len(found) < _SHORTEST_SECRET:
            raise ValueError(f"{key} = {given!r} gives fewer than {_SHORTEST_SECRET} characters")
        return found


class IdentitySection(Section):
    """``[[identities]]``: one caller as the device knows it.

    Attributes:
        name: Its name in rules and reports.
        ae_title: Calling AE title.
        host: Loopback address that it calls from; unset leaves it to the system.
        user: Who is at the station, where the device asks for that.
    """

    name: Name
    ae_title: AeTitle
    host: str | None = None
    user: UserSection | None = None

    @field_validator("host")
    @classmethod
    def _is_loopback(cls, value: str | None) -> str | None:
        if value is not None and not _is_loopback(value):
            raise ValueError("must be an IPv4 address of the loopback network, such as 127.0.0.2")
        return value


class ObjectSection(Section):
    """``[[authorisation.objects]]``: objects that the device tells apart.

    Attributes:
        name: Its name in rules and reports.
        patient_id: Objects of this patient; unset: of a patient who is new for each play.
        ae_title: They are reached under this called AE title (storage areas of one device).
        owner: Stored by the identity itself (``own``), or by another one (``foreign``).
    """

    name: Name
    patient_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    ae_title: AeTitle | None = None
    owner: Owner | None = None


class RuleSection(Section):
    """``[[authorisation.rules]]``: a block of cells; without ``objects``, all of them."""

    identities: tuple[str, ...] = Field(min_length=1, strict=False)
    operations: tuple[Operation, ...] = Field(min_length=1, strict=False)
    objects: tuple[str, ...] = Field(default=(), strict=False)
    effect: Effect = "allowed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix."""

    identity: str
    operation: Operation
    object: str
    declared: Declared


class AuthorisationSection(Section):
    """``[authorisation]``: the matrix, and where C-MOVE may send.

    Attributes:
        unlisted: What holds for a cell that no rule names.
        destinations: AE titles of C-MOVE destinations that the device knows and that are us, with
            the identities that may send there.
        destination_port: Where the device has those destinations; 0 leaves ``{canary_port}`` to
            us.
    """

    unlisted: Literal["undeclared", "forbidden"] = "undeclared"
    objects: tuple[ObjectSection, ...] = Field(default=(), max_length=16, strict=False)
    rules: tuple[RuleSection, ...] = Field(min_length=1, max_length=256, strict=False)
    destinations: dict[AeTitle, list[str]] = Field(default_factory=dict)
    destination_port: Port = 0

    @model_validator(mode="after")
    def _names_are_its_own(self) -> Self:
        names = [each.name for each in self.objects]
        if len(set(names)) < len(names):
            raise ValueError("two objects have the same name")
        known = {each.name for each in self.listed_objects}
        if not self.destinations and any("move" in rule.operations for rule in self.rules):
            raise ValueError(
                "a rule names move: add destinations, a table of AE titles that are us, each with "
                "the identities that may send there"
            )
        for number, rule in enumerate(self.rules):
            unknown = [name for name in rule.objects if name not in known]
            if unknown:
                raise ValueError(
                    f"rules.{number}.objects names {unknown[0]!r}, which is no object here; "
                    f"known are {', '.join(sorted(known))}"
                )
        return self

    @property
    def listed_objects(self) -> tuple[ObjectSection, ...]:
        """The objects, or the one that stands for all where none are told apart."""
        return self.objects or (ObjectSection(name=ANY),)


def unknown_identity(
    authorisation: AuthorisationSection, identities: tuple[IdentitySection, ...]
) -> str:
    """Which key names an identity that does not exist, as a sentence; empty when all do."""
    known = {each.name for each in identities}
    named = {
        **{f"rules.{n}.identities": rule.identities for n, rule in enumerate(authorisation.rules)},
        **{
            f"destinations.{title}": tuple(who) for title, who in authorisation.destinations.items()
        },
    }
    for key, names in named.items():
        for name in names:
            if name not in known:
                return f"authorisation.{key} names {name!r}: add it to [[identities]]"
    return ""


def cells_of(
    authorisation: AuthorisationSection, identities: tuple[IdentitySection, ...]
) -> tuple[Cell, ...]:
    """The whole matrix, row by row: identity, then operation, then object.

    Raises:
        ValueError: Two rules contradict each other; the text names the cell.
    """
    said: dict[tuple[str, str, str], Declared] = {}
    for rule in authorisation.rules:
        for place in _places(rule, authorisation):
            if said.setdefault(place, rule.effect) != rule.effect:
                who, what, which = place
                raise ValueError(
                    f"authorisation.rules both allow and forbid {who!r} to {what} {which!r}"
                )
    names = [each.name for each in authorisation.listed_objects]
    owned = {each.name for each in authorisation.listed_objects if each.owner}

    def otherwise(what: Operation, which: str) -> Declared:
        # What nobody can try for want of a destination or of an owned object stays undeclared.
        untried = which in owned or (what == "move" and not authorisation.destinations)
        return "undeclared" if untried else authorisation.unlisted

    return tuple(
        Cell(who.name, what, which, said.get((who.name, what, which), otherwise(what, which)))
        for who, what in product(identities, OPERATIONS)
        for which in (names if what not in WITHOUT_OBJECT else [ANY])
    )


def access_claims(
    matrix: tuple[Cell, ...],
    identities: tuple[IdentitySection, ...],
    authorisation: AuthorisationSection | None,
) -> Mapping[Claim, bool]:
    """What the matrix claims."""
    said: dict[str, set[tuple[str, str]]] = {"allowed": set(), "forbidden": set()}
    for cell in matrix:
        said.setdefault(cell.declared, set()).add((cell.identity, cell.operation))
    allowed, forbidden = said["allowed"], said["forbidden"]
    served = {who for who, _ in allowed}
    retrieves = ("find", "get", "move")
    known = authorisation.destinations.values() if authorisation else ()
    entitled = {who for names in known for who in names}
    return {
        Claim.ROLE_MATRIX: bool(allowed and forbidden),
        Claim.GRANTS_SERVICES: any(who in served for who, _ in forbidden - allowed),
        Claim.GUARDS_OBJECTS: any(what in retrieves for _, what in forbidden & allowed),
        Claim.DECIDES_BY_OBJECT: _decides_by_object(matrix, authorisation),
        Claim.USER_IDENTITY: any(each.user and each.name in served for each in identities),
        Claim.MOVE_POLICY: any(what == "move" and who in entitled for who, what in allowed),
    }


def _decides_by_object(
    matrix: tuple[Cell, ...], authorisation: AuthorisationSection | None
) -> bool:
    """Tell whether an identity may do something with one object and not with another.

    Objects count as two only where they are reached under the same called AE title: what an
    association may do under another title is another question.
    """
    listed = authorisation.listed_objects if authorisation else ()
    titles = {each.name: each.ae_title for each in listed}
    sides: dict[tuple[str, str, str | None], set[Declared]] = {}
    for cell in matrix:
        if cell.operation in ("store", "find", "get"):
            key = (cell.identity, cell.operation, titles.get(cell.object))
            sides.setdefault(key, set()).add(cell.declared)
    return any({"allowed", "forbidden"} <= side for side in sides.values())


def _places(
    rule: RuleSection, authorisation: AuthorisationSection
) -> Iterator[tuple[str, str, str]]:
    objects = rule.objects or tuple(each.name for each in authorisation.listed_objects)
    for who, what in product(rule.identities, rule.operations):
        for which in objects if what not in WITHOUT_OBJECT else (ANY,):
            yield who, what, which


def secrets_of(identities: tuple[IdentitySection, ...], folder: Path) -> Mapping[str, bytes]:
    """The secret of each identity that has one and whose secret can be had, by its name."""
    found: dict[str, bytes] = {}
    for identity in identities:
        if identity.user is None:
            continue
        try:
            secret = identity.user.secret(folder)
        except ValueError:
            continue
        if secret:
            found[identity.name] = secret
    return found


def masked(text: str, secrets: Collection[bytes]) -> str:
    """The text of a profile without these secrets, as they stand there or in another string."""
    for secret in secrets:
        plain = secret.decode("utf-8", "replace")
        for form in dict.fromkeys((plain, json.dumps(plain, ensure_ascii=False)[1:-1])):
            text = text.replace(form, MASK)
    return text


def _from_outside(key: str, name: str, folder: Path) -> bytes:
    if key.endswith("_env"):
        if name not in os.environ:
            raise ValueError(f"{key} = {name!r}: the environment has no such variable")
        return os.environb[os.fsencode(name)]
    try:
        with (folder / name).open("rb") as file:
            return file.read(_MOST_SECRET_BYTES).rstrip(b"\r\n")
    except OSError as error:
        raise ValueError(f"{key} = {name!r}: cannot read it: {error.strerror}") from error


def _is_loopback(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == 4 and address.is_loopback
