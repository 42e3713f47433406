"""The checks of ``assay doctor`` that need no device: each one line, each with a way out."""

from __future__ import annotations

import datetime
import ipaddress
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from harness import browsers, programs
from harness.claims.answers import gathered
from harness.errors import ProfileError
from harness.model import Claim, Scenario
from harness.profile import Profile, RequestorSection
from harness.verdict import ExitCode


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        name: What was looked at.
        state: How it came out.
        detail: What was seen and, unless it is in order, the way out.
        exit_code: What the command returns when this is what failed.
    """

    name: str
    state: State
    detail: str
    exit_code: ExitCode = ExitCode.NOTHING_CONCLUSIVE


def on_paper(profile: Profile, catalogue: Mapping[str, Scenario]) -> Iterator[Check]:
    """Checks that need no device: scope, claims, tools, triggers, ports, storage."""
    yield _scope(profile)
    yield _selection(profile, catalogue)
    yield from _unset(profile)
    yield from _documents(profile)
    yield from _tools(profile)
    yield from _browser(profile)
    yield from _commands(profile)
    yield from _ports(profile)
    yield from _storage(profile)


def worst(checks: list[Check]) -> ExitCode:
    """The exit code: usage before anything else, because it explains the rest."""
    codes = [check.exit_code for check in checks if check.state is State.FAIL]
    return min(codes, default=ExitCode.EXPECTED)


def listening() -> set[int | None]:
    """TCP ports on which something of this machine listens; empty when we may not look."""
    try:
        found = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return set()
    return {each.laddr.port for each in found if each.laddr and each.status == psutil.CONN_LISTEN}


def _documents(profile: Profile) -> Iterator[Check]:
    """The statement and the form of ``[claims]`` can be read."""
    if profile.documents is None:
        return
    try:
        found = gathered(profile)
    except ProfileError as error:
        yield Check(name="claims", state=State.FAIL, detail=str(error), exit_code=ExitCode.USAGE)
        return
    answers = found["answers"]
    count = len(answers) if isinstance(answers, list) else 0
    detail = f"{count} answers, to be confronted by 'assay claims'"
    yield Check(name="claims", state=State.OK, detail=detail)


def _scope(profile: Profile) -> Check:
    scope = profile.scope
    if scope.until is not None and scope.until < datetime.date.today():
        why = f"scope.until = {scope.until}: the permission to test has ended; ask for a new one"
        return Check(name="scope", state=State.FAIL, detail=why, exit_code=ExitCode.USAGE)
    host = profile.acceptor.host if profile.acceptor else "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return Check(name="scope", state=State.OK, detail=f"'{host}' is looked up at the start")
    if any(address in ipaddress.ip_network(network) for network in scope.networks):
        by = f", authorised by {scope.authorised_by}" if scope.authorised_by else ""
        return Check(name="scope", state=State.OK, detail=f"{host} may be tested{by}")
    why = (
        f"acceptor.host = {host} is outside scope.networks: add its network there and say in "
        "scope.authorised_by who permits the test"
    )
    return Check(name="scope", state=State.FAIL, detail=why, exit_code=ExitCode.USAGE)


def _selection(profile: Profile, catalogue: Mapping[str, Scenario]) -> Check:
    claims = profile.claims()
    applicable = sum(1 for scenario in catalogue.values() if scenario.needs <= claims)
    detail = f"{applicable} of {len(catalogue)} scenarios apply to what it claims"
    if applicable:
        return Check(name="claims", state=State.OK, detail=detail)
    why = f"{detail}: name its services in acceptor.services or requestor.services"
    return Check(name="claims", state=State.FAIL, detail=why)


def _unset(profile: Profile) -> Iterator[Check]:
    """Claims whose absence costs time or evidence."""
    acceptor, process = profile.acceptor, profile.process
    if acceptor is not None and acceptor.artim_s is None:
        why = f"acceptor.artim_s is unset: {profile.artim_s:g} s are assumed, so runs take longer"
        yield Check(name="ARTIM", state=State.WARN, detail=why)
    if acceptor is not None and (process is None or not process.start):
        why = "the harness does not start it: a crash is seen only by silence, add [process]"
        yield Check(name="process", state=State.WARN, detail=why)
    if process is not None and process.start and process.storage is None:
        why = "process.storage is unset: files that a peer plants are not seen"
        yield Check(name="storage", state=State.WARN, detail=why)
    claims = profile.claims()
    if Claim.TLS_ACCEPTOR in claims and Claim.TRUST_CONTROLLED not in claims:
        why = (
            "tls.authority_cert and tls.authority_key are unset: the device will not trust us; "
            "have it trust a test authority and name its files"
        )
        yield Check(name="trust", state=State.WARN, detail=why)


def _tools(profile: Profile) -> Iterator[Check]:
    process, requestor = profile.process, profile.requestor
    needed = list(process.requires) if process else []
    needed += process.start[:1] if process else []
    needed += [command[0] for _, command in _triggers(requestor) if command]
    needed += profile.reader.command[:1] if profile.reader else []
    needed += profile.deidentifier.command[:1] if profile.deidentifier else []
    agent = profile.user_agent
    needed += [command[0] for command in agent.commands.values()] if agent else []
    plain = sorted({name for name in needed if "{" not in name})
    missing = [name for name in plain if not programs.is_installed(name)]
    if missing:
        how = process.install if process and process.install else "install it or correct the path"
        why = f"{', '.join(missing)} not found: {how}"
        yield Check(name="tools", state=State.FAIL, detail=why)
    elif plain:
        yield Check(name="tools", state=State.OK, detail=", ".join(plain))


def _browser(profile: Profile) -> Iterator[Check]:
    """What people open in a browser is looked at in one."""
    if not profile.claims() & browsers.NEEDING:
        return
    if why := browsers.missing():
        yield Check(name="browser", state=State.WARN, detail=f"pages are not looked at: {why}")
    else:
        yield Check(name="browser", state=State.OK, detail=str(browsers.program()))


def _commands(profile: Profile) -> Iterator[Check]:
    """A trigger that leaves out where to call, or by which name, cannot be believed."""
    for key, command in _triggers(profile.requestor):
        text = " ".join(command)
        missing = [name for name in ("{host}", "{port}", "{called_ae}") if name not in text]
        if missing:
            why = f"{key} lacks {', '.join(missing)}: a call proves nothing"
            yield Check(name="trigger", state=State.FAIL, detail=why, exit_code=ExitCode.USAGE)


def _triggers(requestor: RequestorSection | None) -> Iterator[tuple[str, list[str]]]:
    """Every command that makes the device call, by its key in the profile."""
    if requestor is None:
        return
    for table in ("commands", "tls_commands", "retrieve_modes"):
        for service, command in getattr(requestor, table).items():
            yield f"requestor.{table}.{service}", command


def _ports(profile: Profile) -> Iterator[Check]:
    acceptor, process = profile.acceptor, profile.process
    if acceptor is None or process is None or not process.start:
        return
    taken = listening() & {acceptor.port, acceptor.tls_port}
    for port in sorted(port for port in taken if port):
        why = f"port {port} is in use already: stop what listens there, or set it to 0"
        yield Check(name="ports", state=State.FAIL, detail=why)
    if not taken:
        yield Check(name="ports", state=State.OK, detail="free")


def _storage(profile: Profile) -> Iterator[Check]:
    process = profile.process
    if process is None or process.storage is None:
        return
    if "{" in process.storage:
        yield Check(name="storage", state=State.OK, detail="a fresh folder of the harness")
        return
    folder = Path(process.storage)
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield Check(name="storage", state=State.OK, detail=f"{folder} can be written")
    except OSError as error:
        why = f"'process.storage' = {folder}: {error.strerror}: make it writable, or use {{work}}"
        yield Check(name="storage", state=State.FAIL, detail=why)
