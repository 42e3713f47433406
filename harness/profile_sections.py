"""The sections of a device profile: keys, types and ranges, closed to anything else.

:mod:`harness.profile` puts them together, reads the file and draws the claims from it; whoever
needs a section imports it from there.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from harness import deployments
from harness.deployments import Responsible
from harness.model import JSON, Claim

Port = Annotated[int, Field(ge=0, le=65535)]
AeTitle = Annotated[str, Field(min_length=1, max_length=16)]
Service = Literal[
    "verification", "storage", "query", "retrieve", "query-retrieve", "move", "worklist", "mpps",
    "storage-commitment", "print",
]  # fmt: skip
RetrieveMode = Literal["normal", "bit-preserving", "per-study"]
HookValue = Literal["calling_ae", "called_ae", "patient_name", "sop_instance"]
TlsVersion = Literal["1.2", "1.3"]
TlsProfile = Literal["B.1", "B.3", "B.9", "B.10", "B.11", "B.12", "B.13", "ITI-19"]
RevocationWay = Literal["crl", "cdp", "ocsp"]

TLS_PROFILE_CLAIMS: Mapping[TlsProfile, Claim] = {
    "B.1": Claim.TLS_B_1,
    "B.3": Claim.TLS_B_3,
    "B.9": Claim.TLS_B_9,
    "B.10": Claim.TLS_B_10,
    "B.11": Claim.TLS_B_11,
    "B.12": Claim.TLS_B_12,
    "B.13": Claim.TLS_B_13,
    "ITI-19": Claim.TLS_ITI_19,
}
"""The claim that stands for each profile."""


class Section(BaseModel):
    """Any table of the profile: closed, so that a mistyped key is no silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DeviceSection(Section):
    """``[device]``: identity."""

    manufacturer: str = Field(min_length=1, max_length=200)
    model: str = Field(min_length=1, max_length=200)
    version: str = Field(default="", max_length=200)
    serial: str = Field(default="", max_length=200)
    deployment: str = Field(default="", max_length=200)
    responsible: Responsible | None = None

    @field_validator("deployment")
    @classmethod
    def _is_a_known_deployment(cls, value: str) -> str:
        if value and value not in deployments.load():
            raise ValueError(f"is no known deployment: there are {', '.join(deployments.load())}")
        return value


class AssessmentSection(Section):
    """``[assessment]``: who tests, as a test report has to state it; each key is optional."""

    testers: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        default=(), max_length=64, strict=False
    )
    organisation: str = Field(default="", max_length=200)
    independence: str = Field(default="", max_length=2000)
    expertise: str = Field(default="", max_length=2000)
    scope: str = Field(default="", max_length=4000)
    methods: str = Field(default="", max_length=4000)
    effort: str = Field(default="", max_length=400)

    def stated(self) -> dict[str, JSON]:
        """What is stated, for the head of a record."""
        return {key: value for key, value in self.model_dump(mode="json").items() if value}


