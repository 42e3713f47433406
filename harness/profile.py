"""The device profile (``device.toml``): claims and the facts that a test needs.

In the words of ISO 9646: ICS and IXIT in one file.

Typed and closed: an unknown key, a wrong type or a value out of range is one clear line that names
the key as the user wrote it. A claim left out is *unset*, which is not "no".
"""

from __future__ import annotations

import datetime
import difflib
import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from harness import tls_policy
from harness.errors import ProfileError
from harness.model import JSON, Claim, Role

DEFAULT_ARTIM_S = 30.0
"""What most devices use for ARTIM (PS3.8 9.1.5 lays down no value)."""

Port = Annotated[int, Field(ge=0, le=65535)]
AeTitle = Annotated[str, Field(min_length=1, max_length=16)]
Service = Literal[
    "verification", "storage", "query", "retrieve", "query-retrieve", "worklist", "mpps",
    "storage-commitment", "print",
]  # fmt: skip
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


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DeviceSection(_Section):
    """``[device]``: identity."""

    manufacturer: str = Field(min_length=1, max_length=200)
    model: str = Field(min_length=1, max_length=200)
    version: str = Field(default="", max_length=200)
    serial: str = Field(default="", max_length=200)
    deployment: str = Field(default="", max_length=200)


class ScopeSection(_Section):
    """``[scope]``: rules of engagement; loopback only unless the profile says otherwise."""

    networks: tuple[str, ...] = Field(default=("127.0.0.0/8", "::1/128"), strict=False)
    max_rate: float = Field(default=2000.0, gt=0, le=100_000)
    max_connections: int = Field(default=128, ge=1, le=4096)
    max_bytes: int = Field(default=256 * 2**20, ge=1, le=2**34)
    destructive: bool = False
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


class AcceptorSection(_Section):
    """``[acceptor]``: where the device listens and what it claims there."""

    host: str = "127.0.0.1"
    port: Port | None = None
    tls_port: Port | None = None
    ae_title: AeTitle = "ANY-SCP"
    calling_ae_titles: tuple[AeTitle, ...] = Field(default=(), strict=False)
    calling_hosts: dict[str, str] = Field(default_factory=dict)
    checks_called_ae: bool | None = None
    services: tuple[Service, ...] = Field(default=(), strict=False)
    max_associations: Annotated[int, Field(ge=1, le=100_000)] | None = None
    artim_s: Annotated[float, Field(gt=0, le=300)] | None = None
    idle_timeout_s: Annotated[float, Field(gt=0, le=3600)] | None = None
    max_pdu: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    transfer_syntaxes: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _some_port(self) -> Self:
        if self.port is None and self.tls_port is None:
            raise ValueError("give port, tls_port or both")
        return self


class TlsSection(_Section):
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


class RequestorSection(_Section):
    """``[requestor]``: how the device is made to call us.

    ``commands`` make it call in clear, or with TLS where ``tls = true``; a device that can do both
    has ``tls_commands`` beside them.
    """

    services: tuple[Service, ...] = Field(default=(), strict=False)
    commands: dict[Service, list[str]] = Field(default_factory=dict)
    tls_commands: dict[Service, list[str]] = Field(default_factory=dict)
    manual: bool = False
    manual_timeout_s: float = Field(default=300.0, gt=0, le=3600)
    timeout_s: float = Field(default=30.0, gt=0, le=300)
    tls: bool = False
    max_pdu: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    env: dict[str, str] = Field(default_factory=dict)

    def commands_for(self, *, secure: bool) -> dict[str, list[str]]:
        """The commands that make the device call with TLS, or in clear, by service."""
        chosen = self.tls_commands if secure and self.tls_commands else self.commands
        return {str(service): command for service, command in chosen.items()}

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


class ProcessFile(_Section):
    """``[[process.files]]``: a file that the harness writes before the device starts."""

    path: str
    text: str


class ProcessSection(_Section):
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


