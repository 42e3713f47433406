"""One certificate shown over DICOM/TLS by hand: a case of x509-limbo, or a specimen of ours."""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Show it; return the exit code."""
    from simulators.tls_peer.cli import main as run

    return run(argv)
