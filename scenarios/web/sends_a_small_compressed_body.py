"""WEB-912: an honest store request whose body is compressed."""

import gzip
from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import stores_what_is_compressed
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, other_study
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, store_by_web, stow, witness_holding, witness_listed
from simulators.web.target import entitled


@scenario(
    id="WEB-912",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=["CWE-440"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_refuses_gzip",
    oracles=[stores_what_is_compressed()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def sends_a_small_compressed_body(stage: Stage) -> None:
    """A small store request in gzip is stored, or refused as what the server does not take.

    A server that meets bombs by a limit still takes what is small; one that takes no compressed
    requests says so by 415 (RFC 9110 15.5.16), and who has sent an object then knows that it is not
    kept. Which of the two is right the profile says (web.gzip).

    Remedy: Expand within a bound, or answer 415; acknowledge only what is stored.
    """
    store_by_web(stage, 2, StudyInstanceUID=other_study(stage))
    honest = stow(stage, [part10(stage)])
    fields = (*honest.headers, ("Content-Encoding", "gzip"))
    request = replace(honest, headers=fields, body=gzip.compress(honest.body, mtime=0))
    with WebClient(stage) as client:
        answer = client.ask(entitled(stage, request), stimulus=True)
    witness_listed(stage, answer)
    witness_holding(stage, as_stored(stage).study, expected=True)
