"""STO-04: the called AE title is a path, at a device that claims to check it."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in

_TITLES = ("..", "../..", ".", "./..", "../storage")


@scenario(
    id="STO-004B",
    verifies=["HOUSE/AREAS-APART", "HOUSE/CALLED-AE", "PS3.8/9.3.4/CALLED"],
    threats=["T-CONF-04", "T-INTEG-02"],
    weakness=["CWE-22", "CWE-284"],
    references=["CVE-2026-52868"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLED_AE},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ae_title_directory",
    oracles=[not_served(source=1, reason=7)],
    vary=[{"called": title} for title in _TITLES],
)
def knows_its_own_titles(stage: Stage) -> None:
    """A called AE title that is a path is rejected by a device that checks called titles.

    A title is valid because somebody configured it, not because a folder of that name exists. A
    device that lets a path in has asked its file system who it is, and what it serves next comes
    from whatever folder the peer has chosen.

    Remedy: Look called AE titles up in a configured list, and reject the rest with reason 7.
    """
    with Requestor(stage, called=str(stage.case["called"])) as attacker:
        if is_let_in(attacker, lie="called"):
            attacker.echo()
