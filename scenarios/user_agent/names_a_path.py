"""STO-01, turned round: names in an answer that are paths."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import plants_nothing_outside, survives_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import named
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-115",
    verifies=["HOUSE/AGENT-INSIDE", "HOUSE/FILES-INSIDE"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2010-3842"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE, Claim.AGENT_WRITES},
    severity=Severity.CRITICAL,
    twin="WEB-951",
    control="agent_names_files_as_told",
    oracles=[plants_nothing_outside(), survives_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[
        {"how": how, "name": name}
        for how in ("Content-Disposition", "Content-Location", "UID")
        for name in ("../PLANTED", "../../PLANTED.dcm")
    ],
)
def names_a_path(stage: Stage) -> None:
    """No name in an answer leads a client to write outside the folder for what it retrieves.

    Content-Disposition, Content-Location and the SOP Instance UID are words of the server. Where
    they become the name of a file, the server decides which file of the workstation is replaced.

    Remedy: Make names of the UIDs that were asked for, after checking that they are UIDs.
    """
    how, name = str(stage.case["how"]), str(stage.case["name"])
    reply = Reply(pieces=[named(stage, how, name).framed()], lie=how)
    plays(stage, "retrieve", lambda _asked: reply, f"a path in {how}")
