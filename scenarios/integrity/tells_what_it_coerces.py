"""INT-06: what became of the identity of an object that was acknowledged with success."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import coerces_openly
from harness.registry import scenario
from harness.stage import Stage
from simulators.integrity import compare_identity
from simulators.objects import synthetic_object, uid
from simulators.queries import STORAGE, store_honestly
from simulators.requestor import Requestor
from simulators.retrieving import only, retrieve

_KNOWN = "a known patient under another name"
_IDENTITIES: dict[str, dict[str, object]] = {
    "usual": {},
    "mixed case": {"PatientName": "Synthetic^Assay^von", "AccessionNumber": "aBc"},
    "name of one component": {"PatientName": "SYNTHETIC"},
    "longest number": {"PatientID": "SYN" + "7" * 61},
    _KNOWN: {"PatientName": "SYNTHETIC^OTHER", "PatientBirthDate": "19700101"},
}


@scenario(
    id="INT-006",
    verifies=["HOUSE/COERCION-TOLD", "PS3.4/B.2.3"],
    threats=["T-INTEG-01", "T-INTEG-08"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-902",
    control="coerces_silently",
    oracles=[coerces_openly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"identity": name} for name in _IDENTITIES],
)
def tells_what_it_coerces(stage: Stage) -> None:
    """A device that changes the identity of an object says so.

    Archives coerce: they take over the name that they know, in the case that they like. That is
    permitted, but the sender believes that the object stands as it was sent, and whoever has both
    copies cannot tell which is whose. A good device warns (B000H), or writes what the object was
    into Original Attributes Sequence. Padding is no change, nor is an empty value filled in.

    Remedy: Answer B000H for a coerced object, and keep its original attributes in it.
    """
    changes = dict(_IDENTITIES[str(stage.case["identity"])])
    if stage.case["identity"] == _KNOWN:
        store_honestly(stage)
        changes |= {"StudyInstanceUID": uid(stage, 4), "SeriesInstanceUID": uid(stage, 5)}
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        syntax = peer.contexts[STORAGE.id]
        thing = synthetic_object(stage, 2, transfer_syntax=syntax, **changes)
        peer.store(thing, stimulus=True)
        peer.release()
    found = retrieve(stage, thing.study, syntaxes=(syntax,), actor="polite")
    compare_identity(stage, thing, only(found, thing))