class ScopeSection(Section):
    """``[scope]``: rules of engagement; loopback only unless the profile says otherwise."""

    networks: tuple[str, ...] = Field(default=("127.0.0.0/8", "::1/128"), strict=False)
    max_rate: float = Field(default=2000.0, gt=0, le=100_000)
    max_connections: int = Field(default=128, ge=1, le=4096)
    max_bytes: int = Field(default=256 * 2**20, ge=1, le=2**34)
    destructive: bool = False
    real_patients: bool | None = None
    authorised_by: str = ""
    until: datetime.date | None = None

    @field_validator("networks")
    @classmethod
    def _networks_parse(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @model_validator(mode="after")
    def _somebody_permits_the_rest(self) -> Self:
        beyond = [n for n in self.networks if not ipaddress.ip_network(n).is_loopback]
        if beyond and not self.authorised_by.strip():
            raise ValueError(
                f"networks {beyond} are not loopback: set authorised_by to who permits the test"
            )
        return self


class AcceptorSection(Section):
    """``[acceptor]``: where the device listens and what it claims there."""

    host: str = "127.0.0.1"
    port: Port | None = None
    tls_port: Port | None = None
    ae_title: AeTitle = "ANY-SCP"
    calling_ae_titles: tuple[AeTitle, ...] = Field(default=(), strict=False)
    calling_hosts: dict[str, str] = Field(default_factory=dict)
    checks_called_ae: bool | None = None
    ignores_ae_case: bool | None = None
    conceals_titles: bool | None = None
    guess_limit: Annotated[int, Field(ge=1, le=40)] | None = None
    minimum_query_characters: Annotated[int, Field(ge=1, le=16)] | None = None
    scu_roles: tuple[Service, ...] | None = Field(default=None, strict=False)
    services: tuple[Service, ...] = Field(default=(), strict=False)
    max_associations: Annotated[int, Field(ge=1, le=100_000)] | None = None
    artim_s: Annotated[float, Field(gt=0, le=300)] | None = None
    idle_timeout_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    max_pdu: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    transfer_syntaxes: tuple[str, ...] = Field(default=(), strict=False)
    transcodes: bool | None = None
    duplicates: Literal["keep", "refuse", "replace"] | None = None
    rejection_ae_titles: tuple[AeTitle, ...] = Field(default=(), strict=False)
    hook_values: tuple[HookValue, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _some_port(self) -> Self:
        if self.port is None and self.tls_port is None:
            raise ValueError("give port, tls_port or both")
        return self


class TlsSection(Section):
    """``[tls]``: claimed profile, trust and identities.

    ``authority_cert`` and ``authority_key`` are a *test* authority that the device trusts; with
    them the harness can issue flawed identities. Left out for a device that the harness starts.
    """

    profile: TlsProfile | None = None
    profiles: tuple[TlsProfile, ...] = Field(default=(), strict=False)
    policies: tuple[str, ...] = Field(default=(), strict=False)
    mutual: bool | None = None
    versions: tuple[TlsVersion, ...] = Field(default=("1.2",), strict=False)
    checks_host_name: bool | None = None
    checks_revocation: tuple[RevocationWay, ...] = Field(default=(), strict=False)
    revocation_unknown: Literal["refuse", "accept"] | None = None
    bound_ae_title: AeTitle | None = None
    own_identity: bool | None = None
    move_destination: AeTitle | None = None
    move_port: Port = 0
    authority_cert: str | None = None
    authority_key: str | None = None

    @property
    def claimed_profiles(self) -> tuple[TlsProfile, ...]:
        """Every profile that is claimed, whichever key names it."""
        first = () if self.profile is None else (self.profile,)
        return tuple(dict.fromkeys((*first, *self.profiles)))


class RequestorSection(Section):
    """``[requestor]``: how the device is made to call us.

    ``commands`` make it call in clear, or with TLS where ``tls = true``; a device that can do both
    has ``tls_commands`` beside them. ``retrieve_modes`` are further ways in which it retrieves.
    """

    services: tuple[Service, ...] = Field(default=(), strict=False)
    commands: dict[Service, list[str]] = Field(default_factory=dict)
    tls_commands: dict[Service, list[str]] = Field(default_factory=dict)
    retrieve_modes: dict[RetrieveMode, list[str]] = Field(default_factory=dict)
    failure_marks: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), strict=False)
    max_matches: Annotated[int, Field(ge=1, le=100_000)] | None = None
    checks_retrieved: bool | None = None
    deletes_committed: bool | None = None
    manual: bool = False
    manual_timeout_s: float = Field(default=300.0, gt=0, le=3600)
    timeout_s: float = Field(default=30.0, gt=0, le=300)
    tls: bool = False
    max_pdu: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    env: dict[str, str] = Field(default_factory=dict)

    def commands_for(self, *, secure: bool) -> dict[str, list[str]]:
        """The commands that make the device call with TLS, or in clear, by service.

        A mode of retrieving stands as ``"retrieve MODE"``.
        """
        chosen = self.tls_commands if secure and self.tls_commands else self.commands
        modes = {f"retrieve {mode}": command for mode, command in self.retrieve_modes.items()}
        return {str(service): command for service, command in chosen.items()} | modes

    @property
    def calls_with_tls(self) -> bool:
        """True when it can be made to call with TLS."""
        return self.tls or bool(self.tls_commands)

    @model_validator(mode="after")
    def _every_service_has_a_way(self) -> Self:
        known = self.commands.keys() | self.tls_commands.keys()
        missing = [name for name in self.services if name not in known]
        if missing and not self.manual:
            raise ValueError(
                f"no command for {', '.join(missing)}: add it to [requestor.commands] "
                "or set manual = true"
            )
        return self


