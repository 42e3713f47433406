"""Forked children of the device: the parser that recurses, and the child per association."""

import os
import signal
from contextlib import suppress
from typing import NoReturn

from simulators.devices.reference.scanner import Bounds, DataSetError, TooDeepError, scan


class WorkerDiedError(Exception):
    """A child that parsed an object ended by a signal."""


def parse_in_child(data: bytes, transfer_syntax: bytes, bounds: Bounds) -> None:
    """Parse an object in a child whose stack ends a little below ``bounds.depth`` levels.

    The flaw ``recurses_without_limit``: deeper nesting overflows the child's stack, and the child
    dies by SIGSEGV as a native parser does. It leaves a core file where RLIMIT_CORE lets it.

    Raises:
        WorkerDiedError: The child died.
    """
    child = os.fork()
    if child == 0:
        _parse_and_exit(data, transfer_syntax, bounds)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise WorkerDiedError(f"worker {child} died by signal {os.WTERMSIG(status)}")


def _parse_and_exit(data: bytes, transfer_syntax: bytes, bounds: Bounds) -> None:
    try:
        scan(data, transfer_syntax, bounds)
    except TooDeepError:
        os.kill(os.getpid(), signal.SIGSEGV)
    except DataSetError:
        pass
    finally:
        os._exit(0)


def crash_child() -> NoReturn:
    """Let a forked child die by SIGSEGV, as a parser does that reads beyond its memory.

    Raises:
        WorkerDiedError: Always.
    """
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.SIGSEGV)
    os.waitpid(child, 0)
    raise WorkerDiedError(f"worker {child} died by signal {signal.SIGSEGV.value}")


class AssociationChild:
    """Twin FO-6: a forked child that lives as long as one association and exits with code 0."""

    def __init__(self) -> None:
        read_end, self._write_end = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            # Sockets of the parent must not stay open here, or peers would see no end.
            os.closerange(3, read_end)
            os.closerange(read_end + 1, _highest_descriptor())
            os.read(read_end, 1)
            os._exit(0)
        os.close(read_end)

    def finish(self) -> None:
        """Let the child exit and collect it."""
        os.close(self._write_end)
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def die() -> None:
    """End the whole process by a real SIGSEGV, as a use after free would."""
    os.kill(os.getpid(), signal.SIGSEGV)


def _highest_descriptor() -> int:
    return os.sysconf("SC_OPEN_MAX")
