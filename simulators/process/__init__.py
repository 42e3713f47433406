"""Supervision of a device under test that runs on this machine (Linux).

`DeviceProcess` starts, restarts and ends a device so that nothing of it outlives the harness;
`start_trigger` runs the client commands that make a device call us. `MemoryWatch`, `CpuWatch`,
`ResourceSnapshot`, `FileWatch` and `LogSlice` give the evidence for the crash, resource and file
oracles. Nothing here opens a connection.
"""

from simulators.process.device import DeviceProcess
from simulators.process.files import FileChanges, FileWatch, empty
from simulators.process.kept import DeviceStartError
from simulators.process.logs import LogSlice, shorten
from simulators.process.memory import MemoryWatch, PidTree, Tree
from simulators.process.resources import CpuWatch, ResourceSnapshot, cpu_seconds
from simulators.process.sockets import free_port, listening_ports
from simulators.process.trigger import Trigger, TriggerResult, run_trigger, start_trigger

__all__ = [
    "CpuWatch",
    "DeviceProcess",
    "DeviceStartError",
    "FileChanges",
    "FileWatch",
    "LogSlice",
    "MemoryWatch",
    "PidTree",
    "ResourceSnapshot",
    "Tree",
    "Trigger",
    "TriggerResult",
    "cpu_seconds",
    "empty",
    "free_port",
    "listening_ports",
    "run_trigger",
    "shorten",
    "start_trigger",
]