class Profile(_Section):
    """A whole device profile."""

    schema_: Literal[1] = Field(alias="schema")
    device: DeviceSection
    scope: ScopeSection = ScopeSection()
    acceptor: AcceptorSection | None = None
    tls: TlsSection | None = None
    requestor: RequestorSection | None = None
    process: ProcessSection | None = None
    source: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _something_to_test(self) -> Self:
        if self.acceptor is None and self.requestor is None:
            raise ValueError("nothing to test: add [acceptor] or [requestor]")
        if self.acceptor and self.acceptor.tls_port is not None and self.tls is None:
            raise ValueError("acceptor.tls_port needs a [tls] section")
        return self

    @property
    def folder(self) -> Path:
        """The folder of the file, against which relative paths are resolved."""
        return Path(self.source).resolve().parent if self.source else Path.cwd()

    @property
    def artim_s(self) -> float:
        """The claimed ARTIM timer, or what is usual."""
        claimed = self.acceptor.artim_s if self.acceptor else None
        return DEFAULT_ARTIM_S if claimed is None else claimed

    def house_policies(self) -> tuple[tls_policy.Policy, ...]:
        """The TLS policies of the house that ``[tls] policies`` names.

        Raises:
            ProfileError: A file cannot be read, or is malformed.
        """
        named = self.tls.policies if self.tls else ()
        return tuple(tls_policy.house(self.folder / name) for name in named)

    def services(self, role: Role) -> frozenset[str]:
        """Services claimed for a role, with ``query-retrieve`` spelt out."""
        section = self.acceptor if role is Role.ACCEPTOR else self.requestor
        named: set[str] = set(section.services) if section else set()
        if "query-retrieve" in named:
            named |= {"query", "retrieve"}
        return frozenset(named)

    def claims(self) -> frozenset[Claim]:
        """Everything that the device claims."""
        return frozenset(claim for claim, held in _claims(self).items() if held)

    def facts(self) -> dict[str, JSON]:
        """What oracles may use, for storage in the record."""
        acceptor, requestor = self.acceptor, self.requestor
        return {
            "artim_s": self.artim_s,
            "artim_claimed": bool(acceptor and acceptor.artim_s is not None),
            "idle_timeout_s": acceptor.idle_timeout_s if acceptor else None,
            "max_associations": acceptor.max_associations if acceptor else None,
            "max_pdu": acceptor.max_pdu if acceptor else None,
            "requestor_timeout_s": requestor.timeout_s if requestor else None,
            "tls_profile": self.tls.profile if self.tls else None,
            "tls_profiles": list(self.tls.claimed_profiles) if self.tls else [],
            "tls_policies": [tls_policy.dumped(one) for one in self.house_policies()],
            "revocation_unknown": self.tls.revocation_unknown if self.tls else None,
            "claims": sorted(claim.value for claim in self.claims()),
        }


def load(path: Path) -> Profile:
    """Reads and checks a profile.

    Raises:
        ProfileError: One line that names file and key, and says how to mend it.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ProfileError(f"{path}: cannot read the profile: {reason}") from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Profile:
    """Checks the text of a profile; ``source`` names it in errors.

    Raises:
        ProfileError: As for :func:`load`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{source}: not valid TOML: {error}") from error
    if "source" in data:
        raise ProfileError(f"{source}: unknown key 'source': the harness sets it itself")
    try:
        profile = Profile.model_validate({**data, "source": source})
    except ValidationError as error:
        raise ProfileError(f"{source}: {_first_problem(error)}") from error
    profile.house_policies()  # a broken file is refused now, not in the middle of a run
    return profile


