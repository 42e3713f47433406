"""RES-006: honest and malformed associations one after the other, and the memory they leave."""

from harness.model import Claim, Role, Severity
from harness.oracles import returns_to_base
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.load.scene import load, plan, rest
from simulators.requestor import ANSWER_S, Requestor

_WARM = 10
_EACH = 80
_LEFT_BEHIND = 24 * 1024.0
_GROWTH = int(_EACH * _LEFT_BEHIND)


@scenario(
    id="RES-006",
    verifies=["HOUSE/RETURNS-TO-BASE", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-11"],
    weakness=["CWE-401"],
    references=[
        "CVE-2026-50254",
        "CVE-2026-35505",
        "CVE-2022-43272",
        "CVE-2021-41687",
        "fodicom-1594",
    ],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESTARTABLE,
    },
    severity=Severity.HIGH,
    twin="ASC-900",
    control="leaks_per_refused",
    oracles=[returns_to_base(per_request_bytes=_LEFT_BEHIND)],
    budget_s=90,
    alone=True,
    bystander=False,
)
def makes_malformed_visits(stage: Stage) -> None:
    """Honest and malformed associations in turn leave no memory, thread or descriptor behind.

    The path on which an association fails is the one that nobody profiles: what was allocated for
    it stays. Malformed requests cost an attacker nothing, need no AE title, and empty the memory
    of a device in an afternoon.

    Remedy: Free what belongs to an association in one place, on whatever path it ends.
    """
    load(stage, plan(stage, "associate", number=1, associations=1, count=_WARM))
    _malformed(stage, _WARM)
    base = rest(stage, "before")
    load(stage, plan(stage, "associate", associations=1, count=_EACH))
    _malformed(stage, _EACH)
    rest(stage, "after", base, growth_bytes=_GROWTH)


def _malformed(stage: Stage, count: int) -> None:
    """Associations that are granted, and ended by a PDU that nobody knows."""
    for number in range(count):
        with Requestor(stage) as attacker:
            attacker.associate()
            noise = wire.RawPDU(type=0xFF, body=bytes(4 + number % 4))
            attacker.send(noise, stimulus=True, what=f"malformed PDU {number + 1}")
            attacker.receive(ANSWER_S)
