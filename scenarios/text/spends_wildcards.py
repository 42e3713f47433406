"""TXT-04: wildcards and ranges that no honest peer would send."""

from collections.abc import Iterator

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, matches_by_rule
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import Question, inquire
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_LONG = 10_000
_FOUND = {
    "PatientID": ("*", "AAA*", "?AA*", "*A*A*"),
    "StudyDate": ("20200101-20200101", "20190101-", "-20201231"),
}
_NOT_FOUND = {
    "PatientID": ("AAA?", "[A]A*", "AA.*", "AA%*", "^AA*", "*B"),
    "StudyDate": ("20201231-20190101", "-20191231", "20200102-"),
}
_WHATEVER = {
    "PatientID": (
        "*A" * 31 + "*B", "?" * 64, "*" * 64, "*?" * 31 + "*B", "(A+)+$", "AAA(", "AA\\*", "\\",
        "*" * _LONG, "?" * _LONG, "*A" * (_LONG // 2), "A" * _LONG,
    ),
    "StudyDate": ("-", "--", "20200101-20200101-20200101", "99999999-00000000", "*", "2020*"),
}  # fmt: skip
"""What nothing lays down, or what is longer than its VR permits: any answer will do, soon."""


def _questions(study: str) -> Iterator[Question]:
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": study}
    yield Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)
    for form, chosen in (("found", _FOUND), ("not found", _NOT_FOUND), ("whatever", _WHATEVER)):
        for name, texts in chosen.items():
            for text in texts:
                yield Question(name=name, form=form, keys={**here, name: text})


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
    inquire(stage, _questions(thing.study))
