"""A simulator that says what it was given.

The second paragraph is no part of its line.
"""

import sys
from collections.abc import Sequence


def polite(arguments: Sequence[str]) -> int:
    sys.stdout.write(" ".join(arguments) + "\n")
    return 7


def interrupted(arguments: Sequence[str]) -> int:
    raise KeyboardInterrupt


def leaving(arguments: Sequence[str]) -> int:
    raise SystemExit(2)
