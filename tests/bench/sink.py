"""The acceptor that is never the limit of a load (``sink.c``): compiled, started and asked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict

SOURCE = Path(__file__).with_name("sink.c")
MISSING = "no C compiler `cc` on PATH for tests/bench/sink.c: apt-get install gcc libc6-dev"
MAX_PDU = 131_072
_PATIENCE_S = 60.0


class Counts(BaseModel):
    """What the sink has seen since its start.

    Attributes:
        associations: A-ASSOCIATE-RQs; each was accepted.
        lost: Connections that were ended for what is no DICOM.
        unused: Connections that ended without a command.
        most_open: Most connections at a time since the last question.
        others: Commands that are neither C-ECHO nor C-STORE.
        octets: Octets of data sets.
        first_s, last_s: The sink's clock when it answered the first and the last command since the
            last question; 0 without one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    associations: int
    released: int
    aborted: int
    lost: int
    unused: int
    open: int
    most_open: int
    echoes: int
    stores: int
    others: int
    octets: int
    first_s: float
    last_s: float


class Sink:
    """A running sink."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid
        self.port = int(self._line())

    def counts(self) -> Counts:
        """Asks it."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return Counts.model_validate_json(self._line())

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sink ended with {self._process.wait(_PATIENCE_S)}")
        return line


def compiler() -> str | None:
    """Path of the C compiler, if there is one."""
    return shutil.which("cc")


def compiled(folder: Path) -> Path:
    """The program, compiled into a folder.

    Raises:
        RuntimeError: There is no compiler, or it refuses; with what it says.
    """
    cc = compiler()
    if cc is None:
        raise RuntimeError(MISSING)
    program = folder / "sink"
    options = ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror"]
    ended = subprocess.run(
        [cc, *options, "-o", str(program), str(SOURCE)],
        capture_output=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip
    if ended.returncode:
        raise RuntimeError(f"{cc} refuses sink.c: {ended.stderr.decode('utf-8', 'replace')}")
    return program


@contextmanager
def listening(program: Path, max_pdu: int = MAX_PDU) -> Iterator[Sink]:
    """The sink on a port of 127.0.0.1 until the block ends; it also ends when this process does.

    Args:
        program: From :func:`compiled`.
        max_pdu: The maximum length that it announces; 0: no limit.
    """
    with subprocess.Popen(
        [str(program), str(max_pdu)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Sink(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(_PATIENCE_S)
