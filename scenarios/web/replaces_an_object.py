"""WEB-06: the same SOP Instance UID with other pixels."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely, store_by_web, stow, wado
from simulators.web.target import entitled


@scenario(
    id="WEB-006G",
    verifies=["HOUSE/NO-SILENT-REPLACEMENT"],
    threats=["T-INTEG-20"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs=GIVES | {Claim.DUPLICATE_RULE},
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_overwrites_silently",
    oracles=[changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def replaces_an_object(stage: Stage) -> None:
    """A second object of one SOP Instance UID does not take the place of the first by STOW-RS.

    The rule for duplicates is often built into the DIMSE service, and the web writes past it.

    Remedy: Let every way in pass the one place where duplicates are decided.
    """
    acceptor = stage.profile.acceptor
    stage.require(acceptor and acceptor.duplicates != "replace", "it claims that objects replace")
    thing = store_by_web(stage)
    other = part10(stage, PixelData=bytes(reversed(range(256))))
    with WebClient(stage) as client:
        client.ask(entitled(stage, stow(stage, [other])), stimulus=True)
    answer = ask_politely(stage, wado(stage, thing))
    stage.require(answer is not None and answer.status == 200, "the object was not given back")
    kept = answer is not None and bytes(range(256)) in answer.body
    stage.observe("effect", "polite", what="the pixels of the first object", changed=not kept)
