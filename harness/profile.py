"""The device profile (``device.toml``): claims and the facts that a test needs.

In the words of ISO 9646: ICS and IXIT in one file.

Typed and closed: an unknown key, a wrong type or a value out of range is one clear line that names
the key as the user wrote it. A claim left out is *unset*, which is not "no".
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from harness import tls_policy
from harness.claims.section import ClaimsSection
from harness.errors import ProfileError
from harness.model import JSON, Claim, Role
from harness.profile_access import (
    AuthorisationSection,
    Cell,
    IdentitySection,
    ObjectSection,
    Operation,
    UserSection,
    access_claims,
    cells_of,
    secrets_of,
    unknown_identity,
)
from harness.profile_agent import AgentSection
from harness.profile_audit import AuditSection
from harness.profile_deidentifier import DeidentifierSection
from harness.profile_exporter import ExporterSection
from harness.profile_reader import ExitCodes, ReaderSection
from harness.profile_sections import (
    TLS_PROFILE_CLAIMS,
    AcceptorSection,
    AeTitle,
    AssessmentSection,
    DeviceSection,
    Hl7Section,
    IntegritySection,
    LoadSection,
    Port,
    ProcessFile,
    ProcessSection,
    RequestorSection,
    ReviewsSection,
    RevocationWay,
    ScopeSection,
    Section,
    Service,
    TlsProfile,
    TlsSection,
    TlsVersion,
)
from harness.profile_web import WebSection
from harness.profile_web_parts import AdminSection, LoginSection

__all__ = [
    "DEFAULT_ARTIM_S",
    "TLS_PROFILE_CLAIMS",
    "AcceptorSection",
    "AssessmentSection",
    "AeTitle",
    "AgentSection",
    "AuditSection",
    "AuthorisationSection",
    "Cell",
    "ClaimsSection",
    "DeidentifierSection",
    "DeviceSection",
    "ExitCodes",
    "ExporterSection",
    "Hl7Section",
    "IdentitySection",
    "IntegritySection",
    "LoadSection",
    "ObjectSection",
    "Operation",
    "Port",
    "ProcessFile",
    "ProcessSection",
    "Profile",
    "ReaderSection",
    "RequestorSection",
    "ReviewsSection",
    "RevocationWay",
    "ScopeSection",
    "Service",
    "TlsProfile",
    "TlsSection",
    "TlsVersion",
    "WebSection",
    "load",
    "parse",
]

DEFAULT_ARTIM_S = 30.0
"""What most devices use for ARTIM (PS3.8 9.1.5 lays down no value)."""


class Profile(Section):
    """A whole device profile."""

    schema_: Literal[1] = Field(alias="schema")
    device: DeviceSection
    scope: ScopeSection = ScopeSection()
    assessment: AssessmentSection | None = None
    acceptor: AcceptorSection | None = None
    tls: TlsSection | None = None
    requestor: RequestorSection | None = None
    web: WebSection | None = None
    reader: ReaderSection | None = None
    user_agent: AgentSection | None = None
    exporter: ExporterSection | None = None
    deidentifier: DeidentifierSection | None = None
    audit: AuditSection | None = None
    hl7: Hl7Section | None = None
    integrity: IntegritySection | None = None
    load: LoadSection | None = None
    reviews: ReviewsSection | None = None
    identities: tuple[IdentitySection, ...] = Field(default=(), max_length=32, strict=False)
    authorisation: AuthorisationSection | None = None
    process: ProcessSection | None = None
    documents: ClaimsSection | None = Field(default=None, alias="claims")
    source: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _something_to_test(self) -> Self:
        programs = (self.reader, self.exporter, self.deidentifier, self.user_agent)
        if not any((self.acceptor, self.requestor, *programs)):
            raise ValueError(
                "nothing to test: add [acceptor], [requestor], [reader], [exporter], "
                "[deidentifier] or [user_agent]"
            )
        if self.acceptor and self.acceptor.tls_port is not None and self.tls is None:
            raise ValueError("acceptor.tls_port needs a [tls] section")
        if self.acceptor and self.acceptor.hook_values and not _is_told(self.process, "{hook}"):
            raise ValueError("acceptor.hook_values needs {hook} in process.start or process.files")
        return self

    @model_validator(mode="after")
    def _one_matrix(self) -> Self:
        names = [each.name for each in self.identities]
        if len(set(names)) < len(names):
            raise ValueError("two [[identities]] have the same name")
        if self.authorisation is None:
            return self
        if problem := unknown_identity(self.authorisation, self.identities):
            raise ValueError(problem)
        cells_of(self.authorisation, self.identities)
        return self

    @property
    def folder(self) -> Path:
        """The folder of the file, against which relative paths are resolved."""
        return Path(self.source).resolve().parent if self.source else Path.cwd()

    @property
    def withholds_data_sets(self) -> bool:
        """Data sets that the device sends are blanked in the evidence.

        Unless the profile says so itself: a device that we did not start may hold real patients.
        """
        if self.scope.real_patients is not None:
            return self.scope.real_patients
        commands = self.user_agent or (self.requestor and self.requestor.commands)
        calls = self.acceptor is None and commands
        return not (calls or (self.process is not None and self.process.start))

    @cached_property
    def matrix(self) -> tuple[Cell, ...]:
        """The authorisation matrix, cell by cell; empty where the profile has none."""
        return cells_of(self.authorisation, self.identities) if self.authorisation else ()

    @cached_property
    def secrets(self) -> Mapping[str, bytes]:
        """The secrets of identities by their name, as far as they can be had now."""
        web = self.web.secrets if self.web else {}
        return {**secrets_of(self.identities, self.folder), **web}

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
            "guess_limit": acceptor.guess_limit if acceptor else None,
            "duplicates": acceptor.duplicates if acceptor else None,
            "requestor_timeout_s": requestor.timeout_s if requestor else None,
            "max_matches": requestor.max_matches if requestor else None,
            "tls_profile": self.tls.profile if self.tls else None,
            "tls_profiles": list(self.tls.claimed_profiles) if self.tls else [],
            "tls_policies": [tls_policy.dumped(one) for one in self.house_policies()],
            "revocation_unknown": self.tls.revocation_unknown if self.tls else None,
            "claims": sorted(claim.value for claim in self.claims()),
            "ignores_ae_case": acceptor.ignores_ae_case if acceptor else None,
            "scu_roles": [*acceptor.scu_roles] if acceptor and acceptor.scu_roles else [],
            "foreign_study": self.integrity.foreign_study if self.integrity else None,
            "web_gzip": self.web.gzip if self.web else None,
            "web_max_results": self.web.max_results if self.web else None,
            "web_request_timeout_s": self.web.request_timeout_s if self.web else None,
            **(self.reader.facts() if self.reader else {}),
            **(self.deidentifier.facts() if self.deidentifier else {}),
            **(self.user_agent.facts() if self.user_agent else {}),
            **(self.audit.facts() if self.audit else {}),
            **(self.load or LoadSection()).facts(),
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


def _is_told(process: ProcessSection | None, name: str) -> bool:
    """True where the device that the harness starts is told that value."""
    if process is None or not process.start:
        return False
    return any(name in text for text in (*process.start, *(file.text for file in process.files)))


def _claims(profile: Profile) -> Mapping[Claim, bool]:
    acceptor, tls, requestor = profile.acceptor, profile.tls, profile.requestor
    offered, asked = profile.services(Role.ACCEPTOR), profile.services(Role.REQUESTOR)
    controlled = bool(tls and (tls.authority_key or profile.process or requestor))
    tls_port = bool(acceptor and acceptor.tls_port is not None)
    profiles = tls.claimed_profiles if tls else ()
    return {
        **_load_claims(profile),
        **access_claims(profile.matrix, profile.identities, profile.authorisation),
        Claim.SUPPORTED_ROLES: bool(acceptor and acceptor.scu_roles is not None),
        **_integrity_claims(profile),
        **(profile.web.claims() if profile.web else {}),
        **(profile.reader.claims() if profile.reader else {}),
        **(profile.user_agent.claims() if profile.user_agent else {}),
        **(profile.exporter.claims() if profile.exporter else {}),
        **(profile.deidentifier.claims() if profile.deidentifier else {}),
        **(profile.audit.claims() if profile.audit else {}),
        **_requestor_claims(profile),
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
        Claim.CONCEALS_TITLES: bool(acceptor and acceptor.conceals_titles),
        Claim.GUESS_LIMIT: bool(acceptor and acceptor.guess_limit),
        Claim.MINIMUM_QUERY: bool(acceptor and acceptor.minimum_query_characters),
        Claim.ASSOCIATION_LIMIT: bool(acceptor and acceptor.max_associations),
        Claim.IDLE_TIMEOUT: bool(acceptor and acceptor.idle_timeout_s),
        Claim.CONCURRENT_ASSOCIATIONS: bool(acceptor and acceptor.max_associations != 1),
        Claim.DEFLATED: bool(acceptor and "1.2.840.10008.1.2.1.99" in acceptor.transfer_syntaxes),
        Claim.RLE_LOSSLESS: bool(acceptor and "1.2.840.10008.1.2.5" in acceptor.transfer_syntaxes),
        Claim.JPEG_LOSSLESS: bool(
            acceptor and "1.2.840.10008.1.2.4.70" in acceptor.transfer_syntaxes
        ),
        Claim.JPEG_LS: bool(acceptor and "1.2.840.10008.1.2.4.80" in acceptor.transfer_syntaxes),
        Claim.TRANSCODES: bool(acceptor and acceptor.transcodes),
        **_storage_claims(profile),
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
        Claim.REVIEWS: profile.reviews is not None,
        Claim.OWN_PROCESS: bool(profile.process and profile.process.takes_tls_files),
    }


def _requestor_claims(profile: Profile) -> Mapping[Claim, bool]:
    section, asked = profile.requestor, profile.services(Role.REQUESTOR)
    modes = section.retrieve_modes if section else {}
    return {
        Claim.QUERY_SCU: "query" in asked,
        Claim.MOVE_SCU: "move" in asked,
        Claim.COMMITMENT_SCU: "storage-commitment" in asked,
        Claim.DELETES_COMMITTED: bool(section and section.deletes_committed),
        Claim.QUERY_LIMIT: bool(section and section.max_matches),
        Claim.CHECKS_RETRIEVED: bool(section and section.checks_retrieved),
        Claim.RETRIEVES_NORMALLY: "normal" in modes,
        Claim.RETRIEVES_PER_STUDY: "per-study" in modes,
    }


def _integrity_claims(profile: Profile) -> Mapping[Claim, bool]:
    claimed = profile.integrity or IntegritySection()
    return {
        Claim.MPPS_SCP: "mpps" in profile.services(Role.ACCEPTOR),
        Claim.BIT_PRESERVING: bool(claimed.bit_preserving),
        Claim.CHECKS_STORED: bool(claimed.checks_stored),
        Claim.FOREIGN_STUDY_RULE: claimed.foreign_study is not None,
    }


def _storage_claims(profile: Profile) -> Mapping[Claim, bool]:
    acceptor, process = profile.acceptor, profile.process
    return {
        Claim.DUPLICATE_RULE: bool(acceptor and acceptor.duplicates),
        Claim.REJECTION_RIGHT: bool(acceptor and acceptor.rejection_ae_titles),
        Claim.RECEIVE_HOOK: bool(acceptor and acceptor.hook_values),
        Claim.STORAGE_FOLDER: bool(process and process.start and process.storage),
    }


def _load_claims(profile: Profile) -> Mapping[Claim, bool]:
    claimed, process = profile.load or LoadSection(), profile.process
    offered = profile.services(Role.ACCEPTOR)
    return {
        Claim.LOAD_RATE: claimed.rate is not None,
        Claim.LOAD_LATENCY: claimed.p99_ms is not None,
        Claim.FAIR_SERVICE: claimed.fair_share is not None,
        Claim.RECOVERS_FROM_LOAD: claimed.recovery_s is not None,
        Claim.BOUNDED_GROWTH: claimed.memory_growth is not None,
        Claim.AE_ASSOCIATION_LIMIT: claimed.ae_associations is not None,
        Claim.RESULT_LIMIT: claimed.max_results is not None,
        Claim.STORAGE_QUOTA: claimed.storage_quota is not None,
        Claim.STORAGE_COMMITMENT_SCP: "storage-commitment" in offered,
        Claim.RESTARTABLE: bool(process and process.start),
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
        names = {f.alias or name for name, f in section.model_fields.items()} if section else set()
        section = _SECTIONS.get(part) if part in names else None
    known = [f.alias or name for name, f in section.model_fields.items()] if section else []
    known = [name for name in known if name != "source"]
    near = difflib.get_close_matches(where[-1], known, n=1)
    if near:
        return f": did you mean '{near[0]}'?"
    return f": known keys here are {', '.join(sorted(known))}" if known else ""


_SECTIONS: dict[str, type[BaseModel]] = {
    "device": DeviceSection,
    "scope": ScopeSection,
    "assessment": AssessmentSection,
    "acceptor": AcceptorSection,
    "tls": TlsSection,
    "requestor": RequestorSection,
    "web": WebSection,
    "login": LoginSection,
    "admin": AdminSection,
    "reader": ReaderSection,
    "user_agent": AgentSection,
    "exporter": ExporterSection,
    "deidentifier": DeidentifierSection,
    "audit": AuditSection,
    "exit_codes": ExitCodes,
    "hl7": Hl7Section,
    "integrity": IntegritySection,
    "load": LoadSection,
    "reviews": ReviewsSection,
    "authorisation": AuthorisationSection,
    "user": UserSection,
    "process": ProcessSection,
    "files": ProcessFile,
    "claims": ClaimsSection,
}
