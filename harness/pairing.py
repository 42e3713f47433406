"""Two profiles become one: a device that calls, and a device that is called.

A profile with a TLS port under ``[acceptor]`` and commands that call with TLS under ``[requestor]``
describes a pair, whether these are two devices or two faces of one. What both profiles say in
different words is a conflict, named by its key; nothing is chosen silently.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import ProfileError
from harness.profile import (
    DeviceSection,
    ProcessFile,
    ProcessSection,
    Profile,
    RequestorSection,
    ScopeSection,
    Service,
    TlsSection,
)

_RECIPE = "{recipe}"
_REAL_DEVICES = "{real_devices}"


def is_pair(profile: Profile) -> bool:
    """True when the profile describes two sides that can meet over TLS."""
    listens = profile.acceptor is not None and profile.acceptor.tls_port is not None
    return listens and profile.requestor is not None and profile.requestor.calls_with_tls


def merge(caller: Profile, called: Profile) -> Profile:
    """The pair of one profile's requestor and another's acceptor.

    Args:
        caller: Its ``[requestor]`` is taken; its ``[acceptor]`` plays no part.
        called: Its ``[acceptor]`` and ``[process]`` are taken.

    Raises:
        ProfileError: One of the two cannot be its half, or they contradict each other.
    """
    if caller.requestor is None or not caller.requestor.calls_with_tls:
        raise ProfileError(
            f"{caller.source}: no requestor that calls with TLS: set requestor.tls = true, or add "
            "[requestor.tls_commands]"
        )
    if called.acceptor is None or called.acceptor.tls_port is None:
        raise ProfileError(f"{called.source}: no acceptor with TLS: add acceptor.tls_port")
    return called.model_copy(
        update={
            "device": _devices(caller.device, called.device),
            "scope": _scope(caller.scope, called.scope),
            "tls": _tls(caller, called),
            "requestor": _requestor(caller),
            "process": _process(caller, called),
        }
    )


def _devices(caller: DeviceSection, called: DeviceSection) -> DeviceSection:
    def both(first: str, second: str) -> str:
        return first if first == second else f"{first} and {second}"[:200]

    return DeviceSection(
        manufacturer=both(caller.manufacturer, called.manufacturer),
        model=f"{caller.model} to {called.model}"[:200],
        version=both(caller.version, called.version),
        serial=both(caller.serial, called.serial),
        deployment=called.deployment,
        responsible=called.responsible,
    )


def _scope(caller: ScopeSection, called: ScopeSection) -> ScopeSection:
    """The stricter of both rules of engagement; the networks are those of the acceptor."""
    ends = [day for day in (caller.until, called.until) if day is not None]
    return called.model_copy(
        update={
            "max_rate": min(caller.max_rate, called.max_rate),
            "max_connections": min(caller.max_connections, called.max_connections),
            "max_bytes": min(caller.max_bytes, called.max_bytes),
            "destructive": caller.destructive and called.destructive,
            "until": min(ends, default=None),
        }
    )


def _tls(caller: Profile, called: Profile) -> TlsSection:
    """What both claim; a policy of the house is about one device and not about a pair."""
    ours, theirs = caller.tls or TlsSection(), called.tls or TlsSection()
    versions = tuple(one for one in theirs.versions if one in ours.versions)
    if not versions:
        raise ProfileError(
            f"conflict in 'tls.versions': {caller.source} has {', '.join(ours.versions)}, "
            f"{called.source} has {', '.join(theirs.versions)}: the two have none in common"
        )
    return theirs.model_copy(
        update={
            "profile": theirs.profile if theirs.profile == ours.profile else None,
            "profiles": tuple(one for one in theirs.profiles if one in ours.profiles),
            "policies": (),
            "versions": versions,
            "checks_host_name": ours.checks_host_name,
            "authority_cert": _authority("authority_cert", caller, called),
            "authority_key": _authority("authority_key", caller, called),
        }
    )


def _authority(key: str, caller: Profile, called: Profile) -> str | None:
    """The file that either names, as an absolute path; both must trust the same authority."""
    named = [
        (profile.source, str((profile.folder / value).resolve()))
        for profile in (caller, called)
        if profile.tls is not None and (value := getattr(profile.tls, key)) is not None
    ]
    paths = {path for _, path in named}
    if len(paths) > 1:
        told = ", ".join(f"{source} has {path}" for source, path in named)
        raise ProfileError(f"conflict in 'tls.{key}': {told}: both must trust one test authority")
    return next(iter(paths), None)


def _requestor(caller: Profile) -> RequestorSection:
    section = caller.requestor
    assert section is not None  # merge has looked

    def placed(commands: Mapping[Service, list[str]]) -> dict[Service, list[str]]:
        return {name: [_placed(part, caller) for part in parts] for name, parts in commands.items()}

    return section.model_copy(
        update={
            "commands": placed(section.commands),
            "tls_commands": placed(section.tls_commands),
        }
    )


def _placed(text: str, profile: Profile) -> str:
    """With the places of its own recipe filled in: the pair has another."""
    real = str(profile.folder.parent / ".real-devices")
    return text.replace(_RECIPE, str(profile.folder)).replace(_REAL_DEVICES, real)


def _settled(section: ProcessSection, profile: Profile) -> ProcessSection:
    """A process section with the places of its recipe filled in."""
    files = [
        ProcessFile(path=_placed(file.path, profile), text=_placed(file.text, profile))
        for file in section.files
    ]
    return section.model_copy(
        update={
            "start": [_placed(part, profile) for part in section.start],
            "env": {name: _placed(value, profile) for name, value in section.env.items()},
            "requires": [_placed(name, profile) for name in section.requires],
            "files": files,
        }
    )


def _process(caller: Profile, called: Profile) -> ProcessSection | None:
    """The acceptor's process; the requestor's adds its tools and files."""
    base = called.process and _settled(called.process, called)
    if caller.process is None:
        return base
    if caller.process.start:
        raise ProfileError(
            f"conflict in 'process.start': {caller.source} starts a process of its own: remove it "
            "there if its commands work without, or write both into one profile"
        )
    more, kept = _settled(caller.process, caller), base or ProcessSection()
    taken = {file.path: file.text for file in kept.files}
    for file in more.files:
        if taken.get(file.path, file.text) != file.text:
            raise ProfileError(
                f"conflict in 'process.files': {caller.source} and {called.source} both write "
                f"{file.path}, with different texts"
            )
    installs = dict.fromkeys(text for text in (kept.install, more.install) if text)
    return kept.model_copy(
        update={
            "requires": list(dict.fromkeys([*kept.requires, *more.requires])),
            "install": "; ".join(installs),
            "files": [*kept.files, *(file for file in more.files if file.path not in taken)],
        }
    )
