"""The examination of a bench before a run: started, asked honestly in each role, stopped.

The checks that need no device are in :mod:`harness.checks`.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import psutil

from harness.bench import Announce, Bench, open_bench
from harness.checks import Check, State, listening
from harness.errors import HarnessError, ProfileError, ScopeError
from harness.model import Role
from harness.profile import Profile
from harness.verdict import ExitCode

_LOG_LINES = 8
_STOP_PATIENCE_S = 2.0


_HINTS = {
    Role.ACCEPTOR: "is it running, are host, port and ae_title right, is our AE title registered?",
    Role.REQUESTOR: "no call named the AE title that we asked for: does the command use {host}, "
    "{port} and {called_ae}?",
    Role.READER: "do 'command', 'exit_codes' and 'success_marks' of its section fit it?",
    Role.USER_AGENT: "do 'user_agent.commands' ask {url}, and do the exit codes and marks fit it?",
}


def at_the_bench(profile: Profile, announce: Announce) -> Generator[Check, None, None]:
    """Starts the device, asks it honestly in each of its roles, and stops it."""
    before = _children()
    with tempfile.TemporaryDirectory(prefix="assay-doctor-") as name:
        folder = Path(name)
        try:
            bench = open_bench(profile, folder, 0, announce)
        except (HarnessError, OSError) as error:
            yield _failed("bench", error)
            return
        try:
            yield from _in_service(bench, folder)
        finally:
            bench.stop()
        yield _leftovers(bench, before)


def _in_service(bench: Bench, folder: Path) -> Iterator[Check]:
    began = time.monotonic()
    try:
        bench.start()
    except (HarnessError, OSError) as error:
        yield _failed("start", error, _log(folder))
        return
    if bench.can_restart:
        detail = f"listening after {time.monotonic() - began:.1f} s"
        yield Check(name="start", state=State.OK, detail=detail)
    if bench.profile.acceptor is not None:
        yield _health(bench, Role.ACCEPTOR, "honest C-ECHO", folder)
    if bench.profile.reader is not None:
        yield _health(bench, Role.READER, "honest file", folder)
    elif bench.profile.exporter is not None:
        yield _health(bench, Role.READER, "honest medium", folder)
    elif bench.profile.deidentifier is not None:
        yield _health(bench, Role.READER, "honest file", folder)
    if bench.profile.user_agent is not None:
        yield _health(bench, Role.USER_AGENT, "honest answer", folder)
    requestor = bench.profile.requestor
    if requestor is None:
        return
    if requestor.manual:
        why = "made by hand: not checked here; be ready to trigger the device when asked"
        yield Check(name="trigger", state=State.WARN, detail=why)
    elif not requestor.services:
        why = "requestor.services is empty: name what the device can be made to use"
        yield Check(name="trigger", state=State.WARN, detail=why)
    else:
        yield _health(bench, Role.REQUESTOR, "trigger", folder)


def _health(bench: Bench, role: Role, name: str, folder: Path) -> Check:
    try:
        seen = bench.health(role)
    except (HarnessError, OSError) as error:
        return _failed(name, error, _log(folder))
    if seen.ok and role is Role.ACCEPTOR:
        return Check(
            name=name, state=State.OK, detail=f"answered in {seen.latency_s * 1000:.0f} ms"
        )
    if seen.ok and role is Role.READER:
        return Check(name=name, state=State.OK, detail=f"read in {seen.latency_s * 1000:.0f} ms")
    if seen.ok and role is Role.USER_AGENT:
        return Check(name=name, state=State.OK, detail=f"taken in {seen.latency_s * 1000:.0f} ms")
    if seen.ok:
        detail = f"it called the AE title that we asked for ({seen.detail})"
        return Check(name=name, state=State.OK, detail=detail)
    detail = f"{seen.detail}: {_HINTS[role]}{_log(folder)}"
    return Check(name=name, state=State.FAIL, detail=detail)


def _failed(name: str, error: Exception, log: str = "") -> Check:
    usage = isinstance(error, ProfileError | ScopeError)
    code = ExitCode.USAGE if usage else ExitCode.NOTHING_CONCLUSIVE
    return Check(name=name, state=State.FAIL, detail=f"{error}{log}", exit_code=code)


def _log(folder: Path) -> str:
    """The end of what the device itself said, indented below the check."""
    path = folder / "device" / "device.log"
    with contextlib.suppress(OSError):
        lines = path.read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
        return "".join(f"\n    | {line[:160]}" for line in lines)
    return ""


def _leftovers(bench: Bench, before: list[psutil.Process]) -> Check:
    ours = {*(child.pid for child in before), *bench.helpers}
    new = [child for child in _children() if child.pid not in ours]
    _, alive = psutil.wait_procs(new, timeout=_STOP_PATIENCE_S)
    if alive:
        names = ", ".join(f"{process.pid} ({_name(process)})" for process in alive)
        why = f"still running: {names}: end it by hand, and correct 'process.start'"
        return Check(name="stop", state=State.FAIL, detail=why)
    acceptor = bench.profile.acceptor
    ports = {acceptor.port, acceptor.tls_port} if acceptor and bench.can_restart else set()
    held = sorted(port for port in listening() & ports if port)
    if held:
        why = f"port {held[0]} is still held: 'process.start' must stay in the foreground"
        return Check(name="stop", state=State.FAIL, detail=why)
    return Check(name="stop", state=State.OK, detail="nothing is left behind")


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "gone"
