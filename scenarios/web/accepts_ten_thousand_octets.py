"""WEB-15: a client that accepts very much."""

from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web_bounds import answers_in_order
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES, require_web
from simulators.web.client import WebClient
from simulators.web.honest import look, metadata, store_by_web
from simulators.web.target import entitled


@scenario(
    id="WEB-015C",
    verifies=["HOUSE/WEB-BOUNDED", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-1333"],
    role=Role.ACCEPTOR,
    needs=GIVES,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_accept_backtracks",
    oracles=[answers_in_order(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def accepts_ten_thousand_octets(stage: Stage) -> None:
    """A list of a thousand media types is answered as soon as a short one.

    What a client accepts is a list with weights, parameters and quotes, and is read by patterns.
    Some of them take hours for ten kilobytes of it.

    Remedy: Limit the length of the field, and read it forward once.
    """
    require_web(stage)
    request = metadata(stage, store_by_web(stage).study)
    kinds = "application/dicom+json;q=0.9,"
    for name, field in {
        "many": kinds * 340,
        "many parameters": kinds + "application/x" + ";a=b" * 2000,
        "an open quote": kinds + 'application/x;a="' + "\\\\" * 2000,
    }.items():
        with WebClient(stage) as client:
            headers = (("Accept", field),)
            heavy = entitled(stage, replace(request, headers=headers))
            client.ask(heavy, what=f"Accept with {name}", lie=["Accept"])
            if client.silent:
                return
    look(stage)
