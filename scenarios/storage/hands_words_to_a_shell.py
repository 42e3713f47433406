"""STO-10: values of the peer reach a command that runs for each received object."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import hook_sees_values
from harness.registry import scenario
from harness.stage import Stage
from simulators.receive_hook import FORMS, HookWatch


@scenario(
    id="STO-010",
    verifies=["HOUSE/NO-SHELL", "HOUSE/UID-CHECK"],
    threats=["T-INTEG-02", "T-INTEG-01"],
    weakness=["CWE-78", "CWE-88"],
    references=["CVE-2026-5663", "DCMTK-1109", "CVE-2020-27298"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RECEIVE_HOOK},
    severity=Severity.CRITICAL,
    twin="STO-912",
    control="hook_through_shell",
    oracles=[hook_sees_values()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in FORMS],
)
def hands_words_to_a_shell(stage: Stage) -> None:
    """A command that runs for received objects gets hostile values as data, never through a shell.

    Routers and archives run a script for each arrival, and build its command line of what arrived:
    a patient called "$(...)" is then a command of the attacker's, with the rights of the archive.
    The values sent here would only make an empty file. A good device hands each value over as one
    argument, or refuses values that break their value representation.

    Remedy: Start commands with a list of arguments and without a shell; quoting is not enough.
    """
    HookWatch(stage).attack(str(stage.case["form"]))
