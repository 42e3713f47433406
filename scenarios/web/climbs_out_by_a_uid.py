"""WEB-04: UIDs in an address that are paths."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES, ask_each
from simulators.web.honest import WHOLE, look
from simulators.web.paths import climbing, plant_canary
from simulators.web.request import Request
from simulators.web.target import path_of


@scenario(
    id="WEB-004",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK"],
    threats=["T-CONF-04"],
    weakness=["CWE-22"],
    references=["CVE-2025-2264", "CVE-2021-39369"],
    role=Role.ACCEPTOR,
    needs=GIVES | {Claim.STORAGE_FOLDER},
    severity=Severity.CRITICAL,
    twin="WEB-901",
    control="web_path_from_url",
    oracles=[gives_away_nothing("a file outside the storage is given back"), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def climbs_out_by_a_uid(stage: Stage) -> None:
    """A UID in an address that is a path leads to no file outside the storage.

    Servers that keep objects in folders named after their UIDs build a path from the address. Dots
    and slashes, encoded once or twice, then reach every file that the process may read.

    Remedy: Refuse what is no UID (PS3.5 9.1) before it is used, and look objects up in an index.
    """
    canary = plant_canary(stage)
    within = ("series", "1.2", "instances")
    targets = [
        path_of(stage, *place)
        for uid in climbing(stage, canary).values()
        for place in (("studies", uid), ("studies", "1.2", *within, uid))
    ]
    requests = [Request(target=target, headers=(("Accept", WHOLE),)) for target in targets]
    ask_each(stage, requests, {"the file": stage.token.encode()[::-1]})
    look(stage)
