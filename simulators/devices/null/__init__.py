"""Null devices: peers that do nothing sensible, so no negative scenario may pass on them."""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one null device; return the exit code."""
    from simulators.devices.null.cli import main as run

    return run(argv)