class ProcessFile(Section):
    """``[[process.files]]``: a file that the harness writes before the device starts."""

    path: str
    text: str


class ProcessSection(Section):
    """``[process]``: how the harness starts, watches and stops the device; optional."""

    start: list[str] = Field(default_factory=list)
    reload: list[str] = Field(default_factory=list)
    ready_s: float = Field(default=10.0, gt=0, le=300)
    storage: str | None = None
    logs: list[str] = Field(default_factory=list)
    env: dict[str, str] = Field(default_factory=dict)
    requires: list[str] = Field(default_factory=list)
    install: str = ""
    crash_patterns: list[str] = Field(default_factory=list)
    restarts: int = Field(default=20, ge=0, le=1000)
    files: list[ProcessFile] = Field(default_factory=list)

    @property
    def takes_tls_files(self) -> bool:
        """True when the device is told on which files its TLS rests."""
        told = " ".join((*self.start, *(file.text for file in self.files)))
        return all(name in told for name in ("{key}", "{cert}", "{ca}")) and bool(self.start)


class Hl7Section(Section):
    """``[hl7]``: the device's MLLP listener for HL7 version 2, on the acceptor's host."""

    port: Port


class IntegritySection(Section):
    """``[integrity]``: what the device claims to do for objects that it keeps; unset is no claim.

    ``commitment_ae`` and ``commitment_port`` claim nothing: they say which AE title of ours it
    calls to report on storage commitment, and where. Left out, it reports on the association
    that asked (PS3.4 J.3.3 permits both).
    """

    bit_preserving: bool | None = None
    checks_stored: bool | None = None
    foreign_study: Literal["refuse", "quarantine", "flag"] | None = None
    commitment_ae: AeTitle | None = None
    commitment_port: Port = 0


class ReviewsSection(Section):
    """``[reviews]``: somebody answers questions about the device; the section alone claims that."""

    answers: str = Field(default="", max_length=4096)
    keys: tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...] = Field(
        default=(), max_length=32, strict=False
    )


_NO_CLAIMS = frozenset({"move_destination", "move_port"})


class LoadSection(Section):
    """``[load]``: what the device claims to bear; each number is a claim, and unset is no claim.

    ``move_destination`` and ``move_port`` claim nothing: they say where its C-MOVE finds us.
    """

    rate: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    p99_ms: Annotated[float, Field(gt=0, le=600_000)] | None = None
    size_bytes: int = Field(default=4096, ge=256, le=2**30)
    associations: int = Field(default=4, ge=1, le=4096)
    recovery_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    memory_growth: Annotated[int, Field(ge=1, le=2**40)] | None = None
    fair_share: Annotated[float, Field(gt=0, le=1)] | None = None
    ae_associations: Annotated[int, Field(ge=1, le=100_000)] | None = None
    max_results: Annotated[int, Field(ge=1, le=10**9)] | None = None
    storage_quota: Annotated[int, Field(ge=1, le=2**50)] | None = None
    move_destination: AeTitle | None = None
    move_port: Port = 0

    @property
    def claims_anything(self) -> bool:
        """False where it only says where C-MOVE finds us."""
        return not self.model_fields_set <= _NO_CLAIMS

    def facts(self) -> dict[str, JSON]:
        """What oracles may use, each under its key with ``load_`` before it."""
        claims = self.model_dump(exclude=set(_NO_CLAIMS))
        return {f"load_{key}": value for key, value in claims.items()}
