"""How a device waits for its end."""

import os
import signal


class StopSignal:
    """Catches SIGTERM and SIGINT from the moment it is made.

    The handler writes to a pipe: an ``Event`` may be locked by the very thread that it interrupts.
    """

    def __init__(self) -> None:
        self._read_end, write_end = os.pipe()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os.write(write_end, b"."))

    def wait(self) -> None:
        """Return once a signal has come."""
        os.read(self._read_end, 1)
