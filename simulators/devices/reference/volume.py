"""How much the device may store, and how much of it is taken."""

import os
import threading
from pathlib import Path


class Volume:
    """The room for objects: a claimed quota, or all there is.

    Room is taken in two steps, so that what is being written counts before it is on the disk. When
    it seems to be used up the disk is asked, because files may have been taken away.
    """

    def __init__(self, root: Path, quota: int | None) -> None:
        """Measure what is taken.

        Args:
            root: Directory of the objects.
            quota: Most octets, or None.
        """
        self._root = root
        self._quota = quota
        self._lock = threading.Lock()
        self._writing = 0
        self._used = 0 if quota is None else octets_below(root)

    def reserve(self, size: int) -> bool:
        """Take room for a file of ``size`` octets; False when there is none."""
        if self._quota is None:
            return True
        with self._lock:
            if self._used + self._writing + size > self._quota:
                self._used = octets_below(self._root)
            if self._used + self._writing + size > self._quota:
                return False
            self._writing += size
        return True

    def settle(self, size: int) -> None:
        """Note that what was reserved has been written."""
        if self._quota is not None:
            with self._lock:
                self._writing -= size
                self._used += size

    def cancel(self, size: int) -> None:
        """Give back what was reserved."""
        if self._quota is not None:
            with self._lock:
                self._writing -= size


def octets_below(root: Path) -> int:
    """Return how many octets the finished objects below a directory take."""
    total = 0
    for directory, _, names in os.walk(root):
        for name in names:
            if not name.startswith("."):
                try:
                    total += os.stat(os.path.join(directory, name)).st_size
                except FileNotFoundError:
                    continue
    return total
