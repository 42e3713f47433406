"""Changes whom the device trusts, has that take effect, and changes it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

from harness.stage import Stage
from simulators.handshakes.trials import (
    client,
    client_policy,
    require_served,
    seek_service,
    witness_certificate,
)
from simulators.lab import lab_of
from simulators.pki import Authority

NEWCOMER = "newcomer"
"""Under which name the client of the new authority is observed."""


class _Restartable(Protocol):
    def take_effect(self) -> None: ...


def try_a_removed_authority(stage: Stage) -> None:
    """Has another authority replace the trusted one, and comes with certificates of both.

    The device is left as it was found.

    Raises:
        PreconditionUnmetError: The old certificate was not served before.
        BenchError: The device does not come back.
    """
    old = lab_of(stage).trust.ours
    require_served(stage, client_policy(stage, old))
    with _trusting_another(stage) as other:
        with client(stage, client_policy(stage, old)) as peer:
            witness_certificate(peer, peer.handshake, old, "")
            seek_service(peer)
        newcomer = client_policy(stage, other.issue(common_name="by the new authority"))
        with client(stage, newcomer, actor=NEWCOMER) as peer:
            seek_service(peer)


@contextmanager
def _trusting_another(stage: Stage) -> Iterator[Authority]:
    trust = lab_of(stage).trust
    bench = cast("_Restartable", stage.bench)
    before = trust.ca.read_bytes()
    other = Authority.new("dicom-assay second authority")
    trust.ca.write_bytes(other.certificate_pem)
    try:
        bench.take_effect()
        yield other
    finally:
        trust.ca.write_bytes(before)
        bench.take_effect()
