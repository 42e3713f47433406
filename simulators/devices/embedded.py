"""The embedded devices as profiles: reference device, seeded flaws, benign twins, null devices.

Apart from the package itself, which the devices import at every start and which stays empty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files

from harness import profile as profiles
from harness.model import Claim
from simulators.devices import (
    agent_profile,
    audit_profile,
    deidentifier_profile,
    media_profile,
    web_profile,
)
from simulators.devices.null.cli import KINDS
from simulators.devices.reference.flaws import FLAW_NAMES, TWIN_NAMES, DressName

PINNING = "FO-5"
"""The benign twin that pins our certificate; it needs to be told which, and only under TLS."""

UNCASED = "FO-2"
"""The benign twin that compares AE titles without regard to case, and claims it."""


INSPECTION = "fails_inspection"
"""The flaw that no exchange shows: whoever looks at the device attests that nothing holds."""

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


def embedded_profile(
    flaws: Sequence[str] = (), twins: Sequence[str] = (), claims: Collection[Claim] = ()
) -> profiles.Profile:
    """The profile of the reference device, started by the harness on loopback.

    Args:
        flaws: Seeded flaws to switch on.
        twins: Benign peculiarities to switch on.
        claims: What it has to claim: where a dress, limits or a hook claim that and it does not,
            it gets them.
    """
    read = _read_profile(flaws, twins)
    if set(claims) <= read.claims():
        return read
    limited = _limited(read)
    if set(claims) <= limited.claims():
        arguments = [part for flag, most in _LIMITS.values() for part in (flag, str(most))]
        return _started_with(limited, arguments)
    hooked = _hooked(read)
    if set(claims) <= hooked.claims():
        return _started_with(hooked, ["--hook", "{hook}"])
    guarded = _guarded(read)
    if set(claims) <= guarded.claims():
        least = str(_GUARDED["minimum_query_characters"])
        guesses = str(_GUARDED["guess_limit"])
        return _started_with(guarded, ["--guesses", guesses, "--least-query", least])
    webbed = web_profile.webbed(read)
    if set(claims) <= webbed.claims():
        return _started_with(webbed, web_profile.ARGUMENTS)
    secured = web_profile.secured(read)
    if set(claims) <= secured.claims():
        return _started_with(secured, web_profile.TLS_ARGUMENTS)
    audited = audit_profile.audited(read)
    if set(claims) <= audited.claims():
        return _started_with(audited, audit_profile.ARGUMENTS)
    agented = agent_profile.agented(read, _switches(flaws))
    if set(claims) <= agented.claims():
        return agented
    for sealed in (False, True):
        equipped = media_profile.equipped(read, _switches(flaws), sealed=sealed)
        if set(claims) <= equipped.claims():
            return equipped
    deidentifying = deidentifier_profile.deidentifying(read, _switches(flaws))
    if set(claims) <= deidentifying.claims():
        return deidentifying
    for dress, changes in _DRESSES.items():
        assert read.tls is not None
        other = read.model_copy(update={"tls": read.tls.model_copy(update=changes)})
        if set(claims) <= other.claims():
            return _with_arguments(other, ["--dress", dress], [])
    return read


def _read_profile(flaws: Sequence[str], twins: Sequence[str]) -> profiles.Profile:
    source = files("simulators.devices") / "reference.toml"
    read = profiles.parse(source.read_text("utf-8"), str(source))
    switched = _switches(flaws)
    if INSPECTION in flaws:
        failed = profiles.ReviewsSection(answers="failed-answers.toml")
        read = read.model_copy(update={"reviews": failed})
    read = _reading_with(read, switched)
    switched += [part for twin in twins if twin != PINNING for part in ("--twin", twin)]
    if UNCASED in twins and read.acceptor is not None:
        acceptor = read.acceptor.model_copy(update={"ignores_ae_case": True})
        read = read.model_copy(update={"acceptor": acceptor})
    pinned = ["--twin", PINNING, "--pin", "{peer}"] if PINNING in twins else []
    return _with_arguments(read, switched, pinned)


def _switches(flaws: Sequence[str]) -> list[str]:
    """The arguments that switch flaws on."""
    return [part for flaw in flaws if flaw != INSPECTION for part in ("--flaw", flaw)]


def null_profile(kind: str) -> profiles.Profile:
    """The profile of a null device that claims all that the reference device claims in any dress.

    Its requestor is as null as it can be: a command that succeeds and calls nobody. Its reader is
    null in its own way.
    """
    read = _claiming_everything(embedded_profile())
    assert read.process is not None
    assert read.requestor is not None
    assert read.reader is not None
    assert read.exporter is not None
    unread = ["{python}", "-m", "simulators.devices.null.reader", kind, "{file}"]
    ports = ["--port", "{port}", "--tls-port", "{tls_port}", *web_profile.ARGUMENTS]
    start = ["{python}", "-m", "simulators.devices.null", kind, *ports]
    start += ["--key", "{key}", "--cert", "{cert}"]
    if kind == "dead-port":
        start = []  # nobody is there at all, so there is nothing to wait for
    nobody = {name: ["{python}", "-c", "pass"] for name in read.requestor.commands}
    modes = {mode: ["{python}", "-c", "pass"] for mode in read.requestor.retrieve_modes}
    return read.model_copy(
        update={
            "reviews": profiles.ReviewsSection(),  # nobody answers for it
            "process": read.process.model_copy(update={"start": start}),
            "reader": read.reader.model_copy(update={"command": unread}),
            "exporter": read.exporter.model_copy(update={"command": unread}),
            "deidentifier": deidentifier_profile.null_section(read, kind),
            "user_agent": agent_profile.null_agent(kind),
            "requestor": read.requestor.model_copy(
                update={"commands": nobody, "tls_commands": nobody, "retrieve_modes": modes}
            ),
        }
    )


def _reading_with(read: profiles.Profile, arguments: Sequence[str]) -> profiles.Profile:
    """The profile whose reader is started with further arguments."""
    assert read.reader is not None
    command = [*read.reader.command, *arguments]
    return read.model_copy(update={"reader": read.reader.model_copy(update={"command": command})})


def requestor_twin_names() -> Sequence[str]:
    """Names of the benign twins that only show when the device calls."""
    return (PINNING,)


def null_kinds() -> Sequence[str]:
    """Names of the null devices."""
    return KINDS


def flaw_names() -> Sequence[str]:
    """Names of the seeded flaws."""
    return (*FLAW_NAMES, INSPECTION)


def twin_names() -> Sequence[str]:
    """Names of the benign twins."""
    return TWIN_NAMES


def _claiming_everything(read: profiles.Profile) -> profiles.Profile:
    """Every profile at once, which only a device can claim that keeps to none."""
    assert read.tls is not None
    everything = tuple(profiles.TLS_PROFILE_CLAIMS)
    tls = read.tls.model_copy(update={"profiles": everything})
    everything_else = audit_profile.audited(web_profile.webbed(_limited(_hooked(_guarded(read)))))
    return everything_else.model_copy(update={"tls": tls})


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


def _with_arguments(
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
