"""DIM-14 for requestors: the acceptor does not read what the device sends."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_gives_up, cpu_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.backpressure import large_file, stop_reading


@scenario(
    id="DIM-114",
    verifies=["HOUSE/BOUNDED-CPU", "HOUSE/CLIENT-GIVES-UP", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-835"],
    references=["DCMTK-1074"],
    role=Role.REQUESTOR,
    needs={Claim.STORAGE_SCU},
    severity=Severity.MEDIUM,
    twin="STO-950",
    control="scu_spins",
    oracles=[cpu_below(0.35), client_gives_up()],
    budget_s=60,
)
def does_not_read(stage: Stage) -> None:
    """A device that sends neither spins nor hangs when its server does not read.

    An object is larger than the buffers of the line, so that sending it stops when the server does
    not read. A device that asks in a loop whether it may go on burns a processor on a modality that
    has work to do; one that waits without a timer never gets to its next task.

    Remedy: Wait for the socket to become writable, with a time limit, and report the failure.
    """
    with Acceptor(stage, "storage", values={"file": large_file(stage)}) as hostile:
        hostile.establish()
        stop_reading(hostile)
