"""Tiny programs that stand for devices, and helpers to look at processes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from simulators.process import DeviceProcess
from simulators.process.keeper import read_stat

LISTENER = """
import signal, socket, sys
s = socket.socket(); s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
signal.pause()
"""
SLEEPER = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN); print("ready", flush=True)
while True: signal.pause()
"""
# One child in the same group, one that daemonised itself and whose parent is gone.
FAMILY = """
import os, signal
if os.fork() == 0: signal.pause()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print("ready", flush=True)
        signal.pause()
    os._exit(0)
os.wait()
signal.pause()
"""
STUBBORN_FAMILY = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + FAMILY
CRASHING_CHILD = """
import os, signal
if os.fork() == 0: os.kill(os.getpid(), signal.SIGSEGV)
os.wait(); print("ready", flush=True); signal.pause()
"""
EATER_CHILD = """
import os, signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: None)
print("ready", flush=True)
signal.pause()
if os.fork() == 0:
    eaten = b"x" * int(sys.argv[1]); time.sleep(0.2); os._exit(0)
os.wait(); print("done", flush=True); signal.pause()
"""


def python(code: str, *arguments: object) -> list[str]:
    """Return a command that runs a program text."""
    return [sys.executable, "-S", "-c", code, *map(str, arguments)]


def device(folder: Path, code: str, *arguments: object) -> DeviceProcess:
    """Return a device, not yet started, that works in `folder`."""
    return DeviceProcess(python(code, *arguments), {}, folder / "cwd", folder / "device.log")


def eventually(what: Callable[[], object], timeout_s: float = 10.0) -> bool:
    """Return whether a condition comes true within the time."""
    deadline = time.monotonic() + timeout_s
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def said(folder: Path, word: str) -> bool:
    """Return whether the device in `folder` wrote a word to its log."""
    log = folder / "device.log"
    return eventually(lambda: log.exists() and word in log.read_text())


def is_running(pid: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    stat = read_stat(pid)
    return stat is not None and stat.state != "Z"
