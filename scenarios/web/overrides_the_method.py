"""WEB-14: a GET that would like to be a DELETE."""

from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.web.honest import store_by_web, witness_holding
from simulators.web.request import Request
from simulators.web.target import path_of

_FIELDS = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@scenario(
    id="WEB-014B",
    verifies=["HOUSE/WEB-METHODS", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-650"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_method_override",
    oracles=[changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def overrides_the_method(stage: Stage) -> None:
    """A field that names another method deletes nothing.

    Proxies permit methods; frameworks take another one from a field for the sake of old browsers.
    A GET that deletes is followed by crawlers, previews and image elements, too.

    Remedy: Switch method overriding off.
    """
    study = store_by_web(stage).study
    place = Request(target=path_of(stage, "studies", study))
    requests = [
        replace(place, method=method, headers=((field, "DELETE"),))
        for method in ("GET", "POST")
        for field in _FIELDS
    ]
    requests.append(replace(place, target=f"{place.target}?_method=DELETE"))
    ask_each(stage, requests)
    witness_holding(stage, study, expected=True)
