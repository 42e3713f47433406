"""WEB-15: a transfer syntax that nobody has."""

from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES, require_web
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web, wado
from simulators.web.target import entitled


@scenario(
    id="WEB-015D",
    verifies=["HOUSE/WEB-ONE-READING"],
    threats=["T-INTEG-07"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs=GIVES,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_repeats_transfer_syntax",
    oracles=[gives_away_nothing("an answer says a transfer syntax that there is not")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_for_a_syntax_that_is_none(stage: Stage) -> None:
    """An answer never says a transfer syntax that the client has made up.

    An object that is labelled with what was asked for, instead of what it is, is decoded by the
    wrong decoder: the picture is lost, or another one.

    Remedy: Name the transfer syntax that the object is in, and answer 406 to any other.
    """
    require_web(stage)
    request = wado(stage, store_by_web(stage))
    for syntax in ("2.25.999", "1.2.840.10008.1.2.1.999", "..", "1.2.840.10008.1.2.4.50.0"):
        accepted = f'multipart/related; type="application/dicom"; transfer-syntax={syntax}'
        with WebClient(stage) as client:
            odd = entitled(stage, replace(request, headers=(("Accept", accepted),)))
            client.ask(
                odd, lie=["Accept"], marks={"the syntax": f"transfer-syntax={syntax}".encode()}
            )
