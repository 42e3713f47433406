"""The conformance statement for machines: TOML, shaped after the security part of PS3.2.

Every key may be left out: what is not set is not claimed, and never means "no". A list is the
whole list: what is not in it is denied.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import ProfileError
from harness.model import JSON

Name = Annotated[str, Field(min_length=1, max_length=64)]
Names = Annotated[tuple[Name, ...], Field(max_length=256, strict=False)]
Version = Literal["1.0", "1.1", "1.2", "1.3"]
Versions = Annotated[tuple[Version, ...], Field(max_length=4, strict=False)]
Uid = Annotated[str, Field(pattern=r"^[0-9.]{1,64}$")]
Uids = Annotated[tuple[Uid, ...], Field(max_length=256, strict=False)]
TransportProfile = Literal["B.1", "B.3", "B.9", "B.10", "B.11", "B.12", "B.13", "ITI-19"]
UserIdentity = Literal["username", "username-passcode", "kerberos", "saml", "jwt"]


class _Part(BaseModel):
    """Any table of the statement: closed, so that a mistyped key is no silent omission."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Product(_Part):
    """``[product]``: of what the statement is."""

    manufacturer: str = Field(min_length=1, max_length=200)
    model: str = Field(min_length=1, max_length=200)
    version: str = Field(default="", max_length=200)
    document: str = Field(default="", max_length=200)
    date: str = Field(default="", max_length=40)


class AcceptorServices(_Part):
    """``[network.acceptor.services]``: services as SCP; true, false, or not said."""

    verification: bool | None = None
    storage: bool | None = None
    query: bool | None = None
    retrieve: bool | None = None
    storage_commitment: bool | None = None
    mpps: bool | None = None
    worklist: bool | None = None
    print: bool | None = None


class RequestorServices(_Part):
    """``[network.requestor.services]``: services as SCU; true, false, or not said."""

    verification: bool | None = None
    storage: bool | None = None
    query: bool | None = None
    retrieve: bool | None = None
    move: bool | None = None
    storage_commitment: bool | None = None
    worklist: bool | None = None
    print: bool | None = None


class Acceptor(_Part):
    """``[network.acceptor]``: what it does with associations that it is asked for."""

    services: AcceptorServices = AcceptorServices()
    transfer_syntaxes: Uids | None = None
    max_associations: Annotated[int, Field(ge=1, le=100_000)] | None = None
    max_pdu: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    artim_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    idle_timeout_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    implementation_class_uid: Uid | None = None
    implementation_version: Annotated[str, Field(min_length=1, max_length=16)] | None = None
    checks_called_ae: bool | None = None
    checks_calling_ae: bool | None = None
    checks_calling_host: bool | None = None
    keeps_to_roles: bool | None = None


class Requestor(_Part):
    """``[network.requestor]``: what it asks others for."""

    services: RequestorServices = RequestorServices()


class Network(_Part):
    """``[network]``: associations, in both directions."""

    acceptor: Acceptor = Acceptor()
    requestor: Requestor = Requestor()


class TlsAcceptor(_Part):
    """``[secure_transport.acceptor]``: TLS when it is called."""

    offered: bool | None = None
    refuses_clear: bool | None = None
    versions: Versions | None = None
    suites: Names | None = None
    client_certificates: bool | None = None
    binds_ae_title: bool | None = None


class TlsRequestor(_Part):
    """``[secure_transport.requestor]``: TLS when it calls."""

    versions: Versions | None = None
    suites: Names | None = None
    checks_host_name: bool | None = None
    never_in_clear: bool | None = None
    moves_with_tls: bool | None = None


class Certificates(_Part):
    """``[secure_transport.certificates]``: what it asks of certificates, and shows of its own."""

    checks_validity: bool | None = None
    refuses_weak_keys: bool | None = None
    checks_crl: bool | None = None
    checks_distribution_points: bool | None = None
    checks_ocsp: bool | None = None
    own_key: bool | None = None


class SecureTransport(_Part):
    """``[secure_transport]``: PS3.15 Annex B."""

    only_tls: bool | None = None
    profiles: Annotated[tuple[TransportProfile, ...], Field(strict=False)] | None = None
    acceptor: TlsAcceptor = TlsAcceptor()
    requestor: TlsRequestor = TlsRequestor()
    certificates: Certificates = Certificates()


class Authentication(_Part):
    """``[authentication]``: of users (PS3.7 D.3.3.7)."""

    verifies_users: bool | None = None
    user_identity_types: Annotated[tuple[UserIdentity, ...], Field(strict=False)] | None = None
    proof_per_association: bool | None = None
    locks_out: bool | None = None
    external_service: bool | None = None


