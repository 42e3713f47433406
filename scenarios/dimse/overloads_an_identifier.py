"""DIM-10: a query with thousands of keys, or with a pattern of 64 KiB."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, busy_at_most, idle_afterwards
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.inquiry import Question, inquire, watch_idle
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_KEYS = 2000
_BLOCK = 256
_PATTERNS = {"2000 keys": 0, "64 KiB": 65534, "1 KiB": 1024}
_ANSWER_S = 10.0


def _strange_keys() -> tuple[wire.Element, ...]:
    """Private keys that nobody supports, so that an SCP passes them over, with their creators."""
    creators = [
        wire.Element(tag=0x00110010 + block, vr="LO", value="DICOM-ASSAY ")
        for block in range(-(-_KEYS // _BLOCK))
    ]
    keys = [wire.Element(tag=0x00111000 + key, vr="LO", value="* ") for key in range(_KEYS)]
    return (*creators, *keys)


@scenario(
    id="DIM-010",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/BOUNDED-CPU", "PS3.4/C.2.2.2"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-1333", "CWE-400"],
    references=["CVE-2026-44628", "CVE-2026-10194", "Dicoogle-638"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="DIM-900",
    control="backtracks_without_limit",
    oracles=[busy_at_most(2.0), answers_in_proportion(_ANSWER_S), idle_afterwards(0.25)],
    vary=[{"identifier": name} for name in _PATTERNS],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def overloads_an_identifier(stage: Stage) -> None:
    """A query of thousands of keys or endless wildcards is answered or refused, and then over.

    What a device does per key it does per stored object too, and patterns of alternating wildcards
    are what matchers fear most. Answering late is half of the harm: the other half is a thread that
    goes on searching when nobody waits any more.

    Remedy: Bound keys, lengths and the cost of a match, and end the search with the association.
    """
    length = _PATTERNS[str(stage.case["identifier"])]
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE,))
        patient = "A" * 48 + stage.token[:12]
        syntax = peer.contexts[STORAGE.id]
        thing = synthetic_object(stage, transfer_syntax=syntax, PatientID=patient)
        peer.store(thing)
        peer.release()
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": thing.study}
    honest = Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)
    pattern = {**here, "PatientID": "*?" * (length // 2)} if length else here
    more = () if length else _strange_keys()
    hostile = Question(name="PatientID", form="whatever", keys=pattern, more=more)
    inquire(stage, (honest, hostile))
    watch_idle(stage)
