"""LOAD-008: slow readers beside polite callers."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_during_load
from harness.registry import scenario
from harness.stage import Stage
from simulators.lab import lab_of
from simulators.load.scene import load, plan, target
from simulators.load.slow import SlowReaders

_READERS = 3
_FULL_S = 6.0
_COUNT = 60
_RATE = 120.0
_ANSWER_S = 3.0


@scenario(
    id="LOAD-008",
    verifies=["HOUSE/SERVES-UNDER-LOAD", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-10"],
    weakness=["CWE-667", "CWE-400"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.PLAIN_ACCEPTOR,
    },
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="starved_by_slow_readers",
    oracles=[serves_during_load(_ANSWER_S)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def asks_and_does_not_read(stage: Stage) -> None:
    """Peers that ask and do not read their answers keep nobody else from being served.

    The answers pile up in the send buffer of the device until its next write waits. A device that
    waits with a lock in its hand, or in the one thread that serves all, has been stopped by a peer
    that sent nothing but honest requests.

    Remedy: Hold no shared lock while writing to a peer, and give each write a deadline.
    """
    readers = SlowReaders(target(stage), lab_of(stage).calling, lab_of(stage).guard, count=_READERS)
    with readers:
        stage.require(readers.opened, "no association could be opened that reads slowly")
        readers.full(_FULL_S)
        what = f"{readers.opened} associations that ask and hardly read"
        sent = readers.sent
        stage.observe("emitted", what=what, bytes=sent, sent=sent, stimulus=sent > 0)
        polite = plan(stage, "store", associations=2, count=_COUNT, rate=_RATE, timeout_s=_ANSWER_S)
        load(stage, polite)
