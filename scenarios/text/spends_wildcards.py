"""TXT-04: wildcards and ranges that no honest peer would send."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, matches_by_rule
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import inquire
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.questions import with_wildcards
from simulators.requestor import Requestor


@scenario(
    id="TXT-004",
    verifies=["HOUSE/BOUNDED-TIME", "PS3.4/C.2.2.2", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-1333", "CWE-400"],
    references=["CVE-2026-44628", "CVE-2026-10194"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="DIM-900",
    control="backtracks_without_limit",
    oracles=[answers_in_proportion(), matches_by_rule()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def spends_wildcards(stage: Stage) -> None:
    """A query with hostile wildcards or ranges takes no longer than an honest one in proportion.

    A matcher that tries every way to spend the asterisks of a pattern needs years for sixty
    characters, and one query of a stranger stops the archive. Others hand the pattern on to regular
    expressions or to SQL, whose signs then match what DICOM says they do not. The object asked for
    bears a long run of one letter, the worst case of such matchers.

    Remedy: Match with one point of return per asterisk, and bound what a pattern may cost.
    """
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE,))
        number = "A" * 48 + stage.token[:12]
        syntax = peer.contexts[STORAGE.id]
        thing = synthetic_object(stage, transfer_syntax=syntax, PatientID=number)
        peer.store(thing)
        peer.release()
    inquire(stage, with_wildcards(thing.study))
