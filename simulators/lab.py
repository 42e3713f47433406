"""The laboratory of one run: where everything stands, shared by all actors of the run."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.bench import Announce
from harness.errors import BenchError
from harness.model import Claim
from harness.profile import AcceptorSection, Hl7Section, ProcessSection, Profile, WebSection
from harness.profile_web import WEB_PORT
from harness.stage import Stage
from simulators.pki import Identity
from simulators.pki.revocation import Revocation
from simulators.process import free_port
from simulators.scope import Guard
from simulators.trust import Trust

if TYPE_CHECKING:
    from simulators.browser.desk import Desk

OUR_AE_TITLE = "ASSAY"
"""What we call ourselves when the profile names no calling AE titles."""

LISTEN_PORT = "{listen_port}"
"""Stands in commands for the port on which a device that calls us listens itself."""

INNER_PORT = "{inner_port}"
"""Stands in commands and files for a port between programs of the device, as behind a proxy."""

HOOK_FOLDER = "hook"
"""Folder of the sandbox with the command that a device may be set up to run, and what it noted."""

_HOOK = """#!/bin/sh
# Notes what it was called with, and reads none of it.
{ for value in "$@"; do printf '%s\\037' "$value"; done; printf '\\036'; } >> "$0.heard"
"""

_FIELD = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(slots=True)
class Lab:
    """Profile with real ports, keys, guard and folders.

    Attributes:
        sandbox: A private temporary folder; the device's folders lie deep inside it, so that a
            path that climbs out is seen and does no harm.
        work: The device's working folder, ``{work}``.
        canary: An absolute folder outside the device's own, for absolute-path stimuli.
        run_folder: Where logs go.
        revocation: Where revocation of our certificates is published.
        ports: Where the device listens once it is started; a fixed port of its web services may be
            another program's.
        canary_turn: Held by the play that listens at our destinations for C-MOVE.
        desk: The browser of the run, once a play has needed it.
        desk_turn: Held by the play that starts it.
        bound: The identity to which the device binds an AE title, where it claims to.
    """

    profile: Profile
    run_folder: Path
    announce: Announce
    trust: Trust
    revocation: Revocation
    bound: Identity | None
    guard: Guard
    ports: tuple[int, ...]
    sandbox: Path
    work: Path
    canary: Path
    storage: Path
    values: dict[str, str] = field(default_factory=dict)
    canary_turn: threading.Lock = field(default_factory=threading.Lock)
    desk: Desk | None = None
    desk_turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def equip(cls, profile: Profile, run_folder: Path, announce: Announce) -> Lab:
        """Chooses free ports, makes folders and keys.

        Raises:
            BenchError: A folder cannot be made.
            ProfileError: A template or a file named in the profile is wrong.
        """
        settled = _with_real_ports(profile)
        sandbox = Path(tempfile.mkdtemp(prefix="assay-"))
        work = sandbox / "up" / "up" / "work"
        try:
            for folder in (work, sandbox / "canary", sandbox / "pki", run_folder / "device"):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BenchError(f"cannot make {error.filename}: {error.strerror}") from error
        trust = Trust.establish(settled, sandbox / "pki")
        lab = cls(
            profile=settled,
            run_folder=run_folder,
            announce=announce,
            trust=trust,
            revocation=Revocation(authority=trust.authority),
            bound=_bound(settled, trust),
            guard=Guard(settled.scope),
            ports=_ports(settled, web=profile.web is not None and profile.web.port == 0),
            sandbox=sandbox,
            work=work,
            canary=sandbox / "canary",
            storage=work / "storage",
        )
        lab._settle_values()
        lab._write_claimed_files()
        return lab

    def close(self) -> None:
        """Ends the browser and the revocation service, and removes the sandbox."""
        if self.desk is not None:
            self.desk.close()
        self.revocation.close()
        shutil.rmtree(self.sandbox, ignore_errors=True)

    def filled(self, template: str, more: Mapping[str, str] | None = None) -> str:
        """The template with every known ``{name}`` replaced; other braces are left alone."""
        values = {**self.values, **(more or {})}
        return _FIELD.sub(lambda found: values.get(found[1], found[0]), template)

    @property
    def calling(self) -> str:
        """The AE title by which an honest peer of ours calls."""
        acceptor = self.profile.acceptor
        titles = acceptor.calling_ae_titles if acceptor else ()
        return titles[0] if titles else OUR_AE_TITLE

    @property
    def called(self) -> str:
        """The device's AE title."""
        return self.profile.acceptor.ae_title if self.profile.acceptor else "ANY-SCP"

    def address(self, *, secure: bool) -> tuple[str, int]:
        """Where the device listens, plain or with TLS.

        Raises:
            BenchError: The profile has no such port.
        """
        acceptor = self.profile.acceptor
        port = None if acceptor is None else acceptor.tls_port if secure else acceptor.port
        if acceptor is None or port is None:
            raise BenchError(f"the profile has no acceptor.{'tls_port' if secure else 'port'}")
        return acceptor.host, port

    @property
    def plain(self) -> bool:
        """True when the device has a port without TLS."""
        return self.profile.acceptor is not None and self.profile.acceptor.port is not None

    def _settle_values(self) -> None:
        acceptor, process = self.profile.acceptor, self.profile.process
        self.values = {
            "python": sys.executable,
            "recipe": str(self.profile.folder),
            "work": str(self.work),
            "ca": str(self.trust.ca),
            "cert": str(self.trust.cert),
            "key": str(self.trust.key),
            "peer": str(self.trust.peer),
            "crl": str(self.sandbox / "pki" / "crl.pem"),
            "bound": str(self.sandbox / "pki" / "bound.pem"),
            "hook": str(self.sandbox / HOOK_FOLDER / "receive"),
            "real_devices": str(self.profile.folder.parent / ".real-devices"),
        }
        if acceptor is not None:
            self.values |= {"host": acceptor.host, "ae_title": acceptor.ae_title}
            self.values |= {"port": str(acceptor.port), "tls_port": str(acceptor.tls_port)}
        if self.profile.web is not None:
            self.values["web_port"] = str(self.profile.web.port)
        if self.profile.hl7 is not None:
            self.values["hl7_port"] = str(self.profile.hl7.port)
        if self.profile.audit is not None:
            self.values["audit_host"] = "127.0.0.1"
            self.values["audit_port"] = str(self.profile.audit.port or free_port())
        section = self.profile.tls
        if section is not None and section.move_destination is not None:
            self.values["move_port"] = str(section.move_port or free_port())
        integrity = self.profile.integrity
        if integrity is not None and integrity.commitment_ae is not None:
            self.values["commitment_port"] = str(integrity.commitment_port or free_port())
        load = self.profile.load
        if load is not None and load.move_destination is not None:
            # Whom nobody starts has no place to be told a port that we choose.
            port = load.move_port or (free_port() if process is not None else 0)
            self.values["load_port"] = str(port)
        if self.profile.requestor is not None and _told(process, LISTEN_PORT):
            # It listens all the time; others are told a port with each call.
            self.values["listen_port"] = str(free_port())
        if _told(process, INNER_PORT):
            self.values["inner_port"] = str(free_port())
        access = self.profile.authorisation
        if access is not None and access.destinations:
            self.values["canary_port"] = str(access.destination_port or free_port())
        if process is not None and process.storage is not None:
            self.storage = Path(self.filled(process.storage))
        self.values["storage"] = str(self.storage)
        self.storage.mkdir(parents=True, exist_ok=True)

    def _write_claimed_files(self) -> None:
        """Writes what only a device with the claim for it is given."""
        claims = self.profile.claims()
        if Claim.CHECKS_CRL in claims:
            Path(self.values["crl"]).write_bytes(self.revocation.lists_pem())
        if self.bound is not None:
            self.bound.write(self.sandbox / "pki", "bound")
        if Claim.RECEIVE_HOOK in claims:
            hook = Path(self.values["hook"])
            hook.parent.mkdir()
            hook.write_text(_HOOK, "ascii")
            hook.chmod(0o700)


