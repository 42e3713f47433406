"""What the reference device claims beyond its usual profile where a scenario needs it.

A limit, a hook or a web port by default would slow down or end what has nothing to do with it, and
some claims contradict one another. So the device is dressed anew for those who ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness import profile as profiles
from simulators.devices import (
    agent_profile,
    audit_profile,
    deidentifier_profile,
    media_profile,
    web_profile,
)
from simulators.devices.reference.flaws import DressName

_DRESSES: Mapping[DressName, Mapping[str, object]] = {
    "retired-bcp-195": {
        "profile": None,
        "profiles": ("B.9", "B.10", "B.11", "ITI-19"),
        "versions": ("1.2",),
    },
    "retired-basic": {"profile": None, "profiles": ("B.1", "B.3")},
}
"""What the reference device claims in each dress instead of its own profiles."""

_LIMITS: Mapping[str, tuple[str, int]] = {
    "ae_associations": ("--max-per-ae", 16),
    "max_results": ("--max-results", 200),
    "storage_quota": ("--quota", 24 << 20),
}
"""What it claims of ``[load]`` where a scenario needs limits.

By default it has none of them: a long load is not to end at a quota, nor one AE title at its share.
"""

_GUARDED: Mapping[str, object] = {
    "conceals_titles": True,
    "guess_limit": 8,
    "minimum_query_characters": 3,
}
"""What it claims of ``[acceptor]`` where a scenario guesses; by default it is open about titles."""

_HOOK_VALUES = ("calling_ae", "patient_name", "sop_instance")
"""What the reference device hands to a command that it runs for each object."""


def of(read: profiles.Profile, switched: Sequence[str]) -> Iterator[profiles.Profile]:
    """The usual profile, and then each dress, the lightest first.

    Args:
        read: The usual profile, with its flaws.
        switched: Arguments that switch those flaws on.
    """
    yield read
    arguments = [part for flag, most in _LIMITS.values() for part in (flag, str(most))]
    yield _started_with(_limited(read), arguments)
    yield _started_with(_hooked(read), ["--hook", "{hook}"])
    guesses, least = (str(_GUARDED[key]) for key in ("guess_limit", "minimum_query_characters"))
    yield _started_with(_guarded(read), ["--guesses", guesses, "--least-query", least])
    yield _started_with(web_profile.webbed(read), web_profile.ARGUMENTS)
    yield _started_with(web_profile.secured(read), web_profile.TLS_ARGUMENTS)
    yield _started_with(audit_profile.audited(read), audit_profile.ARGUMENTS)
    yield agent_profile.agented(read, switched)
    for sealed in (False, True):
        yield media_profile.equipped(read, switched, sealed=sealed)
    yield deidentifier_profile.deidentifying(read, switched)
    assert read.tls is not None
    for dress, changes in _DRESSES.items():
        other = read.model_copy(update={"tls": read.tls.model_copy(update=changes)})
        yield with_arguments(other, ["--dress", dress], [])


def everything(read: profiles.Profile) -> profiles.Profile:
    """Every profile at once, which only a device can claim that keeps to none."""
    assert read.tls is not None
    tls = read.tls.model_copy(update={"profiles": tuple(profiles.TLS_PROFILE_CLAIMS)})
    served = audit_profile.audited(web_profile.webbed(_limited(_hooked(_guarded(read)))))
    return media_profile.equipped(served).model_copy(update={"tls": tls})


def with_arguments(
    read: profiles.Profile, everywhere: Sequence[str], with_tls: Sequence[str]
) -> profiles.Profile:
    """The profile with further arguments for the device, and more where it calls with TLS."""
    assert read.process is not None
    assert read.requestor is not None
    start = [*read.process.start, *everywhere]
    plain, secure = read.requestor.commands, read.requestor.tls_commands
    modes = read.requestor.retrieve_modes
    changes = {
        "commands": {name: [*parts, *everywhere] for name, parts in plain.items()},
        "retrieve_modes": {mode: [*parts, *everywhere] for mode, parts in modes.items()},
        "tls_commands": {name: [*parts, *everywhere, *with_tls] for name, parts in secure.items()},
    }
    return read.model_copy(
        update={
            "process": read.process.model_copy(update={"start": start}),
            "requestor": read.requestor.model_copy(update=changes),
        }
    )


def _limited(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims the limits too."""
    load = read.load or profiles.LoadSection()
    limits = {key: most for key, (_, most) in _LIMITS.items()}
    return read.model_copy(update={"load": load.model_copy(update=limits)})


def _guarded(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims to keep guessers in the dark."""
    assert read.acceptor is not None
    acceptor = read.acceptor.model_copy(update=_GUARDED)
    return read.model_copy(update={"acceptor": acceptor})


def _hooked(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims to run a command for each object; by default none is run."""
    assert read.acceptor is not None
    acceptor = read.acceptor.model_copy(update={"hook_values": _HOOK_VALUES})
    return read.model_copy(update={"acceptor": acceptor})


def _started_with(read: profiles.Profile, arguments: Sequence[str]) -> profiles.Profile:
    """The profile whose acceptor is started with further arguments."""
    assert read.process is not None
    start = [*read.process.start, *arguments]
    return read.model_copy(update={"process": read.process.model_copy(update={"start": start})})