class AccessControl(_Part):
    """``[access_control]``: who may do what."""

    by_identity: bool | None = None
    by_object: bool | None = None
    on_every_port: bool | None = None
    fixed_destinations: bool | None = None
    conceals_titles: bool | None = None
    emergency_access: bool | None = None


class Integrity(_Part):
    """``[integrity]``: what happens to objects that it keeps or sends."""

    bit_preserving: bool | None = None
    detects_changes: bool | None = None
    protects_on_the_line: bool | None = None
    tells_coercion: bool | None = None
    commits_truly: bool | None = None
    survives_restart: bool | None = None
    duplicates: Literal["keep", "refuse", "replace"] | None = None
    foreign_study: Literal["refuse", "quarantine", "flag"] | None = None


class Audit(_Part):
    """``[audit]``: PS3.15 A.5 and IHE ITI-20."""

    trail: bool | None = None
    dicom_schema: bool | None = None
    transports: Names | None = None
    repository: bool | None = None


class DeIdentification(_Part):
    """``[de_identification]``: PS3.15 Annex E."""

    offered: bool | None = None
    profiles: Names | None = None


class Signatures(_Part):
    """``[signatures]``: PS3.15 Annex C."""

    creates: bool | None = None
    verifies: bool | None = None
    profiles: Names | None = None


class Media(_Part):
    """``[media]``: interchange media and storage (PS3.15 Annex D)."""

    offered: bool | None = None
    encrypted: bool | None = None
    encrypted_at_rest: bool | None = None


class Time(_Part):
    """``[time]``: the clock (PS3.15 Annex F and G)."""

    synchronised: bool | None = None
    protocols: Names | None = None


class Statement(_Part):
    """A whole conformance statement."""

    schema_: Literal[1] = Field(alias="schema")
    product: Product
    network: Network = Network()
    secure_transport: SecureTransport = SecureTransport()
    authentication: Authentication = Authentication()
    access_control: AccessControl = AccessControl()
    integrity: Integrity = Integrity()
    audit: Audit = Audit()
    de_identification: DeIdentification = DeIdentification()
    signatures: Signatures = Signatures()
    media: Media = Media()
    time: Time = Time()

    def answers(self) -> dict[str, JSON]:
        """What is set, by the dotted key as it is written; ``[product]`` claims nothing."""
        dumped = self.model_dump(mode="json", exclude={"schema_", "product"}, exclude_none=True)
        return dict(_leaves("", dumped))


def parse(text: str, source: str) -> Statement:
    """Checks the text of a conformance statement; ``source`` names it in errors.

    Raises:
        ProfileError: One line that names file and key, and says how to mend it.
    """
    try:
        return Statement.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{source}: not valid TOML: {error}") from error
    except (ValidationError, RecursionError) as error:
        raise ProfileError(f"{source}: {_problem(error)}") from error


def claimable() -> tuple[str, ...]:
    """Every key that can claim something."""
    return tuple(_keys("", Statement))


def with_answer(statement: Statement, key: str, value: JSON) -> Statement:
    """The same statement with one answer replaced.

    Raises:
        ValueError: There is no such key, or the value does not fit it.
    """
    if key not in claimable():
        raise ValueError("no such key in a conformance statement")
    whole = statement.model_dump(mode="json", by_alias=True, exclude_none=True)
    table: dict[str, Any] = whole
    *path, leaf = key.split(".")
    for part in path:
        table = table.setdefault(part, {})
    table[leaf] = value
    try:
        return Statement.model_validate(whole)
    except ValidationError as error:
        raise ValueError(_problem(error)) from error


def _keys(before: str, part: type[BaseModel]) -> Iterator[str]:
    for name, field in part.model_fields.items():
        kind = field.annotation
        if not before and name in ("schema_", "product"):
            continue
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _keys(f"{before}{name}.", kind)
        else:
            yield f"{before}{name}"


def _leaves(before: str, table: Mapping[str, Any]) -> Iterator[tuple[str, JSON]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(f"{before}{name}.", value)
        else:
            yield f"{before}{name}", value


def _problem(error: ValidationError | RecursionError) -> str:
    """The first problem as one line: key, what is wrong, the way out."""
    if isinstance(error, RecursionError):
        return "tables nested too deeply: a statement has three levels"
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"]) or "statement"
    if problem["type"] == "extra_forbidden":
        return f"unknown key {key!r}: see docs/schema/statement.schema.json"
    if problem["type"] == "missing":
        return f"missing key {key!r}: add it"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{key!r}: {message[:1].lower()}{message[1:]} (got {_brief(problem['input'])})"


def _brief(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
