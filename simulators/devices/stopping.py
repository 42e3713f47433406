"""How a device waits for its end."""

import os
import signal


class StopSignal:
    """Catches SIGTERM and SIGINT from the moment it is made.

    The interpreter's own C handler writes to a pipe, in whichever thread the signal arrives: a
    handler in Python would have to wait for the main thread, which waits for the signal.
    """

    def __init__(self) -> None:
        self._read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def wait(self) -> None:
        """Return once a signal has come."""
        os.read(self._read_end, 1)
