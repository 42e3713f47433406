"""The reference device: a conforming DICOM acceptor and requestor with switchable flaws."""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the device's command line; return the exit code."""
    # Loaded here so that importing one part of the device does not load all of it.
    from simulators.devices.reference.cli import main as run

    return run(argv)
