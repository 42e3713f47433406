"""TXT-04 by the web: wildcards and ranges that no honest peer would send."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, matches_by_rule
from harness.registry import scenario
from harness.stage import Stage
from simulators.questions import with_wildcards
from simulators.web.honest import store_by_web
from simulators.web.inquiry import inquire_by_web

_LONGEST = 1000
"""Longer ones say more of limits on addresses than of matching."""


@scenario(
    id="TXT-304",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-1333", "CWE-400"],
    role=Role.ACCEPTOR,
    needs={Claim.WEB_STOW, Claim.WEB_QIDO},
    severity=Severity.HIGH,
    twin="WEB-900",
    control="backtracks_without_limit",
    oracles=[answers_in_proportion(), matches_by_rule()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
)
def spends_wildcards(stage: Stage) -> None:
    """A search with hostile wildcards or ranges takes no longer than an honest one in proportion.

    QIDO-RS takes the wildcards of C-FIND, from clients that need no more than an address. A
    matcher that tries every way to spend asterisks needs years for sixty characters.

    Remedy: Match with one point of return per asterisk, and bound what a pattern may cost.
    """
    thing = store_by_web(stage, PatientID="A" * 48 + stage.token[:12])
    inquire_by_web(stage, with_wildcards(thing.study, _LONGEST))
