"""Where a device speaks HTTP: the port of its profile, and others on which it listens."""

from __future__ import annotations

from harness.stage import Stage
from simulators.lab import lab_of
from simulators.peer import Peer
from simulators.process import DeviceProcess, listening_ports
from simulators.web.client import WebClient
from simulators.web.target import web_of


def web_door(stage: Stage, actor: str) -> Peer:
    """The device's web port, without a word of TLS yet."""
    return WebClient(stage, actor=actor, plain=True)


def other_doors(stage: Stage) -> tuple[int, ...]:
    """Ports on which the device listens, but those that its profile names.

    What is on loopback only is no door of a device whose web port is not.

    Raises:
        PreconditionUnmetError: Its processes are not ours to look at.
    """
    device = getattr(stage.bench, "device", None)
    stage.require(isinstance(device, DeviceProcess), "the device is no process of ours")
    pids = device.pids() if isinstance(device, DeviceProcess) else []
    lab = lab_of(stage)
    named: set[int | None] = {*lab.ports, web_of(stage).port}
    acceptor, hl7 = lab.profile.acceptor, lab.profile.hl7
    named |= {acceptor.port, acceptor.tls_port} if acceptor else set()
    named |= {hl7.port} if hl7 else set()
    found = listening_ports(pids)
    outward = found.get(web_of(stage).port, False)
    return tuple(
        port for port, reached in found.items() if port not in named and (reached or not outward)
    )