def _claims(profile: Profile) -> Mapping[Claim, bool]:
    acceptor, tls, requestor = profile.acceptor, profile.tls, profile.requestor
    offered, asked = profile.services(Role.ACCEPTOR), profile.services(Role.REQUESTOR)
    controlled = bool(tls and (tls.authority_key or profile.process or requestor))
    tls_port = bool(acceptor and acceptor.tls_port is not None)
    profiles = tls.claimed_profiles if tls else ()
    return {
        Claim.ACCEPTOR: acceptor is not None,
        Claim.VERIFICATION_SCP: "verification" in offered,
        Claim.STORAGE_SCP: "storage" in offered,
        Claim.QUERY_SCP: "query" in offered,
        Claim.RETRIEVE_SCP: "retrieve" in offered,
        Claim.PLAIN_ACCEPTOR: bool(acceptor and acceptor.port is not None),
        Claim.TLS_ACCEPTOR: tls_port,
        Claim.MUTUAL_TLS: tls_port and bool(tls and tls.mutual),
        Claim.TLS_1_3: bool(tls and "1.3" in tls.versions),
        Claim.TRUST_CONTROLLED: controlled,
        Claim.CHECKS_CALLED_AE: bool(acceptor and acceptor.checks_called_ae),
        Claim.CHECKS_CALLING_AE: bool(acceptor and acceptor.calling_ae_titles),
        Claim.CHECKS_CALLING_HOST: bool(acceptor and acceptor.calling_hosts),
        Claim.ASSOCIATION_LIMIT: bool(acceptor and acceptor.max_associations),
        Claim.IDLE_TIMEOUT: bool(acceptor and acceptor.idle_timeout_s),
        Claim.CONCURRENT_ASSOCIATIONS: bool(acceptor and acceptor.max_associations != 1),
        Claim.DEFLATED: bool(acceptor and "1.2.840.10008.1.2.1.99" in acceptor.transfer_syntaxes),
        Claim.REQUESTOR: requestor is not None,
        Claim.VERIFICATION_SCU: "verification" in asked,
        Claim.STORAGE_SCU: "storage" in asked,
        Claim.RETRIEVE_SCU: "retrieve" in asked,
        Claim.PLAIN_REQUESTOR: bool(requestor and not requestor.tls),
        Claim.TLS_REQUESTOR: bool(requestor and requestor.calls_with_tls),
        Claim.CHECKS_HOST_NAME: bool(tls and tls.checks_host_name),
        Claim.CHECKS_CRL: bool(tls and "crl" in tls.checks_revocation),
        Claim.CHECKS_DISTRIBUTION_POINTS: bool(tls and "cdp" in tls.checks_revocation),
        Claim.CHECKS_OCSP: bool(tls and "ocsp" in tls.checks_revocation),
        Claim.BINDS_AE_TITLE: tls_port and bool(tls and tls.bound_ae_title),
        Claim.MOVES_WITH_TLS: bool(tls and tls.move_destination),
        Claim.OWN_IDENTITY: tls_port and bool(tls and tls.own_identity),
        **{claim: name in profiles for name, claim in TLS_PROFILE_CLAIMS.items()},
        Claim.TLS_HOUSE_POLICY: bool(tls and tls.policies),
        Claim.OWN_PROCESS: bool(profile.process and profile.process.takes_tls_files),
    }


def _first_problem(error: ValidationError) -> str:
    """The first problem as one line: key, what is wrong, the way out."""
    problem = error.errors()[0]
    where = [str(part) for part in problem["loc"]]
    key = ".".join(where) or "profile"
    if problem["type"] == "extra_forbidden":
        return f"unknown key '{key}'{_nearest(where)}"
    if problem["type"] == "missing":
        return f"missing key '{key}': add it"
    message = problem["msg"].removeprefix("Value error, ")
    given = problem["input"]
    shown = f" (got {given!r})" if isinstance(given, str | int | float | bool) else ""
    return f"'{key}': {message[:1].lower()}{message[1:]}{shown}"


def _nearest(where: list[str]) -> str:
    """A suggestion for a mistyped key, from the keys of the same section."""
    section: type[BaseModel] | None = Profile
    for part in where[:-1]:
        field = section.model_fields.get(part) if section else None
        section = _SECTIONS.get(part) if field is not None else None
    known = [f.alias or name for name, f in section.model_fields.items()] if section else []
    known = [name for name in known if name != "source"]
    near = difflib.get_close_matches(where[-1], known, n=1)
    if near:
        return f": did you mean '{near[0]}'?"
    return f": known keys here are {', '.join(sorted(known))}" if known else ""


_SECTIONS: dict[str, type[BaseModel]] = {
    "device": DeviceSection,
    "scope": ScopeSection,
    "acceptor": AcceptorSection,
    "tls": TlsSection,
    "requestor": RequestorSection,
    "process": ProcessSection,
    "files": ProcessFile,
}
