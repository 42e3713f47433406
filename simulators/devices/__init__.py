"""The reference device, its seeded flaws, and the null devices."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from harness import profile as profiles


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


def with_arguments(read: profiles.Profile, extra: Sequence[str]) -> profiles.Profile:
    """The profile with further arguments for the device, as acceptor and as requestor."""
    if not extra:
        return read
    assert read.process is not None
    assert read.requestor is not None
    process = read.process.model_copy(update={"start": [*read.process.start, *extra]})
    commands = {name: [*command, *extra] for name, command in read.requestor.commands.items()}
    requestor = read.requestor.model_copy(update={"commands": commands})
    return read.model_copy(update={"process": process, "requestor": requestor})
