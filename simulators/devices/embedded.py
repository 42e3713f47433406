"""The embedded devices as profiles: reference device, seeded flaws, benign twins, null devices.

Apart from the package itself, which the devices import at every start and which stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from harness import profile as profiles
from simulators.devices.null.cli import KINDS
from simulators.devices.reference.flaws import FLAW_NAMES, TWIN_NAMES


def embedded_profile(flaws: Sequence[str] = (), twins: Sequence[str] = ()) -> profiles.Profile:
    """The profile of the reference device, started by the harness on loopback.

    Args:
        flaws: Seeded flaws to switch on.
        twins: Benign peculiarities to switch on.
    """
    source = files("simulators.devices") / "reference.toml"
    read = profiles.parse(source.read_text("utf-8"), str(source))
    extra = [part for flaw in flaws for part in ("--flaw", flaw)]
    extra += [part for twin in twins for part in ("--twin", twin)]
    return with_arguments(read, extra)


def null_profile(kind: str) -> profiles.Profile:
    """The profile of a null device that claims all that the reference device claims.

    Its requestor is as null as it can be: a command that succeeds and calls nobody.
    """
    read = embedded_profile()
    assert read.process is not None
    assert read.requestor is not None
    ports = ["--port", "{port}", "--tls-port", "{tls_port}"]
    start = ["{python}", "-m", "simulators.devices.null", kind, *ports]
    nobody = {name: ["{python}", "-c", "pass"] for name in read.requestor.commands}
    return read.model_copy(
        update={
            "process": read.process.model_copy(
                update={"start": [*start, "--key", "{key}", "--cert", "{cert}"]}
            ),
            "requestor": read.requestor.model_copy(
                update={"commands": nobody, "tls_commands": nobody}
            ),
        }
    )


def null_kinds() -> Sequence[str]:
    """Names of the null devices."""
    return KINDS


def flaw_names() -> Sequence[str]:
    """Names of the seeded flaws."""
    return FLAW_NAMES


def twin_names() -> Sequence[str]:
    """Names of the benign twins."""
    return TWIN_NAMES


def with_arguments(read: profiles.Profile, extra: Sequence[str]) -> profiles.Profile:
    """The profile with further arguments for the device, as acceptor and as requestor."""
    if not extra:
        return read
    assert read.process is not None
    assert read.requestor is not None
    process = read.process.model_copy(update={"start": [*read.process.start, *extra]})
    requestor = read.requestor.model_copy(
        update={
            table: {name: [*command, *extra] for name, command in commands.items()}
            for table, commands in (
                ("commands", read.requestor.commands),
                ("tls_commands", read.requestor.tls_commands),
            )
        }
    )
    return read.model_copy(update={"process": process, "requestor": requestor})
