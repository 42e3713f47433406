"""A device with roles, and stages on which the identities of its profile act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.profile import parse
from harness.stage import Packet, Stage
from simulators.lab import Lab
from simulators.process import free_port
from simulators.sentinel import sentinel_stage
from tests.simulators.devices.running import reference

SECRET = "passcode-of-rita"
PROFILE = """
schema = 1
[device]
manufacturer = "reference"
model = "with roles"
[acceptor]
port = {port}
ae_title = "REFERENCE"
calling_ae_titles = ["ASSAY"]
services = ["verification", "storage", "query-retrieve", "storage-commitment"]

[[identities]]
name = "modality"
ae_title = "SENDER"
[[identities]]
name = "workstation"
ae_title = "READER"
[[identities]]
name = "rita"
ae_title = "WARD"
user = {{ type = 2, name = "rita", passcode = "passcode-of-rita" }}

[authorisation]
destinations = {{ CANARY = ["workstation"], OTHER = [] }}
destination_port = {canary}
[[authorisation.objects]]
name = "public"
patient_id = "PUBLIC"
[[authorisation.objects]]
name = "secret"
patient_id = "SECRET"
[[authorisation.rules]]
identities = ["modality"]
operations = ["echo", "store", "commit"]
objects = ["public"]
[[authorisation.rules]]
identities = ["workstation"]
operations = ["echo", "find", "get", "move"]
objects = ["public"]
[[authorisation.rules]]
identities = ["rita"]
operations = ["find"]
objects = ["secret"]
[[authorisation.rules]]
identities = ["modality", "workstation"]
operations = ["store", "find", "get", "move", "delete"]
objects = ["secret"]
effect = "forbidden"
[[authorisation.rules]]
identities = ["workstation"]
operations = ["commit"]
objects = ["secret"]
effect = "forbidden"
[[authorisation.rules]]
identities = ["modality"]
operations = ["find"]
objects = ["public"]
effect = "forbidden"
"""
RULES = """
role SENDER echo,store,commit patients=PUBLIC
role READER echo,find,get,move patients=PUBLIC to=CANARY
role WARD/rita find patients=SECRET
user rita passcode-of-rita
"""

OpenStage = Callable[..., Stage]


class Kept:
    """A witness that keeps what it is told, as bytes and as text."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.lines: list[str] = []

    def observed(self, play: str, seen: object) -> None:
        """Keeps an observation as text."""
        self.lines.append(repr(seen))

    def packet(self, play: str, packet: Packet) -> None:
        """Keeps the bytes of a packet."""
        self.packets.append(packet.data)

    def keylog(self, play: str, line: str) -> None:
        """Keeps a line of a key log."""
        self.lines.append(line)


@pytest.fixture(scope="module")
def on_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStage]:
    """Opens a stage in front of the device with the flaws that are named; it starts once."""
    labs: dict[tuple[str, ...], Lab] = {}
    with ExitStack() as stack:

        def opened(*flaws: str) -> Stage:
            if flaws not in labs:
                labs[flaws] = _started(stack, tmp_path_factory.mktemp("roles"), flaws)
            lab = labs[flaws]
            stage = sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "AUT-930")
            stage.witness = Kept()
            return stage

        yield opened


def _started(stack: ExitStack, folder: Path, flaws: tuple[str, ...]) -> Lab:
    canary = free_port()
    (folder / "access").write_text(RULES, "utf-8")
    arguments = ["--calling", "ASSAY", "--access", str(folder / "access")]
    for title in ("CANARY", "OTHER"):
        arguments += ["--destination", f"{title}=127.0.0.1:{canary}"]
    for flaw in flaws:
        arguments += ["--flaw", flaw]
    device = stack.enter_context(reference(folder, *arguments, artim=2, idle=4))
    text = PROFILE.format(port=device.port, canary=canary)
    lab = Lab.equip(parse(text, "roles.toml"), folder / "run", lambda _text: None)
    stack.callback(lab.close)
    return lab
