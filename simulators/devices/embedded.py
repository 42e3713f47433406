"""The embedded devices as profiles: reference device, seeded flaws, benign twins, null devices.

Apart from the package itself, which the devices import at every start and which stays empty.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.resources import files

from harness import profile as profiles
from harness.model import Claim
from simulators.devices import agent_profile, deidentifier_profile, dresses, web_profile
from simulators.devices.null.cli import KINDS
from simulators.devices.reference.flaws import FLAW_NAMES, TWIN_NAMES

PINNING = "FO-5"
"""The benign twin that pins our certificate; it needs to be told which, and only under TLS."""

UNCASED = "FO-2"
"""The benign twin that compares AE titles without regard to case, and claims it."""


INSPECTION = "fails_inspection"
"""The flaw that no exchange shows: whoever looks at the device attests that nothing holds."""


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
    wanted = set(claims)
    worn = (each for each in dresses.of(read, _switches(flaws)) if wanted <= each.claims())
    return next(worn, read)


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
    return dresses.with_arguments(read, switched, pinned)


def _switches(flaws: Sequence[str]) -> list[str]:
    """The arguments that switch flaws on."""
    return [part for flaw in flaws if flaw != INSPECTION for part in ("--flaw", flaw)]


def null_profile(kind: str) -> profiles.Profile:
    """The profile of a null device that claims all that the reference device claims in any dress.

    Its requestor is as null as it can be: a command that succeeds and calls nobody. Its reader is
    null in its own way.
    """
    read = dresses.everything(embedded_profile())
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
