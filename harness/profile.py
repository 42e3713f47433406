"""The device profile (``device.toml``): claims and the facts that a test needs.

In the words of ISO 9646: ICS and IXIT in one file.

Typed and closed: an unknown key, a wrong type or a value out of range is one clear line that names
the key as the user wrote it. A claim left out is *unset*, which is not "no".
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from harness import tls_policy
from harness.errors import ProfileError
from harness.model import JSON, Claim, Role
from harness.profile_sections import (
    TLS_PROFILE_CLAIMS,
    AcceptorSection,
    AeTitle,
    DeviceSection,
    Hl7Section,
    LoadSection,
    Port,
    ProcessFile,
    ProcessSection,
    RequestorSection,
    RevocationWay,
    ScopeSection,
    Section,
    Service,
    TlsProfile,
    TlsSection,
    TlsVersion,
    WebSection,
)

__all__ = [
    "DEFAULT_ARTIM_S",
    "TLS_PROFILE_CLAIMS",
    "AcceptorSection",
    "AeTitle",
    "DeviceSection",
    "Hl7Section",
    "LoadSection",
    "Port",
    "ProcessFile",
    "ProcessSection",
    "Profile",
    "RequestorSection",
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
    acceptor: AcceptorSection | None = None
    tls: TlsSection | None = None
    requestor: RequestorSection | None = None
    web: WebSection | None = None
    hl7: Hl7Section | None = None
    load: LoadSection | None = None
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


def _claims(profile: Profile) -> Mapping[Claim, bool]:
    acceptor, tls, requestor = profile.acceptor, profile.tls, profile.requestor
    offered, asked = profile.services(Role.ACCEPTOR), profile.services(Role.REQUESTOR)
    controlled = bool(tls and (tls.authority_key or profile.process or requestor))
    tls_port = bool(acceptor and acceptor.tls_port is not None)
    profiles = tls.claimed_profiles if tls else ()
    return {
        **_load_claims(profile),
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
    "web": WebSection,
    "hl7": Hl7Section,
    "load": LoadSection,
    "process": ProcessSection,
    "files": ProcessFile,
}