def lab_of(stage: Stage) -> Lab:
    """The laboratory behind a stage.

    Raises:
        TypeError: The stage belongs to another kind of bench.
    """
    lab = getattr(stage.bench, "lab", None)
    if not isinstance(lab, Lab):
        raise TypeError("this stage has no laboratory")
    return lab


def _told(process: ProcessSection | None, name: str) -> bool:
    """True when the process is told that value as it starts."""
    if process is None:
        return False
    return any(name in text for text in (*process.start, *(file.text for file in process.files)))


def _bound(profile: Profile, trust: Trust) -> Identity | None:
    if Claim.BINDS_AE_TITLE not in profile.claims():
        return None
    return trust.authority.issue(common_name="bound to an AE title")


def _with_real_ports(profile: Profile) -> Profile:
    acceptor, web, hl7 = profile.acceptor, profile.web, profile.hl7
    changes: dict[str, AcceptorSection | WebSection | Hl7Section] = {}
    if acceptor is not None and 0 in (acceptor.port, acceptor.tls_port):
        _require_process(profile, "acceptor.port = 0")
        ports = {name: free_port() for name in ("port", "tls_port") if getattr(acceptor, name) == 0}
        changes["acceptor"] = acceptor.model_copy(update=ports)
    if web is not None and web.port == 0:
        _require_process(profile, f"{WEB_PORT} in web.url (or --web)")
        changes["web"] = web.at(free_port())
    if hl7 is not None and hl7.port == 0:
        _require_process(profile, "hl7.port = 0")
        changes["hl7"] = Hl7Section(port=free_port())
    return profile.model_copy(update=changes)


def _require_process(profile: Profile, what: str) -> None:
    if profile.process is None:
        raise BenchError(f"{what} needs a [process] section that starts the device")


def _ports(profile: Profile, *, web: bool) -> tuple[int, ...]:
    acceptor = profile.acceptor
    ports = [acceptor.port, acceptor.tls_port] if acceptor else []
    ports.append(profile.web.port if profile.web and web else None)
    ports.append(profile.hl7.port if profile.hl7 else None)
    return tuple(port for port in ports if port)
